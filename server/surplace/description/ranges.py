"""The classes and vocabularies that DCAT-AP 3.0.1 wants to be told with the values of its properties."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from surplace.description.authorities import say_schemes
from surplace.description.graph import DCAT, SPDX, DescriptionGraph
from surplace.namespaces import DCTERMS, FOAF, RDFS, SKOS, VCARD

RANGES: Final = {
    DCTERMS + "accessRights": DCTERMS + "RightsStatement",
    DCTERMS + "conformsTo": DCTERMS + "Standard",
    DCTERMS + "contributor": FOAF + "Agent",
    DCTERMS + "creator": FOAF + "Agent",
    DCTERMS + "format": DCTERMS + "MediaTypeOrExtent",
    DCTERMS + "language": DCTERMS + "LinguisticSystem",
    DCTERMS + "license": DCTERMS + "LicenseDocument",
    DCTERMS + "publisher": FOAF + "Agent",
    DCTERMS + "spatial": DCTERMS + "Location",
    DCTERMS + "temporal": DCTERMS + "PeriodOfTime",
    DCTERMS + "type": SKOS + "Concept",
    DCAT + "accessURL": RDFS + "Resource",
    DCAT + "compressFormat": DCTERMS + "MediaType",
    DCAT + "contactPoint": VCARD + "Kind",
    DCAT + "downloadURL": RDFS + "Resource",
    DCAT + "endpointDescription": RDFS + "Resource",
    DCAT + "endpointURL": RDFS + "Resource",
    DCAT + "landingPage": FOAF + "Document",
    DCAT + "mediaType": DCTERMS + "MediaType",
    DCAT + "theme": SKOS + "Concept",
    DCAT + "themeTaxonomy": SKOS + "ConceptScheme",
    FOAF + "homepage": FOAF + "Document",
    SPDX + "algorithm": SPDX + "ChecksumAlgorithm",
}
"""By property. rdfs:Resource is there for the shapes of 3.0.0; those of 3.0.1 ask for no such class."""


def complete(about: DescriptionGraph) -> None:
    """State the vocabulary of each term, and the class of each thing that a property of DCAT-AP leads to."""
    say_schemes(about)
    for triple in about.triples():
        if triple.predicate.value in RANGES and isinstance(triple.object, NamedNode):
            about.is_a(triple.object.value, RANGES[triple.predicate.value])
