"""The endpoint over HTTP: methods, bodies, datasets, formats and negotiation."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode
from xml.etree import ElementTree as ET

import pytest
import rdflib

from service import Service, make_release, serving
from surplace.namespaces import BASE
from surplace.rdf.formats import formats_table

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
QUERY = {"Content-Type": "application/sparql-query"}
NAMES = (
    "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    f"SELECT ?iri ?name WHERE {{ ?iri a <{BASE}ontology/State> ; skos:prefLabel ?name "
    "FILTER(STRLEN(?name) < 12) } ORDER BY ?name"
)
ROWS = f"iri,name\r\n{BASE}id/state/GRA,Graustark\r\n{BASE}id/state/RUR,Ruritania\r\n"
GRAPH = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH <{BASE}source/report/p2/s4> {{ ?s ?p ?o }} }}"
READ = "application/sparql-query, application/x-www-form-urlencoded"
AWAY = "http://127.0.0.1:9/graph"
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
    assert response.headers["Vary"] == "Accept, Accept-Encoding"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Content-Security-Policy"].startswith("default-src 'none'; ")


def test_post_answers_as_get_does(service: Service) -> None:
    body = urlencode({"query": NAMES}).encode()
    assert service.request("POST", "/sparql?format=csv", body, FORM).text == ROWS
    assert service.request("POST", "/sparql?format=csv", NAMES.encode(), QUERY).text == ROWS
    charset = {"Content-Type": "application/sparql-query; charset=UTF-8"}
    assert service.request("POST", "/sparql?format=csv", NAMES.encode(), charset).text == ROWS


@pytest.mark.parametrize(
    "parameters",
    [{"query": NAMES, "format": "csv"}, {"query": GRAPH}, {}, {"format": "html"}, {"query": "ASK {"}],
)
def test_head_has_the_headers_of_get_and_no_body(service: Service, parameters: dict[str, str]) -> None:
    address = "/sparql?" + urlencode(parameters)
    get, head = service.request("GET", address), service.request("HEAD", address)
    assert head.body == b""
    assert head.status == get.status
    for response in (get, head):
        del response.headers["Date"]
    assert sorted(head.headers.items()) == sorted(get.headers.items())
    assert head.headers["Content-Length"] == str(len(get.body))


def test_options_lists_the_methods_and_lets_pages_of_other_sites_in(service: Service) -> None:
    asked = {"Origin": "https://example.org", "Access-Control-Request-Method": "QUERY"}
    response = service.request("OPTIONS", "/sparql", headers=asked)
    methods = {"GET", "HEAD", "POST", "QUERY", "OPTIONS"}
    assert (response.status, response.body) == (200, b"")
    assert set(response.headers["Allow"].split(", ")) == methods
    assert set(response.headers["Access-Control-Allow-Methods"].split(", ")) == methods
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert "Content-Type" in response.headers["Access-Control-Allow-Headers"]
    for wanted, expected in {
        "queryid, authorization,x-requested-with": "queryid, authorization,x-requested-with",
        "x y": response.headers["Access-Control-Allow-Headers"],
        ",".join(["x"] * 1000): response.headers["Access-Control-Allow-Headers"],
    }.items():
        asked["Access-Control-Request-Headers"] = wanted
        allowed = service.request("OPTIONS", "/sparql", headers=asked)
        assert allowed.headers["Access-Control-Allow-Headers"] == expected
    assert response.headers["Accept-Query"] == READ
    read = service.request("OPTIONS", "/ontology.ttl").headers
    assert read["Allow"] == read["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
    assert service.request("DELETE", "/ontology.ttl").headers["Allow"] == "GET, HEAD, OPTIONS"


@pytest.mark.parametrize("method", ["POST", "QUERY"])
def test_a_query_comes_in_the_body(service: Service, method: str) -> None:
    form = urlencode({"query": NAMES, "format": "csv"}).encode()
    for target, body, headers in (
        ("/sparql", form, FORM),
        ("/sparql?format=csv", NAMES.encode(), QUERY),
        ("/sparql", NAMES.encode(), {**QUERY, "Accept": "text/csv"}),
    ):
        response = service.request(method, target, body, headers)
        assert (response.status, response.text) == (200, ROWS)
        assert response.headers["Accept-Query"] == READ


@pytest.mark.parametrize("method", ["POST", "QUERY"])
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 415),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "multipart/form-data; boundary=x"}, 415),
        ({**QUERY, "Content-Encoding": "gzip"}, 415),
        ({**QUERY, "Content-Encoding": "identity"}, 200),
        ({"Content-Type": "application/sparql-query; charset=iso-8859-1"}, 400),
        ({"Content-Type": "Application/SPARQL-Query; charset=UTF-8"}, 200),
        ({"Content-Type": 'application/sparql-query; x-charset=latin1; Charset="utf-8"; x=y'}, 200),
    ],
)
def test_the_type_and_the_encoding_of_a_body_are_not_guessed(
    service: Service, method: str, headers: dict[str, str], status: int
) -> None:
    response = service.request(method, "/sparql", b"ASK {}", headers)
    assert response.status == status
    if status == 415:
        assert json.loads(response.body)["type"] == "/problems#media-type"
        assert response.headers["Accept-Post"] == response.headers["Accept-Query"] == READ
        assert ("Accept-Encoding" in response.headers) == ("Content-Encoding" in headers)


@pytest.mark.parametrize(
    ("target", "body", "parameter"),
    [
        ("/sparql?query=ASK+{}&query=ASK+{}", None, "query"),
        ("/sparql?query=ASK+{}", b"query=ASK+{}", "query"),
        ("/sparql?query=ASK+{}&format=csv&format=json", None, "format"),
        ("/sparql?query=ASK+{}&output=csv&output=tsv", None, "output"),
        ("/sparql?query=ASK+{}&format=csv&output=json", None, "output"),
        ("/sparql?format=csv", b"query=ASK+{}&format=json", "format"),
        ("/sparql?default-graph-uri=urn:a", None, "query"),
    ],
)
def test_a_parameter_twice_is_refused_by_name(
    service: Service, target: str, body: bytes | None, parameter: str
) -> None:
    response = service.request("POST" if body else "GET", target, body, FORM if body else None)
    problem = json.loads(response.body)
    assert (response.status, problem["type"]) == (400, "/problems#parameter")
    assert problem["parameter"] == parameter


@pytest.mark.parametrize(
    ("more", "ignored"), [("Query=ASK+{}", "Query"), ("callback=f&_=1", "callback, _"), ("format=", None)]
)
def test_what_the_protocol_does_not_know_is_ignored_and_named(
    service: Service, more: str, ignored: str | None
) -> None:
    response = service.request("GET", f"/sparql?query=ASK+{{}}&output=csv&{more}")
    assert (response.status, response.text) == (200, "true")
    assert response.headers["Surplace-Ignored"] == ignored


def test_an_update_in_the_address_is_refused_whatever_is_kept(service: Service) -> None:
    for _ in range(2):
        assert service.get("/sparql", "text/turtle").status == 200
    refused = service.get("/sparql", "text/turtle", update="CLEAR ALL")
    assert (refused.status, json.loads(refused.body)["type"]) == (400, "/problems#update")


def test_a_client_that_names_the_format_in_every_way_gets_it(service: Service) -> None:
    response = service.get("/sparql", query=NAMES, format="csv", output="CSV", results="csv")
    assert response.text == ROWS


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
        ("TEXT/CSV", "text/csv; charset=utf-8"),
        ("text/csv, */*", "text/csv; charset=utf-8"),
        ("*/*, text/csv", "text/csv; charset=utf-8"),
        ("text/csv;q=0, text/*", "text/tab-separated-values; charset=utf-8"),
        ("text/*;q=0.9, text/csv;q=0.1", "text/tab-separated-values; charset=utf-8"),
        ("*/*;q=0.8, application/sparql-results+json;q=0.1", "application/sparql-results+xml"),
        ("text/csv;q=0.5, text/tab-separated-values;q=0.5", "text/csv; charset=utf-8"),
        ("text/csv;q=1.5, application/sparql-results+xml;q=0.2", "application/sparql-results+xml"),
        ("nonsense, application/sparql-results+xml;q=0.2", "application/sparql-results+xml"),
    ],
)
def test_rows_come_in_the_format_that_the_client_likes_best(
    service: Service, accept: str | None, media_type: str
) -> None:
    response = service.get("/sparql", accept, query=NAMES)
    assert (response.status, response.headers["Content-Type"]) == (200, media_type)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib, reading JSON-LD and TriG
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated")
@pytest.mark.parametrize(
    ("accept", "media_type", "reader"),
    [
        (None, "text/turtle; charset=utf-8", "turtle"),
        ("application/n-triples", "application/n-triples", "nt"),
        ("application/rdf+xml", "application/rdf+xml", "xml"),
        ("application/ld+json", "application/ld+json", "json-ld"),
        ("text/csv, application/ld+json;q=0.5", "application/ld+json", "json-ld"),
        ("application/trig", "application/trig", "trig"),
        ("application/x-trig", "application/x-trig", "trig"),
        ("application/n-quads", "application/n-quads", "nquads"),
    ],
)
def test_graphs_come_in_formats_that_another_library_reads_alike(
    service: Service, accept: str | None, media_type: str, reader: str
) -> None:
    response = service.get("/sparql", accept, query=GRAPH)
    assert (response.status, response.headers["Content-Type"]) == (200, media_type)
    dataset = rdflib.Dataset().parse(data=response.body, format=reader)
    graph = dataset.default_graph
    assert len(graph) == len(list(dataset.quads()))
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


def test_json_and_xml_are_what_the_answer_may_be_in_them(service: Service) -> None:
    types = {"json": "application/ld+json", "xml": "application/rdf+xml"}
    for name, media_type in types.items():
        assert service.get("/sparql", query=GRAPH, format=name).headers["Content-Type"] == media_type
    assert service.get("/sparql", query=GRAPH, format="csv").status == 406
    assert service.get("/sparql", query="ASK {}", format="trig").status == 406


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


@pytest.mark.parametrize(
    ("query", "unknown"),
    [
        (f"SELECT * FROM <{AWAY}> {{ ?s ?p ?o }}", AWAY),
        (f"SELECT * FROM NAMED <{AWAY}> {{ ?s ?p ?o }}", AWAY),
        (f"PREFIX a: <{AWAY}> SELECT * FROM a: {{ ?s ?p ?o }}", AWAY),
        (f"BASE <{AWAY}> SELECT * FROM <> {{ ?s ?p ?o }}", AWAY),
        ("BASE <http://127.0.0.1:9/a/b> PREFIX g: <../> SELECT * FROM g:graph { ?s ?p ?o }", AWAY),
        ("SELECT * FROM <graph/none> { ?s ?p ?o }", BASE + "graph/none"),
        (r"SELECT * FROM <graph/\u006eone> { ?s ?p ?o }", BASE + "graph/none"),
        (r"PREFIX g: <graph/> SELECT * FROM g:no\-one { ?s ?p ?o }", BASE + "graph/no-one"),
    ],
)
def test_a_graph_that_is_not_there_is_refused_in_a_query(service: Service, query: str, unknown: str) -> None:
    answer = service.get("/sparql", query=query)
    assert (answer.status, json.loads(answer.body)["type"]) == (400, "/problems#refused")
    assert f"<{unknown}> is not a graph of this release" in json.loads(answer.body)["detail"]


@pytest.mark.parametrize("place", ["default-graph-uri", "named-graph-uri"])
def test_a_graph_that_is_not_there_is_empty_as_a_parameter(service: Service, place: str) -> None:
    query = "SELECT ?s { { ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } } }"
    answer = service.get("/sparql", query=query, format="csv", **{place: [AWAY, "urn:none", AWAY]})
    assert (answer.status, answer.text) == (200, "s\r\n")
    assert answer.headers["Surplace-Unknown-Graphs"] == "2"
    some = service.get("/sparql", query=query, format="csv", **{place: [AWAY, PASSAGE]})
    assert len(some.text.splitlines()) == 5
    assert some.headers["Surplace-Unknown-Graphs"] == "1"
    known = service.get("/sparql", query=query, **{place: PASSAGE})
    assert "Surplace-Unknown-Graphs" not in known.headers
    page = service.get("/sparql", "text/html", query=query, **{place: AWAY})
    assert "1 of the graphs that the address names is not in this release" in page.text


@pytest.mark.parametrize("form", ["nt", "ttl", "trig", "jsonld", "rdf", "html"])
@pytest.mark.parametrize(
    "query",
    [
        'CONSTRUCT { <urn:a> <urn:p> "a"^^rdf:langString } {}',
        'CONSTRUCT { <urn:a> <urn:p> "a"^^rdf:dirLangString } {}',
        'CONSTRUCT { <urn:a> <urn:p> ?x } { BIND(strdt("a", rdf:langString) AS ?x) }',
        'CONSTRUCT { <urn:a> <urn:p> <<( <urn:a> <urn:p> "a"^^rdf:langString )>> } {}',
    ],
)
def test_a_text_of_a_language_without_one_is_refused_in_a_graph(
    service: Service, query: str, form: str
) -> None:
    prologue = "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>"
    response = service.get("/sparql", query=f"{prologue} {query}", format=form)
    assert (response.status, "without a language" in response.text) == (400, True)


def test_an_answer_says_in_what_it_may_differ_from_the_standard(service: Service) -> None:
    query = "SELECT ?s { ?s <urn:p>|<urn:q> ?o FILTER REGEX(?o, '(e)\\\\1') }"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    posted = service.request("POST", "/sparql", urlencode({"query": query}).encode(), form)
    for answer in (service.get("/sparql", query=query), posted):
        assert answer.headers["Surplace-Differs"] == "path-alternative, regex-back-reference"
        assert '</sparql/differences>; rel="help"' in answer.headers["Link"]
    page = service.get("/sparql", "text/html", query=query)
    assert '<a href="/sparql/differences#path-alternative">an alternative of paths' in page.text
    assert 'id="path-alternative"' in service.get("/sparql/differences", "text/html").text
    assert "Surplace-Differs" not in service.get("/sparql", query="SELECT ?s { ?s ?p ?o }").headers


def test_parameters_win_over_the_dataset_of_the_query(service: Service) -> None:
    register = BASE + "source/register/1"
    for clause in (f"FROM <{register}>", f"FROM NAMED <{register}>", f"FROM <{AWAY}>"):
        query = f"SELECT (COUNT(*) AS ?n) {clause} {{ ?s ?p ?o }}"
        answer = service.get("/sparql", query=query, format="csv", **{"default-graph-uri": PASSAGE})
        assert answer.text == "n\r\n4\r\n"
    query = f"SELECT (COUNT(*) AS ?n) FROM <{register}> {{ ?s ?p ?o }}"
    assert service.get("/sparql", query=query, format="csv").text == "n\r\n1\r\n"
    answer = service.get("/sparql", query=query, format="csv", **{"named-graph-uri": register})
    assert answer.text == "n\r\n0\r\n"


def test_a_relative_iri_is_a_name_of_surplace_unless_the_query_has_a_base(service: Service) -> None:
    for query, expected in (
        ("SELECT ?iri { BIND(<id/state/RUR> AS ?iri) }", BASE + "id/state/RUR"),
        ("BASE <ontology/> SELECT ?iri { BIND(<State> AS ?iri) }", BASE + "ontology/State"),
        ("BASE <http://example.org/a> SELECT ?iri { BIND(<b> AS ?iri) }", "http://example.org/b"),
    ):
        assert service.get("/sparql", query=query, format="csv").text == f"iri\r\n{expected}\r\n"
        body = query.encode()
        headers = {**QUERY, "Host": "elsewhere.example"}
        assert expected in service.request("POST", "/sparql/?format=csv", body, headers).text
    graph = "SELECT (COUNT(*) AS ?n) FROM <source/report/p2/s4> { ?s ?p ?o }"
    assert service.get("/sparql", query=graph, format="csv").text == "n\r\n4\r\n"


def test_the_readme_has_the_formats() -> None:
    readme = Path(__file__).resolve().parents[1] / "server/README.md"
    assert formats_table() in readme.read_text(encoding="utf-8")


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
    assert "There it reads: <code>SELECT ?x WHERE { ?x a <mark>foo:Bar</mark> }</code>" in page.text
