"""What became of each fact of a description: used, not enough alone, or without any bearing on a ground."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import Store

from surplace.suppose.clauses import Clause
from surplace.suppose.dataset import rows
from surplace.suppose.description import PERSON, Circumstance, PersonDescription
from surplace.suppose.missing import raised
from surplace.suppose.protection import Protection
from surplace.suppose.standing import labels_of
from surplace.suppose.ways import Way, kinds

USED, NOT_ENOUGH, NO_GROUND = "used", "not enough alone", "matters to no ground"
UNUSED = "not used: the description contradicts itself"
_CONTRADICTED = "contradicted by "
_MET = """
SELECT DISTINCT ?by ?label WHERE {
    ?a a sur:MetElement ; sur:isAssessedFor <%(person)s> ;
        sur:assessesElement ?element ; sur:hasEvidence ?by .
    ?element skos:prefLabel ?label .
} ORDER BY ?label
"""
_FAILED = """
SELECT DISTINCT ?by ?label WHERE {
    ?a a sur:FailedElement ; sur:isAssessedFor <%(person)s> ; sur:assessesElement ?element .
    ?element skos:prefLabel ?label ; sur:isIndicatedBy|(sur:isIndicatedBy/sur:isIncompatibleWith) ?by .
} ORDER BY ?label
"""
_ARISING = """
SELECT DISTINCT ?by ?label WHERE {
    ?element sur:arisesFrom ?by ; skos:prefLabel ?label . <%(person)s> sur:isMarkedBy ?by .
} ORDER BY ?label
"""
_DENIED = """
SELECT DISTINCT ?by ?label WHERE {
    <%(person)s> sur:isNotMarkedBy ?by .
    {
        ?a a sur:UnknownElement ; sur:isAssessedFor <%(person)s> ; sur:assessesElement ?element .
        ?element sur:isIndicatedBy|sur:isSupportedBy ?shown ; skos:prefLabel ?what .
        ?shown (skos:broader|skos:broadMatch)* ?by .
        BIND(CONCAT(?what, " (not shown by it, and open still)") AS ?label)
    }
    UNION
    {
        ?element sur:arisesFrom ?occasion ; skos:prefLabel ?what .
        ?occasion (skos:broader|skos:broadMatch)* ?by .
        BIND(CONCAT(?what, " (need not be shown)") AS ?label)
    }
    UNION
    {
        ?clause sur:requiresCircumstance ?required ; skos:prefLabel ?what .
        ?required (skos:broader|skos:broadMatch)* ?by .
        FILTER NOT EXISTS { <%(person)s> sur:isMarkedBy/skos:broader* ?required . }
        BIND(CONCAT(?what, " (not engaged)") AS ?label)
    }
    UNION
    {
        <%(person)s> sur:isMarkedBy/skos:broader* ?given .
        ?given sur:placesUnder/skos:broader* ?category ; skos:prefLabel ?what .
        ?by a sur:LegalCircumstance ; sur:placesUnder ?category .
        BIND(CONCAT("contradicted by “", ?what, "”") AS ?label)
    }
} ORDER BY ?label
"""
_HELD = """
SELECT DISTINCT ?by ?label WHERE {
    ?by sur:isNotKnownToBeHeldAgainst <%(person)s> .
    ?home sur:holdsAgainstItsPeople ?by ; skos:prefLabel ?state .
    ?element sur:isSupportedBy|sur:isMadeProbableBy ?by ; skos:prefLabel ?what .
    FILTER NOT EXISTS { <%(person)s> sur:originatesFrom|sur:isNationalOf ?known . }
    BIND(CONCAT(?what, ": coming from ", ?state) AS ?label)
} ORDER BY ?label
"""

_COMPLEMENTS = "SELECT ?x ?y WHERE { ?x sur:isComplementOf ?y }"


@dataclass(frozen=True)
class Fact:
    """A fact as it was given, where it is used (elements, clauses, harms, norms), and what else it needs.

    *answer* is yes, no, or how a state is named; *outcome* is `used`, `not enough alone`,
    `matters to no ground`, or that it is not used as the description contradicts itself.
    """

    key: str
    label: str
    answer: str
    outcome: str
    used_in: tuple[str, ...]
    also_needs: tuple[str, ...]


def unused(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Leave of the facts of a description that contradicts itself what each is contradicted by."""
    return tuple(
        replace(
            fact,
            outcome=UNUSED,
            used_in=tuple(use for use in fact.used_in if use.startswith(_CONTRADICTED)),
            also_needs=(),
        )
        for fact in facts
    )


def used(
    store: Store,
    given: PersonDescription,
    known: Mapping[str, Circumstance],
    ways: Sequence[Way],
    clauses: Sequence[Clause],
    norms: Protection,
) -> tuple[Fact, ...]:
    """Return each fact of a description with what became of it."""
    met, failed, arising, denied, held = (
        _by_fact(rows(store, query % {"person": PERSON}))
        for query in (_MET, _FAILED, _ARISING, _DENIED, _HELD)
    )
    asked = _by_fact(raised(store))
    above = kinds(store)
    by_iri = {item.iri: item for item in known.values()}
    complements = {row["x"]: by_iri[row["y"]] for row in rows(store, _COMPLEMENTS) if row["y"] in by_iri}
    reached = {norm.iri: norm for norm in norms.norms}
    found = []
    for key, answer in (*((key, "yes") for key in given.yes), *((key, "no") for key in given.no)):
        circumstance = known[key]
        # of two of which everybody has one, to deny the one is to give the other
        given_by_it = circumstance if answer == "yes" else complements.get(circumstance.iri)
        own = sorted(above.get(given_by_it.iri, {given_by_it.iri})) if given_by_it else []
        in_elements = [text for by in (met, failed, arising) for iri in own for text in by.get(iri, ())]
        if answer == "no":
            in_elements += [*failed.get(circumstance.iri, ()), *denied.get(circumstance.iri, ())]
        whole, parts = _reached(ways, key) if answer == "yes" else ([], [])
        labels = {circumstance.label, given_by_it.label if given_by_it else ""}
        own_clauses = [c for c in clauses if labels & {*c.given, *c.provisos}]
        engaged = [
            f"{c.label} ({c.effect if c.engaged else 'does not reach the person'})"
            for c in own_clauses
            if not c.in_question
        ]
        wanting = [f"{c.label}: {', '.join(c.wanting)}" for c in own_clauses if c.in_question]
        deciding = dict.fromkeys([circumstance.iri, *own])
        causes = [iri for iri in deciding if iri in norms.leads]
        play = [
            f"{reached[n].label}: {reached[n].result}" for iri in causes for n in sorted(norms.leads[iri])
        ]
        wider = [text for by in (held, asked) for iri in own if answer == "yes" for text in by.get(iri, ())]
        needs = [*wanting, *parts, *wider]
        found.append(_fact(key, circumstance.label, answer, [*in_elements, *whole, *engaged, *play], needs))
    outside = ("/outside-country-of-origin", "/outside-each-nationality")
    place = [
        text for by in (met, failed) for iri, told in by.items() if iri.endswith(outside) for text in told
    ]
    return (
        *found,
        *_states(store, given, ways, norms, place, [text for by in arising.values() for text in by]),
    )


def _states(
    store: Store,
    given: PersonDescription,
    ways: Sequence[Way],
    norms: Protection,
    place: Sequence[str],
    several: Sequence[str],
) -> list[Fact]:
    """Return the states and the day of a description with what became of them."""
    names = labels_of(store, [state for state in (given.origin, given.stay, *given.nationality) if state])
    found = []
    if given.origin:
        whole, parts = _reached(ways, given.origin)
        found.append(_fact(given.origin, names[given.origin], "origin", [*place, *whole], parts))
    for state in given.nationality:
        whole, _ = _reached(ways, state) if state == given.home else ([], [])
        as_home = "the country of origin" if given.origin else "taken as the country of origin"
        home = [as_home, *place, *whole] if state == given.home else []
        found.append(_fact(state, names[state], "nationality", [*several, *home], []))
    if given.stay:
        standing = [f"how {names[given.stay]} stands to {len(norms.norms)} norms on {norms.day}"]
        there = norms.territory
        label = f"{there.label}, {names[given.stay]}" if there else names[given.stay]
        found.append(_fact(given.place, label, "stay", [*place, *standing], []))
    if given.day:
        needs = [] if given.stay else ["the country of stay"]
        standing = [f"how {norms.stay} stands to the norms on that day"] if given.stay else []
        found.append(_fact("day", "day of the stay", given.day, standing, needs))
    return found


def _fact(key: str, label: str, answer: str, use: Sequence[str], needs: Sequence[str]) -> Fact:
    outcome = USED if use else NOT_ENOUGH if needs else NO_GROUND
    return Fact(key, label, answer, outcome, tuple(dict.fromkeys(use)), tuple(dict.fromkeys(needs)))


def _reached(ways: Sequence[Way], key: str) -> tuple[list[str], list[str]]:
    """Return what a fact serves through people in the same position, and what is wanting for more."""
    own = [way for way in ways if key in way.described]
    whole = [
        f"harm on return: {way.harm_label}" if way.harm else way.element_label
        for way in own
        if not way.wanting
    ]
    parts = [
        f"{way.harm_label or way.element_label}, by “{way.evidence_label}”: {', '.join(way.wanting)}"
        for way in own
        if way.wanting and not key.isupper()
    ]
    return whole, parts


def _by_fact(found: Sequence[Mapping[str, str]]) -> dict[str, list[str]]:
    labels: dict[str, dict[str, None]] = {}
    for row in found:
        labels.setdefault(row["by"], {})[row["label"]] = None
    return {by: list(names) for by, names in labels.items()}
