"""The figure of the treaties of a state: its rows in the order of their days, and the days on the bars."""

from __future__ import annotations

from typing import cast

import pytest
from pyoxigraph import Literal, NamedNode

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row, Table
from surplace.namespaces import BASE
from surplace.web.kinds.band import Span, band_of
from surplace.words.standings import Horizons

STANDINGS = (
    ("accord", "Accord", "signed-only", "1980-01-01", "1990-01-01"),
    ("accord", "Accord", "party", "1990-01-01", "2015-03-15"),
    ("bond", "Bond", "not-party", "", "2015-03-15"),
    ("charter", "Charter", "party", "1985-05-06", "2015-03-15"),
    ("charter", "Charter", "attested", "2015-03-15", "2015-06-02"),
    ("charter", "Charter", "continued", "2015-06-02", "2016-03-15"),
    ("deed", "Deed", "signed-only", "1987-01-01", "2015-03-15"),
    ("estate", "Estate", "attested", "1986-01-01", "1986-02-01"),
)


class Known:
    """Knows how a state stands to five treaties, and that the record ends on 14 March 2015."""

    def select(self, query: str) -> Table:
        rows = [] if "sur:Reservation" in query else [standing(*each) for each in STANDINGS]
        return Table(("treaty", "treatyLabel", "kind", "kindLabel", "from", "before"), rows)

    remembered = select

    def horizons(self) -> Horizons:
        return Horizons(frozenset(("2015-03-14",)))


def standing(treaty: str, label: str, kind: str, since: str, before: str) -> Row:
    row = {
        "treaty": NamedNode(f"{BASE}id/instrument/{treaty}"),
        "treatyLabel": Literal(label),
        "kind": NamedNode(f"{BASE}vocab/standing-kind/{kind}"),
        "kindLabel": Literal(kind),
        "before": Literal(before),
    }
    return {**row, "from": Literal(since)} if since else row


def labels(first: int = 0) -> list[str]:
    return [row.label for row in band_of("urn:state", cast(Knowledge, Known()), first).rows]


def test_treaties_come_by_the_day_since_which_they_bind_and_last_those_without_a_day() -> None:
    assert labels() == ["Charter", "Estate", "Deed", "Accord", "Bond"]


def test_beside_the_bands_of_others_treaties_come_by_name() -> None:
    assert labels(1950) == ["Accord", "Bond", "Charter", "Deed", "Estate"]


def test_only_bars_in_force_have_their_first_day() -> None:
    rows = band_of("urn:state", cast(Knowledge, Known())).rows
    days = {row.label: [span.since for span in row.spans if span.since] for row in rows}
    assert days == {
        "Charter": ["6 May 1985"],
        "Estate": [],
        "Deed": [],
        "Accord": ["1 January 1990"],
        "Bond": [],
    }


def test_after_the_record_a_party_is_shown_as_attested_and_as_still_bound() -> None:
    rows = {row.label: row for row in band_of("urn:state", cast(Knowledge, Known())).rows}
    assert [span.look for span in rows["Charter"].spans if span.width] == ["force", "attested", "continued"]
    assert [item.until for item in rows["Charter"].after] == [
        "attested until 1 June 2015 (not known to have ended then)",
        "bound until 14 March 2016 at least: no notice could have taken effect sooner;"
        " what came after is not known",
    ]
    assert rows["Estate"].after == []


@pytest.mark.parametrize(
    ("width", "day"), [(0, ""), (44.7, ""), (44.8, "1985"), (87.9, "1985"), (88, "6 May 1985")]
)
def test_a_bar_has_the_day_or_the_year_for_which_it_has_room(width: float, day: str) -> None:
    assert Span("force", 0, width, since="6 May 1985").day(width) == day
