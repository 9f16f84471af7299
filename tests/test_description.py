"""The description of the dataset counts what there is, in every format, and the same release the same way."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, QuerySolutions, RdfFormat, Store, parse
from rdflib import DCTERMS, RDF, SKOS, XSD, Dataset, Graph, Literal, Namespace, URIRef

from service import Service, make_release, serving
from surplace.description import DATASET, describe
from surplace.description.parts import PARTS
from surplace.engine.release import Release, find_release
from surplace.rdf.formats import GRAPHS

VOID, DCAT = Namespace("http://rdfs.org/ns/void#"), Namespace("http://www.w3.org/ns/dcat#")
SPDX, FOAF = Namespace("http://spdx.org/rdf/terms#"), Namespace("http://xmlns.com/foaf/0.1/")
BASE = "https://w3id.org/surplace/"
WHOLE = URIRef(DATASET)

MORE = """
GRAPH <https://w3id.org/surplace/graph/provenance> {
  <https://w3id.org/surplace/dataset> a <http://rdfs.org/ns/void#Dataset> ;
    dcterms:title "An invented world"@en ; dcterms:description "Two <b>states</b>"@en ;
    dcterms:license <https://creativecommons.org/publicdomain/zero/1.0/> ;
    dcterms:issued "2026-01-02"^^xsd:date ; dcterms:publisher <https://w3id.org/surplace/dataset#authors> ;
    dcterms:creator <https://w3id.org/surplace/dataset#authors> ; owl:versionInfo "9.8.7" .
  <https://w3id.org/surplace/dataset#authors> skos:prefLabel "The inventors"@en .
}
GRAPH <https://w3id.org/surplace/source/surplace/states> {
  state:RUR skos:exactMatch <http://www.wikidata.org/entity/Q1> , <https://sws.geonames.org/2/> .
  state:GRA skos:exactMatch <http://www.wikidata.org/entity/Q3> ; rdfs:seeAlso <https://example.org/a/b> .
}
GRAPH <https://w3id.org/surplace/source/report/p2/s3> { state:RUR a sur:State . }
GRAPH <https://w3id.org/surplace/graph/ontology> { [] a owl:AllDisjointClasses ; owl:members ( sur:State ) . }
"""


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return find_release(make_release(tmp_path_factory.mktemp("release"), MORE))


@pytest.fixture(scope="module")
def service(release: Release) -> Iterator[Service]:
    with serving("--release", str(release.given)) as running:
        yield running


@pytest.fixture(scope="module")
def about(service: Service) -> Graph:
    return Graph().parse(data=service.get("/.well-known/void.ttl").body, format="turtle")


@pytest.fixture(scope="module")
def held(release: Release) -> Dataset:
    """Read the dump with rdflib, which shares no code with what counted."""
    held = Dataset()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # rdflib warns of its own ways
        held.parse(data=(release.path / "dump.nq").read_bytes(), format="nquads")
    return held


def value(about: Graph, subject: URIRef, prop: URIRef) -> Any:
    """Return the one value of a property."""
    (found,) = about.objects(subject, prop)
    return found.toPython() if isinstance(found, Literal) else found


def graphs_of(name: str, held: Dataset) -> list[Graph]:
    """Return the graphs of a part."""
    start = PARTS[name].start
    if not start:
        return [held.default_graph]
    return [graph for graph in held.graphs() if str(graph.identifier).startswith(start)]


def union(graphs: list[Graph]) -> set[Any]:
    """Return the statements of graphs, each once."""
    return {triple for graph in graphs for triple in graph}


def test_the_totals_are_those_that_rdflib_counts(about: Graph, held: Dataset) -> None:
    wholes = {WHOLE: union(list(held.graphs()))}
    parts = {name: graphs_of(name, held) for name in PARTS}
    wholes |= {URIRef(f"{DATASET}#{name}"): union(graphs) for name, graphs in parts.items() if graphs}
    assert len(wholes) > 7
    for subject, triples in wholes.items():
        subjects = {s for s, _, _ in triples}
        assert value(about, subject, VOID.triples) == len(triples), subject
        assert value(about, subject, VOID.distinctSubjects) == len(subjects)
        assert value(about, subject, VOID.distinctObjects) == len({o for _, _, o in triples})
        ours = [s for s in subjects if isinstance(s, URIRef) and s.startswith(BASE)]
        assert value(about, subject, VOID.entities) == len(ours)
    subsets = set(about.objects(WHOLE, VOID.subset)) - set(about.subjects(RDF.type, VOID.Linkset))
    assert subsets == wholes.keys() - {WHOLE}


@pytest.mark.parametrize("name", ["", "default"])
def test_the_partitions_are_those_that_rdflib_counts(name: str, about: Graph, held: Dataset) -> None:
    subject = URIRef(f"{DATASET}#{name}") if name else WHOLE
    triples = union([held.default_graph] if name else list(held.graphs()))
    classes = {o for _, p, o in triples if p == RDF.type}
    assert value(about, subject, VOID.classes) == len(classes)
    found = {}
    for part in about.objects(subject, VOID.classPartition):
        found[value(about, part, VOID["class"])] = value(about, part, VOID.entities)
    assert found == {
        c: len({s for s, p, o in triples if p == RDF.type and o == c and isinstance(s, URIRef)})
        for c in classes
    }
    assert found[URIRef("http://www.w3.org/2002/07/owl#AllDisjointClasses")] == 0
    counted = {}
    for part in about.objects(subject, VOID.propertyPartition):
        figures = (VOID.triples, VOID.distinctSubjects, VOID.distinctObjects)
        counted[value(about, part, VOID.property)] = tuple(value(about, part, figure) for figure in figures)
    properties = {p for _, p, _ in triples}
    assert value(about, subject, VOID.properties) == len(properties)
    assert counted == {
        prop: (
            sum(p == prop for _, p, _ in triples),
            len({s for s, p, _ in triples if p == prop}),
            len({o for _, p, o in triples if p == prop}),
        )
        for prop in properties
    }


def test_links_are_counted_by_property_and_collection(about: Graph) -> None:
    found = {}
    for linkset in about.subjects(RDF.type, VOID.Linkset):
        assert value(about, linkset, VOID.subjectsTarget) == WHOLE
        target = value(about, linkset, VOID.objectsTarget)
        key = (str(value(about, linkset, VOID.linkPredicate)), value(about, target, VOID.uriSpace))
        found[key] = value(about, linkset, VOID.triples)
    assert found == {
        (str(SKOS.exactMatch), "http://www.wikidata.org/entity/"): 2,
        (str(SKOS.exactMatch), "https://sws.geonames.org/"): 1,
        ("http://www.w3.org/2000/01/rdf-schema#seeAlso", "https://example.org/a/"): 1,
        (str(DCTERMS.license), "https://creativecommons.org/publicdomain/zero/1.0/"): 1,
        (str(FOAF.homepage), "https://example.org/"): 1,
        (str(FOAF.homepage), "javascript:"): 1,
    }


def test_what_the_data_say_of_themselves_is_said(about: Graph) -> None:
    assert value(about, WHOLE, DCTERMS.title) == "An invented world"
    assert value(about, WHOLE, DCAT.version) == "9.8.7"
    assert about.value(WHOLE, DCTERMS.issued) == Literal("2026-01-02", datatype=XSD.date)
    publisher = about.value(WHOLE, DCTERMS.publisher)
    assert about.value(publisher, FOAF.name) == Literal("The inventors", lang="en")
    assert (publisher, RDF.type, FOAF.Agent) in about
    assert set(about.objects(WHOLE, RDF.type)) == {VOID.Dataset, DCAT.Dataset}
    assert value(about, WHOLE, VOID.sparqlEndpoint) == URIRef(BASE + "sparql")
    assert (URIRef(BASE + ".well-known/void"), FOAF.primaryTopic, WHOLE) in about
    assert not list(about.subjects(DCTERMS.created))


def test_examples_are_there(about: Graph, service: Service) -> None:
    examples = [str(example) for example in about.objects(WHOLE, VOID.exampleResource)]
    assert BASE + "id/state/GRA" in examples  # as much is said of the others, which come after it
    assert len(examples) == 3
    for example in examples:
        assert service.get("/" + example.removeprefix(BASE), "text/html").status == 200


def test_every_file_is_a_distribution_that_can_be_fetched(
    about: Graph, service: Service, release: Release
) -> None:
    distributions = list(about.objects(WHOLE, DCAT.distribution))
    assert len(distributions) == len(release.manifest["dumps"]) == 5
    assert len(list(about.objects(WHOLE, VOID.dataDump))) == 2
    for file in distributions:
        assert value(about, file, DCAT.downloadURL) == file
        response = service.get("/" + str(file).removeprefix(BASE))
        assert response.status == 200
        assert int(value(about, file, DCAT.byteSize)) == len(response.body)
        checksum = about.value(about.value(file, SPDX.checksum), SPDX.checksumValue)
        assert response.headers["ETag"] == f'"{checksum}"'
        media_type = str(value(about, file, DCAT.mediaType))
        assert media_type.startswith("https://www.iana.org/assignments/media-types/")
        packed = str(about.value(file, DCAT.compressFormat) or media_type).rpartition("media-types/")[2]
        assert response.headers.get_content_type() == packed


@pytest.mark.parametrize("form", GRAPHS, ids=lambda form: form.name)
def test_it_comes_in_every_format(form: Any, service: Service, about: Graph) -> None:
    by_suffix = service.get(f"/.well-known/void.{form.name}")
    by_type = service.get("/.well-known/void", form.media_type)
    by_name = service.get("/.well-known/void", "text/html", format=form.name)
    assert by_suffix.status == 200
    assert by_suffix.headers["Content-Type"] == form.content_type
    assert by_suffix.body == by_type.body == by_name.body
    triples = set(parse(input=by_suffix.body, format=RdfFormat.from_media_type(form.media_type)))
    assert len(triples) == len(about)
    again = service.request(
        "GET", f"/.well-known/void.{form.name}", headers={"If-None-Match": by_suffix.headers["ETag"]}
    )
    assert (again.status, again.body) == (304, b"")


def test_the_same_release_is_described_by_the_same_bytes(tmp_path: Path) -> None:
    named = MORE[: MORE.rindex("GRAPH")]  # the names of blank nodes here are of the moment
    manifests = [find_release(make_release(tmp_path / name, named)).manifest for name in ("a", "b")]
    written = {describe(manifest).write("text/turtle") for manifest in manifests}
    assert len(written) == 1
    assert json.dumps(manifests[0]) == json.dumps(manifests[1])


def test_the_page_shows_the_figures_and_nothing_unescaped(service: Service, about: Graph) -> None:
    page = service.get("/.well-known/void", "text/html")
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "Two &lt;b&gt;states&lt;/b&gt;" in page.text
    assert "<b>" not in page.text
    assert f"{value(about, WHOLE, VOID.triples):,} different statements" in page.text
    assert "surplace.nq.gz" in page.text
    assert 'href="javascript' not in page.text


@pytest.mark.parametrize("path", ["/", "/.well-known/void"])
def test_pages_tell_search_engines_of_the_files(path: str, service: Service, about: Graph) -> None:
    text = service.get(path, "text/html").text.split('<script type="application/ld+json">')[1]
    data = json.loads(text.split("</script>")[0])
    assert (data["@type"], data["creator"]) == ("Dataset", {"@type": "Organization", "name": "The inventors"})
    assert {item["contentUrl"]: item["contentSize"] for item in data["distribution"]} == {
        str(file): f"{value(about, file, DCAT.byteSize)} B"
        for file in about.objects(WHOLE, DCAT.distribution)
    }


def test_the_name_of_the_dataset_leads_there(service: Service) -> None:
    response = service.get("/dataset")
    assert (response.status, response.headers["Location"]) == (303, "/.well-known/void")


def test_the_description_comes_as_a_dataset_too(service: Service, about: Graph) -> None:
    found = service.get("/.well-known/void", "application/n-quads")
    assert (found.status, found.headers["Content-Type"]) == (200, "application/n-quads")
    assert len(found.text.splitlines()) == len(about)


def test_what_is_not_known_is_ignored_and_named(service: Service) -> None:
    plain, more = service.get("/.well-known/void"), service.get("/.well-known/void?colour=red&size=2")
    assert (more.status, more.body) == (200, plain.body)
    assert (plain.headers["Surplace-Ignored"], more.headers["Surplace-Ignored"]) == (None, "colour, size")


@pytest.mark.parametrize(
    ("target", "accept", "status", "code"),
    [
        ("/.well-known/void.doc", "", 404, "not-found"),
        ("/.well-known/void?format=doc", "", 400, "format"),
        ("/.well-known/void", "image/png", 406, "not-acceptable"),
    ],
)
def test_what_is_not_there_is_a_problem(
    target: str, accept: str, status: int, code: str, service: Service
) -> None:
    response = service.request("GET", target, headers={"Accept": accept} if accept else {})
    assert response.status == status
    problem = response.json()
    assert isinstance(problem, dict)
    assert problem["type"] == f"/problems#{code}"


def test_the_first_page_has_signposts(service: Service) -> None:
    header = service.get("/", "text/html").headers["Link"]
    links = [part.split(">; ") for part in header.split(", <")]
    found = {(target.lstrip("<"), parameters.split("; ")[0]) for target, parameters in links}
    assert {
        ("/.well-known/void", 'rel="describedby"'),
        ("/.well-known/void.ttl", 'rel="describedby"'),
        (DATASET, 'rel="cite-as"'),
        ("https://creativecommons.org/publicdomain/zero/1.0/", 'rel="license"'),
        ("/dumps/surplace.nq.gz", 'rel="item"'),
        ("/dumps/surplace-ontology.ttl", 'rel="item"'),
        ("https://schema.org/AboutPage", 'rel="type"'),
    } <= found
    for target, relation in found:
        if target.startswith("/") and relation == 'rel="item"':
            assert service.request("HEAD", target).status == 200


def test_the_first_page_leads_to_all_of_it(service: Service) -> None:
    page = service.get("/", "text/html").text
    for path in ("/.well-known/void", "/dumps/", "/releases", "/ontology", "/openapi.json"):
        assert f'href="{path}"' in page


PROJECT = {
    "triples": "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT ?s ?p ?o { @ } }",
    "subjects": "SELECT (COUNT(DISTINCT ?s) AS ?n) { @ }",
    "objects": "SELECT (COUNT(DISTINCT ?o) AS ?n) { @ }",
    "entities": f'SELECT (COUNT(DISTINCT ?s) AS ?n) {{ @ FILTER(STRSTARTS(STR(?s), "{BASE}")) }}',
}
EVERYWHERE = "{ ?s ?p ?o } UNION { GRAPH ?g { ?s ?p ?o } }"


def test_the_figures_of_the_project_are_those_that_queries_count(project_release: Path) -> None:
    release = find_release(project_release)
    figures = release.manifest["figures"]
    store = Store.read_only(str(release.store))

    def number(query: str, graphs: list[NamedNode] | None = None) -> int:
        rows = store.query(query, named_graphs=graphs)
        assert isinstance(rows, QuerySolutions)
        return int(next(iter(rows))["n"].value)

    named = [graph for graph in store.named_graphs() if isinstance(graph, NamedNode)]
    places = {
        name: [graph for graph in named if graph.value.startswith(part.start)]
        for name, part in PARTS.items()
        if part.start and name in figures["parts"]
    }
    assert len(places) >= 10
    for figure, query in PROJECT.items():
        assert figures["whole"][figure] == number(query.replace("@", EVERYWHERE))
        assert figures["parts"]["default"][figure] == number(query.replace("@", "?s ?p ?o"))
        for name, graphs in places.items():
            found = number(query.replace("@", "GRAPH ?g { ?s ?p ?o }"), graphs)
            assert figures["parts"][name][figure] == found, (name, figure)
    rows = store.query(
        f"SELECT ?p (COUNT(*) AS ?n) {{ SELECT DISTINCT ?s ?p ?o {{ {EVERYWHERE} }} }} GROUP BY ?p"
    )
    assert isinstance(rows, QuerySolutions)
    said = {row["p"].value: int(row["n"].value) for row in rows}
    assert said == {name: counted["triples"] for name, counted in figures["whole"]["properties"].items()}
    rows = store.query(
        "SELECT ?c (COUNT(DISTINCT ?s) AS ?n) { ?s a ?c FILTER(isIRI(?s) && isIRI(?c)) } GROUP BY ?c"
    )
    assert isinstance(rows, QuerySolutions)
    said = {row["c"].value: int(row["n"].value) for row in rows}
    classes = figures["parts"]["default"]["classes"]
    assert said == {name: number for name, number in classes.items() if number}
    linked = {(link["property"], link["target"]): link["triples"] for link in figures["links"]}
    for target in ("http://www.wikidata.org/entity/", "https://sws.geonames.org/"):
        assert linked[str(SKOS.exactMatch), target] == number(
            f'SELECT (COUNT(*) AS ?n) {{ ?s <{SKOS.exactMatch}> ?o FILTER(STRSTARTS(STR(?o), "{target}")) }}'
        )


def test_the_project_says_whose_it_is(project_release: Path) -> None:
    manifest = find_release(project_release).manifest
    about = Graph().parse(data=describe(manifest).write("text/turtle"), format="turtle")
    for prop in (
        DCTERMS.title,
        DCTERMS.description,
        DCTERMS.license,
        DCTERMS.publisher,
        DCTERMS.creator,
        DCTERMS.issued,
        DCTERMS.modified,
        DCAT.version,
    ):
        assert list(about.objects(WHOLE, prop)), prop
    states = set(manifest["figures"]["examples"])
    assert any(example.startswith(BASE + "id/state/") for example in states)
    assert len(states) == 8
