"""The page of a state: the treaty band, what does not bind it and why, findings, disputes, requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.web.kinds.asking import rows_of, shown, text, unique
from surplace.web.kinds.band import Band, band_of
from surplace.web.kinds.laying import Item
from surplace.words.days import days_in_words
from surplace.words.sentence import NUMBERS, the
from surplace.words.standings import ending

_RESERVED: Final = """
    ?why a sur:ProvisionStanding ; sur:isStandingOf ?this ; sur:isStandingTo ?provision ;
        sur:hasStandingKind ?kind ; sur:givesReason ?reason ; sur:isDueTo ?reservation .
    ?provision skos:prefLabel ?provisionLabel . ?kind skos:prefLabel ?kindLabel
    OPTIONAL { ?provision sur:imposes ?norm . ?norm skos:prefLabel ?normLabel }
    OPTIONAL { ?reservation skos:prefLabel ?reservationLabel }
    OPTIONAL { ?why sur:holdsFrom ?from } OPTIONAL { ?why sur:holdsBefore ?before }
"""
_FINDINGS: Final = """
    ?finding a sur:Finding ; sur:concernsState ?this ; sur:hasVerdict ?verdict ;
        skos:prefLabel ?findingLabel .
    ?verdict skos:prefLabel ?verdictLabel
    OPTIONAL { ?finding sur:isConditionalOn ?who . ?who skos:prefLabel ?whoLabel }
"""
_ASKED: Final = """
    ?request a sur:Recommendation ; sur:isAddressedTo ?this ; skos:prefLabel ?requestLabel ;
        sur:isIssuedBy ?body .
    ?body skos:prefLabel ?bodyLabel
    OPTIONAL { ?request sur:isMadeOn ?on }
    OPTIONAL { ?follow a sur:FollowUp ; sur:followsUp ?request ; sur:concernsState ?this ;
            sur:hasOutcome ?outcome .
        ?outcome skos:prefLabel ?outcomeLabel }
"""


def view(iri: str, name: str, knowledge: Knowledge) -> Mapping[str, Any]:
    """Return what the page of a state shows."""
    band = band_of(iri, knowledge)
    apart = apart_of(iri, knowledge)
    columns = ("verdict", "finding", "findingLabel", "verdictLabel", "who", "whoLabel")
    findings = unique(rows_of(knowledge, _FINDINGS, *columns, this=iri), "finding")
    wanted = ("on", "request", "requestLabel", "bodyLabel", "outcome", "outcomeLabel")
    asked = unique(rows_of(knowledge, _ASKED, *wanted, this=iri), "request")
    return {
        "sentence": _sentence(name, band, apart, findings, asked),
        "heading": name,
        "key": iri.rpartition("/")[2],
        "band": band,
        "reserved": apart,
        "findings": [_item(row, "finding", "verdict", _only(row)) for row in findings],
        "asked": [_item(row, "request", "outcome", _asked(row)) for row in asked],
    }


def apart_of(state: str, knowledge: Knowledge, day: str = "") -> list[Item]:
    """Return the provisions that do not bind a state as they stand, on a day or when the record ends."""
    known = knowledge.horizons()
    names = (
        *("provision", "kind", "reason", "why", "reservation", "provisionLabel", "kindLabel"),
        *("reservationLabel", "from", "before", "normLabel"),
    )
    rows = [
        row
        for row in rows_of(knowledge, _RESERVED, *names, this=state)
        if (_holds(row, day) if day else not ending(text(row, "before"), known).startswith("until"))
    ]
    return [_item(row, "provision", "kind", _apart(row), "why") for row in unique(rows, "provision")]


def _apart(row: Row) -> str:
    """Say what the provision is about, if it lays down a norm, and why it does not bind, without its name."""
    about = text(row, "normLabel").partition(" (")[0]
    reason = text(row, "reason").replace(text(row, "provisionLabel"), "it")
    reason = reason.replace("makes conditional it", "makes it conditional")
    return f"{about}. {reason}" if about else reason


def _holds(row: Row, day: str) -> bool:
    return text(row, "from") <= day and ("before" not in row or day < text(row, "before"))


def _item(row: Row, name: str, mark: str, note: str, why: str = "") -> Item:
    found = shown(row, name)
    assert found is not None  # noqa: S101 (every pattern binds it)
    return Item(
        found, shown(row, mark) if mark else None, days_in_words(note), shown(row, why) if why else None
    )


def _only(row: Row) -> str:
    return f"for those in the category “{text(row, 'whoLabel')}”" if "who" in row else ""


def _asked(row: Row) -> str:
    return ", ".join(part for part in (text(row, "bodyLabel"), text(row, "on")) if part)


def _sentence(name: str, band: Band, reserved: list[Item], findings: list[Row], asked: list[Row]) -> str:
    """Sum the page up."""
    if not band.rows:
        return f"Of {the(name)} no standing to a treaty is recorded."
    bad = sum(1 for row in findings if text(row, "verdict").endswith("/conflict"))
    parts = [
        f"party to {_number(band.count('party'))} of {_number(len(band.rows))} treaties when the record ends",
        *([f"reservations bear on {_number(len(reserved))} provisions"] if reserved else []),
        *([f"{_number(bad)} findings of conflict"] if bad else []),
        *([f"{_number(len(asked))} requests of UN bodies"] if asked else []),
    ]
    text_ = the(name)
    return f"{text_[:1].upper()}{text_[1:]}: {'; '.join(parts)}."


def _number(count: int) -> str:
    return NUMBERS[count] if count < len(NUMBERS) else f"{count:,}"
