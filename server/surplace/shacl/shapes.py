"""The shapes graph as it is read: what is said of each shape, and a sentence for what cannot be used."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from surplace.errors import SurplaceError
from surplace.namespaces import RDF, SH, compact
from surplace.rdf.terms import Term

Node = NamedNode | BlankNode

TARGETS = (SH + "targetClass", SH + "targetSubjectsOf")
_KINDS = {SH + "NodeShape", SH + "PropertyShape"}


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
            raise unusable(f"{shown(node)} has {len(found)} values of {compact(predicate)}")
        return found[0] if found else None

    def items(self, node: Term, head: Term) -> list[Term]:
        """Return the items of a list that is said of *node*."""
        found: list[Term] = []
        while head != NamedNode(RDF + "nil"):
            item, rest = self.value(head, RDF + "first"), self.value(head, RDF + "rest")
            if item is None or rest is None:
                raise unusable(f"{shown(node)} has a list without an end")
            found.append(item)
            head = rest
        if not found:
            raise unusable(f"{shown(node)} has an empty list")
        return found

    def shape(self, node: Term, other: Term) -> Node:
        """Return *other*, to which *node* refers, if it is a shape."""
        if not isinstance(other, NamedNode | BlankNode) or not self.predicates(other):
            raise unusable(f"{shown(node)} refers to {shown(other)}, which is no shape")
        return other

    def is_kind(self, node: Term, kind: str) -> bool:
        """Tell whether a node has a class."""
        return NamedNode(kind) in self.values(node, RDF + "type")

    def text(self, node: Term, predicate: str) -> str:
        """Return a text, of several the first in the order of the alphabet, or ""."""
        texts = [term.value for term in self.values(node, predicate) if isinstance(term, Literal)]
        return min(texts, default="")


def unusable(reason: str) -> SurplaceError:
    """Say that the shapes are wrong, as against the data."""
    return SurplaceError(f"The shapes in ontology/shapes cannot be used ({reason}): correct them.")


def shown(node: Term) -> str:
    """Return a node of the shapes graph as people read it."""
    return compact(node.value) if isinstance(node, NamedNode) else str(node)


def _names(terms: Iterable[Term]) -> set[str]:
    return {term.value for term in terms if isinstance(term, NamedNode)}
