"""Clauses that withhold protection: exclusion and cessation of a status, exceptions to a norm."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Store

from surplace.suppose.dataset import rows
from surplace.suppose.description import PERSON
from surplace.words.english import joined

ENDS: Final = "ends status"
"""The effect of a clause on cessation."""
_CLAUSES = """
SELECT * WHERE {
    ?clause sur:requiresCircumstance ?required ; skos:prefLabel ?label .
    ?required skos:prefLabel ?requiredLabel ; sur:saysOfPerson ?says .
    OPTIONAL {
        <%(person)s> sur:isMarkedBy ?given .
        ?given skos:broader* ?required ; skos:prefLabel ?givenLabel .
    }
    OPTIONAL { <%(person)s> sur:isNotMarkedBy ?required . BIND(true AS ?denied) }
    OPTIONAL {
        <%(person)s> sur:isMarkedBy/skos:broader*/sur:raisesQuestionOf ?required .
        BIND(true AS ?raised)
    }
    OPTIONAL {
        ?clause sur:yieldsToCircumstance ?proviso . ?proviso skos:prefLabel ?provisoLabel .
        OPTIONAL { <%(person)s> sur:isMarkedBy/skos:broader* ?proviso . BIND(true AS ?yields) }
    }
    OPTIONAL { ?clause sur:excludesFromStatus ?category . BIND("excludes from status" AS ?excludes) }
    OPTIONAL { ?clause sur:endsStatusOf ?status . BIND("%(ends)s" AS ?ends) }
    BIND(COALESCE(?excludes, ?ends, "exception") AS ?effect)
    OPTIONAL { ?clause sur:appliesIf ?terms . }
    OPTIONAL { ?engaged a sur:EngagedClause ; sur:engagesClause ?clause ; sur:isAssessedFor <%(person)s> . }
    OPTIONAL {
        ?either a sur:EngagedAlternative ; sur:engagesOneOf ?clause ; sur:isAssessedFor <%(person)s> .
    }
    OPTIONAL { ?clause sur:isExceptionTo ?norm . }
    OPTIONAL { ?ground sur:isLimitedBy ?clause . }
} ORDER BY ?label ?requiredLabel ?givenLabel
"""


@dataclass(frozen=True)
class Clause:
    """A clause of which something is given, or raised by what is; what is wanting, and what it spares.

    *wanting* are labels, *lacks* says it of a person; *denied* tells whether any of it is not given for sure.

    Two clauses of which one is engaged, whichever it is, are one here.

    *effect* is `excludes from status`, `ends status` or `exception`; *provisos* are circumstances to which it
    yields, and *yields* tells whether one of them is given; *norms* are those that it excepts from, *grounds*
    those whose status it withholds, both as IRIs; *spares* are norms that it leaves untouched.
    """

    iri: str
    label: str
    effect: str
    terms: tuple[str, ...]
    given: tuple[str, ...]
    wanting: tuple[str, ...]
    lacks: tuple[str, ...]
    denied: bool
    provisos: tuple[str, ...]
    yields: bool
    norms: tuple[str, ...]
    grounds: tuple[str, ...]
    spares: tuple[str, ...] = ()

    @property
    def engaged(self) -> bool:
        """Whether all is given that the clause requires, and nothing to which it yields."""
        return not self.wanting and not self.yields

    @property
    def in_question(self) -> bool:
        """Whether what is wanting would engage the clause, as far as is known."""
        return bool(self.wanting) and not self.denied and not self.yields

    @property
    def half_given(self) -> bool:
        """Whether a part of what the clause requires is given, and the rest may be."""
        return bool(self.given) and self.in_question


def clauses(store: Store) -> list[Clause]:
    """Return the clauses of which at least one circumstance is given, or raised by what is."""
    parts: dict[str, list[dict[str, str]]] = {}
    for row in rows(store, _CLAUSES % {"person": PERSON, "ends": ENDS}):
        parts.setdefault(row.get("either", row["clause"]), []).append(row)
    found = []
    for iri, part in parts.items():
        given = tuple(dict.fromkeys(row["givenLabel"] for row in part if "given" in row))
        if given or any("raised" in row for row in part):
            wanting = [row for row in part if not {"given", "engaged", "either"} & row.keys()]
            provisos = (row["provisoLabel"] for row in part if "proviso" in row)
            found.append(
                Clause(
                    iri=iri,
                    label=either(list(dict.fromkeys(row["label"] for row in part))),
                    effect=part[0]["effect"],
                    terms=tuple(dict.fromkeys(row["terms"] for row in part if "terms" in row)),
                    given=given,
                    wanting=tuple(dict.fromkeys(row["requiredLabel"] for row in wanting)),
                    lacks=tuple(dict.fromkeys(row["says"] for row in wanting)),
                    denied=any("denied" in row for row in wanting),
                    provisos=tuple(dict.fromkeys(provisos)),
                    yields=any("yields" in row for row in part),
                    norms=tuple(dict.fromkeys(row["norm"] for row in part if "norm" in row)),
                    grounds=tuple(dict.fromkeys(row["ground"] for row in part if "ground" in row)),
                )
            )
    return found


def either(labels: Sequence[str]) -> str:
    """Name clauses of which one is meant; what their labels begin with alike is said once."""
    shared = labels[0][: labels[0].rfind(" ") + 1]
    return shared + joined([label.removeprefix(shared) for label in labels], word="or")
