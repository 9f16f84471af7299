"""How a search is read: as it stands, as provisions are cited, and in other names of what it names."""

from __future__ import annotations

from typing import Final

from surplace.web.search.entries import Entries
from surplace.web.search.matching import in_a_row

MOST: Final = 24
"""Ways in which a search is read where nothing is called by its own words."""


def readings(sought: tuple[str, ...], entries: Entries) -> list[tuple[str, ...]]:
    """Return what is sought, and the same as provisions are cited: `1951 convention article 33`."""
    cited = _cited(sought, entries)
    if "article" in cited:  # "article 33, paragraph 2" is called "Article 33(2)"
        cited = tuple(word for word in cited if word != "paragraph")
    return list(dict.fromkeys(words for words in (sought, cited) if words))


def in_other_words(sought: tuple[str, ...], entries: Entries) -> list[tuple[str, ...]]:
    """Return what is sought with the label of a thing for another name of it, such as `deported`."""
    found = {sought: None}
    for start in range(len(sought)):
        for size in range(1, len(sought) - start + 1):
            words = sought[start : start + size]
            for reading in list(found):
                for other in entries.called.get(words, ()):
                    if len(found) <= MOST and in_a_row(reading, words):
                        found[_replaced(reading, words, other)] = None
    return [cited for words in found for cited in readings(words, entries) if words != sought]


def _cited(sought: tuple[str, ...], entries: Entries) -> tuple[str, ...]:
    """Write for the longest name of an instrument what its provisions call it, if more is sought."""
    for size in range(len(sought) - 1, 0, -1):
        for start in range(len(sought) - size + 1):
            named = tuple(sorted(sought[start : start + size]))
            if short := entries.in_provisions.get(named):
                return (*short, *sought[:start], *sought[start + size :])
    return sought


def _replaced(text: tuple[str, ...], words: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Write *other* for the first *words* in a row of a text that has them."""
    size = len(words)
    start = next(at for at in range(len(text)) if text[at : at + size] == words)
    return (*text[:start], *other, *text[start + size :])
