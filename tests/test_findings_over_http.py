"""Explanations and suppositions over real HTTP: a page, an API, and a sentence for whatever is wrong."""

from __future__ import annotations

import html
import json
import re
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest
from pyoxigraph import Store

from service import Response, Service, serving
from surplace.engine.release import find_release
from surplace.namespaces import sparql_prologue

FINDING = "id/finding/measure/china-returns-north-koreans/norm/1951-convention/33/1"
HTML, JSON = "text/html", "application/json"


@pytest.fixture(scope="module")
def release(project_release: Path) -> Path:
    """The project's own release, under a shorter name."""
    return project_release


@pytest.fixture(scope="module")
def service(project_service: Service) -> Service:
    """The service of that release, under a shorter name."""
    return project_service


@pytest.fixture(scope="module")
def world(world_release: Path) -> Iterator[Service]:
    """Serve the invented world, of which a supposition takes a tenth of the time."""
    # a supposition takes longer where other tests take the processors
    environment = {"SURPLACE_SUPPOSITION_DEADLINE": "140"}
    with serving("--release", str(world_release), environment=environment) as running:
        yield running


@pytest.mark.parametrize("built", ["project_release", "world_release"])
def test_names_tell_conclusions_on_the_law_apart(built: str, request: pytest.FixtureRequest) -> None:
    found = Store.read_only(str(find_release(request.getfixturevalue(built)).store)).query(
        f"""{sparql_prologue()}SELECT ?label WHERE {{
            {{ VALUES ?kind {{ sur:Finding sur:Opposition sur:FollowUp sur:View }}
               ?item a ?kind ; skos:prefLabel ?label }} UNION {{ ?item sur:isCitedAs ?label }}
            }} GROUP BY ?label HAVING(COUNT(DISTINCT ?item) > 1)"""
    )
    assert [row["label"].value for row in found] == []


def problem(response: Response) -> tuple[int, str]:
    """Return status and detail of a problem document."""
    assert response.headers["Content-Type"] == "application/problem+json"
    found = response.json()
    assert isinstance(found, dict)
    return response.status, found["detail"]


def described(service: Service, **body: object) -> Response:
    """Describe a person as JSON."""
    headers = {"Content-Type": JSON, "Accept": JSON}
    return service.request("POST", "/person", json.dumps(body).encode(), headers)


def test_a_finding_is_explained_on_a_page(service: Service) -> None:
    page = service.get("/explain", HTML, iri=FINDING)
    assert page.status == 200
    assert "Article 33(1)" in page.text
    assert "/source/cohen-2010/p4/s8" in page.text
    assert "/source/untc/V-2/CHN" in page.text
    assert f"/explain?iri=https%3A//w3id.org/surplace/{FINDING}" in service.get(f"/{FINDING}", HTML).text


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("json", f"{JSON}; charset=utf-8"),
        ("ttl", "text/turtle; charset=utf-8"),
        ("jsonld", "application/ld+json"),
    ],
)
def test_an_explanation_in_other_forms(form: str, media_type: str, service: Service) -> None:
    parameters = {"s": "id/consent/1951-convention/CHN", "p": "sur:entersIntoForceOn", "format": form}
    answer = service.get("/explain", o='"1982-12-23"^^xsd:date', **parameters)
    assert (answer.status, answer.headers["Content-Type"]) == (200, media_type)
    assert "1954-04-22" in answer.text


@pytest.mark.parametrize(
    ("parameters", "status", "words"),
    [
        ({"iri": "state:XYZ"}, 404, "Nothing is said of state:XYZ"),
        ({"iri": ["state:CHN", "state:PRK"]}, 400, "given more than once"),
        ({"s": "state:CHN"}, 400, "give iri, or s, p and o"),
        ({"iri": "state:CHN", "depth": "0"}, 400, "a whole number from 1"),
        ({"iri": "state:CHN", "format": "pdf"}, 400, "is not a format here"),
        ({"iri": "http://a b"}, 400, "is not an IRI"),
    ],
)
def test_what_cannot_be_explained(
    parameters: dict[str, str | list[str]], status: int, words: str, service: Service
) -> None:
    found, detail = problem(service.get("/explain", JSON, **parameters))  # type: ignore[arg-type]
    assert found == status
    assert words in detail


def test_what_an_explanation_does_not_know_is_ignored_and_named(service: Service) -> None:
    plain, more = (service.get("/explain", JSON, iri=FINDING, **more) for more in ({}, {"lang": "en"}))
    assert (more.status, more.body, more.headers["Surplace-Ignored"]) == (200, plain.body, "lang")


def test_a_person_is_assessed_and_forgotten(service: Service) -> None:
    answer = described(service, yes=["left-without-permission"], origin="PRK", stay="CHN")
    assert answer.status == 200
    assert answer.headers["Cache-Control"] == "no-store"
    found = answer.json()
    assert isinstance(found, dict)
    assert "not legal advice" in found["notice"]
    assert {g["label"]: g["result"] for g in found["grounds"]}["risk of torture on return"] == "open"
    body = b"left-without-permission=yes&illegal-presence=unknown&origin=PRK&stay=CHN"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": HTML}
    page = service.request("POST", "/person", body, headers)
    assert page.headers["Cache-Control"] == "no-store"
    words = " ".join(re.sub("<[^>]+>", " ", page.text).split())
    assert "risk of torture on return open" in words
    assert "supported, not made out, by North Koreans who left their country" in words
    # the form that is sent next knows nothing of the person
    assert 'value="PRK" selected' not in service.get("/person", HTML).text


def test_the_page_on_a_person_says_of_what_does_not_bind_why_and_what_another_state_owes(
    service: Service,
) -> None:
    body = b"left-without-permission=yes&origin=PRK&stay=CHN&day=2010-09-13"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": HTML}
    page = service.request("POST", "/person", body, headers).text
    assert page.count("<title>") == 1
    assert "<title>A described person · Surplace</title>" in page
    assert "so this answer has no address" in page
    words = " ".join(re.sub("<[^>]+>", " ", page).split())
    cards = [card.partition("Rule and terms")[0] for card in page.split('<div class="card">')[1:]]
    unbound = [card for card in cards if "does not bind" in card]
    assert unbound
    for card in unbound:
        assert "Signed on 5 October 1998 without consent to be bound." in card
        assert "<div>if " not in card
    _, here, elsewhere = re.split("On other matters|What another state owes", words)
    assert "ICCPR, Article 12(2)" not in here
    assert "No bar to leaving a country (ICCPR, Article 12(2)) protects" in elsewhere


def test_the_page_on_a_contradictory_person_says_so_once_and_concludes_nothing(service: Service) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": HTML}
    page = service.request("POST", "/person", b"child=yes&adult=yes&stay=THA", headers).text
    content = page.partition("<h1")[2].partition("</main>")[0]
    assert content.count("being an adult” and “being a child” exclude each other") == 1
    headings = re.findall("<h2[^>]*>(.*?)</h2>", content)
    assert headings == ["Described"]
    assert not re.search('class="v [^"]*" data-letter', content)
    assert '<details class="fold" id="describe" open>' in page


def test_the_page_on_a_person_says_an_effect_once_and_what_its_marks_stand_beside(service: Service) -> None:
    body = b"married-to-foreign-man=yes&pregnant-by-foreign-man=yes&origin=PRK&stay=CHN&day=2010-09-13"
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": HTML}
    page = service.request("POST", "/person", body, headers).text
    words = re.sub(r" (?=[.,;:)])", "", " ".join(re.sub("<[^>]+>", " ", page).split()))
    asked = words.partition("What would change this")[2].partition(" Grounds ")[0]
    effects = re.findall(r"If (?:yes|no): .*?(?= If no:| Asked| The person| [0-9]+ facts?|$)", asked)
    assert len(effects) == len(set(effects)) > 5
    same = "facts with the same effect as “the person fears harm for membership of a social group”"
    assert f"{same} The person" in asked
    assert "; …" not in asked
    assert "becoming a refugee sur place: supported; persecution on a Convention ground: supported" in asked
    key = page.partition('<ul class="legend" aria-label="Key">')[2].partition("</ul>")[0]
    assert re.findall(">([^<]+)</span>", key) == [
        "protects, met",
        "does not bind, reserved",
        "may protect, may protect as the reservation leaves it",
        "open, unknown (which is not no)",
    ]
    assert (
        "No ground is made out on what is given. CEDAW, Article 9(1) protects without one. "
        "Five other provisions may protect if one that is open is made out." in words
    )


def test_nothing_about_a_person_is_kept_on_disk(service: Service, release: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in release.rglob("*") if path.is_file()}
    described(service, yes=["pregnant-by-foreign-man"], origin="PRK", stay="CHN")
    after = {path: path.stat().st_mtime_ns for path in release.rglob("*") if path.is_file()}
    assert before == after
    assert not [path for path in after if b"population/described-person" in path.read_bytes()]


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"yes": ["xyz"]}, "is not a circumstance"),
        ({"yes": ["sought-asylum"], "no": ["sought-asylum"]}, "is answered with yes and with no"),
        ({"yes": "sought-asylum"}, "as a list"),
        ({"maybe": []}, "is not a member"),
    ],
)
def test_a_description_that_cannot_be(body: dict[str, object], words: str, service: Service) -> None:
    status, detail = problem(described(service, **body))
    assert status == 400
    assert words in detail


def test_an_api_describes_persons_by_post_only(service: Service) -> None:
    assert problem(service.get("/person", JSON))[0] == 406
    form = service.get("/person", HTML, utm_source="mail")
    assert (form.status, form.headers["Surplace-Ignored"]) == (200, "utm_source")
    assert form.body == service.get("/person", HTML).body
    assert service.get("/person", HTML, origin="PRK").status == 400


ACCESSION = {"kind": "accede", "state": "ESK", "treaty": "lantern-covenant", "on": "2005-01-01"}


def test_what_if_as_json_and_as_a_page(world: Service) -> None:
    answer = world.get("/what-if", JSON, **ACCESSION)
    found = answer.json()
    assert isinstance(found, list)
    assert any("2005-04-01" in item["after"] for item in found)
    assert "What would differ" in world.get("/what-if", HTML, **ACCESSION).text


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ({"state": "eskara"}, "/id/state/ESK"),
        ({"state": "https://w3id.org/surplace/id/state/ESK"}, "/id/state/ESK"),
        ({"state": "nowhere"}, "nowhere"),
        ({"treaty": "Nothing of the kind"}, "Nothing of the kind"),
    ],
)
def test_what_was_supposed_stays_in_the_form(world: Service, given: dict[str, str], shown: str) -> None:
    page = world.get("/what-if", HTML, **ACCESSION | given | {"on": "soon"}).text
    form = re.search(r'<form [^>]*aria-labelledby="accede">(.*?)</form>', page, re.DOTALL)
    assert form is not None
    chosen = re.findall(r'<option(?: value="([^"]*)")? selected>([^<]*)', form[1])
    assert len(chosen) == 2, "a state and a treaty"
    assert any((value or text).endswith(shown) for value, text in chosen)
    assert 'name="on" value="soon"' in form[1]


def test_a_page_that_takes_seconds_begins_at_once_and_says_so(world: Service) -> None:
    path = "/what-if?" + urlencode(ACCESSION | {"on": "2005-01-02"})
    with closing(HTTPConnection(urlsplit(world.url).netloc, timeout=150)) as connection:
        connection.request("GET", path, headers={"Accept": HTML, "Accept-Encoding": "gzip"})
        answer = connection.getresponse()
        assert (answer.status, answer.headers["Transfer-Encoding"]) == (200, "chunked")
        assert (answer.headers["Cache-Control"], answer.headers["X-Accel-Buffering"]) == ("no-store", "no")
        begun = time.monotonic()
        first = answer.read1().decode()
        while 'role="status"' not in first:
            first += answer.read1().decode()
        assert "takes about three seconds" in first
        assert "What would differ" not in first
        rest = answer.read1() + answer.read()
        assert time.monotonic() - begun > 0.1, "the rest was not there yet"
        page = first + rest.decode()
    # what was sent in parts is kept as a whole
    whole = world.request("GET", path, headers={"Accept": HTML, "Accept-Encoding": "gzip"})
    assert "ETag" in whole.headers
    assert [page.count(part) for part in ("<main", "</main>", "<h1", "</html>")] == [1, 1, 1, 1]


def test_what_fails_after_its_page_has_begun_says_so_there(service: Service) -> None:
    fault = {"kind": "accede", "state": "XYZ", "treaty": "cat", "on": "2012-01-01"}
    status, detail = problem(service.get("/what-if", JSON, **fault))
    page = service.get("/what-if", HTML, **fault)
    assert (status, page.status in (200, 400)) == (400, True)
    assert html.escape(detail, quote=True) in page.text


@pytest.mark.parametrize(
    ("parameters", "words"),
    [
        ({"kind": "accede", "state": "CHN", "treaty": "cat", "on": "2012-01-01"}, "is party to"),
        ({"state": "PRK"}, "Say what is supposed: kind is one of withdraw, accede, denounce."),
    ],
)
def test_what_cannot_be_supposed(parameters: dict[str, str], words: str, service: Service) -> None:
    status, detail = problem(service.get("/what-if", JSON, **parameters))
    assert status == 400
    assert words in detail


@pytest.mark.parametrize(
    ("parameters", "parameter", "allowed", "words"),
    [
        (
            {"kind": "x"},
            "kind",
            ["withdraw", "accede", "denounce"],
            '"x": give withdraw, accede or denounce.',
        ),
        ({"kind": ""}, "kind", ["withdraw", "accede", "denounce"], "Say what is supposed"),
        ({"kind": "accede", "state": "PRK", "treaty": "cat", "on": "soon"}, "on", None, "is not a day"),
        ({"kind": "withdraw", "reservation": "reservation:x"}, "on", None, "No day is given: give"),
        (
            {"kind": "accede", "state": "PRK", "treaty": "cat", "on": "2030-01-01"},
            "on",
            None,
            "after the end",
        ),
        ({"kind": "accede", "state": "PRK", "treaty": "cat", "on": "1950-01-01"}, "on", None, "was adopted"),
        (
            {"kind": "accede", "state": "XYZ", "treaty": "cat", "on": "2012-01-01"},
            "state",
            None,
            "not a recorded",
        ),
        (
            {"kind": "denounce", "state": "CHN", "treaty": "cat", "on": "2012-01-01", "effect": "2012-01-02"},
            "effect",
            None,
            "takes effect on",
        ),
        ({"kind": "denounce", "on": "2012-01-01", "effect": "soon"}, "effect", None, "is not a day"),
        (
            {"kind": "accede", "state": "PRK", "treaty": "cat", "on": "2012-01-01", "effect": "2011-01-01"},
            "effect",
            None,
            '"effect" says something of denounce alone, and accede takes on, state and treaty: leave it out.',
        ),
        (
            {"kind": "withdraw", "on": "2012-01-01", "reservation": "reservation:x", "state": "PRK"},
            "state",
            None,
            "of accede or denounce alone, and withdraw takes on and reservation: leave it out.",
        ),
        (
            {"kind": "accede", "on": "soon", "reservation": "reservation:x"},
            "reservation",
            None,
            "withdraw alone",
        ),
        (
            {"kind": "accede", "on": "2012-01-01", "state": "a:b c", "treaty": "cat"},
            "state",
            None,
            "is not an IRI",
        ),
        ({"kind": "accede", "on": "2012-01-01", "treaty": "cat"}, "state", None, "No state is given"),
        ({"kind": "denounce", "on": "2012-01-01", "state": "PRK"}, "treaty", None, "No treaty is given"),
        ({"kind": "withdraw", "on": "2012-01-01"}, "reservation", None, "No reservation is given"),
        (
            {"kind": "accede", "on": "2012-01-01", "Effect": "2013-01-01"},
            "Effect",
            ["kind", "on", "reservation", "state", "treaty", "effect"],
            "did you mean effect?",
        ),
        ({"kind": "withdraw", "on": "2012-01-01", "reservation": "a:b c"}, "reservation", None, "not an IRI"),
    ],
)
def test_what_cannot_be_read_of_a_supposition_is_named(
    parameters: dict[str, str], parameter: str, allowed: list[str] | None, words: str, service: Service
) -> None:
    found = service.get("/what-if", JSON, **parameters)
    document = found.json()
    assert isinstance(document, dict)
    assert (found.status, document["parameter"], document.get("allowed")) == (400, parameter, allowed)
    assert words in document["detail"]


@pytest.mark.parametrize(
    ("given", "parameter"),
    [
        ({"iri": "a:b c"}, "iri"),
        ({"s": "a:b c", "p": "a", "o": "b"}, "s"),
        ({"s": "a", "p": "a:b c", "o": "b"}, "p"),
    ],
)
def test_what_cannot_be_read_of_what_is_to_be_explained_is_named(
    given: dict[str, str], parameter: str, service: Service
) -> None:
    document = service.get("/explain", JSON, **given).json()
    assert isinstance(document, dict)
    assert (document["status"], document["parameter"]) == (400, parameter)


def test_a_search_offers_kinds_of_things(service: Service) -> None:
    document = service.get("/search", JSON, q="a", kind="nope").json()
    assert isinstance(document, dict)
    assert [kind for kind in document["allowed"] if not re.fullmatch("[A-Za-z ()-]+", kind)] == []


def test_a_supposition_ends_at_its_deadline(world_release: Path) -> None:
    limits = {"SURPLACE_SUPPOSITION_DEADLINE": "0.1"}
    with serving("--release", str(world_release), environment=limits) as running:
        status, detail = problem(described(running, yes=["left-without-permission"]))
    assert status == 504
    assert "longer than 0.1 seconds" in detail
