"""Words as a search compares them, and how close a name is to what is sought.

A text is cut into words without accents, endings, cases and small words, so that `art 33` and `Articles 33`
meet, as do `trafficked` and `trafficking`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Final

from surplace.catalogue.called import folded

IN_A_ROW, LOOSE = 3, 5
"""How close a name is that has the words in a row, or somewhere."""
_POSSESSIVE: Final = re.compile(r"'s?\b|'(?=\s|$)")
_TOKEN: Final = re.compile(r"[0-9]+|[^\W\d_]+")
_PLURALS: Final = {"children": "child", "women": "woman", "men": "man"}
_ENDINGS: Final = ("ing", "ed")
_STEM: Final = 4
"""Letters that are left of a word without its ending."""
_SHORT: Final = {"art": "article", "arts": "article", "para": "paragraph", "sent": "sentence", "no": "number"}
_SMALL: Final = frozenset(
    (
        *("an", "and", "are", "as", "at", "by", "can", "did", "do", "does", "for", "from", "has", "have"),
        *("how", "in", "is", "it", "its", "of", "on", "or", "say", "that", "the", "this", "to", "under"),
        *("was", "were", "what", "when", "where", "which", "who", "whom", "why", "with"),
    )
)
"""Words that say nothing of what is sought; `a` too, where it is no letter of an article."""


def fits(words: tuple[str, ...], sought: Iterable[str]) -> bool:
    """Tell whether each word that is sought is one of *words* or begins one; numbers fit whole."""
    return all(
        word in words if is_whole(word) else any(known.startswith(word) for known in words) for word in sought
    )


def fitting(words: tuple[str, ...], sought: Iterable[str]) -> int:
    """Count the words that are sought and fit."""
    return sum(fits(words, (word,)) for word in sought)


def is_whole(word: str) -> bool:
    """Tell whether a word fits whole only: a number, or one of two letters at most."""
    return word.isdecimal() or len(word) < 3


def closeness(words: tuple[str, ...], sought: tuple[str, ...], code: bool) -> int:
    """Say how close a name is, from 0: the same code, the same, an end of it, in a row, in order, not so."""
    if words == sought:
        return 0 if code else 1
    if sorted(words) == sorted(sought):
        return 1
    size = len(sought)
    if words[:size] == sought or words[-size:] == sought:
        return 2
    if in_a_row(words, sought):
        return IN_A_ROW
    rest = iter(words)
    return 4 if all(word in rest for word in sought) else LOOSE


def out_of_place(words: tuple[str, ...], sought: tuple[str, ...]) -> int:
    """Count the numbers that do not follow what they follow in the search: `paragraph 5`, `article 33`."""
    return sum(pair[1].isdecimal() and not in_a_row(words, pair) for pair in pairwise(sought))


def in_a_row(words: tuple[str, ...], sought: tuple[str, ...]) -> bool:
    """Tell whether *words* has those that are sought one after another."""
    size = len(sought)
    return any(words[start : start + size] == sought for start in range(len(words) - size + 1))


def tokens(text: str) -> tuple[str, ...]:
    """Cut a text into words as they are compared; small ones count only where there are no others."""
    words = [_SHORT.get(word, word) for word in _TOKEN.findall(_POSSESSIVE.sub("", folded(text)))]
    telling = [
        word
        for before, word in zip(["", *words], words, strict=False)
        if word not in _SMALL and (word != "a" or before.isdecimal())
    ]
    return tuple(map(_stem, telling or words))


def _stem(word: str) -> str:
    """Take off the mark of a plural, and the endings that tell `trafficked` from `trafficking`."""
    word = _PLURALS.get(word, word)
    if len(word) > _STEM and word.endswith("ies"):
        word = f"{word[:-3]}y"
    elif len(word) > 3 and word.endswith("s") and not word.endswith("ss"):
        word = word[:-1]
    ending = next((ending for ending in _ENDINGS if word.endswith(ending)), "")
    return word[: -len(ending)] if ending and len(word) - len(ending) >= _STEM else word
