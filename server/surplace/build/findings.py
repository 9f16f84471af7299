"""The findings stage: what the rules of ontology/rules conclude from the closed knowledge."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pyoxigraph import NamedNode, Store

from surplace.build.closure import Closure
from surplace.build.report import Origins
from surplace.namespaces import KNOWLEDGE
from surplace.rdf.terms import DEFAULT_GRAPH, in_graph
from surplace.rules.rule import SUFFIX, Rule
from surplace.rules.running import run_rules
from surplace.rules.strata import check_strata


def conclude(closure: Closure, rules: Sequence[Rule]) -> int:
    """Run *rules* on the closed store, and the axioms on what they conclude; return how many triples are new.

    Each rule is described in graph/provenance. What it concludes goes into its own graph, into the default
    graph and, if the closure is traced, into graph/knowledge. Raises SurplaceError if the rules are not
    stratified or do not end.
    """
    implied = closure.implied()
    check_strata(rules, implied)
    described = [quad for rule in rules for quad in rule.quads()]
    closure.store.extend(described)
    closure.store.extend(in_graph(quad.triple, DEFAULT_GRAPH) for quad in described)
    closure.extend(quad.triple for quad in described)
    counts = run_rules(closure.store, rules, closure.extend, implied)
    for rule in rules if closure.traced else ():
        closure.store.update(f"ADD SILENT GRAPH <{rule.iri}> TO GRAPH <{KNOWLEDGE}>")
    return sum(counts.values())


def note_rules(store: Store, rules: Sequence[Rule], folder: Path, origins: Origins) -> None:
    """Let a fault of a rule, or of what it concludes, name the file of the rule, which is in *folder*."""
    for rule in rules:
        graph = NamedNode(rule.iri)
        described = list(rule.quads())
        origins.add_names(rule.file, described, folder / f"{rule.name}{SUFFIX}")
        alone = (in_graph(quad.triple, graph) for quad in described)
        origins.add(rule.file, [*alone, *store.quads_for_pattern(None, None, None, graph)])
