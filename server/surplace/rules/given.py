"""What every answer to a part of a query says: of which classes things are, and what variables stand for."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Any

from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node, URIRef, Variable

from surplace.namespaces import RDF

TYPE = URIRef(RDF + "type")

Terms = Mapping[Node, frozenset[Node]]

_PASSED_ON = {"Filter", "Extend", "ToMultiSet", "Distinct", "Reduced", "OrderBy", "Slice"}


@dataclass(frozen=True)
class Bounds:
    """What holds in every answer."""

    classes: Terms = field(default_factory=dict)
    """For a thing, IRIs and variables that stand for its classes; no entry: it may be of any."""
    values: Terms = field(default_factory=dict)
    """For a variable, the IRIs of which it stands for one; no entry: it may stand for anything."""

    def __and__(self, other: Bounds) -> Bounds:
        """Return what holds where both hold."""
        return Bounds(_both(self.classes, other.classes), _both(self.values, other.values))

    def __or__(self, other: Bounds) -> Bounds:
        """Return what holds where either holds."""
        return Bounds(_either(self.classes, other.classes), _either(self.values, other.values))

    def within(self, variables: Container[Node]) -> Bounds:
        """Return what is said of *variables* alone: those that a subquery shares with what is around it."""
        seen = {
            thing: terms
            for thing, terms in self.classes.items()
            if thing in variables and all(term in variables for term in terms if isinstance(term, Variable))
        }
        return Bounds(seen, {name: values for name, values in self.values.items() if name in variables})


NOTHING = Bounds()


def given_by(node: Any) -> Bounds:
    """Return what every answer to a node of the algebra says."""
    if not isinstance(node, CompValue):
        return NOTHING
    match node.name:
        case "BGP":
            return _typed(node.triples)
        case "Join":
            return given_by(node.p1) & given_by(node.p2)
        case "Union":
            return given_by(node.p1) | given_by(node.p2)
        case "LeftJoin" | "Minus":
            return given_by(node.p1)
        case "Project":
            return given_by(node.p).within(node.PV)
        case "values":
            return Bounds(values=_listed(node.res))
        case name if name in _PASSED_ON:
            inner = given_by(node.p)
            if name == "Extend":
                constant = {node.var: frozenset({node.expr})} if isinstance(node.expr, URIRef) else {}
                return inner & Bounds(values=constant)
            return inner
    return NOTHING  # a named graph says what a source states; an aggregate makes new values


def _typed(triples: list[tuple[Node, Node, Node]]) -> Bounds:
    """Return the classes that triple patterns give."""
    classes: Terms = {}
    for subject, predicate, value in triples:
        if predicate == TYPE:
            classes = _both(classes, {subject: frozenset({value})})
    return Bounds(classes=classes)


def _listed(rows: list[dict[Node, Node]]) -> Terms:
    """Return the values of a VALUES block, but for variables that it leaves open in a row."""
    names = {name for row in rows for name in row}
    columns = {name: [row.get(name) for row in rows] for name in names}
    return {
        name: frozenset(value for value in column if isinstance(value, URIRef))
        for name, column in columns.items()
        if all(isinstance(value, URIRef) for value in column)
    }


def _both(one: Terms, other: Terms) -> Terms:
    """Join two lists of possibilities: what is in one alone is kept."""
    return {key: one.get(key, frozenset()) | other.get(key, frozenset()) for key in (*one, *other)}


def _either(one: Terms, other: Terms) -> Terms:
    """Join two lists of possibilities: what is in one alone is not known."""
    return {key: one[key] | other[key] for key in one if key in other}
