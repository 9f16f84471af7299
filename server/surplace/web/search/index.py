"""Search by name: labels, articles, symbols of documents, ISO codes and words, in memory.

A thing is found where each word of the search is one of its own, or of its kind, its year, its author or
addressee, or begins one; numbers fit whole. Any name of an instrument stands for the one by which its
provisions are called. What is closest comes first: a code, the whole name, its beginning or end, its words
in a row; then what people look for most. A passage or claim is found by the names of the things that it
speaks of, too, and a norm by its terms; that comes last, with what is named after others: oppositions and
conclusions. Words in quotation marks must stand in a row. A passage that is found by what is rejected of it
is marked so, and what stands comes before it.
"""

from __future__ import annotations

import difflib
import re
import threading
import weakref
from typing import Final

from surplace.engine.knowledge import Knowledge
from surplace.web.search.entries import Entries
from surplace.web.search.hits import Hit, hits_of
from surplace.web.search.matching import fits, tokens
from surplace.web.search.ranking import ABOUT, distances, having_some
from surplace.web.search.rewording import in_other_words, readings
from surplace.words.order import legal_key

LONGEST: Final = 200
"""Characters of a search that are looked at."""
MOST: Final = 50
"""Things that a page of what is found names."""
FEW: Final = 12
"""Where no more is found, what has some of the words is named too."""
NEAR: Final = 12
"""Things with some of the words that are named."""
MISSPELLED: Final = 0.85
"""How alike two words must be, from 0 to 1, for one to be the other misspelled."""
_AROUND: Final = ".,;:?!\"'“”"
"""Signs around a word that are none of it."""
_PHRASE: Final = re.compile('["“]([^"”]+)["”]')


class Index:
    """The names of a release, ready to be searched."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Ask for all names; raises EngineError."""
        self.entries = Entries(knowledge)

    def find(self, text: str) -> list[Hit]:
        """Return what is found, the closest first."""
        sought = tokens(text[:LONGEST])
        phrases = [tokens(phrase) for phrase in _PHRASE.findall(text[:LONGEST])]
        read = readings(sought, self.entries)
        best = distances(self.entries, read, phrases)
        if all(distance[0] >= ABOUT for distance in best.values()):
            read += in_other_words(sought, self.entries)
            best = distances(self.entries, read, phrases)
        by_iri = self.entries.by_iri
        ranked = sorted(best, key=lambda iri: (*best[iri], legal_key(by_iri[iri].label), iri))
        return hits_of(self.entries, ranked, tuple(dict.fromkeys(sum(read, ()))))

    def near(self, text: str, most: int = NEAR) -> list[Hit]:
        """Return what has some words of a text and not all; nothing for a single word."""
        whole = tokens(text[:LONGEST])
        sought = tuple(dict.fromkeys(readings(whole, self.entries)[-1])) if whole else ()
        return hits_of(self.entries, having_some(self.entries, sought, whole)[:most], sought)

    def unknown(self, text: str) -> list[str]:
        """Return the words of a text that nothing has in any name or beside it."""
        sought = set(tokens(text[:LONGEST]))
        words = {word.strip(_AROUND): tokens(word) for word in text[:LONGEST].split()}
        known = self.entries
        return [
            word
            for word, compared in words.items()
            if sought.issuperset(compared)
            and not any(known.having_or_called(one) or known.by_kind.get(one) for one in compared)
        ]

    def spelled(self, text: str) -> str:
        """Return a text with the nearest spelling for each word that nothing has; "" if one has none."""
        words = []
        unknown = set(self.unknown(text))
        for word in text[:LONGEST].split():
            bare = word.strip(_AROUND)
            near = difflib.get_close_matches(bare.casefold(), self.entries.spelled, n=1, cutoff=MISSPELLED)
            if bare in unknown and not near:
                return ""
            words.append(near[0] if bare in unknown else word)
        return " ".join(words) if unknown else ""

    def circumstances(self, text: str) -> list[str]:
        """Return the labels of the circumstances of a person that a text names, two at most.

        At least half of the words are those of a name of it, and half of those of that name.
        """
        sought = set(tokens(text[:LONGEST]))
        by_iri = self.entries.by_iri
        known: dict[str, int] = {}
        for iri in self.entries.personal:
            for name in by_iri[iri].words:
                met = sum(any(fits((own,), (word,)) for own in name) for word in sought)
                if met and 2 * met >= max(len(sought), len(set(name))):
                    known[iri] = max(met, known.get(iri, 0))
        some = sorted(known, key=lambda iri: (-known[iri], len(by_iri[iri].label), iri))
        return [by_iri[iri].label for iri in some[:2]]


_INDEXES: weakref.WeakKeyDictionary[Knowledge, Index] = weakref.WeakKeyDictionary()
_LOCK: Final = threading.Lock()


def index_of(knowledge: Knowledge) -> Index:
    """Return the index of a release, made once; of another endpoint, which may change, made each time."""
    if knowledge.engine.release is None:
        return Index(knowledge)
    with _LOCK:
        if knowledge not in _INDEXES:
            _INDEXES[knowledge] = Index(knowledge)
        return _INDEXES[knowledge]
