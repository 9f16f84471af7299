"""What is asked of every question over HTTP: parts and labels; and what every answer says of itself."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
import rdflib
from openpyxl import load_workbook
from pyoxigraph import RdfFormat, Store
from rdflib import PROV, RDF, SKOS, Literal, URIRef

from sentences import OfStore
from service import Response, Service, make_release, serving
from surplace.answering.sentence import Summing
from surplace.engine.limits import Limits
from surplace.engine.summary import sum_up
from surplace.namespaces import BASE
from surplace.rdf.formats import OF_QUESTIONS, RESULTS
from surplace.sparql.results import write

HTML = "text/html"
SCHEMA_VERSION = URIRef("https://schema.org/version")
WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
NUMBERS = """\
#+ summary: Which numbers there are
#+ answer: "There {{ rows | verb('is', 'are') }} {{ rows | each('number') | list }}"
#+ params:
#+   least: {type: integer, description: The least number}
#+   word: {type: string, description: Its word}
#+ columns: {number: iri, numberLabel: string, value: integer}
SELECT ?number ?numberLabel ?value WHERE {
    VALUES ?least { 1 }
    VALUES ?word { UNDEF }
    VALUES (?number ?numberLabel ?value) { @ROWS@ }
    FILTER(?value >= ?least && COALESCE(?word = ?numberLabel, true))
}
ORDER BY ?value # the end
""".replace("@ROWS@", " ".join(f'(<urn:{n}> "{word}" {n})' for n, word in enumerate(WORDS, 1)))
UNORDERED = """\
#+ summary: In any order
#+ columns: {x: integer}
SELECT ?x WHERE { VALUES ?x { 1 2 3 } }
"""
DATED = """\
#+ summary: Which day it is
#+ params:
#+   as_of: {type: date, description: The day}
#+ columns: {as_of: date}
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?as_of WHERE { VALUES ?as_of { "2010-09-13"^^xsd:date } } ORDER BY ?as_of
"""
ARTICLES = """\
#+ summary: Which articles there are
#+ columns: {article: string}
SELECT ?article WHERE { VALUES ?article { "Article 9" "Article 10" "Article 2" } } ORDER BY ?article
"""
STATES = """\
#+ summary: States as RDF
#+ params:
#+   state: {type: iri, class: sur:State, description: The state}
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
# CONSTRUCT { ?in ?a ?comment }
CONSTRUCT { ?state skos:prefLabel ?label ; skos:note "WHERE { }" . }
WHERE {
    VALUES ?state { UNDEF }
    ?state <https://w3id.org/surplace/ontology/hasIsoCode> ?subject ; skos:prefLabel ?label .
}
ORDER BY ?label LIMIT 2
"""
FAULTY = UNORDERED.replace("#+ columns", "#+ answer: '{{ rows.x.y }}'\n#+ columns")
ANY = "#+ summary: Is there anything\nASK { ?s ?p ?o }\n"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Serve five invented questions; an answer has 7 rows at most, and a page 3."""
    folder = tmp_path_factory.mktemp("queries")
    asked = {
        "numbers": NUMBERS,
        "dated": DATED,
        "articles": ARTICLES,
        "unordered": UNORDERED,
        "faulty": FAULTY,
        "states": STATES,
        "any": ANY,
    }
    for name, text in asked.items():
        (folder / f"{name}.rq").write_text(text, encoding="utf-8")
    release = make_release(tmp_path_factory.mktemp("release"))
    environment = {"SURPLACE_ANSWER_ROWS": "7", "SURPLACE_PAGE_ROWS": "3", "SURPLACE_CLIENT_ERRORS": "10000"}
    with serving("--release", str(release), "--queries", str(folder), environment=environment) as running:
        yield running


def links(response: Response) -> dict[str, str]:
    """Return the targets of the Link headers by relation type."""
    found = [
        re.fullmatch(r'<([^<>"\s]*)>; rel="([a-z]+)"(?:; title="[^"]*")?', value)
        for value in response.headers.get_all("Link", [])
    ]
    assert all(found)
    pairs = [(match[2], match[1]) for match in found if match]
    assert len(dict(pairs)) == len(pairs)
    return dict(pairs)


def rows(response: Response) -> list[list[str]]:
    """Read the rows of an answer in CSV, with the mark of a cut if there is one."""
    assert response.status == 200
    return list(csv.reader(io.StringIO(response.text, newline="")))[1:]


def words(response: Response) -> list[str]:
    """Return the words of the numbers in an answer in CSV."""
    return [row[1] for row in rows(response) if len(row) == 3]


def detail(response: Response) -> str:
    """Return the sentence of a problem."""
    assert response.status == 400
    document = response.json()
    assert isinstance(document, dict)
    return str(document["detail"])


def test_csv_says_that_it_has_a_header(service: Service) -> None:
    for response in (service.get("/queries/numbers.csv"), service.get("/queries/numbers", "text/csv")):
        assert response.headers["Content-Type"] == "text/csv; charset=utf-8; header=present"
        assert response.text.splitlines()[0] == "number,numberLabel,value"
    assert service.get("/queries/any.csv").headers["Content-Type"] == "text/csv; charset=utf-8"
    assert service.get("/queries/numbers.tsv").headers["Content-Type"].endswith("values; charset=utf-8")


def test_labels_are_left_out_where_they_are_not_wanted(service: Service) -> None:
    without = service.get("/queries/numbers.csv", limit="1", labels="false")
    assert without.text == "number,value\r\nurn:1,1\r\n"
    assert service.get("/queries/numbers.csv", limit="1", labels="true").text.endswith("urn:1,one,1\r\n")
    document: Any = service.get("/queries/numbers.json", limit="1", labels="false").json()
    assert document["head"]["vars"] == ["number", "value"]
    assert set(document["results"]["bindings"][0]) == {"number", "value"}


def test_a_part_has_links_to_the_others(service: Service) -> None:
    path = "/queries/numbers.csv?least=1"
    response = service.request("GET", f"{path}&limit=3&offset=3")
    assert words(response) == ["four", "five", "six"]
    assert links(response) == {
        "first": f"{path}&limit=3",
        "prev": f"{path}&limit=3",
        "next": f"{path}&limit=3&offset=6",
        "last": f"{path}&limit=3&offset=9",
        "describedby": "/query/numbers",
        "canonical": "/queries/numbers?least=1",
    }
    assert "next" not in links(service.request("GET", f"{path}&limit=3&offset=9"))
    assert "prev" not in links(service.request("GET", f"{path}&limit=3"))
    beyond = service.request("GET", f"{path}&limit=3&offset=500")
    assert words(beyond) == []
    assert links(beyond)["prev"] == links(beyond)["last"] == f"{path}&limit=3&offset=8"
    fits = links(service.request("GET", "/queries/numbers.csv?least=8&limit=3"))
    assert "next" not in fits
    assert fits["last"] == fits["first"] == "/queries/numbers.csv?least=8&limit=3"


@pytest.mark.parametrize("limit", [1, 3, 4, 7])
def test_following_the_links_gives_every_row_once(limit: int, service: Service) -> None:
    address, found = f"/queries/numbers?limit={limit}", []
    while address:
        response = service.request("GET", address, headers={"Accept": "text/csv"})
        found += words(response)
        address = links(response).get("next", "")
    assert tuple(found) == WORDS


def test_a_cut_answer_leads_to_the_rest(service: Service) -> None:
    path = "/queries/numbers"
    cut = service.get(f"{path}.csv")
    rest = f"{path}.csv?offset=7"
    assert cut.headers["Surplace-Cut"] == "rows=7"
    assert links(cut)["next"] == rest
    assert rows(cut)[-1] == [f"CUT: the answer has more than these 7 rows; they go on at {rest}"]
    assert int(cut.headers["Content-Length"]) == len(cut.body)
    following = service.request("GET", rest)
    assert "Surplace-Cut" not in following.headers
    assert links(following)["first"] == f"{path}.csv"
    assert (*words(cut), *words(following)) == WORDS

    document: Any = service.get(f"{path}.json", least="2").json()
    assert document["head"]["link"] == ["/problems#cut", f"{path}.json?least=2&offset=7"]
    assert len(document["results"]["bindings"]) == 7
    space = "{http://www.w3.org/2005/sparql-results#}"
    root = ElementTree.fromstring(service.get(f"{path}.xml", least="2").body)
    marks = [item.get("href") for item in root.findall(f"{space}head/{space}link")]
    assert marks == ["/problems#cut", f"{path}.xml?least=2&offset=7"]
    for form in ("tsv", "spreadsheet"):
        text = service.get(f"{path}.{form}").text
        assert f"they go on at {path}.{form}?offset=7" in text.splitlines()[-1]


def test_plain_json_is_a_list_of_rows(service: Service) -> None:
    for response in (
        service.get("/queries/numbers.rows", limit="2"),
        service.get("/queries/numbers", "application/vnd.surplace.rows+json, */*;q=0.1", limit="2"),
    ):
        assert response.headers["Content-Type"] == "application/vnd.surplace.rows+json"
        assert response.json() == [
            {"number": "urn:1", "numberLabel": "one", "value": 1},
            {"number": "urn:2", "numberLabel": "two", "value": 2},
        ]
    cut = service.get("/queries/numbers.rows")
    assert (cut.headers["Surplace-Cut"], links(cut)["next"]) == ("rows=7", "/queries/numbers.rows?offset=7")
    assert len(cut.json()) == 7  # type: ignore[arg-type]
    assert service.get("/queries/any.rows").json() is True


def test_what_is_asked_of_rows_is_checked(service: Service) -> None:
    def refused(query: str, name: str = "numbers") -> str:
        return detail(service.request("GET", f"/queries/{name}.json?{query}"))

    whole = "give a whole number from"
    assert refused("limit=0") == f'"limit" is "0": {whole} 1 to 7.'
    assert refused("limit=8") == f'"limit" is "8": {whole} 1 to 7.'
    for value in ("", "x", "-1", "1.5", "%D9%A1", "9" * 5000):
        assert whole in refused(f"offset={value}")
    assert refused("limit=1&limit=2") == '"limit" is given more than once: give it once.'
    assert refused("labels=no") == '"labels" is "no": give true or false.'
    assert refused("labels=true&labels=true") == '"labels" is given more than once: give it once.'
    assert refused("lest=1") == (
        '"lest" is no parameter here: did you mean least? '
        "It takes least, word, release, embed, labels, limit, offset, timeout."
    )
    assert refused("limits=1") == (
        '"limits" is no parameter here: did you mean limit? '
        "It takes least, word, release, embed, labels, limit, offset, timeout."
    )
    twice = service.get("/queries/numbers?format=csv&format=json")
    assert detail(twice) == '"format" is "json", and another format is named besides: name one.'
    assert refused("offset=1", "unordered") == (
        "The rows of unordered have no order of their own: ask for all of them."
    )


@pytest.mark.parametrize(
    ("path", "more", "ignored"),
    [
        ("/queries/numbers.csv", "page=1&utm_source=x", "page, utm_source"),
        ("/queries/any.csv", "limit=1", "limit"),
        ("/queries/numbers.csv", "f%0D%0AX=1", "f%0D%0AX"),
        ("/queries/numbers.csv", "a,+b=1&c%2Cd=2&e", "a%2C%20b, c%2Cd, e"),
        ("/queries/numbers.csv", "utm_term=r%E9fugi%E9&a%FF", "utm_term, a%3F"),
        ("/queries/numbers.csv", f"{'a' * 190}&{'b' * 190}&c", f"{'a' * 190}, {'b' * 10}"),
    ],
)
def test_what_a_question_does_not_know_is_ignored_and_named(
    service: Service, path: str, more: str, ignored: str
) -> None:
    plain, found = service.get(path), service.get(f"{path}?{more}")
    assert (found.status, found.body, found.headers["Surplace-Ignored"]) == (200, plain.body, ignored)


@pytest.mark.parametrize("form", ["csv", "html", "xlsx"])
def test_a_name_that_is_refused_is_so_whatever_is_kept_or_known(service: Service, form: str) -> None:
    plain = service.get(f"/queries/numbers.{form}?least=8")
    assert plain.status == 200
    for headers in ({}, {"If-None-Match": plain.headers["ETag"]}, {"If-None-Match": "*"}):
        found = service.request("GET", f"/queries/numbers.{form}?least=8&wrd=nine", headers=headers)
        assert (found.status, "did you mean word?" in found.text, "ETag" in found.headers) == (
            400,
            True,
            False,
        )


@pytest.mark.parametrize("form", ["csv", "html", "xlsx"])
def test_a_day_under_a_name_that_is_not_known_is_refused_for_the_answer_of_another(
    service: Service, form: str
) -> None:
    assert service.get(f"/queries/dated.{form}").status == 200  # which is kept, and not sent for these
    meant = ("day=1990-1-31", "when=Jan+31st,+1990", "at=1990-01-31T00:00:00Z", "d=1990/01/31", "d=31.01.90")
    for asked in ("date=1990-01-31", "day=31+January+1990", "x=1&day=1990-01-31", *meant):
        found = service.get(f"/queries/dated.{form}?{asked}")
        assert (found.status, "is no parameter here: did you mean as_of?" in found.text) == (400, True)
    for ignored in (
        "as_of=2000-01-01&date=1990-01-31",
        "_=1700000000",
        "v=1990",
        "v=1.2.3",
        "v=may",
        "v=Marvel+2010",
    ):
        assert service.get(f"/queries/dated.{form}?{ignored}").status == 200


def test_a_value_under_a_name_that_is_not_known_stays_in_the_field_that_is_meant(service: Service) -> None:
    page = service.get("/queries/dated.html?day=1990-1-31").text
    assert re.search(r'<input id="field-as_of" name="as_of" [^>]*value="1990-1-31"', page)


@pytest.mark.parametrize("form", ["ttl", "html"])
def test_what_is_of_a_class_under_another_name_is_refused_too(service: Service, form: str) -> None:
    """As `country=RUR`, whose answer would be taken for that of the state."""
    assert service.get(f"/queries/states.{form}").status == 200
    for asked in ("country=RUR", "x=1&nation=ruritania", "land=https://w3id.org/surplace/id/state/RUR"):
        found = service.get(f"/queries/states.{form}?{asked}")
        assert (found.status, "is no parameter here: did you mean state?" in found.text) == (400, True)
    for ignored in ("state=RUR&country=RUR", "v=1", "ref=RUR+and+more"):
        assert service.get(f"/queries/states.{form}?{ignored}").status == 200


def test_a_page_shows_a_part_and_leads_to_the_others(service: Service) -> None:
    first = service.get("/queries/numbers", HTML)
    assert "10 rows; the first 3 are shown" in first.text
    assert 'href="/queries/numbers?limit=3&amp;offset=3" rel="next"' in first.text
    later = service.get("/queries/numbers", HTML, limit="3", offset="3")
    assert "10 rows; rows 4 to 6 are shown" in later.text
    assert all(f">{word}<" in later.text.replace("\n", "") for word in ("four", "five", "six"))
    assert 'href="/queries/numbers?limit=3&amp;offset=9" rel="last"' in later.text
    assert "No rows here: there are 10 in all." in service.get("/queries/numbers", HTML, offset="50").text
    few = service.get("/queries/numbers", HTML, least="9")
    assert ">2 rows</p>" in few.text.replace("\n", "")
    assert "Parts of the answer" not in few.text
    assert ">3 rows</p>" in service.get("/queries/unordered", HTML).text.replace("\n", "")
    wrong = service.get("/queries/numbers", HTML, limit="x")
    assert wrong.status == 400
    assert "give a whole number from 1 to 7" in wrong.text
    word = service.get("/queries/numbers", HTML, least="some").text
    assert "&#34;some&#34; is not a value for “The least number”" in word
    assert '<form class="ask" method="get"' in wrong.text


def test_every_answer_names_query_version_values_and_release(service: Service) -> None:
    version = hashlib.sha256(NUMBERS.encode()).hexdigest()[:16]
    for accept in (HTML, "text/csv", "application/sparql-results+xml"):
        response = service.get("/queries/numbers", accept, word="a&b <ü>", least=["2", "1"])
        assert response.headers["Surplace-Query"] == "numbers"
        assert response.headers["Surplace-Query-Version"] == version
        assert len(response.headers["Surplace-Release"]) == 16
        assert links(response)["describedby"] == "/query/numbers"
        assert links(response)["canonical"] == ("/queries/numbers?least=1&least=2&word=a%26b%20%3C%C3%BC%3E")
    csv_answer = service.get("/queries/numbers", "text/csv", word="x y", format="csv")
    assert csv_answer.headers["Content-Location"] == "/queries/numbers.csv?word=x%20y"
    assert service.request("GET", csv_answer.headers["Content-Location"]).body == csv_answer.body
    assert "Content-Location" not in service.get("/queries/numbers", HTML).headers
    exposed = csv_answer.headers["Access-Control-Expose-Headers"].split(", ")
    assert {"Link", "Content-Location", "Surplace-Query", "Surplace-Query-Version"} <= set(exposed)


def test_the_address_with_all_values_gives_the_same_answer(service: Service) -> None:
    asked = service.get("/queries/states.nt", state="RUR")
    canonical = links(asked)["canonical"]
    assert canonical == f"/queries/states?state={BASE}id/state/RUR"
    assert service.request("GET", canonical, headers={"Accept": "application/n-triples"}).body == asked.body


# rdflib reads JSON-LD with what it deprecates itself
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize(
    ("form", "parser"), [("ttl", "turtle"), ("nt", "nt"), ("rdf", "xml"), ("jsonld", "json-ld")]
)
def test_a_graph_says_where_it_comes_from(form: str, parser: str, service: Service) -> None:
    response = service.get(f"/queries/states.{form}", state="GRA")
    graph = rdflib.Graph().parse(data=response.body, format=parser)
    release = response.headers["Surplace-Release"]
    answer = URIRef(BASE + links(response)["canonical"].removeprefix("/"))
    asking = URIRef(f"{answer}#{release}")
    query, version = URIRef(BASE + "query/states"), response.headers["Surplace-Query-Version"]
    state, source = URIRef(BASE + "id/state/GRA"), URIRef(f"{BASE}release/{release}")
    assert set(graph) == {
        (state, SKOS.prefLabel, Literal("Graustark", "en")),
        (state, SKOS.note, Literal("WHERE { }")),
        (answer, RDF.type, PROV.Entity),
        (answer, PROV.wasGeneratedBy, asking),
        (answer, PROV.wasDerivedFrom, source),
        (asking, RDF.type, PROV.Activity),
        (asking, PROV.used, query),
        (asking, PROV.used, source),
        (asking, URIRef(f"{query}/state"), state),
        (query, SCHEMA_VERSION, Literal(version)),
    }


def test_a_limit_of_the_question_is_none_of_where_it_comes_from(service: Service) -> None:
    graph = rdflib.Graph().parse(data=service.get("/queries/states.nt").body, format="nt")
    assert len(set(graph.subjects(SKOS.prefLabel))) == 2
    assert len(list(graph.triples((None, PROV.wasDerivedFrom, None)))) == 1
    # any state was asked for, so none is named
    assert (None, URIRef(BASE + "query/states/state"), None) not in graph


def test_an_empty_graph_says_where_it_comes_from(service: Service, tmp_path: Path) -> None:
    nothing = STATES.replace("hasIsoCode", "hasNoSuchThing")
    (tmp_path / "states.rq").write_text(nothing, encoding="utf-8")
    release = make_release(tmp_path / "release")
    with serving("--release", str(release), "--queries", str(tmp_path)) as running:
        response = running.get("/queries/states.nt")
        graph = rdflib.Graph().parse(data=response.body, format="nt")
        assert len(graph) == 7
        assert set(graph.objects(None, SCHEMA_VERSION)) == {
            Literal(hashlib.sha256(nothing.encode()).hexdigest()[:16])
        }
    assert response.headers["Surplace-Release"] == service.get("/").headers["Surplace-Release"]


def test_the_page_shows_the_graph_as_it_is_downloaded(service: Service) -> None:
    shown = service.get("/queries/states", HTML, state="RUR").text
    assert "prov:wasDerivedFrom" in shown
    assert "/query/states.ttl" in shown


@pytest.mark.parametrize(("limit", "offset"), [(2, 0), (2, 1), (1, 1), (3, 0)])
def test_a_part_has_the_same_rows_in_a_sheet_as_in_csv(service: Service, limit: int, offset: int) -> None:
    asked = f"?limit={limit}&offset={offset}"
    listed = service.get(f"/queries/articles.csv{asked}").text.split("\r\n")[1:-1]
    sheet = load_workbook(io.BytesIO(service.get(f"/queries/articles.xlsx{asked}").body)).worksheets[0]
    assert [row[0].value for row in sheet][1:] == sorted(listed, key=lambda text: int(text.split()[1]))


def test_a_spreadsheet_has_the_rows_and_says_what_they_are_an_answer_to(service: Service) -> None:
    address = "/queries/numbers.xlsx?least=2&limit=2&offset=1"
    response = service.get(address)
    book = load_workbook(io.BytesIO(response.body))
    assert [list(row) for row in book["Answer"].values] == [
        ["number", "value"],
        ["three", 3],
        ["four", 4],
    ]
    assert [*book["Addresses"].values] == [("number (IRI)",), ("urn:3",), ("urn:4",)]
    about = dict(book["About"].values)
    assert about["Question"] == "Which numbers there are"
    assert (about["The least number"], about["Its word"]) == ("2", "any")
    assert (about["Rows"], about["Complete"][:3]) == ("2: row 2 to row 3 of 9", "no:")
    release = response.headers["Surplace-Release"]
    assert about["Release"] == release
    assert about["Address"] == f"{BASE}queries/numbers?least=2&release={release}"
    assert about["Sheet Addresses"] == "the IRI of each thing, row by row in the order of this file"
    assert about["Cite as"].endswith(f"release {release}. {about['Address']}")
    assert service.get(f"{address}&nothing=1").body == response.body


def test_a_spreadsheet_that_is_cut_says_so(service: Service) -> None:
    response = service.get("/queries/numbers?format=xlsx")
    about = dict(load_workbook(io.BytesIO(response.body))["About"].values)
    assert about["Complete"].startswith("no: the answer is cut")
    assert response.headers["Surplace-Cut"] == "rows=7"
    named = service.get("/queries/numbers?format=xlsx&least=2").headers["Content-Disposition"]
    assert named == 'attachment; filename="numbers-2.xlsx"'


def test_an_answer_is_cited_with_its_release_by_a_page_and_in_every_form(service: Service) -> None:
    page = service.get("/queries/numbers?least=9", HTML).text
    release = service.get("/queries/numbers.csv").headers["Surplace-Release"]
    assert f"“Which numbers there are (9)”. Surplace, release {release}" in page
    addresses = [html.unescape(found) for found in re.findall(r'href="(/cite/[^"]+)"', page)]
    found = {address.split("?")[0][6:]: service.get(address) for address in addresses}
    assert list(found) == ["text", "bibtex", "ris", "csl"]
    assert found["text"].text.strip() in html.unescape(page).replace("<wbr>", "")
    (item,) = json.loads(found["csl"].body)
    assert item["URL"] == f"{BASE}queries/numbers?least=9&release={release}"
    assert found["ris"].headers["Content-Disposition"] == (
        f'attachment; filename="surplace-queries-numbers-{release[:8]}.ris"'
    )


@pytest.mark.parametrize(
    ("of", "status"),
    [("", 400), ("id/nothing", 404), ("queries/nothing", 404), ("queries/numbers?least=x", 400), ("<>", 404)],
)
def test_what_is_not_there_is_not_cited(service: Service, of: str, status: int) -> None:
    assert service.get("/cite/ris", of=of).status == status


def summed(response: Response) -> str:
    """Return the sentence that sums an answer up."""
    assert response.status == 200, response.text
    return unquote(response.headers.get("Surplace-Summary", "").partition("''")[2])


def test_one_sentence_sums_up_an_answer_in_every_format(service: Service) -> None:
    asked, expected = "/queries/numbers.{}?least=8", "There are eight, nine and ten."
    for form in (*RESULTS, OF_QUESTIONS[1]):
        found = service.get(asked.format(form.name))
        assert (form.name, summed(found)) == (form.name, expected)
        assert summed(service.get(asked.format(form.name) + "&labels=false")) == expected
    assert json.loads(found.text)["summary"] == expected
    page = service.get("/queries/numbers?least=8", HTML)
    assert (summed(page), expected in page.text) == (expected, True)
    sheet = load_workbook(io.BytesIO(service.get(asked.format("xlsx")).body))
    assert dict(sheet["About"].values)["Answer"] == expected
    assert "Surplace-Summary" not in service.get(asked.format("csv") + "&limit=1").headers


def test_a_sentence_for_each_sums_up_the_rows_of_a_few_values(service: Service) -> None:
    assert summed(service.get("/queries/numbers.csv?least=8&least=8")) == "There are eight, nine and ten."
    expected = "There are nine and ten. There is ten."
    for form in (*RESULTS, OF_QUESTIONS[1]):
        found = service.get(f"/queries/numbers.{form.name}?least=9&least=10")
        assert (form.name, summed(found)) == (form.name, expected)
    many = "&".join(f"least={number}" for number in range(6, 11))
    assert summed(service.get(f"/queries/numbers.csv?{many}")) == ""


def test_of_more_rows_than_are_sent_the_sentence_says_so(service: Service) -> None:
    found = service.get("/queries/numbers.csv")
    assert summed(found) == "More than 7 rows fit, too many to sum up: ask for less at once."
    assert found.headers["Surplace-Cut"] == "rows=7"


def test_an_answer_without_its_sentence_is_sent_and_not_kept(service: Service) -> None:
    found = service.get("/queries/faulty.csv")
    assert (found.text, summed(found), "ETag" in found.headers) == ("x\r\n1\r\n2\r\n3\r\n", "", False)


@pytest.mark.parametrize("form", [form.name for form in RESULTS])
def test_an_answer_has_the_same_bytes_with_and_without_a_sentence(form: str) -> None:
    store = Store()
    store.load(b"""@prefix : <urn:> . :a :b "x,y\\n\\"", "z"@en, 1.50, true, :c, _:d .""", RdfFormat.TURTLE)
    evaluate = partial(store.query, "SELECT ?s ?o ?none { ?s ?p ?o } ORDER BY ?o")
    summing = Summing("which", "{{ rows | length }} rows", {"o": ""}, {})
    written = []
    for bytes_held in (8 * 1024 * 1024, 200):
        limits = replace(Limits(), page_bytes=bytes_held)
        results, summary = sum_up(evaluate, summing, OfStore(store), limits)
        write(results, form, sink := io.BytesIO())
        written.append((summary.sentence, sink.getvalue()))
    write(evaluate(), form, plain := io.BytesIO())
    too_many = "More than 0 rows fit, too many to sum up: ask for less at once."
    assert written == [("6 rows.", plain.getvalue()), (too_many, plain.getvalue())]


def test_what_is_cut_is_not_summed_up_as_if_it_were_all(service: Service) -> None:
    page = service.get("/queries/numbers", HTML).text
    assert '<p class="sentence">More than 7 rows fit, too many to sum up: ask for less at once.</p>' in page
    assert "10 rows; the first 3 are shown" in page
    assert "How often" not in page


def test_an_answer_in_a_page_of_others_leads_to_all_rows(service: Service) -> None:
    page = service.get("/queries/numbers", HTML, embed="1").text
    assert ">All 10 rows</a>" in page
    assert "<form" not in page
    wrong = service.get("/queries/numbers", HTML, embed="1", least="many")
    assert wrong.status == 400
    assert "“The least number”" in wrong.text
