"""What the lists of states, treaties and sources show."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from surplace.engine.knowledge import Knowledge, Row
from surplace.web.cells import Cell, cell
from surplace.web.kinds.asking import rows_of, text
from surplace.web.kinds.band import Band, BandRow, band_of
from surplace.words.days import in_words
from surplace.words.order import legal_key
from surplace.words.standings import MARKS, Mark

_STATES: Final = """
    ?state a sur:State OPTIONAL { ?state skos:prefLabel ?label } OPTIONAL { ?state sur:hasIsoCode ?code }
    OPTIONAL { SELECT ?state (COUNT(DISTINCT ?treaty) AS ?treaties) WHERE {
        ?standing a sur:Participation ; sur:isStandingOf ?state ; sur:isStandingTo ?treaty ;
            sur:hasStandingKind standing-kind:party } GROUP BY ?state }
"""
_INSTRUMENTS: Final = """
    ?instrument a sur:LegalInstrument OPTIONAL { ?instrument skos:prefLabel ?label }
    OPTIONAL { ?instrument sur:isAdoptedOn ?on } OPTIONAL { ?instrument a sur:Treaty BIND(true AS ?treaty) }
    OPTIONAL { SELECT ?instrument (COUNT(DISTINCT ?provision) AS ?provisions) WHERE {
        ?provision a sur:Provision ; sur:isPartOf ?instrument } GROUP BY ?instrument }
    OPTIONAL { SELECT ?instrument (COUNT(DISTINCT ?state) AS ?parties) WHERE {
        ?standing a sur:Participation ; sur:isStandingOf ?state ; sur:isStandingTo ?instrument ;
            sur:hasStandingKind standing-kind:party } GROUP BY ?instrument }
"""
_SOURCES: Final = """
    GRAPH graph:provenance { ?source a sur:Source OPTIONAL { ?source skos:prefLabel ?label }
    OPTIONAL { ?source sur:hasHorizon ?horizon } OPTIONAL { ?source sur:isPublishedOn ?on }
    OPTIONAL { ?source sur:hasSourceKind ?kind } }
    OPTIONAL { ?kind skos:prefLabel ?kindLabel } OPTIONAL { ?kind sur:hasRank ?rank }
    OPTIONAL { SELECT ?source (COUNT(DISTINCT ?passage) AS ?passages) WHERE {
        ?passage sur:isPassageOf ?source } GROUP BY ?source }
"""


@dataclass(frozen=True)
class Listed:
    """A line of a list: the thing, the key it has in its IRI, and what is known of it, by title."""

    iri: str
    name: Cell
    key: str
    about: dict[str, str]


@dataclass(frozen=True)
class Beside:
    """How several states stand to a treaty when the record ends: a mark and words for each."""

    treaty: BandRow
    stands: tuple[tuple[Mark | None, str, str], ...]
    """Of each state the mark, the standing, and since when."""


@dataclass(frozen=True)
class Side:
    """States side by side: their names, a line a treaty, a figure each."""

    names: tuple[str, ...]
    bands: tuple[Band, ...]
    lines: tuple[Beside, ...]


def states(knowledge: Knowledge) -> list[Listed]:
    """Return the states by name."""
    found = rows_of(knowledge, _STATES, "label", "state", "code", "treaties")
    return [
        _listed(row, "state", {"ISO code": text(row, "code"), "party to": text(row, "treaties")})
        for row in found
    ]


def instruments(knowledge: Knowledge) -> list[Listed]:
    """Return the legal instruments, treaties first."""
    found = rows_of(knowledge, _INSTRUMENTS, "label", "instrument", "on", "treaty", "provisions", "parties")
    found.sort(key=lambda row: "treaty" not in row)
    return [
        _listed(
            row,
            "instrument",
            {
                "kind": "treaty" if "treaty" in row else "other instrument",
                "adopted": in_words(text(row, "on")),
                "provisions on record": text(row, "provisions"),
                "states on record as party": text(row, "parties"),
            },
        )
        for row in found
    ]


def sources(knowledge: Knowledge) -> list[Listed]:
    """Return the sources, those of the first rank first."""
    found = rows_of(
        knowledge, _SOURCES, "rank", "label", "source", "kind", "kindLabel", "horizon", "on", "passages"
    )
    return [
        _listed(
            row,
            "source",
            {
                "kind": text(row, "kindLabel"),
                "published": in_words(text(row, "on")),
                "record ends": in_words(text(row, "horizon")),
                "passages": text(row, "passages"),
            },
        )
        for row in found
    ]


def side_by_side(chosen: Sequence[Listed], knowledge: Knowledge) -> Side | None:
    """Put states side by side; None where none is chosen."""
    if not chosen:
        return None
    bands = tuple(band_of(item.iri, knowledge) for item in chosen)
    treaties = {row.iri: row for band in bands for row in band.rows}
    rows = sorted(treaties.values(), key=lambda row: legal_key(row.label))
    lines = tuple(Beside(row, tuple(_stands(band, row.iri) for band in bands)) for row in rows)
    return Side(tuple(item.name.text for item in chosen), bands, lines)


def _stands(band: Band, treaty: str) -> tuple[Mark | None, str, str]:
    row = next((row for row in band.rows if row.iri == treaty), None)
    last = row.last if row else None
    if last is None:
        return MARKS["standing-kind"]["unknown"], "unknown", ""
    since = f"since {last.since_words}" if last.since and last.kind != "not-party" else ""
    return MARKS["standing-kind"].get(last.kind), last.words, since


def _listed(row: Row, name: str, about: dict[str, str]) -> Listed:
    iri = text(row, name)
    found = cell(row[name], {iri: text(row, "label")} if "label" in row else {})
    return Listed(iri, found, iri.rstrip("/").rpartition("/")[2], about)
