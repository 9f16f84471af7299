"""What the shapes see: all that follows, but no class that a thing has by a domain or a range alone.

A domain or range says what a thing must be, and so makes it that. If a shape saw these classes, it would find
that a visit takes place in a state whatever is put in the place of one.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pyoxigraph import NamedNode, Quad

from surplace.build.axioms import TYPE
from surplace.build.closure import Closure, Subject
from surplace.namespaces import ONTOLOGY, PROVENANCE, REJECTED, RULE, SOURCE
from surplace.rdf.terms import DEFAULT_GRAPH, RDF_TYPE


@contextmanager
def as_asserted(closure: Closure) -> Iterator[None]:
    """Keep out of the default graph each class that nobody asserts of a thing or concludes by a rule.

    What follows from an asserted class by the axioms is kept.
    """
    kept_out = list(_by_domain_or_range(closure))
    for quad in kept_out:
        closure.store.remove(quad)
    try:
        yield
    finally:
        closure.store.extend(kept_out)


def _by_domain_or_range(closure: Closure) -> Iterator[Quad]:
    """Yield the quads of the default graph that give a thing a class by a domain or range alone."""
    implied = closure.implied()
    for subject in _subjects(closure):
        asserted = _asserted(closure, subject)
        known = asserted.union(*(implied.get(kind, frozenset()) for kind in asserted))
        for quad in closure.store.quads_for_pattern(subject, RDF_TYPE, None, DEFAULT_GRAPH):
            if isinstance(quad.object, NamedNode) and quad.object.value not in known:
                yield quad


def _subjects(closure: Closure) -> set[Subject]:
    """Return the things to which a domain or range gives a class."""
    graphs = (
        NamedNode(axiom.graph)
        for axiom in closure.used
        if any(rule.head[1] == TYPE and rule.body[0][1] != TYPE for rule in axiom.rules)
    )
    return {
        quad.subject
        for graph in graphs
        for quad in closure.store.quads_for_pattern(None, RDF_TYPE, None, graph)
    }


def _asserted(closure: Closure, subject: Subject) -> set[str]:
    """Return the classes that passages, records, terms or rules give a thing, less what is rejected."""
    found: set[str] = set()
    rejected: set[str] = set()
    for quad in closure.store.quads_for_pattern(subject, RDF_TYPE, None, None):
        if isinstance(quad.object, NamedNode) and isinstance(quad.graph_name, NamedNode):
            if quad.graph_name.value.startswith((SOURCE, PROVENANCE, ONTOLOGY, RULE)):
                found.add(quad.object.value)
            elif quad.graph_name.value.startswith(REJECTED):
                rejected.add(quad.object.value)
    return found - rejected
