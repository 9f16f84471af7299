"""What every answer to a part of a query says: of which classes things are, and what variables stand for."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from surplace.namespaces import RDF
from surplace.rules.algebra import (
    Extend,
    Filter,
    Join,
    LeftJoin,
    Limited,
    Minus,
    Node,
    Project,
    Term,
    Triples,
    Union,
    Values,
)

TYPE: Final = f"<{RDF}type>"

Terms: TypeAlias = Mapping[Term, frozenset[Term]]


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

    def within(self, variables: Container[Term] | None) -> Bounds:
        """Return what is said of *variables* alone: those that a subquery shares with what is around it.

        None stands for all of them.
        """
        if variables is None:
            return self
        named = (
            (thing, frozenset().union(*map(self._stands_for, self.classes[thing])))
            for thing in self.classes
            if thing in variables
        )
        seen = {
            thing: terms
            for thing, terms in named
            if all(term in variables for term in terms if is_variable(term))
        }
        return Bounds(seen, {name: values for name, values in self.values.items() if name in variables})

    def _stands_for(self, term: Term) -> frozenset[Term]:
        """Return the IRIs that a term stands for, or the term itself where they are not known."""
        return self.values.get(term) or frozenset({term})


NOTHING = Bounds()


def given_by(node: Node) -> Bounds:
    """Return what every answer to a node of the algebra says."""
    match node:
        case Triples():
            return _typed(node)
        case Join():
            return given_by(node.one) & given_by(node.other)
        case Union():
            return given_by(node.one) | given_by(node.other)
        case LeftJoin() | Minus():
            return given_by(node.one)
        case Project():
            return given_by(node.inner).within(node.variables)
        case Values():
            return Bounds(values=_listed(node))
        case Extend():
            value = node.value.constant
            known = {f"?{node.variable}": frozenset({value})} if value else {}
            return given_by(node.inner) & Bounds(values=known)
        case Filter() | Limited():
            return given_by(node.inner)
    return NOTHING  # a named graph says what a source states; an aggregate makes new values


def is_variable(term: Term) -> bool:
    """Tell whether a term is a variable."""
    return term.startswith("?")


def is_iri(term: Term | None) -> bool:
    """Tell whether a term is an IRI."""
    return term is not None and term.startswith("<")


def _typed(node: Triples) -> Bounds:
    """Return the classes that triple patterns give."""
    classes: Terms = {}
    for subject, predicate, value in node.triples:
        if predicate == TYPE:
            classes = _both(classes, {subject: frozenset({value})})
    return Bounds(classes=classes)


def _listed(node: Values) -> Terms:
    """Return the values of a VALUES block, but for variables that it leaves open in a row."""
    return {
        f"?{name}": frozenset(value for value in column if value)
        for name, column in node.columns.items()
        if all(map(is_iri, column))
    }


def _both(one: Terms, other: Terms) -> Terms:
    """Join two lists of possibilities: what is in one alone is kept."""
    return {key: one.get(key, frozenset()) | other.get(key, frozenset()) for key in (*one, *other)}


def _either(one: Terms, other: Terms) -> Terms:
    """Join two lists of possibilities: what is in one alone is not known."""
    return {key: one[key] | other[key] for key in one if key in other}
