"""What OWL 2 DL asks of composed properties (Structural Specification, section 11).

A property is *composed* if it is transitive, if a chain of properties implies it, or if one that is so lies
below it. Such a property cannot be functional, counted or disjoint with another, and chains must not run in
circles; an inverse counts as the same property.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from rdflib import OWL, RDF, RDFS, Graph
from rdflib.collection import Collection
from rdflib.term import Node

from surplace.namespaces import compact

_SIMPLE_ONLY = (
    OWL.FunctionalProperty,
    OWL.InverseFunctionalProperty,
    OWL.IrreflexiveProperty,
    OWL.AsymmetricProperty,
)
_LIMITS = (OWL.maxCardinality, OWL.maxQualifiedCardinality)


def misplaced(graph: Graph) -> Iterator[str]:
    """Yield composed properties that stand where only a simple one may."""
    starts = {*graph.subjects(RDF.type, OWL.TransitiveProperty), *graph.subjects(OWL.propertyChainAxiom)}
    composed = {
        _same(graph, prop)
        for start in starts
        for prop in graph.transitive_objects(start, RDFS.subPropertyOf)
        if prop is not None
    }
    for kind in _SIMPLE_ONLY:
        for prop in graph.subjects(RDF.type, kind):
            if _same(graph, prop) in composed:
                yield (
                    f"{compact(str(prop))} is composed of other properties and cannot be "
                    f"{compact(str(kind))}: drop one of the two."
                )
    apart = {prop for pair in graph.subject_objects(OWL.propertyDisjointWith) for prop in pair}
    for limit in _LIMITS:
        for restriction in graph.subjects(limit):
            apart.update(graph.objects(restriction, OWL.onProperty))
    for prop in apart:
        if _same(graph, prop) in composed:
            yield (
                f"{compact(str(prop))} is composed of other properties and cannot be disjoint or counted: "
                "say it as a shape."
            )


def circular(graph: Graph) -> Iterator[str]:
    """Yield properties that are implied by a chain with a link that they themselves imply."""
    above: dict[Node, set[Node]] = defaultdict(set)
    chained: set[tuple[Node, Node]] = set()
    for sub, sup in graph.subject_objects(RDFS.subPropertyOf):
        above[_same(graph, sub)].add(_same(graph, sup))
    for prop, head in graph.subject_objects(OWL.propertyChainAxiom):
        links = list(Collection(graph, head))
        # a chain may begin or end with the property that it implies
        if links[0] == prop:
            del links[0]
        elif links[-1] == prop:
            del links[-1]
        if links == [prop]:
            continue
        for link in links:
            above[_same(graph, link)].add(_same(graph, prop))
            chained.add((link, prop))
    for link, prop in chained:
        if _same(graph, link) in _reachable(above, _same(graph, prop)):
            yield f"{compact(str(prop))} is implied by a chain that depends on it: break the circle."


def _same(graph: Graph, prop: Node) -> Node:
    """Return one and the same name for a property and its inverse."""
    return min([prop, *graph.objects(prop, OWL.inverseOf), *graph.subjects(OWL.inverseOf, prop)], key=str)


def _reachable(above: dict[Node, set[Node]], start: Node) -> set[Node]:
    """Return *start* and everything above it."""
    reached: set[Node] = set()
    waiting = [start]
    while waiting:
        node = waiting.pop()
        reached.add(node)
        waiting += above[node] - reached
    return reached
