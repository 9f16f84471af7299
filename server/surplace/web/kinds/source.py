"""The page of a source, read passage by passage with what each states beside it; and that of a passage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from surplace.engine.knowledge import Knowledge
from surplace.http.problems import Problem
from surplace.texts import Texts
from surplace.web.kinds.asking import rows_of, shown, text
from surplace.web.kinds.disputed import disputed
from surplace.web.kinds.disputing import Dispute, disputes_of
from surplace.web.kinds.elsewhere import elsewhere_of
from surplace.web.kinds.reading import PlacedPassage, Section, all_places, document_of, part_with
from surplace.web.kinds.stating import Against, Stated, against_in_words, opposed, stated
from surplace.words.english import capitalized, count, joined, number_in_words, verb

SHORT: Final = 12
"""Passages that a source may have to be shown whole."""
_ABOUT: Final = """
    OPTIONAL { ?this sur:isCopyOf ?copied OPTIONAL { ?copied skos:prefLabel ?copiedLabel }
               OPTIONAL { ?copied dcterms:title ?title } }
    OPTIONAL { ?this sur:isPublishedOn ?on }
"""
_CLAIMS: Final = "?passage sur:isPassageOf ?this GRAPH ?passage { ?claim sur:isClaimedBy ?who }"


@dataclass(frozen=True)
class Reading:
    """What a reader asks for: the part of a source, and the texts that are held."""

    part: str = ""
    texts: Texts = field(default_factory=Texts)


@dataclass(frozen=True)
class Read:
    """A passage with what it states and the disputes over that."""

    place: PlacedPassage
    states: tuple[Stated, ...]
    disputes: tuple[Dispute, ...]
    opposed: tuple[Against, ...] = ()
    """What opposes the passage as a whole."""

    @property
    def against(self) -> tuple[Against, ...]:
        """What opposes the passage or a claim in it."""
        return (*self.opposed, *(other for one in self.states for other in one.against))

    @property
    def said(self) -> tuple[Stated, ...]:
        """The things of which it says more than their name."""
        return tuple(one for one in self.states if one.phrases or one.role != "fact")

    @property
    def named(self) -> tuple[Stated, ...]:
        """The things that it merely names."""
        return tuple(one for one in self.states if not one.phrases and one.role == "fact")


def source_view(iri: str, name: str, knowledge: Knowledge, reading: Reading) -> Mapping[str, Any]:
    """Return what the page of a source shows: its parts, and the passages of the one that is asked for.

    Raises Problem for a part that the source does not have.
    """
    parts = document_of(iri, knowledge, reading.texts).parts
    disputes = disputes_of(iri, knowledge)
    number = next((at for at, part in enumerate(parts) if part.key == reading.part), None)
    if reading.part and number is None:
        known = ", ".join(part.key for part in parts[:12])
        raise Problem(
            "parameter",
            f"{name} has no such part: use one of {known}." if parts else f"{name} has no parts.",
            parameter="part",
        )
    whole = len(all_places(parts)) <= SHORT
    read = parts if whole and number is None else parts[number : number + 1] if number is not None else ()
    reads = [(part, _read(part.places, knowledge, disputes)) for part in read]
    about = rows_of(knowledge, _ABOUT, "copied", "copiedLabel", "title", "on", this=iri)[:1]
    here = parts[number] if number is not None else None
    sentence = (
        _of_part(here, reads[0][1], name)
        if here
        else _of_whole(parts, disputes, name, 0 if disputes else _oppositions(iri, parts, knowledge))
    )
    return {
        "heading": f"{name}, {here.title[:1].lower()}{here.title[1:]}" if here else name,
        "name": name,
        "title": next((text(row, "title") for row in about), ""),
        "copied": next((shown(row, "copied") for row in about), None),
        "sentence": sentence,
        "all_parts": parts,
        "here": here,
        "before": parts[number - 1] if number else None,
        "after": parts[number + 1] if number is not None and number + 1 < len(parts) else None,
        "reads": reads,
        "disputes": disputes,
        "is_text": any(part.text for part in parts),
        "held": any(place.words for place in all_places(parts)),
        "digests": any(place.digest for place in all_places(parts)),
        "elsewhere": elsewhere_of(iri, "source", knowledge),
    }


def passage_view(iri: str, name: str, knowledge: Knowledge, reading: Reading) -> Mapping[str, Any]:
    """Return what the page of a passage shows: its place, its neighbours, what it states, the disputes."""
    document = document_of(iri, knowledge, reading.texts, passage=True)
    parts = document.parts
    at = part_with(parts, iri)
    part, index = (parts[at[0]], at[1]) if at else (None, 0)
    disputes = disputes_of(document.iri, knowledge)
    places = all_places(parts)
    here = next((number for number, place in enumerate(places) if place.iri == iri), 0)
    read = _read(places[here : here + 1], knowledge, disputes)
    one = read[0]
    return {
        "heading": name,
        "sentence": _of_passage(one, name),
        "source": document.name,
        "part": part,
        "index": index,
        "before": places[here - 1] if here else None,
        "after": places[here + 1] if here + 1 < len(places) else None,
        "read": one,
        "is_text": bool(part and part.text),
        "held": any(place.words for place in places),
        "digests": bool(one.place.digest),
        "elsewhere": elsewhere_of(document.iri, "source", knowledge),
        "disputed": disputed(iri, knowledge, one.opposed),
    }


def _read(
    places: Sequence[PlacedPassage], knowledge: Knowledge, disputes: Mapping[str, tuple[Dispute, ...]]
) -> list[Read]:
    states = stated([place.iri for place in places], knowledge)
    against = opposed([place.iri for place in places], knowledge)
    return [
        Read(place, states.get(place.iri, ()), disputes.get(place.iri, ()), against.get(place.iri, ()))
        for place in places
    ]


def _oppositions(iri: str, parts: Sequence[Section], knowledge: Knowledge) -> int:
    """Return how many oppositions there are to the passages of a source, and to the claims in them."""
    claims = [text(row, "claim") for row in rows_of(knowledge, _CLAIMS, "claim", this=iri)]
    sides = [place.iri for place in all_places(parts)] + claims
    found = opposed(sides, knowledge) if sides else {}
    return len({one.found for those in found.values() for one in those})


def _of_whole(
    parts: Sequence[Section], disputes: Mapping[str, tuple[Dispute, ...]], name: str, oppositions: int
) -> str:
    """Say how much there is to read, and how much of it is marked below as disputed or open.

    *oppositions* are counted only where nothing is marked: one number beside the other would want relating.
    """
    paragraphs = [part for part in parts if part.key.startswith("p")]
    sentences = sum(len(part.places) for part in paragraphs)
    notes = sum(len(part.places) for part in parts if part.key == "notes")
    passages = sum(len(part.places) for part in parts)
    if not parts:
        return f"Of {name} no passage is on record."
    size = (
        f"{count(sentences, 'sentence')} in {count(len(paragraphs), 'paragraph')}"
        + (f" and {count(notes, 'note')}" if notes else "")
        if paragraphs
        else count(passages, "passage")
    )
    against = f"what it states or reports is opposed on {count(oppositions, 'point')}" if oppositions else ""
    marked = [place for part in parts for place in part.places if place.iri in disputes]
    those = f"{number_in_words(len(marked))} of these {verb(marked, 'is', 'are')} disputed or open"
    told = f"; {those}" if marked else ""
    return f"{name} is read here in {size}{told}; {_disputed(disputes.values(), against)}."


def _disputed(disputes: Any, against: str) -> str:
    """Say on how much other sources differ, and what is *against* the claims of this one."""
    points = {one.name.href: one for those in disputes for one in those if not one.open}
    gone = [one for one in points.values() if one.rejects]
    if not points:
        return against or "no other source is on record as differing"
    told = f"on {count(len(points), 'point')} other sources differ"
    if gone:
        where = "there" if len(gone) == len(points) else f"on {number_in_words(len(gone))} of them"
        told = f"{told}, and {where} what it states is rejected"
    return f"{told}; {against}" if against else told


def _against(read: Sequence[Read]) -> str:
    told = against_in_words(one for item in read for one in item.against)
    return f"what it states or reports is {told}" if told else ""


def _of_part(part: Section, read: Sequence[Read], name: str) -> str:
    number = len(part.places)
    states = verb(number, "states", "state")
    disputes = _disputed([one.disputes for one in read], _against(read))
    if part.key.startswith("p"):
        return f"{part.title} has {count(number, 'sentence')}, which {states} {_counted(read)}; {disputes}."
    kind = "note" if part.key == "notes" else "passage"
    size = count(number, kind)
    return f"{capitalized(size)} of {name} {states} {_counted(read)}; {disputes}."


def _counted(read: Sequence[Read]) -> str:
    """Count what is said; facts, of which a thing may have several, by the things that they are about."""
    said = [one for item in read for one in item.said]
    told = [
        f"facts about {count(len(those), 'thing')}" if role == "fact" else count(len(those), role)
        for role in ("claim", "request", "statement", "fact")
        if (those := [one for one in said if one.role == role])
    ]
    return joined(told) or "no fact"


def _of_passage(read: Read, name: str) -> str:
    if read.place.nothing and not read.said:
        return f"{name} states no fact: {read.place.nothing[:1].lower()}{read.place.nothing[1:].rstrip('.')}."
    called = (
        f"The passage “{name}”" if ": " in name else name
    )  # "Surplace: states" is no sentence with "states"
    return f"{called} states {_counted([read])}; {_disputed([read.disputes], _against([read]))}."
