"""What names of general vocabularies, and graphs, are called for readers who do not know these."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from surplace.namespaces import SUR
from surplace.words.days import preposition

PROPERTIES: Final = {
    "rdf:type": "is a",
    "rdfs:label": "is called",
    "skos:prefLabel": "is called first",
    "skos:altLabel": "is called too",
    "skos:hiddenLabel": "is found by",
    "skos:definition": "is defined as",
    "skos:example": "has example",
    "skos:scopeNote": "has note",
    "skos:inScheme": "is in vocabulary",
    "skos:broader": "is narrower than",
    "skos:narrower": "is broader than",
    "skos:exactMatch": "is the same elsewhere as",
    "skos:closeMatch": "is close to, elsewhere",
    "skos:relatedMatch": "is related to, elsewhere",
    "rdfs:subClassOf": "is a kind of",
    "rdfs:subPropertyOf": "is a kind of",
    "rdfs:domain": "is said of",
    "rdfs:range": "leads to",
    "rdfs:isDefinedBy": "is defined in",
    "rdfs:seeAlso": "see also",
    "owl:sameAs": "is the same as",
    "owl:inverseOf": "is the inverse of",
    "owl:disjointWith": "is never also a",
    "owl:propertyDisjointWith": "is never said together with",
    "dcterms:title": "has title",
    "dcterms:description": "is described as",
    "dcterms:source": "has source",
    "sh:class": "must be a",
    "sh:path": "is about the property",
    "sh:targetClass": "is the shape of",
}
"""Words for the compact names of properties."""

KINDS: Final = {
    "owl:Ontology": "ontology",
    "owl:Class": "class",
    "owl:ObjectProperty": "property that leads to a thing",
    "owl:DatatypeProperty": "property that leads to a value",
    "owl:AnnotationProperty": "property that annotates",
    "skos:ConceptScheme": "vocabulary",
    "skos:Concept": "concept",
}
"""Words for the compact names of classes of general vocabularies."""

_MORE_EXACT: Final = {
    SUR + "isObservedOn": "is reported as of",
    SUR + "hasExtent": "is in extent",
    SUR + "hasMotive": "is moved by",
    SUR + "isKnownTo": "is known by",
}
"""Words for properties whose names, taken alone, say more than is meant, or make no sentence."""
_ACTION: Final = SUR + "performsAction"
_NOT_PERFORMED: Final = {
    SUR + "Omission": "leaves undone",
    SUR + "Refusal": "refuses",
    SUR + "Proposal": "proposes",
}
"""What measures of these classes do with their action, which they do not perform."""
_OF_MANY: Final = {"is": "are", "has": "have", "does": "do", "was": "were"}
"""What verbs become after many."""

GRAPHS: Final = {
    "graph:provenance": "the record of sources",
    "graph:ontology": "the ontology",
    "graph:shapes": "the shapes",
    "graph:alignments": "the alignments",
    "graph:catalogue": "the catalogue of questions",
    "graph:description": "the description of the release",
    "graph:retired": "the names that were dropped",
}
"""Words for the compact names of graphs that are no passage, claim, rule or axiom."""


COUNTEREXAMPLE: Final = "Negative example: "
"""How an example begins of what is easily taken for a term and is not meant by it."""


def example_in_words(example: str) -> str:
    """Say of an example of a term whether it is one: `Not an example: the weather.`"""
    if example.startswith(COUNTEREXAMPLE):
        return f"Not an example: {example.removeprefix(COUNTEREXAMPLE)}"
    return f"Example: {example}"


def of_many(words: str) -> str:
    """Write the words of a property for many: `fall under`, `have status`."""
    verb, space, rest = words.partition(" ")
    return _OF_MANY.get(verb, verb.removesuffix("s")) + space + rest


def without_echo(words: str, value: str) -> str:
    """Leave out the last of these words where the value begins or ends with it: `has`, `refugee status`."""
    begun, _, last = words.rpartition(" ")
    first, *others = value.split(" ")
    return begun if begun and last in (first, *others[-1:]) else words


def leading_to(value: str, iri: str, label: str, kinds: Collection[str] = ()) -> str:
    """Write a property of this *label* so that its words go before a value: `is deposited in` 1983.

    *kinds* are the IRIs of the classes of that of which it is said.
    """
    turned = (words for kind, words in _NOT_PERFORMED.items() if iri == _ACTION and kind in kinds)
    words = next(turned, _MORE_EXACT.get(iri, label))
    return f"{words.removesuffix(' on')} {preposition(value)}" if words.endswith(" on") else words
