"""What programs look for in the default graph of an endpoint that they do not know.

The questions with their prefixes, the address of the endpoint, and which class has which properties with
things of which classes, in VoID. Editors complete queries from it; programs that write queries learn from it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final, TypeAlias

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, Triple

from surplace.build.closure import follow
from surplace.catalogue.records import ENDPOINT
from surplace.description import DATASET, DescriptionGraph
from surplace.description.figures import fragment
from surplace.description.parts import DEFAULT
from surplace.namespaces import CATALOGUE, DESCRIPTION, RDFS, VOID
from surplace.rdf.terms import DEFAULT_GRAPH, RDF_TYPE, Term, in_graph

_SUBCLASS: Final = NamedNode(RDFS + "subClassOf")
_Classes: TypeAlias = frozenset[str]
_Pair: TypeAlias = tuple[str, str]
"""A class and a property that its instances have."""


@contextmanager
def announced(store: Store) -> Iterator[None]:
    """Meanwhile, have the questions in the default graph, and what that holds by class and property.

    The latter is graph/description. Its parts have no class, so it need not describe itself.
    """
    added = list(_announce(store))
    try:
        yield
    finally:
        for quad in added:
            store.remove(quad)


def _announce(store: Store) -> Iterator[Quad]:
    """Add it to the store; yield what that did not have."""
    questions = store.quads_for_pattern(None, None, None, NamedNode(CATALOGUE))
    yield from _new(store, (quad.triple for quad in questions), DEFAULT_GRAPH)
    endpoint, parts = DescriptionGraph(), DescriptionGraph()
    endpoint.is_a(DATASET, VOID + "Dataset")
    endpoint.say(DATASET, VOID + "sparqlEndpoint", ENDPOINT)
    yield from _state(store, endpoint)
    _say_parts(parts, store)
    yield from _state(store, parts)


def _state(store: Store, about: DescriptionGraph) -> Iterator[Quad]:
    for graph in (DEFAULT_GRAPH, NamedNode(DESCRIPTION)):
        yield from _new(store, about.triples(), graph)


def _new(store: Store, triples: Iterable[Triple], graph: DefaultGraph | NamedNode) -> list[Quad]:
    """Add triples to a graph; return the quads that were not there."""
    new = [quad for quad in dict.fromkeys(in_graph(triple, graph) for triple in triples) if quad not in store]
    store.extend(new)
    return new


def _say_parts(about: DescriptionGraph, store: Store) -> None:
    """Say which properties the instances of each class have, how often, and with things of which classes.

    An instance of a class is one of its superclasses too; of the things, only the nearest classes are named.
    """
    types = _types(store)
    nearest = _nearest(set(types.values()), store)
    said: Counter[tuple[_Classes, NamedNode]] = Counter()
    values: dict[tuple[_Classes, NamedNode], set[_Classes]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, None, None, DEFAULT_GRAPH):
        if kinds := types.get(quad.subject):
            of_kinds = kinds, quad.predicate
            said[of_kinds] += 1
            if other := types.get(quad.object):
                values[of_kinds].add(other)
    triples: Counter[_Pair] = Counter()
    classes: dict[_Pair, set[str]] = defaultdict(set)
    for (kinds, predicate), number in said.items():  # there are fewer of these than triples
        named = frozenset().union(*(nearest[other] for other in values.get((kinds, predicate), ())))
        for kind in kinds:
            triples[kind, predicate.value] += number
            classes[kind, predicate.value] |= named
    subset = f"{DATASET}#{DEFAULT}"
    for pair in sorted(triples):
        by_class = f"{subset}/class/{fragment(pair[0])}"
        by_property = f"{by_class}/property/{fragment(pair[1])}"
        about.say(subset, VOID + "classPartition", by_class)
        about.say(by_class, VOID + "class", pair[0])
        about.say(by_class, VOID + "propertyPartition", by_property)
        about.say(by_property, VOID + "property", pair[1])
        about.say(by_property, VOID + "triples", triples[pair])
        for name in sorted(classes[pair]):
            about.say(by_property, VOID + "classPartition", f"{by_property}/class/{fragment(name)}")
            about.say(f"{by_property}/class/{fragment(name)}", VOID + "class", name)


def _types(store: Store) -> Mapping[Term, _Classes]:
    """Return the classes of each thing that has any; things of the same classes share them."""
    types: dict[Term, _Classes] = {}
    known: dict[tuple[_Classes, str], _Classes] = {}
    for quad in store.quads_for_pattern(None, RDF_TYPE, None, DEFAULT_GRAPH):
        if isinstance(quad.object, NamedNode):
            before, name = types.get(quad.subject, frozenset()), quad.object.value
            types[quad.subject] = known.setdefault((before, name), before | {name})
    return types


def _nearest(several: Iterable[_Classes], store: Store) -> Mapping[_Classes, _Classes]:
    """Return of each set of classes those that are above none of the others."""
    above: dict[str, set[str]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, _SUBCLASS, None, DEFAULT_GRAPH):
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode):
            above[quad.subject.value].add(quad.object.value)
    follow(above)
    return {classes: classes.difference(*(above.get(name, ()) for name in classes)) for classes in several}
