"""The endpoint over HTTP: methods, bodies, datasets, formats and negotiation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
import rdflib

from service import Service, make_release, serving
from surplace.namespaces import BASE

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
QUERY = {"Content-Type": "application/sparql-query"}
NAMES = (
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    f"SELECT ?iri ?name WHERE {{ ?iri a <{BASE}ontology/State> ; skos:prefLabel ?name "
    "FILTER(STRLEN(?name) < 12) } ORDER BY ?name"
)
ROWS = f"iri,name\r\n{BASE}id/state/GRA,Graustark\r\n{BASE}id/state/RUR,Ruritania\r\n"
GRAPH = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{BASE}source/report/p2/s4> {{ ?s ?p ?o }} }}"
PASSAGE = BASE + "source/report/p2/s4"
COUNT = "SELECT (COUNT(*) AS ?n) WHERE { ?s ?p ?o }"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    with serving("--release", str(make_release(tmp_path_factory.mktemp("release")))) as running:
        yield running


def test_get_answers_with_exact_rows_and_headers(service: Service) -> None:
    response = service.get("/sparql", "text/csv", query=NAMES)
    assert (response.status, response.text) == (200, ROWS)
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Length"] == str(len(ROWS))
    assert response.headers["Vary"] == "Accept"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; ")


def test_post_answers_as_get_does(service: Service) -> None:
    body = urlencode({"query": NAMES}).encode()
    assert service.request("POST", "/sparql?format=csv", body, FORM).text == ROWS
    assert service.request("POST", "/sparql?format=csv", NAMES.encode(), QUERY).text == ROWS
    charset = {"Content-Type": "application/sparql-query; charset=UTF-8"}
    assert service.request("POST", "/sparql?format=csv", NAMES.encode(), charset).text == ROWS


def test_head_has_the_headers_of_get_and_no_body(service: Service) -> None:
    response = service.request("HEAD", "/sparql?" + urlencode({"query": NAMES, "format": "csv"}))
    assert (response.status, response.body) == (200, b"")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        (None, "application/sparql-results+json"),
        ("*/*", "application/sparql-results+json"),
        ("application/json", "application/json"),
        ("application/sparql-results+xml", "application/sparql-results+xml"),
        ("application/xml", "application/xml"),
        ("text/*", "text/csv; charset=utf-8"),
        ("text/tab-separated-values", "text/tab-separated-values; charset=utf-8"),
        ("text/csv; charset=utf-8", "text/csv; charset=utf-8"),
        ("text/csv;q=0.4, application/sparql-results+xml;q=0.6", "application/sparql-results+xml"),
        ("text/turtle, text/csv;q=0.1", "text/csv; charset=utf-8"),
        ("image/png, */*;q=0.1", "application/sparql-results+json"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "text/html; charset=utf-8"),
    ],
)
def test_rows_come_in_the_format_that_the_client_likes_best(
    service: Service, accept: str | None, media_type: str
) -> None:
    response = service.get("/sparql", accept, query=NAMES)
    assert (response.status, response.headers["Content-Type"]) == (200, media_type)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib, reading JSON-LD
@pytest.mark.parametrize(
    ("accept", "media_type", "reader"),
    [
        (None, "text/turtle; charset=utf-8", "turtle"),
        ("application/n-triples", "application/n-triples", "nt"),
        ("application/rdf+xml", "application/rdf+xml", "xml"),
        ("application/ld+json", "application/ld+json", "json-ld"),
        ("text/csv, application/ld+json;q=0.5", "application/ld+json", "json-ld"),
    ],
)
def test_graphs_come_in_formats_that_another_library_reads_alike(
    service: Service, accept: str | None, media_type: str, reader: str
) -> None:
    response = service.get("/sparql", accept, query=GRAPH)
    assert (response.status, response.headers["Content-Type"]) == (200, media_type)
    graph = rdflib.Graph().parse(data=response.body, format=reader)
    subject, claim = rdflib.URIRef(BASE + "claim/envoy"), rdflib.URIRef(BASE + "ontology/Claim")
    assert len(graph) == 4
    assert (subject, rdflib.RDF.type, claim) in graph


def test_the_name_of_a_format_beats_accept(service: Service) -> None:
    for name in ("format", "output", "results"):
        response = service.get("/sparql", "text/html", query=NAMES, **{name: "xml"})
        assert response.headers["Content-Type"] == "application/sparql-results+xml"
    root = ET.fromstring(response.body)
    assert len(root.findall(".//{http://www.w3.org/2005/sparql-results#}result")) == 2
    assert (
        service.get("/sparql", query=GRAPH, format="turtle").headers["Content-Type"].startswith("text/turtle")
    )


def test_ask_describe_and_an_empty_answer(service: Service) -> None:
    assert json.loads(service.get("/sparql", query="ASK {}").body) == {"head": {}, "boolean": True}
    assert service.get("/sparql", query="ASK { <urn:a> ?p ?o }", format="csv").text == "false"
    described = service.get("/sparql", query=f"DESCRIBE <{BASE}id/state/RUR>")
    assert len(rdflib.Graph().parse(data=described.body, format="turtle")) == 4
    assert service.get("/sparql", query="SELECT ?x { <urn:a> ?p ?x }", format="csv").text == "x\r\n"


@pytest.mark.parametrize(
    ("graphs", "expected"),
    [
        ({"default-graph-uri": PASSAGE}, "4"),
        ({"default-graph-uri": [PASSAGE, BASE + "source/register/1"]}, "5"),
        ({"named-graph-uri": PASSAGE}, "0"),
    ],
)
def test_the_dataset_is_named_by_parameters(
    service: Service, graphs: dict[str, str | list[str]], expected: str
) -> None:
    query = {"query": COUNT, "format": "csv", **graphs}
    assert service.get("/sparql", **query).text == f"n\r\n{expected}\r\n"
    body = urlencode(query, doseq=True).encode()
    assert service.request("POST", "/sparql", body, FORM).text == f"n\r\n{expected}\r\n"


@pytest.mark.parametrize("place", ["default-graph-uri", "named-graph-uri", "FROM", "FROM NAMED"])
def test_a_graph_that_is_not_there_is_refused(service: Service, place: str) -> None:
    unknown = "http://127.0.0.1:9/graph"
    given = {} if place.startswith("FROM") else {place: unknown}
    clause = f"{place} <{unknown}>" if not given else ""
    answer = service.get("/sparql", query=f"SELECT * {clause} {{ ?s ?p ?o }}", **given)
    assert answer.status == 400
    assert f"<{unknown}> is not a graph of this release" in json.loads(answer.body)["detail"]


def test_a_large_answer_is_whole_and_says_its_size(service: Service) -> None:
    query = "SELECT * { ?a ?b ?c . ?d ?e ?f }"
    response = service.get("/sparql", "application/json", query=query)
    assert int(response.headers["Content-Length"]) == len(response.body) > 2_000_000
    count = json.loads(service.get("/sparql", query=COUNT).body)["results"]["bindings"][0]["n"]["value"]
    assert len(json.loads(response.body)["results"]["bindings"]) == int(count) ** 2


def test_a_person_gets_the_editor_with_the_answer_below(service: Service) -> None:
    page = service.get("/sparql", "text/html")
    assert (page.status, page.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert '<textarea id="query" name="query"' in page.text
    answered = service.get("/sparql", "text/html", query=NAMES).text
    assert "2 rows" in answered
    assert '<a href="/id/state/RUR">Ruritania</a>' in answered
    assert "sur:Claim" in service.get("/sparql", "text/html", query=GRAPH).text
    assert '<p class="verdict">Yes</p>' in service.get("/sparql", "text/html", query="ASK {}").text


def test_a_person_gets_the_editor_back_with_what_is_wrong(service: Service) -> None:
    page = service.get("/sparql", "text/html", query="SELECT ?x WHERE { ?x a foo:Bar }")
    assert page.status == 400
    assert "SELECT ?x WHERE { ?x a foo:Bar }</textarea>" in page.text
    assert "At line 1, column 24: <code>foo:Bar</code>" in page.text
