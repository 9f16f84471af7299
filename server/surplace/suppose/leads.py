"""Which norms the grounds and circumstances of a described person lead to, and whose reading a norm is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, TypeAlias

from pyoxigraph import Store

from surplace.suppose.dataset import rows
from surplace.suppose.description import PERSON
from surplace.words.days import after, in_words
from surplace.words.english import joined

Rows: TypeAlias = list[dict[str, str]]

_LEADS = """
SELECT DISTINCT ?norm ?label ?provision ?provisionLabel ?treatyLabel ?cause ?causeLabel ?kind ?whose
    ?removal ?back ?journey ?terms ?threshold ?body ?where ?readOn WHERE {
    {
        SELECT DISTINCT ?norm ?cause ?kind ?whose WHERE {
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
                ?norm sur:protects ?category .
                { ?norm a sur:Prohibition . }
                UNION
                {
                    VALUES ?party { bearer:contracting-state bearer:state-party }
                    ?norm a sur:Obligation ; sur:isBorneBy ?party .
                }
                ?defined skos:prefLabel ?whose .
            }
            UNION
            {
                ?cause a sur:ProtectionGround ; sur:hasLegalBasis ?treaty ; sur:isArguedBy ?reader .
                ?norm sur:restsOnReading/sur:isClaimedBy ?reader ; a sur:Prohibition .
                ?read sur:imposes ?norm ; sur:isPartOf ?treaty .
                ?treaty a sur:Treaty .
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
    OPTIONAL { ?provision sur:isPartOf ?whole . ?whole a sur:Treaty ; skos:prefLabel ?treatyLabel . }
    OPTIONAL { ?norm sur:concernsAction/skos:broader* action:removal . BIND(true AS ?sends) }
    OPTIONAL {
        VALUES ?return { action:refoulement action:removal action:return }
        ?norm sur:concernsAction ?return .
        BIND(true AS ?returns)
    }
    OPTIONAL {
        ?norm sur:concernsAction/skos:broader* action:dealing-with-entry-or-expulsion .
        BIND(true AS ?travels)
    }
    OPTIONAL {
        ?norm sur:appliesIf ?terms .
        OPTIONAL { ?norm sur:hasRiskThreshold ?threshold . FILTER(?threshold = ?terms) }
    }
    OPTIONAL {
        ?norm sur:restsOnReading ?reading .
        ?reading sur:isClaimedBy/skos:prefLabel ?body ;
            sur:isClaimedOn ?readOn ;
            sur:isStatedIn/skos:prefLabel ?where .
    }
    BIND(COALESCE(?sends, false) AS ?removal)
    BIND(COALESCE(?returns, false) AS ?back)
    BIND(?removal || COALESCE(?travels, false) AS ?journey)
} ORDER BY DESC(?removal) ?label ?causeLabel
"""
STAY: Final = "stay"
HOME: Final = "home"
"""Which state owes a norm: that of the stay, or that of origin."""


def leads(store: Store) -> dict[tuple[str, str], Rows]:
    """Return why each norm is looked at, by its IRI and by which state would owe it, removal first.

    A row has the norm, its provision and treaty, the *cause*, its *kind* (`ground`, or by whom it is owed),
    *whose* the norm is where a definition leads to it, its *terms*, whether it is about being sent away
    (*removal*) and sent *back*, and who reads it into the provision.
    """
    found: dict[tuple[str, str], Rows] = {}
    for row in rows(store, _LEADS % {"person": PERSON}):
        found.setdefault((row["norm"], HOME if row["kind"] == HOME else STAY), []).append(row)
    return found


def terms_of(part: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """Return on which terms a norm applies."""
    return tuple(dict.fromkeys(row["terms"] for row in part if "terms" in row))


def has_other_terms(part: Sequence[Mapping[str, str]]) -> bool:
    """Tell whether a norm applies on more terms than a degree of danger, which circumstances show."""
    return any("terms" in row and "threshold" not in row for row in part)


def is_foremost(part: Sequence[Mapping[str, str]]) -> bool:
    """Tell whether a norm is about being sent away or having come, or one that a circumstance leads to."""
    return is_on_journey(part) or any(row["kind"] != "ground" for row in part)


def is_on_journey(part: Sequence[Mapping[str, str]]) -> bool:
    """Tell whether a norm is about being sent away or having come."""
    return any(row["journey"] == "true" for row in part)


def in_plain_words(part: Sequence[Mapping[str, str]]) -> str:
    """Say what a norm lays down for the person, without its provision; what a return is on which terms."""
    if part[0]["back"] == "true":
        terms = joined(terms_of(part))
        return f"May not be sent back if {terms}" if terms else "May not be sent back"
    return part[0]["label"].partition(" (")[0]


def is_read_later(part: Sequence[Mapping[str, str]], day: str) -> bool:
    """Tell whether a norm is read into its provision, and by nobody who is known to have done so by *day*."""
    read = [row["readOn"] for row in part if "readOn" in row]
    return bool(read and day) and all(after(on, day) for on in read)


def readings(part: Sequence[Mapping[str, str]], day: str) -> tuple[str, ...]:
    """Say who reads a norm into its provision, where, and whether that was after *day*, if one is known."""
    found = {(row["readOn"], row["body"], row["where"]) for row in part if "body" in row}
    return tuple(
        f"{body}, {where} ({in_words(on)}{f', {later} that day' if later else ''}): a reading carries "
        "weight, and does not bind as the words of the treaty do"
        for on, body, where in sorted(found)
        for later in [after(on, day) if day else ""]
    )


def readers(part: Sequence[Mapping[str, str]]) -> tuple[str, ...]:
    """Return the bodies that read a norm into its provision, by their labels."""
    return tuple(sorted({row["body"] for row in part if "body" in row}))
