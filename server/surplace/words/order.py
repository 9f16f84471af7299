"""The order of law: articles as numbers, Roman ones too, then paragraphs, letters, sentences."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, TypeAlias

Key: TypeAlias = tuple[tuple[int, int, str], ...]

_TOKEN: Final = re.compile(r"[0-9]+|[^\W\d_]+")
_ROMAN: Final = re.compile(r"(?=.)(?:C{0,3})(?:XC|XL|L?X{0,3})(?:IX|IV|V?I{0,3})")
_VALUES: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_NUMBERED: Final = frozenset(("article", "part", "chapter", "annex", "title", "section"))
"""What capitals count after; elsewhere they are letters, as in Article 1C."""
_ORDINALS: Final = {
    word: number
    for number, word in enumerate(
        ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"), 1
    )
}
_FIRST, _NUMBER, _WORD = 0, 1, 2


@lru_cache(maxsize=50_000)
def legal_key(text: str) -> Key:
    """Return what to sort a provision, a passage or any other name by, given its label or its IRI.

    Numbers count as numbers: Article 2 comes before Article 10, IX before X, (b) before (c), the first
    sentence before the second; a whole before its parts, a preamble before the articles.
    """
    key: list[tuple[int, int, str]] = []
    before = ""
    for token in _TOKEN.findall(text):
        key.append(_part(token, before))
        before = token
    return tuple(key)


def _part(token: str, before: str) -> tuple[int, int, str]:
    word = token.casefold()
    if token.isdecimal():
        return _NUMBER, int(token), ""
    if word in _ORDINALS:
        return _NUMBER, _ORDINALS[word], ""
    if word == "preamble":
        return _FIRST, 0, ""
    follows_a_letter = len(before) == 1 and before.isalpha() and before.islower()
    is_roman = (token.isupper() and before.casefold() in _NUMBERED) or (token.islower() and follows_a_letter)
    if is_roman and _ROMAN.fullmatch(token.upper()):
        return _NUMBER, _number(token.upper()), ""
    return _WORD, 0, word


def _number(roman: str) -> int:
    values = [_VALUES[letter] for letter in roman]
    return sum(
        -value if value < following else value
        for value, following in zip(values, [*values[1:], 0], strict=True)
    )
