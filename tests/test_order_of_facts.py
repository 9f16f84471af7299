"""What is worth asking first of a person, and which of several standings counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from surplace.suppose.missing import MissingFact, _order
from surplace.suppose.standing import Standing, best

PLAIN = MissingFact("fact", "a fact", "it is so", (), ("ground: open",), (), (), (), (), (), False)


@pytest.mark.parametrize(
    ("sooner", "later"),
    [
        (replace(PLAIN, raised_by=("another",)), replace(PLAIN, opens=("norm",))),
        (replace(PLAIN, opens=("norm",)), PLAIN),
        (replace(PLAIN, makes_out=("ground",)), replace(PLAIN, is_unraised=True)),
        (PLAIN, replace(PLAIN, is_unraised=True)),
        (
            replace(PLAIN, opens=("norm", "other norm")),
            replace(PLAIN, opens=("norm",), yes=("ground: open", "second", "third")),
        ),
        (replace(PLAIN, yes=("ground: open", "second")), PLAIN),
        (PLAIN, replace(PLAIN, label="b fact")),
    ],
    ids=["raised", "opens a norm", "makes out a ground", "who it is", "more norms", "more effects", "label"],
)
def test_what_decides_more_is_asked_first(sooner: MissingFact, later: MissingFact) -> None:
    assert sorted([later, sooner], key=_order) == [sooner, later]


@pytest.mark.parametrize(
    ("kinds", "kind"),
    [
        (["not-party", "unknown"], "unknown"),
        (["not-party", "excluded"], "excluded"),
        (["excluded", "binding", "unknown"], "binding"),
        (["denounced"], "denounced"),
        ([], "unknown"),
    ],
)
def test_of_several_standings_that_counts_which_does_most_for_a_person(kinds: list[str], kind: str) -> None:
    """Unknown comes before what does not bind, since it is not the same as no."""
    assert best([Standing("A treaty", each, "", ()) for each in kinds]) == kind
