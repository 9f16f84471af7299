"""A source to be read: its passages in order, paragraph by paragraph, with the words where they are held."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.namespaces import SOURCE
from surplace.sourcetext import Passage
from surplace.texts import Held, Texts
from surplace.web.cells import Cell, local_path
from surplace.web.kinds.asking import rows_of, shown, text, unique
from surplace.words.order import legal_key

CHUNK: Final = 25
"""Passages of a part of a source that has no paragraphs."""
_SOURCE: Final = "?this sur:isPassageOf ?source OPTIONAL { ?source skos:prefLabel ?sourceLabel }"
_PASSAGES: Final = """
    ?passage sur:isPassageOf ?this
    OPTIONAL { ?passage skos:prefLabel ?passageLabel } OPTIONAL { ?passage sur:hasOrder ?order }
    OPTIONAL { ?passage sur:hasParagraphNumber ?paragraph }
    OPTIONAL { ?passage sur:hasSentenceNumber ?sentence } OPTIONAL { ?passage sur:hasNoteNumber ?note }
    OPTIONAL { ?passage sur:hasLocator ?locator } OPTIONAL { ?passage sur:beginsWith ?begins }
    OPTIONAL { ?passage sur:endsWith ?ends } OPTIONAL { ?passage sur:hasDigest ?digest }
    OPTIONAL { ?passage sur:statesNoFact ?nothing }
    OPTIONAL { ?passage a sur:ProvisionPassage . ?this sur:isCopyOf ?treaty }
    OPTIONAL { ?passage sur:restates ?again OPTIONAL { ?again skos:prefLabel ?againLabel } }
"""
_COLUMNS: Final = (
    *("order", "paragraph", "sentence", "note", "passageLabel", "passage", "locator", "begins", "ends"),
    *("digest", "nothing", "again", "againLabel", "treaty"),
)


@dataclass(frozen=True)
class PlacedPassage:
    """A passage in its source: what it is called there, its words, and what it says of itself."""

    iri: str
    key: str
    """The anchor of the passage on the page of its part."""
    name: str
    label: str
    begins: str
    ends: str
    nothing: str
    again: Cell | None
    words: str = ""
    """The words themselves, where the text is held: a sentence that fits its digest, an article as it is."""
    note: str = ""
    """How the words of an article compare with those that were read."""
    differs: bool = False
    amiss: bool = False
    """Whether a text of the source is held that does not have this passage as it was."""
    digest: str = ""
    """The SHA-256 of the words as they were read, in hexadecimal; empty where none is on record."""

    @property
    def href(self) -> str:
        """Where the page of the passage is."""
        return local_path(self.iri) or ""


@dataclass(frozen=True)
class Section:
    """A paragraph, the header, the notes, or some passages of a source without paragraphs."""

    key: str
    title: str
    places: tuple[PlacedPassage, ...]
    text: bool
    """Whether it is running text, of which words may be held."""


@dataclass(frozen=True)
class Document:
    """A source with its parts in the order of the document, none where it has no passage."""

    iri: str
    name: Cell | None
    parts: tuple[Section, ...]


def document_of(iri: str, knowledge: Knowledge, texts: Texts, *, passage: bool = False) -> Document:
    """Read a source, or the one that has the *passage* of that IRI."""
    source, name = iri, None
    if passage:
        row = rows_of(knowledge, _SOURCE, "source", "sourceLabel", this=iri)[0]
        source, name = text(row, "source"), shown(row, "source")
    rows = unique(rows_of(knowledge, _PASSAGES, *_COLUMNS, this=source), "passage")
    return Document(source, name, _parts(rows, source, texts))


def _parts(rows: list[Row], source: str, texts: Texts) -> tuple[Section, ...]:
    rows.sort(key=lambda row: _order(row))
    held = texts.of([_passage(row) for row in rows if "digest" in row and "begins" in row])
    parts: list[Section] = []
    loose: list[Row] = []
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        named = _part(row)
        groups.setdefault(named, []).append(row) if named else loose.append(row)
    for (key, title), those in groups.items():
        parts.append(Section(key, title, tuple(_place(row, source, held, texts) for row in those), text=True))
    for start in range(0, len(loose), CHUNK):
        places = tuple(_place(row, source, held, texts) for row in loose[start : start + CHUNK])
        first, last = places[0].name, places[-1].name
        title = f"{first} to {last}" if len(loose) > CHUNK else "Passages"
        parts.append(Section(f"from-{start + 1}", title, places, text=False))
    return tuple(parts)


def _order(row: Row) -> tuple[int, object]:
    order = text(row, "order")
    return (int(order) if order.isdecimal() else 0), legal_key(text(row, "passageLabel"))


def _part(row: Row) -> tuple[str, str] | None:
    if "paragraph" in row:
        return f"p{text(row, 'paragraph')}", f"Paragraph {text(row, 'paragraph')}"
    if "note" in row:
        return "notes", "Notes"
    return ("header", "Header") if "order" in row else None


def _passage(row: Row) -> Passage:
    return Passage(*(text(row, name) for name in ("passage", "begins", "ends", "digest")))


def _place(row: Row, source: str, held: Held, texts: Texts) -> PlacedPassage:
    iri = text(row, "passage")
    article = texts.provision(*(text(row, name) for name in ("treaty", "locator", "digest")))
    return PlacedPassage(
        iri,
        iri.removeprefix(source).strip("/").replace("/", "-") or iri.removeprefix(SOURCE),
        _name(row),
        text(row, "passageLabel"),
        text(row, "begins"),
        text(row, "ends"),
        text(row, "nothing"),
        shown(row, "again"),
        article.words if article else held.words.get(iri, ""),
        article.note if article else "",
        bool(article and article.differs),
        iri in held.amiss,
        text(row, "digest"),
    )


def _name(row: Row) -> str:
    """Name a passage within its part."""
    for name, title in (("sentence", "sentence"), ("note", "note")):
        if name in row:
            return f"{title} {text(row, name)}"
    label = text(row, "passageLabel")
    return text(row, "locator") or label.rpartition(", ")[2] or label or text(row, "passage")


def part_with(parts: Sequence[Section], passage: str) -> tuple[int, int] | None:
    """Return which part has a passage, and where in it; None where none does."""
    for number, part in enumerate(parts):
        for place, one in enumerate(part.places):
            if one.iri == passage:
                return number, place
    return None


def all_places(parts: Iterable[Section]) -> list[PlacedPassage]:
    """Return the passages of all parts in order."""
    return [place for part in parts for place in part.places]
