"""The first draft of a new source: the records of its passages, and an empty graph for each to be filled."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, Quad

from surplace.build.records import passages_digest
from surplace.errors import SurplaceError
from surplace.namespaces import BASE, ID, PREFIXES, PROVENANCE, RDF, SKOS, SOURCE, SUR, VOCAB, XSD
from surplace.rdf.turtle import write
from surplace.segments import Segment
from surplace.sourcetext import digest
from surplace.words.days import last_day, read_date

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_FOREIGN = ("dcterms", "skos", "xsd")
_WORDS = 5
"""How many of its first and last words a passage is known by."""


@dataclass(frozen=True)
class Draft:
    """What the record of a source says of it as a whole."""

    name: str
    """The last part of its IRI, such as `cohen-2010`."""
    label: str
    kind: str
    """The name of a concept of the scheme of kinds of sources."""
    published: str = ""
    """A day, month or year, as somebody typed it, or "" if none is known."""

    def __post_init__(self) -> None:
        """Refuse a name that is no part of an IRI, and a date that is none."""
        if not _NAME.fullmatch(self.name):
            raise SurplaceError(
                f'"{self.name}" cannot name a source: use small letters, figures and hyphens, as in '
                "cohen-2010."
            )
        if self.published:
            read_date(self.published)

    @property
    def iri(self) -> str:
        """The IRI of the source."""
        return SOURCE + self.name


def records(draft: Draft, segments: Sequence[Segment]) -> str:
    """Write the records of a source and its passages as TriG, in the project's form.

    Raises SurplaceError for a text with two notes of the same number.
    """
    source = NamedNode(draft.iri)
    made = [
        _quad(source, RDF + "type", NamedNode(SUR + "Source")),
        _quad(source, SKOS + "prefLabel", Literal(draft.label, language="en")),
        _quad(source, SUR + "hasSourceKind", NamedNode(VOCAB + "source-kind/" + draft.kind)),
        _quad(source, SUR + "isCopyOf", NamedNode(ID + "document/" + draft.name)),
        _quad(
            source,
            SUR + "hasPassagesDigest",
            Literal(passages_digest(digest(segment.text) for segment in segments)),
        ),
    ]
    if draft.published:
        published = read_date(draft.published)
        kind = ("gYear", "gYearMonth", "date")[published.count("-")]
        made.append(_quad(source, SUR + "isPublishedOn", Literal(published, datatype=NamedNode(XSD + kind))))
        last = Literal(last_day(published).isoformat(), datatype=NamedNode(XSD + "date"))
        made.append(_quad(source, SUR + "hasHorizon", last))
    notes = [segment.note for segment in segments if segment.note]
    twice = sorted({note for note in notes if notes.count(note) > 1})
    if twice:
        raise SurplaceError(f"Note {twice[0]} stands twice in the text: number the notes through.")
    for order, segment in enumerate(segments, 1):
        made += _passage(draft, order, segment, set(notes))
    return write(made)


def skeleton(draft: Draft, segments: Sequence[Segment]) -> str:
    """Write an empty graph for each passage as TriG, with the prefixes that data use; the first one states
    that there is a document.
    """
    lines = [f"BASE <{BASE}>"]
    lines += [
        f"PREFIX {prefix}: <{iri}>"
        for prefix, iri in sorted(PREFIXES.items())
        if iri.startswith((ID, VOCAB, SUR, BASE + "claim/", SOURCE)) or prefix in _FOREIGN
    ]
    document = [
        f"    document:{draft.name}",
        "        a sur:Document ;",
        f"        skos:prefLabel {Literal(draft.label, language='en')} ;",
        "    .",
    ]
    for place, segment in enumerate(segments):
        lines += ["", f"GRAPH <source/{draft.name}/{path(segment)}> {{", *([] if place else document), "}"]
    return "\n".join(lines) + "\n"


def path(segment: Segment) -> str:
    """Return the last part of the IRI of a passage: `header/1`, `p6/s4` or `n3`."""
    if segment.header:
        return f"header/{segment.header}"
    return f"n{segment.note}" if segment.note else f"p{segment.paragraph}/s{segment.sentence}"


def _passage(draft: Draft, order: int, segment: Segment, notes: set[int]) -> Iterator[Quad]:
    """Describe one passage."""
    passage = NamedNode(f"{draft.iri}/{path(segment)}")
    words = segment.text.split()
    point = f", point ({segment.letter})" if segment.letter else ""
    if segment.header:
        place = f"header, line {segment.header}"
    elif segment.note:
        place = f"note {segment.note}"
    else:
        place = f"paragraph {segment.paragraph}, sentence {segment.sentence}{point}"
    numbers = {
        "hasOrder": order,
        "hasParagraphNumber": segment.paragraph,
        "hasSentenceNumber": segment.sentence,
        "hasNoteNumber": segment.note,
    }
    texts = {
        "beginsWith": " ".join(words[:_WORDS]),
        "endsWith": " ".join(words[-_WORDS:]),
        "hasDigest": digest(segment.text),
    }
    if segment.letter:
        texts["hasLocator"] = f"paragraph {segment.paragraph}({segment.letter})"
    yield _quad(passage, RDF + "type", NamedNode(SUR + "TextPassage"))
    yield _quad(passage, SKOS + "prefLabel", Literal(f"{draft.label}, {place}", language="en"))
    yield _quad(passage, SUR + "isPassageOf", NamedNode(draft.iri))
    for name, text in texts.items():
        yield _quad(passage, SUR + name, Literal(text))
    for name, number in numbers.items():
        if number:
            yield _quad(passage, SUR + name, Literal(number))
    for note in sorted(set(segment.references) & notes):
        yield _quad(passage, SUR + "refersToNote", NamedNode(f"{draft.iri}/n{note}"))


def _quad(subject: NamedNode, predicate: str, value: NamedNode | Literal) -> Quad:
    """Make a quad of the provenance graph."""
    return Quad(subject, NamedNode(predicate), value, NamedNode(PROVENANCE))
