"""The one list of words for what is held, until when, and the marks that go with verdicts.

*Unknown* is not *no*, and the end of a record is not the end of a duty: neither is ever a bare date.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from surplace.namespaces import last_segment
from surplace.words.days import day_before, in_words


@dataclass(frozen=True)
class Mark:
    """A verdict at a glance: never by its colour alone, but by a letter in a shape too."""

    letter: str
    look: str
    """`holds`, `against`, `part`, `clear` or `unknown`: the shape and colour in the style sheet."""
    meaning: str
    """What the legend says."""


HOLDS: Final = Mark("B", "holds", "binds, or is made out")
AGAINST: Final = Mark("X", "against", "does not bind, conflicts, or is refused")
PART: Final = Mark("P", "part", "in part, perhaps, or under a condition")
CLEAR: Final = Mark("C", "clear", "no conflict shown, or done")
UNKNOWN: Final = Mark("?", "unknown", "unknown or undetermined, which is not no")
LEGEND: Final = (HOLDS, AGAINST, PART, CLEAR, UNKNOWN)

PARTY: Final = ("party", "attested", "continued")
"""The kinds of standing by which a state is party to a treaty: first by the record, then those after it."""
OUTSIDE: Final = ("not-party", "signed-only", "not-yet-in-force", "denounced")
"""The kinds of standing by which a treaty is known not to bind a state, which is not the same as unknown."""
MARKS: Final = {
    "standing-kind": {
        **dict.fromkeys(("binding", "party"), HOLDS),
        **dict.fromkeys(("excluded", *OUTSIDE), AGAINST),
        **dict.fromkeys(("modified", "conditioned"), PART),
        **dict.fromkeys(("attested", "continued", "derogated"), PART),
        "unknown": UNKNOWN,
    },
    "verdict": {
        "conflict": AGAINST,
        "unfulfilled-in-part": PART,
        "no-conflict-shown": CLEAR,
        "undetermined": UNKNOWN,
    },
    "follow-up-outcome": {
        **dict.fromkeys(("left-undone", "refused", "not-followed"), AGAINST),
        **dict.fromkeys(("left-undone-in-part", "refused-in-part", "done-in-part"), PART),
        "done": CLEAR,
        **dict.fromkeys(("open", "unknown"), UNKNOWN),
    },
    "element-result": {"met": HOLDS, "not-met": AGAINST, "unknown": UNKNOWN},
    "ground-result": {
        "supported": HOLDS,
        **dict.fromkeys(("excluded", "not-made-out"), AGAINST),
        "open": UNKNOWN,
    },
}
"""Marks of concepts, by the vocabulary and the name of the concept in it."""


def mark_of(iri: str) -> Mark | None:
    """Return the mark of a concept, which its IRI ends in the vocabulary and name of."""
    vocabulary, _, name = iri.rpartition("/")
    return MARKS.get(last_segment(vocabulary), {}).get(name)


@dataclass(frozen=True)
class Horizons:
    """The last days of what is known: of records, and of those by which no notice could have had effect."""

    records: frozenset[str] = frozenset()
    notices: frozenset[str] = frozenset()


_BOUND: Final = ("binding", "continued", "modified", "conditioned")
"""The kinds of standing of which *bound* can be said, by the record or for want of notice."""


def ending(before: str, horizons: Horizons, kind: str = "") -> str:
    """Say until when something held: *before* is the first day on which it no longer did, or nothing.

    Where what held reaches one of the *horizons*, it ended with what is known and not by itself. *kind* is
    the name of the standing, if it is one: `attested` is known to have held on the days that a source
    attests, and `continued` on those by which no notice could have ended it.
    """
    if not before:
        return ""
    last = day_before(before)
    if kind == "attested":
        return f"attested until {in_words(last)} (not known to have ended then)"
    if kind == "continued" or (last in horizons.notices and kind != "unknown"):
        return (
            f"{'bound ' if kind in _BOUND else ''}until {in_words(last)} at least: no notice could have taken"
            " effect sooner; what came after is not known"
        )
    if last in horizons.records:
        return f"still so when the record ends ({in_words(last)})"
    return f"until {in_words(last)}"


APART: Final = ("excluded", "conditioned", "modified", "derogated", "unknown")
"""How a state may stand to a provision by itself, from what matters most."""


def apart_in_words(words: Iterable[str]) -> str:
    """Name in a heading how provisions stand that are listed together; without any, how they may."""
    found = set(words)
    named = [word for word in APART if word in found] or APART[:3]
    return f"{', '.join(named[:-1])} or {named[-1]}" if len(named) > 1 else named[0]


_STOOD: Final = {
    "party": "was party to",
    "attested": "was, as a source attests, party to",
    "continued": "was still party, for no notice could have taken effect yet, to",
    "not-party": "was not party to",
    "signed-only": "had signed, and was not bound by,",
    "not-yet-in-force": "had consented to, and was not yet bound by,",
    "denounced": "had left",
}


def had_stood(kind: str, label: str) -> str:
    """Say in the past how a state stood to a treaty, before the name of that; unknown is said elsewhere."""
    return _STOOD.get(kind, f"stood as “{label}” to")
