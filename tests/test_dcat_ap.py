"""The description keeps DCAT-AP 3.0.1: what is mandatory is there, what is single is single, ranges hold."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyshacl import validate
from rdflib import RDF, Graph, Namespace

from surplace.description import DATASET, describe, describe_version
from surplace.engine.release import find_release

PREFIXES = """
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX foaf: <http://xmlns.com/foaf/0.1/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX spdx: <http://spdx.org/rdf/terms#>
PREFIX vcard: <http://www.w3.org/2006/vcard/ns#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
DCAT = Namespace("http://www.w3.org/ns/dcat#")
# https://semiceu.github.io/DCAT-AP/releases/3.0.1/: property, least and greatest number, class or datatype
ABOUT_ALL = """
dcterms:title 1 - ; dcterms:description 1 - ; dcterms:license 0 1 dcterms:LicenseDocument
dcterms:publisher 0 1 foaf:Agent ; dcterms:language 0 - dcterms:LinguisticSystem ; dcterms:issued 0 1
dcterms:modified 0 1 ; dcterms:spatial 0 - dcterms:Location ; dcterms:temporal 0 - dcterms:PeriodOfTime
"""
SPECIFIED = {
    "dcat:Catalog": f"""{ABOUT_ALL}
dcterms:publisher 1 1 ; foaf:homepage 0 1 foaf:Document ; dcat:dataset 1 - dcat:Dataset
dcat:service 0 - dcat:DataService""",
    "dcat:Dataset": f"""{ABOUT_ALL}
dcat:contactPoint 0 - vcard:Kind ; dcat:theme 0 - skos:Concept ; dcat:landingPage 0 - foaf:Document
dcterms:conformsTo 0 - dcterms:Standard ; dcterms:creator 0 - foaf:Agent ; dcterms:source 0 - dcat:Dataset
dcat:hasVersion 0 - dcat:Dataset ; dcat:distribution 0 - dcat:Distribution ; dcat:version 0 1""",
    "dcat:DataService": """
dcterms:title 1 - ; dcat:endpointURL 1 - rdfs:Resource ; dcat:endpointDescription 0 - rdfs:Resource
dcat:servesDataset 0 - dcat:Dataset ; dcterms:conformsTo 0 - dcterms:Standard""",
    "dcat:Distribution": """
dcat:accessURL 1 - rdfs:Resource ; dcat:downloadURL 0 - rdfs:Resource ; dcat:mediaType 0 1 dcterms:MediaType
dcat:compressFormat 0 1 dcterms:MediaType ; dcat:byteSize 0 1 xsd:nonNegativeInteger
dcterms:license 0 1 dcterms:LicenseDocument ; spdx:checksum 0 1 spdx:Checksum""",
    "spdx:Checksum": "spdx:algorithm 1 1 spdx:ChecksumAlgorithm ; spdx:checksumValue 1 1 xsd:hexBinary",
    "dcterms:PeriodOfTime": "dcat:startDate 0 1 xsd:date ; dcat:endDate 0 1 xsd:date",
    "foaf:Agent": "foaf:name 1 -",
    "skos:Concept": "skos:prefLabel 1 -",
}


def shapes() -> Graph:
    """Write what is specified in SHACL."""
    text = PREFIXES
    for kind, lines in SPECIFIED.items():
        for path, least, most, *values in filter(None, map(str.split, re.split(r"[;\n]", lines))):
            limits = [f"sh:path {path}", f"sh:minCount {least}"]
            limits += [] if most == "-" else [f"sh:maxCount {most}"]
            limits += [f"{'sh:datatype' if v.startswith('xsd:') else 'sh:class'} {v}" for v in values]
            text += f"[] a sh:NodeShape ; sh:targetClass {kind} ; sh:property [ {' ; '.join(limits)} ] .\n"
    return Graph().parse(data=text, format="turtle")


def faults(about: Graph) -> str:
    conforms, _, text = validate(about, shacl_graph=shapes())
    return "" if conforms else str(text)


@pytest.fixture(scope="module")
def about(project_release: Path) -> Graph:
    """Provide the description of the project's own release."""
    manifest = find_release(project_release).manifest
    return Graph().parse(data=describe(manifest).write("text/turtle"), format="turtle")


def test_the_dataset_is_described_as_dcat_ap_wants_it(about: Graph) -> None:
    assert faults(about) == ""
    (catalogue,) = about.subjects(RDF.type, DCAT.Catalog)
    (dataset,) = about.objects(catalogue, DCAT.dataset)
    assert str(dataset) == DATASET
    for name in ("keyword", "theme", "contactPoint"):
        assert list(about.objects(dataset, DCAT[name])), name
    for name in ("spatial", "temporal", "publisher", "license"):
        assert list(about.objects(dataset, Namespace("http://purl.org/dc/terms/")[name])), name


def test_a_release_is_described_so_too(project_release: Path) -> None:
    written = describe_version(find_release(project_release).manifest, None).write("text/turtle")
    assert faults(Graph().parse(data=written, format="turtle")) == ""


def test_a_fault_is_found(about: Graph) -> None:
    broken = Graph() + about
    broken.remove((None, RDF.type, Namespace("http://purl.org/dc/terms/").MediaType))
    assert "MediaType" in faults(broken)
