"""The questions in RDF: complete, the same in a release and over HTTP, and runnable as SHACL says."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import rdflib
from pyoxigraph import NamedNode, QueryTriples, RdfFormat, Store, parse, serialize
from pyshacl import validate
from rdflib import DCTERMS, RDF, RDFS, SH, SKOS, XSD, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery

from service import Service, make_release, serving
from surplace.catalogue import Query
from surplace.catalogue.groups import heading
from surplace.catalogue.records import record, records
from surplace.engine.release import find_release
from surplace.namespaces import BASE, CATALOGUE, QUERY, SCHEMA
from surplace.resources import ontology_dir
from two_engines import questions

HTML = "text/html"
ADDRESS = "/.well-known/sparql-examples"
FORMATS = {
    "text/turtle": "turtle",
    "application/n-triples": "nt",
    "application/rdf+xml": "xml",
    "application/ld+json": "json-ld",
}
NAME = "which-provisions-bind-a-state-on-a-day"
TEXTS = {"SELECT": SH.select, "ASK": SH.ask, "CONSTRUCT": SH.construct}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    release = make_release(tmp_path_factory.mktemp("release"))
    with serving("--release", str(release)) as running:
        yield running


@pytest.fixture(scope="module")
def graph() -> rdflib.Graph:
    """All records, read by another library."""
    data = serialize(records(questions()), format=RdfFormat.N_TRIPLES)
    return rdflib.Graph().parse(data=data, format="nt")


def iri(query: Query) -> URIRef:
    return URIRef(query.iri)


def test_every_question_has_a_record(graph: rdflib.Graph) -> None:
    assert set(graph.subjects(RDF.type, SH.SPARQLExecutable)) == {iri(query) for query in questions()}
    for query in questions():
        kind = {
            "SELECT": SH.SPARQLSelectExecutable,
            "ASK": SH.SPARQLAskExecutable,
            "CONSTRUCT": SH.SPARQLConstructExecutable,
        }[query.form]
        assert set(graph.objects(iri(query), RDF.type)) == {SH.SPARQLExecutable, kind}
        assert graph.value(iri(query), TEXTS[query.form]) == Literal(query.body)
        assert graph.value(iri(query), RDFS.comment) == Literal(query.summary, "en")
        assert graph.value(iri(query), SKOS.prefLabel) == Literal(query.summary, "en")
        assert {str(tag) for tag in graph.objects(iri(query), URIRef(SCHEMA + "keywords"))} == set(query.tags)
        assert graph.value(iri(query), DCTERMS.subject) == Literal(heading(query.group), "en")
        assert graph.value(iri(query), URIRef(SCHEMA + "target")) == URIRef(BASE + "sparql")
        assert graph.value(iri(query), URIRef(SCHEMA + "url")) == URIRef(f"{BASE}queries/{query.name}")
        assert graph.value(iri(query), URIRef(SCHEMA + "version")) == Literal(query.version)


def test_a_record_leads_to_the_questions_that_it_is_easily_taken_for(graph: rdflib.Graph) -> None:
    related = {(query.iri, QUERY + name) for query in questions() for name in query.related}
    found = {(str(one), str(other)) for one, other in graph.subject_objects(DCTERMS.relation)}
    assert found == related
    assert related


def test_every_parameter_is_described(graph: rdflib.Graph) -> None:
    for query in questions():
        nodes = list(graph.objects(iri(query), SH.parameter))
        ordered = sorted(nodes, key=lambda node: int(str(graph.value(node, SH.order))))
        assert [str(graph.value(node, SH.name)) for node in ordered] == list(query.params)
        for node, parameter in zip(ordered, query.params.values(), strict=True):
            assert graph.value(node, SH.description) == Literal(parameter.description, "en")
            assert str(graph.value(node, SH.path)).rpartition("/")[2] == parameter.name
            assert graph.value(node, SH.optional) == Literal(True)
            defaults = {str(term.value) for term in parameter.defaults if term is not None}
            assert {str(value) for value in graph.objects(node, SH.defaultValue)} == defaults


def test_a_record_says_what_its_parameters_take(graph: rdflib.Graph) -> None:
    parameters = {
        str(graph.value(node, SH.name)): node
        for node in graph.objects(URIRef(f"{BASE}query/{NAME}"), SH.parameter)
    }
    assert graph.value(parameters["state"], SH["class"]) == URIRef(BASE + "ontology/Participant")
    assert graph.value(parameters["as_of"], SH.datatype) == XSD.date
    assert graph.value(parameters["as_of"], SH.defaultValue) == Literal("2010-09-13", datatype=XSD.date)
    assert graph.value(parameters["as_of"], SH.path) == URIRef(f"{BASE}query/{NAME}/as_of")


def test_there_is_no_blank_node(graph: rdflib.Graph) -> None:
    assert not [term for triple in graph for term in triple if isinstance(term, rdflib.BNode)]


@pytest.mark.parametrize("name", sorted(questions().queries))
def test_a_text_runs_by_itself_and_after_the_prefixes_that_are_declared(
    name: str, graph: rdflib.Graph
) -> None:
    query = questions()[name]
    text = str(graph.value(iri(query), TEXTS[query.form]))
    declared = graph.value(iri(query), SH.prefixes)
    prefixes = {
        str(graph.value(node, SH.prefix)): str(graph.value(node, SH.namespace))
        for node in graph.objects(declared, SH.declare)
    }
    assert prefixes["sur"] == BASE + "ontology/"
    before = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in prefixes.items())
    own = "\n".join(line for line in text.splitlines() if not line.startswith("PREFIX "))
    for variant in (text, before + text, before + own):
        Store().query(variant)
        prepareQuery(variant)


def test_the_records_pass_the_shapes(graph: rdflib.Graph) -> None:
    shapes = rdflib.Graph().parse(ontology_dir() / "shapes" / "catalogue.ttl")
    conforms, _, report = validate(graph, shacl_graph=shapes, inference="none")
    assert conforms, report


def test_a_release_holds_the_records_in_a_graph_of_their_own(project_release: Path) -> None:
    store = Store.read_only(str(find_release(project_release).store))
    held = store.query(f"CONSTRUCT {{ ?s ?p ?o }} {{ GRAPH <{CATALOGUE}> {{ ?s ?p ?o }} }}")
    assert isinstance(held, QueryTriples)
    assert set(held) == set(records(questions()))
    assert store.query("SELECT ?s { ?s a <http://www.w3.org/ns/shacl#SPARQLExecutable> }")


def test_the_address_of_a_question_gives_its_record_to_who_reads_rdf(
    graph: rdflib.Graph, service: Service
) -> None:
    described = service.get(f"/query/{NAME}.nt").body
    address = f"/queries/{NAME}"
    for path, accept in ((address, "text/turtle, */*;q=0.1"), (f"{address}.ttl", None), (address, "text/n3")):
        response = service.get(path, accept)
        assert response.headers["Content-Location"] == f"{address}.ttl"
        found = rdflib.Graph().parse(data=response.body, format="turtle")
        assert set(found) == set(rdflib.Graph().parse(data=described, format="nt"))
        assert set(found) < set(graph)
    for accept in ("*/*", "application/json, text/turtle", "application/xml"):
        assert "provisionLabel" in service.get(address, accept).text


# rdflib reads JSON-LD with what it deprecates itself
@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")
@pytest.mark.parametrize("media_type", FORMATS)
def test_all_records_are_served_where_programs_look_for_them(
    media_type: str, graph: rdflib.Graph, service: Service
) -> None:
    response = service.get(ADDRESS, media_type)
    assert response.headers.get_content_type() == media_type
    assert set(rdflib.Graph().parse(data=response.body, format=FORMATS[media_type])) == set(graph)


def test_the_records_come_in_turtle_unless_another_format_is_asked_for(service: Service) -> None:
    assert service.get(ADDRESS).headers["Content-Type"] == "text/turtle; charset=utf-8"
    assert service.get(ADDRESS, HTML).status == 406
    assert service.get(ADDRESS, HTML, format="jsonld").headers["Content-Type"] == "application/ld+json"
    assert service.get(ADDRESS, format="csv").status == 400
    first = service.get(ADDRESS)
    more = service.get(ADDRESS, colour="red")
    assert (more.status, more.body, more.headers["Surplace-Ignored"]) == (200, first.body, "colour")
    again = service.request("GET", ADDRESS, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status, again.body) == (304, b"")


def test_the_iri_of_a_question_leads_to_its_page_or_to_its_record(service: Service) -> None:
    for accept, location in (
        (None, f"/query/{NAME}.ttl"),
        ("*/*", f"/query/{NAME}.ttl"),
        (HTML, f"/queries/{NAME}"),
        ("text/turtle", f"/query/{NAME}.ttl"),
        ("application/ld+json, text/html;q=0.5", f"/query/{NAME}.jsonld"),
        ("application/trig", f"/query/{NAME}.trig"),
    ):
        response = service.get(f"/query/{NAME}", accept)
        assert (response.status, response.headers["Location"]) == (303, location)
        assert "Accept" in response.headers["Vary"]
    assert service.get(f"/query/{NAME}", "image/png").status == 406
    assert service.get("/query/what-is-not-asked").status == 404
    assert service.get("/query/what-is-not-asked.ttl").status == 404
    assert service.get("/query/undefined-term").status == 404
    found = rdflib.Graph().parse(data=service.get(f"/query/{NAME}.ttl").body, format="turtle")
    expected = serialize(record(questions()[NAME]), format=RdfFormat.N_TRIPLES)
    assert set(found) == set(rdflib.Graph().parse(data=expected, format="nt"))
    for end, form in (("trig", RdfFormat.TRIG), ("nq", RdfFormat.N_QUADS)):
        quads = parse(service.get(f"/query/{NAME}.{end}").body, format=form)
        assert {quad.triple for quad in quads} == {
            quad.triple for quad in parse(expected, format=RdfFormat.N_TRIPLES)
        }


def test_every_iri_of_a_record_leads_somewhere(service: Service) -> None:
    names = {
        term.value.removeprefix(BASE)
        for triple in record(questions()[NAME])
        for term in triple
        if isinstance(term, NamedNode) and term.value.startswith(f"{BASE}query/")
    }
    assert len(names) == 7
    for name in names - {f"query/{NAME}"}:
        field = name.rpartition("/")[2]
        response = service.get(f"/{name}", HTML)
        assert (response.status, response.headers["Location"]) == (303, f"/queries/{NAME}#field-{field}")
        assert f'id="field-{field}"' in service.get(f"/queries/{NAME}", HTML).text
        assert service.get(f"/{name}", "text/turtle").headers["Location"] == f"/query/{NAME}.ttl"
    assert service.get(f"/query/{NAME}/colour").status == 404
