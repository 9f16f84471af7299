"""What a supposition says of a provision: from when it would bind, until when, and through which treaties."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode, Store

from surplace.namespaces import SKOS, SUR, VOCAB
from surplace.rdf.terms import DEFAULT_GRAPH, text_of
from surplace.suppose.comparison import CLASSES, ChangedConclusion, kind_of
from surplace.suppose.reach import AS_RESERVED
from surplace.words.days import day_before, in_words
from surplace.words.english import capitalized, count, joined
from surplace.words.order import Key, legal_key
from surplace.words.treaties import treaty

_ONE: Final = {
    "standings": "standing",
    "findings": "finding",
    "ways to a court": "way to a court",
    "grounds": "ground",
}
_BINDS: Final = re.compile(r": bound by (?P<provision>.+) through (?:the )?(?P<treaty>.+)")
_RESERVED: Final = {f"{VOCAB}standing-kind/{kind}" for kind in AS_RESERVED}
_DAYS: Final = re.compile(r"(?<=; )(from|before) ([0-9]{4}-[0-9]{2}-[0-9]{2})(?=;|$)")


@dataclass(frozen=True)
class _Turn:
    """A provision that would begin to bind on a day, or cease to before it, through a treaty."""

    item: ChangedConclusion
    provision: str
    treaty: str
    day: str
    begins: bool


def bound_otherwise(found: Sequence[ChangedConclusion], supposed: Store) -> list[ChangedConclusion]:
    """Fill in, where what begins, or ceases, to bind binds otherwise too, how it does."""
    turns = {turn.item.iri: turn for turn in _turns(found)}
    known = _Known(supposed)
    return [known.complete(item, turns[item.iri]) if item.iri in turns else item for item in found]


@dataclass(frozen=True)
class _Hold:
    """A treaty through which a provision binds a state; *reserved* if only as a reservation leaves it."""

    treaty: str
    reserved: bool


class _Known:
    """What the default graph of a supposed dataset knows of standings and treaties."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def of(self, subject: str, predicate: str) -> set[str]:
        """Return the values of a property of a thing."""
        found = self._store.quads_for_pattern(NamedNode(subject), NamedNode(predicate), None, DEFAULT_GRAPH)
        return {text_of(quad.object) for quad in found}

    def with_value(self, predicate: str, value: str) -> set[str]:
        """Return the things of which a property has a value, an IRI."""
        found = self._store.quads_for_pattern(None, NamedNode(predicate), NamedNode(value), DEFAULT_GRAPH)
        return {text_of(quad.subject) for quad in found}

    def complete(self, item: ChangedConclusion, turn: _Turn) -> ChangedConclusion:
        """Say through which other treaties a provision binds on the day of a turn.

        Where it begins to bind, they are those through which it did so before, too; what begins through
        several treaties on one day bound through none of them.
        """
        own = self.of(item.iri, SUR + "runsThrough")
        holds = self.holds(item.iri, turn.day)
        before = self.holds(item.iri, day_before(turn.day)) if turn.begins and turn.day else holds
        others = {hold.treaty for hold in holds & before if hold.treaty not in own}
        already = [hold for hold in before if hold.treaty in (others or own)] if turn.begins else []
        limits = [self.people_defined_by(other) for other in others]
        names = sorted(name for other in others for name in self.of(other, SKOS + "prefLabel"))
        people = joined(sorted(set().union(*limits))) if limits and all(limits) else ""
        reserved = bool(already) and all(hold.reserved for hold in already)
        return replace(item, through=tuple(names), only_for=people, reserved=reserved)

    def holds(self, standing: str, day: str) -> set[_Hold]:
        """Return how the provision of a standing binds its state on a day."""
        (provision,) = self.of(standing, SUR + "isStandingTo")
        states = self.of(standing, SUR + "isStandingOf")
        found: set[_Hold] = set()
        for other in self.with_value(SUR + "isStandingTo", provision):
            kinds = self.of(other, SUR + "hasStandingKind")
            in_force = any("true" in self.of(kind, SUR + "meansInForce") for kind in kinds)
            begun, ended = self.of(other, SUR + "holdsFrom"), self.of(other, SUR + "holdsBefore")
            holds = any(start <= day for start in begun) and not any(end <= day for end in ended)
            if holds and in_force and states == self.of(other, SUR + "isStandingOf"):
                reserved = bool(kinds & _RESERVED)
                found |= {_Hold(treaty, reserved) for treaty in self.of(other, SUR + "runsThrough")}
        return found

    def people_defined_by(self, treaty: str) -> set[str]:
        """Return whom alone the definition of a treaty covers by its words; nobody if none is limited."""
        definitions = self._store.quads_for_pattern(None, NamedNode(SUR + "definesOnly"), None, DEFAULT_GRAPH)
        return {
            text_of(quad.object)
            for quad in definitions
            if treaty in self.of(text_of(quad.subject), SUR + "isPartOf")
        }


def summary_of_changes(found: Sequence[ChangedConclusion]) -> str:
    """Say in a sentence or two what is supposed, what would bind or not, and how much would differ."""
    names = "; ".join(item.label for item in found if item.kind == "acts")
    counted = Counter(item.kind for item in found)
    counts = [count(counted[kind], _ONE[kind], kind) for kind in CLASSES if counted[kind]]
    differ = f"{joined(counts) or 'nothing on record'} would differ."
    if bound := "; ".join(_told(found)):
        return f"{names}: {bound}. {capitalized(differ)}"
    return f"{names}: {differ}"


def _turns(found: Iterable[ChangedConclusion]) -> Iterator[_Turn]:
    for item in found:
        name = _BINDS.search(item.label)
        if item.kind != "standings" or name is None:
            continue
        was, would_be = (
            dict(_DAYS.findall(side)) if kind_of(side) == "binding" else None
            for side in (item.before, item.after)
        )
        if would_be is not None and was is None:
            yield _Turn(item, name["provision"], name["treaty"], would_be.get("from", ""), begins=True)
        elif was is not None and would_be is not None and would_be.get("before", "") < was.get("before", ""):
            yield _Turn(item, name["provision"], name["treaty"], would_be.get("before", ""), begins=False)


def _told(found: Sequence[ChangedConclusion]) -> Iterator[str]:
    """Say which provisions would bind from when, or no longer; first one on which a finding would differ.

    Those come last that bind all the same, through another treaty.
    """
    beginning: dict[tuple[str, str], set[str]] = {}  # through which treaties at once
    for turn in _turns(found):
        if turn.begins and not turn.item.through:
            beginning.setdefault((turn.provision, turn.day), set()).add(turn.treaty)
    alike: dict[tuple[bool, bool, str, tuple[str, ...], tuple[str, ...], str, bool], list[str]] = {}
    for turn in _turns(found):
        through = turn.item.through
        own = (turn.treaty,) if through else tuple(sorted(beginning.get((turn.provision, turn.day), ())))
        kind = bool(through), not turn.begins, turn.day, own, through, turn.item.only_for, turn.item.reserved
        alike.setdefault(kind, []).append(turn.provision)
    findings = [item.label for item in found if item.kind == "findings"]

    def foremost(name: str) -> tuple[bool, Key]:
        return not any(name in one for one in findings), legal_key(name)

    for (_, ends, day, own, through, people, reserved), provisions in sorted(alike.items()):
        names = sorted(dict.fromkeys(provisions), key=foremost)
        more = f" and {count(len(names) - 1, 'more provision')} with a norm" if names[1:] else ""
        when = f"until {in_words(day_before(day))} and no longer" if ends else f"from {in_words(day)}"
        others = joined(treaty(name) for name in through)
        limit = f", which is certain only for {people}" if people else ""
        left = " as the reservation leaves it" if reserved else ""
        if not through:
            both = f", through {joined(map(treaty, own))}" if own[1:] else ""
            full, no_longer = (" in full", f", no longer{left}") if reserved else ("", "")
            yield f"{names[0]}{more} would bind{full} {when}{both}{no_longer}"
        elif ends:
            yield f"{names[0]}{more} would go on to bind, through {others} alone{limit}"
        else:
            already = f"bound already through {others}{left}{limit}"
            yield f"{names[0]}{more} would bind through {joined(map(treaty, own))} too {when}, {already}"
