"""The sentence on the harm on return that is on record of people in the position of a described person."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Final

from surplace.suppose.ways import LIKELIHOODS, Way, by_weight, likelihood, raised_harms
from surplace.words.english import joined
from surplace.words.said import LONGEST

_HEAD: Final = "Harm on return, on record"
_MOST: Final = (8, 5, 3, 2, 1)
"""How many harms of one likelihood are named, and one more where one is left."""


def on_record(ways: Sequence[Way], says: Mapping[str, str]) -> str:
    """Say which harms are on record of people in the same position, then which if one more fact is added.

    *says* has what a fact says of a person, by its label. A fact is left out that is only whom a harm
    befalls, as being pregnant: nothing given speaks of that. Nor is there what has no room.
    """
    whole = [way for way in by_weight(way for way in ways if way.harm) if not way.wanting]
    by_fact = {fact: more for fact, more in raised_harms(ways).items() if fact in says}
    parts: list[str] = []
    for most in _MOST:
        parts = [f"{_HEAD} of people in the same position{_named(whole)}: {_listed(whole, most)}."] * bool(
            whole
        )
        for fact, more in by_fact.items():
            head = "If" if parts else f"{_HEAD} if"
            parts.append(f"{head} the person also {says[fact]}: {_listed(more, most)}.")
        if len(" ".join(parts)) <= LONGEST:
            break
    while len(" ".join(parts)) > LONGEST and len(parts) > 1:
        parts.pop()
    return " ".join(parts)


def _named(ways: Sequence[Way]) -> str:
    """Name the people, if all harms are of the same."""
    people = {way.evidence_label for way in ways}
    return f" ({min(people)})" if len(people) == 1 else ""


def _listed(ways: Collection[Way], most: int) -> str:
    """Name the harms, with how likely they are; one that is expected is not said to be risked as well."""
    labels: dict[str, list[str]] = {}
    told: set[str] = set()
    for how in LIKELIHOODS:
        new = dict.fromkeys(way.harm_label for way in ways if likelihood(way) == how)
        labels[how] = [label for label in new if label not in told]
        told.update(new)
    return "; ".join(f"{joined(names, most)} ({how})" for how, names in labels.items() if names)
