"""Validators, freshness, and answers that are sent again: never of another release, format or host."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import DictLoader, Environment

from engines import blocking
from service import Response, Service, eventually, make_release, serving
from surplace.catalogue import Catalogue, load_query
from surplace.catalogue.reading import read_query
from surplace.engine.knowledge import Knowledge
from surplace.engine.limits import Limits
from surplace.http.cache import OVERHEAD, Cache
from surplace.http.compression import LEAST
from surplace.http.conditional import has
from surplace.http.dispatch import Dispatcher
from surplace.http.message import HttpRequest, HttpResponse, PublicAddress
from surplace.namespaces import BASE
from surplace.resources import queries_dir
from surplace.routes.app import create_app
from surplace.web.compiled import CompiledTemplates

NAMES = "SELECT ?name { ?s a <https://w3id.org/surplace/ontology/State> ; ?p ?name FILTER(ISLITERAL(?name)) }"
PATH = f"/sparql?query={quote(NAMES)}"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    release = make_release(tmp_path_factory.mktemp("release"))
    with serving("--release", str(release), environment={"SURPLACE_MAX_AGE": "77"}) as running:
        yield running


def lookups(service: Service) -> tuple[int, int]:
    """Return hits and misses as /metrics has them."""
    lines = service.get("/metrics").text.splitlines()
    values = {line.split()[0]: float(line.split()[1]) for line in lines if not line.startswith("#")}
    name = 'surplace_cache_lookups_total{result="%s"}'
    return int(values[name % "hit"]), int(values[name % "miss"])


@pytest.mark.parametrize("path", ["/states", "/matrix", "/queries/", "/id/state/RUR", "/search?q=ruritania"])
def test_what_is_ignored_for_one_client_is_shown_to_no_other(service: Service, path: str) -> None:
    more = f"{path}{'&' if '?' in path else '?'}utm_source=somebody"
    first, second = (service.request("GET", asked, headers={"Accept": "text/html"}) for asked in (more, path))
    assert (first.status, "somebody" in first.text, first.body == second.body) == (200, False, True)
    assert first.headers["ETag"] == second.headers["ETag"]


@pytest.mark.parametrize("path", [f"{PATH}&format=csv", "/id/state/RUR", "/id/state/RUR.ttl", "/queries/"])
def test_the_same_answer_comes_from_the_cache_with_the_same_headers(service: Service, path: str) -> None:
    first = service.get(path)
    hits, misses = lookups(service)
    second = service.get(path)
    assert lookups(service) == (hits + 1, misses)
    assert second.body == first.body
    kept, fresh = ({k.lower(): v for k, v in item.headers.items()} for item in (second, first))
    assert {**kept, "date": ""} == {**fresh, "date": ""}
    assert fresh["cache-control"] == "public, max-age=77"
    assert fresh["etag"].startswith('"')
    assert fresh["vary"] == "Accept, Accept-Encoding"


@pytest.mark.parametrize("settings", [{}, {"SURPLACE_CACHE_BYTES": "0"}], ids=["kept", "not kept"])
def test_what_a_client_has_is_told_so_whether_it_is_kept_or_not(
    settings: dict[str, str], tmp_path: Path
) -> None:
    with serving("--release", str(make_release(tmp_path)), environment=settings) as service:
        asked = "/queries/how-many-facts-per-source.csv?limit=2"
        for path, coding in (
            ("/id/state/RUR", ""),
            ("/queries/", "gzip"),
            (f"{PATH}&format=csv", ""),
            (asked, ""),
        ):
            first = service.request("GET", path, headers={"Accept-Encoding": coding})
            assert (first.headers["Content-Encoding"] or "") == coding
            known = {"If-None-Match": first.headers["ETag"], "Accept-Encoding": coding}
            before = lookups(service)
            response = service.request("GET", path, headers=known)
            assert (response.status, response.body) == (304, b"")
            assert lookups(service) == before, "nothing is looked for: the tag says enough"
            assert response.headers["Content-Length"] is None
            ours, theirs = (dict(item.headers.items()) for item in (response, first))
            same = ("ETag", "Vary", "Cache-Control", "Content-Location", "Surplace-Release")
            assert [ours.get(name) for name in same] == [theirs.get(name) for name in same]


@pytest.mark.parametrize("path", [f"{PATH}&format=tsv", "/id/state/GRA", "/id/state/GRA.nt"])
def test_what_a_client_has_is_not_sent_again(service: Service, path: str) -> None:
    tag = service.get(path).headers["ETag"]
    response = service.request("GET", path, headers={"If-None-Match": f'"other", {tag}'})
    assert (response.status, response.body) == (304, b"")
    assert response.headers["ETag"] == tag
    assert response.headers["Cache-Control"] == "public, max-age=77"
    assert service.request("GET", path, headers={"If-None-Match": '"other"'}).status == 200


def test_head_is_get_without_a_body(service: Service) -> None:
    for path in (f"{PATH}&format=xml", f"{PATH}&format=xml", "/id/state/RUR"):
        head, got = service.request("HEAD", path), service.get(path)
        assert (head.status, head.body) == (200, b"")
        for name in ("ETag", "Content-Type", "Content-Length", "Surplace-Release"):
            assert head.headers[name] == got.headers[name], name


def test_each_format_has_its_tag_and_its_answer(service: Service) -> None:
    asked = {accept: service.get(PATH, accept) for accept in ("text/csv", "application/json", "text/html")}
    again = {accept: service.get(PATH, accept) for accept in asked}
    assert len({item.headers["ETag"] for item in asked.values()}) == 3
    for accept, response in asked.items():
        assert again[accept].body == response.body
        assert response.headers["Content-Type"].startswith(accept)


def test_a_page_that_names_its_host_is_kept_for_that_host(service: Service) -> None:
    path = "/queries/how-many-facts-per-source"
    for host in ("one.example", "two.example", "one.example", "two.example"):
        text = service.request("GET", path, headers={"Host": host, "Accept": "text/html"}).text
        assert f"http://{host}/queries/" in text
        assert "http://one.example" not in text or host == "one.example"


@pytest.mark.parametrize("path", ["/nothing", "/sparql?query=ASK+%7B", "/queries/no-such-question.csv"])
def test_an_error_is_never_kept(service: Service, path: str) -> None:
    before = lookups(service)[0]
    for _ in range(2):
        response = service.get(path)
        assert response.status >= 400
        assert response.headers["Cache-Control"] == "no-store"
        assert "ETag" not in response.headers
    assert lookups(service)[0] == before


def test_what_is_said_of_a_person_is_kept_nowhere(service: Service) -> None:
    before = lookups(service)[0]
    for _ in range(2):
        assert service.get("/person", "text/html").headers["Cache-Control"] == "no-store"
    assert lookups(service)[0] == before


def test_a_posted_query_is_not_kept(service: Service) -> None:
    before = lookups(service)
    headers = {"Content-Type": "application/sparql-query"}
    for _ in range(2):
        assert service.request("POST", "/sparql?format=csv", NAMES.encode(), headers).status == 200
    assert lookups(service) == before


def test_the_next_release_has_answers_and_tags_of_its_own(tmp_path: Path) -> None:
    out = make_release(tmp_path)
    path = "/id/state/RUR.nt"
    with serving("--release", str(out), environment={"SURPLACE_RELEASE_CHECK": "0.1"}) as service:
        old = service.get(path)
        assert service.get(path).body == old.body
        make_release(
            out,
            f"GRAPH <{BASE}source/report/p2/s3> {{ state:RUR skos:altLabel 'Newland'@en . }}",
        )
        assert eventually(lambda: "Newland" in service.get(path).text)
        new = service.get(path)
        assert new.headers["Surplace-Release"] != old.headers["Surplace-Release"]
        assert new.headers["ETag"] != old.headers["ETag"]
        stale = service.request("GET", path, headers={"If-None-Match": old.headers["ETag"]})
        assert (stale.status, stale.body) == (200, new.body)


VARYING = {
    "NOW": "SELECT (STR(NOW()) AS ?x) {}",
    "RAND": "SELECT (RAND() AS ?x) {}",
    "UUID": "SELECT (UUID() AS ?x) {}",
    "STRUUID": "SELECT (STRUUID() AS ?x) {}",
    "small letters": "SELECT (rand() AS ?x) {}",
    "BNODE": "CONSTRUCT { ?x <urn:p> 1 } { BIND(BNODE() AS ?x) }",
    "new blank nodes": "CONSTRUCT { [] <urn:p> ?s } { ?s a <https://w3id.org/surplace/ontology/State> }",
}


@pytest.mark.parametrize("name", VARYING)
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_an_answer_that_differs_each_time_is_kept_nowhere(service: Service, name: str, method: str) -> None:
    def ask(**headers: str) -> Response:
        form = "nt" if "CONSTRUCT" in VARYING[name] else "csv"
        if method == "GET":
            target = f"/sparql?query={quote(VARYING[name])}&format={form}"
            return service.request("GET", target, headers=headers)
        headers["Content-Type"] = "application/sparql-query"
        return service.request("POST", f"/sparql?format={form}", VARYING[name].encode(), headers)

    before = lookups(service)
    first, second = ask(), ask(**{"If-None-Match": "*"})
    assert (first.status, second.status) == (200, 200)
    assert first.body != second.body
    for response in (first, second):
        assert response.headers["ETag"] is None
        assert response.headers["Cache-Control"] == "no-store"
    if method == "GET":
        assert ask(**{"If-Match": '"x"'}).status == 412, "it has no tag, and none is the one that is named"
    assert lookups(service) == before


def test_words_that_only_look_so_do_not_keep_an_answer_from_being_kept(service: Service) -> None:
    query = "SELECT ?rand { VALUES ?rand { 'NOW()' <urn:UUID> } } # BNODE()"
    assert service.get("/sparql", query=query, format="csv").headers["ETag"]


def test_a_cut_answer_is_kept_nowhere(tmp_path: Path) -> None:
    settings = {"SURPLACE_ANSWER_ROWS": "2", "SURPLACE_PAGE_ROWS": "10"}
    with serving("--release", str(make_release(tmp_path)), environment=settings) as service:
        for accept in ("text/csv", "text/html"):
            for _ in range(2):
                response = service.get(PATH, accept)
                assert response.status == 200
                assert response.headers["ETag"] is None
                assert response.headers["Cache-Control"] == "no-store"
        assert lookups(service)[0] == 0


def test_a_page_with_an_error_inside_is_kept_nowhere(service: Service) -> None:
    before = lookups(service)[0]
    for path in (
        "/sparql?query=ASK+%7B",
        "/queries/which-un-body-asked-which-state-for-what?state=RUX",
        "/what-if?kind=accede&on=soon",
    ):
        for _ in range(2):
            response = service.get(path, "text/html")
            assert response.status == 400
            assert response.headers["ETag"] is None
            assert response.headers["Cache-Control"] == "no-store"
    assert lookups(service)[0] == before


def test_any_tag_is_no_excuse_for_a_query_that_is_none(service: Service) -> None:
    headers = {"If-None-Match": "*"}
    assert service.request("GET", "/sparql?query=ASK+%7B", headers=headers).status == 400
    assert service.request("GET", "/id/state/XXX", headers=headers).status == 404
    assert service.request("GET", "/id/state/RUR", headers=headers).status == 304
    assert service.request("GET", f"{PATH}&format=nonsense", headers=headers).status == 400


def test_another_version_than_if_match_names_is_refused(service: Service) -> None:
    tag = service.get("/id/state/RUR.ttl").headers["ETag"]
    for named, status in ((tag, 200), (f'"x", {tag}', 200), ("*", 200), ('"x"', 412), (f"W/{tag}", 412)):
        for _ in range(2):
            response = service.request("GET", "/id/state/RUR.ttl", headers={"If-Match": named})
            assert response.status == status


def test_each_encoding_has_a_tag_of_its_own(service: Service) -> None:
    path = "/queries/"
    for _ in range(2):
        plain = service.get(path)
        packed = service.request("GET", path, headers={"Accept-Encoding": "GZIP, br"})
        assert (plain.headers["Content-Encoding"], packed.headers["Content-Encoding"]) == (None, "gzip")
        assert gzip.decompress(packed.body) == plain.body
        assert packed.headers["ETag"] == plain.headers["ETag"][:-1] + '-gzip"'
        assert packed.headers["Vary"] == "Accept, Accept-Encoding"
    for tag, more, status in (
        (plain, {}, 304),
        (packed, {}, 200),
        (packed, {"Accept-Encoding": "gzip"}, 304),
    ):
        headers = {"If-None-Match": tag.headers["ETag"], **more}
        assert service.request("GET", path, headers=headers).status == status


@pytest.mark.parametrize("given", ["gzip;q=0", "identity", "br", "x-gzip;q=0", "gzip;q=0.5, identity"])
def test_who_takes_no_gzip_gets_none(service: Service, given: str) -> None:
    response = service.request("GET", "/queries/", headers={"Accept-Encoding": given})
    assert response.headers["Content-Encoding"] is None
    assert response.body == service.get("/queries/").body


@pytest.mark.parametrize("path", ["/", "/id/state/GRA.rdf", "/queries/how-many-facts-per-source.json"])
def test_what_is_not_known_makes_no_other_entry_and_is_named_each_time(service: Service, path: str) -> None:
    plain = service.get(path)
    entries = figure(service, "surplace_cache_answers")
    for number in range(3):
        hits, misses = lookups(service)
        found = service.get(f"{path}?n{number}=1&x")
        assert (found.status, found.body, found.headers["ETag"]) == (200, plain.body, plain.headers["ETag"])
        assert found.headers["Surplace-Ignored"] == f"n{number}, x"
        assert lookups(service) == (hits + 1, misses)
    assert figure(service, "surplace_cache_answers") == entries
    assert service.get(path).headers["Surplace-Ignored"] is None


def test_what_has_no_effect_on_an_answer_makes_no_other_entry(service: Service) -> None:
    tags = {
        service.get(f"{PATH}&format=xml{more}").headers["ETag"] for more in ("", "&timeout=5", "&timeout=x")
    }
    assert len(tags) == 1


ASKED = "/queries/which-un-body-asked-which-state-for-what"


@pytest.mark.parametrize(
    ("form", "plain", "others"),
    [
        (
            "csv",
            "state=RUR&limit=1",
            [
                "state=rur&limit=1",
                "state=Ruritania&limit=01",
                "limit=1&state=RUR%20&offset=0&labels=true",
                "state=https://w3id.org/surplace/id/state/RUR&state=state:RUR&limit=1",
            ],
        ),
        ("xlsx", "state=RUR", ["state=ruritania"]),
        ("csv", "", ["labels=true", "offset=00"]),
    ],
)
def test_what_means_the_same_is_one_answer_with_one_tag(
    service: Service, form: str, plain: str, others: list[str]
) -> None:
    first = service.get(f"{ASKED}.{form}?{plain}")
    assert first.status == 200
    entries = figure(service, "surplace_cache_answers")
    for suffix in (form, form.upper(), form.title()):
        for other in (plain, *others):
            hits, misses = lookups(service)
            found = service.get(f"{ASKED}.{suffix}?{other}")
            assert (found.status, found.body) == (200, first.body)
            for name in ("ETag", "Content-Location", "Link"):
                assert found.headers.get_all(name) == first.headers.get_all(name), (suffix, other)
            assert lookups(service) == (hits + 1, misses), (suffix, other)
            known = {"If-None-Match": first.headers["ETag"]}
            assert service.request("GET", f"{ASKED}.{suffix}?{other}", headers=known).status == 304
    assert figure(service, "surplace_cache_answers") == entries


def test_what_means_something_else_has_another_tag(service: Service) -> None:
    given = (
        "",
        "state=RUR",
        "state=GRA",
        "state=RUR&state=GRA",
        "limit=1",
        "limit=2",
        "offset=1",
        "labels=false",
    )
    asked = [service.get(f"{ASKED}.{form}?{values}") for values in given for form in ("csv", "json", "tsv")]
    assert {found.status for found in asked} == {200}
    assert len({found.headers["ETag"] for found in asked}) == len(asked)
    assert service.get(f"{ASKED}.csv?state=nowhere").status == 400


def test_a_page_shows_what_was_typed(service: Service) -> None:
    pages = [service.get(f"{ASKED}?state={typed}", "text/html") for typed in ("RUR", "rur")]
    assert len({page.headers["ETag"] for page in pages}) == len({page.body for page in pages})


@pytest.mark.parametrize(
    ("given", "ignored"),
    [("timeout=x", True), ("timeout=0", True), ("timeout=nan", True), ("timeout=5", False)],
)
def test_a_value_that_is_ignored_is_named_each_time(service: Service, given: str, ignored: bool) -> None:
    for _ in range(2):
        found = service.get(f"/queries/how-many-facts-per-source.xml?{given}")
        assert found.status == 200
        assert found.headers["Surplace-Ignored"] == ("timeout" if ignored else None)


def figure(service: Service, name: str) -> float:
    """Return a number that /metrics has."""
    lines = service.get("/metrics").text.splitlines()
    return next(float(line.split()[1]) for line in lines if line.split()[0] == name)


@pytest.mark.parametrize("proxies", [0, 1])
def test_what_a_proxy_says_of_the_address_counts_only_behind_one(proxies: int, tmp_path: Path) -> None:
    forwarded = {
        "Host": "inner.example",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "outer.example",
        "X-Forwarded-Prefix": "/kg",
        "Accept": "text/html",
    }
    path = "/queries/how-many-facts-per-source"
    settings = {"SURPLACE_PROXIES": str(proxies)}
    with serving("--release", str(make_release(tmp_path)), environment=settings) as service:
        for _ in range(2):
            text = service.request("GET", path, headers=forwarded).text
            assert (f"https://outer.example/kg{path}" in text) == bool(proxies)
            assert (f"http://inner.example{path}" in text) == (not proxies)
            assert ('href="/kg/queries/"' in text) == bool(proxies)
        plain = service.request("GET", path, headers={"Host": "inner.example", "Accept": "text/html"})
        assert "outer.example" not in plain.text
        assert "/kg/" not in plain.text


@pytest.mark.parametrize("cache_bytes", ["0", "1000000"])
def test_a_part_of_a_finished_answer_can_be_had(cache_bytes: str, tmp_path: Path) -> None:
    settings = {"SURPLACE_CACHE_BYTES": cache_bytes}
    with serving("--release", str(make_release(tmp_path)), environment=settings) as service:
        for path in (f"{PATH}&format=json", "/id/state/RUR.ttl"):
            parts_of(service, path)


def parts_of(service: Service, path: str) -> None:
    """Ask for parts of an answer."""
    whole = service.request("GET", path, headers={"Range": "lines=0-1"})
    tag, size = whole.headers["ETag"], len(whole.body)
    assert (whole.status, whole.headers["Accept-Ranges"]) == (200, "bytes")

    def part(wanted: str, method: str = "GET", **more: str) -> Response:
        headers = {"Range": wanted, "Accept-Encoding": "gzip"}
        return service.request(
            method, path, headers={**headers, **{k.replace("_", "-"): v for k, v in more.items()}}
        )

    for wanted, start, stop in (("bytes=2-5", 2, 6), ("bytes=-3", size - 3, size), ("bytes=4-", 4, size)):
        found = part(wanted)
        assert (found.status, found.body) == (206, whole.body[start:stop])
        assert found.headers["Content-Range"] == f"bytes {start}-{stop - 1}/{size}"
        assert found.headers["Content-Length"] == str(stop - start)
        assert found.headers["ETag"] == tag
    assert part("bytes=0-1", If_Range=tag).status == 206
    for more in ({"If_Range": '"other"'}, {"If_Range": f"W/{tag}"}):
        assert (part("bytes=0-1", **more).status, part("bytes=0-1", **more).body) == (200, whole.body)
    outside = part(f"bytes={size}-")
    assert outside.status == 416
    assert outside.headers["Content-Range"] == f"bytes */{size}"
    assert part("bytes=0-1", If_None_Match=tag).status == 304
    head = part("bytes=0-1", "HEAD")
    assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", str(size))
    assert service.get(path).body == whole.body, "no part is kept in place of the whole"


@pytest.mark.parametrize("cache_bytes", ["0", "1000000"])
def test_a_transfer_of_a_compressed_answer_goes_on_where_it_broke_off(
    cache_bytes: str, tmp_path: Path
) -> None:
    settings = {"SURPLACE_CACHE_BYTES": cache_bytes}
    with serving("--release", str(make_release(tmp_path)), environment=settings) as service:
        whole = quote("SELECT * { ?s ?p ?o }")
        for path in (f"/sparql?query={whole}&format=json", "/dumps/surplace.nq"):
            rest_of_packed(service, path)


def rest_of_packed(service: Service, path: str) -> None:
    """Ask for the rest of a compressed answer, of a former one, and without compression."""

    def ask(**headers: str) -> Response:
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return service.request("GET", path, headers=given)

    plain, packed = ask(), ask(Accept_Encoding="gzip")
    tag, size = packed.headers["ETag"], len(packed.body)
    assert tag.endswith('-gzip"')
    assert packed.headers["Accept-Ranges"] == "bytes"
    for had in ({"If_Range": tag}, {"If_Match": tag}):
        rest = ask(Accept_Encoding="gzip", Range="bytes=100-", **had)
        assert (rest.status, rest.body) == (206, packed.body[100:])
        assert rest.headers["Content-Range"] == f"bytes 100-{size - 1}/{size}"
        assert (rest.headers["ETag"], rest.headers["Content-Encoding"]) == (tag, "gzip")
    assert gzip.decompress(packed.body[:100] + rest.body) == plain.body
    former = ask(Accept_Encoding="gzip", Range="bytes=100-", If_Range='"former-gzip"')
    assert (former.status, former.body, former.headers["ETag"]) == (200, packed.body, tag)
    without = ask(Range="bytes=100-", If_Range=tag)
    assert (without.status, without.body) == (200, plain.body)
    unconditional = ask(Accept_Encoding="gzip", Range="bytes=100-109")
    assert (unconditional.status, unconditional.body) == (206, plain.body[100:110])


REQUEST = HttpRequest("GET", "/id/state/RUR", origin=PublicAddress("http", "a"))


def test_a_tag_tells_apart_whatever_changes_an_answer(tmp_path: Path) -> None:
    more = "GRAPH graph:provenance { source:report a sur:Document . }"
    different = [
        REQUEST,
        HttpRequest("GET", "/id/state/GRA", origin=REQUEST.origin),
        HttpRequest("GET", "/id/state/RUR", "page=1", origin=REQUEST.origin),
        HttpRequest("GET", "/id/state/RUR", headers={"accept": "text/html"}, origin=REQUEST.origin),
        HttpRequest("GET", "/id/state/RUR", headers={"accept": "application/trig"}, origin=REQUEST.origin),
        HttpRequest("GET", "/id/state/RUR", origin=PublicAddress("http", "b")),
        HttpRequest("GET", "/id/state/RUR", origin=PublicAddress("https", "a")),
        HttpRequest("GET", "/id/state/RUR", origin=PublicAddress("http", "a", "/kg")),
        HttpRequest("GET", "/sparql", "query=ASK+{}&format=csv", origin=REQUEST.origin),
        HttpRequest("GET", "/sparql", "query=ASK+{}&format=json", origin=REQUEST.origin),
        HttpRequest("GET", "/sparql", "query=ASK+{}&format=csv&named-graph-uri=urn:a", origin=REQUEST.origin),
        HttpRequest(
            "GET", "/sparql", "query=ASK+{}&format=csv&default-graph-uri=urn:a", origin=REQUEST.origin
        ),
    ]
    alike = [
        HttpRequest("HEAD", "/id/state/RUR", origin=REQUEST.origin),
        HttpRequest("GET", "/id/state/RUR", "x=1&format=ttl", {"cookie": "x"}, origin=REQUEST.origin),
        HttpRequest("GET", "/id/state/RUR", headers={"accept": "*/*"}, client="b", origin=REQUEST.origin),
    ]
    first = tags(tmp_path / "a", "", Limits(workers=1), [*different, *alike])
    assert len(set(first)) == len(different)
    assert set(first[len(different) :]) == {first[0]}
    other = tags(tmp_path / "b", more, Limits(workers=1), different)
    assert not set(first) & set(other)
    for limits in (Limits(workers=1, answer_rows=5), Limits(workers=1, page_rows=5)):
        assert not set(first) & set(tags(tmp_path / "a", "", limits, different))
    question = load_query(queries_dir() / "explore/states-and-their-identifiers.rq", queries_dir())
    changed = read_query(f"{question.text} LIMIT 3", question.name, question.path, question.category, "it")
    asked = [
        set(tags(tmp_path / "a", "", Limits(workers=1), different, Catalogue({each.name: each})))
        for each in (question, changed)
    ]
    assert not asked[0] & asked[1]
    assert not asked[0] & set(first)
    none = [
        HttpRequest(
            "POST", "/sparql", "query=ASK+{}", {"content-type": "application/sparql-query"}, b"ASK {}"
        ),
        HttpRequest("GET", "/health"),
        HttpRequest("GET", "/person", headers={"accept": "text/html"}),
    ]
    assert tags(tmp_path / "a", "", Limits(workers=1), none) == [""] * 3


def tags(
    folder: Path, more: str, limits: Limits, requests: list[HttpRequest], catalogue: Catalogue | None = None
) -> list[str]:
    """Return the tags of the answers to requests."""
    with blocking(make_release(folder, more), limits) as engine:
        read = create_app(engine, catalogue or Catalogue({}), limits).dispatcher.read
        calls = [read(request) for request in requests]
        return [call[1] for call in calls if not isinstance(call, HttpResponse)]


def test_what_first_requests_would_wait_for_is_there_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with blocking(make_release(tmp_path), Limits(workers=1)) as engine:
        dispatcher = create_app(engine, Catalogue({}), Limits(workers=1)).dispatcher
        engine.run(dispatcher.warm())
        asked: list[str] = []
        monkeypatch.setattr(Environment, "compile", lambda *_, **__: pytest.fail("compiled"))
        monkeypatch.setattr(Knowledge, "select", lambda _, query, *__: asked.append(query))
        found = engine.run(
            dispatcher.respond(HttpRequest("GET", "/search", "q=rur", {"accept": "text/html"}))
        )
        refused = engine.run(dispatcher.respond(HttpRequest("GET", "/nowhere", "", {"accept": "text/html"})))
        assert (found.status, refused.status, asked) == (200, 404, [])


def test_a_compressed_answer_is_made_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with blocking(make_release(tmp_path), Limits(workers=1)) as engine:
        dispatcher = create_app(engine, Catalogue({}), Limits(workers=1)).dispatcher
        request = HttpRequest("GET", "/about", "", {"accept": "text/html", "accept-encoding": "gzip"})
        first = engine.run(dispatcher.respond(request))
        monkeypatch.setattr(Dispatcher, "_answer", lambda *_: pytest.fail("made again"))
        again = engine.run(dispatcher.respond(request))
        assert first.size > LEAST
        assert (again.status, again.etag, again.read()) == (200, first.etag, first.read())


def test_a_template_is_compiled_once_for_each_state_of_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.dont_write_bytecode", False)
    loader = DictLoader({"a": "{{ 1 + 1 }}"})
    for folder, kept in ((tmp_path / "there", 1), (tmp_path / "no" / "folder", 0)):
        rendered = (
            Environment(loader=loader, bytecode_cache=CompiledTemplates(folder)).get_template("a").render()
        )
        assert (rendered, len(list(folder.glob("*")))) == ("2", kept)
    known = Environment(loader=loader, bytecode_cache=CompiledTemplates(tmp_path / "there"))
    monkeypatch.setattr("surplace.web.compiled.program", lambda: "another")
    other = Environment(loader=loader, bytecode_cache=CompiledTemplates(tmp_path / "there"))
    compiled: list[str] = []
    for environment in (other, known):
        own = environment.compile
        monkeypatch.setattr(environment, "compile", lambda *a, own=own: compiled.append(a[1]) or own(*a))
        environment.get_template("a")
    assert compiled == ["a"], "of another program it is compiled anew, and then known"


@given(
    st.lists(
        st.tuples(st.integers(0, 30), st.integers(0, 3000), st.lists(st.text("ab", max_size=9), max_size=9)),
        max_size=200,
    )
)
def test_the_cache_stays_within_its_bytes_and_gives_back_what_was_put(
    steps: list[tuple[int, int, list[str]]],
) -> None:
    cache = Cache(Limits(cache_bytes=20_000, cache_answer_bytes=2000))
    put: dict[str, bytes] = {}
    for number, size, names in steps:
        body, tag = gzip.compress(bytes([number])) + b"x" * size, str(number)
        found = cache.get(tag)
        if found is not None:
            assert (found.response().read(), found.response().etag) == (put[tag], tag)
            continue
        cache.put(HttpResponse(body, headers=[(name, name) for name in names], etag=tag))
        put[tag] = body
        assert (cache.get(tag) is None) == (len(body) > 2000)
        kept = [item for name in put if (item := cache.get(name)) is not None]
        assert len(kept) == len(cache)
        weights = (
            len(item.body) + len(item.block) + 4 * len(item.query) + 2 * len(item.etag) + OVERHEAD
            for item in kept
        )
        assert sum(weights) == cache.bytes <= 20_000


@pytest.mark.parametrize(
    ("header", "holds"),
    [
        ('"a"', True),
        ('W/"a"', True),
        ('"b", "a"', True),
        ("*", True),
        ('"b"', False),
        ('"ab"', False),
        ('"b"a"', False),
        ("a", False),
        ("", False),
    ],
)
def test_if_none_match(header: str, holds: bool) -> None:
    assert has(HttpRequest("GET", "/", headers={"if-none-match": header}), "a") is holds
    assert has(HttpRequest("POST", "/", headers={"if-none-match": header}), "a") is False
    assert has(HttpRequest("GET", "/", headers={"if-none-match": header}), "") is False
