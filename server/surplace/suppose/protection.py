"""Which norms protect a described person where it stays, on a day: what leads to them, how the state stands.

The rules of the release decide how a state stands to a provision; here that is read for one day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Store

from surplace.errors import SurplaceError
from surplace.namespaces import ID
from surplace.suppose.changes import horizon_of
from surplace.suppose.clauses import Clause
from surplace.suppose.dataset import rows
from surplace.suppose.description import PERSON, PersonDescription
from surplace.suppose.grounds import Ground
from surplace.suppose.standing import Standing, best, labels_of, standings

PROTECTS, MAY, IN_PART = "protects", "may protect", "protects as the reservation leaves it"
RESERVED, NOT_BOUND, UNKNOWN = "reserved", "does not bind", "standing unknown"
NO_STATE, EXCEPTION, EXCLUDED, NOT_REACHED = (
    "no state given",
    "exception",
    "excluded",
    "does not reach the person",
)
RESULTS: Final = (
    PROTECTS,
    IN_PART,
    MAY,
    EXCEPTION,
    EXCLUDED,
    RESERVED,
    UNKNOWN,
    NOT_BOUND,
    NO_STATE,
    NOT_REACHED,
)
"""What may be said of a norm, in the order in which the answer gives them."""
_STANDS: Final = {
    "binding": PROTECTS,
    "modified": IN_PART,
    "conditioned": IN_PART,
    "excluded": RESERVED,
    "not-party": NOT_BOUND,
    "signed-only": NOT_BOUND,
    "not-yet-in-force": NOT_BOUND,
    "denounced": NOT_BOUND,
    "": NO_STATE,
}
_LEADS = """
SELECT DISTINCT ?norm ?label ?provision ?provisionLabel ?cause ?causeLabel ?kind ?removal ?terms WHERE {
    {
        SELECT ?norm ?cause ?kind WHERE {
            {
                ?cause a sur:ProtectionGround ; sur:hasLegalBasis/sur:imposes ?norm .
                ?norm a sur:Prohibition .
            }
            UNION
            {
                ?definition sur:defines ?defined ; (sur:isPartOf?) ?basis .
                ?cause sur:hasLegalBasis ?basis ; a sur:ProtectionGround .
                FILTER(?basis = ?definition || EXISTS { ?basis a sur:LegalInstrument . })
                ?defined skos:broader* ?category .
                FILTER(?category != person-category:anyone)
                ?norm sur:protects ?category ; a sur:Prohibition .
            }
            BIND("ground" AS ?kind)
        }
    }
    UNION
    {
        <%(person)s> sur:isMarkedBy|sur:hasMotive ?told .
        ?told skos:broader* ?cause .
        VALUES (?by ?kind) { (sur:isBroughtIntoPlayBy "stay") (sur:isOwedAtHomeFor "home") }
        ?norm ?by ?cause .
    }
    ?norm skos:prefLabel ?label .
    ?provision sur:imposes ?norm ; skos:prefLabel ?provisionLabel .
    ?cause skos:prefLabel ?causeLabel .
    OPTIONAL { ?norm sur:concernsAction/skos:broader* action:removal . BIND(true AS ?sends) }
    OPTIONAL { ?norm sur:appliesIf ?terms . }
    BIND(COALESCE(?sends, false) AS ?removal)
} ORDER BY DESC(?removal) ?label ?causeLabel
"""
_CATEGORIES = """
SELECT DISTINCT ?norm ?ground ?label ?held WHERE {
    ?norm sur:protects ?category . ?category skos:prefLabel ?label .
    OPTIONAL {
        ?ground a sur:ProtectionGround ; sur:hasLegalBasis ?treaty . ?treaty a sur:LegalInstrument .
        ?definition sur:isPartOf ?treaty ; sur:defines ?defined . ?category skos:broader* ?defined .
        FILTER(?defined != person-category:anyone)
    }
    OPTIONAL { <%(person)s> sur:fallsUnder/skos:broader* ?category . BIND(true AS ?fits) }
    BIND(COALESCE(?fits, ?category = person-category:anyone) AS ?held)
}
"""


@dataclass(frozen=True)
class ProtectiveNorm:
    """A norm to which grounds or circumstances lead, what it does for the person, and why.

    *result* is one of RESULTS; *state* is the one that would owe it; *because* are the grounds, with their
    results, and the circumstances that lead to it; *conditions* are what else must hold; *withheld* are the
    clauses that are engaged against it; *standings* say how the state stands to it, one for each treaty.
    """

    iri: str
    label: str
    provision: str
    state: str
    result: str
    because: tuple[str, ...]
    conditions: tuple[str, ...]
    withheld: tuple[str, ...]
    standings: tuple[Standing, ...]


@dataclass(frozen=True)
class Protection:
    """The norms for a person, the state of stay by its label, the day, and what leads to which norm."""

    stay: str
    day: str
    norms: tuple[ProtectiveNorm, ...]
    leads: Mapping[str, frozenset[str]]
    """The IRIs of norms by those of the grounds and circumstances that lead to them."""
    grounds: tuple[str, ...]

    def of_ground(self, ground: str) -> tuple[str, ...]:
        """Say of each norm to which a ground leads what it does."""
        led = self.leads.get(ground, frozenset())
        return tuple(f"{norm.label}: {norm.result}" for norm in self.norms if norm.iri in led)

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
    store: Store,
    recorded: Store,
    given: PersonDescription,
    grounds: Sequence[Ground],
    clauses: Sequence[Clause],
) -> Protection:
    """Return the norms that protect the person where it stays, and why others do not.

    *store* holds what is concluded of the person, *recorded* the release with the standings of states.
    """
    day = given.day or _end_of(recorded)
    led: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in rows(store, _LEADS % {"person": PERSON}):
        led.setdefault((row["norm"], "home" if row["kind"] == "home" else "stay"), []).append(row)
    names = labels_of(recorded, [state for state in (given.stay, given.home) if state])
    stands = {
        where: standings(recorded, f"{ID}state/{state}", day, sorted({n for n, w in led if w == where}))
        for where, state in (("stay", given.stay), ("home", given.home))
        if day and state and any(w == where for _, w in led)
    }
    categories: dict[str, list[dict[str, str]]] = {}
    for row in rows(store, _CATEGORIES % {"person": PERSON}):
        categories.setdefault(row["norm"], []).append(row)
    engaged = [clause for clause in clauses if clause.engaged]
    found = []
    leads: dict[str, set[str]] = {}
    for (iri, where), part in led.items():
        for row in part:
            leads.setdefault(row["cause"], set()).add(iri)
        state = given.home if where == "home" else given.stay
        own = tuple(stands.get(where, {}).get(iri, ()))
        reach = _reach(part, grounds, categories.get(iri, ()))
        withheld = tuple(clause.label for clause in engaged if iri in clause.norms)
        result = EXCEPTION if withheld else reach.result
        terms = tuple(dict.fromkeys(row["terms"] for row in part if "terms" in row))
        if terms and result == PROTECTS and part[0]["removal"] == "false":
            result = (
                MAY  # the terms on which people are sent away are those of the grounds; others are not told
            )
        stand = _STANDS.get(best(own), UNKNOWN) if state else NO_STATE
        if result in (PROTECTS, MAY) and (stand != PROTECTS):
            result = stand if (stand != IN_PART or result == PROTECTS) else MAY
        elif result in (EXCEPTION, EXCLUDED) and stand not in (PROTECTS, IN_PART):
            result = stand
        if result == EXCLUDED:
            withheld = reach.clauses(engaged)
        found.append(
            ProtectiveNorm(
                iri=iri,
                label=part[0]["label"],
                provision=part[0]["provisionLabel"],
                state=names.get(state, ""),
                result=result,
                because=reach.because,
                conditions=(*reach.conditions, *terms),
                withheld=withheld,
                standings=own,
            )
        )
    found.sort(key=lambda norm: RESULTS.index(norm.result))
    return Protection(
        names.get(given.stay, ""),
        day,
        tuple(found),
        {cause: frozenset(norms) for cause, norms in leads.items()},
        tuple(ground.iri for ground in grounds),
    )


@dataclass(frozen=True)
class _Reach:
    """Whether a norm reaches the person, and through what."""

    result: str
    because: tuple[str, ...]
    conditions: tuple[str, ...]
    grounds: tuple[str, ...]

    def clauses(self, engaged: Sequence[Clause]) -> tuple[str, ...]:
        """Return the clauses by which the grounds are excluded."""
        return tuple(clause.label for clause in engaged if set(self.grounds) & set(clause.grounds))


_GROUNDS: Final = (("supported", PROTECTS), ("excluded", EXCLUDED), ("open", MAY))


def _reach(
    causes: Sequence[Mapping[str, str]],
    grounds: Sequence[Ground],
    categories: Sequence[Mapping[str, str]],
) -> _Reach:
    """Tell whether a norm reaches the person: by a ground, else by a category that is given."""
    by_ground = {row["cause"] for row in causes if row["kind"] == "ground"}
    by_ground |= {row["ground"] for row in categories if "ground" in row}
    leading = [ground for ground in grounds if ground.iri in by_ground]
    told = [row["causeLabel"] for row in causes if row["kind"] != "ground"]
    because = tuple(dict.fromkeys([*(f"{ground.label} ({ground.result})" for ground in leading), *told]))
    conditions: tuple[str, ...] = ()
    if leading:
        results = {ground.result for ground in leading}
        result = next((result for name, result in _GROUNDS if name in results), NOT_REACHED)
    elif any(row["held"] == "true" for row in categories):
        result = PROTECTS
    else:
        result = MAY
        labels = dict.fromkeys(row["label"] for row in categories)
        conditions = (f"the person is a {' or '.join(labels)}",) if labels else ()
    return _Reach(result, because, conditions, tuple(ground.iri for ground in leading))


def _end_of(recorded: Store) -> str:
    """Return the last day of the record, or nothing."""
    try:
        return horizon_of(recorded).isoformat()
    except SurplaceError:
        return ""
