"""The closure stage: what follows from the knowledge by the axioms of the ontology.

A triple goes into the graph of the axiom that adds it first; axioms are taken in a fixed order, so the same
data always give the same graphs. Not followed: what SKOS says of `skos:broader` and its kin (queries walk it
with a path), and what the axioms say of terms alone (a superclass of a superclass), which `rdfs:subClassOf*`
finds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from surplace.build.axioms import TYPE, Axiom, AxiomRule, Axioms
from surplace.build.fixpoint import Fixpoint, key_of, sparql
from surplace.build.sources import Sources
from surplace.namespaces import KNOWLEDGE, ONTOLOGY, PROVENANCE, SKOS, SUR
from surplace.rdf.terms import DEFAULT_GRAPH, in_graph

Subject = NamedNode | BlankNode | Triple


@dataclass
class Closure:
    """What follows from the knowledge by the axioms."""

    store: Store
    """Default graph: knowledge, ontology and provenance, closed. Named graphs: all."""
    axioms: Axioms
    about: set[Subject]
    """What the passages speak of."""
    traced: bool = True
    """Whether what follows stands in the graph of its axiom, and all of the knowledge in graph/knowledge."""
    described: dict[str, Axiom] = field(default_factory=dict)
    """The axioms that add something, by graph."""

    def __post_init__(self) -> None:
        self._fixpoint = Fixpoint(self.store, self.axioms.all, traced=self.traced)

    @property
    def used(self) -> list[Axiom]:
        """Return the axioms that add something, in the order of their graphs."""
        return sorted(self.described.values(), key=lambda axiom: axiom.graph)

    @property
    def derived(self) -> int:
        """Return how many triples follow from others."""
        return sum(len(_quads_of(self.store, graph)) for graph in self.described)

    def extend(self, added: Iterable[Triple] = ()) -> None:
        """Follow the axioms until they add nothing; *added* is what has come into the default graph since.

        What they add goes into graph/knowledge too, unless it is about a term, source or passage. An axiom
        that comes into use is described, which may be something to conclude from in turn.
        """
        new = list(added)
        while True:
            found = self._fixpoint.extend(new)
            self.know(t for t in found if t.subject in self.about or _is_new(t, self.store))
            used = [
                axiom
                for axiom in self.axioms.all
                if axiom.graph in self._fixpoint.used and axiom.graph not in self.described
            ]
            if not used:
                break
            self.described |= {axiom.graph: axiom for axiom in used}
            described = [quad for axiom in used for quad in _description(axiom)]
            self.store.extend(described)
            new = [quad.triple for quad in described if quad.graph_name == DEFAULT_GRAPH]

    def add(self, stated: Sequence[Quad]) -> None:
        """Take in what a source states, and follow the axioms from it."""
        triples = [quad.triple for quad in stated]
        self.store.bulk_extend((*stated, *(in_graph(triple, DEFAULT_GRAPH) for triple in triples)))
        self.about |= {triple.subject for triple in triples}
        self.know(triples)
        self.extend(triples)

    def copy(self) -> Closure:
        """Return one that is added to by itself."""
        copied = copy(self)
        copied.store = Store()
        copied.store.bulk_extend(self.store)
        copied.about, copied.described = set(self.about), dict(self.described)
        copied._fixpoint = self._fixpoint.over(copied.store)
        return copied

    def implied(self) -> dict[str, frozenset[str]]:
        """Return the classes and properties that hold, by axioms, where a class or property holds.

        Left out are domains and ranges, by which a property gives a class to things that have it already.
        """
        above: dict[str, set[str]] = defaultdict(set)
        for axiom in self.axioms.all:
            for rule in axiom.rules:
                for pattern in rule.body:
                    if rule.head[1] != TYPE or pattern[1] == TYPE:
                        above[key_of(pattern)].add(key_of(rule.head))
        follow(above)
        return {name: frozenset(names) for name, names in above.items()}

    def know(self, triples: Iterable[Triple]) -> None:
        """Put triples into graph/knowledge."""
        if self.traced:
            self.store.bulk_extend(in_graph(triple, NamedNode(KNOWLEDGE)) for triple in triples)


def close(
    sources: Sources, terms: Iterable[Quad], others: Iterable[Quad], axioms: Axioms, *, traced: bool = True
) -> Closure:
    """Load everything into a store and close its default graph.

    *terms* are the quads of graph/ontology; *others* (shapes, alignments, questions) are carried along
    untouched. *traced*: see Closure.
    """
    store = Store()
    named = [*sources.quads, *terms, *others]
    vouched = [quad.triple for quad in (*sources.graph(PROVENANCE), *terms)]
    store.bulk_extend(named)
    store.bulk_extend(in_graph(triple, DEFAULT_GRAPH) for triple in (*vouched, *sources.knowledge))
    closure = Closure(store, axioms, {triple.subject for triple in sources.knowledge}, traced)
    closure.know(sources.knowledge)
    closure.extend()
    return closure


def follow(above: Mapping[str, set[str]]) -> None:
    """Add to what stands above each name what stands above that, and so on."""
    for names in above.values():
        waiting = list(names)
        while waiting:
            more = above.get(waiting.pop(), set()) - names
            names |= more
            waiting += more


def select(store: Store, query: str) -> QuerySolutions:
    """Run a SELECT query."""
    return cast(QuerySolutions, store.query(query))


def _query(rule: AxiomRule) -> str:
    """Write a rule as a query, for people and for other engines."""
    return f"CONSTRUCT {{ {sparql([rule.head])} }} WHERE {{ {sparql(rule.body)} }}"


def _quads_of(store: Store, graph: str) -> list[Quad]:
    """Return the quads of a named graph."""
    return list(store.quads_for_pattern(None, None, None, NamedNode(graph)))


def _description(axiom: Axiom) -> Iterator[Quad]:
    """Yield what graph/provenance, and with it the default graph, says of the graph of an axiom."""
    about = NamedNode(axiom.graph)
    statements: list[tuple[NamedNode, NamedNode | Literal]] = [
        (NamedNode(TYPE), NamedNode(SUR + "InferenceGraph")),
        (NamedNode(SKOS + "prefLabel"), Literal(axiom.label, language="en")),
        (NamedNode(SUR + "appliesAxiom"), Literal(axiom.text)),
        *((NamedNode(SUR + "appliesTerm"), NamedNode(term)) for term in axiom.terms),
        *((NamedNode(SUR + "hasQueryText"), Literal(_query(rule))) for rule in axiom.rules),
    ]
    for predicate, value in statements:
        yield Quad(about, predicate, value, NamedNode(PROVENANCE))
        yield Quad(about, predicate, value, DEFAULT_GRAPH)


def _is_new(triple: Triple, store: Store) -> bool:
    """Tell whether neither the ontology nor the provenance graph describes the subject: then it is no term,
    source or passage, and what follows for it is about the world.
    """
    graphs = (NamedNode(PROVENANCE), NamedNode(ONTOLOGY))
    return not any(next(store.quads_for_pattern(triple.subject, None, None, graph), None) for graph in graphs)
