"""Tells which mutants of rules the worlds of tests/rules find."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import cast

from pyoxigraph import NamedNode, Quad, QueryTriples, Store, Triple

import test_rules
import variants
from mutation.editing import mutants
from mutation.judging import Judge
from surplace.errors import SurplaceError
from surplace.namespaces import SUR
from surplace.resources import ontology_dir
from surplace.rules.rule import Rule
from surplace.rules.strata import groups

FOLLOWS = NamedNode(SUR + "follows")


@dataclass(frozen=True)
class Probe:
    """A world, and what follows from it; if *differs*, what must not be all, if *some*, a part that must."""

    quads: frozenset[Quad]
    concluded: frozenset[Triple]
    differs: bool = False
    some: bool = False

    @cached_property
    def store(self) -> Store:
        """The world in a store."""
        return test_rules.stored(self.quads)

    @cached_property
    def constructed(self) -> frozenset[Triple]:
        """What follows, but for which rule that is."""
        return frozenset(triple for triple in self.concluded if triple.predicate != FOLLOWS)

    def finds(self, rule: Rule, circle: bool) -> bool:
        """Tell whether a rule concludes something else; one that reads what it concludes takes longer."""
        if circle:
            found, wanted = test_rules.follows(rule, self.quads), self.concluded
        else:
            found, wanted = frozenset(cast(QueryTriples, self.store.query(rule.text))), self.constructed
        if self.some:
            return not found & wanted
        return (found == wanted) is self.differs


def judges() -> Iterator[Judge]:
    """Yield a judge for each rule."""
    for name, rule in test_rules.rules().items():
        text = (ontology_dir() / "rules" / f"{name}.rq").read_text(encoding="utf-8")
        found = list(mutants(text))
        probes = list(_probes(name))

        circle = groups([rule])[0].feeds_itself

        def finds(number: int, rule=rule, found=found, probes=probes, circle=circle) -> bool:  # type: ignore[no-untyped-def]
            mutant = replace(rule, text=found[number].text)
            try:
                return any(probe.finds(mutant, circle) for probe in probes)
            except SurplaceError:  # it does not end, or concludes far too much
                return True

        yield Judge(name, found, finds)


def _probes(name: str) -> Iterator[Probe]:
    """Yield what the tests of a rule ask of it, as test_rules.py does."""
    world = test_rules.worlds()[name]
    everything = frozenset(test_rules.expected(name))
    yield Probe(world.quads, everything)
    for case in world.cases:
        after, gone = world.after(case), frozenset(test_rules.lost(name, case))
        yield Probe(after, everything - gone)
        for fact in variants.needed(case):
            yield Probe(after - {fact}, gone, some=True)
    beside = variants.beside(world)
    for fact, less in variants.one_less(world):
        if fact not in beside:
            yield Probe(less, everything, differs=True)
    for old, new in variants.exchanges(world):
        yield Probe(
            variants.exchanged(world.quads, old, new), variants.exchanged_conclusions(everything, old, new)
        )
    for first, second in variants.steps(world):
        yield Probe(variants.stretched(world.quads, first, second), everything)
