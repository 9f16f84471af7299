"""The attacks in their short forms; `cd tests && python -m abuse` runs the long ones, with figures."""

from __future__ import annotations

from pathlib import Path

import pytest

from abuse.plan import ATTACKS
from service import make_release

BESIDE_OTHERS = (
    *("blame", "builds", "cuts", "heads", "imports", "injections", "kills", "memory", "outbound"),
    *("releases", "schema"),
)
"""Those that measure no time."""
WITH_ANY_RELEASE = ("connections", "heads", "outbound")
"""Those that ask nothing of the knowledge: a small one starts in a third of the time."""
SHORT = {name: attack for name, attack in ATTACKS.items() if attack.short or not attack.long}
"""A soak tells nothing when it is short."""


@pytest.mark.parametrize(
    "name",
    [name if name in BESIDE_OTHERS else pytest.param(name, marks=pytest.mark.quiet) for name in SHORT],
)
def test_the_service_withstands(name: str, project_release: Path, tmp_path: Path) -> None:
    release = make_release(tmp_path) if name in WITH_ANY_RELEASE else project_release
    result = SHORT[name](release, short=True)
    assert result.figures, "an attack without figures tells nothing"
    assert not result.faults, (result.faults[:10], result.figures)
