"""The pages: what they say, where they link to, and that nothing in the data becomes markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

import pytest
import rdflib

import surplace
from service import HOSTILE, Service, make_release, serving
from surplace.catalogue import load_catalogue
from surplace.namespaces import BASE
from surplace.resources import queries_dir
from surplace.routes.table import ROUTES
from surplace.web.cells import local_path, passage_name
from surplace.words.columns import title

HTML = "text/html"
ASKED = "which-un-body-asked-which-state-for-what"
PAGES = (
    # every page whose address has no variable part, and some of the others
    *(route.address for route in ROUTES.values() if route.offer.page and "<" not in route.address),
    f"/queries/{ASKED}?state=RUR",
    f"/queries/{ASKED}?state=HOS",
    "/queries/recommendations-as-rdf",
    "/queries/where-sources-disagree",
    "/sparql?query=ASK+%7B",
    "/id/state/RUR",
    "/id/state/HOS",
    "/source/report/p2/s3",
    "/claim/envoy",
    "/rule/entry",
    "/graph/provenance",
    "/ontology/State",
    "/release/0123456789abcdef",
    "/nothing",
)


class Page(HTMLParser):
    """The links, labels, ids and headings of a page, with the checks that every page must pass."""

    VOID = frozenset(("meta", "link", "input", "br", "img", "wbr"))

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open, f"not closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def all(self, tag: str, attribute: str) -> list[str]:
        return [attrs[attribute] or "" for name, attrs in self.tags if name == tag and attribute in attrs]


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving("--release", str(make_release(tmp_path_factory.mktemp("release")))) as running:
        yield running


def page(service: Service, path: str) -> Page:
    return Page(service.get(path, HTML).text)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_whole_accessible_and_takes_nothing_from_elsewhere(service: Service, path: str) -> None:
    response = service.get(path, HTML)
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    found = Page(response.text)
    assert found.all("html", "lang") == ["en"]
    assert [tag for tag, _ in found.tags].count("h1") == 1
    assert found.all("a", "href")[0] == "#content"
    assert "content" in found.all("main", "id")
    ids = [attrs["id"] for _, attrs in found.tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    fields = [attrs for tag, attrs in found.tags if tag in ("input", "select", "textarea")]
    fields = [attrs for attrs in fields if attrs.get("type") != "hidden"]
    assert all(field.get("aria-label") or field["id"] in found.all("label", "for") for field in fields)
    tags = [tag for tag, _ in found.tags]
    assert tags.count("caption") == tags.count("table")
    assert all(scope == "col" for scope in found.all("th", "scope"))
    assert not {"style", "iframe", "object"} & set(tags)
    # data for programs, which no browser runs, the editor, and what copies a citation
    scripts = [
        attrs for tag, attrs in found.tags if tag == "script" and attrs != {"type": "application/ld+json"}
    ]
    edits = path.partition("?")[0] == "/sparql"
    copies = {"type": "module", "src": "/static/copy.js"}
    assert (
        not scripts or scripts == [copies] or (edits and [attrs["type"] for attrs in scripts] == ["module"])
    )
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; style-src 'self';")
    assert not [
        attrs for _, attrs in found.tags if any(name.startswith("on") or name == "style" for name in attrs)
    ]
    sheets = ["/static/surplace.css", "/static/surplace.svg", *(["/static/editor.css"] if edits else [])]
    assert found.all("link", "href") == sheets
    assert all(href.startswith(("/", "#", "http://", "https://")) for href in found.all("a", "href"))


def test_links_of_the_first_pages_lead_somewhere(service: Service) -> None:
    links = {
        href.split("#")[0]
        for path in ("/", "/queries/", "/id/state/RUR", "/source/report/p2/s3")
        for href in page(service, path).all("a", "href")
        if href.startswith("/")
    }
    assert len(links) > 30
    for link in sorted(links):
        status = service.get(link, HTML).status
        assert status == 200 or not _described(link), f"{link} answers {status}"


def _described(link: str) -> bool:
    """Tell whether the invented world says anything of the thing that a link leads to."""
    return not link.startswith(("/ontology", "/vocab/", "/source/surplace"))


def test_the_first_page_answers_three_questions(service: Service) -> None:
    found = page(service, "/")
    assert "Surplace is an open knowledge graph of the law of refugee protection" in found.text
    assert "Which UN body asked China for what?" in found.text
    assert "Who claims what?" in found.text
    assert "The register is the better source".lower() in found.text.lower()
    assert f"/queries/{ASKED}" in found.all("a", "href")
    assert "Envoy of Ruritania" in found.text
    assert "economic betterment" in found.text


def test_the_list_has_every_question_with_its_tags_and_no_check(service: Service) -> None:
    found = page(service, "/queries/")
    names = [
        href.removeprefix("/queries/") for href in found.all("a", "href") if href.startswith("/queries/w")
    ]
    catalogue = load_catalogue(queries_dir())
    assert set(names) <= {query.name for query in catalogue.questions()}
    assert all(query.summary in found.text for query in catalogue.questions())
    assert "recommendations" in found.text


def test_a_question_is_a_form_with_a_pick_list_and_an_answer(service: Service) -> None:
    found = page(service, f"/queries/{ASKED}?state=RUR")
    assert ("option", {"value": "RUR", "selected": None}) in found.tags
    assert ("option", {"value": "", "selected": None}) in found.tags
    assert ("option", {"value": "committee"}) in found.tags
    assert "Committee on Invented Matters" in found.text
    for href in ("/id/body/committee", "/id/document/inv-co-1/paragraph/7", "/source/report/p2/s3"):
        assert href in found.all("a", "href")
    assert f"curl -G {service.url}/queries/{ASKED}.csv --data-urlencode state=RUR" in found.text
    assert f"/queries/{ASKED}.json?state=RUR" in found.all("a", "href")
    assert f"VALUES ?state {{ <{BASE}id/state/RUR> }}" in found.text
    assert "An invented report, paragraph 2, sentence 3" in found.text


@pytest.mark.parametrize("name", ["state:RUR", f"{BASE}id/state/RUR", "state/RUR"])
def test_a_form_shows_what_was_asked_with_by_whatever_name(name: str, service: Service) -> None:
    found = page(service, f"/queries/{ASKED}?state={name}")
    assert ("option", {"value": "RUR", "selected": None}) in found.tags


def test_a_question_leads_to_its_answer_in_each_format_and_says_what_each_is_for(service: Service) -> None:
    found = page(service, f"/queries/{ASKED}?state=RUR")
    hrefs = found.all("a", "href")
    formats = ("xlsx", "answer", "csv", "json", "xml", "tsv", "rows", "spreadsheet")
    assert [form for form in formats if f"/queries/{ASKED}.{form}?state=RUR" not in hrefs] == []
    for words in ("for Excel", "for programs, with the sentence that sums it up", "a table, for R"):
        assert words in found.text


def test_where_any_thing_may_be_asked_of_labels_are_offered_that_lead_to_rows(service: Service) -> None:
    for question, name in (("what-is-said-about", "thing"), ("where-does-a-statement-come-from", "subject")):
        text = service.get(f"/queries/{question}", "text/html").text
        offered = dict(re.findall('<option value="([^"]+)">([^<]+)</option>', text.partition("<datalist")[2]))
        assert offered[f"{BASE}id/recommendation/screening"] == "Screen all arrivals"
        assert f"{BASE}id/population/crossers" not in offered, "it has no label"
        for iri in offered:
            rows = service.get(f"/queries/{question}.csv", **{name: iri}).text.splitlines()
            assert len(rows) > 1, iri


def test_plain_json_comes_with_its_summary_where_that_is_asked_for(service: Service) -> None:
    path = f"/queries/{ASKED}"
    rows, plain = service.get(f"{path}.rows", state="RUR"), service.get(f"{path}.csv", state="RUR")
    told = service.get(f"{path}.answer", state="RUR")
    assert told.headers["Content-Type"] == "application/vnd.surplace.answer+json"
    summary = unquote(plain.headers["Surplace-Summary"].partition("''")[2])
    release = plain.headers["Surplace-Release"]
    expected = {"question": ASKED, "summary": summary, "release": release, "cut": False, "rows": rows.json()}
    assert (
        told.json(),
        summary.startswith("The Committee on Invented Matters made one request of Ruritania"),
    ) == (expected, True)
    assert service.get(path, "application/vnd.surplace.answer+json", state="RUR").json() == expected
    none = service.get(f"{path}.answer", state="RUR", limit="1", offset="1").json()
    assert none == {**expected, "rows": []}, "the summary is that of the whole"
    assert service.get("/sparql", query="ASK {}", format="answer").status == 400


def test_a_question_answers_in_every_format(service: Service) -> None:
    path = f"/queries/{ASKED}"
    csv = service.get(f"{path}.csv", state="RUR")
    assert csv.text.splitlines()[1].startswith(f"{BASE}id/body/committee,Committee on Invented Matters,")
    assert len(csv.text.splitlines()) == 2
    assert csv.headers["Content-Disposition"] == f'inline; filename="{ASKED}-RUR.csv"'
    assert service.get(f"{path}.csv", state="GRA").text.count("\n") == 1
    for suffix, media_type in (
        ("tsv", "text/tab-separated-values"),
        ("xml", "application/sparql-results+xml"),
    ):
        assert service.get(f"{path}.{suffix}", state="RUR").headers["Content-Type"].startswith(media_type)
    assert service.get(path, "application/json", state="RUR").json()["results"]["bindings"]
    assert service.get(path, "text/html", state="RUR", format="csv").text == csv.text
    graph = service.get("/queries/recommendations-as-rdf.ttl", body="committee")
    assert len(rdflib.Graph().parse(data=graph.body, format="turtle")) == 11 + 8  # and where it comes from
    empty = service.get("/queries/recommendations-as-rdf", "text/html", body="RUR").text
    assert "No recommendation of Ruritania is recorded, so the RDF is empty." in empty


def test_several_values_and_any_value(service: Service) -> None:
    path = f"/queries/{ASKED}.csv"
    assert service.get(path, state=["RUR", "GRA"], body="").text.count("\n") == 2
    assert service.get(path, state=["RUR", "GRA"], body="committee").text.count("\n") == 2


def test_the_iri_of_a_query_leads_to_its_page(service: Service) -> None:
    response = service.get(f"/query/{ASKED}", HTML)
    assert (response.status, response.headers["Location"]) == (303, f"/queries/{ASKED}")


def test_a_passage_shows_its_place_its_words_and_what_it_states(service: Service) -> None:
    found = page(service, "/source/report/p2/s3")
    assert "An invented report · Paragraph 2 An invented report, paragraph 2, sentence 3" in found.text
    assert "The Committee … all arrivals. sentence 3, the 2nd of 2 passages in “Paragraph 2”" in found.text
    assert "What this passage states" in found.text
    assert (
        "Screen all arrivals recommendation:screening asks for sur:asksFor screening action:screening"
        in found.text
    )
    assert "1999 rejected" in found.text


def test_a_thing_shows_who_says_what_of_it(service: Service) -> None:
    found = page(service, "/id/consent/inv")
    assert "is deposited on sur:isDepositedOn 1 January 2000 source/register/1" in found.text
    assert "1999 rejected An invented report, paragraph 2, sentence 3" in found.text
    assert "rejects" not in page(service, "/id/state/RUR").text


def test_a_page_leads_to_an_explanation_where_there_is_one(service: Service) -> None:
    def leading(path: str) -> dict[str, str | None]:
        found = page(service, path).tags
        links = (attrs for tag, attrs in found if tag == "a" and "/explain" in (attrs["href"] or ""))
        return {str(attrs["href"]): attrs.get("rel") for attrs in links}

    ((link, relation),) = leading("/id/state/RUR").items()
    assert relation == "nofollow"
    explained = service.get(link, HTML)
    assert (explained.status, explained.headers["X-Robots-Tag"]) == (200, "noindex, nofollow")
    assert leading("/id/population/crossers") == {}  # only claimed
    assert leading("/graph/knowledge") == {}


def test_a_claim_is_shown_as_what_somebody_says(service: Service) -> None:
    claim = page(service, "/claim/envoy").text
    assert "What is claimed The graph does not vouch for this: it is what the speaker says." in claim
    assert "has motive sur:hasMotive economic betterment" in claim
    population = page(service, "/id/population/crossers").text
    assert "economic betterment motive:economic-betterment claimed The envoy on the motives" in population


def test_a_rule_shows_what_it_concludes(service: Service) -> None:
    rule = page(service, "/rule/entry").text
    assert "A treaty enters into force after a deposit" in rule
    assert "https://w3id.org/surplace/rule/entry" in rule
    assert "What this rule concludes thing property value Accession of Ruritania consent:inv" in rule
    assert "sur:entersIntoForceOn 31 March 2000" in rule
    consent = page(service, "/id/consent/inv").text
    assert (
        "sur:entersIntoForceOn 31 March 2000 A treaty enters into force after a deposit rule:entry" in consent
    )
    assert service.get("/rule/nothing", HTML).status == 404


def test_a_name_has_a_graph_beside_its_page(service: Service) -> None:
    for response in (service.get("/id/state/RUR.ttl", HTML), service.get("/id/state/RUR", "text/turtle")):
        assert response.headers["Content-Type"] == "text/turtle; charset=utf-8"
        graph = rdflib.Graph().parse(data=response.body, format="turtle")
        assert (rdflib.URIRef(BASE + "id/state/RUR"), rdflib.SKOS.prefLabel, None) in graph
    assert service.get("/id/state/RUR.jsonld").headers["Content-Type"] == "application/ld+json"
    assert service.get("/claim/envoy.nt").text.count("hasMotive") == 0


def test_a_term_shows_its_definition(service: Service) -> None:
    assert "agent that is a state" in page(service, "/ontology/State").text


def test_hostile_text_stays_text(service: Service) -> None:
    query = f"SELECT * {{ <{BASE}id/state/HOS> ?property ?value }}"
    for response in (
        service.get("/id/state/HOS", HTML),
        service.get(f"/queries/{ASKED}", HTML, state="HOS"),
        service.get("/sparql", HTML, query=query),
    ):
        assert HOSTILE not in response.text
        assert "&lt;script&gt;" in response.text
        assert "javascript:" not in " ".join(Page(response.text).all("a", "href"))
    shown = page(service, "/id/state/HOS")
    assert "javascript:alert(1)" in shown.text
    assert "https://example.org/hos" in shown.all("a", "href")


def test_the_sheet_is_served_and_takes_nothing_from_elsewhere(service: Service) -> None:
    response = service.get("/static/surplace.css")
    assert response.headers["Content-Type"].startswith("text/css")
    assert "prefers-color-scheme: dark" in response.text
    assert not re.search(r"url\(|@import", response.text)


def test_a_style_sheet_is_sent_without_its_comments(service: Service) -> None:
    kept = (Path(surplace.__file__).parent / "web/static/surplace.css").read_text(encoding="utf-8")
    sent = service.get("/static/surplace.css").text
    assert "/*" in kept
    assert "/*" not in sent
    assert (
        re.sub(r"\s+", " ", re.sub(r"/\*.*?\*/", "", kept, flags=re.DOTALL)).strip()
        == re.sub(r"\s+", " ", sent).strip()
    )


@pytest.mark.parametrize(
    ("iri", "path"),
    [
        (BASE + "id/state/CHN", "/id/state/CHN"),
        (BASE + "id/a b?c#d", "/id/a%20b%3Fc#d"),
        ("https://example.org/x", "https://example.org/x"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("file:///etc/passwd", None),
        ("urn:x", None),
        ("http://[", None),
        (BASE, "/"),
        (BASE + "/evil.example/x", None),
        (BASE + "//evil.example/x", None),
        (BASE + "\\evil.example/x", "/%5Cevil.example/x"),
        (BASE + "\t/evil.example/x", "/%09/evil.example/x"),
        (BASE + ".//evil.example/x", "/.//evil.example/x"),
    ],
)
def test_only_web_addresses_become_links(iri: str, path: str | None) -> None:
    assert local_path(iri) == path


def test_names_of_passages_and_columns_read_well() -> None:
    assert passage_name(BASE + "source/cohen-2010/p6/s2") == "cohen-2010, paragraph 6, sentence 2"
    assert passage_name(BASE + "source/cohen-2010/n10") == "cohen-2010, note 10"
    assert passage_name(BASE + "source/untc/V-2/CHN") is None
    assert title("documentParagraph") == "document paragraph"
    assert title("as_of") == "as of"
