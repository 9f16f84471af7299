"""What if: suppose something of states and treaties, and see which conclusions would differ."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import Store

from surplace.engine.release import Release
from surplace.suppose.changes import facts, horizon_of, superseded, supposed_act
from surplace.suppose.comparison import ChangedConclusion, compare
from surplace.suppose.dataset import concluded, given, rows
from surplace.suppose.supposition import Supposition


def what_if(release: Release, suppositions: Sequence[Supposition]) -> list[ChangedConclusion]:
    """Return what is supposed, with the days of its effect and of the end of the record, and what differs.

    Raises SurplaceError for what cannot be supposed.
    """
    known = given(release)
    recorded = Store.read_only(str(release.store))
    added = facts(suppositions, recorded)
    supposed = concluded(known, added, lambda quad: superseded(suppositions, quad))
    acts = [_act(item, supposed, horizon_of(recorded).isoformat()) for item in suppositions]
    return [*acts, *compare(known.conclusions, supposed)]


def _act(item: Supposition, supposed: Store, end: str) -> ChangedConclusion:
    """Say when a supposed act takes effect, under which clause, and what lies beyond the record."""
    act = supposed_act(item)
    (found,) = rows(
        supposed,
        f"SELECT ?label ?day ?clause WHERE {{ <{act}> skos:prefLabel ?label "
        f"OPTIONAL {{ <{act}> sur:takesEffectOn|sur:entersIntoForceOn|sur:isWithdrawnOn ?day }} "
        f"OPTIONAL {{ <{item.treaty or act}> sur:{_CLAUSES[item.kind]}/skos:prefLabel ?clause }} }}",
    )
    day = found.get("day")
    if day is None:
        effect = "when it takes effect is not known"
    else:
        effect = f"takes effect on {day}" + (f" under {found['clause']}" if "clause" in found else "")
    beyond = f"the record ends on {end}"
    if day is not None and day > end:
        beyond += ", before that day, so that its effect does not show"
    else:
        beyond += "; what holds afterwards is not known"
    label = found["label"] + (", withdrawn" if item.kind == "withdraw" else "")
    return ChangedConclusion("acts", "new", act, label, "", f"{effect}; {beyond}")


_CLAUSES = {"accede": "entersIntoForceUnder", "denounce": "isDenouncedUnder", "withdraw": "isMadeUnder"}
