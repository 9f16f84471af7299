"""English: numbers, plurals, articles, lists, and the first sentence of a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

_NUMBERS: Final = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_HEAD: Final = re.compile(
    r"(.+?)(?= \(| (?:as|at|by|for|from|in|of|on|that|to|under|which|whom?|whose|with|without) |$)"
)
_NAMED_WITH_THE: Final = re.compile(
    r"\b(Agreement|Commission|Commissioner|Committee|Convention|Council|Court|Covenant|Emirates|Federation|"
    r"Islands|Kingdom|Library|Nations|Netherlands|Office|Philippines|Protocol|Republic|States|Tribunal|Union)\b"
    r"|^(?:[a-z]+ )*(?:ministry|press|organs)\b"
)
_NAMED_WITH_A: Final = re.compile(
    r"(?:[a-z]+ (?:[A-Za-z]+ )*)?(?:diplomat|official|scholar|witness)(?= \(|$)"
)
"""Names of people who are not told which of several they are."""
_DOING: Final = re.compile(r"[a-z]+ing\b")
_NOUN: Final = re.compile(
    r"[\w-]+(?: [\w-]*(?:[^\Ws]|ss))? (?:against|between|by|from|of|on|to|towards) "
    r"|[a-z]+ing\b|\S+(?: [a-z]+)?$|.*\b(?:Article|paragraph|section) \d"
)
"""How what conduct or a clause is called begins, or is, where that is no sentence: `forced return of`."""
_SAID_WITH_A_VOWEL: Final = re.compile(r"[AEIOUaeiou]|[Hh](eir|onest|onou?r|our)")
_SAID_WITH_A_CONSONANT: Final = re.compile(
    r"[Ee]u[a-z]|[Oo](ne|nce)([^a-z]|$)|U[A-Z]|[Uu](kr|n(ani|i[cfloqtv])|s[aeiu]|t[ei])"
)
"""Beginnings in a vowel that is not said as one: `European`, `one-year`, `UN`, `universal`."""
WHOLE: Final = 200
"""Characters of a text that is shown as one."""
NO_INITIAL: Final = r"(?<!\b[^\W\d_]\.)(?<!\b(?:Dr|Mr|Ms|No|St|cf|vs)\.)(?<!\b(?:Art|Mrs)\.)"
"""Holds after a point that ends a sentence, and not a short form: `M. Foster`, `C v. Director`."""
_END: Final = re.compile(rf"(?<=[a-z)])[.;?]{NO_INITIAL} (?=[A-Z])")


def number_in_words(number: int) -> str:
    """Write a whole number, in words up to ten; nothing is `no`."""
    return _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"


def count(things: int | Sequence[Any], noun: str, many: str = "") -> str:
    """Count in words up to ten: `one request`, `no requests`; *many* is a plural that is not regular."""
    number = things if isinstance(things, int) else len(things)
    return f"{number_in_words(number)} {noun if number == 1 else many or plural(noun)}"


def number(things: int | Sequence[Any], one: str = "", many: str = "") -> str:
    """Write a number in words up to ten, with the verb if one is given: `none has`, `one has`, `two have`."""
    counted = things if isinstance(things, int) else len(things)
    verb_ = many if counted > 1 else one
    return f"{number_in_words(counted) if counted else 'none'} {verb_}".rstrip()


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


def is_doing(action: str) -> bool:
    """Tell whether an action is named by what is done, and not by a noun: `invoking internal law`."""
    return _DOING.match(action) is not None


def as_subject(conduct: str) -> str:
    """Make a subject of what conduct is called, which may be a sentence: `that a state refuses access`."""
    return conduct if _NOUN.match(conduct) else f"that {conduct}"


def verb(things: int | Sequence[Any], one: str, many: str) -> str:
    """Return the verb that goes with so many things."""
    number = things if isinstance(things, int) else len(things)
    return one if number == 1 else many


def joined(values: Iterable[str], most: int | None = None, word: str = "and", comma: str = ",") -> str:
    """Join values by a *comma* and *word*; where there are more than *most* and one, the rest is counted."""
    named = list(values)
    if most is not None and len(named) > most + 1:
        kept = max(most, 1)
        named[kept:] = [f"{number_in_words(len(named) - kept)} more"]
    if len(named) < 2:
        return "".join(named)
    last = comma if comma != "," or any("," in name for name in named) else ""
    return f"{f'{comma} '.join(named[:-1])}{last} {word} {named[-1]}"


def a(name: str) -> str:
    """Put *a* or *an* before a name, by how it is said: `an accession`, `a UN body`, `an hour`."""
    is_vowel = _SAID_WITH_A_VOWEL.match(name) and not _SAID_WITH_A_CONSONANT.match(name)
    return f"{'an' if is_vowel else 'a'} {name}"


def the(name: str) -> str:
    """Put *the* before a name that takes it, and *a* before one of many."""
    if _NAMED_WITH_A.match(name):
        return a(name)
    return f"the {name}" if _NAMED_WITH_THE.search(name) and not name.startswith("the ") else name


def as_read_by(readers: Sequence[str]) -> str:
    """Say after a provision who reads a norm into it, if anybody does: `, as the Committee reads it`."""
    return f", as {joined(map(the, readers))} {verb(len(readers), 'reads', 'read')} it" if readers else ""


def capitalized(text: str) -> str:
    """Begin a text with a capital, and leave the rest as it is."""
    return f"{text[:1].upper()}{text[1:]}"


def parted(text: str) -> tuple[str, str]:
    """Part a text after its first sentence; a short text stays whole, with nothing after it."""
    match = _END.search(text) if len(text) > WHOLE else None
    return (text[: match.end()].rstrip(), text[match.end() :]) if match else (text, "")
