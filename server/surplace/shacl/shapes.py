"""The shapes graph as it is read: what is said of each shape, and a sentence for what cannot be used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from surplace.errors import SurplaceError
from surplace.namespaces import RDF, SH, compact
from surplace.rdf.terms import Term, text_of

Node = NamedNode | BlankNode

TARGETS = (SH + "targetClass", SH + "targetSubjectsOf")
_KINDS = {SH + "NodeShape", SH + "PropertyShape"}


class ShapeError(SurplaceError):
    """A shape that cannot be used. *name* is the IRI that is at fault, "" if it is no single one."""

    def __init__(self, shape: Term, fault: str, name: str = "") -> None:
        super().__init__(f"{shown(shape)} {fault}")
        self.shape = shape
        self.name = name


class Shapes:
    """The statements of a shapes graph, by subject and predicate."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._said: dict[Term, dict[str, list[Term]]] = defaultdict(lambda: defaultdict(list))
        for quad in quads:
            self._said[quad.subject][quad.predicate.value].append(quad.object)

    def all(self) -> list[Node]:
        """Return the shapes, sorted: what is called one, and what has a target."""
        return sorted(
            (
                node
                for node, said in self._said.items()
                if isinstance(node, NamedNode | BlankNode)
                and (any(target in said for target in TARGETS) or _KINDS & _names(said.get(RDF + "type", ())))
            ),
            key=str,
        )

    def predicates(self, node: Term) -> list[str]:
        """Return the predicates that are said of a node, sorted."""
        return sorted(self._said[node]) if node in self._said else []

    def values(self, node: Term, predicate: str) -> list[Term]:
        """Return the values of a predicate, sorted."""
        return sorted(self._said[node][predicate], key=str) if predicate in self.predicates(node) else []

    def value(self, node: Term, predicate: str) -> Term | None:
        """Return the only value of a predicate, or None; raises SurplaceError where there are several."""
        found = self.values(node, predicate)
        if len(found) > 1:
            raise ShapeError(node, f"has {len(found)} values of {compact(predicate)}: leave one.")
        return found[0] if found else None

    def items(self, node: Term, head: Term) -> list[Term]:
        """Return the items of a list that is said of *node*."""
        found: list[Term] = []
        while head != NamedNode(RDF + "nil"):
            item, rest = self.value(head, RDF + "first"), self.value(head, RDF + "rest")
            if item is None or rest is None:
                raise ShapeError(node, "has a list without an end: write its items in brackets, ( … ).")
            found.append(item)
            head = rest
        if not found:
            raise ShapeError(node, "has an empty list: write what it allows, or leave it out.")
        return found

    def shape(self, node: Term, other: Term) -> Node:
        """Return *other*, to which *node* refers, if it is a shape."""
        if not isinstance(other, NamedNode | BlankNode) or not self.predicates(other):
            raise ShapeError(
                node,
                f"refers to {shown(other)}, which is no shape: correct the name, or describe the shape.",
                text_of(other),
            )
        return other

    def named(self, node: Term) -> str:
        """Return the IRI of a shape, or of what a shape without one is a part of; "" if of nothing."""
        owners: dict[Term, Term] = {
            value: subject
            for subject, said in self._said.items()
            for values in said.values()
            for value in values
            if isinstance(value, BlankNode)
        }
        for _ in range(len(owners) + 1):  # what leads in a circle ends too
            if isinstance(node, NamedNode) or node not in owners:
                break
            node = owners[node]
        return node.value if isinstance(node, NamedNode) else ""

    def is_asked(self, node: Term) -> bool:
        """Tell whether a shape has a target or is part of another shape."""
        has_target = any(target in self.predicates(node) for target in TARGETS)
        return has_target or any(
            node in values
            for said in self._said.values()
            for predicate, values in said.items()
            if predicate != RDF + "type"
        )

    def is_kind(self, node: Term, kind: str) -> bool:
        """Tell whether a node has a class."""
        return NamedNode(kind) in self.values(node, RDF + "type")

    def text(self, node: Term, predicate: str) -> str:
        """Return a text, of several the first in the order of the alphabet, or ""."""
        texts = [term.value for term in self.values(node, predicate) if isinstance(term, Literal)]
        return min(texts, default="")


def shown(node: Term) -> str:
    """Return a node of the shapes graph as people read it."""
    return compact(node.value) if isinstance(node, NamedNode) else str(node)


def _names(terms: Iterable[Term]) -> set[str]:
    return {term.value for term in terms if isinstance(term, NamedNode)}
