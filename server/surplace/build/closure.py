"""The closure stage: what follows from the knowledge by the axioms of the ontology.

One SPARQL update a rule, run in a store until nothing new comes. A triple goes into the graph of the axiom
that adds it first; axioms are taken in a fixed order, so the same data always give the same graphs. Not
followed: what SKOS says of `skos:broader` and its kin (queries walk it with a path), and what the axioms say
of terms alone (a superclass of a superclass), which `rdfs:subClassOf*` finds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import cast

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store, Triple

from surplace.build.axioms import TYPE, Axiom, Axioms, Pattern, Rule
from surplace.build.sources import Sources
from surplace.namespaces import KNOWLEDGE, ONTOLOGY, PROVENANCE, SKOS, SUR
from surplace.rdf.terms import in_graph

Subject = NamedNode | BlankNode | Triple
_DEFAULT = DefaultGraph()
_DESCRIBING = (SUR + "InferenceGraph", SKOS + "prefLabel", SUR + "appliesAxiom", SUR + "appliesTerm")


@dataclass
class Closure:
    """What follows from the knowledge by the axioms."""

    store: Store
    """Default graph: knowledge, ontology and provenance, closed. Named graphs: all."""
    axioms: Axioms
    about: set[Subject]
    """What the passages speak of."""
    described: dict[str, Axiom] = field(default_factory=dict)
    """The axioms that add something, by graph."""

    @property
    def used(self) -> list[Axiom]:
        """Return the axioms that add something, in the order of their graphs."""
        return sorted(self.described.values(), key=lambda axiom: axiom.graph)

    @property
    def derived(self) -> int:
        """Return how many triples follow from others."""
        return sum(len(_quads_of(self.store, graph)) for graph in self.described)

    def extend(self, gained: Iterable[str] | None = None) -> set[str]:
        """Follow the axioms until they add nothing; *gained* are the classes and properties that are new.

        Return those that the axioms add to. An axiom that comes into use is described, which may be something
        to conclude from in turn.
        """
        changed = None if gained is None else set(gained)
        added: set[str] = set()
        while True:
            added |= fixpoint(self.store, self.axioms.all, changed)
            new = [
                axiom
                for axiom in self.axioms.all
                if axiom.graph not in self.described and _holds_something(self.store, axiom.graph)
            ]
            if not new:
                break
            self.described |= {axiom.graph: axiom for axiom in new}
            for axiom in new:
                self.store.extend(_description(axiom))
            changed = set(_DESCRIBING)
        return added

    def implied(self) -> dict[str, frozenset[str]]:
        """Return the classes and properties that hold, by axioms, where a class or property holds.

        Left out are domains and ranges, by which a property gives a class to things that have it already.
        """
        above: dict[str, set[str]] = defaultdict(set)
        for axiom in self.axioms.all:
            for rule in axiom.rules:
                for pattern in rule.body:
                    if rule.head[1] != TYPE or pattern[1] == TYPE:
                        above[_key(pattern)].add(_key(rule.head))
        for names in above.values():
            waiting = list(names)
            while waiting:
                more = above.get(waiting.pop(), set()) - names
                names |= more
                waiting += more
        return {name: frozenset(names) for name, names in above.items()}

    def know_derived(self) -> None:
        """Put what the axioms add into graph/knowledge, unless it is about a term, source or passage."""
        derived = (quad.triple for graph in self.described for quad in _quads_of(self.store, graph))
        self.know(triple for triple in derived if triple.subject in self.about or _is_new(triple, self.store))

    def know(self, triples: Iterable[Triple]) -> None:
        """Put triples into graph/knowledge."""
        self.store.bulk_extend(in_graph(triple, NamedNode(KNOWLEDGE)) for triple in triples)


def close(sources: Sources, terms: Iterable[Quad], others: Iterable[Quad], axioms: Axioms) -> Closure:
    """Load everything into a store and close its default graph.

    *terms* are the quads of graph/ontology; *others* (shapes, alignments, questions) are carried along
    untouched.
    """
    store = Store()
    named = [*sources.quads, *terms, *others]
    vouched = [quad.triple for quad in (*sources.graph(PROVENANCE), *terms)]
    store.bulk_extend(named)
    store.bulk_extend(in_graph(triple, _DEFAULT) for triple in (*vouched, *sources.knowledge))
    closure = Closure(store, axioms, {triple.subject for triple in sources.knowledge})
    closure.know(sources.knowledge)
    closure.extend()
    closure.know_derived()
    return closure


def fixpoint(store: Store, axioms: Iterable[Axiom], gained: set[str] | None = None) -> set[str]:
    """Run the rules of *axioms* on the default graph until they add nothing.

    A rule runs only if a class or property that its body reads has gained something; at first those are
    *gained*, or all that the graph uses. Return the classes and properties to which something was added.
    """
    added: set[str] = set()
    rules = [_asked_and_done(rule, axiom.graph) for axiom in axioms for rule in axiom.rules]
    gained = _present(store) if gained is None else gained
    while gained:
        before, gained = gained, set()
        for reads, adds, question, update in rules:
            # what this round has gained so far counts at once, and again in the next round
            if reads.isdisjoint(before) and reads.isdisjoint(gained):
                continue
            # asking first is what tells whether something comes: counting the store takes longer than both
            if store.query(question):
                store.update(update)
                gained.add(adds)
        added |= gained
    return added


def _present(store: Store) -> set[str]:
    """Return the classes and properties that the default graph uses."""
    rows = select(
        store, f"SELECT DISTINCT ?key {{ {{ ?s ?key ?o }} UNION {{ ?s <{TYPE}> ?key }} FILTER(isIRI(?key)) }}"
    )
    return {row["key"].value for row in rows}


def select(store: Store, query: str) -> QuerySolutions:
    """Run a SELECT query."""
    return cast(QuerySolutions, store.query(query))


def _key(pattern: Pattern) -> str:
    """Return the class or property that a pattern is about."""
    return pattern[2] if pattern[1] == TYPE else pattern[1]


@cache
def _asked_and_done(rule: Rule, graph: str) -> tuple[frozenset[str], str, str, str]:
    """Return the classes and properties that a rule reads, the one that it adds to, and its text.

    The text is a question whether the rule has anything new, and an update that adds it to *graph* and to the
    default graph.
    """
    head = _sparql([rule.head])
    # a literal cannot be the subject of a triple: where a rule turns an object into a subject, leave it out
    subject = rule.head[0]
    guard = "" if subject in {pattern[0] for pattern in rule.body} else f"FILTER(!isLiteral({subject})) "
    where = f"{{ {_sparql(rule.body)} {guard}FILTER NOT EXISTS {{ {head} }} }}"
    reads = frozenset(_key(pattern) for pattern in rule.body)
    update = f"INSERT {{ {head} GRAPH <{graph}> {{ {head} }} }} WHERE {where}"
    return reads, _key(rule.head), f"ASK {where}", update


def _query(rule: Rule) -> str:
    """Write a rule as a query, for people and for other engines."""
    return f"CONSTRUCT {{ {_sparql([rule.head])} }} WHERE {{ {_sparql(rule.body)} }}"


def _sparql(patterns: Iterable[Pattern]) -> str:
    """Write patterns as SPARQL."""
    return " ".join(
        " ".join(term if term.startswith("?") else f"<{term}>" for term in pattern) + " ."
        for pattern in patterns
    )


def _quads_of(store: Store, graph: str) -> list[Quad]:
    """Return the quads of a named graph."""
    return list(store.quads_for_pattern(None, None, None, NamedNode(graph)))


def _holds_something(store: Store, graph: str) -> bool:
    """Tell whether a named graph has a triple."""
    return next(store.quads_for_pattern(None, None, None, NamedNode(graph)), None) is not None


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
        yield Quad(about, predicate, value, _DEFAULT)


def _is_new(triple: Triple, store: Store) -> bool:
    """Tell whether neither the ontology nor the provenance graph describes the subject: then it is no term,
    source or passage, and what follows for it is about the world.
    """
    graphs = (NamedNode(PROVENANCE), NamedNode(ONTOLOGY))
    return not any(next(store.quads_for_pattern(triple.subject, None, None, graph), None) for graph in graphs)
