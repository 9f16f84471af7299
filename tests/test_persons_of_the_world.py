"""Described persons in the invented world, whose grounds and treaties are its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Store

from surplace.engine.release import Release, find_release
from surplace.suppose.dataset import AssertedRelease, given, rows
from surplace.suppose.description import described
from surplace.suppose.person import Assessment, assessed
from surplace.suppose.protection import owed
from surplace.suppose.reach import EXCLUDED, IN_PART, MAY, NOT_BOUND, PROTECTS

CROSSING, LANTERNS, HARBOUR = "The crossing", "The ban on lanterns", "Harbour Convention, Article 3(1)"
LIGHTER = "left-without-permission"


@pytest.fixture(scope="module")
def world(world_release: Path) -> tuple[AssertedRelease, Store]:
    """Provide the release of the invented world, read once."""
    release: Release = find_release(world_release)
    return given(release), Store.read_only(str(release.store))


def person(
    world: tuple[AssertedRelease, Store],
    told: str,
    stay: str,
    day: str,
    origin: str = "",
    nationality: str = "",
) -> Assessment:
    return assessed(*world, described(told.split(), [], origin, stay, nationality.split(), day))


def results(found: Assessment) -> dict[str, str]:
    return {ground.label: ground.result for ground in found.grounds}


@pytest.mark.parametrize(
    ("day", "result"),
    [("1962-04-30", "does not bind"), ("1962-05-01", "protects"), ("2016-05-20", "standing unknown")],
)
def test_a_person_is_protected_while_the_treaty_binds(
    world: tuple[AssertedRelease, Store], day: str, result: str
) -> None:
    found = person(world, LIGHTER, "AQU", day, "FER")
    assert results(found) == {LANTERNS: "supported", CROSSING: "supported"}
    assert [norm.result for norm in found.protection if norm.provision == HARBOUR] == [result]


def test_who_has_done_grave_acts_is_excluded_and_who_stayed_has_not_crossed(
    world: tuple[AssertedRelease, Store],
) -> None:
    assert results(person(world, "grave-acts", "AQU", "2010-01-01", "FER"))[CROSSING] == "excluded"
    assert results(person(world, "grave-acts", "FER", "2010-01-01", "FER"))[CROSSING] == "not-made-out"


def test_of_several_nationalities_none_may_be_that_of_the_stay(world: tuple[AssertedRelease, Store]) -> None:
    for stay, result in (("BOR", "supported"), ("AQU", "open")):
        found = person(world, "", stay, "2010-01-01", nationality="FER AQU")
        assert results(found)[CROSSING] == result


@pytest.mark.parametrize(
    ("result", "kind", "does"),
    [
        # it is bound but for what the emergency strictly required, which nobody knows here
        (PROTECTS, "derogated", MAY),
        (EXCLUDED, "derogated", EXCLUDED),
        (PROTECTS, "modified", IN_PART),
        (EXCLUDED, "not-party", NOT_BOUND),
    ],
)
def test_what_a_norm_does_depends_on_how_the_state_stands_to_it(result: str, kind: str, does: str) -> None:
    assert owed(result, kind) == does


def test_a_norm_protects_in_full_or_in_part_just_where_the_kind_of_standing_means_in_force(
    world: tuple[AssertedRelease, Store],
) -> None:
    kinds = rows(
        world[1],
        "SELECT ?kind ?force { ?kind a sur:StandingKind OPTIONAL { ?kind sur:meansInForce ?force } }",
    )
    names = {row["kind"].rpartition("/")[2]: row.get("force") == "true" for row in kinds}
    assert names == {name: owed(PROTECTS, name) in (PROTECTS, IN_PART) for name in names}
    assert {name for name, means in names.items() if means} == {
        "attested",
        "binding",
        "conditioned",
        "continued",
        "modified",
    }
