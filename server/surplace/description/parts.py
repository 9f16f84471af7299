"""The parts that a release is counted and described by, and the collections that it links to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from surplace.description.authorities import EU, scheme_of
from surplace.namespaces import (
    ALIGNMENTS,
    AXIOM,
    CATALOGUE,
    CLAIM,
    DESCRIPTION,
    KNOWLEDGE,
    ONTOLOGY,
    PROVENANCE,
    REJECTED,
    RETIRED,
    RULE,
    SHAPES,
    SOURCE,
)

DEFAULT: Final = "default"


@dataclass(frozen=True)
class Subset:
    """The graphs whose names begin with *start*; the default graph has none."""

    start: str
    title: str


@dataclass(frozen=True)
class Collection:
    """Things of others, whose names begin with *start*."""

    start: str
    title: str
    home: str


PARTS: Final = {
    DEFAULT: Subset("", "The default graph: what Surplace vouches for"),
    "knowledge": Subset(KNOWLEDGE, "What passages state, less what is rejected, with what follows"),
    "passages": Subset(SOURCE, "What passages state: a graph for each sentence, note, provision or record"),
    "claims": Subset(CLAIM, "What somebody says: a graph for each claim, never merged"),
    "rejected": Subset(REJECTED, "What a better source contradicts: a graph for each disagreement"),
    "axioms": Subset(AXIOM, "What follows by the ontology: a graph for each axiom"),
    "rules": Subset(RULE, "What the rules conclude: a graph for each rule"),
    "ontology": Subset(ONTOLOGY, "Terms and vocabularies"),
    "shapes": Subset(SHAPES, "Shapes that the data must have, in SHACL"),
    "alignments": Subset(ALIGNMENTS, "Mappings of terms to other vocabularies"),
    "retired": Subset(RETIRED, "Names that releases dropped, and what stands in their place"),
    "catalogue": Subset(CATALOGUE, "Questions, as queries in SHACL"),
    "description": Subset(DESCRIPTION, "What the default graph holds by class and property, in VoID"),
    "provenance": Subset(PROVENANCE, "Sources, passages, disagreements and open questions"),
}
"""By name; the default graph first."""

COLLECTIONS: Final = {
    "wikidata": Collection("http://www.wikidata.org/entity/", "Wikidata", "https://www.wikidata.org/"),
    "geonames": Collection("https://sws.geonames.org/", "GeoNames", "https://www.geonames.org/"),
    "eu-countries": Collection(
        "http://publications.europa.eu/resource/authority/country/",
        "Country authority table of the European Union",
        "http://publications.europa.eu/resource/authority/country",
    ),
}
"""Collections that are known by name; others go by the namespace of their names."""


def part_of(graph: str) -> str:
    """Return the part that a graph belongs to; one that has no part of its own counts as provenance."""
    if not graph:
        return DEFAULT
    found = (name for name, part in PARTS.items() if part.start and graph.startswith(part.start))
    return next(found, "provenance")


def collection_of(iri: str) -> str:
    """Return how the names of the collection begin that *iri* belongs to."""
    starts = (known.start for known in COLLECTIONS.values() if iri.startswith(known.start))
    return next(starts, namespace_of(iri))


def title_of(start: str) -> str:
    """Return how people call a collection; where nobody knows, how the names in it begin."""
    for known in COLLECTIONS.values():
        if known.start == start:
            return known.title
    table = scheme_of(f"{start}term") if start.startswith(EU) else None
    return f"{table[1]} authority table of the European Union" if table else start


def namespace_of(iri: str) -> str:
    """Return an IRI up to its last # or /; up to its last colon if it has neither."""
    ends = [iri.rfind(sign) for sign in "#/"]
    return iri[: (max(ends) if max(ends) >= 0 else iri.rfind(":")) + 1]
