"""The texts of sources that the operator has at hand, to be shown beside passages whose digest they fit."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from surplace.errors import SurplaceError
from surplace.sourcetext import Passage, read_text, verify

SUFFIXES: Final = (".txt", ".text", ".md")
"""What files of a folder of texts end in."""


@dataclass(frozen=True)
class Held:
    """The words of those passages of a source that stand unchanged in a text, and which do not."""

    words: Mapping[str, str]
    amiss: frozenset[str]
    """Passages whose words the text does not have, or has changed."""


NONE_HELD: Final = Held({}, frozenset())


class Texts:
    """Texts in memory, and where the passages of each source stand in them."""

    def __init__(self, texts: Iterable[str] = ()) -> None:
        """Keep normalised texts."""
        self._texts = tuple(texts)
        self._held: dict[tuple[Passage, ...], Held] = {}
        self._lock = threading.Lock()
        self.digest = hashlib.sha256("\0".join(self._texts).encode()).hexdigest() if self._texts else ""

    def of(self, passages: Sequence[Passage]) -> Held:
        """Return the words of the passages of one source, given all of them in order.

        The text is the one in which most of them stand unchanged; where none stands in any, no text is held.
        """
        key = tuple(passages)
        if not self._texts or not key:
            return NONE_HELD
        with self._lock:
            if key not in self._held:
                self._held[key] = max(
                    (_held(text, key) for text in self._texts), key=lambda held: len(held.words)
                )
            return self._held[key]


def _held(text: str, passages: Sequence[Passage]) -> Held:
    found = [place for place in verify(text, passages).found if place.unchanged]
    words = {place.passage.iri: text[place.start : place.end] for place in found}
    if not words:
        return NONE_HELD
    return Held(words, frozenset(passage.iri for passage in passages if passage.iri not in words))


def read_texts(files: Iterable[Path], folders: Iterable[Path]) -> list[str]:
    """Read the texts of files and of all text files of folders; raises SurplaceError."""
    paths = list(files)
    for folder in folders:
        found = sorted(path for path in folder.iterdir() if path.suffix in SUFFIXES and path.is_file())
        if not found:
            raise SurplaceError(f"{folder} has no text: put files there that end in {', '.join(SUFFIXES)}.")
        paths += found
    return [read_text(path) for path in paths]
