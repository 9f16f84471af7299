"""Follows the axioms over what is new: a rule reads each triple once.

A rule is asked of the whole store where it runs first; later it reads only the triples that have come since.
So the time for what follows grows with what is new, and not with what there is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass, replace
from typing import Any, cast

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Triple

from surplace.build.axioms import TYPE, Axiom, AxiomRule, Pattern
from surplace.rdf.terms import DEFAULT_GRAPH, in_graph

_PRESENT = f"SELECT DISTINCT ?key {{ {{ ?s ?key ?o }} UNION {{ ?s <{TYPE}> ?key FILTER(isIRI(?key)) }} }}"
Bindings = dict[str, Any]
"""For a variable of a rule, what it stands for."""


@dataclass
class _Step:
    """A rule, the graph of its axiom, and how far it has read what came of each of its patterns."""

    rule: AxiomRule
    graph: NamedNode
    keys: tuple[str, ...]
    """The classes and properties of its patterns."""
    read: dict[str, int] | None
    """For a class or property, how many of its new triples are read; None: the rule has not run yet."""


class Fixpoint:
    """What follows in the default graph of a store, kept up with what is added to it."""

    def __init__(self, store: Store, axioms: Iterable[Axiom], *, traced: bool = True) -> None:
        """Look at what the store has; *traced*: what follows goes into the graph of its axiom too."""
        self._store = store
        self._traced = traced
        self.used: dict[str, None] = {}
        """The graphs of the axioms that have added something, in the order in which they first did."""
        present = {row["key"].value for row in cast(QuerySolutions, store.query(_PRESENT))}
        self._new: dict[str, list[Triple]] = defaultdict(list)
        self._steps = [
            # without one of its patterns a rule has nothing to ask: what comes later is new
            _Step(rule, NamedNode(axiom.graph), keys, None if present.issuperset(keys) else {})
            for axiom in axioms
            for rule in axiom.rules
            for keys in [tuple(dict.fromkeys(map(key_of, rule.body)))]
        ]

    def over(self, store: Store) -> Fixpoint:
        """Return one for a copy of the store, to be extended by itself; nothing is left to follow here."""
        copied = copy(self)
        copied._store = store
        copied.used = dict(self.used)
        copied._new = defaultdict(list)
        copied._steps = [replace(step, read={}) for step in self._steps]
        return copied

    def extend(self, added: Iterable[Triple]) -> list[Triple]:
        """Follow the axioms until they add nothing; return what they add.

        *added* are triples that have come into the default graph since. What follows goes into the default
        graph, and into the graph of the axiom that adds it first, in the order of the axioms.
        """
        for triple in added:
            self._note(triple)
        found: list[Triple] = []
        while True:
            before = len(found)
            for step in self._steps:
                new = self._run(step)
                if new:
                    graphs = (step.graph, DEFAULT_GRAPH) if self._traced else (DEFAULT_GRAPH,)
                    self._store.bulk_extend(in_graph(triple, graph) for triple in new for graph in graphs)
                    self.used[step.graph.value] = None
                    for triple in new:
                        self._note(triple)
                    found += new
            if len(found) == before:
                break
        for step in self._steps:  # each has read all
            step.read = {}
        self._new.clear()
        return found

    def _note(self, triple: Triple) -> None:
        """Keep a new triple for the rules that read its property or class."""
        key = triple.predicate.value
        if key == TYPE and isinstance(triple.object, NamedNode):
            key = triple.object.value
        self._new[key].append(triple)

    def _run(self, step: _Step) -> list[Triple]:
        """Return what a rule adds to the store."""
        new, since = self._new, step.read
        if since is not None and (
            new.keys().isdisjoint(step.keys)
            or all(len(new.get(key, ())) == since.get(key, 0) for key in step.keys)
        ):
            return []
        step.read = known = {key: len(new.get(key, ())) for key in step.keys}
        if since is None:
            return list(self._asked(step.rule))
        heads = dict.fromkeys(self._derived(step.rule, since, known))
        return [head for head in heads if in_graph(head, DEFAULT_GRAPH) not in self._store]

    def _asked(self, rule: AxiomRule) -> Iterator[Triple]:
        """Yield what a rule adds, asked of the whole store."""
        # a literal cannot be the subject of a triple: where a rule turns an object into one, leave it out
        subject = rule.head[0]
        guard = "" if subject in {pattern[0] for pattern in rule.body} else f"FILTER(!isLiteral({subject})) "
        head, where = sparql([rule.head]), f"{sparql(rule.body)} {guard}"
        if not rule.head[2].startswith("?"):  # many triples may give a thing the same class
            where = f"{{ SELECT DISTINCT {subject} WHERE {{ {where} }} }}"
        answer = self._store.query(f"CONSTRUCT {{ {head} }} WHERE {{ {where} MINUS {{ {head} }} }}")
        return iter(dict.fromkeys(cast(Iterable[Triple], answer)))

    def _derived(self, rule: AxiomRule, since: dict[str, int], until: dict[str, int]) -> Iterator[Triple]:
        """Yield what a rule concludes with at least one of the new triples, known or not."""
        subject, predicate, value = rule.head
        about = NamedNode(predicate)
        solutions = self._solutions(rule, since, until)
        ends: Iterable[tuple[Any, Any]]
        if value.startswith("?"):
            ends = dict.fromkeys((solution[subject], solution[value]) for solution in solutions)
        else:  # many triples may give a thing the same class
            kind = NamedNode(value)
            of_kind = {triple.subject for triple in self._new.get(value, ())}
            subjects = dict.fromkeys(solution[subject] for solution in solutions)
            ends = ((one, kind) for one in subjects if one not in of_kind)
        # a literal cannot be the subject of a triple
        return (Triple(one, about, other) for one, other in ends if not isinstance(one, Literal))

    def _solutions(self, rule: AxiomRule, since: dict[str, int], until: dict[str, int]) -> Iterator[Bindings]:
        """Yield the answers of the body of a rule in which at least one of the new triples takes part."""
        classes = {pattern[2]: NamedNode(pattern[2]) for pattern in rule.body if pattern[1] == TYPE}
        known: dict[Any, list[tuple[Any, Any]]] = {}
        for place, pattern in enumerate(rule.body):
            key = key_of(pattern)
            others = rule.body[:place] + rule.body[place + 1 :]
            for triple in self._new[key][since.get(key, 0) : until[key]]:
                bindings = {**classes, pattern[0]: triple.subject, pattern[2]: triple.object}
                if others:
                    yield from self._joined(others, bindings, known)
                else:
                    yield bindings

    def _joined(
        self, patterns: tuple[Pattern, ...], bindings: Bindings, known: dict[Any, list[tuple[Any, Any]]]
    ) -> Iterator[Bindings]:
        """Yield the ways in which patterns match the store; *known* keeps what has been looked up."""
        pattern = next((item for item in patterns if item[0] in bindings or item[2] in bindings), patterns[0])
        others = tuple(item for item in patterns if item is not pattern)
        key = pattern, bindings.get(pattern[0]), bindings.get(pattern[2])
        if isinstance(key[1], Literal):
            return
        if key not in known:
            _, subject, value = key
            known[key] = [
                (quad.subject, quad.object)
                for quad in self._store.quads_for_pattern(
                    subject, NamedNode(pattern[1]), value, DEFAULT_GRAPH
                )
            ]
        for subject, value in known[key]:
            found = {**bindings, pattern[0]: subject, pattern[2]: value}
            if others:
                yield from self._joined(others, found, known)
            else:
                yield found


def key_of(pattern: Pattern) -> str:
    """Return the class or property that a pattern is about."""
    return pattern[2] if pattern[1] == TYPE else pattern[1]


def sparql(patterns: Iterable[Pattern]) -> str:
    """Write patterns as SPARQL."""
    return " ".join(
        " ".join(term if term.startswith("?") else f"<{term}>" for term in pattern) + " ."
        for pattern in patterns
    )
