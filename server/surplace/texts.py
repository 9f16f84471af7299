"""The texts of sources that the operator has at hand, to be shown beside passages.

A sentence is shown where its digest fits. An article of a treaty is shown as the copy has it, with whether it
agrees with the copy that was read. A copy of `id/instrument/NAME` is a file that is called `NAME.txt`.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from surplace.articles import Articles, wording_digest
from surplace.errors import SurplaceError
from surplace.namespaces import PREFIXES
from surplace.sourcetext import Passage, decoded, normalised, verify

SUFFIXES: Final = (".txt", ".text", ".md")
"""What files of a folder of texts end in, in letters of either case."""
AGREES: Final = "as the copy at hand has it; its digest agrees with the copy that was read"
DIFFERS: Final = "as the copy at hand has it, which differs from the copy that was read"
UNREAD: Final = "as the copy at hand has it; no digest is on record to compare it with"


@dataclass(frozen=True)
class Copy:
    """A file with the text of a source, as it is."""

    name: str
    text: str

    @property
    def key(self) -> str:
        """The treaty of which it is a copy, if it is one: the end of its IRI."""
        return PurePath(self.name).stem.lower()


@dataclass(frozen=True)
class Held:
    """The words of those passages of a source that stand unchanged in a text, and which do not."""

    words: Mapping[str, str]
    amiss: frozenset[str]
    """Passages whose words the text does not have, or has changed."""


NONE_HELD: Final = Held({}, frozenset())
_LEAST: Final = 10  # of so many passages of a source, one stands in a text of it


@dataclass(frozen=True)
class Quote:
    """Words of a source. *note* says of an article of a treaty how they compare with what was read."""

    words: str
    note: str = ""

    @property
    def differs(self) -> bool:
        """Whether the words are other than those that were read."""
        return self.note == DIFFERS


class Texts:
    """Texts in memory, and where the passages of each source stand in them."""

    def __init__(self, copies: Iterable[Copy] = ()) -> None:
        """Keep copies; of two that are named after one treaty, the first is meant."""
        self.copies = tuple(copies)
        self._texts = tuple(normalised(copy.text) for copy in self.copies)
        self._held: dict[tuple[Passage, ...], Held] = {}
        self._articles: dict[str, Articles] = {}
        self._lock = threading.Lock()
        parts = [part for copy in self.copies for part in (copy.name, copy.text)]
        self.digest = hashlib.sha256("\0".join(parts).encode()).hexdigest() if parts else ""

    def __bool__(self) -> bool:
        return bool(self.copies)

    def of(self, passages: Sequence[Passage]) -> Held:
        """Return the words of the passages of one source, given all of them in order.

        The text is the one in which most of them stand unchanged; where a tenth of them stands in none, none
        is held: a heading may stand in any.
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

    def of_treaty(self, iri: str) -> Articles | None:
        """Return the articles of a treaty, or of a provision's treaty, by the IRI; None without a copy."""
        key = iri.removeprefix(PREFIXES["instrument"]).partition("/")[0]
        copy = next((copy for copy in self.copies if copy.key == key), None)
        if copy is None:
            return None
        with self._lock:
            if key not in self._articles:
                self._articles[key] = Articles(copy.text)
            return self._articles[key]

    def provision(self, iri: str, locator: str, digest: str) -> Quote | None:
        """Return the words at a locator such as `Article 3(1)` of a treaty; None where no copy has them.

        *iri* names the treaty or a provision of it, *digest* is the one on record, or empty.
        """
        articles = self.of_treaty(iri)
        words = articles.piece(locator, digest) if articles is not None else None
        if not words:
            return None
        return Quote(words, (AGREES if wording_digest(words) == digest else DIFFERS) if digest else UNREAD)


def _held(text: str, passages: Sequence[Passage]) -> Held:
    likely = sum(passage.begins in text and passage.ends in text for passage in passages)
    if likely * _LEAST < len(passages):  # looking closer takes a while
        return NONE_HELD
    found = [place for place in verify(text, passages).found if place.unchanged]
    words = {place.passage.iri: text[place.start : place.end] for place in found}
    if not words or len(words) * _LEAST < len(passages):
        return NONE_HELD
    return Held(words, frozenset(passage.iri for passage in passages if passage.iri not in words))


def read_texts(files: Iterable[Path], folders: Iterable[Path] = ()) -> list[Copy]:
    """Read the texts of files and of all text files of folders; raises SurplaceError."""
    paths = list(files)
    for folder in folders:
        found = sorted(
            path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES and path.is_file()
        )
        if not found:
            raise SurplaceError(f"{folder} has no text: put files there that end in {', '.join(SUFFIXES)}.")
        paths += found
    return [Copy(path.name, decoded(path)) for path in paths]
