"""The page of whoever speaks, a UN body, a court, an author: what it said, asked and did, how it reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.web.cells import Cell
from surplace.web.kinds.asking import cells_of, rows_as, rows_of, shown, text, unique
from surplace.web.kinds.laying import Item, items_of, sections
from surplace.web.kinds.recommendation import RequestMade, requests_of
from surplace.words.days import dated
from surplace.words.english import capitalized, count, joined, the, verb

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
_AROUND: Final = """
    { VALUES (?by ?as) { (sur:isTakenBy "does") (sur:isQuestionedBy "questions") (sur:isReportedBy "reports")
          (sur:isClaimedTo "hears") (sur:isAddressedTo "hears") (sur:isBorneBy "norm")
          (sur:isAuthoredBy "document") (sur:isAdoptedBy "document") (sur:isPublishedBy "document")
          (sur:isConcludedBy "document") }
      ?item ?by ?this FILTER(?as != "reports" || NOT EXISTS { ?item sur:isSpokenBy ?this }) }
    UNION { VALUES (?by ?how) { (sur:monitors "watches over") (sur:holdsOffice "holds office as")
          (sur:isAffiliatedWith "belongs to")
          (sur:isFormerlyAffiliatedWith "belonged to") (sur:isOrganOf "is an organ of") }
      ?this ?by ?item BIND("about" AS ?as) }
    OPTIONAL { ?item skos:prefLabel ?itemLabel }
"""
_PLACES: Final = {
    "does": ("measure", "What is done or left undone"),
    "questions": ("questioned claim", "Claims questioned"),
    "reports": ("reported statement", "Statements of others reported"),
    "hears": ("received statement", "Statements received"),
    "norm": ("binding norm", "Norms that bind"),
    "document": ("document", "Documents"),
}
"""What there is of a speaker besides what it says: a noun for one, and the heading."""


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
    around = rows_of(knowledge, _AROUND, "as", "how", "itemLabel", "item", this=iri)
    places = {place: items for place in _PLACES if (items := items_of(rows_as(around, place), "item"))}
    about = unique(rows_as(around, "about"), "item")
    return {
        "heading": name,
        "sentence": _sentence(name, said, asked, places),
        "readings": [one for one in said if one.provisions],
        "said": [one for one in said if not one.provisions],
        "asked": asked,
        "sections": sections(*((_PLACES[place][1], items) for place, items in places.items())),
        "facts": [(text(row, "how"), shown(row, "item")) for row in about],
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


def _sentence(
    name: str,
    said: Sequence[Utterance],
    asked: Sequence[RequestMade],
    places: Mapping[str, Sequence[Item]],
) -> str:
    """Count what it said and asked, how much of that is disputed or was done, and what else there is."""
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
    besides = joined([count(items, _PLACES[place][0]) for place, items in places.items()])
    if not told and not besides:
        return f"Nothing is recorded that {the(name)} said or asked."
    if not told:
        return f"{who}: {besides} {verb(sum(map(len, places.values())), 'is', 'are')} on record."
    number = len(said) + len(asked)
    end = f", of which {count(disputed, 'is', 'are')} disputed" if disputed else ""
    became = Counter(one.verdict.text for request in asked for one in request.outcomes)
    outcomes = ", ".join(count(became[name], name, name) for name in sorted(became))
    outcome = f"; of the requests, {outcomes}" if became else ""
    more = f" Besides: {besides}." if besides else ""
    return f"{who}: {joined(told)} {verb(number, 'is', 'are')} on record{end}{outcome}.{more}"
