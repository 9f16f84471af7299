"""No rule and no check grows faster than its data: each runs on one, two and four times its own world."""

from __future__ import annotations

import re

import pytest

import test_checks
import test_rules
from growth import LIMIT, Copies, Growth
from worlds import Fixture

FLOOR = 0.015
"""CPU seconds below which a query is too quick to be measured, and quick enough."""
SURE = 0.06
"""CPU seconds from which on a query that grows too fast shows it, however slow the machine is."""
MOST = 256
RULES, CHECKS = test_rules.rules(), test_checks.checks()


def measured(text: str, world: Fixture, floor: float = FLOOR) -> Growth:
    """Measure a query on its world and on what its cases make of it, from *floor* seconds on."""
    worlds = [world.quads, *(world.after(case) for case in world.cases)]
    return Copies(text, worlds).growth(floor, MOST, lambda growth: not too_fast(growth))


def too_fast(growth: Growth) -> bool:
    """Tell whether the time of a query grows faster than its data, so that it can be measured."""
    return growth.seconds[-1] >= FLOOR and growth.exponent > LIMIT


@pytest.mark.parametrize("name", RULES)
def test_a_rule_grows_with_its_data(name: str) -> None:
    found = measured(RULES[name].text, test_rules.worlds()[name])
    assert found.rows, "a rule that concludes nothing shows nothing"
    assert not too_fast(found), f"{name}: exponent {found.exponent:.2f}, {found}"


@pytest.mark.parametrize("name", CHECKS)
def test_a_check_grows_with_its_data(name: str) -> None:
    found = measured(CHECKS[name].text, test_checks.worlds()[name])
    assert found.rows > 0
    assert not too_fast(found), f"{name}: exponent {found.exponent:.2f}, {found}"


def test_absence_asked_for_row_by_row_is_noticed() -> None:
    name = "provision-that-binds"
    text = RULES[name].text.replace("MINUS {", "FILTER NOT EXISTS {")
    assert too_fast(measured(text, test_rules.worlds()[name], SURE))


def test_a_union_beside_a_group_is_noticed() -> None:
    name = "end-of-the-record"
    text = re.sub(r"SELECT \?state \?treaty \?record\s+WHERE", "", RULES[name].text)
    assert text != RULES[name].text
    assert too_fast(measured(text, test_rules.worlds()[name], SURE))
