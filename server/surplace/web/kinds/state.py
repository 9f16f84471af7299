"""The page of a state: the treaty band, what is reserved and why, findings, disputes, requests."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.namespaces import last_segment
from surplace.web.cells import Cell
from surplace.web.kinds.asking import holds, key, rows_of, shown, text, unique
from surplace.web.kinds.band import Band, band_of
from surplace.web.kinds.laying import Item, items_of, without
from surplace.web.laws import as_it, without_place
from surplace.web.meanings import meanings_of_standings
from surplace.words.days import day_before, days_in_words, in_words
from surplace.words.english import capitalized, count, number_in_words, the
from surplace.words.standings import ending
from surplace.words.treaties import divided

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
    OPTIONAL { ?finding sur:appliesProvision ?provision . ?provision skos:prefLabel ?provisionLabel }
    OPTIONAL { ?finding sur:holdsFrom ?from }
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


_WHEN: Final = re.compile(r"(.*) \(((?:through|from) [^()]*)\)")
"""The name of a finding, which ends in the treaty through which it holds and the day from which it does."""
_VERDICTS: Final = ("conflict", "unfulfilled-in-part", "undetermined", "no-conflict-shown")
"""Verdicts from what matters most to a reader."""


def view(iri: str, name: str, knowledge: Knowledge) -> Mapping[str, Any]:
    """Return what the page of a state shows."""
    band = band_of(iri, knowledge)
    apart = apart_of(iri, knowledge)
    columns = (
        *("provisionLabel", "findingLabel", "finding", "provision", "verdict", "verdictLabel"),
        *("who", "whoLabel", "from"),
    )
    findings = rows_of(knowledge, _FINDINGS, *columns, this=iri)
    wanted = ("on", "request", "requestLabel", "bodyLabel", "outcome", "outcomeLabel")
    asked = unique(rows_of(knowledge, _ASKED, *wanted, this=iri), "request")
    return {
        "sentence": _sentence(name, band, apart, findings, asked),
        "heading": name,
        "key": last_segment(iri),
        "band": band,
        "reserved": apart,
        "meanings": meanings_of_standings(kinds_in(apart), knowledge),
        "findings": judged(findings, name, knowledge.horizons().records),
        "asked": [_item(row, "request", "outcome", _asked(row)) for row in asked],
    }


@dataclass(frozen=True)
class FindingsOn:
    """What was judged, for whom the findings on it hold, and these: of several, since when each does."""

    name: str
    note: str
    findings: tuple[Cell, ...]


@dataclass(frozen=True)
class Judged:
    """Findings of one verdict: by the provision, each with what it judges and for whom it holds."""

    verdict: Cell
    by: tuple[tuple[Cell | None, tuple[FindingsOn, ...]], ...]

    @property
    def number(self) -> int:
        """How many findings there are."""
        return sum(len(held.findings) for _, those in self.by for held in those)


def judged(rows: Sequence[Row], name: str, known: Collection[str]) -> list[Judged]:
    """Group findings on a state by verdict and provision; their names leave out what the group says."""
    found = []
    for verdict in _VERDICTS:
        those = [row for row in rows if key(row, "verdict") == verdict]
        groups: dict[str, list[Row]] = {}
        for row in those:
            groups.setdefault(text(row, "provision"), []).append(row)
        if those:
            mark = shown(those[0], "verdict")
            assert mark is not None  # noqa: S101 (the pattern binds it)
            by = tuple(
                (shown(same[0], "provision"), _told_apart(same, name, known)) for same in groups.values()
            )
            found.append(Judged(mark, by))
    return found


def _told_apart(rows: Sequence[Row], name: str, known: Collection[str]) -> tuple[FindingsOn, ...]:
    """Put findings on the same thing together, each with its days and the treaty through which it holds."""
    items = items_of(rows, "finding", note="whoLabel")
    items = without(f"({name}, ", without(f" and {text(rows[0], 'provisionLabel')}", items), "(")
    beyond = {in_words(text(row, "from")) for row in rows if day_before(text(row, "from")) in known}
    groups: dict[tuple[str, str], list[tuple[Cell, str]]] = {}
    for item in items:
        found = _WHEN.fullmatch(item.name.text)
        base, when = found.groups() if found else (item.name.text, "")
        if any(when.endswith(f"from {day}") for day in beyond):
            when += " (the record ends the day before)"
        groups.setdefault((base, item.note), []).append((item.name, when))
    return tuple(
        FindingsOn(
            base,
            note,
            tuple(
                replace(cell, text=when, says=f"{base}: {when}") if len(cells) > 1 and when else cell
                for cell, when in cells
            ),
        )
        for (base, note), cells in groups.items()
    )


def _with_parts(rows: Sequence[Row]) -> list[Item]:
    """Make an item of each provision, and put its parts, which a reservation reaches alike, into its own."""
    alike = {(text(row, "provision"), *_how(row)): row for row in rows}
    parts: dict[str, list[Row]] = {}
    wholes = []
    for row in rows:
        above = (alike.get((iri, *_how(row))) for iri in _above(text(row, "provision")))
        whole = next((found for found in above if found), None)
        if whole is None:
            wholes.append(row)
        else:
            parts.setdefault(text(whole, "provision"), []).append(row)
    return [
        replace(
            _item(row, "provision", "kind", _apart(row), "why"),
            parts=tuple(_part(each) for each in parts.get(text(row, "provision"), ())),
        )
        for row in wholes
    ]


def _how(row: Row) -> tuple[str, str]:
    """Return how a provision stands, and by which reservation."""
    return text(row, "kind"), text(row, "reservation")


def _above(iri: str) -> list[str]:
    """Return the IRIs of what a provision may be part of, the widest first."""
    steps = iri.split("/")
    return ["/".join(steps[:number]) for number in range(1, len(steps))]


def _part(row: Row) -> Item:
    """Return a part of a provision by its name without the treaty, with what it is about."""
    item = _item(row, "provision", "", _about(row))
    short = divided(item.name.text)[1] or item.name.text
    return replace(item, name=replace(item.name, text=short, says=item.name.text))


def apart_of(state: str, knowledge: Knowledge, day: str = "") -> list[Item]:
    """Return the provisions that reservations of a state bear on, on a day or when the record ends.

    Parts of a provision that stand like it are in its item.
    """
    known = knowledge.horizons()
    names = (
        *("provision", "kind", "reason", "why", "reservation", "provisionLabel", "kindLabel"),
        *("reservationLabel", "from", "before", "normLabel"),
    )
    rows = [
        row
        for row in rows_of(knowledge, _RESERVED, *names, this=state)
        if (holds(row, day) if day else not ending(text(row, "before"), known).startswith("until"))
    ]
    return _with_parts(unique(rows, "provision"))


def kinds_in(items: Iterable[Item]) -> set[str]:
    """Return the names of the ways in which provisions stand."""
    return {item.mark.iri.rpartition(":")[2] for item in items if item.mark}


def settled_and_open(items: Sequence[Item]) -> tuple[int, int]:
    """Count the provisions on which reservations bear, and those of which it is not known whether they do."""
    unknown = sum(1 for item in items if kinds_in([item]) == {"unknown"})
    return len(items) - unknown, unknown


def _apart(row: Row) -> str:
    """Say what the provision is about, if it lays down a norm, and why it stands so, without its name."""
    about = _about(row)
    reason = as_it(text(row, "reason"), text(row, "provisionLabel"))
    return f"{about}. {reason}" if about else reason


def _about(row: Row) -> str:
    return without_place(text(row, "normLabel"), text(row, "provisionLabel"))


def _item(row: Row, name: str, mark: str, note: str, why: str = "") -> Item:
    found = shown(row, name)
    assert found is not None  # noqa: S101 (every pattern binds it)
    return Item(
        found, shown(row, mark) if mark else None, days_in_words(note), shown(row, why) if why else None
    )


def _asked(row: Row) -> str:
    return ", ".join(part for part in (text(row, "bodyLabel"), text(row, "on")) if part)


def _sentence(name: str, band: Band, reserved: list[Item], findings: list[Row], asked: list[Row]) -> str:
    """Sum the page up."""
    if not band.rows:
        return f"Of {the(name)} no standing to a treaty is recorded."
    bad = sum(1 for row in unique(findings, "finding") if text(row, "verdict").endswith("/conflict"))
    bear, may = settled_and_open(reserved)
    provisions = count(may, "more provision" if bear else "provision")
    parts = [
        f"party to {number_in_words(band.count('party'))} of {count(band.rows, 'treaty', 'treaties')} "
        "when the record ends",
        *([f"reservations bear on {count(bear, 'provision')}"] if bear else []),
        *([f"whether reservations bear on {provisions} is not known"] if may else []),
        *([f"{count(bad, 'finding')} of conflict"] if bad else []),
        *([f"{count(asked, 'request')} of UN bodies"] if asked else []),
    ]
    text_ = the(name)
    return f"{capitalized(text_)}: {'; '.join(parts)}."
