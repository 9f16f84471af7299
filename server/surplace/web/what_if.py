"""The page of what if: what would differ as a sentence and cards, and what lies beyond the record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from surplace.suppose.binding import summary_of_changes
from surplace.suppose.comparison import CLASSES, ChangedConclusion, kind_of
from surplace.words.days import days_in_words
from surplace.words.english import capitalized
from surplace.words.standings import MARKS, Horizons, Mark, ending

_BEYOND: Final = "; the record ends"
_BEFORE: Final = re.compile(r"(?<=; )before ([0-9]{4}-[0-9]{2}-[0-9]{2})")


@dataclass(frozen=True)
class Difference:
    """A conclusion that would differ: its IRI and label, and how it came and comes out, with marks."""

    iri: str
    label: str
    change: str
    before: str
    after: str
    was: Mark | None
    would_be: Mark | None


@dataclass(frozen=True)
class Differing:
    """All that would differ, by kind, in a sentence, and what the record does not reach."""

    sentence: str
    effect: str
    beyond: str
    kinds: Mapping[str, Sequence[Difference]]


def differing(found: Sequence[Mapping[str, Any]], horizons: Horizons) -> Differing:
    """Read the acts and the conclusions that differ, as `what_if` returns them.

    *horizons* are those of the release.
    """
    acts = [item for item in found if item["kind"] == "acts"]
    kinds = {
        kind: [_difference(item, horizons) for item in found if item["kind"] == kind]
        for kind in CLASSES
        if any(item["kind"] == kind for item in found)
    }
    effects = [days_in_words(act["after"]).partition(_BEYOND) for act in acts]
    return Differing(
        days_in_words(summary_of_changes([ChangedConclusion(**item) for item in found])),
        "; ".join(capitalized(text) for text, _, _ in effects),
        "; ".join((mark + rest).removeprefix("; ") for _, mark, rest in effects),
        kinds,
    )


def _difference(item: Mapping[str, Any], horizons: Horizons) -> Difference:
    """Put the days of a conclusion in words; where it reaches the end of a record, it says so."""
    before, after = (
        days_in_words(
            _BEFORE.sub(
                lambda match: ending(match[1], horizons, match.string.partition(";")[0]), item[name], count=1
            )
        )
        for name in ("before", "after")
    )
    label = days_in_words(item["label"])
    return Difference(
        item["iri"], label, item["change"], before, after, _mark(item["before"]), _mark(item["after"])
    )


def _mark(outcome: str) -> Mark | None:
    """Return the mark of an outcome, if its first part is the key of a standing, verdict or result."""
    key = kind_of(outcome)
    return next((marks[key] for marks in MARKS.values() if key in marks), None)
