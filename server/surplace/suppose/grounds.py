"""What the rules concluded of a described person: each ground with its elements."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import Store

from surplace.namespaces import last_segment
from surplace.suppose.dataset import rows
from surplace.suppose.description import PERSON
from surplace.suppose.ways import Half, Way, halves

OPEN: Final = "Open question: "
"""How a caveat begins that says what is open about a definition."""


@dataclass(frozen=True)
class Element:
    """An element of a ground: whether it is met, what supports it, what is half given, what it depends on.

    Evidence for an element that is unknown supports it and is not enough.
    """

    iri: str
    label: str
    result: str
    evidence: tuple[str, ...]
    halves: tuple[Half, ...]
    depends_on: tuple[str, ...]
    says: str = ""
    """What it, or what is denied, says of a person after the words “the person”, if that is on record."""
    is_denied: bool = False
    """Whether all that indicates it is denied: if it is unknown, because evidence says the contrary."""


@dataclass(frozen=True)
class Ground:
    """A ground: its result, elements, legal basis and caveats, and how the norms to which it leads stand."""

    iri: str
    label: str
    result: str
    legal_basis: tuple[str, ...]
    elements: tuple[Element, ...] = field(default=())
    caveats: tuple[str, ...] = ()
    protection: tuple[str, ...] = ()


_ORDER = {"supported": 0, "excluded": 1, "open": 2, "not-made-out": 3}


def grounds(store: Store, ways: Sequence[Way]) -> list[Ground]:
    """Return the grounds, supported ones first; an element of several grounds is assessed once."""
    elements = _elements(store, ways)
    found = rows(
        store,
        "SELECT ?a ?ground ?label ?result "
        f"WHERE {{ ?a a sur:GroundAssessment ; sur:isAssessedFor <{PERSON}> ; "
        "sur:assessesGround ?ground ; sur:hasGroundResult ?result . ?ground skos:prefLabel ?label } "
        "ORDER BY ?label",
    )
    parts = _by(store, "SELECT ?x ?label WHERE { ?label sur:isElementOf ?x } ORDER BY ?label")
    bases = _by(
        store, "SELECT ?x ?label WHERE { ?x sur:hasLegalBasis/skos:prefLabel ?label } ORDER BY ?label"
    )
    caveats = _by(store, _OF_PERSON % ("sur:hasCaveat", PERSON))
    assessed = [
        Ground(
            iri=row["ground"],
            label=row["label"],
            result=last_segment(row["result"]),
            legal_basis=bases.get(row["ground"], ()),
            elements=tuple(elements[e] for e in parts.get(row["ground"], ()) if e in elements),
            caveats=caveats.get(row["a"], ()),
        )
        for row in found
    ]
    return sorted(assessed, key=lambda ground: (_ORDER.get(ground.result, 4), ground.label))


_OF_PERSON = "SELECT ?x ?label WHERE { ?x %s ?label ; sur:isAssessedFor <%s> } ORDER BY ?label"


def _elements(store: Store, ways: Sequence[Way]) -> dict[str, Element]:
    """Return the elements that are assessed, by IRI."""
    found = rows(
        store,
        "SELECT ?a ?e ?label ?result ?says ?denied "
        f"WHERE {{ ?a a sur:ElementAssessment ; sur:isAssessedFor <{PERSON}> ; "
        "sur:assessesElement ?e ; sur:hasElementResult ?result . ?e skos:prefLabel ?label "
        f"BIND(EXISTS {{ ?e sur:isDeniedOf <{PERSON}> }} AS ?denied) "
        "OPTIONAL { ?e sur:saysOfPerson ?own } "
        "OPTIONAL { ?e sur:isIndicatedBy/sur:saysOfPerson ?indicated . FILTER(?denied) } "
        "BIND(COALESCE(?own, ?indicated) AS ?says) } ORDER BY ?says",
    )
    evidence = _by(store, _OF_PERSON % ("sur:hasEvidence/skos:prefLabel", PERSON))
    wanting = _by(store, _OF_PERSON % ("sur:dependsOn/skos:prefLabel", PERSON))
    return {
        row["e"]: Element(
            iri=row["e"],
            label=row["label"],
            result=(result := last_segment(row["result"])),
            evidence=evidence.get(row["a"], ()),
            halves=halves(ways, row["e"]) if result == "unknown" else (),
            depends_on=wanting.get(row["a"], ()),
            says=row.get("says", ""),
            is_denied=row["denied"] == "true",
        )
        for row in found
    }


def _by(store: Store, query: str) -> dict[str, tuple[str, ...]]:
    """Return what a query gives as `label`, once each, by what it gives as `x`."""
    found: dict[str, dict[str, None]] = {}
    for row in rows(store, query):
        found.setdefault(row["x"], {})[row["label"]] = None
    return {x: tuple(labels) for x, labels in found.items()}
