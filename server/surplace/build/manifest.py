"""The manifest of a release: versions and sources, read from the store itself."""

from __future__ import annotations

from typing import Any

from pyoxigraph import Literal, Store

from surplace import __version__
from surplace.build.closure import select
from surplace.namespaces import sparql_prologue

_SOURCES = """
SELECT ?iri (MIN(STR(?name)) AS ?label) (MIN(STR(?kinds)) AS ?kind) (MIN(STR(?horizons)) AS ?horizon)
       (MIN(STR(?days)) AS ?published) (COUNT(DISTINCT ?passage) AS ?passages)
WHERE {
    ?iri a sur:Source .
    OPTIONAL { ?iri skos:prefLabel ?name }
    OPTIONAL { ?iri sur:hasSourceKind ?kinds }
    OPTIONAL { ?iri sur:hasHorizon ?horizons }
    OPTIONAL { ?iri sur:isPublishedOn ?days }
    OPTIONAL { ?passage sur:isPassageOf ?iri }
}
GROUP BY ?iri
ORDER BY STR(?iri)
"""

_VERSION = """
SELECT (MIN(STR(?value)) AS ?version)
WHERE {{
    ?thing a ?kind ; ?property ?value .
    VALUES ?kind {{ {kinds} }}
    VALUES ?property {{
        owl:versionInfo <http://www.w3.org/ns/dcat#version> schema:version dcterms:hasVersion
    }}
    FILTER(isLiteral(?value))
}}
"""
_ABOUT = """
SELECT DISTINCT ?thing ?property ?value
WHERE {
    { ?thing a <http://rdfs.org/ns/void#Dataset> }
    UNION
    {
        ?dataset a <http://rdfs.org/ns/void#Dataset> ; ?leads ?thing
        FILTER(STRSTARTS(STR(?thing), STR(?dataset)))
    }
    UNION
    {
        ?dataset a <http://rdfs.org/ns/void#Dataset> ;
            <http://www.w3.org/ns/dcat#theme>|dcterms:spatial|dcterms:license
            |((dcterms:license|dcterms:creator|dcterms:publisher)?/dcterms:type) ?thing
    }
    ?thing ?property ?value
    FILTER(!isBlank(?value))
}
ORDER BY STR(?thing) ?property ?value
"""
"""What it names and what begins with its own name is described with it, as its authors are.

So are its themes, the places that it is about, its licence, and the types of it, of that and of its authors.
"""
_VERSIONED = {
    "dataset": "<http://www.w3.org/ns/dcat#Dataset> <http://rdfs.org/ns/void#Dataset> schema:Dataset",
    "ontology": "owl:Ontology",
}


def describe_release(store: Store) -> dict[str, Any]:
    """Return what the manifest says besides figures and files: the same of the same store."""
    return {
        "versions": {"surplace": __version__, **{name: _version(store, name) for name in _VERSIONED}},
        "sources": _sources(store),
        "dataset": _dataset(store),
    }


def _version(store: Store, name: str) -> str | None:
    """Return the version that the dataset or the ontology gives itself."""
    query = sparql_prologue() + _VERSION.format(kinds=_VERSIONED[name])
    values = [row["version"].value for row in select(store, query) if row["version"] is not None]
    return values[0] if values else None


def _dataset(store: Store) -> list[dict[str, Any]]:
    """Return what the data say of themselves and of whom they name there: subject, property, and the value.

    The value is an IRI, or a literal with its language or datatype.
    """
    found = []
    for row in select(store, sparql_prologue() + _ABOUT):
        value: dict[str, Any] = {"value": row["value"].value}
        if isinstance(row["value"], Literal):
            value |= {"language": row["value"].language, "datatype": row["value"].datatype.value}
        found.append({"subject": row["thing"].value, "property": row["property"].value, **value})
    return found


def _sources(store: Store) -> list[dict[str, Any]]:
    """Return the sources with their labels, kinds, dates and numbers of passages."""
    sources = []
    for row in select(store, sparql_prologue() + _SOURCES):
        source: dict[str, Any] = {
            name: row[name].value if row[name] is not None else None
            for name in ("iri", "label", "kind", "horizon", "published")
        }
        sources.append({**source, "passages": int(row["passages"].value)})
    return sources
