"""What if: suppose something of states and treaties, and see which conclusions would differ."""

from __future__ import annotations

from collections.abc import Sequence

from pyoxigraph import Store

from surplace.engine.release import Release
from surplace.parallel import uncollected
from surplace.suppose.binding import bound_otherwise
from surplace.suppose.changes import facts, horizon_of, superseded, supposed_act
from surplace.suppose.comparison import ChangedConclusion, compare
from surplace.suppose.dataset import concluded, given, rows
from surplace.suppose.supposition import Supposition
from surplace.words.days import day_before


@uncollected()
def what_if(release: Release, suppositions: Sequence[Supposition]) -> list[ChangedConclusion]:
    """Return what is supposed, with the days of its effect and of the end of the record, and what differs.

    Raises SurplaceError for what cannot be supposed.
    """
    recorded = Store.read_only(str(release.store))
    added = facts(suppositions, recorded)  # first, for it refuses what cannot be supposed
    known = given(release)
    supposed = concluded(known, added, lambda quad: superseded(suppositions, quad))
    end = horizon_of(recorded).isoformat()
    acts = [_act(item, supposed, end, _limits(item, recorded)) for item in suppositions]
    return [*acts, *bound_otherwise(compare(known.conclusions, supposed), supposed)]


def _limits(item: Supposition, recorded: Store) -> str:
    """Say what a supposition leaves out, or takes for settled."""
    if item.kind == "accede":
        made = rows(
            recorded,
            f"SELECT DISTINCT ?day WHERE {{ ?made a sur:Reservation ; sur:isMadeBy <{item.state}> ; "
            f"sur:isMadeUpon ?act . ?act sur:isGivenTo <{item.treaty}> ; sur:isDepositedOn ?day }} "
            "ORDER BY ?day",
        )
        though = f", though some were made with the consent of {made[0]['day']}" if made else ""
        return f"; supposed without reservations{though}"
    about = item.treaty or item.reservation
    asked = rows(
        recorded,
        f"SELECT DISTINCT ?label WHERE {{ <{about}> sur:isSilentOn ?leaving . "
        f"?question sur:isOpenAbout ?leaving , <{about}> ; skos:prefLabel ?label }}",
    )
    return "".join(f"; open question: {row['label']}" for row in asked)


def _act(item: Supposition, supposed: Store, end: str, limits: str) -> ChangedConclusion:
    """Say when a supposed act takes effect, under which clause, with what *limits*, and what lies beyond."""
    act = supposed_act(item)
    (found,) = rows(
        supposed,
        f"SELECT ?label ?day ?clause ?first WHERE {{ <{act}> skos:prefLabel ?label "
        f"OPTIONAL {{ <{act}> sur:takesEffectOn|sur:entersIntoForceOn|sur:isWithdrawnOn ?day }} "
        f"OPTIONAL {{ <{item.treaty or act}> sur:{_CLAUSES[item.kind]}/skos:prefLabel ?usual }} "
        # who joins before the treaty itself is in force is one of the first
        f"OPTIONAL {{ <{act}> sur:entersIntoForceOn ?day . "
        f"<{item.treaty or act}> sur:enteredIntoForceOn ?day ; "
        "sur:entersIntoForceAtFirstUnder/skos:prefLabel ?first } "
        "BIND(COALESCE(?first, ?usual) AS ?clause) }",
    )
    day = found.get("day")
    if day is None:
        effect = "when it takes effect is not known"
    else:
        effect = f"takes effect on {day}" + (f" under {found['clause']}" if "clause" in found else "")
    before = ", before that day" if day is not None and day > end else ""
    if "first" in found:
        sooner = "one consent more might have brought the treaty itself into force sooner"
        limits += f"; {sooner}, which is left as it was"
    beyond = f"the record ends on {end}{before}; {_afterwards(item, supposed)}"
    label = found["label"] + (", withdrawn" if item.kind == "withdraw" else "")
    return ChangedConclusion("acts", "new", act, label, "", f"{effect}{limits}; {beyond}")


def _afterwards(item: Supposition, supposed: Store) -> str:
    """Say what is known after the end of the record: until when at least the treaty binds, if it does."""
    whose = (
        f"<{item.reservation}> sur:isMadeBy ?state ; sur:isMadeUpon/sur:isGivenTo ?treaty"
        if item.reservation
        else f"VALUES (?state ?treaty) {{ (<{item.state}> <{item.treaty}>) }}"
    )
    (found,) = rows(
        supposed,
        f"SELECT (MAX(?before) AS ?day) WHERE {{ {whose} . ?party sur:isStandingOf ?state ; "
        "sur:isStandingTo ?treaty ; sur:hasStandingKind standing-kind:continued ; sur:holdsBefore ?before }",
    )
    if "day" not in found:
        return "what holds afterwards is not known"
    why = "" if item.kind == "denounce" else "for want of a notice "
    return (
        f"{why}the treaty binds until {day_before(found['day'])} at least; what holds afterwards is not known"
    )


_CLAUSES = {"accede": "entersIntoForceUnder", "denounce": "isDenouncedUnder", "withdraw": "isMadeUnder"}
