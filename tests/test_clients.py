"""Clients in Python that the tests need anyway: each gets what is there. `make clients` runs many more."""

from __future__ import annotations

import csv
import io
import json
from xml.dom.minidom import Document

import pandas
import pytest
import rdflib
from rdflib.plugins.stores.sparqlstore import SPARQLStore
from SPARQLWrapper import CSV, JSON, POST, POSTDIRECTLY, RDFXML, TSV, TURTLE, XML, SPARQLWrapper
from SPARQLWrapper.SPARQLExceptions import QueryBadFormed

from clients.plan import CLIENTS, HERE
from clients.table import AS_EXPECTED, listed
from service import Service

SUR = "https://w3id.org/surplace/ontology/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
CHINA = rdflib.URIRef("https://w3id.org/surplace/id/state/CHN")
QUERY = f"SELECT ?state ?label {{ ?state a <{SUR}State> ; <{SKOS}prefLabel> ?label }} ORDER BY ?label LIMIT 3"
ROWS = [
    ("https://w3id.org/surplace/id/state/KHM", "Cambodia"),
    ("https://w3id.org/surplace/id/state/CHN", "China"),
    ("https://w3id.org/surplace/id/state/PRK", "Democratic People's Republic of Korea"),
]
GRAPH = (
    f"CONSTRUCT {{ ?s <{SKOS}prefLabel> ?label }} WHERE {{ ?s a <{SUR}State> ; <{SKOS}prefLabel> ?label }}"
)
STATES = 14


@pytest.fixture(scope="module")
def service(project_service: Service) -> Service:
    """The service of the project's own release, under a shorter name."""
    return project_service


def wrapper(service: Service, query: str, form: str) -> SPARQLWrapper:
    found = SPARQLWrapper(f"{service.url}/sparql")
    found.setQuery(query)
    found.setReturnFormat(form)
    return found


@pytest.mark.parametrize("directly", [False, True], ids=["as a form", "directly"])
@pytest.mark.parametrize("method", ["GET", POST])
def test_sparqlwrapper_reads_rows_as_json(service: Service, method: str, directly: bool) -> None:
    asked = wrapper(service, QUERY, JSON)
    asked.setMethod(method)
    if directly:
        asked.setRequestMethod(POSTDIRECTLY)
    rows = asked.queryAndConvert()["results"]["bindings"]
    assert [(row["state"]["value"], row["label"]["value"]) for row in rows] == ROWS


def test_sparqlwrapper_reads_xml_csv_and_tsv(service: Service) -> None:
    document = wrapper(service, QUERY, XML).queryAndConvert()
    assert isinstance(document, Document)
    literals = document.getElementsByTagName("literal")
    assert [item.firstChild.data for item in literals] == [label for _, label in ROWS]
    text = wrapper(service, QUERY, CSV).queryAndConvert().decode()
    assert list(csv.reader(io.StringIO(text))) == [["state", "label"], *map(list, ROWS)]
    lines = wrapper(service, QUERY, TSV).queryAndConvert().decode().splitlines()
    assert lines == ["?state\t?label", *(f'<{iri}>\t"{label}"@en' for iri, label in ROWS)]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # SPARQLWrapper makes one
def test_sparqlwrapper_reads_graphs_and_is_told_what_is_wrong(service: Service) -> None:
    turtle = rdflib.Graph().parse(data=wrapper(service, GRAPH, TURTLE).queryAndConvert(), format="turtle")
    xml = wrapper(service, GRAPH, RDFXML).queryAndConvert()
    assert len(turtle) == STATES
    assert set(turtle) == set(xml)
    with pytest.raises(QueryBadFormed, match=r"Line 1, column 10: the .+ is not closed"):
        wrapper(service, "SELECT * {", JSON).query()


def test_rdflib_reads_the_endpoint_as_a_graph(service: Service) -> None:
    graph = rdflib.Graph(SPARQLStore(f"{service.url}/sparql"))
    assert [(str(state), str(label)) for state, label in graph.query(QUERY)] == ROWS
    labels = set(graph.objects(CHINA, rdflib.URIRef(f"{SKOS}prefLabel")))
    assert labels == {rdflib.Literal("China", lang="en")}
    assert (CHINA, rdflib.RDF.type, rdflib.URIRef(f"{SUR}State")) in graph


def test_rdflib_follows_a_name(service: Service) -> None:
    graph = rdflib.Graph().parse(f"{service.url}/id/state/CHN")
    assert (CHINA, rdflib.RDF.type, rdflib.URIRef(f"{SUR}State")) in graph


def test_pandas_reads_the_csv_of_a_question(service: Service) -> None:
    table = pandas.read_csv(f"{service.url}/queries/states-and-their-identifiers.csv")
    assert len(table) == STATES
    assert dict(ROWS).items() <= dict(zip(table["state"], table["stateLabel"], strict=True)).items()


def test_the_readme_lists_the_clients_that_are_run() -> None:
    rows = listed()
    assert [(name, does, gets) for name, _, does, gets in rows] == [
        (client.name, client.does, AS_EXPECTED) for client in CLIENTS
    ]
    assert all(version for _, version, _, _ in rows)
    assert len(rows) > 20


def test_what_clients_are_installed_from_names_no_registry() -> None:
    lock = json.loads((HERE / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert not [name for name, package in lock.items() if "resolved" in package]
    wanted = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert {name: lock[f"node_modules/{name}"]["version"] for name in wanted} == wanted
