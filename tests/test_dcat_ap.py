"""What a live service answers of its catalogue, dataset, service and files keeps DCAT-AP 3.0.1."""

from __future__ import annotations

import csv
from collections import Counter
from pathlib import Path

import pytest
from rdflib import DCTERMS, FOAF, RDF, RDFS, SKOS, VOID, XSD, Graph, Literal, Namespace, URIRef

from dcat_ap import EU, KINDS, TABLE, faults, shapes
from service import Service, make_release
from surplace.description import DATASET, describe, describe_list, describe_version
from surplace.engine.release import find_release
from surplace.rdf.formats import GRAPHS

DCAT, DCATAP = Namespace("http://www.w3.org/ns/dcat#"), Namespace("http://data.europa.eu/r5r/")
SPDX = Namespace("http://spdx.org/rdf/terms#")
READERS = {"ttl": "turtle", "nt": "nt", "rdf": "xml", "jsonld": "json-ld"}
AUTHORS, CATALOGUE = f"{DATASET}#authors", f"{DATASET}#dcat-catalogue"
UNKNOWN = {
    (AUTHORS, DCTERMS.type),  # nobody says what the authors are
    (DATASET, DCTERMS.publisher),  # who are no body of the European Union
    (CATALOGUE, DCTERMS.publisher),
    *((f"{EU}country/{code}", DCAT[name]) for code in ("CHN", "PRK") for name in ("bbox", "centroid")),
}
"""What is wished for and not said, since no source of the data says it."""


PUBLISHED = {
    "adms:Identifier": 3,
    "dcat:Catalog": 43,
    "dcat:CatalogRecord": 21,
    "dcat:DataService": 32,  # of the 34 that its shape names, two are written nowhere
    "dcat:Dataset": 71,
    "dcat:DatasetSeries": 22,
    "dcat:Distribution": 57,
    "dcat:Relationship": 5,
    "dcterms:LicenseDocument": 2,
    "dcterms:Location": 7,
    "dcterms:PeriodOfTime": 10,
    "foaf:Agent": 5,
    "skos:Concept": 2,
    "skos:ConceptScheme": 2,
    "spdx:Checksum": 8,
}
"""How many property shapes SEMIC publishes for each class in 3.0.1; each has one constraint."""


@pytest.fixture(scope="module")
def against() -> Graph:
    """Provide the profile as shapes."""
    return shapes()


@pytest.fixture(scope="module")
def about(project_service: Service) -> Graph:
    """Provide what the service says of the dataset."""
    return read(project_service, "/.well-known/void")


def read(service: Service, path: str, name: str = "ttl") -> Graph:
    """Return the graph that a path answers in a format."""
    response = service.get(f"{path}.{name}")
    assert response.status == 200
    return Graph().parse(data=response.body, format=READERS[name])


def named(wishes: set[str]) -> set[tuple[str, URIRef]]:
    """Return thing and property of each wish."""
    return {(wish.split()[0], URIRef(wish.split()[1])) for wish in wishes}


def test_the_table_has_as_many_constraints_as_are_published() -> None:
    """A value has a node kind, and may have a class or a datatype too."""
    numbers: Counter[str] = Counter()
    with TABLE.open(encoding="utf-8", newline="") as rows:
        for row in csv.DictReader(rows):
            value = (1 if row["value"] in KINDS else 2) if row["value"] else 0  # 0: only wished for
            numbers[row["class"]] += value + bool(row["least"]) + bool(row["most"])
    assert numbers == PUBLISHED


def test_catalogue_dataset_service_and_files_keep_the_profile(about: Graph, against: Graph) -> None:
    files = set(about.subjects(RDF.type, DCAT.Distribution))
    assert set(about.subjects(RDF.type, DCAT.Catalog)) == {URIRef(CATALOGUE)}
    assert set(about.objects(URIRef(CATALOGUE), DCAT.dataset)) == {URIRef(DATASET)}
    assert set(about.objects(URIRef(DATASET), DCAT.distribution)) == files
    assert len(files) == 5
    broken, wished = faults(about, against)
    assert broken == set()
    assert named(wished) == UNKNOWN | {(str(file), DCATAP.availability) for file in files}


def test_addresses_are_resources_as_3_0_0_still_asks(about: Graph) -> None:
    properties = (DCAT.accessURL, DCAT.downloadURL, DCAT.endpointDescription, DCAT.endpointURL)
    for prop in properties:
        values = set(about.objects(None, prop))
        assert values
        assert values <= set(about.subjects(RDF.type, RDFS.Resource)), prop


def test_a_name_is_that_of_one_thing(about: Graph) -> None:
    titles = Counter(about.subjects(DCTERMS.title))
    assert {thing for thing, number in titles.items() if number > 1} == set()
    kinds = (DCAT.Catalog, DCAT.DataService, DCAT.Distribution, FOAF.Agent, SPDX.Checksum)
    subsets = set(about.objects(URIRef(DATASET), VOID.subset))
    assert subsets
    assert not subsets & {thing for kind in kinds for thing in about.subjects(RDF.type, kind)}


def test_so_do_the_releases(project_service: Service, against: Graph) -> None:
    listed = read(project_service, "/releases")
    (release,) = listed.objects(URIRef(DATASET), DCAT.hasVersion)
    for graph in (listed, read(project_service, f"/release/{release.rpartition('/')[2]}")):
        broken, wished = faults(graph, against)
        assert broken == set()
        allowed = {DCAT.distribution, DCATAP.availability, DCTERMS.publisher}
        assert {prop for thing, prop in named(wished) - UNKNOWN} <= allowed


def test_so_does_a_release_whose_data_say_nothing_of_themselves(tmp_path: Path, against: Graph) -> None:
    manifest = find_release(make_release(tmp_path)).manifest
    written = (describe(manifest), describe_list([manifest], manifest), describe_version(manifest, None))
    for graph in (Graph().parse(data=item.write("text/turtle"), format="turtle") for item in written):
        assert list(graph.subjects(RDF.type, DCAT.Dataset))
        assert not list(graph.subjects(RDF.type, DCAT.Catalog))  # which needs a publisher
        assert faults(graph, against)[0] == set()


def test_so_do_the_files_of_what_a_release_changed(project_release: Path, against: Graph) -> None:
    record = {"statements": 2, "media_type": "application/n-quads", "gzip": True, "bytes": 9}
    files = [{**record, "name": f"{how}.nq.gz", "sha256": "0" * 64} for how in ("added", "removed")]
    changes = {"before": "0" * 64, "files": files, "terms": [], "findings": []}
    written = describe_version(find_release(project_release).manifest, changes).write("text/turtle")
    broken, wished = faults(Graph().parse(data=written, format="turtle"), against)
    assert broken == set()
    assert {prop for thing, prop in named(wished) if "/changes/" in thing} == {DCATAP.availability}


MORE = f"""GRAPH <https://w3id.org/surplace/graph/provenance> {{
  <{DATASET}> a <http://rdfs.org/ns/void#Dataset> ; dcterms:title "Atlas"@en ; dcterms:description "Law"@en ;
    dcterms:license <https://example.org/terms> ; dcterms:publisher <{DATASET}#club> ;
    dcterms:creator <{DATASET}#club> , <{DATASET}#person> ; dcterms:spatial <https://sws.geonames.org/2/> ;
    dcterms:type <{EU}dataset-type/ONTOLOGY> ; dcterms:issued "2026"^^xsd:gYear .
  <{DATASET}#club> skos:prefLabel "Club"@en ;
    dcterms:type <http://purl.org/adms/publishertype/NonProfitOrganisation> .
  <{DATASET}#person> skos:prefLabel "A person" .
  <http://purl.org/adms/publishertype/NonProfitOrganisation> skos:prefLabel "Non-profit organisation"@en .
  <{EU}dataset-type/ONTOLOGY> skos:prefLabel "Ontology"@en .
}}"""


def test_so_does_a_release_of_other_data(tmp_path: Path, against: Graph) -> None:
    written = describe(find_release(make_release(tmp_path, MORE)).manifest).write("text/turtle")
    graph = Graph().parse(data=written, format="turtle")
    broken, wished = faults(graph, against)
    assert broken == set()
    assert (f"{DATASET}#club", DCTERMS.type) not in named(wished)
    assert list(graph.objects(URIRef(CATALOGUE), DCTERMS.publisher)) == [URIRef(f"{DATASET}#club")]


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib, reading JSON-LD
@pytest.mark.filterwarnings("ignore:Dataset.default_context is deprecated")
def test_every_format_says_the_same(project_service: Service, about: Graph) -> None:
    assert set(READERS) == {form.name for form in GRAPHS}
    for name in READERS:
        assert set(read(project_service, "/.well-known/void", name)) == set(about), name


def test_terms_are_those_of_the_controlled_vocabularies(about: Graph) -> None:
    def terms(prop: URIRef) -> set[str]:
        return {str(term).removeprefix(EU) for term in about.objects(None, prop)}

    assert terms(DCTERMS.language) == {"language/ENG"}
    assert terms(DCTERMS.accessRights) == {"access-right/PUBLIC"}
    assert terms(DCTERMS.type) == {"http://purl.org/adms/licencetype/PublicDomain"}
    assert terms(DCAT.themeTaxonomy) == {"data-theme"}
    codes = ("N_QUADS", "N_TRIPLES", "TRIG", "TURTLE")
    assert terms(DCTERMS.format) == {f"file-type/RDF_{code}" for code in codes}
    (licence,) = set(about.objects(None, DCTERMS.license))
    assert (licence, SKOS.exactMatch, URIRef(EU + "licence/CC0")) in about


WHOLE, CATALOG, AGENT = URIRef(DATASET), URIRef(CATALOGUE), URIRef(AUTHORS)
SERVED, ENGLISH = URIRef(f"{DATASET}#service"), URIRef(EU + "language/ENG")


@pytest.mark.parametrize(
    ("lost", "put", "fault"),
    [
        ((CATALOG, DCTERMS.publisher, None), None, (CATALOG, DCTERMS.publisher)),
        ((WHOLE, DCTERMS.title, None), None, (WHOLE, DCTERMS.title)),
        ((AGENT, FOAF.name, None), None, (AGENT, FOAF.name)),
        ((AGENT, RDF.type, None), None, (WHOLE, DCTERMS.publisher)),
        ((None, RDF.type, DCTERMS.LinguisticSystem), None, (WHOLE, DCTERMS.language)),
        ((ENGLISH, SKOS.inScheme, None), None, (CATALOG, DCTERMS.language)),
        ((None, DCAT.endpointURL, None), None, (SERVED, DCAT.endpointURL)),
        ((WHOLE, DCTERMS.issued, None), (WHOLE, DCTERMS.issued, Literal("soon")), (WHOLE, DCTERMS.issued)),
        (None, (WHOLE, DCTERMS.publisher, CATALOG), (WHOLE, DCTERMS.publisher)),
        (None, (WHOLE, DCAT.keyword, CATALOG), (WHOLE, DCAT.keyword)),
        (None, (WHOLE, SPDX.algorithm, WHOLE), None),
        (None, (WHOLE, DCTERMS.type, URIRef(EU + "dataset-type/ONTOLOGY")), (WHOLE, DCTERMS.type)),
        (None, (SERVED, DCAT.endpointURL, Literal("here")), (SERVED, DCAT.endpointURL)),
        (None, (SERVED, DCAT.keyword, WHOLE), (SERVED, DCAT.keyword)),
        (None, (SERVED, FOAF.page, WHOLE), (SERVED, FOAF.page)),
        (None, (WHOLE, DCTERMS.relation, Literal("this")), (WHOLE, DCTERMS.relation)),
        (None, (CATALOG, DCTERMS.issued, Literal("2026", datatype=XSD.gYear)), (CATALOG, DCTERMS.issued)),
    ],
)
def test_a_fault_is_found(
    lost: tuple[URIRef | None, URIRef, URIRef | None] | None,
    put: tuple[URIRef, URIRef, URIRef | Literal] | None,
    fault: tuple[URIRef, URIRef] | None,
    about: Graph,
    against: Graph,
) -> None:
    """A description that is broken so has that fault, or none if the profile does not speak of it."""
    broken = Graph() + about
    if lost:
        assert lost in broken
        broken.remove(lost)
    if put:
        broken.add(put)
    found = named(faults(broken, against)[0])
    assert (fault in {(URIRef(thing), prop) for thing, prop in found}) if fault else not found
