"""Whether a norm reaches a described person: by a ground, or by a category that the person falls under."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Store

from surplace.suppose.clauses import Clause
from surplace.suppose.dataset import rows
from surplace.suppose.description import PERSON
from surplace.suppose.grounds import Ground
from surplace.words.english import a, joined

PROTECTS, IN_PART = "protects", "protects as the reservation leaves it"
MAY, MAY_IN_PART = "may protect", "may protect as the reservation leaves it"
AS_RESERVED: Final = ("modified", "conditioned")
"""The kinds of standing in which a norm binds as a reservation leaves it."""
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
    MAY_IN_PART,
    EXCEPTION,
    EXCLUDED,
    RESERVED,
    UNKNOWN,
    NOT_BOUND,
    NO_STATE,
    NOT_REACHED,
)
"""What may be said of a norm, in the order in which the answer gives them."""
PERHAPS: Final = (MAY, MAY_IN_PART)
"""What is said of norms that may protect, be it less than the whole of them."""
HOLDING: Final = (PROTECTS, IN_PART, *PERHAPS)
"""What is said of norms that the state owes, be it perhaps."""
_CATEGORIES = """
SELECT DISTINCT ?norm ?category ?ground ?label ?held ?fact WHERE {
    ?norm sur:protects ?category . ?category skos:prefLabel ?label .
    OPTIONAL {
        ?ground a sur:ProtectionGround ; sur:hasLegalBasis ?treaty . ?treaty a sur:LegalInstrument .
        ?definition sur:isPartOf ?treaty ; sur:defines ?defined . ?category skos:broader* ?defined .
        FILTER(?defined != person-category:anyone)
    }
    OPTIONAL { <%(person)s> (sur:fallsUnder|sur:countsAs)/skos:broader* ?category . BIND(true AS ?fits) }
    OPTIONAL {
        <%(person)s> sur:isMarkedBy/skos:broader* ?placing .
        ?placing (sur:placesUnder/skos:broader*)|(sur:placesUnder/^sur:takesIn) ?category .
    }
    # a risk factor may be one of several that place under a category, or what the category requires; a legal
    # circumstance is what makes it
    OPTIONAL {
        <%(person)s> sur:isNotMarkedBy ?lacking .
        { ?lacking a sur:LegalCircumstance ; sur:placesUnder ?narrowed }
        UNION { ?lacking sur:isRequiredFor ?narrowed }
        ?category skos:broader* ?narrowed .
        OPTIONAL {
            <%(person)s> sur:isMarkedBy/skos:broader* ?opposed .
            ?opposed sur:isIncompatibleWith ?lacking .
        }
        BIND(COALESCE(?opposed, ?lacking) AS ?barring)
    }
    BIND(COALESCE(?placing, ?barring) AS ?fact)
    BIND(COALESCE(?fits, ?category = person-category:anyone, false) AS ?in)
    BIND(IF(?in, "yes", IF(BOUND(?barring), "no", "unknown")) AS ?held)
}
"""


def categories(store: Store) -> dict[str, list[dict[str, str]]]:
    """Return whom each norm protects, by the IRI of the norm.

    A row names the *category*, and says whether the person is of it (*held*: yes, no or unknown), and by
    which *fact*.
    """
    found: dict[str, list[dict[str, str]]] = {}
    for row in rows(store, _CATEGORIES % {"person": PERSON}):
        found.setdefault(row["norm"], []).append(row)
    return found


def as_supposed(
    found: Sequence[dict[str, str]], fits: Collection[str], fails: Collection[str]
) -> list[dict[str, str]]:
    """Return whom a norm protects if the person fell under the categories *fits* and not under *fails*."""
    return [
        row if row["held"] != "unknown" else {**row, "held": supposed}
        for row in found
        for supposed in [
            "yes" if row["category"] in fits else "no" if row["category"] in fails else "unknown"
        ]
    ]


@dataclass(frozen=True)
class Reach:
    """Whether a norm reaches the person, and through what."""

    result: str
    because: tuple[str, ...]
    conditions: tuple[str, ...]
    grounds: tuple[str, ...]

    def clauses(self, engaged: Sequence[Clause]) -> tuple[str, ...]:
        """Return the clauses by which the grounds are excluded."""
        return tuple(clause.label for clause in engaged if set(self.grounds) & set(clause.grounds))


_GROUNDS: Final = (("supported", PROTECTS), ("excluded", EXCLUDED), ("open", MAY))


def reach(
    causes: Sequence[Mapping[str, str]],
    grounds: Sequence[Ground],
    categories: Sequence[Mapping[str, str]],
) -> Reach:
    """Tell whether a norm reaches the person: by a ground, else by a category that is given."""
    by_ground = {row["cause"] for row in causes if row["kind"] == "ground"}
    by_ground |= {row["ground"] for row in categories if "ground" in row}
    leading = [ground for ground in grounds if ground.iri in by_ground]
    told = [row["causeLabel"] for row in causes if row["kind"] != "ground"]
    because = tuple(
        dict.fromkeys([*(f"{ground.label} ({ground.result.replace('-', ' ')})" for ground in leading), *told])
    )
    conditions: tuple[str, ...] = ()
    if leading:
        results = {ground.result for ground in leading}
        result = next((result for name, result in _GROUNDS if name in results), NOT_REACHED)
    elif any(row["held"] == "yes" for row in categories):
        result = PROTECTS
    elif categories and all(row["held"] == "no" for row in categories):
        result = NOT_REACHED
    else:
        result = MAY
        labels = dict.fromkeys(row["label"] for row in categories if row["held"] != "no")
        conditions = (f"the person is {a(joined(labels, word='or'))}",) if labels else ()
    return Reach(result, because, conditions, tuple(ground.iri for ground in leading))
