"""RDF lists, as the triples of their cells and as their members."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import NamedNode

from surplace.namespaces import RDF
from surplace.rdf.terms import Term


def members_of(triples: Iterable[tuple[Term, Term, Term]]) -> dict[Term, tuple[Term, ...]]:
    """Return the members of each list whose cells are among *triples*, by the cell that it begins with."""
    first: dict[Term, Term] = {}
    rest: dict[Term, Term] = {}
    for subject, predicate, value in triples:
        if predicate == NamedNode(RDF + "first"):
            first[subject] = value
        elif predicate == NamedNode(RDF + "rest"):
            rest[subject] = value
    found: dict[Term, tuple[Term, ...]] = {}
    for head in first:
        node, seen = head, dict[Term, Term]()
        while node in first and node not in seen:
            seen[node] = first[node]
            node = rest.get(node, node)
        found[head] = tuple(seen.values())
    return found
