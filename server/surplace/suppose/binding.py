"""What a supposition says of a provision: from when it would bind, until when, and through which treaties."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode, Store

from surplace.namespaces import SKOS, SUR, last_segment
from surplace.rdf.terms import DEFAULT_GRAPH, text_of
from surplace.suppose.comparison import CLASSES, ChangedConclusion, kind_of
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
_DAYS: Final = re.compile(r"(?<=; )(from|before) ([0-9]{4}-[0-9]{2}-[0-9]{2})(?=;|$)")
_BOUND: Final = {"binding", "continued", "modified", "conditioned"}
"""Kinds of standing in which a provision binds."""


@dataclass(frozen=True)
class _Turn:
    """A provision that would begin to bind on a day, or cease to before it, through a treaty."""

    item: ChangedConclusion
    provision: str
    treaty: str
    day: str
    begins: bool


def bound_otherwise(found: Sequence[ChangedConclusion], supposed: Store) -> list[ChangedConclusion]:
    """Fill in *through* where a provision would begin, or cease, to bind and does so all the same."""
    days = {turn.item.iri: turn.day for turn in _turns(found)}
    return [
        replace(item, through=tuple(_through_others(item.iri, days[item.iri], supposed)))
        if item.iri in days
        else item
        for item in found
    ]


def _through_others(standing: str, day: str, supposed: Store) -> list[str]:
    """Name the other treaties through which the provision of a standing binds its state on a day."""

    def of(subject: NamedNode, name: str) -> set[str]:
        quads = supposed.quads_for_pattern(subject, NamedNode(SUR + name), None, DEFAULT_GRAPH)
        return {text_of(quad.object) for quad in quads}

    one = NamedNode(standing)
    (provision,), (state,) = of(one, "isStandingTo"), of(one, "isStandingOf")
    about = supposed.quads_for_pattern(
        None, NamedNode(SUR + "isStandingTo"), NamedNode(provision), DEFAULT_GRAPH
    )
    through: set[str] = set()
    for other in {quad.subject for quad in about if isinstance(quad.subject, NamedNode)}:
        kinds = {last_segment(kind) for kind in of(other, "hasStandingKind")}
        begun, ended = of(other, "holdsFrom"), of(other, "holdsBefore")
        holds = any(start <= day for start in begun) and not any(end <= day for end in ended)
        if kinds & _BOUND and state in of(other, "isStandingOf") and holds:
            through |= of(other, "runsThrough")
    named = through - of(one, "runsThrough")
    return sorted(
        text_of(quad.object)
        for treaty in named
        for quad in supposed.quads_for_pattern(
            NamedNode(treaty), NamedNode(SKOS + "prefLabel"), None, DEFAULT_GRAPH
        )
    )


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
    alike: dict[tuple[bool, bool, str, str, tuple[str, ...]], list[str]] = {}
    for turn in _turns(found):
        through = turn.item.through
        kind = (bool(through), not turn.begins, turn.day, turn.treaty if through else "", through)
        alike.setdefault(kind, []).append(turn.provision)
    findings = [item.label for item in found if item.kind == "findings"]

    def foremost(name: str) -> tuple[bool, Key]:
        return not any(name in one for one in findings), legal_key(name)

    for (_, ends, day, own, through), provisions in sorted(alike.items()):
        names = sorted(dict.fromkeys(provisions), key=foremost)
        more = f" and {count(len(names) - 1, 'more provision')} with a norm" if names[1:] else ""
        when = f"until {in_words(day_before(day))} and no longer" if ends else f"from {in_words(day)}"
        others = joined(treaty(name) for name in through)
        if not through:
            yield f"{names[0]}{more} would bind {when}"
        elif ends:
            yield f"{names[0]}{more} would go on to bind, through {others} alone"
        else:
            already = f"bound already through {others}"
            yield f"{names[0]}{more} would bind through {treaty(own)} too {when}, {already}"
