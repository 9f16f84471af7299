"""How a state stands to a treaty, day by day: the rules leave no day without a standing and none with two.

The histories are invented at random: a signature, consents, denunciations, a record that ends. A small oracle
in Python walks the days one by one, as a registrar would, and knows no rule.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from surplace.build.closure import select
from surplace.namespaces import SUR, sparql_prologue
from surplace.resources import ontology_dir
from surplace.rules.rule import Rule, read_rules
from surplace.rules.running import run_rules

FIRST = date(2003, 11, 1)
"""The first day of the invented calendar; a leap day follows within it."""
STANDING = """
SELECT ?kind ?from ?before WHERE {
    ?standing a sur:Participation ; sur:hasStandingKind ?kind .
    OPTIONAL { ?standing sur:holdsFrom ?from }
    OPTIONAL { ?standing sur:holdsBefore ?before }
}
"""
TIMES = {"PT0S": 0, "P0D": 0, "P1D": 1, "P30D": 30, "P90D": 90}


@dataclass(frozen=True)
class Membership:
    """A consent, and the day on which a denunciation that ends it takes effect."""

    deposit: date
    left: date | None
    late: bool
    """Whether a second registry, whose record ends later, notes the denunciation."""


@dataclass(frozen=True)
class History:
    """What the registries hold of one state and one treaty."""

    delay: str | None
    general: date
    signature: date | None
    memberships: tuple[Membership, ...]
    named_as_not_party: bool
    horizons: tuple[date, date]

    @property
    def end(self) -> date | None:
        """The last day of which a record tells, or None if there is no record."""
        if self.memberships:
            late = any(membership.late for membership in self.memberships)
            return max(self.horizons) if late else self.horizons[0]
        return self.horizons[0] if self.named_as_not_party else None

    def start(self, membership: Membership) -> date | None:
        """The day on which a consent takes effect, if the final clause is recorded."""
        if self.delay is None:
            return None
        return max(self.general, membership.deposit + timedelta(days=TIMES[self.delay]))

    def kind(self, day: date) -> str:
        """Say how the state stands to the treaty on a day."""
        if self.end is None or day > self.end:
            return "unknown"
        kind = "signed-only" if self.signature and self.signature <= day else "not-party"
        for membership in self.memberships:
            start = self.start(membership)
            if start is None:
                kind = "unknown" if membership.deposit <= day else kind
            elif start <= day:
                kind = "party"
            elif membership.deposit <= day and kind != "party":
                kind = "not-yet-in-force"
            if membership.left and membership.left <= day:
                kind = "denounced"
        return kind

    def trig(self) -> str:
        """Write the history as the registries would."""
        facts = [
            f"instrument:accord a sur:Treaty ; sur:enteredIntoForceOn {literal(self.general)} .",
            "state:AAA a sur:State .",
        ]
        if self.delay:
            facts.append(f"instrument:accord sur:entersIntoForceForStateAfter {duration(self.delay)} .")
        for number, horizon in enumerate(self.horizons):
            facts.append(f"source:registry-{number} sur:hasHorizon {literal(horizon)} .")
            facts.append(f"<{passage(number)}> sur:isPassageOf source:registry-{number} .")
        if self.signature:
            facts.append(
                "signature:accord sur:isSignedBy state:AAA ; sur:signs instrument:accord ;"
                f" sur:isSignedOn {literal(self.signature)} ."
            )
        records: dict[int, list[str]] = {0: [], 1: []}
        for number, membership in enumerate(self.memberships):
            facts.append(
                f"consent:a{number} a sur:ConsentToBeBound , sur:Accession ;"
                " sur:isGivenBy state:AAA ; sur:isGivenTo instrument:accord ."
            )
            records[0].append(f"consent:a{number} sur:isDepositedOn {literal(membership.deposit)} .")
            if membership.left:
                facts.append(
                    f"denunciation:d{number} a sur:Denunciation ;"
                    " sur:isDoneBy state:AAA ; sur:concernsTreaty instrument:accord ."
                )
                records[membership.late].append(
                    f"denunciation:d{number} sur:takesEffectOn {literal(membership.left)} ."
                )
        if self.named_as_not_party:
            records[0].append("state:AAA sur:isNotPartyTo instrument:accord .")
        for number, stated in records.items():
            facts += [*stated, f"GRAPH <{passage(number)}> {{ {' '.join(stated)} }}"]
        return sparql_prologue() + "\n".join(facts)


def literal(day: date) -> str:
    return f'"{day}"^^xsd:date'


def duration(text: str) -> str:
    kind = "xsd:yearMonthDuration" if text.endswith("M") else "xsd:dayTimeDuration"
    return f'"{text}"^^{kind}'


def passage(number: int) -> str:
    return f"https://w3id.org/surplace/source/registry-{number}/1"


@cache
def early_rules() -> list[Rule]:
    """Return the rules of the first two strata."""
    return [rule for rule in read_rules(ontology_dir() / "rules") if rule.stratum <= 2]


def concluded(trig: str) -> Store:
    """Load a world and run the rules of the first two strata on it."""
    store = Store()
    store.load(trig.encode(), format=RdfFormat.TRIG)
    run_rules(store, early_rules())
    return store


def standings(store: Store) -> Iterator[tuple[str, date, date]]:
    """Yield kind, first day and first day after of each participation."""
    for row in select(store, sparql_prologue() + STANDING):
        kind, begins, before = (row[name] for name in ("kind", "from", "before"))
        assert isinstance(kind, NamedNode)
        yield (
            kind.value.rsplit("/", 1)[-1],
            date.fromisoformat(begins.value) if isinstance(begins, Literal) else date.min,
            date.fromisoformat(before.value) if isinstance(before, Literal) else date.max,
        )


gaps = st.integers(0, 30).map(lambda number: timedelta(days=number))


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Draw a history that the checks of the build would let pass.

    Only a party leaves. Whoever comes back deposits when it has left, or so that it is bound again from the day
    on which it leaves, as Trinidad and Tobago was under the Optional Protocol to the ICCPR in 1998.
    """
    delay = draw(st.sampled_from([*TIMES, None]))
    general = FIRST + draw(gaps)
    memberships: list[Membership] = []
    cursor = FIRST
    for _ in range(draw(st.integers(0, 3))):
        deposit = cursor + draw(gaps)
        if memberships and delay and draw(st.booleans()):
            deposit = cursor - timedelta(days=draw(st.integers(0, min(TIMES[delay], 40))))
        start = deposit if delay is None else max(general, deposit + timedelta(days=TIMES[delay]))
        leaves = draw(st.booleans())
        cursor = start + timedelta(days=1) + draw(gaps)
        memberships.append(Membership(deposit, cursor if leaves else None, leaves and draw(st.booleans())))
        if not leaves:
            break
    signature = draw(st.none() | gaps.map(lambda gap: FIRST + gap))
    named = draw(st.booleans()) and not (memberships and memberships[-1].left is None)
    known = [FIRST, *(m.deposit for m in memberships), *(m.left for m in memberships if m.left and not m.late)]
    first = max(known if signature is None else [*known, signature]) + draw(gaps)
    second = max([FIRST, *(m.left for m in memberships if m.left and m.late)]) + draw(gaps)
    return History(delay, general, signature, tuple(memberships), named, (first, second))


@settings(max_examples=400, deadline=None)
@given(histories())
def test_on_each_day_a_state_stands_to_a_treaty_in_one_way(history: History) -> None:
    found = list(standings(concluded(history.trig())))
    turns = {turn for _, *turns in found for turn in turns} - {date.min, date.max}
    for number in range(-2, (max(turns, default=FIRST) - FIRST).days + 3):
        day = FIRST + timedelta(days=number)
        kinds = {kind for kind, begins, before in found if begins <= day < before}
        assert kinds == {history.kind(day)}, day
