"""A case that does not change what it says is refused, with file and case."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyoxigraph import Quad

from worlds import Worlds, compare, read_world

WORLD = """world: |
  state:AAA a sur:State .
cases:
- case: A state is none
"""


def changed(folder: Path, keys: str) -> frozenset[Quad]:
    """Read a world whose case has these keys; return it as changed."""
    path = folder / "a-check.yaml"
    path.write_text(WORLD + keys, encoding="utf-8")
    world = read_world(path, (), ("violation",))
    assert [case.outcome for case in world.cases] == [{"violation": "No."}]
    return world.after(*world.cases)


def test_a_case_takes_away_and_puts_there(tmp_path: Path) -> None:
    keys = "  remove: state:AAA a sur:State .\n  add: <id/state/BBB> a sur:State .\n  violation: No.\n"
    (quad,) = changed(tmp_path, keys)
    assert str(quad.subject) == "<https://w3id.org/surplace/id/state/BBB>"


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ("  remove: state:BBB a sur:State .\n", "“A state is none”: removes what is not there: .*BBB"),
        ("  add: state:AAA a sur:State .\n", "“A state is none”: adds what is there already: .*AAA"),
        ("", "“A state is none”: changes nothing"),
        ("  delete: state:AAA a sur:State .\n", "“A state is none”: has an unknown key delete: use case, "),
        ("  add: s:A a s:B .\n", "“A state is none”: line 1 of the TriG cannot be read: .*s:"),
        ("  add: state:B a sur:C .\n  add: state:D a sur:C .\n", "line 4: add is given twice"),
        (
            "  add: state:B a sur:C .\n- case: A state is none\n  remove: state:AAA a sur:State .\n",
            "of one name",
        ),
    ],
)
def test_a_case_that_does_not_do_what_it_says_is_refused(tmp_path: Path, keys: str, message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        changed(tmp_path, f"{keys}  violation: No.\n")


def test_a_world_that_is_missing_says_where_to_write_it() -> None:
    worlds = Worlds({}, "tests/checks/{}.yaml", "queries/checks/README.md")
    told = "a-check has no world: write tests/checks/a-check.yaml, as queries/checks/README.md says"
    with pytest.raises(AssertionError, match=re.escape(told)):
        worlds["a-check"]


def test_a_difference_names_its_place() -> None:
    shown = re.escape("checks/a-check.yaml\n- expected\n+ found")
    with pytest.raises(AssertionError, match=shown):
        compare("checks/a-check.yaml", ["found"], ["expected"])
