"""What if: suppose something of states and treaties, and see which conclusions would differ."""

from __future__ import annotations

from collections.abc import Sequence

from surplace.engine.release import Release
from surplace.suppose.changes import Supposition, facts, superseded
from surplace.suppose.comparison import ChangedConclusion, compare
from surplace.suppose.dataset import concluded, given


def what_if(release: Release, suppositions: Sequence[Supposition]) -> list[ChangedConclusion]:
    """Return the conclusions that would differ; raises SurplaceError for what cannot be supposed."""
    known = given(release)
    added = facts(suppositions, known.store())
    supposed = concluded(known, added, lambda quad: superseded(suppositions, quad))
    return compare(known.conclusions, supposed)
