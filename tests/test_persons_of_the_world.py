"""Described persons in the invented world, whose grounds and treaties are its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Store

from surplace.build.closure import Closure
from surplace.engine.release import Release, find_release
from surplace.rules.rule import Rule
from surplace.suppose.dataset import rows
from surplace.suppose.description import described
from surplace.suppose.person import Assessment, assessed, known_of
from surplace.suppose.protection import owed
from surplace.suppose.reach import EXCLUDED, IN_PART, MAY, MAY_IN_PART, NOT_BOUND, PROTECTS, RESERVED
from surplace.suppose.standing import Standing, as_parts_stand, standings

World = tuple[Closure, list[Rule], Store]
CROSSING, LANTERNS, HARBOUR = "The crossing", "The ban on lanterns", "Harbour Convention, Article 3(1)"
LIGHTER = "left-without-permission"


@pytest.fixture(scope="module")
def world(world_release: Path) -> World:
    """Provide the release of the invented world, read once."""
    release: Release = find_release(world_release)
    return *known_of(release), Store.read_only(str(release.store))


def person(
    world: World,
    told: str,
    stay: str,
    day: str,
    origin: str = "",
    nationality: str = "",
) -> Assessment:
    known, rules, recorded = world
    return assessed(
        known.copy(), rules, recorded, described(told.split(), [], origin, stay, nationality.split(), day)
    )


def results(found: Assessment) -> dict[str, str]:
    return {ground.label: ground.result for ground in found.grounds}


@pytest.mark.parametrize(
    ("day", "result"),
    [("1962-04-30", "does not bind"), ("1962-05-01", "protects"), ("2016-05-20", "standing unknown")],
)
def test_a_person_is_protected_while_the_treaty_binds(world: World, day: str, result: str) -> None:
    found = person(world, LIGHTER, "AQU", day, "FER")
    assert results(found) == {LANTERNS: "supported", CROSSING: "supported"}
    assert [norm.result for norm in found.protection if norm.provision == HARBOUR] == [result]


def test_who_has_done_grave_acts_is_excluded_and_who_stayed_has_not_crossed(
    world: World,
) -> None:
    assert results(person(world, "grave-acts", "AQU", "2010-01-01", "FER"))[CROSSING] == "excluded"
    assert results(person(world, "grave-acts", "FER", "2010-01-01", "FER"))[CROSSING] == "not-made-out"


def test_of_several_nationalities_none_may_be_that_of_the_stay(world: World) -> None:
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
        (MAY, "modified", MAY_IN_PART),
        (MAY, "conditioned", MAY_IN_PART),
        (MAY, "binding", MAY),
        (MAY, "excluded", RESERVED),
        (EXCLUDED, "not-party", NOT_BOUND),
    ],
)
def test_what_a_norm_does_depends_on_how_the_state_stands_to_it(result: str, kind: str, does: str) -> None:
    assert owed(result, kind) == does


def test_a_norm_protects_in_full_or_in_part_just_where_the_kind_of_standing_means_in_force(
    world: World,
) -> None:
    kinds = rows(
        world[2],
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


@pytest.mark.parametrize(
    ("kind", "parts", "expected"),
    [
        ("binding", ("modified",), "modified"),
        ("binding", ("modified", "binding"), "binding"),
        ("attested", ("excluded",), "excluded"),
        ("not-party", ("modified",), "not-party"),
        ("binding", (), "binding"),
        ("binding", ("unknown",), "binding"),
    ],
)
def test_a_norm_stands_no_further_than_what_is_at_stake_of_its_provision(
    kind: str, parts: tuple[str, ...], expected: str
) -> None:
    own = Standing("Tide Covenant", kind, "The whole.", ())
    others = [Standing("Tide Covenant", part, f"A part: {part}.", ()) for part in parts]
    (found,) = as_parts_stand([own], [*others, Standing("Harbour Convention", "excluded", "", ())])
    assert (found.kind, found.reason) == (
        expected,
        "The whole." if expected == kind else f"A part: {expected}.",
    )


@pytest.mark.parametrize(
    ("state", "day", "expected"),
    [
        ("DRA", "2018-03-03", {"unknown"}),
        ("CAL", "2016-08-01", {"attested", "modified"}),
        ("CAL", "1996-05-02", {"binding", "modified"}),
        ("CAL", "1996-05-01", {"not-yet-in-force"}),
    ],
    ids=["attested alone", "attested after the record", "party", "not yet in force"],
)
def test_a_provision_stands_as_the_participation_implies(
    world: World, state: str, day: str, expected: set[str]
) -> None:
    """Who is attested alone may have joined with any reservation; Calenda has made one."""
    *_, recorded = world
    treaty = "https://w3id.org/surplace/id/instrument/tide-covenant"
    norms = [
        row["n"] for row in rows(recorded, f"SELECT ?n {{ ?p sur:imposes ?n ; sur:isPartOf <{treaty}> }}")
    ]
    stands = standings(recorded, f"https://w3id.org/surplace/id/state/{state}", day, norms)
    kinds = {stand.kind for norm in norms for stand in stands[norm] if stand.treaty == "Tide Covenant"}
    assert (bool(norms), kinds) == (True, expected)
