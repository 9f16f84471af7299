"""How a state stands in a territory of its own declarations on the days around each of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from surplace.suppose.standing import Standing
from surplace.suppose.territory import Declared, Territory

TREATY, NORM, LEFT = "Lantern Covenant", "norm:cruelty", "norm:expulsion"
SINCE = "1990-01-01"


def declared(label: str, day: str, *, applies: bool = True, latest: str = "", left: str = "") -> Declared:
    return Declared(label, applies, day, latest or day, frozenset(filter(None, [left])), ())


KEPT = declared("kept out", "1995-01-01", applies=False)
EXTENDED = declared("extended", "1997-07-01", left=LEFT)
AGAIN = declared("extended again", "2000-01-01")
SLOWLY = declared("extended slowly", "1997-07-01", latest="1998-07-01")
OTHERWISE = declared("not extended", "1997-07-01", applies=False)


def kind(
    declarations: tuple[Declared, ...], day: str, norm: str = NORM, state: str = "binding"
) -> tuple[str, str]:
    """Return the kind of standing there, and the end of the reason."""
    there = Territory("Far Isle", SINCE, {TREATY: declarations})
    found = there.standing(norm, Standing(TREATY, state, "It is bound.", ()), day)
    return found.kind, found.reason


@pytest.mark.parametrize(
    ("declarations", "day", "norm", "expected"),
    [
        ((), "1996-01-01", NORM, "unknown"),
        # the first declaration tells what was so until then
        ((EXTENDED,), "1996-01-01", NORM, "not-there"),
        ((EXTENDED,), "1996-01-01", LEFT, "not-there"),
        ((KEPT,), "1994-12-31", NORM, "binding"),
        ((KEPT, EXTENDED), "1994-12-31", NORM, "binding"),
        # the last that has its effect counts
        ((KEPT, EXTENDED), "1995-01-01", NORM, "not-there"),
        ((EXTENDED, KEPT), "1997-07-01", NORM, "binding"),
        ((SLOWLY,), "1997-07-01", NORM, "unknown"),
        ((SLOWLY,), "1998-07-01", NORM, "binding"),
        ((EXTENDED,), "1997-07-01", LEFT, "unknown"),
        # what an earlier one left out, a later one leaves open
        ((EXTENDED, AGAIN), "2000-01-01", LEFT, "unknown"),
        ((EXTENDED, AGAIN), "2000-01-01", NORM, "binding"),
        # two of one day that differ
        ((EXTENDED, OTHERWISE), "1997-07-01", NORM, "unknown"),
        ((EXTENDED, OTHERWISE), "1997-07-01", LEFT, "not-there"),
    ],
)
def test_the_declarations_decide_on_each_day(
    declarations: tuple[Declared, ...], day: str, norm: str, expected: str
) -> None:
    assert kind(declarations, day, norm)[0] == expected


def test_before_the_state_answered_for_the_territory_nothing_is_known() -> None:
    assert kind((KEPT,), "1989-12-31") == (
        "unknown",
        "Whether the treaty binds in Far Isle is not known: who answered for it before 1 January 1990 is not "
        "recorded.",
    )


def test_before_it_answered_another_state_did_where_that_declared_for_the_territory() -> None:
    extended = replace(declared("extended by another", "1984-06-01"), by="United Kingdom", made="1985-01-01")
    assert kind((extended,), "1989-12-31") == (
        "of-another-state",
        "For Far Isle before 1 January 1990, the United Kingdom declared which treaties applied. By its "
        "declaration the Lantern Covenant applied there; how the United Kingdom stood is not looked at.",
    )
    assert kind((extended,), "1985-01-01") == (
        "of-another-state",
        "For Far Isle before 1 January 1990, the United Kingdom declared which treaties applied. By its "
        "declaration the Lantern Covenant applied there; how the United Kingdom stood is not looked at.",
    )
    assert kind((extended,), "1984-12-31") == (
        "unknown",
        "Whether the treaty binds in Far Isle is not known: who answered for it before 1 January 1985 is not "
        "recorded.",
    )
    assert kind((extended,), "1990-01-01")[0] == "binding"


def test_a_declaration_of_another_without_a_day_does_not_tell_who_answered() -> None:
    undated = replace(declared("extended by another", "1951-07-28"), by="United Kingdom")
    assert kind((undated,), "1989-12-31")[1].endswith("before 1 January 1990 is not recorded.")


def test_a_state_that_is_no_party_may_declare_that_the_treaty_applies_there() -> None:
    own = replace(EXTENDED, own=True)
    there = Territory("Far Isle", SINCE, {TREATY: (own,)})
    found = there.standing(NORM, Standing(TREATY, "signed-only", "It only signed.", ()), "1997-07-01")
    assert (found.kind, found.reason, found.caveats) == (
        "declared-there",
        "It applies in Far Isle (extended).",
        ("By this declaration, and not by a consent of the state, which is not bound elsewhere.",),
    )
    assert kind((own,), "1997-07-01", LEFT, state="not-party")[0] == "unknown"
    assert kind((own,), "1997-07-01")[0] == "binding"


@pytest.mark.parametrize(
    ("declarations", "state", "expected"),
    [
        ((EXTENDED,), "unknown", ("unknown", "It is bound.")),
        ((KEPT,), "unknown", ("unknown", "It is bound.")),
        ((EXTENDED,), "continued", ("continued", "It is bound. It applies in Far Isle (extended).")),
        (
            (KEPT,),
            "continued",
            (
                "unknown",
                "Whether the treaty binds in Far Isle is not known: the record ends on 14 March 2015 "
                "(kept out).",
            ),
        ),
    ],
)
def test_after_the_record_nothing_is_known_unless_the_state_is_still_party(
    declarations: tuple[Declared, ...], state: str, expected: tuple[str, str]
) -> None:
    there = Territory("Far Isle", SINCE, {TREATY: declarations}, end="2015-03-14")
    stand = Standing(TREATY, state, "It is bound.", ())
    found = there.standing(NORM, stand, "2015-03-15")
    assert (found.kind, found.reason) == expected
    assert there.standing(NORM, stand, "2015-03-14").reason != expected[1] or state == "continued"


def test_a_state_that_is_not_bound_is_not_bound_there_unless_the_treaty_was_extended() -> None:
    assert [kind(given, "1996-01-01", state="not-party")[0] for given in ((), (EXTENDED,), (KEPT,))] == [
        "not-party",
        "not-party",
        "not-there",
    ]
    assert kind((EXTENDED,), "1997-07-01", state="not-party")[0] == "unknown"


def test_reasons_name_the_declaration() -> None:
    assert [kind(given, "1994-01-01")[1] for given in ((EXTENDED,), (KEPT,), ())] == [
        "In Far Isle the treaty did not apply yet (extended).",
        "It is bound. It still applied in Far Isle (kept out).",
        "Whether the treaty binds in Far Isle is not known: no declaration is recorded.",
    ]
