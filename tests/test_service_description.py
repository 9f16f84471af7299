"""The endpoint describes itself in RDF, truly, and keeps the W3C tests of SPARQL 1.1 Service Description."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import NamedNode, Store
from rdflib.namespace import OWL, RDFS, VOID

from service import Service, make_release, serving
from surplace.engine.release import find_release
from surplace.namespaces import BASE, KNOWLEDGE, ONTOLOGY, PROVENANCE
from surplace.rdf.formats import FORMATS, formats_of

SD = rdflib.Namespace("http://www.w3.org/ns/sparql-service-description#")
W3C = rdflib.Namespace("http://www.w3.org/ns/formats/")
READERS = {
    "ttl": "turtle",
    "nt": "nt",
    "rdf": "xml",
    "jsonld": "json-ld",
    "trig": "trig",
    "nq": "nquads",
}
FEATURES = ("DereferencesURIs", "UnionDefaultGraph", "RequiresDataset", "EmptyGraphs", "BasicFederatedQuery")
"""All features that the recommendation names."""
ODD = "http://example.org/a graph?of=others&ä".replace(" ", "%20")
MORE = f"GRAPH <{ODD}> {{ <urn:a> <urn:b> <urn:c> }}" + "".join(
    f"GRAPH <{BASE}source/long/p{number}> {{ <urn:a> <urn:b> {number} }}" for number in range(500)
)


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_release(tmp_path_factory.mktemp("release"), MORE)


@pytest.fixture(scope="module")
def service(release: Path) -> Iterator[Service]:
    with serving("--release", str(release)) as running:
        yield running


@pytest.fixture(scope="module")
def description(service: Service) -> rdflib.Graph:
    response = service.get("/sparql")
    assert (response.status, response.headers["Content-Type"]) == (200, "text/turtle; charset=utf-8")
    return rdflib.Graph().parse(data=response.body, format="turtle")


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib, reading JSON-LD
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated")
def test_it_is_the_same_graph_in_every_format(service: Service, description: rdflib.Graph) -> None:
    assert set(READERS) == {form.name for form in formats_of("graph")}
    for name, reader in READERS.items():
        for response in (
            service.get("/sparql", "text/html", format=name),
            service.get("/sparql", f"text/html;q=0.1, {FORMATS[name].media_type}"),
        ):
            assert response.headers["Content-Type"] == FORMATS[name].content_type
            found = rdflib.Dataset().parse(data=response.body, format=reader)
            assert {quad[:3] for quad in found.quads()} == set(description)


def test_w3c_get_on_the_endpoint_returns_rdf(description: rdflib.Graph) -> None:
    assert len(description) > 100


def test_it_is_short_even_if_there_are_hundreds_of_graphs(service: Service) -> None:
    assert len(service.get("/sparql").body) < 16_384


def test_w3c_there_is_a_matching_endpoint_triple(service: Service) -> None:
    for path in ("/sparql", "/sparql/"):
        graph = rdflib.Graph().parse(data=service.get(path).body, format="turtle")
        assert list(graph.objects(None, SD.endpoint)) == [rdflib.URIRef(service.url + path)]


def test_w3c_it_conforms_to_the_schema(description: rdflib.Graph) -> None:
    graphs = set(description.subjects(rdflib.RDF.type, SD.NamedGraph))
    assert graphs == set(description.objects(None, SD.namedGraph))
    for graph in graphs:
        assert isinstance(description.value(graph, SD.name, any=False), rdflib.URIRef)
    (dataset,) = description.subjects(rdflib.RDF.type, SD.Dataset)
    assert description.value(dataset, SD.defaultGraph, any=False) is not None
    (service,) = description.subjects(rdflib.RDF.type, SD.Service)
    ranges = {
        "endpoint": None,
        "supportedLanguage": None,
        "resultFormat": None,
        "defaultEntailmentRegime": None,
        "defaultDataset": SD.Dataset,
        "availableGraphs": None,
    }
    said = {predicate.removeprefix(SD) for predicate in description.predicates(service) if predicate in SD}
    assert said == set(ranges)
    for name, kind in ranges.items():
        assert kind is None or (description.value(service, SD[name]), rdflib.RDF.type, kind) in description


def sizes(graph: rdflib.Graph) -> dict[str, int]:
    """Return how many triples the named graphs have, by name, as it is said."""
    found = {}
    for node in graph.objects(None, SD.namedGraph):
        named = graph.value(node, SD.graph)
        assert (node, rdflib.RDF.type, SD.NamedGraph) in graph
        assert (named, rdflib.RDF.type, SD.Graph) in graph
        found[str(graph.value(node, SD.name))] = graph.value(named, VOID.triples).toPython()
    return found


def test_every_graph_is_there_with_its_true_count(
    service: Service, release: Path, description: rdflib.Graph
) -> None:
    store = Store.read_only(str(find_release(release).store))
    expected = {
        graph.value: sum(1 for _ in store.quads_for_pattern(None, None, None, graph))
        for graph in store.named_graphs()
        if isinstance(graph, NamedNode)
    }
    (address,) = description.objects(None, SD.availableGraphs)
    assert str(address) == f"{service.url}/sparql/graphs"
    listed = rdflib.Graph().parse(data=service.get("/sparql/graphs").body, format="turtle")
    assert (address, rdflib.RDF.type, SD.GraphCollection) in listed
    assert sizes(listed) == expected
    assert ODD in expected
    first = sizes(description)
    assert len(first) == 20
    assert first.items() < expected.items()
    assert {KNOWLEDGE, ONTOLOGY, PROVENANCE} < first.keys()
    ((dataset, default),) = description.subject_objects(SD.defaultGraph)
    manifest = find_release(release).manifest
    assert description.value(default, VOID.triples).toPython() == manifest["default_graph"]
    assert str(description.value(dataset, OWL.versionInfo)) == find_release(release).name


def test_every_format_that_w3c_has_a_name_for_is_said_and_no_other(description: rdflib.Graph) -> None:
    names = "SPARQL_Results_JSON SPARQL_Results_XML SPARQL_Results_CSV SPARQL_Results_TSV"
    names += " Turtle N-Triples RDF_XML JSON-LD TriG N-Quads"
    assert set(description.objects(None, SD.resultFormat)) == {W3C[name] for name in names.split()}


def test_the_language_is_sparql_and_no_feature_is_claimed(
    service: Service, description: rdflib.Graph
) -> None:
    assert set(description.objects(None, SD.supportedLanguage)) == {SD.SPARQL11Query}
    assert not list(description.objects(None, SD.feature))
    # and this is why, feature by feature
    shown = {
        "BasicFederatedQuery": service.get("/sparql", query="ASK { SERVICE <urn:x> {} }").status == 400,
        "DereferencesURIs": service.get("/sparql", query=f"ASK FROM <{service.url}/> {{}}").status == 400,
        "RequiresDataset": service.get("/sparql", query="ASK { ?s ?p ?o }").json()
        == {"head": {}, "boolean": True},
        "UnionDefaultGraph": service.get(
            "/sparql", query="ASK { GRAPH ?g { ?s ?p ?o } MINUS { ?s ?p ?o } }"
        ).json()
        == {"head": {}, "boolean": True},
        "EmptyGraphs": service.get(
            "/sparql", query="ASK { GRAPH ?g {} MINUS { GRAPH ?g { ?s ?p ?o } } }"
        ).json()
        == {"head": {}, "boolean": False},
    }
    assert shown == dict.fromkeys(FEATURES, True)


def test_queries_find_what_is_there_and_no_graph_claims_more(
    service: Service, description: rdflib.Graph
) -> None:
    regimes = set(description.objects(None, SD.defaultEntailmentRegime))
    assert regimes == {rdflib.URIRef("http://www.w3.org/ns/entailment/Simple")}
    assert not list(description.subject_objects(SD.entailmentRegime))
    # and this is why: OWL 2 RL entails it of everything
    query = f"ASK {{ GRAPH <{KNOWLEDGE}> {{ ?anything a <{OWL.Thing}> }} }}"
    assert service.get("/sparql", query=query).json() == {"head": {}, "boolean": False}
    node = description.value(None, SD.name, rdflib.URIRef(KNOWLEDGE))
    assert "OWL 2 RL" in str(description.value(node, RDFS.comment))


def test_it_leads_to_the_description_of_the_data_and_to_examples(
    service: Service, description: rdflib.Graph
) -> None:
    (this,) = description.subjects(rdflib.RDF.type, SD.Service)
    (dataset,) = description.subjects(rdflib.RDF.type, SD.Dataset)
    paths = ("/.well-known/void", "/.well-known/sparql-examples", "/openapi.json")
    assert set(description.objects(this, RDFS.seeAlso)) == {
        rdflib.URIRef(service.url + path) for path in paths
    }
    assert set(description.objects(dataset, RDFS.seeAlso)) == {
        rdflib.URIRef(service.url + path) for path in (paths[0], "/sparql/graphs")
    }


def test_the_same_release_has_the_same_bytes(service: Service, release: Path) -> None:
    bodies = []
    with serving("--release", str(release)) as other:
        for running in (service, service, other):
            headers = {"Host": "surplace.example", "Accept": "text/turtle"}
            response = running.request("GET", "/sparql", headers=headers)
            bodies.append(response.body)
            assert b"<http://surplace.example/sparql#service> a sd:Service" in response.body
    assert bodies[0] == bodies[1] == bodies[2]


@pytest.mark.parametrize("host", ["a<b>", "", "a b", "[::1", "a:b:c", 'a"'])
def test_a_host_that_is_none_is_refused(service: Service, host: str) -> None:
    response = service.request("GET", "/sparql", headers={"Host": host, "Accept": "text/turtle"})
    assert (response.status, json.loads(response.body)["type"]) == (400, "/problems#bad-request")


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated")
def test_another_endpoint_answers_in_every_format_and_is_described_without_its_data(service: Service) -> None:
    with serving("--endpoint", f"{service.url}/sparql") as running:
        graph = rdflib.Graph().parse(data=running.get("/sparql").body, format="turtle")
        assert running.get("/sparql/graphs").status == 404
        construct = f"CONSTRUCT WHERE {{ <{BASE}id/state/RUR> ?p ?o }}"
        for name, reader in READERS.items():  # TriG and N-Quads are asked for as Turtle and N-Triples
            answer = running.get("/sparql", query=construct, format=name)
            assert answer.headers["Content-Type"] == FORMATS[name].content_type
            assert len(list(rdflib.Dataset().parse(data=answer.body, format=reader).quads())) == 4
    assert list(graph.objects(None, SD.endpoint)) == [rdflib.URIRef(f"{running.url}/sparql")]
    assert not list(graph.objects(None, SD.defaultDataset))
    (about,) = graph.objects(None, RDFS.comment)
    assert str(about) == "Read-only: SPARQL 1.1 Query without SERVICE."
    assert {str(there).removeprefix(f"{running.url}/") for there in graph.objects(None, RDFS.seeAlso)} == {
        ".well-known/sparql-examples",
        "openapi.json",
    }
    assert not [triple for triple in graph if BASE in "".join(triple)]


@pytest.mark.parametrize("name", ["csv", "spreadsheet"])
def test_without_a_query_there_are_no_rows(service: Service, name: str) -> None:
    response = service.get("/sparql", format=name)
    assert response.status == 400
    problem = json.loads(response.body)
    assert (problem["type"], problem["parameter"]) == ("/problems#parameter", "query")


@pytest.mark.parametrize(
    ("query", "code", "status"),
    [
        ("format=csv", "format", 400),
        ("format=ttl&format=nt", "parameter", 400),
        ("output=ttl", "not-acceptable", 406),  # which is no parameter of this address
        ("", "not-acceptable", 406),
    ],
)
def test_the_list_of_graphs_comes_in_formats_for_graphs(
    service: Service, query: str, code: str, status: int
) -> None:
    response = service.get(f"/sparql/graphs?{query}", "image/png")
    assert (response.status, json.loads(response.body)["type"]) == (status, f"/problems#{code}")
    assert service.get("/sparql/graphs?format=nq").headers["Content-Type"] == "application/n-quads"


def test_what_is_no_format_of_it_is_not_acceptable(service: Service) -> None:
    response = service.get("/sparql", "text/csv, image/png")
    assert response.status == 406
    offered = [form.media_type for form in formats_of("graph")]
    assert json.loads(response.body)["offered"] == [*offered, "text/html"]
