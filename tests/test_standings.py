"""How a state stands to a treaty and its provisions, day by day, as the rules conclude it.

The histories are invented at random: a signature, consents, denunciations, reservations, a horizon, documents
of a treaty body. A small oracle in Python walks the days one by one, as a registrar would, and knows no rule.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, RdfFormat, Store

from surplace.build.closure import select
from surplace.namespaces import PREFIXES, sparql_prologue
from surplace.rules.rule import Rule
from surplace.rules.running import run_rules
from two_engines import project_rules

FIRST = date(2003, 11, 1)
"""The first day of the invented calendar; a leap day follows within it."""
STANDING = """
SELECT ?standing ?kind ?from ?before WHERE {
    ?standing a ?class ; sur:hasStandingKind ?kind .
    OPTIONAL { ?standing sur:holdsFrom ?from }
    OPTIONAL { ?standing sur:holdsBefore ?before }
}
"""
EMERGENCY = """
exception:emergency sur:isExceptionTo norm:accord ; sur:isLaidDownIn instrument:accord-4 ;
    sur:hasExceptionGround <https://w3id.org/surplace/vocab/exception-ground/public-emergency> .
instrument:accord-4 sur:isPartOf instrument:accord .
"""
NAME = re.compile(
    r"\b(?:instrument|state|source|document|body|signature|consent|denunciation|reservation|derogation"
    r"|exception|norm):[A-Za-z0-9-]+|/source/registry-[01]"
)
"""What a world names, in TriG."""
NUMBER = re.compile(r"(?<=[A-Za-z0-9])x([0-9]+)\b")
"""The number of a world, at the end of each of its names."""
AT_ONCE = 10
"""Histories that the rules are run on at once: it takes hardly longer than for one."""
TIMES = {"PT0S": 0, "P1D": 1, "P30D": 30, "P90D": 90}


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
    addressed: tuple[date, ...]
    """The days on which a treaty body adopts documents that address the state as a party."""
    notice: int | None
    """The days after its receipt on which a denunciation takes effect, or None if no clause says so."""

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
            later = [attested for attested in self.addressed if self.end is None or attested > self.end]
            if later and day <= max(later):
                return "attested" if self.stays or day >= min(later) else "unknown"
            return "continued" if self.released and day < self.released else "unknown"
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

    @property
    def stays(self) -> bool:
        """Whether the state is party when the record ends, without having given notice that it leaves."""
        leaving = any(m.left and self.end and m.left > self.end for m in self.memberships)
        return self.end is not None and self.kind(self.end) == "party" and not leaving

    @property
    def released(self) -> date | None:
        """The first day on which a notice takes effect that the record has, or could that it lacks."""
        if self.end is None or self.kind(self.end) != "party":
            return None
        if not self.stays:
            given = min(m.left for m in self.memberships if m.left and m.left > self.end)
            return None if any(attested > self.end for attested in self.addressed) else given
        return None if self.notice is None else self.end + timedelta(days=1 + self.notice)

    def trig(self) -> str:
        """Write the history as the registries would."""
        facts = [
            f"instrument:accord a sur:Treaty ; sur:enteredIntoForceOn {literal(self.general)} .",
            "state:AAA a sur:State .",
        ]
        if self.delay:
            facts.append(f"instrument:accord sur:entersIntoForceForStateAfter {duration(self.delay)} .")
        if self.notice is not None:
            facts.append(
                "instrument:accord sur:isDenouncedUnder instrument:accord-7 ."
                f" instrument:accord-7 sur:requiresNoticeOf {duration(f'P{self.notice}D')} ."
            )
        for number, horizon in enumerate(self.horizons):
            facts.append(f"source:registry-{number} sur:hasHorizon {literal(horizon)} .")
            facts.append(f"<{passage(number)}> sur:isPassageOf source:registry-{number} .")
        for number, day in enumerate(self.addressed):
            facts.append(
                f"document:d{number} sur:addressesStateParty state:AAA ;"
                " sur:isAdoptedUnder instrument:accord ;"
                f" sur:isAdoptedBy body:accord ; sur:isAdoptedOn {literal(day)} ."
                " body:accord sur:monitors instrument:accord ."
            )
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
        return "\n".join(facts)


def literal(day: date) -> str:
    return f'"{day}"^^xsd:date'


def duration(text: str) -> str:
    kind = "xsd:yearMonthDuration" if text.endswith("M") else "xsd:dayTimeDuration"
    return f'"{text}"^^{kind}'


def passage(number: int) -> str:
    return f"https://w3id.org/surplace/source/registry-{number}/1"


@cache
def rules() -> list[Rule]:
    """Return the rules that conclude standings, and those that they rest on."""
    return [rule for rule in project_rules() if rule.stratum <= 6]


def concluded(trigs: Sequence[str], last: int) -> Store:
    """Load worlds, of which each name gets its world's number, and run the rules up to the stratum *last*."""
    store = Store()
    for number, trig in enumerate(trigs):
        text = sparql_prologue() + trig
        store.load(NAME.sub(rf"\g<0>x{number}", text).encode(), format=RdfFormat.TRIG)
    run_rules(store, [rule for rule in rules() if rule.stratum <= last])
    return store


def standings(store: Store, name: str, worlds: int) -> list[list[tuple[str, date, date]]]:
    """Return, for each of so many worlds, kind, first day and first day after of each standing of a class."""
    found: list[list[tuple[str, date, date]]] = [[] for _ in range(worlds)]
    for row in select(store, sparql_prologue() + STANDING.replace("?class", f"sur:{name}")):
        standing, kind, begins, before = (row[column] for column in ("standing", "kind", "from", "before"))
        assert isinstance(standing, NamedNode)
        assert isinstance(kind, NamedNode)
        first, *others = set(NUMBER.findall(standing.value))
        if not others:  # or it is how the state of one world stands to the treaty of another
            found[int(first)].append(
                (
                    kind.value.rsplit("/", 1)[-1],
                    date.fromisoformat(begins.value) if isinstance(begins, Literal) else date.min,
                    date.fromisoformat(before.value) if isinstance(before, Literal) else date.max,
                )
            )
    return found


gaps = st.integers(0, 30).map(lambda number: timedelta(days=number))


@st.composite
def histories(draw: st.DrawFn) -> History:
    """Draw a history that the checks of the build would let pass.

    Only a party leaves. Whoever comes back deposits when it has left, or so that it is bound again from the
    day on which it leaves, as Trinidad and Tobago was under the Optional Protocol to the ICCPR in 1998.
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
    deposits = [membership.deposit for membership in memberships]
    left = {late: [m.left for m in memberships if m.left and m.late == late] for late in (False, True)}
    first = max([FIRST, *deposits, *left[False], signature or FIRST]) + draw(gaps)
    second = max([FIRST, *left[True]]) + draw(gaps)
    addressed = draw(st.lists(st.integers(-5, 60), max_size=2, unique=True))
    days = tuple(first + timedelta(days=number) for number in addressed)
    notice = draw(st.none() | st.integers(0, 60))
    return History(delay, general, signature, tuple(memberships), named, (first, second), days, notice)


def kinds_by_day(found: list[tuple[str, date, date]]) -> Iterator[tuple[date, list[str]]]:
    """Yield each day on which something may change, and some more, with the kinds of standing on it."""
    turns = {turn for _, *turns in found for turn in turns} - {date.min, date.max}
    for number in range(-2, (max(turns, default=FIRST) - FIRST).days + 3):
        day = FIRST + timedelta(days=number)
        yield day, sorted({kind for kind, begins, before in found if begins <= day < before})


@settings(max_examples=30, deadline=None)
@given(st.lists(histories(), min_size=AT_ONCE, max_size=AT_ONCE))
def test_on_each_day_a_state_stands_to_a_treaty_in_one_way(several: list[History]) -> None:
    store = concluded([history.trig() for history in several], 5)
    for history, found in zip(several, standings(store, "Participation", len(several)), strict=True):
        for day, kinds in kinds_by_day(found):
            assert kinds == [history.kind(day)], (history, day)


FULL = ("binding", "attested", "continued")
"""The ways in which a provision binds that nothing bears on: of them, one standing at most on each day."""
EFFECTS = {"excludes": "excluded", "modifies": "modified", "conditions": "conditioned"}


@dataclass(frozen=True)
class Reservation:
    """A reservation made upon a consent, and the day of its withdrawal, or those between which that was."""

    membership: int
    effect: str
    withdrawn: date | None
    earliest: date | None = None
    latest: date | None = None

    def trig(self, number: int) -> str:
        """Write the reservation as the registry would."""
        text = (
            f"reservation:r{number} a sur:Reservation ; sur:isMadeBy state:AAA ;"
            f" sur:isMadeUpon consent:a{self.membership} ; sur:{self.effect} instrument:accord-3"
        )
        days = {"On": self.withdrawn, "NoEarlierThan": self.earliest, "NoLaterThan": self.latest}
        return (
            text + "".join(f" ; sur:isWithdrawn{k} {literal(day)}" for k, day in days.items() if day) + " ."
        )

    def kind(self, day: date, beyond: bool) -> str | None:
        """Say how the provision stands on a day by this reservation alone, None if it is gone.

        *beyond* tells that the record has ended, and the state is still party.
        """
        end = self.withdrawn or self.latest
        if end and end <= day:
            return None
        if self.withdrawn or (not beyond and not end):
            return EFFECTS[self.effect]
        # what was excluded when the record ended may have been withdrawn since
        if (beyond and self.effect == "excludes") or (end and (self.earliest or date.min) <= day):
            return "unknown"
        return EFFECTS[self.effect]


@dataclass(frozen=True)
class Derogation:
    """A derogation from the provision: its first day, and the first day after it if that is recorded."""

    start: date
    end: date | None

    def trig(self, number: int) -> str:
        """Write the derogation as the registry would."""
        text = (
            f"derogation:d{number} a sur:Derogation ; sur:isDoneBy state:AAA ;"
            f" sur:concernsTreaty instrument:accord ; sur:derogatesFrom instrument:accord-3 ;"
            f" sur:startsOn {literal(self.start)}"
        )
        return text + (f" ; sur:endsOn {literal(self.end)} ." if self.end else " .")

    def kind(self, day: date) -> str | None:
        """Return how the provision stands on a day for this derogation; None where it does not last."""
        lasts = self.start <= day and (self.end is None or day < self.end)
        return ("derogated" if self.end else "unknown") if lasts else None


@st.composite
def derogations(draw: st.DrawFn) -> list[Derogation]:
    """Draw derogations, at most one of which has no end."""
    found = []
    for after, length in draw(st.lists(st.tuples(gaps, st.none() | gaps), max_size=2)):
        start = FIRST + after
        if length is None or length > timedelta():
            found.append(Derogation(start, None if length is None else start + length))
    return found


@st.composite
def reserved(draw: st.DrawFn) -> tuple[History, list[Reservation], bool]:
    """Draw a history, reservations to a provision, and whether the treaty closes it to them."""
    history = draw(histories().filter(lambda history: bool(history.memberships)))
    found = []
    for number, membership in enumerate(history.memberships):
        for effect in draw(st.lists(st.sampled_from(sorted(EFFECTS)), max_size=2, unique=True)):
            after = draw(st.none() | gaps)
            day = None if after is None else membership.deposit + after
            if day and draw(st.booleans()):
                found.append(
                    Reservation(number, effect, None, draw(st.none() | st.just(day)), day + draw(gaps))
                )
            else:
                found.append(Reservation(number, effect, day))
    return history, found, draw(st.booleans())


Provision = tuple[tuple[History, list[Reservation], bool], list[Derogation]]
"""How a state stands to a treaty, what it reserved of a provision, whether that is closed, emergencies."""


def facts_of(provision: Provision) -> str:
    """Write the world of a provision."""
    (history, reservations, closed), emergencies = provision
    facts = [
        EMERGENCY,
        *(derogation.trig(number) for number, derogation in enumerate(emergencies)),
        history.trig(),
        "instrument:accord-3 a sur:Provision ; sur:isPartOf instrument:accord ; sur:imposes norm:accord .",
        "instrument:accord-9 sur:isPartOf instrument:accord .",
        *(f"consent:a{n} sur:coversProvision instrument:accord-3 ." for n in range(len(history.memberships))),
        *(reservation.trig(number) for number, reservation in enumerate(reservations)),
    ]
    if closed:
        facts.append("instrument:accord-3 sur:isClosedToReservationsBy instrument:accord-9 .")
    return "\n".join(facts)


def excluded_by_another(reservation: Reservation, others: list[Reservation], day: date) -> bool:
    """Tell whether another reservation of the same consent excludes all that this one would modify."""
    return reservation.effect != "excludes" and any(
        other.effect == "excludes"
        and other.membership == reservation.membership
        and day < (other.withdrawn or other.latest or date.max)
        for other in others
    )


def bearing_on(provision: Provision, day: date) -> set[str]:
    """Say how the provision stands on a day by the reservations and derogations that bear on it then."""
    (history, reservations, closed), emergencies = provision
    current = [n for n, m in enumerate(history.memberships) if (history.start(m) or date.max) <= day]
    beyond = history.kind(day) in ("attested", "continued")
    found = {
        reservation.kind(day, beyond)
        for reservation in reservations
        if not closed and current[-1:] == [reservation.membership]
        if not excluded_by_another(reservation, reservations, day)
    }
    return {kind for kind in found | {emergency.kind(day) for emergency in emergencies} if kind}


def goes_on(provision: Provision) -> bool:
    """Tell whether nothing bears on the provision from the last day of the record until a notice has effect.

    Then the state is bound as before, unless a treaty body attests it meanwhile.
    """
    (history, *_), _ = provision
    if history.end is None or history.released is None:
        return False
    days = [history.end + timedelta(days=number) for number in range((history.released - history.end).days)]
    attested = any(day > history.end for day in history.addressed)
    return not attested and not any(bearing_on(provision, day) for day in days)


NEXT = FIRST + timedelta(days=31)
"""The day after the end of a record."""
WITHIN = FIRST + timedelta(days=9)
STAYS = History(
    delay="PT0S",
    general=FIRST,
    signature=None,
    memberships=(Membership(FIRST, None, False),),
    named_as_not_party=False,
    horizons=(NEXT - timedelta(days=1), FIRST),
    addressed=(),
    notice=30,
)
"""A party that could not leave for a month after the record; chance seldom draws what ends just with that."""


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(reserved(), derogations()), min_size=AT_ONCE, max_size=AT_ONCE))
@example(
    [
        ((STAYS, [], False), []),
        ((STAYS, [Reservation(0, "excludes", NEXT)], False), []),
        ((STAYS, [Reservation(0, "modifies", None, None, NEXT)], False), []),
        ((STAYS, [], False), [Derogation(FIRST, NEXT)]),
        ((STAYS, [], False), [Derogation(NEXT, NEXT + timedelta(days=1))]),
        ((STAYS, [Reservation(0, "conditions", WITHIN)], False), [Derogation(FIRST, WITHIN)]),
    ]
)
def test_on_each_day_a_provision_binds_a_party_or_is_under_its_reservation_or_a_derogation(
    several: list[Provision],
) -> None:
    store = concluded([facts_of(provision) for provision in several], 6)
    for provision, found in zip(several, standings(store, "ProvisionStanding", len(several)), strict=True):
        (history, *_), _ = provision
        later = "binding" if goes_on(provision) else "continued"
        for day, kinds in kinds_by_day(found):
            kind = history.kind(day)
            bearing = bearing_on(provision, day)
            full = {"party": "binding", "attested": "attested", "continued": later}.get(kind)
            expected = (
                sorted(bearing or {full})
                if full and (kind in ("party", "continued") or history.stays)
                else []
            )
            assert kinds == expected, (provision, day)
            in_full = [kind for kind, begins, before in found if kind in FULL and begins <= day < before]
            assert len(in_full) <= 1, (provision, day)


def months_later(day: date, months: int) -> date:
    """Add months as the calendar does: the last day of a shorter month stands for the days that it lacks."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


some_day = st.dates(date(1946, 1, 1), date(2099, 12, 31)) | st.sampled_from(
    [date(2003, 11, 30), date(2004, 2, 29), date(1999, 12, 1), date(2004, 1, 31), date(2000, 2, 28)]
)
some_time = st.integers(0, 400).map(lambda number: ("D", number)) | st.integers(0, 40).map(
    lambda number: ("M", number)
)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(some_day, some_time, some_day), min_size=1, max_size=60))
def test_a_treaty_enters_into_force_on_the_day_that_the_calendar_gives(
    cases: list[tuple[date, tuple[str, int], date]],
) -> None:
    facts, expected = [], {}
    for number, (deposit, (unit, length), general) in enumerate(cases):
        facts.append(
            f"instrument:t{number} sur:enteredIntoForceOn {literal(general)} ;"
            f" sur:entersIntoForceForStateAfter {duration(f'P{length}{unit}')} .\n"
            f"consent:c{number} a sur:Ratification ; sur:isGivenTo instrument:t{number} ;"
            f" sur:isDepositedOn {literal(deposit)} ."
        )
        later = deposit + timedelta(days=length) if unit == "D" else months_later(deposit, length)
        expected[f"{PREFIXES['consent']}c{number}x0"] = str(max(general, later))
    rows = select(
        concluded(["\n".join(facts)], 1),
        f"{sparql_prologue()}SELECT ?consent ?day WHERE {{ ?consent sur:entersIntoForceOn ?day }}",
    )
    assert {row["consent"].value: row["day"].value for row in rows} == expected
