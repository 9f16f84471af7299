"""The findings stage: what the rules of ontology/rules conclude from the closed knowledge."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import DefaultGraph, NamedNode

from surplace.build.closure import Closure, in_graph
from surplace.rules.rule import Rule
from surplace.rules.running import run_rules
from surplace.rules.strata import check_strata


def conclude(closure: Closure, rules: Sequence[Rule]) -> int:
    """Run *rules* on the closed store, and the axioms on what they conclude; return how many triples are new.

    Each rule is described in graph/provenance. What it concludes goes into its own graph, into the default
    graph and into graph/knowledge. Raises SurplaceError if the rules are not stratified or do not end.
    """
    check_strata(rules)
    for rule in rules:
        closure.store.extend(
            quad
            for described in rule.quads()
            for quad in (described, in_graph(described.triple, DefaultGraph()))
        )
    counts = run_rules(closure.store, rules, closure.extend)
    for rule in rules:
        quads = closure.store.quads_for_pattern(None, None, None, NamedNode(rule.iri))
        closure.know([quad.triple for quad in quads])
    return sum(counts.values())
