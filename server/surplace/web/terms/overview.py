"""The ontology as a whole: its modules, its classes as a tree, its vocabularies, and the rules."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.namespaces import sparql_prologue
from surplace.rdf.terms import text_of
from surplace.web.cells import local_path

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
SELECT ?item ?title (MIN(?parent) AS ?above)
WHERE {
    ?item a owl:Class ; skos:prefLabel ?title .
    OPTIONAL { ?item rdfs:subClassOf ?parent FILTER(isIRI(?parent)) }
}
GROUP BY ?item ?title
ORDER BY LCASE(?title)
"""
_RULES: Final = """
SELECT ?item ?title ?stratum
WHERE { ?item a sur:Rule ; skos:prefLabel ?title ; sur:hasStratum ?stratum }
ORDER BY ?stratum ?title
"""


@dataclass(frozen=True)
class OverviewEntry:
    """A line of the overview; *iri* is that of a class, *narrower* are the entries below it in a tree."""

    title: str
    href: str | None
    about: str = ""
    counts: tuple[int, ...] = ()
    narrower: tuple[OverviewEntry, ...] = ()
    iri: str = ""


@dataclass(frozen=True)
class Overview:
    """What the page of the ontology lists."""

    modules: tuple[OverviewEntry, ...]
    classes: tuple[OverviewEntry, ...]
    schemes: tuple[OverviewEntry, ...]
    rules: tuple[OverviewEntry, ...]


def overview(knowledge: Knowledge) -> Overview:
    """Ask for the lists of the overview; an embedded release is asked once."""
    modules = [_entry(row, "classes", "properties") for row in _rows(knowledge, _MODULES)]
    schemes = [_entry(row, "concepts") for row in _rows(knowledge, _SCHEMES)]
    rules = [_entry(row, "stratum") for row in _rows(knowledge, _RULES)]
    return Overview(tuple(modules), _tree(_rows(knowledge, _CLASSES)), tuple(schemes), tuple(rules))


def _rows(knowledge: Knowledge, query: str) -> list[Row]:
    return list(knowledge.remembered(sparql_prologue() + query).rows)


def _entry(row: Row, *counts: str) -> OverviewEntry:
    iri = text_of(row["item"])
    about = text_of(row["about"]) if "about" in row else ""
    numbers = tuple(int(text_of(row[name])) for name in counts)
    return OverviewEntry(
        text_of(row["title"]).removeprefix("Surplace ontology: "), local_path(iri), about, numbers
    )


def _tree(rows: Iterable[Row]) -> tuple[OverviewEntry, ...]:
    """Put classes below their superclass; one that has several stands below the first."""
    titles = {text_of(row["item"]): text_of(row["title"]) for row in rows}
    below: dict[str, list[str]] = defaultdict(list)
    for row in rows:
        above = text_of(row["above"]) if "above" in row else ""
        below[above if above in titles else ""].append(text_of(row["item"]))
    return _branch("", below, titles, frozenset())


def _branch(
    iri: str, below: Mapping[str, list[str]], titles: Mapping[str, str], seen: frozenset[str]
) -> tuple[OverviewEntry, ...]:
    return tuple(
        OverviewEntry(
            titles[child],
            local_path(child),
            narrower=_branch(child, below, titles, seen | {child}),
            iri=child,
        )
        for child in below.get(iri, ())
        if child not in seen
    )
