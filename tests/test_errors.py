"""Every failure over HTTP has one shape, by negotiation, and says what to do."""

from __future__ import annotations

import asyncio
import html
import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import cast
from urllib.parse import urlencode

import pytest
from flask.testing import FlaskClient

from fronts import StubEngine
from service import SLOW, Service, make_release, serving
from surplace.catalogue import Catalogue
from surplace.engine.blocking import Blocking
from surplace.engine.protocol import Engine
from surplace.engine.query_errors import BusyError, EndpointError, EngineError, OveruseError, UnavailableError
from surplace.http.problems import KINDS
from surplace.routes.app import create_app

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
UTF_16 = {"Content-Type": "application/sparql-query; charset=utf-16"}
LATIN = {"Content-Type": "application/x-www-form-urlencoded; charset=latin1"}
JSON_UTF_16 = {"Content-Type": "application/json; charset=utf-16"}
PAGE = {"Accept": "text/html"}
QUERY = {"Content-Type": "application/sparql-query"}
ASKED = "/queries/which-un-body-asked-which-state-for-what"
WIDE_GRAPH = (
    "CONSTRUCT { ?a ?b ?x } { ?a ?b ?c . ?d ?e ?f "
    "BIND(CONCAT(STR(?a), STR(?d), STR(?a), STR(?d), STR(?a), STR(?e), STR(?f)) AS ?y) "
    "BIND(CONCAT(?y, ?y, ?y) AS ?x) }"
)
LIMITS = {
    "SURPLACE_DEADLINE": "10",
    "SURPLACE_ANSWER_BYTES": "3000000",
    "SURPLACE_PAGE_BYTES": "100000",
    "SURPLACE_QUERY_LENGTH": "10000",
    "SURPLACE_QUERY_NESTING": "5000",
    "SURPLACE_CLIENT_ERRORS": "1000",
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    release = make_release(tmp_path_factory.mktemp("release"))
    with serving("--release", str(release), environment=LIMITS) as running:
        yield running


def get(path: str, **params: str | list[str]) -> tuple[str, str, bytes | None, dict[str, str]]:
    return "GET", path + ("?" + urlencode(params, doseq=True) if params else ""), None, {}


def post(
    body: bytes, headers: dict[str, str], path: str = "/sparql"
) -> tuple[str, str, bytes, dict[str, str]]:
    return "POST", path, body, headers


CASES = {
    "no such page": (get("/nothing"), 404, "not-found", "There is nothing at this address"),
    "no such name": (get("/id/state/XXX"), 404, "not-found", "Surplace has no name"),
    "no such query": (get("/queries/who-claims"), 404, "not-found", "did you mean who-claims-what?"),
    **{
        f"a name of {size} characters, {path}": (get(path + "a" * size), 404, "not-found", said)
        for size in (3000, 16_000, 100_000)
        for path, said in {
            "/id/": "Surplace has no name https://w3id.org/surplace/id/aaa",
            "/source/": "Surplace has no name https://w3id.org/surplace/source/aaa",
            "/explain?iri=http://x/": "Nothing is said of http://x/aaa",
            "/explain?p=id:p&o=id:o&s=http://x/": "No graph holds http://x/aaa",
        }.items()
    },
    "a name that is no IRI": (get("/id/%3C%22%3E"), 404, "not-found", "Surplace has no name"),
    "no such part": (
        ("GET", "/dumps/surplace.nq.gz", None, {"Range": "bytes=99999999-"}),
        416,
        "range",
        "the range is not among them",
    ),
    "wrong method": (("DELETE", "/sparql", None, {}), 405, "method", "see the header Allow"),
    "unknown method": (("FROB", "/sparql", None, {}), 501, "not-implemented", "No address here takes"),
    "no query": (get("/sparql", format="csv"), 400, "parameter", "The request has no query"),
    "two queries": (get("/sparql", query=["ASK {}", "ASK {}"]), 400, "parameter", "has 2 queries"),
    "near miss of a parameter of a query": (
        get(f"{ASKED}.csv", stat="RUR"),
        400,
        "parameter",
        '"stat" is no parameter here: did you mean state? '
        "It takes state, body, release, embed, labels, limit, offset, timeout.",
    ),
    "wrong value of a parameter": (
        get("/id/state/RUR", page="x"),
        400,
        "parameter",
        '"page" is "x": give a whole number from 1 to 999999.',
    ),
    "two formats": (
        get("/id/state/RUR", format=["ttl", "nt"]),
        400,
        "parameter",
        '"format" is "nt", and another format is named besides: name one.',
    ),
    "another version": (
        ("GET", "/id/state/RUR", None, {"If-Match": '"x"'}),
        412,
        "precondition",
        "The answer has none of the tags that If-Match names: ask again without it.",
    ),
    "too long an address": (
        get("/sparql", query="#" * 140_000),
        414,
        "address-too-long",
        "has more than 131072 bytes: send the query with POST.",
    ),
    "too large a head": (
        ("GET", "/", None, {"X-Long": "x" * 140_000}),
        431,
        "head-too-large",
        "The headers have more than 131072 bytes: send fewer or shorter ones.",
    ),
    "unknown key": (
        get(f"{ASKED}.csv", state="RUX"),
        400,
        "parameter",
        '"RUX" is not a value for "state": allowed are Graustark (GRA), Ruritania (RUR) and <script>',
    ),
    "unknown format": (
        get("/sparql", query="ASK {}", format="doc"),
        400,
        "format",
        '"doc" is not a format here',
    ),
    "unknown format of a query": (
        get(ASKED, format="excel"),
        400,
        "format",
        "use one of html, json, xml, csv, tsv",
    ),
    "unknown format of a name": (get("/id/state/RUR", format="csv"), 400, "format", "use one of html, ttl"),
    "graph that is no IRI": (
        get("/sparql", **{"query": "ASK {}", "default-graph-uri": "a b"}),
        400,
        "parameter",
        '"a b" is not the IRI of a graph',
    ),
    "format that cannot carry it": (
        get("/sparql", query="DESCRIBE <urn:a>", format="csv"),
        406,
        "not-acceptable",
        "This query returns a graph, which comes as ttl, nt, rdf, jsonld",
    ),
    "nothing acceptable": (
        ("GET", "/sparql?query=ASK+%7B%7D", None, {"Accept": "image/png"}),
        406,
        "not-acceptable",
        "ask for one of application/sparql-results+json",
    ),
    "nothing acceptable of a name": (
        ("GET", "/id/state/RUR", None, {"Accept": "image/png"}),
        406,
        "not-acceptable",
        "ask for one of text/turtle",
    ),
    "syntax": (
        get("/sparql", query="SELECT * {\n ?s ?p foo:x }"),
        400,
        "syntax",
        "Line 2, column 8: the prefix of",
    ),
    "service": (
        get("/sparql", query="ASK { SERVICE <http://127.0.0.1/> {} }"),
        400,
        "refused",
        "SERVICE is not",
    ),
    "update by get": (get("/sparql", update="CLEAR ALL"), 400, "update", "This service is read-only"),
    "update by form": (post(b"update=CLEAR+ALL", FORM), 400, "update", "This service is read-only"),
    "update by type": (
        post(b"CLEAR ALL", {"Content-Type": "application/sparql-update"}),
        400,
        "update",
        "This service is read-only",
    ),
    "update as query": (get("/sparql", query="CLEAR ALL"), 400, "refused", "refuses updates"),
    "no content type": (post(b"ASK {}", {}), 415, "media-type", "is not read from"),
    "wrong content type": (
        post(b"ASK {}", {"Content-Type": "text/plain"}),
        415,
        "media-type",
        '"text/plain"',
    ),
    "not UTF-8": (post(b"ASK { ?s ?p '\xff' }", QUERY), 400, "bad-request", "is not UTF-8"),
    "not UTF-8 in the address": (
        ("GET", "/sparql?query=ASK%FF", None, {}),
        400,
        "bad-request",
        "What came as query is not UTF-8",
    ),
    "not UTF-8 in a form": (post(b"query=ASK+%7B+?s+?p+'%FF'+%7D", FORM), 400, "bad-request", "is not UTF-8"),
    "another charset": (post("ASK {}".encode("utf-16"), UTF_16), 400, "bad-request", 'charset "utf-16"'),
    "another charset declared": (
        post(b"query=ASK{}", LATIN),
        400,
        "bad-request",
        'charset "latin1", and only UTF-8',
    ),
    "another charset of JSON": (
        ("POST", "/person", b"{}", JSON_UTF_16),
        400,
        "bad-request",
        'charset "utf-16"',
    ),
    "UTF-16 as JSON": (
        ("POST", "/person", "{}".encode("utf-16"), {"Content-Type": "application/json"}),
        400,
        "bad-request",
        "is not UTF-8",
    ),
    "too long a query": (post(b"#" * 10_001, QUERY), 413, "too-large", "The query has 10001 characters"),
    "too large a body": (post(b"#" * 200_000, QUERY), 413, "too-large", "has more than 120000 bytes"),
    "too large an answer": (get("/sparql", query=WIDE_GRAPH), 413, "too-large", "larger than 2.86 MiB"),
    "too complex": (get("/sparql", query="ASK " + "{" * 4000 + "}" * 4000), 503, "too-complex", "was lost"),
    "deadline": (
        get("/sparql", query=SLOW, timeout="1"),
        504,
        "deadline",
        "The query took longer than 1 second:",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_failure_is_a_problem_document(service: Service, name: str) -> None:
    (method, target, body, headers), status, code, detail = CASES[name]
    response = service.request(method, target, body, headers)
    assert response.headers["Content-Type"] == "application/problem+json"
    document = json.loads(response.body)
    assert (response.status, document["status"], document["type"]) == (status, status, f"/problems#{code}")
    assert document["title"] == KINDS[code].title
    assert detail in document["detail"]
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_a_problem_has_members_for_programs(service: Service) -> None:
    syntax = json.loads(service.get("/sparql", query="SELECT * {\n ?s ?p foo:x }").body)
    assert (syntax["line"], syntax["column"], syntax["near"]) == (2, 8, "foo:x")
    parameter = json.loads(service.get(f"{ASKED}.csv", state="RUX").body)
    assert (parameter["parameter"], parameter["allowed"]) == ("state", ["GRA", "HOS", "RUR"])
    offered = json.loads(service.get("/id/state/RUR", "image/png").body)["offered"]
    assert offered == [
        "text/turtle",
        "application/n-triples",
        "application/rdf+xml",
        "application/ld+json",
        "application/trig",
        "application/n-quads",
        "text/html",
    ]
    method = service.request("DELETE", "/sparql")
    assert set(method.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST", "QUERY"}


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("application/json", "application/problem+json"),
        ("text/turtle", "application/problem+json"),
        ("text/plain", "text/plain; charset=utf-8"),
        ("text/html", "text/html; charset=utf-8"),
    ],
)
def test_a_problem_comes_in_the_form_that_the_client_likes(
    service: Service, accept: str, media_type: str
) -> None:
    response = service.get("/nothing", accept)
    assert (response.status, response.headers["Content-Type"]) == (404, media_type)
    assert "There is nothing at this address" in response.text


def test_a_large_answer_is_no_page_but_can_be_downloaded(service: Service) -> None:
    query = "SELECT ?a ?b ?c ?d { ?a ?b ?c . ?d ?e ?f }"
    page = service.get("/sparql", "text/html", query=query)
    assert page.status == 413
    assert "The answer is too large for a page: download it, or add a LIMIT." in page.text
    assert service.get("/sparql", "text/csv", query=query).status == 200


def test_what_was_asked_is_escaped_on_the_page_of_a_problem(service: Service) -> None:
    for target in ("/id/<script>x", "/sparql?query=<script>x", f"{ASKED}?state=<script>x", "/<script>x"):
        response = service.request(
            "GET", target.replace("<", "%3C").replace(">", "%3E"), headers={"Accept": "text/html"}
        )
        assert response.status in (400, 404)
        assert "<script>x" not in response.text


def test_every_kind_of_problem_is_listed_on_its_page(service: Service) -> None:
    page = service.get("/problems", "text/html").text
    assert all(f'<tr id="{code}">' in page for code in KINDS)


@pytest.mark.parametrize(
    ("asked", "again"),
    [
        ("/states?state=RUR&on=yesterday", "/states?state=RUR"),
        (
            "/claims?claim=a&claim=b&claim=c&claim=d&claim=e",
            "/claims?claim=a&amp;claim=b&amp;claim=c&amp;claim=d",
        ),
        ("/nothing?on=1", ""),
    ],
)
def test_a_page_that_refuses_a_value_leads_to_what_is_asked_without_it(
    service: Service, asked: str, again: str
) -> None:
    found = service.get(asked, "text/html").text
    assert re.findall('<a href="([^"]*)">Ask again without', found) == ([again] if again else [])


@pytest.mark.parametrize(
    ("asked", "typed"),
    [
        ("/states?state=RUR&state=nowhere&on=2010-09-13", ["state=RUR", "state=nowhere!", "on=2010-09-13"]),
        ("/states?state=RUR&on=13/45/2010", ["state=RUR", "on=13/45/2010!"]),
        ("/states?state=RUR&day=2010-9-13", ["state=RUR", "on=2010-9-13"]),
        ("/claims?claim=envoy&claim=nobody", ["claim=envoy", "claim=nobody!"]),
        ("/explain?iri=id/state/RUR&depth=999", ["iri=id/state/RUR", "s=", "p=", "o=", "depth=999!"]),
        ("/explain?iri=id/state/NIX", ["iri=id/state/NIX", "s=", "p=", "o="]),
        ("/search?q=%3Cb%3E&kind=nonsense", ["q=<b>", "kind=nonsense!"]),
        ("/ontology?page=x", ["page=x!"]),
        ("/id/state/NIX?on=2010-09-13", []),
        ("/nothing?on=1", []),
    ],
)
def test_a_page_that_refuses_a_value_keeps_what_was_typed(
    service: Service, asked: str, typed: list[str]
) -> None:
    page = service.get(asked, "text/html").text.partition("<main")[2].partition("</main>")[0]
    fields = re.findall(r'<input id="[^"]*" name="([^"]*)" value="([^"]*)"([^>]*)>', page)
    assert [
        f"{name}={html.unescape(value)}{'!' if 'aria-invalid' in more else ''}"
        for name, value, more in fields
    ] == typed
    path = asked.partition("?")[0]
    assert (f'<form class="ask" method="get" action="{path}">' in page) == bool(typed)


@pytest.mark.parametrize(
    ("asked", "detail"),
    [
        ("/States", "ask for /states."),
        ("/QUERIES", "ask for /queries/."),
        ("/search.json?q=x", "ask for /search, with format=json."),
        ("/states.json", "ask for /states."),
        ("/states.html", "ask for /states, with format=html."),
        ("/nothing.json", "look at /queries/ for the questions, or start at /."),
        ("/queries/Who-Claims-What", "did you mean who-claims-what"),
        ("/states?state=ruritanian", "did you mean Ruritania (RUR)?"),
        ("/claims?claim=envoi", "did you mean envoy?"),
        ("/explain?iri=state:rur", "did you mean state:RUR?"),
    ],
)
def test_an_address_that_is_nearly_right_leads_to_the_right_one(
    service: Service, asked: str, detail: str
) -> None:
    found = service.get(asked).json()
    assert isinstance(found, dict)
    assert detail in found["detail"]


@pytest.mark.parametrize("asked", ["/states?state=&state=RUR&on=", "/claims?claim=&claim=envoy"])
def test_a_field_that_is_left_empty_asks_for_nothing(service: Service, asked: str) -> None:
    assert service.get(asked, "text/html").status == 200


def test_a_query_of_several_lines_is_kept_as_it_was_typed(service: Service) -> None:
    query = 'SELECT *\n{ ?a ?b "<c>" }'
    page = service.get("/sparql", "text/html", query=query, format="sheet").text
    kept = re.search(r'<textarea id="query-1" name="query" rows="8">(.*?)</textarea>', page, re.DOTALL)
    assert kept is not None
    assert html.unescape(kept[1]) == query


@contextmanager
def application(error: Exception) -> Iterator[FlaskClient]:
    """Serve an engine that raises that, whatever it is asked."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        engine = Blocking(cast("Engine", StubEngine(error)), loop)
        yield create_app(engine, Catalogue({})).test_client()
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


def test_a_fault_of_the_service_shows_nothing_of_its_inside(caplog: pytest.LogCaptureFixture) -> None:
    for error in (RuntimeError("secret /etc/passwd"), EngineError("secret"), KeyError("secret")):
        for accept, media_type in (("*/*", "application/problem+json"), ("text/html", "text/html")):
            with application(error) as client:
                response = client.get("/sparql?query=ASK+%7B%7D", headers={"Accept": accept})
            assert (response.status_code, response.mimetype) == (500, media_type)
            assert "secret" not in response.text
            assert response.headers["Cache-Control"] == "no-store"
    assert "secret" in caplog.text


@pytest.mark.parametrize(
    ("error", "status", "code", "seconds"),
    [
        (BusyError("The service is busy.", 5), 503, "busy", 5),
        (OveruseError("It is enough.", 7), 429, "overuse", 7),
        (UnavailableError("The service is stopping."), 503, "unavailable", None),
        (EndpointError("The endpoint is away."), 502, "endpoint", None),
    ],
)
def test_what_is_no_fault_of_the_query_is_told_apart(
    error: EngineError, status: int, code: str, seconds: int | None
) -> None:
    with application(error) as client:
        response = client.get("/sparql?query=ASK+%7B%7D")
    document = response.get_json()
    assert (response.status_code, document["type"], document["detail"]) == (
        status,
        f"/problems#{code}",
        str(error),
    )
    assert response.headers.get("Retry-After") == (None if seconds is None else str(seconds))
    assert document.get("retry_after") == seconds


def test_the_first_page_stays_up_without_queries_and_without_an_engine() -> None:
    with application(UnavailableError("away")) as client:
        assert client.get("/", headers={"Accept": "text/html"}).status_code == 200


def test_each_kind_of_problem_is_tested() -> None:
    # test_names.py has those that are gone, test_former_releases.py the releases that are, and
    # test_limits_of_connections.py those that came too slowly, or in another version of HTTP
    elsewhere = {"internal", "busy", "unavailable", "endpoint", "overuse", "timeout", "gone", "release-gone"}
    elsewhere |= {"http-version"}
    tested = {case[2] for case in CASES.values()} | elsewhere
    assert tested == set(KINDS)
