"""What the page on a described person makes of an assessment: its key, and what would change the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from surplace.suppose.reach import IN_PART, PERHAPS, PROTECTS
from surplace.web.person import marks
from surplace.words.english import capitalized, count, joined, verb
from surplace.words.standings import LEGEND, UNKNOWN, Mark

ASKED: Final = 2
"""Facts that are asked for above the fold."""
_NAMED: Final = 2
"""Provisions that are named of those that protect without a ground."""


def legend(found: Mapping[str, Any]) -> list[Mark]:
    """Return the marks of the answer, each with the words beside which it stands there as its meaning."""
    elements = [element for ground in found["grounds"] for element in ground["elements"]]
    words: dict[Mark, dict[str, None]] = {}
    for told in (*found["protection"], *found["grounds"], *elements):
        words.setdefault(marks()[told["result"]], {})[told["result"].replace("-", " ")] = None
    return [
        replace(mark, meaning=", ".join(words[mark]) + (" (which is not no)" if mark == UNKNOWN else ""))
        for mark in LEGEND
        if mark in words
    ]


def further(found: Mapping[str, Any]) -> list[tuple[str, list[Mapping[str, Any]]]]:
    """Group the facts below the fold by what follows from either answer.

    With each group comes what a fact above the fold with the same effect says of the person, or nothing.
    """
    above = foremost_asked(found)
    groups: dict[tuple[Any, ...], list[Mapping[str, Any]]] = {}
    for fact in found["missing_facts"]:
        if fact not in above:
            groups.setdefault(_effects(fact), []).append(fact)
    same = {_effects(fact): fact["words"] for fact in above}
    return [(same.get(effects, ""), facts) for effects, facts in groups.items()]


def foremost_asked(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the facts above the fold: the first, each with an effect of its own."""
    first: dict[tuple[Any, ...], Mapping[str, Any]] = {}
    for fact in found["missing_facts"]:
        first.setdefault(_effects(fact), fact)
    return list(first.values())[:ASKED]


def _effects(fact: Mapping[str, Any]) -> tuple[Any, ...]:
    return (tuple(fact["yes"]), tuple(fact["no"]))


def without_ground(found: Mapping[str, Any]) -> str:
    """Say which foremost provisions protect without a ground, and how many turn on one that is open."""
    foremost = [norm for norm in found["protection"] if norm["foremost"]]
    held = [norm for norm in foremost if norm["result"] in (PROTECTS, IN_PART)]
    free = list(dict.fromkeys(norm["provision"] for norm in held if not norm["grounds"]))
    turning = {n["provision"] for n in foremost if n["result"] in PERHAPS and n["grounds"]} - {*free}
    said = []
    if free:
        named = joined(free, _NAMED, comma=";")
        said.append(f"{named} {verb(free, 'protects', 'protect')} without one.")
    if turning:
        others = count(len(turning), "other provision" if free else "provision")
        said.append(f"{capitalized(others)} may protect if one that is open is made out.")
    return " ".join(said)
