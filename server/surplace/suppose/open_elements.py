"""The elements of grounds that are open, and the facts that would decide them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Store

from surplace.suppose.dataset import rows
from surplace.suppose.description import PERSON, Circumstance
from surplace.suppose.ways import Way

_OPEN: Final = f"""
SELECT DISTINCT ?element ?fact ?indicates ?ends WHERE {{
    ?unknown a sur:UnknownElement ; sur:isAssessedFor <{PERSON}> ; sur:assessesElement ?element .
    {{
        VALUES ?by {{ sur:isIndicatedBy sur:isSupportedBy }}
        ?element ?by ?evidence .
        MINUS {{ ?evidence sur:isNotKnownToBeHeldAgainst <{PERSON}> . }}
        ?fact skos:broader* ?evidence ; a sur:PersonalCircumstance .
        BIND(?by = sur:isIndicatedBy && ?fact = ?evidence AS ?indicates)
    }}
    UNION
    {{
        # it is denied, and would no longer be asked for; what arises in its place would
        ?element sur:fallsAwayFor ?fact .
        ?unknown sur:dependsOn ?fact .
        BIND(NOT EXISTS {{ ?unknown a sur:SupportedElement . }} AS ?indicates)
        BIND(NOT EXISTS {{
            ?arising sur:arisesFrom ?fact .
            FILTER NOT EXISTS {{
                ?arising sur:isIndicatedBy|sur:isSupportedBy ?shown .
                <{PERSON}> sur:isMarkedBy ?shown .
            }}
        }} AS ?ends)
    }}
    UNION
    {{
        ?element sur:arisesFrom ?occasion .
        ?unknown sur:dependsOn ?occasion .
        ?occasion sur:isComplementOf|^sur:isComplementOf ?fact .
        BIND(NOT EXISTS {{ ?unknown a sur:SupportedElement . }} AS ?indicates)
        BIND(true AS ?ends)
    }}
}} ORDER BY ?element ?fact
"""
_DENIED: Final = f"SELECT ?element WHERE {{ ?element sur:isDeniedOf <{PERSON}> }}"


@dataclass(frozen=True)
class Elements:
    """The open elements: those that each fact alone would meet, and the facts that indicate each of them.

    What is denied, no other fact meets; it falls away where it would no longer be asked for.
    """

    met: Mapping[str, set[str]]
    indicates: Mapping[str, set[str]]

    def failing_without(self, fact: str, told: set[str]) -> set[str]:
        """Return the elements that fail if the fact is denied, for nothing else may still indicate them."""
        return {element for element, facts in self.indicates.items() if facts - told == {fact}}

    def met_by_nothing_but(self, fact: str, told: set[str]) -> set[str]:
        """Return the elements that no other single fact would meet."""
        others = {
            element for other, met in self.met.items() if other not in (told | {fact}) for element in met
        }
        return self.met.get(fact, set()) - others


def open_elements(store: Store, ways: Sequence[Way], known: Mapping[str, Circumstance]) -> Elements:
    met: dict[str, set[str]] = {}
    indicates: dict[str, set[str]] = {}
    denied = {row["element"] for row in rows(store, _DENIED)}
    for row in rows(store, _OPEN):
        if row["element"] in denied and "ends" not in row:
            continue
        if row.get("ends") != "false":
            met.setdefault(row["fact"], set()).add(row["element"])
        if row["indicates"] == "true":
            indicates.setdefault(row["element"], set()).add(row["fact"])
    by_label = {item.label: item.iri for item in known.values()}
    for way in ways:
        if (
            way.element
            and way.element not in denied
            and not way.in_part
            and len(way.wanting) == 1
            and way.wanting[0] in by_label
        ):
            met.setdefault(by_label[way.wanting[0]], set()).add(way.element)
    return Elements(met, indicates)
