"""The first draft of a new source: the records of its passages, and an empty graph for each to be filled."""

from __future__ import annotations

import calendar
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

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DATES = {"date": r"\d{4}-\d\d-\d\d", "gYearMonth": r"\d{4}-\d\d", "gYear": r"\d{4}"}
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
    """A day, month or year, or "" if none is known."""

    def __post_init__(self) -> None:
        """Refuse a name that is no part of an IRI, and a date that is none."""
        if not _NAME.fullmatch(self.name):
            raise SurplaceError(
                f'"{self.name}" cannot name a source: use small letters, figures and hyphens, as in '
                "cohen-2010."
            )
        if self.published and not _is_date(self.published):
            raise SurplaceError(
                f'"{self.published}" is no date: write 2016-03-08, 2016-03 or 2016, as precise as the source.'
            )

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
        kind = next(name for name, form in _DATES.items() if re.fullmatch(form, draft.published))
        made.append(
            _quad(source, SUR + "isPublishedOn", Literal(draft.published, datatype=NamedNode(XSD + kind)))
        )
        last = Literal(_last_day(draft.published), datatype=NamedNode(XSD + "date"))
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


def _is_date(text: str) -> bool:
    """Tell whether a text is a day, month or year of the calendar."""
    if not any(re.fullmatch(form, text) for form in _DATES.values()):
        return False
    year, month, day = (int(part) for part in (text + "-01-01").split("-")[:3])
    return year > 0 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]


def _last_day(text: str) -> str:
    """Return the last day of a day, month or year."""
    parts = text.split("-")
    month = parts[1] if len(parts) > 1 else "12"
    day = parts[2] if len(parts) > 2 else f"{calendar.monthrange(int(parts[0]), int(month))[1]:02}"
    return f"{parts[0]}-{month}-{day}"
