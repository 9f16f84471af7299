"""The people of whom evidence or a harm is recorded, and what a described person shares with them.

A person is in their position if all that marks them is given; where a part of it is, the answer names both
the part that is given and what is wanting.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Store

from surplace.namespaces import ID
from surplace.suppose.dataset import rows
from surplace.suppose.description import PERSON, Circumstance, PersonDescription

FROM: Final = ("coming from ", "staying in ")
"""What is put before a state that people share."""
LIKELIHOODS: Final = ("expected", "risked")
"""How likely a harm on return is said to be."""
_WAYS = """
SELECT DISTINCT ?people ?evidence ?evidenceLabel ?element ?elementLabel ?harm ?harmLabel ?expected
    ?inPart WHERE {
    { ?evidence sur:isEvidenceFor ?element ; sur:isTakenTowards ?people .
      ?element skos:prefLabel ?elementLabel }
    UNION
    { ?element sur:concernsHarm ?whole ; skos:prefLabel ?elementLabel .
      ?people sur:expectsHarmOnReturn/skos:broader* ?whole . BIND(?people AS ?evidence) }
    UNION
    { ?people sur:risksHarmOnReturn ?harm . ?harm skos:prefLabel ?harmLabel . BIND(?people AS ?evidence)
      OPTIONAL { ?people sur:expectsHarmOnReturn ?harm . BIND(true AS ?expected) } }
    ?people a sur:Population .
    ?evidence skos:prefLabel ?evidenceLabel .
    FILTER(?people != <%(person)s>)
    # not what this person need not show
    FILTER(!BOUND(?element)
        || EXISTS { ?assessed sur:assessesElement ?element ; sur:isAssessedFor <%(person)s> })
    OPTIONAL { ?people sur:hasExtent ?extent . FILTER(?extent != extent:all) BIND(true AS ?inPart) }
} ORDER BY ?evidenceLabel ?elementLabel ?harmLabel
"""
_NEEDS = """
SELECT DISTINCT ?people ?how ?need ?label WHERE {
    VALUES (?by ?how) {
        (sur:isMarkedBy "") (sur:hasMotive "") (sur:originatesFrom "%s") (sur:isPresentIn "%s")
    }
    ?people a sur:Population ; ?by ?need . ?need skos:prefLabel ?label .
} ORDER BY ?people ?how ?label
"""

_ONLY = "SELECT ?harm ?need ?label WHERE { ?harm sur:meetsOnly ?need . ?need skos:prefLabel ?label }"
_CONCERNED = """
SELECT DISTINCT ?harm ?element WHERE { ?element sur:concernsHarm ?whole . ?harm skos:broader* ?whole }
"""


@dataclass(frozen=True)
class Half:
    """Recorded evidence that a part of the description matches: what is given of it, and what is wanting."""

    evidence: str
    given: tuple[str, ...]
    wanting: tuple[str, ...]


@dataclass(frozen=True)
class Harm:
    """A harm that people meet or may meet on return, the people, and what is given and wanting to be of them.

    *likelihood* is `expected` or `risked`; *people* says whom among them a harm can befall only.
    """

    label: str
    likelihood: str
    people: str
    given: tuple[str, ...]
    wanting: tuple[str, ...]


@dataclass(frozen=True)
class Way:
    """How recorded evidence, or a harm, reaches a person: through people who are marked by the same.

    *described* are the keys of what is given of the needs; *people*, *element* and *harm* are IRIs, and
    one of the latter two is empty. Of people *in_part* no mark shows who is among them. A harm that befalls
    only people of a certain circumstance says so in *only*, and that it is given in *only_given*; *grave*
    counts the elements of grounds that concern it.
    """

    people: str
    in_part: bool
    evidence: str
    evidence_label: str
    element: str
    element_label: str
    harm: str
    harm_label: str
    expected: bool
    described: tuple[str, ...]
    given: tuple[str, ...]
    wanting: tuple[str, ...]
    only: str = ""
    only_given: bool = False
    grave: int = 0


def ways_of(store: Store, given: PersonDescription, known: Mapping[str, Circumstance]) -> tuple[Way, ...]:
    """Return every way that starts from a fact of the description."""
    above = kinds(store)
    held = {known[key].iri: key for key in given.yes}
    whole: dict[str, list[str]] = {}
    for iri, key in held.items():
        for broader in above.get(iri, {iri}):
            whole.setdefault(broader, []).append(key)
    states = {f"{ID}state/{key}": key for key in (given.home, given.stay) if key}
    own = {row["x"] for row in rows(store, f"SELECT ?x WHERE {{ <{PERSON}> sur:isMarkedBy ?x }}")}
    marked = {
        row["x"] for row in rows(store, "SELECT ?x WHERE { ?x a sur:Population ; sur:isMarkedBy ?mark }")
    }
    needs: dict[str, list[tuple[str, str]]] = {}
    for row in rows(store, _NEEDS % FROM):
        needs.setdefault(row["people"], []).append((row["need"], row["how"] + row["label"]))
    says = {item.iri: item.says for item in known.values()}
    only = {row["harm"]: (row["need"], row["label"]) for row in rows(store, _ONLY)}
    grave = Counter(row["harm"] for row in rows(store, _CONCERNED))
    found = []
    for row in rows(store, _WAYS % {"person": PERSON}):
        wanted = list(needs.get(row["people"], ()))
        need, label = only.get(row.get("harm", ""), ("", ""))
        if need:
            wanted.append((need, label))
        has = {iri for iri, _ in wanted if iri in whole or iri in states or iri in own}
        wanting = tuple(dict.fromkeys(words for iri, words in wanted if iri not in has))
        if row["people"] not in marked and not wanting:
            continue  # of people whom nothing marks
        keys = [key for iri, _ in wanted for key in (*whole.get(iri, ()), states.get(iri, "")) if key]
        if keys:
            found.append(
                Way(
                    people=row["people"],
                    in_part="inPart" in row,
                    evidence=row["evidence"],
                    evidence_label=row["evidenceLabel"],
                    element=row.get("element", ""),
                    element_label=row.get("elementLabel", ""),
                    harm=row.get("harm", ""),
                    harm_label=row.get("harmLabel", ""),
                    expected="expected" in row,
                    described=tuple(dict.fromkeys(keys)),
                    given=tuple(dict.fromkeys(words for iri, words in wanted if iri in has)),
                    wanting=wanting,
                    only=says.get(need, f"is described by “{label}”") if need else "",
                    only_given=need in has,
                    grave=grave[row.get("harm", "")],
                )
            )
    return tuple(found)


def kinds(store: Store) -> dict[str, set[str]]:
    """Return what each circumstance is a kind of, itself among them."""
    found: dict[str, set[str]] = {}
    pattern = "?x a sur:PersonalCircumstance ; skos:broader* ?y"
    for row in rows(store, f"SELECT ?x ?y WHERE {{ {pattern} }}"):
        found.setdefault(row["x"], set()).add(row["y"])
    return found


def halves(ways: Sequence[Way], element: str) -> tuple[Half, ...]:
    """Return the evidence for an element that circumstances of the description match in part."""
    return tuple(
        dict.fromkeys(
            Half(way.evidence_label, way.given, way.wanting)
            for way in ways
            if way.element == element and way.wanting and is_told(way)
        )
    )


def harms(ways: Sequence[Way]) -> tuple[Harm, ...]:
    """Return the harms that a person risks on return, and those for which something is wanting still.

    Where more than one fact is wanting comes last. Before that come those that befall only people like the
    person, by a circumstance that is given, then those that most elements of grounds concern.
    """
    raised = raised_harms(ways)
    return tuple(
        dict.fromkeys(
            Harm(way.harm_label, likelihood(way), _befallen(way), way.given, way.wanting)
            for way in by_weight(way for way in ways if way.harm)
            if not way.wanting or is_told(way) or way in raised.get(way.wanting[0], ())
        )
    )


def raised_harms(ways: Iterable[Way]) -> dict[str, list[Way]]:
    """Return what a person risks besides with one more fact, by that fact.

    Who shares more than a state with people raises the fact, which then brings all that goes with it.
    """
    found = by_weight(way for way in ways if way.harm)
    known = {(way.harm, likelihood(way)) for way in found if not way.wanting}
    near = [way for way in found if len(way.wanting) == 1 and (way.harm, likelihood(way)) not in known]
    raised = dict.fromkeys(way.wanting for way in near if is_told(way) and (way.only_given or not way.only))
    return {fact: [way for way in near if way.wanting == (fact,)] for (fact,) in raised}


def by_weight(ways: Iterable[Way]) -> list[Way]:
    """Return ways in the order of what they mean for the person."""
    return sorted(ways, key=_weight)


def _weight(way: Way) -> tuple[bool, bool, int, bool, str, str]:
    many = len(way.wanting) > 1
    return (many, not way.only_given, -way.grave, bool(way.wanting), way.harm_label, way.evidence_label)


def _befallen(way: Way) -> str:
    """Name the people whom a harm befalls, and what it takes besides to be among them."""
    return f"{way.evidence_label}, of them only a person who {way.only}" if way.only else way.evidence_label


def likelihood(way: Way) -> str:
    """Say how likely a harm is: one of LIKELIHOODS."""
    return LIKELIHOODS[not way.expected]


def is_told(way: Way) -> bool:
    """Tell whether a circumstance is given, and not only a state."""
    return any(not key.isupper() for key in way.described)
