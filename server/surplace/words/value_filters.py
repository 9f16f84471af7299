"""Filters of templates that write values, and the table of all filters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from jinja2 import pass_context
from jinja2.runtime import Context

from surplace.words.days import in_words
from surplace.words.english import capitalized, count, joined, number, the, verb
from surplace.words.row_filters import (
    apart,
    besides,
    but,
    each,
    latest,
    only,
    opposed,
    several,
    tally,
    together,
)
from surplace.words.said import LONGEST, Said
from surplace.words.standings import ending, had_stood
from surplace.words.treaties import cite, cited_under, relating, short, treaties, treaty

_ASIDE: Final = re.compile(r" \([^()]+\)")


def listed(values: Iterable[str], most: int, word: str = "and") -> str:
    """Join values by commas and *word*; those beyond what the sentence has room for are counted."""
    return joined(dict.fromkeys(values), most, word)


def quoted(values: Iterable[str], most: int, word: str = "and") -> str:
    """List names that take no article in quotation marks, which part them from the sentence."""
    return listed((f"“{value}”" for value in values), most, word)


def titles(values: Iterable[str], most: int) -> str:
    """Join what are sentences or titles themselves by semicolons; those beyond the room are counted."""
    return joined(dict.fromkeys(values), most, comma=";")


def names(values: Iterable[str], most: int, word: str = "and") -> str:
    """List states, bodies and people, with *the* where they take it."""
    return joined((the(value) for value in values), most, word)


def each_named(value: str) -> str:
    """Name a value as `the` does; of several, each."""
    return joined([the(part) for part in getattr(value, "parts", ()) or (value,)])


def brief(name: str) -> str:
    """Leave out of a long name what stands in brackets, but for what it ends in."""
    if len(name) <= LONGEST // 2:
        return name
    asides = list(_ASIDE.finditer(name))
    for aside in reversed([one for one in asides if one.end() < len(name)]):
        name = name[: aside.start()] + name[aside.end() :]
    return name


def under(values: Iterable[Said], most: int, doing: str) -> str:
    """Say as `cited_under` does, and what a treaty relates to, if its name does."""
    return cited_under([relating(value, value.of) for value in values], most, doing)


@pass_context
def until(context: Context, said: Said, kind: str = "") -> str:
    """Say when it ended, if it did: a day, or the end of the record."""
    return ending(said.key, context["horizons_"], kind)


@pass_context
def beyond(context: Context, said: Said) -> bool:
    """Tell whether a day is later than the end of the last record, after which not all is known."""
    return said.key > max(context["horizons_"].records, default=said.key)


def stood(said: Said) -> str:
    """Say in the past how a state stood to a treaty: `was party to`."""
    return had_stood(said.key, said)


def _within_room(function: Callable[..., str]) -> Callable[..., str]:
    """Make a filter of what joins values, of which it is told how many there is room for."""

    @pass_context
    def joining(context: Context, values: Iterable[Said], *rest: str) -> str:
        return function(values, context["most_"], *rest)

    return joining


FILTERS: Final[Mapping[str, Callable[..., Any]]] = {
    "only": only,
    "but": but,
    "besides": besides,
    "each": each,
    "several": several,
    "opposed": opposed,
    "together": together,
    "apart": apart,
    "latest": latest,
    "count": count,
    "verb": verb,
    "list": _within_room(listed),
    "names": _within_room(names),
    "quoted": _within_room(quoted),
    "titles": _within_room(titles),
    "treaty": treaty,
    "treaties": _within_room(treaties),
    "short": _within_room(short),
    "cite": _within_room(cite),
    "under": _within_room(under),
    "the": each_named,
    "until": until,
    "stood": stood,
    "beyond": beyond,
    "number": number,
    "tally": tally,
    "brief": brief,
    "capitalized": capitalized,
    "day": in_words,
    "upper": str.upper,
    "length": len,
    "replace": str.replace,
}
