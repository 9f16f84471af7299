"""Runs rules on a store, stratum by stratum, each to a fixpoint."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import cast

from pyoxigraph import DefaultGraph, NamedNode, QueryTriples, Store, Triple

from surplace.errors import SurplaceError
from surplace.namespaces import RDF, SUR
from surplace.rdf.terms import in_graph
from surplace.rules.patterns import ANYTHING
from surplace.rules.rule import Rule

ROUNDS = 50
"""How often the rules of a stratum may run before they are taken not to end."""
TRIPLES = 200_000
"""How many triples one rule may conclude before it is taken not to end."""

_DEFAULT = DefaultGraph()
_FOLLOWS = NamedNode(SUR + "follows")
_TYPE = NamedNode(RDF + "type")


def run_rules(
    store: Store, rules: Sequence[Rule], close: Callable[[Iterable[str]], set[str]] | None = None
) -> dict[str, int]:
    """Run *rules*, which are in the order of their strata; return how many triples each concludes.

    What a rule concludes goes into its graph, and into the default graph. *close* follows the axioms after
    each round of a stratum: it is called with the properties and classes that have gained something, and
    returns those that gain by it. Raises SurplaceError for a rule that the engine refuses or that does not
    end.
    """
    concluded = {rule.name: 0 for rule in rules}
    for _, group in groupby(rules, key=lambda rule: rule.stratum):
        stratum = list(group)
        changed: set[str] = set()
        for number in range(ROUNDS):
            first = number == 0
            before, changed = changed, set()
            for rule in stratum:
                names = {key.name for key in rule.shape.reads()}
                if not first and ANYTHING not in names and not names & (before | changed):
                    continue
                new = _run(store, rule)
                concluded[rule.name] += len(new)
                if concluded[rule.name] > TRIPLES:
                    raise _endless(rule)
                changed |= _keys(new)
            if not changed:
                break
            if close:
                changed |= close(changed)
        else:
            raise _endless(
                next(rule for rule in stratum if changed & {key.name for key in rule.shape.concludes()})
            )
    return concluded


def _run(store: Store, rule: Rule) -> list[Triple]:
    """Run one rule once; return the triples that it concludes and had not before."""
    graph = NamedNode(rule.iri)
    try:
        answer = cast(QueryTriples, store.query(rule.text))
    except (SyntaxError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise SurplaceError(f"rules/{rule.name}.rq cannot be run ({reason}): correct the rule.") from None
    new: dict[Triple, None] = {}
    for triple in answer:
        if isinstance(triple.subject, NamedNode) and in_graph(triple, graph) not in store:
            new[triple] = None
            if len(new) > TRIPLES:
                raise _endless(rule)
    for triple in list(new):  # a conclusion says which rule it follows
        if triple.predicate == _TYPE:
            follows = Triple(triple.subject, _FOLLOWS, graph)
            if in_graph(follows, graph) not in store:
                new[follows] = None
    store.bulk_extend(in_graph(triple, where) for triple in new for where in (graph, _DEFAULT))
    return list(new)


def _keys(triples: Iterable[Triple]) -> set[str]:
    """Return the properties of some triples, and the classes that they give."""
    properties = {triple.predicate.value for triple in triples}
    return properties | {
        triple.object.value
        for triple in triples
        if triple.predicate == _TYPE and isinstance(triple.object, NamedNode)
    }


def _endless(rule: Rule) -> SurplaceError:
    """Say that a rule does not end."""
    return SurplaceError(
        f"The rule {rule.name} does not come to an end: let what it concludes not lead to ever new "
        "conclusions."
    )
