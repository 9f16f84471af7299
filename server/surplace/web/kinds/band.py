"""The treaty band: how a state stood to each treaty from day to day, as a figure and as a table.

A row a treaty, in the order of the days since which they bound the state: dots for signature and deposit, a
bar with its first day while it was in force, a triangle where something was reserved, a stroke where the
treaty was left, and hatching from the end of the record on.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.web.kinds.asking import key, rows_of, text
from surplace.words.days import day_before, in_words
from surplace.words.english import plural
from surplace.words.order import Key, legal_key
from surplace.words.standings import PARTY, Horizons, ending

LEFT: Final = 330
WIDTH: Final = 1180
ROW: Final = 30
TOP: Final = 26
"""Units of the figure: where the time begins, how wide and how far apart the rows are, where the first is."""
SEEN: Final = 12
"""Units that what comes after the record has at least, so that it is seen after a long bar."""
LETTER: Final = 7.2
PAD: Final = 16
"""Units that a letter on a bar takes, and that are left free at its ends."""
MARGIN: Final = 16
"""Units beside the last year."""
NARROW: Final = 358
"""Units that the figure is wide on a phone, where names stand above their rows."""
LONG: Final = 44
"""Characters of a name that fit beside a row."""
_AFTER: Final = PARTY[1:]
_OTHER_ACTS: Final = ("signed-only", "not-yet-in-force", "denounced")
"""Ways to stand to a treaty that follow from an act of the state."""
_NEVER: Final = "9999"
"""Comes after all days."""
_PATTERN: Final = """
    ?standing a sur:Participation ; sur:isStandingOf ?this ; sur:isStandingTo ?treaty ;
        sur:hasStandingKind ?kind .
    ?treaty a sur:Treaty ; skos:prefLabel ?treatyLabel . ?kind skos:prefLabel ?kindLabel
    OPTIONAL { ?treaty skos:altLabel ?other FILTER(UCASE(STR(?other)) = STR(?other)) }
    OPTIONAL { ?standing sur:holdsFrom ?from } OPTIONAL { ?standing sur:holdsBefore ?before }
"""
_RESERVED: Final = """
    ?reservation a sur:Reservation ; sur:isMadeUpon ?consent .
    ?consent sur:isGivenBy ?this ; sur:isGivenTo ?treaty .
    OPTIONAL { ?consent sur:isDepositedOn ?on }
"""


@dataclass(frozen=True)
class Period:
    """How a state stood to a treaty in one stretch of time; *before* is the first day after it."""

    kind: str
    words: str
    since: str
    before: str
    until: str
    """The end in words, empty where there is none."""

    @property
    def since_words(self) -> str:
        """The first day in words."""
        return in_words(self.since)


@dataclass(frozen=True)
class Span:
    """A part of a row of the figure, from *x* on, *width* wide; *look* is its class in the style sheet."""

    look: str
    x: float
    width: float = 0
    title: str = ""
    since: str = ""
    """The first day of a bar, in words."""

    def day(self, room: float) -> str:
        """Return the first day as a bar of this width has room for it: the day, its year, or nothing."""
        fitting = (
            text for text in (self.since, self.since[-4:]) if text and room >= LETTER * len(text) + PAD
        )
        return next(fitting, "")


@dataclass(frozen=True)
class BandRow:
    """A treaty of the band."""

    iri: str
    label: str
    y: int
    periods: tuple[Period, ...]
    spans: tuple[Span, ...]
    reserved: int
    """How many reservations the state made to it."""
    short: str
    """The label without what the treaty relates to, or its initials where that is still long."""

    @property
    def after(self) -> list[Period]:
        """The stretches after the record in which it stayed party, attested or for want of notice."""
        return [item for item in self.periods if item.kind in _AFTER and self.first("party")]

    @property
    def last(self) -> Period | None:
        """The last stretch of time of which something is known."""
        return next((item for item in reversed(self.periods) if item.kind != "unknown"), None)

    def first(self, kind: str) -> Period | None:
        """The first stretch of a kind."""
        return next((item for item in self.periods if item.kind == kind), None)


@dataclass(frozen=True)
class Band:
    """The figure: its rows, the years along it, where the record ends, and its height."""

    rows: tuple[BandRow, ...]
    years: tuple[tuple[int, float], ...]
    horizon: str
    end: float
    height: int
    width: int = WIDTH
    left: int = LEFT
    narrow_width: int = NARROW

    first_year: int = 0
    last_day: str = ""
    """The day on which the record ends, as a date."""

    def narrow(self, x: float) -> float:
        """Return a place of the figure where it is drawn without names beside it, on a phone."""
        return round((x - self.left) * (NARROW - 8) / (self.width - self.left) + 4, 1)

    def count(self, kind: str) -> int:
        """Return to how many treaties the state stands so at the end of the record."""
        return sum(1 for row in self.rows if any(self._lasts(period, kind) for period in row.periods))

    def _lasts(self, period: Period, kind: str) -> bool:
        on = self.last_day
        return period.kind == kind and period.since <= on and (not period.before or on < period.before)


def bands_of(states: Sequence[str], knowledge: Knowledge) -> tuple[Band, ...]:
    """Draw the bands of states along the same years."""
    bands = tuple(band_of(state, knowledge) for state in states)
    first = min((band.first_year for band in bands if band.rows), default=0)
    return tuple(band_of(state, knowledge, first) for state in states) if len(bands) > 1 else bands


def band_of(state: str, knowledge: Knowledge, first: int = 0) -> Band:
    """Draw the band of a state, from the year *first* on if given; without rows where nothing is recorded."""
    known = knowledge.horizons()
    names = ("treatyLabel", "treaty", "from", "before", "kind", "kindLabel", "other")
    found = rows_of(knowledge, _PATTERN, *names, this=state)
    reserved: dict[str, list[str]] = {}
    for row in rows_of(knowledge, _RESERVED, "treaty", "reservation", "on", this=state):
        reserved.setdefault(text(row, "treaty"), []).append(text(row, "on"))
    by_treaty: dict[str, list[Row]] = {}
    for row in found:
        by_treaty.setdefault(text(row, "treaty"), []).append(row)
    days = [text(row, name) for row in found for name in ("from", "before") if name in row]
    return _drawn(by_treaty, reserved, days, known, first)


def _drawn(
    by_treaty: Mapping[str, Sequence[Row]],
    reserved: Mapping[str, Sequence[str]],
    days: Sequence[str],
    known: Horizons,
    first: int,
) -> Band:
    last = max(
        (day for day in days if day_before(day) in known.records), default=max(days, default="2000-01-01")
    )
    first_year = min((_year(day) for day in days), default=2000.0)
    begin, end = first or int(first_year // 5 * 5), int(_year(last) // 5 * 5 + 5)
    scale = (WIDTH - LEFT - MARGIN) / max(1, end - begin)

    def place(day: str) -> float:
        return round(LEFT + (_year(day) - begin) * scale, 1)

    rows = []
    ordered = sorted(by_treaty.items(), key=lambda item: _first(item[1]))
    if first:  # beside the bands of others, whose rows have the same order
        ordered.sort(key=lambda item: legal_key(text(item[1][0], "treatyLabel")))
    for number, (treaty, those) in enumerate(ordered):
        periods = tuple(_period(row, known) for row in sorted(those, key=lambda row: text(row, "from")))
        made = reserved.get(treaty, ())
        spans = tuple(_spans(periods, made, place, last))
        label = text(those[0], "treatyLabel")
        y = TOP + number * ROW
        rows.append(BandRow(treaty, label, y, periods, spans, len(made), _short(label, those[0])))
    step = 10 if end - begin > 20 else 5
    years = tuple((year, place(f"{year}-01-01")) for year in range(-(-begin // step) * step, end + 1, step))
    horizon = in_words(day_before(last)) if day_before(last) in known.records else ""
    height = TOP + len(rows) * ROW + 12
    return Band(tuple(rows), years, horizon, place(last), height, first_year=begin, last_day=day_before(last))


def _first(rows: Sequence[Row]) -> tuple[str, Key]:
    """Sort a treaty by the day since which it bound the state, else that of another act, then its name."""

    def earliest(kinds: Collection[str]) -> str:
        days = [text(row, "from") for row in rows if key(row, "kind") in kinds]
        return min(filter(None, days), default="")

    day = earliest(PARTY) or earliest(_OTHER_ACTS) or _NEVER
    return day, legal_key(text(rows[0], "treatyLabel"))


def _short(label: str, row: Row) -> str:
    short = label.partition(" relating to ")[0]
    return short if len(short) <= LONG else text(row, "other") or short


def _period(row: Row, known: Horizons) -> Period:
    kind = key(row, "kind")
    before = text(row, "before")
    return Period(kind, text(row, "kindLabel"), text(row, "from"), before, ending(before, known, kind))


def _spans(
    periods: Sequence[Period], made: Sequence[str], place: Callable[[str], float], last: str
) -> Iterator[Span]:
    for period in periods:
        if not period.since or period.kind in ("unknown", "not-party"):
            continue
        shown_to = period.before if period.kind in _AFTER else min(period.before or last, last)
        x, to = place(period.since), min(place(shown_to or last), WIDTH - MARGIN)
        title = f"{period.words} since {period.since_words}{', ' + period.until if period.until else ''}"
        look = "force" if period.kind == "party" else period.kind if period.kind in _AFTER else ""
        if look:
            width = round(max(2 if look == "force" else SEEN, to - x), 1)
            yield Span(look, x, width, title, period.since_words if look == "force" else "")
        elif period.kind == "denounced":
            yield Span("left", x, 0, title)
        else:
            yield Span("signed", x, round(to - x, 1), title)
            yield Span("dot", x, 0, title)
    deposit = next(
        (item.since for item in periods if item.kind in ("not-yet-in-force", "party") and item.since), ""
    )
    if deposit:
        yield Span("dot", place(deposit), 0, f"deposited {in_words(deposit)}")
    if made:
        number = f"{len(made)} {plural('reservation', len(made))}"
        yield Span("reserved", place(max(made) or deposit or last), 0, number)


def _year(day: str) -> float:
    """Return a day as a number of years."""
    try:
        found = date.fromisoformat(day)
    except ValueError:
        return float(day[:4]) if day[:4].isdecimal() else 2000.0
    return found.year + (found.timetuple().tm_yday - 1) / 366
