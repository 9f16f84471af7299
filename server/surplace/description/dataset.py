"""The description of the dataset: what it is, whose, how much, where to ask it and where to fetch it.

Everything comes from the manifest of a release, so the same release is always described by the same bytes.
The figures count statements once, in however many graphs they stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from surplace.description.figures import describe_figures
from surplace.description.graph import DCAT, VOID, DescriptionGraph, address, english
from surplace.description.ranges import say_ranges
from surplace.description.releases import describe_distributions, release_iri
from surplace.namespaces import BASE, DCTERMS, FOAF, OWL, PROV, RDF, SKOS, XSD

DATASET: Final = address("dataset")
DOCUMENT: Final = address(".well-known/void")
SERVICE: Final = DATASET + "#service"
CATALOGUE: Final = DATASET + "#catalogue"
_ENGLISH: Final = "http://publications.europa.eu/resource/authority/language/ENG"
_FEATURES: Final = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads")
_AGENTS: Final = (DCTERMS + "creator", DCTERMS + "contributor", DCTERMS + "publisher")


def describe(manifest: Mapping[str, Any]) -> DescriptionGraph:
    """Describe the dataset as the release of that manifest holds it."""
    about = DescriptionGraph()
    about.is_a(DATASET, VOID + "Dataset", DCAT + "Dataset")
    _stated(about, manifest)
    about.say(DATASET, FOAF + "homepage", BASE)
    about.say(DATASET, DCAT + "landingPage", BASE)
    about.say(DATASET, DCTERMS + "language", _ENGLISH)
    about.say(DATASET, DCTERMS + "identifier", Literal(DATASET))
    about.say(DATASET, DCTERMS + "conformsTo", address("ontology"))
    about.say(DATASET, PROV + "wasDerivedFrom", *(source["iri"] for source in manifest.get("sources", ())))
    about.say(DATASET, DCAT + "hasCurrentVersion", release_iri(manifest))
    about.say(DATASET, VOID + "uriSpace", Literal(BASE))
    about.say(DATASET, VOID + "uriRegexPattern", Literal("^https://w3id\\.org/surplace/.+"))
    about.say(DATASET, VOID + "feature", *(f"http://www.w3.org/ns/formats/{name}" for name in _FEATURES))
    about.say(DATASET, VOID + "sparqlEndpoint", address("sparql"))
    _service(about)
    describe_distributions(about, DATASET, manifest)
    if "figures" in manifest:
        describe_figures(about, DATASET, manifest["figures"])
    _catalogue(about, manifest)
    _document(about, manifest)
    say_ranges(about)
    return about


def licence_of(manifest: Mapping[str, Any]) -> str | None:
    """Return the IRI of the licence of the data, if they name one."""
    return text_of(manifest, "license") or None


def text_of(manifest: Mapping[str, Any], name: str) -> str:
    """Return what the data say of themselves with that term of Dublin Core, or nothing."""
    return next(
        (
            str(item["value"])
            for item in manifest.get("dataset", ())
            if item["subject"] == DATASET and item["property"] == DCTERMS + name
        ),
        "",
    )


def agent_of(manifest: Mapping[str, Any], role: str) -> str:
    """Return the name of whoever has that role, a term of Dublin Core, or nothing."""
    agent = text_of(manifest, role)
    names = (
        str(item["value"])
        for item in manifest.get("dataset", ())
        if item["subject"] == agent and item["property"] == SKOS + "prefLabel"
    )
    return next(names, agent)


def _stated(about: DescriptionGraph, manifest: Mapping[str, Any]) -> None:
    """Repeat what the data say of themselves; DCAT has a property of its own for the version."""
    agents = set()
    for item in manifest.get("dataset", ()):
        value = _literal(item) if "datatype" in item else item["value"]
        about.say(item["subject"], item["property"], value)
        if item["property"] == OWL + "versionInfo":
            about.say(item["subject"], DCAT + "version", value)
        if item["property"] in _AGENTS:
            agents.add(item["value"])
        if item["property"] == SKOS + "prefLabel":
            about.say(item["subject"], FOAF + "name", value)
    for agent in sorted(agents):
        about.is_a(agent, FOAF + "Agent")


def _literal(item: Mapping[str, Any]) -> Literal:
    if item["language"]:
        return Literal(item["value"], language=item["language"])
    if item["datatype"] == XSD + "string":
        return Literal(item["value"])
    return Literal(item["value"], datatype=NamedNode(item["datatype"]))


def _service(about: DescriptionGraph) -> None:
    """Describe the endpoint as a service that the dataset is asked with."""
    about.is_a(SERVICE, DCAT + "DataService")
    about.say(SERVICE, DCTERMS + "title", english("SPARQL endpoint and questions of Surplace"))
    about.say(SERVICE, DCAT + "endpointURL", address("sparql"))
    about.say(SERVICE, DCAT + "endpointDescription", address("sparql"), address("openapi.json"))
    about.say(SERVICE, DCTERMS + "conformsTo", "http://www.w3.org/TR/sparql11-protocol/")
    about.say(SERVICE, DCAT + "servesDataset", DATASET)


def _catalogue(about: DescriptionGraph, manifest: Mapping[str, Any]) -> None:
    """Describe the catalogue that the dataset and its service are listed in, as harvesters start from one."""
    about.is_a(CATALOGUE, DCAT + "Catalog")
    about.say(CATALOGUE, DCTERMS + "title", english("Catalogue of Surplace"))
    about.say(
        CATALOGUE,
        DCTERMS + "description",
        english("The dataset of Surplace and the service that answers from it."),
    )
    about.say(CATALOGUE, DCTERMS + "language", _ENGLISH)
    about.say(CATALOGUE, FOAF + "homepage", BASE)
    for name in ("license", "publisher"):
        value = text_of(manifest, name)
        if value:
            about.say(CATALOGUE, DCTERMS + name, value)
    about.say(CATALOGUE, DCAT + "dataset", DATASET)
    about.say(CATALOGUE, DCAT + "service", SERVICE)


def _document(about: DescriptionGraph, manifest: Mapping[str, Any]) -> None:
    """Say what this document itself is."""
    about.say(DOCUMENT, RDF + "type", VOID + "DatasetDescription")
    about.say(DOCUMENT, DCTERMS + "title", english("Description of Surplace in VoID and DCAT"))
    about.say(DOCUMENT, FOAF + "primaryTopic", DATASET)
    licence = licence_of(manifest)
    if licence:
        about.say(DOCUMENT, DCTERMS + "license", licence)
