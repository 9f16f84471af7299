"""The page of whoever speaks, a UN body, a court, an author: what it said, what it asked, how it reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.web.cells import Cell
from surplace.web.kinds.asking import cells_of, rows_of, shown, text, unique
from surplace.web.kinds.recommendation import RequestMade, requests_of
from surplace.words.days import dated
from surplace.words.sentence import capitalized, count, joined, the, verb

_SAID: Final = """
    ?said sur:isSpokenBy ?this ; skos:prefLabel ?saidLabel .
    FILTER NOT EXISTS { ?said a sur:Recommendation }
    OPTIONAL { ?said sur:isMadeOn ?on } OPTIONAL { ?said sur:isMadeNoLaterThan ?latest }
    OPTIONAL { ?said sur:expressesAttitude ?attitude . ?attitude skos:prefLabel ?attitudeLabel }
    OPTIONAL { ?said a sur:Claim BIND(true AS ?claim) }
    OPTIONAL { ?found a sur:Opposition ; sur:opposesClaim ?said }
    OPTIONAL { ?said a sur:Interpretation ; sur:concerns ?provision .
               ?provision skos:prefLabel ?provisionLabel }
"""
_COLUMNS: Final = (
    *("on", "latest", "saidLabel", "said", "attitude", "attitudeLabel", "claim", "found"),
    *("provision", "provisionLabel"),
)
_ABOUT: Final = """
    VALUES (?by ?how) { (sur:monitors "watches over") (sur:holdsOffice "holds office as")
        (sur:isAffiliatedWith "belongs to")
        (sur:isFormerlyAffiliatedWith "belonged to") (sur:isOrganOf "is an organ of") }
    ?this ?by ?of OPTIONAL { ?of skos:prefLabel ?ofLabel }
"""


@dataclass(frozen=True)
class Utterance:
    """A claim or statement: when, in which tone, and whether something on record is against it."""

    name: Cell
    day: str
    tone: str
    disputed: bool
    provisions: tuple[Cell, ...]
    """The provisions that it reads, where it is an interpretation."""


def view(iri: str, name: str, knowledge: Knowledge) -> Mapping[str, Any]:
    """Return what the page of a speaker shows."""
    by_said: dict[str, list[Row]] = {}
    for row in rows_of(knowledge, _SAID, *_COLUMNS, this=iri):
        by_said.setdefault(text(row, "said"), []).append(row)
    said = [_utterance(rows) for rows in by_said.values()]
    asked = requests_of("?request sur:isIssuedBy ?this . ", iri, knowledge)
    about = unique(rows_of(knowledge, _ABOUT, "how", "of", "ofLabel", this=iri), "of")
    return {
        "heading": name,
        "sentence": _sentence(name, said, asked),
        "readings": [one for one in said if one.provisions],
        "said": [one for one in said if not one.provisions],
        "asked": asked,
        "facts": [(text(row, "how"), shown(row, "of")) for row in about],
    }


def _utterance(rows: Sequence[Row]) -> Utterance:
    name = shown(rows[0], "said")
    assert name is not None  # noqa: S101 (the pattern binds it)
    return Utterance(
        name,
        dated(text(rows[0], "on"), text(rows[0], "latest")),
        text(rows[0], "attitudeLabel") or ("claim" if "claim" in rows[0] else "statement"),
        any("found" in row for row in rows),
        cells_of(rows, "provision"),
    )


def _sentence(name: str, said: Sequence[Utterance], asked: Sequence[RequestMade]) -> str:
    """Count what it said and asked, and say how much of that is disputed or was done."""
    readings = [one for one in said if one.provisions]
    rest = [one for one in said if not one.provisions]
    disputed = [one for one in said if one.disputed]
    told = []
    if rest:
        told.append(count(rest, "claim or statement", "claims and statements"))
    if readings:
        told.append(count(readings, "reading of a provision", "readings of provisions"))
    if asked:
        told.append(count(asked, "request"))
    who = capitalized(the(name))
    if not told:
        return f"Nothing is recorded that {the(name)} said or asked."
    number = len(said) + len(asked)
    end = f", of which {count(disputed, 'is', 'are')} disputed" if disputed else ""
    became = Counter(one.verdict.text for request in asked for one in request.outcomes)
    outcomes = ", ".join(count(became[name], name, name) for name in sorted(became))
    outcome = f"; of the requests, {outcomes}" if became else ""
    return f"{who}: {joined(told)} {verb(number, 'is', 'are')} on record{end}{outcome}."
