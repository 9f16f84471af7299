"""The classes that DCAT-AP 3.0.1 wants the values of its properties to have, in the same document."""

from __future__ import annotations

from typing import Final

from pyoxigraph import NamedNode

from surplace.description.graph import DCAT, SPDX, VCARD, DescriptionGraph
from surplace.namespaces import DCTERMS, FOAF, RDFS, SKOS

RANGES: Final = {
    DCTERMS + "conformsTo": DCTERMS + "Standard",
    DCTERMS + "creator": FOAF + "Agent",
    DCTERMS + "language": DCTERMS + "LinguisticSystem",
    DCTERMS + "license": DCTERMS + "LicenseDocument",
    DCTERMS + "publisher": FOAF + "Agent",
    DCTERMS + "spatial": DCTERMS + "Location",
    DCTERMS + "temporal": DCTERMS + "PeriodOfTime",
    DCAT + "accessURL": RDFS + "Resource",
    DCAT + "compressFormat": DCTERMS + "MediaType",
    DCAT + "contactPoint": VCARD + "Kind",
    DCAT + "downloadURL": RDFS + "Resource",
    DCAT + "endpointDescription": RDFS + "Resource",
    DCAT + "endpointURL": RDFS + "Resource",
    DCAT + "landingPage": FOAF + "Document",
    DCAT + "mediaType": DCTERMS + "MediaType",
    DCAT + "theme": SKOS + "Concept",
    FOAF + "homepage": FOAF + "Document",
    SPDX + "algorithm": SPDX + "ChecksumAlgorithm",
}


def say_ranges(about: DescriptionGraph) -> None:
    """State the class of each thing that a property of DCAT-AP leads to."""
    for triple in about.triples():
        if triple.predicate.value in RANGES and isinstance(triple.object, NamedNode):
            about.is_a(triple.object.value, RANGES[triple.predicate.value])
