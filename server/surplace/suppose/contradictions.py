"""What a description says that cannot be true together, and what it denies though the record shows it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Store

from surplace.suppose.dataset import rows
from surplace.suppose.description import PERSON
from surplace.suppose.summary import Headline
from surplace.words.english import count

_WRONG: Final = "one of the two is wrong, and so is what rests on it."
_EXCLUDING: Final = f"""
SELECT DISTINCT ?a ?b ?one ?other WHERE {{
    <{PERSON}> sur:isMarkedBy/skos:broader* ?a .
    ?a sur:isIncompatibleWith ?b .
    <{PERSON}> sur:isMarkedBy/skos:broader* ?b .
    FILTER(STR(?a) < STR(?b))
    ?a skos:prefLabel ?one . ?b skos:prefLabel ?other .
}} ORDER BY ?one ?other
"""
_WITHOUT: Final = f"""
SELECT DISTINCT ?a ?b ?one ?other WHERE {{
    VALUES ?b {{ %s }}
    <{PERSON}> sur:isMarkedBy/skos:broader* ?a .
    ?a sur:placesUnder/skos:broader* ?category .
    ?b a sur:LegalCircumstance ; sur:placesUnder ?category .
    FILTER NOT EXISTS {{ ?a skos:broader* ?b . }}
    ?a skos:prefLabel ?one . ?b skos:prefLabel ?other .
}} ORDER BY ?one ?other
"""
_BOTH: Final = f"""
SELECT DISTINCT ?b ?other WHERE {{
    <{PERSON}> sur:isMarkedBy/skos:broader* ?b ; sur:isNotMarkedBy ?b .
    # not a kind of what is given and excluded itself
    FILTER NOT EXISTS {{
        ?b skos:broader ?wider .
        <{PERSON}> sur:isMarkedBy/skos:broader* ?wider ; sur:isNotMarkedBy ?wider .
    }}
    ?b skos:prefLabel ?other .
}} ORDER BY ?other
"""
_AGAINST: Final = f"""
SELECT ?element (MIN(?label) AS ?one) (MIN(?what) AS ?other) WHERE {{
    ?a a sur:SupportedElement ; sur:isAssessedFor <{PERSON}> ; sur:assessesElement ?element ;
        sur:hasEvidence/skos:prefLabel ?label .
    ?element sur:isDeniedOf <{PERSON}> .
    VALUES ?no {{ %s }}
    ?element sur:isIndicatedBy ?no ; skos:prefLabel ?what .
}} GROUP BY ?element ORDER BY ?other
"""


@dataclass(frozen=True)
class Contradictions:
    """What cannot be true together, and what is denied though it is shown and is therefore left open.

    Both are whole sentences.
    """

    impossible: tuple[str, ...]
    open: tuple[str, ...]


def contradictions(store: Store, denied: Collection[str]) -> Contradictions:
    """Return what contradicts itself in a description; *denied* are the IRIs of what is not given in it.

    Facts exclude each other, place a person where another, denied, would, or are denied and follow from the
    rest, be it from the states that are named.
    """
    listed = " ".join(f"<{iri}>" for iri in denied)
    said: dict[str, None] = {}
    named: set[str] = set()
    for row in rows(store, _EXCLUDING):
        one, other = row["one"], row["other"]
        named |= {row["a"], row["b"]}
        if row["a"] in denied and row["b"] in denied:
            text = f"“{one}” and “{other}” are both denied, and one of them is true of everybody: {_WRONG}"
        elif row["a"] in denied or row["b"] in denied:
            text = _follows(one if row["a"] in denied else other)
        else:
            text = f"“{one}” and “{other}” exclude each other: {_WRONG}"
        said[text] = None
    for row in rows(store, _WITHOUT % listed):
        named |= {row["a"], row["b"]}
        said[f"“{row['one']}” cannot be without “{row['other']}”, which is denied: {_WRONG}"] = None
    for row in rows(store, _BOTH):
        if row["b"] not in named:
            is_denied = row["b"] in denied
            said[_follows(row["other"]) if is_denied else _excluded(row["other"])] = None
    against = (
        f"“{row['other']}” is denied, and shown by “{row['one']}”: it is left open."
        for row in rows(store, _AGAINST % listed)
    )
    return Contradictions(tuple(said), tuple(against))


def contradicted(found: Contradictions) -> Headline:
    """Say first that a description contradicts itself: what would rest on it is not said."""
    first, *others = found.impossible
    more = f" So do {count(len(others), 'other pair')}." if len(others) > 1 else ""
    more = " So does another pair." if len(others) == 1 else more
    told = first.partition(": ")[0]
    return Headline(f"The description contradicts itself, so that nothing is said of return: {told}.{more}")


def _follows(denied: str) -> str:
    return f"“{denied}” is denied, and follows from the rest of what is described: {_WRONG}"


def _excluded(given: str) -> str:
    return f"“{given}” is given, and cannot be with the rest of what is described: {_WRONG}"
