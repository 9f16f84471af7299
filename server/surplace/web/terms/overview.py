"""The ontology as a whole: its modules with their classes as a tree, its vocabularies, and the rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from surplace.description.figures import of_default
from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.namespaces import SUR, sparql_prologue
from surplace.rdf.terms import text_of
from surplace.web.cells import local_path
from surplace.web.search.lookups import KINDS

FOREMOST: Final = 8
"""Classes that are named before all."""
_MODULES: Final = """
SELECT ?item ?title ?about ?classes ?properties
WHERE {
    {
        SELECT ?item (COUNT(DISTINCT ?class) AS ?classes) (COUNT(DISTINCT ?property) AS ?properties)
        WHERE {
            { ?class a owl:Class ; rdfs:isDefinedBy ?item . }
            UNION
            {
                VALUES ?kind { owl:ObjectProperty owl:DatatypeProperty owl:AnnotationProperty }
                ?property a ?kind ; rdfs:isDefinedBy ?item .
            }
        }
        GROUP BY ?item
    }
    ?item a owl:Ontology ; dcterms:title ?title .
    OPTIONAL { ?item dcterms:description ?about }
}
ORDER BY ?item
"""
_SCHEMES: Final = """
SELECT ?item ?title ?about (COUNT(DISTINCT ?concept) AS ?concepts)
WHERE {
    ?item a skos:ConceptScheme ; skos:prefLabel ?title .
    OPTIONAL { ?item skos:definition ?about }
    OPTIONAL { ?concept skos:inScheme ?item }
}
GROUP BY ?item ?title ?about
ORDER BY LCASE(?title)
"""
_CLASSES: Final = """
SELECT ?item ?title ?about ?module (MIN(?parent) AS ?above)
WHERE {
    ?item a owl:Class ; skos:prefLabel ?title ; rdfs:isDefinedBy ?module .
    OPTIONAL { ?item skos:definition ?about }
    OPTIONAL { ?item rdfs:subClassOf ?parent . ?parent rdfs:isDefinedBy ?module }
}
GROUP BY ?item ?title ?about ?module
ORDER BY LCASE(?title)
"""
_RULES: Final = """
SELECT ?item ?title ?stratum
WHERE { ?item a sur:Rule ; skos:prefLabel ?title ; sur:hasStratum ?stratum }
ORDER BY ?stratum ?title
"""


@dataclass(frozen=True)
class OverviewEntry:
    """A line of the overview.

    *narrower* are the classes of a module, or those below a class, the ones with the most instances first.
    """

    title: str
    href: str | None
    about: str = ""
    counts: tuple[int, ...] = ()
    narrower: tuple[OverviewEntry, ...] = ()
    iri: str = ""


@dataclass(frozen=True)
class Overview:
    """What the page of the ontology lists; *foremost* are the classes that people look for first."""

    foremost: tuple[OverviewEntry, ...]
    modules: tuple[OverviewEntry, ...]
    schemes: tuple[OverviewEntry, ...]
    rules: tuple[OverviewEntry, ...]


def overview(knowledge: Knowledge) -> Overview:
    """Ask for the lists of the overview; an embedded release is asked once."""
    rows, counts = _rows(knowledge, _CLASSES), of_default(knowledge.engine.release)[0]
    classes = _trees(rows, counts)
    named = {text_of(row["item"]): _entry(row) for row in rows}
    foremost = [named[iri] for iri in (f"{SUR}{name}" for name in KINDS) if iri in named and counts.get(iri)]
    modules = [
        replace(_entry(row, "classes", "properties"), narrower=classes.get(text_of(row["item"]), ()))
        for row in _rows(knowledge, _MODULES)
    ]
    schemes = [_entry(row, "concepts") for row in _rows(knowledge, _SCHEMES)]
    rules = [_entry(row, "stratum") for row in _rows(knowledge, _RULES)]
    return Overview(tuple(foremost[:FOREMOST]), tuple(modules), tuple(schemes), tuple(rules))


def _rows(knowledge: Knowledge, query: str) -> list[Row]:
    return list(knowledge.remembered(sparql_prologue() + query).rows)


def _entry(row: Row, *counts: str) -> OverviewEntry:
    iri = text_of(row["item"])
    about = text_of(row["about"]) if "about" in row else ""
    numbers = tuple(int(text_of(row[name])) for name in counts)
    title = text_of(row["title"]).removeprefix("Surplace ontology: ")
    return OverviewEntry(title, local_path(iri), about, numbers, iri=iri)


def _trees(rows: Iterable[Row], counts: Mapping[str, int]) -> dict[str, tuple[OverviewEntry, ...]]:
    """Return the classes of each module: each below its superclass there, the first where it has several."""
    entries = {text_of(row["item"]): _entry(row) for row in rows}
    below: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        above = text_of(row["above"]) if "above" in row else ""
        below[above if above in entries else text_of(row["module"])].append(text_of(row["item"]))
    for found in below.values():
        found.sort(key=lambda iri: -counts.get(iri, 0))
    return {text_of(row["module"]): _branch(text_of(row["module"]), below, entries) for row in rows}


def _branch(
    iri: str,
    below: Mapping[str, list[str]],
    entries: Mapping[str, OverviewEntry],
    seen: frozenset[str] = frozenset(),
) -> tuple[OverviewEntry, ...]:
    return tuple(
        replace(entries[child], narrower=_branch(child, below, entries, seen | {child}))
        for child in below.get(iri, ())
        if child not in seen
    )
