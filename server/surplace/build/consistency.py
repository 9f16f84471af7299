"""Consistency: an individual in two classes that exclude each other, led back to the passages behind it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import NamedNode, RdfFormat, Store, Triple, parse

from surplace.build.axioms import TYPE, Axiom, Axioms, Pattern
from surplace.build.closure import Closure, select
from surplace.build.report import Origins, Violation
from surplace.namespaces import AXIOM, ONTOLOGY, PROVENANCE, RULE, SOURCE, compact
from surplace.words.english import joined


def inconsistencies(closure: Closure, axioms: Axioms, origins: Origins) -> Iterator[Violation]:
    """Report each individual that is in two classes which the ontology declares disjoint."""
    explainer = _Derivation(closure.store, axioms.all)
    for one, other in axioms.disjoint:
        rows = select(closure.store, f"SELECT DISTINCT ?x {{ ?x <{TYPE}> <{one}>, <{other}> }}")
        for individual in sorted((row["x"] for row in rows), key=str):
            behind = {
                kind: sorted(explainer.graphs(Triple(individual, NamedNode(TYPE), NamedNode(kind))))
                for kind in (one, other)
            }
            graphs = [graph for found in behind.values() for graph in found]
            files = origins.of_graphs(graphs, individual.value)
            said = joined(
                f"{origins.describe(kind)} by {joined(map(compact, found))}" for kind, found in behind.items()
            )
            yield Violation(
                "violation",
                "closure",
                individual.value,
                files,
                f"{files}: {origins.describe(individual.value)} cannot be in two classes that exclude each "
                f"other, {said}: correct one of them, or reject one in a sur:Disagreement.",
            )


class _Derivation:
    """Leads a triple back to the graphs that state what it follows from."""

    def __init__(self, store: Store, axioms: Iterable[Axiom]) -> None:
        self._store = store
        self._axioms = {axiom.graph: axiom for axiom in axioms}

    def graphs(self, triple: Triple, seen: frozenset[Triple] = frozenset()) -> set[str]:
        """Return the graphs behind *triple*: passages and rules, or graph/provenance and graph/ontology.

        *seen* are the triples that are being explained by this one already.
        """
        if triple in seen:
            return set()
        quads = self._store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
        graphs = sorted(quad.graph_name.value for quad in quads if isinstance(quad.graph_name, NamedNode))
        stated = [graph for graph in graphs if graph.startswith((SOURCE, RULE, PROVENANCE, ONTOLOGY))]
        if stated:
            return set(stated)
        for axiom in (self._axioms[graph] for graph in graphs if graph.startswith(AXIOM)):
            for premises in self._premises(triple, axiom):
                found = [self.graphs(premise, seen | {triple}) for premise in premises]
                if all(found):
                    return set[str]().union(*found)
        return set()

    def _premises(self, triple: Triple, axiom: Axiom) -> Iterator[list[Triple]]:
        """Yield, one way after the other, the triples from which *axiom* concludes *triple*."""
        terms = (triple.subject, triple.predicate, triple.object)
        for rule in axiom.rules:
            bound = {name: str(term) for name, term in zip(rule.head, terms, strict=True) if name[0] == "?"}
            if _filled(rule.head, bound) != [str(term) for term in terms]:
                continue
            body = [_filled(pattern, bound) for pattern in rule.body]
            free = sorted({term for pattern in body for term in pattern if term[0] == "?"})
            where = " ".join(" ".join(pattern) + " ." for pattern in body)
            for row in sorted(
                [str(row[name[1:]]) for name in free]
                for row in select(self._store, f"SELECT {' '.join(free) or '*'} {{ {where} }}")
            ):
                found = dict(zip(free, row, strict=True))
                lines = "".join(" ".join(found.get(t, t) for t in pattern) + " .\n" for pattern in body)
                yield [quad.triple for quad in parse(lines, format=RdfFormat.N_TRIPLES)]


def _filled(pattern: Pattern, bound: dict[str, str]) -> list[str]:
    """Write the terms of a pattern as N-Triples, variables that are bound by their terms."""
    return [bound.get(term, term) if term[0] == "?" else f"<{term}>" for term in pattern]
