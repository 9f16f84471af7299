"""Strata: a rule may read what it lacks only from lower strata, where nothing more can come.

A rule of a stratum runs once those of the stratum that it reads from have run; rules that feed each other run
together until nothing new comes. A rule depends on another if it reads a property
or class that the other concludes: in the open, it may lie in the same stratum or a higher one; under negation
(FILTER NOT EXISTS, MINUS, OPTIONAL, an aggregate), it must lie in a higher one. So a circle that runs through
a negation, which has no sound answer, cannot be written. What follows from a conclusion by an axiom counts as
concluded too: a rule that concludes a conflict of norms concludes a finding.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain

from surplace.errors import SurplaceError
from surplace.rules.patterns import ANYTHING, Key
from surplace.rules.rule import Rule

Implied = Mapping[str, frozenset[str]]
"""For a property or class, the properties and classes that follow from it by axioms."""


@dataclass(frozen=True)
class Dependency:
    """*reader* reads *keys*, which *writer* concludes; *negative* if it does so under a negation."""

    reader: Rule
    writer: Rule
    keys: frozenset[str]
    negative: bool


@dataclass(frozen=True)
class Group:
    """Rules of a stratum that are run together; more than one only if each depends on the others."""

    stratum: int
    rules: tuple[Rule, ...]
    reads: frozenset[str]
    """The other rules of the stratum that they read from, by name."""
    feeds_itself: bool
    """Whether what they conclude may lead them to conclude more."""


def groups(rules: Sequence[Rule], implied: Implied | None = None) -> list[Group]:
    """Part *rules*, in the order of their strata, into groups: each after those that it reads from."""
    found: list[Group] = []
    for stratum in dict.fromkeys(rule.stratum for rule in rules):
        within = [rule for rule in rules if rule.stratum == stratum]
        below: dict[str, set[str]] = {rule.name: set() for rule in within}
        for dependency in dependencies(within, implied):
            below[dependency.reader.name].add(dependency.writer.name)
        reached = {name: _reached(below, name) for name in below}
        waiting = list(within)
        while waiting:
            # the first that waits for none but those of its own circle
            first = next(
                rule
                for rule in waiting
                if all(
                    rule.name in reached[other.name] for other in waiting if other.name in reached[rule.name]
                )
            )
            circle = tuple(
                rule
                for rule in waiting
                if rule is first or (rule.name in reached[first.name] and first.name in reached[rule.name])
            )
            names = {rule.name for rule in circle}
            reads = frozenset().union(*(below[name] for name in names)) - names
            found.append(Group(stratum, circle, reads, first.name in reached[first.name]))
            waiting = [rule for rule in waiting if rule not in circle]
    return found


def _reached(below: Mapping[str, set[str]], start: str) -> set[str]:
    """Return the names that *start* depends on, itself included only if it depends on itself."""
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        more = below[waiting.pop()] - reached
        reached |= more
        waiting += more
    return reached


def dependencies(
    rules: Sequence[Rule], implied: Implied | None = None, readers: Sequence[Rule] | None = None
) -> list[Dependency]:
    """Return which rule, of *readers* or of all, reads what another concludes, in the order of *rules*."""
    found = []
    concluded = [(rule, _by_name(_with_implied(rule.shape.concludes(), implied or {}))) for rule in rules]
    for reader in rules if readers is None else readers:
        reads = [(negative, _by_name(reader.shape.reads(negative=negative))) for negative in (False, True)]
        for writer, concludes in concluded:
            for negative, read in reads:
                keys = frozenset(_meeting(concludes, read))
                if keys:
                    found.append(Dependency(reader, writer, keys, negative))
    return found


def leading_to(rules: Sequence[Rule], terms: Set[str], implied: Implied) -> list[Rule]:
    """Return the rules that conclude any of *terms*, say more of what has a class of them, or lead to such.

    *rules* are all that there are, and are returned in their order.
    """
    found: dict[str, Rule] = {}
    waiting = [rule for rule in rules if _speaks_of(rule, terms, implied)]
    while waiting:
        found |= {rule.name: rule for rule in waiting}
        writers = {item.writer.name: item.writer for item in dependencies(rules, implied, waiting)}
        waiting = [rule for name, rule in writers.items() if name not in found]
    return [rule for rule in rules if rule.name in found]


def _speaks_of(rule: Rule, terms: Set[str], implied: Implied) -> bool:
    """Tell whether a rule concludes any of *terms*, or says more of what has a class of them."""
    said = {key.name for key in rule.shape.concludes()} | rule.shape.classes()
    return not terms.isdisjoint(said.union(*(implied.get(name, frozenset()) for name in said)))


def _by_name(keys: Iterable[Key]) -> dict[str, list[Key]]:
    """Sort what a rule concludes or reads by name."""
    found: dict[str, list[Key]] = defaultdict(list)
    for key in keys:
        found[key.name].append(key)
    return dict(found)


def _meeting(concluded: Mapping[str, list[Key]], read: Mapping[str, list[Key]]) -> Iterator[str]:
    """Yield the names of what one rule concludes and another reads."""
    # with another name, a key meets none but one that is anything
    for name in concluded if ANYTHING in concluded or ANYTHING in read else concluded.keys() & read.keys():
        others = chain.from_iterable(read.values()) if name == ANYTHING else _named(read, name)
        if any(key.meets(other) for other in others for key in concluded[name]):
            yield name


def _named(keys: Mapping[str, list[Key]], name: str) -> list[Key]:
    """Return the keys of that name, and those that are anything."""
    return [*keys.get(name, ()), *keys.get(ANYTHING, ())]


def _with_implied(keys: frozenset[Key], implied: Implied) -> set[Key]:
    """Return what a rule concludes together with what follows from it."""
    known = {
        Key(key.name, key.kinds.union(*(implied.get(kind, frozenset()) for kind in key.kinds)))
        for key in keys
    }
    following = frozenset[str]().union(*(implied.get(key.name, frozenset()) for key in keys))
    return known | {Key(name, frozenset()) for name in following - {key.name for key in keys}}


def check_strata(rules: Sequence[Rule], implied: Implied | None = None) -> None:
    """Raise SurplaceError if a rule stands too low for what it reads, or negation runs in a circle."""
    found = dependencies(rules, implied)
    _refuse_circles(found)
    for dependency in found:
        reader, writer = dependency.reader, dependency.writer
        least = writer.stratum + (1 if dependency.negative else 0)
        if reader.stratum < least:
            how = "under a negation " if dependency.negative else ""
            raise SurplaceError(
                f"{reader.file}: the rule {reader.name} reads {how}what {writer.name} concludes "
                f"({', '.join(_short(key) for key in sorted(dependency.keys))}), so its stratum must be at "
                f"least {least}: it is {reader.stratum}, and that of {writer.file} is {writer.stratum}."
            )


def _refuse_circles(found: Sequence[Dependency]) -> None:
    """Raise SurplaceError if a rule depends, through a negation, on itself."""
    above: dict[str, set[str]] = defaultdict(set)
    for dependency in found:
        above[dependency.writer.name].add(dependency.reader.name)
    for dependency in found:
        if not dependency.negative:
            continue
        path = _path(above, dependency.reader.name, dependency.writer.name)
        if path:
            raise SurplaceError(
                f"The rules {' → '.join(path)} → {path[0]} run in a circle through a negation "
                f"({dependency.reader.name} reads what {dependency.writer.name} must not conclude): "
                "let one of them read something else."
            )


def _path(above: dict[str, set[str]], start: str, end: str) -> list[str]:
    """Return a shortest path of names from *start* to *end*, or an empty list."""
    paths = [[start]]
    reached = {start}
    while paths:
        path = paths.pop(0)
        if path[-1] == end:
            return path
        for name in sorted(above[path[-1]] - reached):
            reached.add(name)
            paths.append([*path, name])
    return []


def _short(iri: str) -> str:
    """Return the last part of an IRI."""
    return iri.rsplit("/", 1)[-1].rsplit("#", 1)[-1]
