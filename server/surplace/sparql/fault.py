"""What is wrong at a place of a query, and what to do there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """What is wrong at *start*, a place counted in characters from 0, and what to do, in one sentence.

    *text* is what stands there, and *instead* the word to write in its place, or "".
    """

    start: int
    text: str
    sentence: str
    instead: str = ""


def place_of(query: str, start: int) -> tuple[int, int]:
    """Return the line and column of a character, both counted from 1."""
    before = query[:start]
    return before.count("\n") + 1, start - before.rfind("\n")
