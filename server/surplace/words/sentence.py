"""Sentences that answer: a template of a query file, filled with the values and rows of an answer.

The template is Jinja in its sandbox. It sees each parameter by its name, `rows`, and of each row every
column, where a column of IRIs has the labels. `FILTERS` has what else there is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final, TypeAlias

from jinja2 import StrictUndefined, Template, TemplateError, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.utils import Namespace

from surplace.errors import SurplaceError
from surplace.words.days import in_words
from surplace.words.english import NO_INITIAL, capitalized, count, joined, number, the, verb
from surplace.words.order import legal_key
from surplace.words.standings import Horizons, ending, had_stood
from surplace.words.treaties import cite, cited_under, relating, short, treaties, treaty

LONGEST: Final = 300
"""Characters of a sentence; longer lists are shortened until it fits, then whole clauses are left out."""
_REST: Final = "The rows have the rest."
"""Stands for what was left out, which may be what is not known."""
_MOST: Final = (6, 4, 3, 2, 1, 0)
"""How many members of a list are named, and one more where one is left; with 0, just one."""
_FAULTS: Final = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What comes of a template that cannot be read or filled."""
_TOGETHER: Final = "(taken together"
"""What the names of agents have whom a source speaks of as a group."""
_BRACKETS: Final = re.compile(r"\(([^()]+)\)")
_ASIDE: Final = re.compile(r" \([^()]+\)")
_CLAUSES: Final = re.compile(rf"(?:[.;]{NO_INITIAL}(?= )|\Z)")
"""Where a clause ends."""
_PAIRS: Final = ("()", "“”")


class Said(str):
    """A value as a sentence has it: a text, empty where there is none.

    *key* is what it is called in its IRI, *whole* that IRI; of a literal, both are the literal itself.
    *of* is the name of the treaty that a provision is of; *parts* are the values of what is several.
    """

    key: str
    whole: str
    of: str
    parts: tuple[Said, ...]

    def __new__(
        cls, text: str, key: str = "", whole: str = "", of: str = "", parts: tuple[Said, ...] = ()
    ) -> Said:
        said = super().__new__(cls, text)
        said.key, said.whole, said.of, said.parts = key, whole or key, of, parts
        return said


NOTHING: Final = Said("")
Saying: TypeAlias = Mapping[str, Said]
"""A row: the columns that the template names, empty where one has no value."""


def write(
    template: str,
    values: Mapping[str, Said],
    rows: Sequence[Saying],
    horizons: Horizons,
    name: str = "the answer",
    longest: int = LONGEST,
) -> str:
    """Fill a template, in at most *longest* characters.

    *horizons* are the last days of what is known, *name* is for messages.

    Raises SurplaceError where the template cannot be read or filled.
    """
    try:
        compiled = _compiled(template)
        for most in _MOST:
            text = _tidy(compiled.render({**values, "rows": rows, "most_": most, "horizons_": horizons}))
            if len(text) <= longest:
                return text
    except _FAULTS as error:
        raise SurplaceError(f"{name}: its sentence cannot be written ({error}): correct #+ answer.") from None
    return _without_last_clauses(text, longest)


def _without_last_clauses(text: str, longest: int) -> str:
    """Leave out the last clauses of a sentence, until what is left and `_REST` fit.

    A clause that stands in brackets or quotation marks is left out with what they are about. A first clause
    that is too long by itself stays whole: nothing would be said without it.
    """

    def is_outside(end: int) -> bool:
        return all(text.count(one, 0, end) == text.count(other, 0, end) for one, other in _PAIRS)

    ends = [found.start() for found in _CLAUSES.finditer(text) if is_outside(found.start())]
    fitting = [end for end in ends if end + len(_REST) + 2 <= longest]
    end = fitting[-1] if fitting else ends[0]
    return f"{text[:end]}. {_REST}" if end < len(text.rstrip(".")) else text


def load() -> None:
    """Load what the library loads when it first fills a template, and when it first cannot."""
    write("{{ 'text' }}", {}, (), Horizons())
    with suppress(SurplaceError):
        write("{{ unknown }}", {}, (), Horizons())


def cut(rows: int) -> str:
    """Return the sentence for an answer that has more rows than can be looked at."""
    return f"More than {rows:,} rows fit, too many to sum up: ask for less at once."


@lru_cache(maxsize=256)
def _compiled(template: str) -> Template:
    return _environment().from_string(template)


def _tidy(text: str) -> str:
    """Put blanks and the capital in order."""
    text = re.sub(r"\s+([,;:.?)])", r"\1", " ".join(text.split()))
    return capitalized(text) + ("" if text.endswith((".", "?", "!", "…")) else ".")


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


def tally(rows: Iterable[Saying], column: str, of: str) -> list[str]:
    """Count for each value of a column, a noun, the values of another: `two duties`, `one permission`."""
    rows = list(rows)
    return [count(each(only(rows, column, kind.key), of), kind) for kind in each(rows, column)]


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


@lru_cache(maxsize=1)
def _environment() -> ImmutableSandboxedEnvironment:
    found = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
    found.filters = dict(FILTERS)
    found.globals = {"namespace": Namespace}
    return found
