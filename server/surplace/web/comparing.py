"""States side by side: how each stands to each treaty, and the sentence that compares them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from surplace.engine.knowledge import Knowledge
from surplace.web.browsing import Listed
from surplace.web.kinds.band import Band, BandRow, Period, bands_of
from surplace.web.kinds.disputed import Disputed, disputed
from surplace.web.kinds.laying import Item
from surplace.web.kinds.state import apart_of, kinds_in, settled_and_open
from surplace.web.meanings import meanings_of_standings
from surplace.words.days import in_words
from surplace.words.english import count, joined, the
from surplace.words.order import legal_key
from surplace.words.standings import MARKS, OUTSIDE, PARTY, Mark
from surplace.words.treaties import treaty

_NAMED: Final = 2
"""Treaties of which something is not known that are named; more are counted."""


@dataclass(frozen=True)
class Beside:
    """How several states stand to a treaty on a day: a mark and words for each."""

    treaty: BandRow
    stands: tuple[tuple[Mark | None, str, str], ...]
    """Of each state the mark, the standing, and since and until when."""


@dataclass(frozen=True)
class Side:
    """States side by side: their names, a line a treaty, a figure each."""

    names: tuple[str, ...]
    bands: tuple[Band, ...]
    lines: tuple[Beside, ...]
    apart: tuple[Sequence[Item], ...]
    """Of each state the provisions that its reservations bear on."""
    disputes: tuple[Disputed, ...]
    sentence: str
    meanings: tuple[tuple[Mark, str, str], ...]
    """What the words of the standings mean, each with its mark."""
    beyond: bool
    """Whether the day is after the end of the record."""

    @property
    def end(self) -> str:
        """The day on which the record ends, in words, or nothing."""
        return _end(self.bands)


def states_side_by_side(chosen: Sequence[Listed], knowledge: Knowledge, day: str = "") -> Side | None:
    """Put states side by side on a day, or when the record ends; None where none is chosen."""
    if not chosen:
        return None
    bands = bands_of([item.iri for item in chosen], knowledge)
    treaties = {row.iri: row for band in bands for row in band.rows}
    rows = sorted(treaties.values(), key=lambda row: legal_key(row.label))
    lines = tuple(Beside(row, tuple(_stands(band, row.iri, day) for band in bands)) for row in rows)
    names = tuple(item.name.text for item in chosen)
    apart = tuple(apart_of(item.iri, knowledge, day) for item in chosen)
    found = [_period(band, row.iri, day) for band in bands for row in rows]
    kinds = {one.kind if one else "unknown" for one in found}
    return Side(
        names,
        bands,
        lines,
        apart,
        tuple(disputed(item.iri, knowledge) for item in chosen),
        _compared(names, bands, rows, day, apart),
        meanings_of_standings(kinds.union(*map(kinds_in, apart)), knowledge),
        _is_beyond(bands, day),
    )


def _end(bands: Sequence[Band]) -> str:
    last = max(bands, key=lambda band: band.last_day)
    return last.horizon


def _compared(
    names: Sequence[str],
    bands: Sequence[Band],
    rows: Sequence[BandRow],
    day: str,
    apart_by: Sequence[Sequence[Item]],
) -> str:
    """Say which treaties bind all of the states, which none, which some, what is open and what is reserved.

    *apart_by* has for each state the provisions on which its reservations bear, or may.
    """
    party = [
        {row.iri for row in rows if (found := _period(band, row.iri, day)) and found.kind in PARTY}
        for band in bands
    ]
    outside = [{row.iri for row in rows if _is_outside(band, row.iri, day)} for band in bands]
    every = [treaty(row.short) for row in rows if all(row.iri in those for those in party)]
    unknown = [
        treaty(row.short)
        for row in rows
        if treaty(row.short) not in every and not any(row.iri in those for those in outside)
    ]
    end = _end(bands)
    when = f"On {in_words(day)}" if day else f"At the end of the record{f' ({end})' if end else ''}"
    who = the(names[0]) if len(names) == 1 else "both" if len(names) == 2 else "all"
    parts = []
    if every:
        parts.append(f"{who} {'was' if len(names) == 1 else 'were'} party to {joined(every)}")
    elif not unknown:
        parts.append(
            f"{who} was party to no recorded treaty" if len(names) == 1 else f"no recorded treaty bound {who}"
        )
    apart = [treaty(row.short) for row in rows if all(row.iri in those for those in outside)]
    if apart and len(names) > 1:
        parts.append(f"{'neither' if len(names) == 2 else 'none'} was party to {joined(apart, word='or')}")
    for name, those in zip(names, party, strict=True) if len(names) > 1 else ():
        rest = [treaty(row.short) for row in rows if row.iri in those and treaty(row.short) not in every]
        if rest:
            parts.append(
                f"{the(name)} {'' if every else 'was party '}to {joined(rest)}{' besides' if every else ''}"
            )
    for name, inside, without in zip(names, party, outside, strict=True) if len(names) > 1 else ():
        doubtful = [
            treaty(row.short)
            for row in rows
            if row.iri not in inside | without and any(row.iri in those for those in outside)
        ]
        if doubtful:
            parts.append(f"of {joined(doubtful)} it is not known whether {the(name)} was party")
    if unknown:
        few = len(unknown) <= _NAMED
        of = joined(unknown) if few else count(unknown, "recorded treaty")
        more = " more" if every and not few else ""
        was = "was" if len(names) == 1 else "were"
        why = f": the record ends on {end}" if end and _is_beyond(bands, day) else ""
        parts.append(f"of {of}{more} it is not known whether {who} {was} party{why}")
    counted = [(the(name), *settled_and_open(items)) for name, items in zip(names, apart_by, strict=True)]
    unless = ", unless withdrawn since the record ended," if _is_beyond(bands, day) else ""
    if reserved := [f"{count(sure, 'provision')} for {name}" for name, sure, _ in counted if sure]:
        parts.append(f"reservations bore{unless} on {joined(reserved)}")
    if unsettled := [
        f"{count(more, 'more provision' if sure else 'provision')} for {name}"
        for name, sure, more in counted
        if more
    ]:
        parts.append(f"whether reservations bore on {joined(unsettled)} is not known")
    return f"{when} {'; '.join(parts)}."


def _is_beyond(bands: Sequence[Band], day: str) -> bool:
    """Tell whether the day is after the end of the record."""
    return bool(day) and day > max(band.last_day for band in bands)


def _is_outside(band: Band, treaty: str, day: str) -> bool:
    """Tell whether a state is known not to be party, which is not the same as unknown."""
    found = _period(band, treaty, day)
    return found is not None and found.kind in OUTSIDE


def _period(band: Band, treaty: str, day: str) -> Period | None:
    """Return how a state stood to a treaty on a day; without one at the end of the record, or last of all."""
    row = next((row for row in band.rows if row.iri == treaty), None)
    if row is None:
        return None
    on = day or band.last_day
    holding = [item for item in row.periods if item.since <= on and (not item.before or on < item.before)]
    found = min(holding, key=lambda item: item.kind == "unknown", default=None)
    return row.last if not day and (found is None or found.kind == "unknown") else found


def _stands(band: Band, treaty: str, day: str) -> tuple[Mark | None, str, str]:
    found = _period(band, treaty, day)
    if found is None:
        return MARKS["standing-kind"]["unknown"], "unknown", ""
    since = f"since {found.since_words}" if found.since and found.kind != "not-party" else ""
    # why no sooner is on the page of the standing
    told = found.until.partition(":")[0] if found.kind in ("attested", "continued") else ""
    return (
        MARKS["standing-kind"].get(found.kind),
        found.words,
        ", ".join(part for part in (since, told) if part),
    )
