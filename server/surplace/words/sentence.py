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
from surplace.words.order import legal_key
from surplace.words.standings import Horizons, ending, had_stood

LONGEST: Final = 300
"""Characters of a sentence; longer lists are shortened until it fits, then whole clauses are left out."""
_REST: Final = "The rows have the rest."
"""Stands for what was left out, which may be what is not known."""
_MOST: Final = (6, 4, 3, 2, 1, 0)
"""How many members of a list are named, and one more where one is left; with 0, just one."""
_FAULTS: Final = (TemplateError, ArithmeticError, AttributeError, LookupError, TypeError, ValueError)
"""What comes of a template that cannot be read or filled."""
_NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_TOGETHER: Final = "(taken together"
"""What the names of agents have whom a source speaks of as a group."""
WHOLE: Final = 200
"""Characters of a text that is shown as one."""
_END: Final = re.compile(r"(?<=[a-z)])[.;?] (?=[A-Z])")
_BRACKETS: Final = re.compile(r"\(([^()]+)\)")
_ASIDE: Final = re.compile(r" \([^()]+\)")
_CLAUSES: Final = re.compile(r"(?:[.;](?= )|\Z)")
"""Where a clause ends."""
_SPOKEN: Final = re.compile(r"(?:[B-DF-HJ-NP-TV-Z]?[AEIOU]){2,}[B-DF-HJ-NP-TV-Z]?")
"""Letters that are read as a word, such as CEDAW, which takes no article."""
_PAIRS: Final = ("()", "“”")
_ARTICLE: Final = "Article "
_NAMED_WITH_THE: Final = re.compile(
    r"\b(Agreement|Commission|Commissioner|Committee|Convention|Council|Court|Covenant|Emirates|Federation|"
    r"Islands|Kingdom|Library|Nations|Netherlands|Office|Philippines|Protocol|Republic|States|Tribunal|Union)\b"
    r"|^(?:[a-z]+ )*(?:ministry|press|organs)\b"
)
_NAMED_WITH_A: Final = re.compile(
    r"(?:[a-z]+ (?:[A-Za-z]+ )*)?(?:diplomat|official|scholar|witness)(?= \(|$)"
)
"""Names of people who are not told which of several they are."""


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
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!", "…")) else ".")


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
    return [f"{names_}, on {joined(list(topics), 1)}" for names_, topics in pairs.values()]


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


def number_in_words(number: int) -> str:
    """Write a whole number, in words up to ten; nothing is `no`."""
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"


def count(things: int | Sequence[Any], noun: str, many: str = "") -> str:
    """Count in words up to ten: `one request`, `no requests`; *many* is a plural that is not regular."""
    number = things if isinstance(things, int) else len(things)
    return f"{number_in_words(number)} {noun if number == 1 else many or plural(noun)}"


_HEAD: Final = re.compile(
    r"(.+?)(?= \(| (?:as|at|by|for|from|in|of|on|that|to|under|which|whom?|whose|with|without) |$)"
)


def plural(noun: str, number: int = 2) -> str:
    """Return a noun as it goes with a number: `treaty acts`, `bodies`, `consents to be bound`."""
    head = _HEAD.match(noun)
    if number == 1 or head is None:
        return noun
    word = head[1]
    if re.search("[^aeiou]y$", word):
        many = f"{word[:-1]}ies"
    else:
        many = word + ("es" if word.endswith(("s", "x", "ch", "sh")) else "s")
    return many + noun[head.end() :]


def is_plural(name: str) -> bool:
    """Tell whether people are named by a plural: `security organs of China`, as against `the press`."""
    head = _HEAD.match(name)
    return head is not None and re.search("[^s]s$", head[1]) is not None


def verb(things: int | Sequence[Any], one: str, many: str) -> str:
    """Return the verb that goes with so many things."""
    number = things if isinstance(things, int) else len(things)
    return one if number == 1 else many


@pass_context
def listed(context: Context, values: Iterable[str], word: str = "and") -> str:
    """Join values by commas and *word*; those beyond what the sentence has room for are counted."""
    return joined(list(dict.fromkeys(values)), context["most_"], word)


@pass_context
def titles(context: Context, values: Iterable[str]) -> str:
    """Join what are sentences or titles themselves by semicolons; those beyond the room are counted."""
    return joined(list(dict.fromkeys(values)), context["most_"], comma=";")


@pass_context
def names(context: Context, values: Iterable[str], word: str = "and") -> str:
    """List states, bodies and people, with *the* where they take it."""
    return joined([the(value) for value in values], context["most_"], word)


def parted(text: str) -> tuple[str, str]:
    """Part a text after its first sentence; a short text stays whole, with nothing after it."""
    match = _END.search(text) if len(text) > WHOLE else None
    return (text[: match.end()].rstrip(), text[match.end() :]) if match else (text, "")


def brief(name: str) -> str:
    """Leave out of a long name what stands in brackets, but for what it ends in."""
    if len(name) <= LONGEST // 2:
        return name
    asides = list(_ASIDE.finditer(name))
    for aside in reversed([one for one in asides if one.end() < len(name)]):
        name = name[: aside.start()] + name[aside.end() :]
    return name


def capitalized(text: str) -> str:
    """Begin a text with a capital, and leave the rest as it is."""
    return f"{text[:1].upper()}{text[1:]}"


def joined(values: Sequence[str], most: int | None = None, word: str = "and", comma: str = ",") -> str:
    """Join values by a *comma* and *word*; where there are more than *most* and one, the rest is counted."""
    if most is not None and len(values) > most + 1:
        named = max(most, 1)
        values = [*values[:named], f"{number_in_words(len(values) - named)} more"]
    if len(values) < 2:
        return "".join(values)
    last = comma if comma != "," or any("," in value for value in values) else ""
    return f"{f'{comma} '.join(values[:-1])}{last} {word} {values[-1]}"


def treaty(label: str) -> str:
    """Name a treaty in short: it is what the label of a provision begins with, without what it relates to."""
    name = label.partition(", ")[0].partition(" relating to ")[0]
    return name if _SPOKEN.fullmatch(name) else f"the {name}"


@pass_context
def treaties(context: Context, values: Iterable[str]) -> str:
    """List treaties in short, each once."""
    return joined(list(dict.fromkeys(map(treaty, values))), context["most_"])


@pass_context
def short(context: Context, values: Iterable[str]) -> str:
    """List provisions without their treaty, which the sentence names elsewhere."""
    return joined([value.partition(", ")[2] or value for value in values], context["most_"])


@pass_context
def cite(context: Context, values: Iterable[str], word: str = "and") -> str:
    """List provisions with their treaty, each treaty once: `Articles 3 and 4 of the X`."""
    return _cited(values, context["most_"], word)


@pass_context
def under(context: Context, values: Iterable[Said], doing: str) -> str:
    """Say under which treaty somebody did it to which provisions: `under the X he reserved Article 3`.

    *doing* is said once. It is said what a treaty relates to, if its name does.
    """
    of = _by_treaty(_on(value) for value in values)
    cited = [
        f"under {treaty(whole)} {'' if number else f'{doing} '}{_articles(parts, context['most_'], 'and')}"
        for number, (whole, parts) in enumerate(of.items())
    ]
    return ", ".join(cited)


def _on(value: Said) -> str:
    head, comma, part = value.partition(", ")
    relating = f"{head} relating to "
    if not comma or not value.of.startswith(relating):
        return value
    return f"{head} ({value.of.removeprefix(relating).removeprefix('the ')}), {part}"


def _by_treaty(values: Iterable[str]) -> dict[str, list[str]]:
    of: dict[str, list[str]] = {}
    for value in values:
        whole, _, part = value.partition(", ")
        of.setdefault(whole, []).append(part)
    return of


def _cited(values: Iterable[str], most: int, word: str = "and") -> str:
    of = _by_treaty(values)
    cited = [
        f"{_articles(parts, most, word)} of {treaty(whole)}" if all(parts) else treaty(whole)
        for whole, parts in of.items()
    ]
    return joined(cited, most, word)


def in_full(provision: str, treaty_: str) -> str:
    """Call a provision by the whole name of its treaty, of which its own name has the beginning."""
    head, comma, part = provision.partition(", ")
    return f"{treaty_}{comma}{part}" if comma and treaty_.startswith(f"{head} ") else provision


def _articles(parts: Sequence[str], most: int, word: str) -> str:
    """Join provisions of one treaty: `Articles 20 and 30(1)`, with *Article* once where all begin so."""
    if len(parts) < 2 or not all(part.startswith(_ARTICLE) for part in parts):
        return joined(parts, most, word)
    return f"Articles {joined([part.removeprefix(_ARTICLE) for part in parts], most, word)}"


def the(name: str) -> str:
    """Put *the* before a name that takes it, *a* before one of many, and either before each of several."""
    if isinstance(name, Said) and name.parts:
        return joined([the(part) for part in name.parts])
    if _NAMED_WITH_A.match(name):
        return f"{'an' if name.startswith(tuple('aeiou')) else 'a'} {name}"
    return f"the {name}" if _NAMED_WITH_THE.search(name) and not name.startswith("the ") else name


@pass_context
def until(context: Context, said: Said, kind: str = "") -> str:
    """Say when it ended, if it did: a day, or the end of the record."""
    return ending(said.key, context["horizons_"], kind)


@pass_context
def beyond(context: Context, said: Said) -> bool:
    """Tell whether a day is later than the end of the last record, after which not all is known."""
    return said.key > max(context["horizons_"].records, default=said.key)


def number(things: int | Sequence[Any], one: str = "", many: str = "") -> str:
    """Write a number in words up to ten, with the verb if one is given: `none has`, `one has`, `two have`."""
    counted = things if isinstance(things, int) else len(things)
    verb_ = many if counted > 1 else one
    return f"{number_in_words(counted) if counted else 'none'} {verb_}".rstrip()


def tally(rows: Iterable[Saying], column: str, of: str) -> list[str]:
    """Count for each value of a column, a noun, the values of another: `two duties`, `one permission`."""
    rows = list(rows)
    return [count(each(only(rows, column, kind.key), of), kind) for kind in each(rows, column)]


def stood(said: Said) -> str:
    """Say in the past how a state stood to a treaty: `was party to`."""
    return had_stood(said.key, said)


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
    "list": listed,
    "names": names,
    "titles": titles,
    "treaty": treaty,
    "treaties": treaties,
    "short": short,
    "cite": cite,
    "under": under,
    "the": the,
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
