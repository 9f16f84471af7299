"""Which norms protect a described person where it stays, on a day: what leads to them, how the state stands.

The rules of the release decide how a state stands to a provision; here that is read for one day.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from surplace.suppose.clauses import Clause
from surplace.suppose.grounds import Ground
from surplace.suppose.leads import (
    HOME,
    STAY,
    has_other_terms,
    in_plain_words,
    is_foremost,
    is_on_journey,
    is_read_later,
    readers,
    readings,
    terms_of,
)
from surplace.suppose.reach import (
    AS_RESERVED,
    EXCEPTION,
    EXCLUDED,
    HOLDING,
    IN_PART,
    MAY,
    MAY_IN_PART,
    NO_STATE,
    NOT_BOUND,
    NOT_REACHED,
    PERHAPS,
    PROTECTS,
    RESERVED,
    RESULTS,
    UNKNOWN,
    as_supposed,
    reach,
)
from surplace.suppose.record import Record
from surplace.suppose.standing import Standing, TreatyCaveat, best, reasons
from surplace.suppose.territory import DECLARED, NOT_THERE, OF_ANOTHER, Territory
from surplace.words.english import a, joined, plural

_STANDS: Final = {
    "binding": PROTECTS,
    "attested": PROTECTS,
    "continued": PROTECTS,
    DECLARED: PROTECTS,
    **dict.fromkeys(AS_RESERVED, IN_PART),
    "derogated": MAY,  # it binds but for measures that the emergency strictly required
    "excluded": RESERVED,
    "not-adopted": NOT_BOUND,
    "not-party": NOT_BOUND,
    "signed-only": NOT_BOUND,
    "not-yet-in-force": NOT_BOUND,
    "denounced": NOT_BOUND,
    NOT_THERE: NOT_BOUND,
    OF_ANOTHER: NOT_BOUND,
}


@dataclass(frozen=True)
class ProtectiveNorm:
    """A norm to which grounds or circumstances lead, what it does for the person, and why.

    *words* say plainly what it lays down for the person. *result* is one of RESULTS; *state* is the one that
    would owe it; *because* are the grounds, with their results, and the circumstances that lead to it;
    *conditions* are what else must hold; *withheld* are the clauses that are engaged against it; *standings*
    say how the state stands to it, one for each treaty. *readings* say which body reads it into the
    provision, where its words do not have it. A norm on the *journey* is about being sent away or having
    come, and *back* tells that it is about return. One that is not *foremost* is about neither journey nor
    circumstances: it goes with the status that a ground leads to. *grounds* are the IRIs of those by which it
    reaches the person. One that *hangs* does so on facts that are not given; what it *lacks* says on which,
    after “if”, and it is *near* if one fact is enough, and *sure* if it would then protect. *readers* are the
    bodies of its readings. One that *is_unraised* hangs on who the person is, of which nothing given speaks.
    """

    iri: str
    label: str
    words: str
    provision: str
    state: str
    result: str
    because: tuple[str, ...]
    conditions: tuple[str, ...]
    withheld: tuple[str, ...]
    standings: tuple[Standing, ...]
    readings: tuple[str, ...]
    foremost: bool
    journey: bool
    back: bool
    treaty: str
    whose: str
    grounds: tuple[str, ...]
    hangs: bool
    lacks: str = ""
    near: bool = False
    sure: bool = False
    readers: tuple[str, ...] = ()
    is_unraised: bool = False
    custom: str = ""
    """What is said of custom, which may bind without the treaty, where a foremost norm does not."""
    why: tuple[str, ...] = ()
    """Why the state stands to it as it does; where that differs by the treaty, through which."""
    is_held_custom: bool = False
    """Whether anybody holds such a norm to be custom."""
    unless: str = ""
    """What withholds the norm if it is given too: the rest of what an exception requires, as a clause."""

    @property
    def is_past_reach(self) -> bool:
        """Whether the norm does not reach the person, whoever is bound."""
        return self.result == NOT_REACHED


@dataclass(frozen=True)
class Protection:
    """The norms for a person, the state of stay by its label, the day, and what leads to which norm."""

    stay: str
    day: str
    norms: tuple[ProtectiveNorm, ...]
    leads: Mapping[str, frozenset[str]]
    """The IRIs of norms by those of the grounds and facts that lead to them, or decide whom they reach."""
    grounds: tuple[str, ...]
    at_home: bool = False
    """Whether the state of stay is the country of origin."""
    apart: tuple[str, ...] = ()
    """The territories of the state of stay for which treaties are declared apart."""
    territory: Territory | None = None
    """The territory of the state of stay in which the person is, if it is one with treaties of its own."""
    caveats: tuple[TreatyCaveat, ...] = ()
    """Those on how a state stands to whole treaties; the norms do not repeat them."""

    def of_ground(self, ground: str) -> tuple[str, ...]:
        """Say of the foremost norms to which a ground leads what they do, and how many others there are."""
        led = [norm for norm in self.norms if norm.iri in self.leads.get(ground, ())]
        others: dict[str, list[ProtectiveNorm]] = {}
        for norm in led:
            if not norm.foremost:
                others.setdefault(norm.treaty, []).append(norm)
        return (
            *(f"{norm.label}: {norm.result}" for norm in led if norm.foremost),
            *(rest_of(treaty, norms) for treaty, norms in others.items()),
        )

    def is_led_to(self, clause: Clause) -> bool:
        """Tell whether a clause bears on what is looked at: any does but an exception to other norms."""
        return not clause.norms or any(norm.iri in clause.norms for norm in self.norms)

    def spared_by(self, clause: Clause) -> tuple[str, ...]:
        """Return the norms to which grounds lead and that a clause leaves untouched."""
        led = {norm for cause in self.grounds for norm in self.leads.get(cause, ())}
        return tuple(
            f"{norm.label}: {norm.result}"
            for norm in self.norms
            if norm.iri in led
            and clause.label not in norm.withheld
            and norm.result not in (EXCEPTION, EXCLUDED, NOT_REACHED)
        )


def protection(
    record: Record,
    grounds: Sequence[Ground],
    clauses: Sequence[Clause],
    fits: Collection[str] = (),
    fails: Collection[str] = (),
) -> Protection:
    """Return the norms that protect the person where it stays, and why others do not.

    *fits* and *fails* are categories under which the person is supposed to fall, or not to.
    """
    engaged = [clause for clause in clauses if clause.engaged]
    in_question = [clause for clause in clauses if clause.in_question]
    found = []
    causes: dict[str, set[str]] = {}
    for (iri, where), part in record.led.items():
        for row in part:
            causes.setdefault(row["cause"], set()).add(iri)
        own = tuple(record.stands.get(where, {}).get(iri, ()))
        fitting = as_supposed(record.reached.get(iri, ()), fits, fails)
        reached = reach(part, grounds, fitting)
        if not reached.grounds:
            for row in fitting:
                if "fact" in row:
                    causes.setdefault(row["fact"], set()).add(iri)
        # who has no status, or is not meant, needs no exception
        excepted = engaged if reached.result in HOLDING else ()
        withheld = tuple(clause.label for clause in excepted if iri in clause.norms)
        terms = terms_of(part)
        result = EXCEPTION if withheld else reached.result
        if result == PROTECTS and (has_other_terms(part) or is_read_later(part, record.day)):
            result = MAY
        result = owed(result, best(own) if record.states[where] else NO_STATE)
        unbound = result in (NOT_BOUND, RESERVED, UNKNOWN) and is_foremost(part)
        custom, held = record.custom.get(iri, ("", False)) if unbound else ("", False)
        found.append(
            ProtectiveNorm(
                iri=iri,
                label=part[0]["label"],
                words=in_plain_words(part),
                provision=part[0]["provisionLabel"],
                state=record.names.get(record.states[where], ""),
                result=result,
                because=reached.because,
                conditions=(*reached.conditions, *terms, *_spared(iri, in_question)),
                withheld=reached.clauses(engaged) if result == EXCLUDED else withheld,
                standings=own,
                readings=readings(part, record.day),
                readers=readers(part),
                foremost=is_foremost(part),
                journey=is_on_journey(part),
                back=part[0]["back"] == "true",
                treaty=part[0].get("treatyLabel", ""),
                whose=next((row["whose"] for row in part if "whose" in row), ""),
                grounds=reached.grounds,
                hangs=not withheld and reached.result == MAY,
                why=reasons(own),
                custom=custom,
                is_held_custom=held,
                unless=_unless(iri, in_question) if result in HOLDING else "",
            )
        )
    found.sort(key=order)
    return Protection(
        record.names.get(record.states[STAY], ""),
        record.day,
        tuple(found),
        {cause: frozenset(norms) for cause, norms in causes.items()},
        tuple(ground.iri for ground in grounds),
        at_home=bool(record.states[STAY]) and record.states[STAY] == record.states[HOME],
        apart=record.apart,
        territory=record.territory,
        caveats=record.caveats,
    )


def _spared(norm: str, clauses: Sequence[Clause]) -> tuple[str, ...]:
    """Say what must not be given lest a clause that is in question withhold the norm."""
    return tuple(
        f"not given: {joined(clause.wanting)}, by which it would be withheld ({clause.label})"
        for clause in clauses
        if norm in clause.norms
    )


def _unless(norm: str, clauses: Sequence[Clause]) -> str:
    """Say with what more the norm would be withheld, by exceptions of which a part is given."""
    lacks = [joined(clause.lacks) for clause in clauses if clause.half_given and norm in clause.norms]
    return f"the person {joined(lacks, word='or')}" if lacks else ""


def order(norm: ProtectiveNorm) -> tuple[bool, int, bool, bool, bool]:
    """Sort norms: the foremost first, by what they do; what may protect if facts are given comes last."""
    hangs = norm.result in PERHAPS and norm.hangs
    far = bool(norm.lacks) and not norm.near
    return (not norm.foremost, RESULTS.index(norm.result), hangs, norm.is_unraised, far)


def owed(result: str, kind: str) -> str:
    """Say what a norm does that would do *result* if it bound, given how the state stands to it."""
    stand = kind if kind == NO_STATE else _STANDS.get(kind, UNKNOWN)
    if result in (PROTECTS, MAY) and stand != PROTECTS:
        return MAY_IN_PART if stand == IN_PART and result == MAY else stand
    if result in (EXCEPTION, EXCLUDED) and stand not in HOLDING:
        return stand
    return result


def rest_of(treaty: str, norms: Sequence[ProtectiveNorm]) -> str:
    """Name the norms of a treaty that are not foremost, by their number and by whose they are."""
    provisions = f"{len(norms)} other {plural('provision', len(norms))}"
    whose = next((norm.whose for norm in norms if norm.whose), "")
    return f"and {provisions} of the {treaty}{f', for whoever is {a(whose)}' if whose else ''}"
