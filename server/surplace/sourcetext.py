"""The text of a source against its passages: where each begins and ends, and whether its digest still fits.

The project keeps no sentence of a source, only the first and last words of each passage and the SHA-256 of
its text. With the text at hand, every passage is found again, in the order of the document.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from surplace.build.records import Records, passages_digest
from surplace.build.sources import Sources
from surplace.errors import SurplaceError
from surplace.namespaces import SOURCE, SUR, compact
from surplace.words.english import joined

_QUOTES = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"'})
_SHOWN = 5  # words of the source that a message may quote
_NONE_YET = re.compile("0*")
"""What stands in the place of a digest that is still to be written."""

_COMPARED = {SUR + "TextPassage", SUR + "ProvisionPassage"}
"""Classes of passages that a text can be compared with."""


@dataclass(frozen=True)
class Passage:
    """A passage as its record describes it."""

    iri: str
    begins: str
    ends: str
    digest: str


@dataclass(frozen=True)
class Found:
    """Where a passage stands in the normalised text, and whether it is what its digest says."""

    passage: Passage
    start: int
    end: int
    digest: str

    @property
    def unchanged(self) -> bool:
        """Whether the digest of the text is the recorded one."""
        return self.digest == self.passage.digest


@dataclass(frozen=True)
class Verification:
    """What came of comparing a text with the passages of a source."""

    found: list[Found]
    problems: list[str]
    """One sentence each: what is missing, changed, left over or without a digest, and what to do."""
    unwritable: list[str]
    """Those of *problems* that writing the digests would not mend."""
    common: str
    """The digest of the passages that were found, taken together."""
    notes: tuple[str, ...] = ()

    @property
    def digests(self) -> dict[str, str]:
        """The digest of each passage that was found, by its IRI."""
        return {place.passage.iri: place.digest for place in self.found}

    @property
    def unchanged(self) -> int:
        """How many passages are what their digests say."""
        return sum(place.unchanged for place in self.found)


def normalised(text: str) -> str:
    """Return *text* in NFC, with straight quotes and single spaces."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_QUOTES).split())


def digest(text: str) -> str:
    """Return the SHA-256 of a normalised text in hexadecimal."""
    return hashlib.sha256(normalised(text).encode()).hexdigest()


def read_text(path: Path) -> str:
    """Return the normalised text of a file; raises SurplaceError for one that is not text."""
    return normalised(decoded(path))


def decoded(path: Path) -> str:
    """Return the text of a file as it is; raises SurplaceError for one that is not text."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SurplaceError(f"{path} is not UTF-8 (byte {error.start}): save the text as UTF-8.") from None
    except OSError as error:
        raise SurplaceError(f"{path} cannot be read ({error.strerror}): check the path.") from None


def text_passages(sources: Sources, document: str) -> list[Passage]:
    """Return the passages of text of the source that is called *document*, such as `cohen-2010`, in order."""
    records = Records(sources.quads)
    passages = records.passages()
    ordered = [
        iri
        for iri in passages.get(SOURCE + document, [])
        if SUR + "TextPassage" in records.values(iri, "type")
    ]
    if not ordered:
        known = sorted(
            source.removeprefix(SOURCE)
            for source, members in passages.items()
            if any(_COMPARED.intersection(records.values(iri, "type")) for iri in members)
        )
        remedy = f"use {joined(known, word='or')}" if known else "record its passages first"
        raise SurplaceError(f'No source "{document}" has passages of text: {remedy}.')
    return [_passage(records, iri) for iri in ordered]


def _passage(records: Records, iri: str) -> Passage:
    """Read the record of a passage."""
    begins, ends, digests = (records.values(iri, name) for name in ("beginsWith", "endsWith", "hasDigest"))
    if len(begins) != 1 or len(ends) != 1 or len(digests) > 1:
        raise SurplaceError(
            f"{compact(iri)} needs one sur:beginsWith, one sur:endsWith and at most one sur:hasDigest: "
            "complete its record."
        )
    return Passage(iri, normalised(begins[0]), normalised(ends[0]), digests[0] if digests else "")


def verify(text: str, passages: Sequence[Passage], recorded: str | None = None) -> Verification:
    """Find *passages* in a normalised text, and say what does not fit.

    *recorded* is the common digest of the passages that the source's record gives ("" if it gives none yet),
    or None where it is not to be compared.
    """
    found: dict[Passage, Found] = {}
    position = 0
    for passage in passages:  # first those that are as they were: the others lie between them
        place = next((place for place in _places(text, passage, position) if place.unchanged), None)
        if place is not None:
            found[passage] = place
            position = place.end
    problems: list[str] = []
    unwritable: list[str] = []
    position = 0
    for number, passage in enumerate(passages):
        if passage not in found:
            limit = min((found[p].start for p in passages[number:] if p in found), default=len(text))
            following = passages[number + 1].begins if number + 1 < len(passages) else ""
            place = _changed(text, passage, position, limit, following)
            if place is None:
                unwritable.append(_missing(text, passage, position, limit))
                problems.append(unwritable[-1])
                continue
            problems.append(_told(place))
            found[passage] = place
        position = found[passage].end
    ordered = [found[passage] for passage in passages if passage in found]
    uncovered = list(_uncovered(text, ordered))
    problems += uncovered
    common = passages_digest(place.digest for place in ordered)
    if recorded is not None and len(ordered) == len(passages) and recorded != common:
        problems.append(
            "The source has no digest of its passages together yet: let --write record it."
            if _NONE_YET.fullmatch(recorded)
            else f"The common digest of the passages is {common}, the source records {recorded}: "
            "record the new one as sur:hasPassagesDigest, or let --write do it."
        )
    return Verification(ordered, problems, unwritable + uncovered, common)


def _places(text: str, passage: Passage, position: int, limit: int | None = None) -> Iterator[Found]:
    """Yield each stretch from *position* on that begins and ends with the words of a passage."""
    for start in _occurrences(text, passage.begins, position, limit):
        for last in _occurrences(text, passage.ends, start, limit):
            end = last + len(passage.ends)
            if end >= start + len(passage.begins):
                yield Found(passage, start, end, digest(text[start:end]))


def _changed(text: str, passage: Passage, position: int, limit: int, following: str) -> Found | None:
    """Find a passage that has changed: best where the next one begins after it, else at its first end."""
    places = list(_places(text, passage, position, limit))
    before_next = [p for p in places if following and text[p.end :].lstrip().startswith(following)]
    return next(iter(before_next or places), None)


def _told(place: Found) -> str:
    """Say that a passage has no digest yet, or has changed, with the digest that an editor may copy."""
    name = compact(place.passage.iri)
    if _NONE_YET.fullmatch(place.passage.digest):
        return f"{name} has no digest yet: its text gives {place.digest}; let --write record it."
    return (
        f"{name} has changed: its text gives the digest {place.digest}, its record "
        f"{place.passage.digest}; restore the text, or correct what is stated and let --write record the "
        "new one."
    )


def _occurrences(text: str, words: str, position: int = 0, limit: int | None = None) -> Iterator[int]:
    """Yield where *words* stand in the text as whole words, between *position* and *limit*."""
    pattern = re.compile(rf"(?<!\w){re.escape(words)}(?!\w)")
    for match in pattern.finditer(text, position, len(text) if limit is None else limit):
        yield match.start()


def _missing(text: str, passage: Passage, position: int, limit: int) -> str:
    """Say that a passage was not found, and why."""
    name = compact(passage.iri)
    for words, which in ((passage.begins, "first"), (passage.ends, "last")):
        if not any(True for _ in _occurrences(text, words)):
            return (
                f"{name} is missing: its {which} words “{words}” are not in the text; "
                "restore the text, or correct the record of the passage."
            )
        if not any(True for _ in _occurrences(text, words, position, limit)):
            return (
                f"{name} does not stand where its sur:hasOrder puts it (its {which} words “{words}” are "
                "elsewhere): restore the text, or correct the record of the passage."
            )
    return (
        f"{name} is missing: its last words do not follow its first words; correct the record of the passage."
    )


def _uncovered(text: str, found: Sequence[Found]) -> Iterator[str]:
    """Report what stands between the passages."""
    edges = [0, *(edge for place in found for edge in (place.start, place.end)), len(text)]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        stretch = text[start:end].split()
        if stretch:
            shown = " ".join(stretch[:_SHOWN]) + (" …" if len(stretch) > _SHOWN else "")
            yield (
                f"No passage covers {len(stretch)} words of the text, from “{shown}” on: "
                "record a passage for them, or correct the words where its neighbours begin and end."
            )
