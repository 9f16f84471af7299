"""The description of the dataset: what it is, whose, how much, where to ask it and where to fetch it.

Everything comes from the manifest of a release, so the same release is always described by the same bytes.
The figures count statements once, in however many graphs they stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pyoxigraph import Literal

from surplace.description.authorities import EU, scheme_of
from surplace.description.figures import describe_figures
from surplace.description.graph import DCAT, DescriptionGraph, address, english
from surplace.description.ranges import complete
from surplace.description.releases import describe_distributions, release_iri
from surplace.description.stated import DATASET, licence_of, repeat, repeat_for, text_of, values_of
from surplace.namespaces import BASE, DCTERMS, FOAF, PROV, RDF, VOID
from surplace.rdf.formats import W3C

DOCUMENT: Final = address(".well-known/void")
SERVICE: Final = DATASET + "#service"
CATALOGUE: Final = DATASET + "#dcat-catalogue"
"""Not #catalogue, which is the part of the dataset that holds the questions."""
TITLE: Final = "Catalogue of Surplace"
_ENGLISH: Final = EU + "language/ENG"
_FEATURES: Final = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG", "N-Quads")
_OF_CATALOGUE: Final = tuple(
    DCTERMS + name for name in ("license", "publisher", "issued", "modified", "spatial", "temporal")
)
"""What the catalogue has in common with the one dataset that it lists."""
_OF_SERVICE: Final = (
    *(DCTERMS + name for name in ("publisher", "accessRights")),
    *(DCAT + name for name in ("contactPoint", "keyword", "theme")),
)


def describe(manifest: Mapping[str, Any]) -> DescriptionGraph:
    """Describe the dataset as the release of that manifest holds it."""
    about = DescriptionGraph()
    about.is_a(DATASET, VOID + "Dataset", DCAT + "Dataset")
    repeat(about, manifest)
    about.say(DATASET, FOAF + "homepage", BASE)
    about.say(DATASET, DCAT + "landingPage", BASE)
    about.say(DATASET, DCTERMS + "language", _ENGLISH)
    about.say(DATASET, DCTERMS + "identifier", Literal(DATASET))
    about.say(DATASET, DCTERMS + "conformsTo", address("ontology"))
    about.say(DATASET, PROV + "wasDerivedFrom", *(source["iri"] for source in manifest.get("sources", ())))
    about.say(DATASET, DCAT + "hasCurrentVersion", release_iri(manifest))
    about.say(DATASET, VOID + "uriSpace", Literal(BASE))
    about.say(DATASET, VOID + "uriRegexPattern", Literal("^https://w3id\\.org/surplace/.+"))
    about.say(DATASET, VOID + "feature", *(W3C + name for name in _FEATURES))
    about.say(DATASET, VOID + "sparqlEndpoint", address("sparql"))
    _service(about, manifest)
    describe_distributions(about, DATASET, manifest)
    if "figures" in manifest:
        describe_figures(about, DATASET, manifest["figures"])
    if text_of(manifest, "publisher"):  # without one, it is no catalogue of DCAT-AP
        _catalogue(about, manifest)
    _document(about, manifest)
    complete(about)
    return about


def _service(about: DescriptionGraph, manifest: Mapping[str, Any]) -> None:
    """Describe the endpoint as a service that the dataset is asked with."""
    about.is_a(SERVICE, DCAT + "DataService")
    about.say(SERVICE, DCTERMS + "title", english("SPARQL endpoint and questions of Surplace"))
    about.say(
        SERVICE,
        DCTERMS + "description",
        english("Answers queries in SPARQL 1.1, and the questions of the catalogue by name. Read-only."),
    )
    about.say(SERVICE, DCAT + "endpointURL", address("sparql"))
    about.say(SERVICE, DCAT + "endpointDescription", address("sparql"), address("openapi.json"))
    about.say(SERVICE, DCTERMS + "conformsTo", "http://www.w3.org/TR/sparql11-protocol/")
    about.say(SERVICE, DCAT + "servesDataset", DATASET)
    repeat_for(SERVICE, about, manifest, *_OF_SERVICE)


def _catalogue(about: DescriptionGraph, manifest: Mapping[str, Any]) -> None:
    """Describe the catalogue that the dataset and its service are listed in, as harvesters start from one."""
    about.is_a(CATALOGUE, DCAT + "Catalog")
    about.say(CATALOGUE, DCTERMS + "title", english(TITLE))
    about.say(
        CATALOGUE,
        DCTERMS + "description",
        english("The dataset of Surplace and the service that answers from it."),
    )
    about.say(CATALOGUE, DCTERMS + "language", _ENGLISH)
    about.say(CATALOGUE, FOAF + "homepage", BASE)
    repeat_for(CATALOGUE, about, manifest, *_OF_CATALOGUE)
    for scheme in filter(None, (scheme_of(str(theme)) for theme in values_of(manifest, DCAT + "theme"))):
        about.say(CATALOGUE, DCAT + "themeTaxonomy", scheme[0])
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
