"""Runs rules on a store: each once what it reads is there, those of a circle until nothing new comes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import cast

from pyoxigraph import NamedNode, QueryTriples, Store, Triple

from surplace.engine.limits import Limits
from surplace.errors import SurplaceError
from surplace.namespaces import SUR
from surplace.parallel import in_order
from surplace.rdf.terms import DEFAULT_GRAPH, RDF_TYPE, in_graph
from surplace.rules.rule import Rule
from surplace.rules.strata import Group, Implied, groups
from surplace.words.english import joined

_FOLLOWS = NamedNode(SUR + "follows")
_LEAST = 1000
"""Triples that a store counts as holding at least, so that a rule may conclude a few from a few."""


def run_rules(
    store: Store,
    rules: Sequence[Rule],
    close: Callable[[list[Triple]], object] = len,
    implied: Implied | None = None,
    limits: Limits | None = None,
) -> dict[str, int]:
    """Run *rules*, which are in the order of their strata; return how many triples each concludes.

    What a rule concludes goes into its graph, and into the default graph. *close* follows the axioms from
    triples that are new: before a rule that reads what another of its stratum has concluded, and after each
    stratum. *implied* says what may follow. Raises SurplaceError for a rule that the engine refuses, that
    does not end, or that concludes more than *limits* allow.
    """
    limits = limits or Limits.load()
    most = limits.rule_growth * max(len(store), _LEAST)
    concluded = {rule.name: 0 for rule in rules}
    waiting: dict[str, list[Triple]] = {}
    """What rules of the stratum have concluded since the axioms were followed."""

    def follow() -> None:
        new = [triple for triples in waiting.values() for triple in triples]
        waiting.clear()
        if new:
            close(new)

    def found_by(rule: Rule) -> list[Triple]:
        return _run(store, rule, most - concluded[rule.name], limits)

    def take(rule: Rule, new: list[Triple]) -> None:
        concluded[rule.name] += len(new)
        graphs = (NamedNode(rule.iri), DEFAULT_GRAPH)
        store.bulk_extend(in_graph(triple, graph) for triple in new for graph in graphs)
        waiting.setdefault(rule.name, []).extend(new)

    stratum = 0
    for together in _at_once(groups(rules, implied)):
        group = together[0]
        if group.stratum > stratum or group.reads & waiting.keys():
            follow()
        stratum = group.stratum
        if not group.feeds_itself:
            asked = [rule for one in together for rule in one.rules]
            for rule, new in zip(asked, in_order(found_by, asked), strict=True):
                take(rule, new)
            continue
        minted = 0
        while True:
            mints = False
            for rule in group.rules:
                (new,) = in_order(found_by, [rule])
                mints = mints or _mints(store, rule, new)
                take(rule, new)
            if not any(waiting.get(rule.name) for rule in group.rules):
                break
            minted += mints
            if minted > limits.rule_rounds:
                raise _endless(group, limits)
            follow()
    follow()
    return concluded


def _at_once(found: Iterable[Group]) -> Iterator[list[Group]]:
    """Part groups, in their order, into runs that can be asked at once.

    What a group reads of its stratum is concluded before its run begins, so that the axioms can be followed
    first. A group that feeds itself is a run of its own.
    """
    run: list[Group] = []
    waiting: set[str] = set()
    """The rules of the stratum whose conclusions no axiom may have been followed from."""
    for group in found:
        ends = group.stratum != run[-1].stratum if run else False
        reads = ends or bool(group.reads & waiting)
        if run and (reads or group.feeds_itself or run[-1].feeds_itself):
            yield run
            run = []
        if reads:
            waiting.clear()
        run.append(group)
        waiting |= {rule.name for rule in group.rules}
    if run:
        yield run


def _run(store: Store, rule: Rule, most: int, limits: Limits) -> list[Triple]:
    """Return what a rule concludes that its graph does not have."""
    graph = NamedNode(rule.iri)
    try:
        answer = cast(QueryTriples, store.query(rule.text))
    except (SyntaxError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise SurplaceError(f"{rule.file} cannot be run ({reason}): correct the rule.") from None
    new: dict[Triple, None] = {}
    concluded: dict[Triple, None] = {}
    """For each conclusion, which says so, the rule that it follows."""
    empty = next(store.quads_for_pattern(None, None, None, graph), None) is None
    for triple in answer:
        subject = triple.subject
        if isinstance(subject, NamedNode) and (empty or in_graph(triple, graph) not in store):
            new[triple] = None
            if triple.predicate == RDF_TYPE:
                concluded[Triple(subject, _FOLLOWS, graph)] = None
            if len(new) > most:
                raise SurplaceError(
                    f"The rule {rule.name} concludes more than {limits.rule_growth} times what there is: let "
                    "it join less, or raise SURPLACE_RULE_GROWTH."
                )
    return [*new, *(triple for triple in concluded if empty or in_graph(triple, graph) not in store)]


def _mints(store: Store, rule: Rule, new: list[Triple]) -> bool:
    """Tell whether what a rule concludes is about something that the knowledge did not have."""
    return rule.shape.mints and any(
        next(store.quads_for_pattern(triple.subject, None, None, DEFAULT_GRAPH), None) is None
        for triple in new
    )


def _endless(group: Group, limits: Limits) -> SurplaceError:
    """Say that rules do not end."""
    names = joined([rule.name for rule in group.rules if rule.shape.mints])
    return SurplaceError(
        f"The rule {names} does not come to an end: it still makes new things of what it made after "
        f"{limits.rule_rounds} rounds (SURPLACE_RULE_ROUNDS), so let what it concludes not lead to ever new "
        "conclusions."
    )
