"""How a state stands on a day to the provisions that lay down norms, as the rules concluded."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Store

from surplace.namespaces import ID, last_segment
from surplace.suppose.dataset import rows
from surplace.suppose.description import PERSON
from surplace.words.english import joined

_STANDINGS = """
SELECT DISTINCT ?norm ?through ?throughLabel ?kind ?reason ?caveat WHERE {
    {
        SELECT DISTINCT ?norm ?provision ?through WHERE {
            VALUES ?norm { %(norms)s }
            ?provision sur:imposes ?norm .
            { ?provision sur:isPartOf ?through . }
            UNION
            { ?clause sur:incorporates ?provision ; sur:isPartOf ?through . }
            UNION
            { ?provision sur:isPartOf ?whole . ?clause sur:incorporates ?whole ; sur:isPartOf ?through . }
            ?through a sur:Treaty .
        }
    }
    ?participation a sur:Participation ;
        sur:isStandingOf <%(state)s> ;
        sur:isStandingTo ?through ;
        sur:impliesStandingKind ?implied ;
        sur:givesReason ?generally .
    OPTIONAL { ?participation sur:holdsFrom ?from . }
    OPTIONAL { ?participation sur:holdsBefore ?before . }
    FILTER(COALESCE(STR(?from) <= "%(day)s", true) && COALESCE("%(day)s" < STR(?before), true))
    OPTIONAL {
        ?special a sur:ProvisionStanding ;
            sur:isStandingOf <%(state)s> ;
            sur:isStandingTo ?provision ;
            sur:runsThrough ?through ;
            sur:hasStandingKind ?specialKind ;
            sur:givesReason ?specially ;
            sur:holdsFrom ?specialFrom ;
            sur:holdsBefore ?specialBefore .
        FILTER(STR(?specialFrom) <= "%(day)s" && "%(day)s" < STR(?specialBefore))
        OPTIONAL { ?special sur:hasCaveat ?caveat . }
    }
    ?through skos:prefLabel ?throughLabel .
    OPTIONAL { ?through sur:isAdoptedOn ?adopted . FILTER("%(day)s" < STR(?adopted)) }
    BIND(COALESCE(
        IF(BOUND(?adopted), "not-adopted", ?none),
        STR(?specialKind),
        STR(?implied)) AS ?kind)
    BIND(COALESCE(
        CONCAT("There was no such treaty yet: it was adopted on ", STR(?adopted), "."),
        ?specially, ?generally) AS ?reason)
} ORDER BY ?norm ?throughLabel ?caveat
"""
_OF_A_GROUND: Final = """
    ?ground sur:hasLegalBasis ?provision .
    ?provision sur:imposes ?norm .
    ?within sur:isPartOf* ?provision ; sur:imposes ?part .
"""
_AT_STAKE: Final = f"""
SELECT DISTINCT ?norm ?part WHERE {{
    ?met a sur:MetElement ;
        sur:isAssessedFor <%s> ;
        sur:assessesElement/sur:isElementOf ?ground ;
        sur:hasEvidence/sur:putsAtStake ?part . {_OF_A_GROUND}
}}
"""
_IF_GIVEN: Final = f"""
SELECT DISTINCT ?norm ?part WHERE {{
    <%s> sur:putsAtStake ?part . {_OF_A_GROUND}
}}
"""
_STAKING: Final = "SELECT DISTINCT ?fact WHERE { ?fact sur:putsAtStake ?part }"
_WHOLE: Final = """
SELECT DISTINCT ?throughLabel ?caveat WHERE {
    ?participation a sur:Participation ;
        sur:isStandingOf <%(state)s> ;
        sur:isStandingTo ?through ;
        sur:hasCaveat ?caveat .
    OPTIONAL { ?participation sur:holdsFrom ?from . }
    OPTIONAL { ?participation sur:holdsBefore ?before . }
    FILTER(COALESCE(STR(?from) <= "%(day)s", true) && COALESCE("%(day)s" < STR(?before), true))
    ?through skos:prefLabel ?throughLabel .
} ORDER BY ?throughLabel ?caveat
"""
_CUSTOM: Final = """
SELECT ?norm ?text ?held WHERE {
    VALUES ?norm { %s }
    ?norm sur:hasCustomBeside ?text .
    BIND(EXISTS { GRAPH ?claim { ?norm sur:reflects ?custom } } AS ?held)
}
"""
_BEST: Final = (
    "binding",
    "attested",
    "continued",
    "declared-there",
    "modified",
    "conditioned",
    "derogated",
    "excluded",
)

LIMITED: Final = ("modified", "conditioned", "excluded")
"""The kinds of a standing that a reservation limits."""


@dataclass(frozen=True)
class Standing:
    """How a state stands to a norm through a treaty: the kind by its key, the reason, and what limits it.

    On a day before the treaty was adopted the kind is `not-adopted`: nobody could be party.
    """

    treaty: str
    kind: str
    reason: str
    caveats: tuple[str, ...]

    def without(self, caveats: Collection[str]) -> Standing:
        """Return the standing without some caveats."""
        return replace(self, caveats=tuple(text for text in self.caveats if text not in caveats))


@dataclass(frozen=True)
class TreatyCaveat:
    """A caveat on how a state stands to treaties, whichever of their norms is looked at."""

    state: str
    treaties: tuple[str, ...]
    caveat: str


def standings(recorded: Store, state: str, day: str, norms: Iterable[str]) -> dict[str, list[Standing]]:
    """Return how a state stands to norms on a day, by norm; none where no record says so."""
    listed = " ".join(f"<{norm}>" for norm in norms)
    parts: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in rows(recorded, _STANDINGS % {"norms": listed, "state": state, "day": day}):
        parts.setdefault((row["norm"], row["through"]), []).append(row)
    found: dict[str, list[Standing]] = {}
    for (norm, _), part in parts.items():
        kind = last_segment(part[0]["kind"])
        caveats = tuple(dict.fromkeys(row["caveat"] for row in part if "caveat" in row))
        found.setdefault(norm, []).append(Standing(part[0]["throughLabel"], kind, part[0]["reason"], caveats))
    return found


def merged(stands: Sequence[Standing]) -> list[Standing]:
    """Return standings with those in one that differ in the treaty alone; its name then has each of them."""
    alike: dict[Standing, list[str]] = {}
    for stand in stands:
        alike.setdefault(replace(stand, treaty=""), []).append(stand.treaty)
    return [replace(stand, treaty=joined(treaties)) for stand, treaties in alike.items()]


def reasons(stands: Sequence[Standing]) -> tuple[str, ...]:
    """Say why a state stands as it does, once each; where that differs by the treaty, through which."""
    said: dict[str, list[str]] = {}
    for stand in stands:
        said.setdefault(stand.reason, []).append(stand.treaty)
    if len(said) == 1:
        return tuple(said)
    return tuple(f"{joined(treaties)}: {reason}" for reason, treaties in said.items())


def parts_at_stake(store: Store, fact: str = "") -> dict[str, frozenset[str]]:
    """Return, by a norm that a provision lays down, what the person's dangers put at stake of that provision.

    *store* holds what is concluded of the person, *fact* is a danger that is supposed; norms are IRIs.
    """
    found: dict[str, frozenset[str]] = {}
    for query in (_AT_STAKE % PERSON, *([_IF_GIVEN % fact] if fact else [])):
        for row in rows(store, query):
            found[row["norm"]] = found.get(row["norm"], frozenset()) | {row["part"]}
    return found


def staking(store: Store) -> frozenset[str]:
    """Return the facts that put a part of a provision at stake, as a danger does."""
    return frozenset(row["fact"] for row in rows(store, _STAKING))


def as_parts_stand(stands: Sequence[Standing], parts: Sequence[Standing]) -> list[Standing]:
    """Return how a state stands to a norm of which only *parts* are at stake: no further than to these.

    Where it has limited each of them it is bound to the norm as far as that leaves it.
    """
    found = []
    for stand in stands:
        own = [part for part in parts if part.treaty == stand.treaty]
        kind = best(own) if own else ""
        limited = kind in LIMITED and stand.kind in _BEST[: _BEST.index(LIMITED[0])]
        reason = next((part.reason for part in own if part.kind == kind), "")
        found.append(replace(stand, kind=kind, reason=reason) if limited else stand)
    return found


def of_treaties(
    recorded: Store, state: str, day: str, stands: Iterable[Standing]
) -> dict[str, tuple[str, ...]]:
    """Return the caveats on how a state stands on a day to the treaties of some standings, by treaty.

    A treaty that was not adopted yet has none, since nobody stood to it.
    """
    treaties = {stand.treaty for stand in stands if stand.kind != "not-adopted"}
    found: dict[str, tuple[str, ...]] = {}
    for row in rows(recorded, _WHOLE % {"state": state, "day": day}):
        if (treaty := row["throughLabel"]) in treaties:
            found[treaty] = (*found.get(treaty, ()), row["caveat"])
    return found


def best(stands: Sequence[Standing]) -> str:
    """Return the kind that does most for a person; if none binds, unknown before not bound."""
    kinds = [stand.kind for stand in stands]
    for kind in _BEST:
        if kind in kinds:
            return kind
    return "unknown" if not kinds or "unknown" in kinds else kinds[0]


def custom_beside(recorded: Store, norms: Iterable[str]) -> dict[str, tuple[str, bool]]:
    """Return what is said of custom beside norms of treaties, and whether anybody holds them to be custom."""
    found = rows(recorded, _CUSTOM % " ".join(f"<{norm}>" for norm in norms))
    return {row["norm"]: (row["text"], row["held"] == "true") for row in found}


def labels_of(recorded: Store, states: Iterable[str]) -> dict[str, str]:
    """Return the labels of states by their codes."""
    listed = " ".join(f"<{ID}state/{state}>" for state in states)
    found = rows(recorded, f"SELECT ?s ?label WHERE {{ VALUES ?s {{ {listed} }} ?s skos:prefLabel ?label }}")
    return {last_segment(row["s"]): row["label"] for row in found}
