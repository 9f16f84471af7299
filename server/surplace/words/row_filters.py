"""Filters of templates that choose among rows, and take values from them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from surplace.words.english import count, joined, the
from surplace.words.order import legal_key
from surplace.words.said import Said, Saying

_BRACKETS: Final = re.compile(r"\(([^()]+)\)")
_TOGETHER: Final = "(taken together"
"""What the names of agents have whom a source speaks of as a group."""


def only(rows: Iterable[Saying], column: str, *keys: str) -> list[Saying]:
    """Keep the rows whose *column* has one of the *keys*; one that ends in * is the beginning of a key."""
    fits = _fitting(keys)
    return [row for row in rows if fits(row[column])]


def but(rows: Iterable[Saying], column: str, *keys: str) -> list[Saying]:
    """Keep the other rows than `only` does."""
    fits = _fitting(keys)
    return [row for row in rows if not fits(row[column])]


def besides(rows: Iterable[Saying], others: Iterable[Saying], *columns: str) -> list[Saying]:
    """Keep the rows that share the values of the *columns* with none of the *others*."""
    taken = {tuple(row[column].whole for column in columns) for row in others}
    return [row for row in rows if tuple(row[column].whole for column in columns) not in taken]


def _fitting(keys: Sequence[str]) -> Callable[[Said], bool]:
    """Return what tells whether a value has one of the keys; without keys, whether there is a value."""
    if not keys:
        return bool
    starts = tuple(key[:-1] for key in keys if key.endswith("*"))
    return lambda said: said.key in keys or said.key.startswith(starts)


def each(rows: Iterable[Saying], column: str) -> list[Said]:
    """Return the values of a column, each once, in the order of law."""
    return sorted({said.whole: said for row in rows if (said := row[column])}.values(), key=legal_key)


def several(rows: Iterable[Saying], column: str, other: str) -> list[Said]:
    """Return the values of a column, each once, that have more than one value of the *other*."""
    held: dict[str, set[str]] = {}
    rows = list(rows)
    for row in rows:
        held.setdefault(row[column].whole, set()).add(row[other].whole)
    return [value for value in each(rows, column) if len(held[value.whole] - {""}) > 1]


def opposed(rows: Iterable[Saying], one: str, other: str, topic: str, otherwise: str) -> list[str]:
    """Name who stands against whom, each pair once, and over what.

    The *topic* of a reason is what it has after a colon, and in brackets before that; without a colon,
    it is the value of *otherwise*.
    """
    pairs: dict[frozenset[str], tuple[str, dict[str, None]]] = {}
    for row in rows:
        before, _, after = row[topic].partition(": ")
        about = [after.partition(".")[0], *_BRACKETS.findall(before)] if after else [f"“{row[otherwise]}”"]
        key = frozenset((row[one].whole, row[other].whole))
        pairs.setdefault(key, (f"{the(row[one])} and {the(row[other])}", {}))[1].update(dict.fromkeys(about))
    return [f"{names_}, on {joined(topics, 1)}" for names_, topics in pairs.values()]


def together(values: Iterable[Said]) -> list[Said]:
    """Keep those that are named as several taken together, which may include the others."""
    return [value for value in values if _TOGETHER in value]


def apart(values: Iterable[Said]) -> list[Said]:
    """Keep the others than `together` does: each is one."""
    return [value for value in values if _TOGETHER not in value]


def latest(rows: Iterable[Saying], column: str, day: str) -> list[Saying]:
    """Keep, for each value of a column, the rows with the latest day."""
    groups: dict[str, list[Saying]] = {}
    for row in rows:
        groups.setdefault(row[column].whole, []).append(row)
    last = {whole: max(row[day].key for row in those) for whole, those in groups.items()}
    return [row for whole, those in groups.items() for row in those if row[day].key == last[whole]]


def tally(rows: Iterable[Saying], column: str, of: str) -> list[str]:
    """Count for each value of a column, a noun, the values of another: `two duties`, `one permission`."""
    rows = list(rows)
    return [count(each(only(rows, column, kind.key), of), kind) for kind in each(rows, column)]
