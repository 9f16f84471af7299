"""What the lists of states, treaties and sources show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.namespaces import SUR, last_segment
from surplace.web.cells import Cell, cell
from surplace.web.kinds.asking import rows_of, text
from surplace.web.picking import in_lists
from surplace.web.search.matching import fits, tokens
from surplace.words.days import in_words

_LASTING: Final = """?span a sur:EndOfRecord ;
            sur:concernsState ?state ; sur:tellsStandingTo ?instrument ; sur:holdsBefore ?end .
        ?standing a sur:Participation ; sur:isStandingOf ?state ; sur:isStandingTo ?instrument ;
            sur:hasStandingKind standing-kind:party ; sur:holdsBefore ?end"""
"""Asks who is party to what when the record ends."""
_STATES: Final = f"""
    ?state a sur:State OPTIONAL {{ ?state skos:prefLabel ?label }} OPTIONAL {{ ?state sur:hasIsoCode ?code }}
    OPTIONAL {{ SELECT ?state (COUNT(DISTINCT ?instrument) AS ?treaties) WHERE {{
        {_LASTING} }} GROUP BY ?state }}
"""
_INSTRUMENTS: Final = f"""
    ?instrument a sur:LegalInstrument OPTIONAL {{ ?instrument skos:prefLabel ?label }}
    OPTIONAL {{ ?instrument sur:isAdoptedOn ?on }}
    OPTIONAL {{ ?instrument a sur:Treaty BIND(true AS ?treaty) }}
    OPTIONAL {{ SELECT ?instrument (COUNT(DISTINCT ?provision) AS ?provisions) WHERE {{
        ?provision a sur:Provision ; sur:isPartOf ?instrument }} GROUP BY ?instrument }}
    OPTIONAL {{ SELECT ?instrument (COUNT(DISTINCT ?state) AS ?parties) WHERE {{
        {_LASTING} }} GROUP BY ?instrument }}
"""
_SOURCES: Final = """
    GRAPH graph:provenance { ?source a sur:Source OPTIONAL { ?source skos:prefLabel ?label }
    OPTIONAL { ?source sur:hasHorizon ?horizon ; sur:hasSourceKind source-kind:depositary-record }
    OPTIONAL { ?source sur:isPublishedOn ?on }
    OPTIONAL { ?source sur:hasSourceKind ?kind } }
    OPTIONAL { ?kind skos:prefLabel ?kindLabel } OPTIONAL { ?kind sur:hasRank ?rank }
    OPTIONAL { ?source sur:isCopyOf ?copied
        OPTIONAL { ?copied sur:hasSymbol ?symbol } OPTIONAL { ?copied dcterms:title ?title }
        OPTIONAL { ?copied sur:isAdoptedBy|sur:isAuthoredBy|sur:isPublishedBy|sur:isConcludedBy ?by .
            ?by skos:prefLabel ?byLabel } }
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
    title: str = ""
    """The title of the work, or what a list calls the state, where its name does not have that."""


def states(knowledge: Knowledge) -> list[Listed]:
    """Return the states by the name under which people look for them, which is their title."""
    rows = {
        text(row, "state"): row for row in rows_of(knowledge, _STATES, "label", "state", "code", "treaties")
    }
    return [
        _listed(row, "state", {"ISO code": text(row, "code"), "party to": text(row, "treaties")}, item.label)
        for item in in_lists(knowledge.choices(SUR + "State"), knowledge)
        if (row := rows.get(item.iri))
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


def sources(knowledge: Knowledge, sought: str = "") -> dict[str, list[Listed]]:
    """Return the sources by kind, those of the first rank first.

    With *sought*, those are left that have each of its words in their name, their symbol or title, or in the
    name of who adopted, wrote, concluded or published them.
    """
    columns = ("rank", "label", "source", "kind", "kindLabel", "horizon", "on", "passages")
    by: dict[str, list[Row]] = {}
    for row in rows_of(knowledge, _SOURCES, *columns, "symbol", "title", "byLabel"):
        by.setdefault(text(row, "source"), []).append(row)
    found: dict[str, list[Listed]] = {}
    for rows in by.values():
        row, whose = rows[0], dict.fromkeys(text(one, "byLabel") for one in rows if "byLabel" in one)
        told = [text(row, name) for name in ("label", "symbol", "title", "kindLabel")]
        if not fits(tokens(" ".join([*told, *whose])), tokens(sought)):
            continue
        about = {
            "by": ", ".join(whose),
            "published": in_words(text(row, "on")),
            "record ends": in_words(text(row, "horizon")),
            "passages": text(row, "passages"),
        }
        found.setdefault(text(row, "kindLabel"), []).append(_listed(row, "source", about, text(row, "title")))
    return found


def _listed(row: Row, name: str, about: dict[str, str], title: str = "") -> Listed:
    iri = text(row, name)
    found = cell(row[name], {iri: text(row, "label")} if "label" in row else {})
    return Listed(iri, found, last_segment(iri), about, "" if title in found.text else title)
