"""What is supposed of the states of the invented world: what differs, and what must not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from surplace.cli import main


def supposed(release: Path, *arguments: str) -> dict[str, tuple[str, str]]:
    """Suppose something; return what would differ by its name, with how it stood and would stand."""
    result = CliRunner().invoke(main, ["what-if", *arguments, "--json", "--release", str(release)])
    assert result.exit_code == 0, result.output
    return {
        item["label"]: (item["before"].partition(";")[0], "; ".join(item["after"].split("; ")[:3]))
        for item in json.loads(result.stdout)
        if item["kind"] != "acts"
    }


def test_a_state_of_which_no_record_tells_accedes(world_release: Path) -> None:
    found = supposed(world_release, "--accede", "ESK", "lantern-covenant", "--on", "2005-01-01")
    assert {label: after for label, (_, after) in found.items() if after} == {
        "Eskara: not yet party to: Lantern Covenant": "not-party; before 2005-01-01; "
        "Eskara did nothing towards the treaty that is recorded before 2005-01-01.",
        "Eskara: consent not yet in force: Lantern Covenant": "not-yet-in-force; from 2005-01-01; "
        "before 2005-04-01",
        "Eskara: party to the Lantern Covenant since 2005-04-01": "party; from 2005-04-01; before 2015-01-02",
        "Eskara: unknown standing after the record: Lantern Covenant": "unknown; from 2015-01-02; "
        "The record ends on 2015-01-01",
        "Eskara: bound by Lantern Covenant, Article 12 through the Lantern Covenant": "binding; "
        "from 2005-04-01; before 2015-01-02",
    }
    assert [label for label, (_, after) in found.items() if not after] == [
        "Eskara: before the adoption of: Lantern Covenant",
        "Eskara: no record on: Lantern Covenant",
    ]


def test_a_reservation_to_the_clause_that_takes_articles_over_is_withdrawn(world_release: Path) -> None:
    article = "Harbour Convention, Article 3"
    reserved = ("Harbour Protocol, Article I", article, f"{article}(1)", f"{article}(2)")
    assert supposed(
        world_release, "--withdraw", "reservation:harbour-protocol/CAL/1", "--on", "2011-01-01"
    ) == {
        f"Calenda: bound by {article}(1) through the Harbour Protocol": (
            "",
            "binding; from 2011-01-01; before 2015-01-02",
        ),
        **{
            f"Reservation of Calenda to Article I: makes conditional {clause}": (
                "conditioned",
                "conditioned; from 1972-03-03; before 2011-01-01",
            )
            for clause in reserved
        },
    }


def test_a_state_that_the_record_names_as_no_party_accedes(world_release: Path) -> None:
    found = supposed(world_release, "--accede", "DRA", "harbour-convention", "--on", "2005-01-01")
    assert found["Dravia: not party to: Harbour Convention"] == ("not-party", "")
    assert found["Dravia: party to the Harbour Convention since 2005-04-01"][1] == (
        "party; from 2005-04-01; before 2015-01-02"
    )
    # nothing is supposed of other states, and no provision binds before the accession takes effect
    assert [label for label in found if "Dravia" not in label] == []
    assert {after.split("; ")[1] for _, after in found.values() if after.startswith("binding; ")} == {
        "from 2005-04-01"
    }


def test_a_state_denounces_a_treaty_with_effect_from_a_later_day(world_release: Path) -> None:
    days = ("--on", "2010-01-01", "--effect", "2011-02-03")
    found = supposed(world_release, "--denounce", "CAL", "tide-covenant", *days)
    assert found["Calenda: party to the Tide Covenant since 1996-05-02"] == (
        "party",
        "party; from 1996-05-02; before 2011-02-03",
    )
    assert found["Calenda: has left: Tide Covenant"][1] == "denounced; from 2011-02-03; before 2015-01-02"
    assert [label for label in found if "Calenda" not in label] == []


def test_a_reservation_of_a_state_that_came_back_is_withdrawn(world_release: Path) -> None:
    found = supposed(world_release, "--withdraw", "reservation:tide-covenant/FER/2", "--on", "2007-01-01")
    assert any(after.startswith("binding; from 2007-01-01") for _, after in found.values())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--denounce", "CAL", "tide-covenant", "--on", "2010-01-01"), 'give the day as "effect"'),
        (("--withdraw", "reservation:harbour-protocol/CAL/1", "--on", "1970-01-01"), "was made on"),
        (
            ("--withdraw", "reservation:tide-covenant/FER/1", "--on", "2007-01-01"),
            "ended when its state left the treaty, on 15 January 2000: suppose an earlier day.",
        ),
        (
            ("--denounce", "BOR", "harbour-convention", "--on", "2000-06-01"),
            "gave notice of leaving the Harbour Convention on 31 December 1999: suppose an earlier day.",
        ),
        (
            ("--accede", "CAL", "harbour-convention", "--on", "2005-01-01", "--effect", "2005-02-01"),
            '"effect" says something of denounce alone, and accede takes on, state and treaty: leave it out.',
        ),
        (("--accede", "AQU", "harbour-convention", "--on", "2005-01-01"), "Aquilonia"),
    ],
)
def test_what_cannot_be_supposed_is_refused_in_a_sentence(
    arguments: tuple[str, ...], words: str, world_release: Path
) -> None:
    result = CliRunner().invoke(main, ["what-if", *arguments, "--release", str(world_release)])
    assert result.exit_code == 1
    assert words in result.output
    assert result.output.count("\n") == 1
