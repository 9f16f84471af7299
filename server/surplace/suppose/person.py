"""A person whose circumstances somebody describes: which grounds may apply, what protects, and why.

Nothing about the person is kept: the description is a supposition, in memory, and gone with the answer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from pyoxigraph import Quad, Store

from surplace.build.closure import Closure
from surplace.build.findings import conclude
from surplace.build.sources import graph_of
from surplace.engine.release import Release
from surplace.namespaces import ALIGNMENTS, CATALOGUE, DESCRIPTION, PROVENANCE, SHAPES, SOURCE, SUR
from surplace.parallel import uncollected
from surplace.rules.rule import Rule, rules_of
from surplace.rules.strata import leading_to
from surplace.suppose.clauses import Clause, clauses
from surplace.suppose.contradictions import contradicted, contradictions
from surplace.suppose.dataset import closed, given
from surplace.suppose.description import PersonDescription, circumstances, facts
from surplace.suppose.evidence import later_evidence
from surplace.suppose.grounds import OPEN, Ground, grounds
from surplace.suppose.lacking import lacking
from surplace.suppose.missing import MissingFact, missing_facts
from surplace.suppose.on_record import on_record
from surplace.suppose.protection import Protection, ProtectiveNorm, protection
from surplace.suppose.reach import HOLDING
from surplace.suppose.record import end_of, record_for
from surplace.suppose.standing import TreatyCaveat, staking
from surplace.suppose.summary import summary
from surplace.suppose.territory import Territory, territory
from surplace.suppose.used import Fact, unused, used
from surplace.suppose.ways import Harm, harms, ways_of

_ANSWERED: Final = frozenset(
    SUR + name
    for name in (
        *("GroundAssessment", "ElementAssessment", "EngagedClause", "EngagedAlternative"),
        *("fallsUnder", "countsAs", "imposes"),
    )
)
"""What is read of what the rules conclude; whose conduct conflicts with what matters to no person."""


@dataclass(frozen=True)
class Assessment:
    """The grounds, norms, clauses and harms of a person who is described, and the use made of each fact.

    *sentence* says whether the person may be sent back and on what that hangs, *on_record* which harm on
    return is on record of people in the same position, if any, and *besides* what else is to be said; *day*
    is the day that the standings are those of: as described, or the last of the record. *answering* is the
    state that answered for the place of stay on that day, the state of stay or another, or empty where that
    is not recorded. *caveats* are those on whole treaties, said once for all their norms. From a description
    that is *contradictory* anything would follow: nothing is concluded, and all is empty that would be.
    """

    sentence: str
    on_record: str
    besides: tuple[str, ...]
    stay: str
    territory: str
    answering: str
    day: str
    grounds: tuple[Ground, ...]
    protection: tuple[ProtectiveNorm, ...]
    caveats: tuple[TreatyCaveat, ...]
    clauses: tuple[Clause, ...]
    harms: tuple[Harm, ...]
    missing_facts: tuple[MissingFact, ...]
    facts: tuple[Fact, ...]
    contradictions: tuple[str, ...]
    contradictory: bool


@uncollected()
def assess(release: Release, described: PersonDescription) -> Assessment:
    """Return which grounds may apply to the person, supported ones first, and what follows from them.

    Raises SurplaceError for an unknown circumstance or state, a day that is none, and for a circumstance that
    is described as given and as not given.
    """
    return assessed(*known_of(release), Store.read_only(str(release.store)), described)


def known_of(release: Release) -> tuple[Closure, list[Rule]]:
    """Return what is known before a person is described, and the rules that conclude something of persons."""
    asserted = given(release)
    closure = closed(asserted, left_out=_is_aside)
    rules = rules_of(closure.store, asserted.shapes)
    return closure, leading_to(rules, _ANSWERED, closure.implied())


def assessed(
    known: Closure, rules: Sequence[Rule], recorded: Store, described: PersonDescription
) -> Assessment:
    """Do what `assess` does with a release that was read: *known* takes in what is described."""
    named = circumstances(recorded)
    end = end_of(recorded)
    there = territory(recorded, described.stay, described.territory, end) if described.territory else None
    elsewhere = there is not None and not there.is_of_the_state(described.day or end)
    # who is where another state answers is not at home, nor known to be away from home
    at_home = described.stay in (described.home, *described.nationality)
    placed = replace(described, stay="") if elsewhere and at_home else described
    known.add(list(facts(placed, named, recorded)))
    conclude(known, rules)
    store = known.store
    ways = ways_of(store, described, named)
    found = grounds(store, ways)
    withheld = clauses(store)
    record = record_for(store, recorded, described, end, there)
    norms = protection(record, found, withheld)

    dangers = staking(store)

    @cache  # most facts that are not given would leave the grounds as they are, or change the same ones
    def changed(
        grounds: tuple[Ground, ...], fits: frozenset[str], fails: frozenset[str], danger: str
    ) -> Protection:
        known_then = record_for(store, recorded, described, end, there, danger) if danger else record
        return protection(known_then, grounds, withheld, fits, fails)

    def supposed(
        grounds: tuple[Ground, ...], fits: frozenset[str], fails: frozenset[str], fact: str
    ) -> Protection:
        return changed(grounds, fits, fails, fact if fact in dangers else "")

    wrong = contradictions(store, [named[key].iri for key in described.no])
    if wrong.impossible:
        return Assessment(
            sentence=contradicted(wrong).sentence,
            on_record="",
            besides=(),
            **_place(norms, there, elsewhere),
            grounds=(),
            protection=(),
            caveats=(),
            clauses=(),
            harms=(),
            missing_facts=(),
            facts=unused(used(store, described, named, ways, withheld, norms)),
            contradictions=(*wrong.impossible, *wrong.open),
            contradictory=True,
        )
    asked = missing_facts(store, named, found, ways, withheld, norms, supposed)
    norms = lacking(norms, found, asked)
    later = later_evidence(store, recorded, described.day)
    held = tuple(replace(clause, spares=norms.spared_by(clause)) for clause in withheld if clause.engaged)
    said = summary(norms, held)
    return Assessment(
        sentence=said.sentence,
        on_record=on_record(ways, {item.label: item.says for item in named.values()}),
        besides=(*said.besides, *_open_questions(found, norms)),
        **_place(norms, there, elsewhere),
        grounds=tuple(
            replace(
                ground,
                protection=norms.of_ground(ground.iri),
                caveats=(*ground.caveats, *later.get(ground.iri, ())),
            )
            for ground in found
        ),
        protection=norms.norms,
        caveats=norms.caveats,
        clauses=held,
        harms=harms(ways),
        missing_facts=asked,
        facts=used(store, described, named, ways, withheld, norms),
        contradictions=wrong.open,
        contradictory=False,
    )


def _place(norms: Protection, there: Territory | None, elsewhere: bool) -> dict[str, str]:
    """Return where the person stays, which state answered for the place, and the day, for an assessment."""
    return {
        "stay": norms.stay,
        "territory": there.label if there else "",
        "answering": there.another(norms.day) if there and elsewhere else norms.stay,
        "day": norms.day,
    }


def _open_questions(grounds: Sequence[Ground], norms: Protection) -> tuple[str, ...]:
    """Return what is open about the definition on which a norm rests that bars return."""
    barring = {
        iri
        for norm in norms.norms
        if norm.back and norm.state == norms.stay and norm.result in HOLDING and not norm.hangs
        for iri in norm.grounds
    }
    told = [text for ground in grounds if ground.iri in barring for text in ground.caveats]
    return tuple(dict.fromkeys(text for text in told if text.startswith(OPEN)))


def _is_aside(quad: Quad) -> bool:
    """Tell whether a statement is about the release or a passage: nothing follows from it for a person."""
    graph = graph_of(quad)
    about_a_passage = graph == PROVENANCE and str(getattr(quad.subject, "value", "")).startswith(SOURCE)
    return about_a_passage or graph in (ALIGNMENTS, CATALOGUE, DESCRIPTION, SHAPES)
