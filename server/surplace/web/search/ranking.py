"""What has the words that are sought, and how close it is."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from surplace.namespaces import QUERY, SOURCE, VOCAB
from surplace.web.search.entries import Entries
from surplace.web.search.lookups import KINDS
from surplace.web.search.matching import IN_A_ROW, LOOSE, closeness, fits, in_a_row, out_of_place, tokens
from surplace.words.order import legal_key

ABOUT: Final = LOOSE + 1
"""How close what only speaks of such a thing is."""
Distance: TypeAlias = tuple[int, int, int, bool, int]
"""How close the name, numbers out of place, the rank of the kind, whether it is a note, words of the name."""

_COMPOSED: Final = range(KINDS.index("Contradiction"), len(KINDS))
"""Places of the kinds of what is called by the names of what it is about."""
_ASIDE: Final = re.compile(r", (note|header)\b")
"""Passages beside the text of a document, which come after it."""
_PLACES: Final = frozenset(("paragraph", "note"))
"""Words by which a passage is sought."""


def distances(
    entries: Entries, readings: Iterable[tuple[str, ...]], phrases: Sequence[tuple[str, ...]]
) -> dict[str, Distance]:
    """Return how close each thing is that has all words of a reading, and each phrase in a row."""
    best: dict[str, Distance] = {}
    for words in readings:
        for iri in _having_all(entries, words):
            if all(_says(entries, iri, phrase) for phrase in phrases):
                distance = _distance(entries, iri, words)
                best[iri] = min(distance, best.get(iri, distance))
    return best


def having_some(entries: Entries, sought: tuple[str, ...], whole: tuple[str, ...]) -> list[str]:
    """Return what has some of the words that are sought and not all, the closest first.

    What is named in the *whole* search by its symbol comes first, then what has most of the words.
    """
    having = [entries.having_or_called(word) for word in sought]
    counted = Counter(iri for found in having for iri in found)
    telling: dict[str, float] = defaultdict(float)
    for found in having:  # a word that few things have says more of what is sought
        for iri in found:
            telling[iri] += 1 / len(found)
    return sorted(
        (iri for iri, number in counted.items() if number < len(sought)),
        key=lambda iri: (
            -_named(entries, iri, whole),
            -counted[iri],
            -telling[iri],
            not any(fits(entries.own(iri), (word,)) for word in sought),
            entries.ranks.get(iri, len(KINDS)),
            legal_key(entries.by_iri[iri].label),
            iri,
        ),
    )


def _having_all(entries: Entries, sought: tuple[str, ...]) -> set[str]:
    """Return what has each word that is sought, at least one of them in a name or two beside it."""
    named = [entries.having(word) for word in dict.fromkeys(sought)]
    kinds = [entries.by_kind.get(word, set()) for word in dict.fromkeys(sought)]
    found = set.intersection(*map(set.union, named, kinds))
    any_named = set().union(*named)
    if len(named) == 1:
        return found & any_named
    return {iri for iri in found if iri in any_named or not iri.startswith(QUERY)}


def _distance(entries: Entries, iri: str, sought: tuple[str, ...]) -> Distance:
    entry, own = entries.by_iri[iri], entries.own(iri)
    rank = entries.ranks.get(iri, len(KINDS))
    fewest = min(map(len, entry.words), default=0)
    kind = tuple(word for word in sought if word in entry.called and not fits(own, (word,)))
    words_sought = tuple(word for word in sought if word not in kind)
    if not words_sought:
        return ABOUT, 0, rank, False, fewest
    ways = ((_how(entries, iri, words, words_sought), words) for words in entry.words)
    how, parted = min(((how, out_of_place(words, sought)) for how, words in ways), default=(ABOUT, 0))
    if "record" in entry.notes:  # what a provision says stands on its own page
        how = max(how, IN_A_ROW)
    aside = rank in _COMPOSED or (kind and iri.startswith(QUERY))
    if aside or (how == LOOSE and not fits(own, words_sought)):
        how = ABOUT
    return how, parted, rank, bool(_ASIDE.search(entry.label)), fewest


def _how(entries: Entries, iri: str, words: tuple[str, ...], sought: tuple[str, ...]) -> int:
    """Say how close a name of a thing is; a term of a vocabulary is close by its label alone."""
    entry = entries.by_iri[iri]
    how = closeness(words, sought, words in entry.codes)
    if iri.startswith(VOCAB) and (how > 1 or words != tokens(entry.label)):
        return max(how, ABOUT)
    if how == 2 and _PLACES.intersection(sought) and iri.startswith(SOURCE):
        return 1  # a sentence of the paragraph that is sought
    return max(how, IN_A_ROW) if words in entry.hidden and words != sought else how


def _says(entries: Entries, iri: str, phrase: tuple[str, ...]) -> bool:
    """Tell whether a name of a thing, or of what it speaks of, has these words in a row."""
    entry = entries.by_iri[iri]
    return any(in_a_row(words, phrase) for words in (*entry.words, *(words for _, words in entry.about)))


def _named(entries: Entries, iri: str, sought: tuple[str, ...]) -> int:
    """Return how many words the code of a thing has that is a part of what is sought."""
    codes = entries.by_iri[iri].codes
    return max((len(code) for code in codes if len(code) > 1 and in_a_row(sought, code)), default=0)
