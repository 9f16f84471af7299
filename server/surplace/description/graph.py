"""A small graph that is said statement by statement and written in any format."""

from __future__ import annotations

from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode, Triple

from surplace.namespaces import BASE, DCTERMS, FOAF, OWL, PROV, RDF, SCHEMA, SKOS, SUR, VCARD, VOID, XSD
from surplace.rdf.formats import named_for
from surplace.rdf.writing import graph_bytes

DCAT: Final = "http://www.w3.org/ns/dcat#"
SPDX: Final = "http://spdx.org/rdf/terms#"
PREFIXES: Final = {
    "dcat": DCAT,
    "dcterms": DCTERMS,
    "foaf": FOAF,
    "owl": OWL,
    "prov": PROV,
    "schema": SCHEMA,
    "skos": SKOS,
    "spdx": SPDX,
    "sur": SUR,
    "vcard": VCARD,
    "void": VOID,
    "xsd": XSD,
}
Value: TypeAlias = str | int | Literal
"""An IRI, a number, or a literal."""


class DescriptionGraph:
    """Statements, kept together by what they are about."""

    def __init__(self) -> None:
        self._about: dict[str, dict[Triple, None]] = {}

    def say(self, subject: str, predicate: str, *values: Value) -> None:
        """State a property of *subject* with each of *values*."""
        for value in values:
            triple = Triple(NamedNode(subject), NamedNode(predicate), _node(value))
            self._about.setdefault(subject, {})[triple] = None

    def is_a(self, subject: str, *classes: str) -> None:
        """State the classes of *subject*."""
        self.say(subject, RDF + "type", *classes)

    def triples(self) -> list[Triple]:
        """Return all statements, in the order in which their subjects, and then they, were first named."""
        return [triple for stated in self._about.values() for triple in stated]

    def write(self, media_type: str) -> bytes:
        """Write the graph in the format of a media type; the same graph is the same bytes."""
        form = named_for(media_type, "graph")
        if form is None:
            raise ValueError(f"{media_type} is no format of RDF")
        return graph_bytes(self.triples(), form, PREFIXES)


def english(text: str) -> Literal:
    """Return a text in English."""
    return Literal(text, language="en")


def typed(text: str, name: str) -> Literal:
    """Return a value of a type of XML Schema."""
    return Literal(text, datatype=NamedNode(XSD + name))


def address(path: str) -> str:
    """Return the IRI of what the service answers at *path*, which begins without a slash."""
    return BASE + path


def _node(value: Value) -> NamedNode | Literal:
    if isinstance(value, Literal):
        return value
    return Literal(value) if isinstance(value, int) else NamedNode(value)
