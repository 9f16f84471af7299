"""What a page says in schema.org, for search engines: as much as fits, and nothing beyond the graph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from surplace.description.graph import DCAT
from surplace.description.releases import file_iri
from surplace.description.stated import agent_of
from surplace.namespaces import BASE, DCTERMS, GRAPH, OWL, SCHEMA, SKOS, SUR
from surplace.web.facts import (
    DEFINED_BY,
    DEFINITION,
    IN_SCHEME,
    PART_OF,
    PASSAGE_OF,
    TYPE,
    Facts,
    classes,
    iris,
    text,
)
from surplace.web.writing import LICENCE

VOCABULARY: Final = "https://schema.org"

DATASET: Final = BASE + "dataset"

_VOID_DATASET: Final = "http://rdfs.org/ns/void#Dataset"
_TYPES: Final = {
    OWL + "Ontology": "DefinedTermSet",
    SKOS + "ConceptScheme": "DefinedTermSet",
    SKOS + "Concept": "DefinedTerm",
    OWL + "Class": "DefinedTerm",
    OWL + "ObjectProperty": "DefinedTerm",
    OWL + "DatatypeProperty": "DefinedTerm",
    OWL + "AnnotationProperty": "DefinedTerm",
    _VOID_DATASET: "Dataset",
    SUR + "Claim": "Claim",
    SUR + "State": "Country",
    SUR + "SubnationalJurisdiction": "AdministrativeArea",
    SUR + "Person": "Person",
    SUR + "Organization": "Organization",
    SUR + "Event": "Event",
    SUR + "Provision": "Legislation",
    SUR + "LegalInstrument": "Legislation",
    SUR + "Document": "CreativeWork",
    SUR + "DocumentPart": "CreativeWork",
    SUR + "Source": "CreativeWork",
    SUR + "Passage": "CreativeWork",
    SUR + "Rule": "SoftwareSourceCode",
}
"""The type of schema.org for each class that has one; the first that fits is taken."""


def kind(iri: str, facts: Facts) -> str:
    """Return the type of schema.org that fits a name best: a graph is a dataset, and anything is a thing."""
    known = set(classes(facts))
    found = next((name for cls, name in _TYPES.items() if cls in known), "")
    return found or ("Dataset" if iri.startswith(GRAPH) else "Thing")


def described(iri: str, name: str, facts: Facts, labels: Mapping[str, str]) -> dict[str, Any]:
    """Describe a name in JSON-LD; members without a value are left out."""
    found = kind(iri, facts)
    others = facts.get(SKOS + "altLabel", ())
    data: dict[str, Any] = {
        "@context": VOCABULARY,
        "@id": iri,
        "@type": found,
        "name": name,
        "alternateName": [term.value for term in others if isinstance(term, Literal)],
        "description": text(facts, DEFINITION) or text(facts, DCTERMS + "description"),
        "url": iri,
        "sameAs": list(iris(facts, SKOS + "exactMatch")),
        **_special(found, facts, labels),
    }
    return {key: value for key, value in data.items() if value and value != {"@id": iri}}


def dataset(facts: Facts, manifest: Mapping[str, Any] | None) -> dict[str, Any]:
    """Describe the whole graph from what it says of itself, with the files of the release if there is one."""
    name = text(facts, DCTERMS + "title") or "Surplace"
    data = described(DATASET, name, {**facts, TYPE: (NamedNode(_VOID_DATASET),)}, {})
    agent = agent_of(manifest, "creator") if manifest else ""
    more = {
        "creator": {"@type": "Organization", "name": agent} if agent else None,
        "datePublished": text(facts, DCTERMS + "issued"),
        "dateModified": text(facts, DCTERMS + "modified"),
        "keywords": [term.value for term in facts.get(DCAT + "keyword", ()) if isinstance(term, Literal)],
        "distribution": [_download(manifest, record) for record in manifest["dumps"]] if manifest else [],
    }
    found = {key: value for key, value in more.items() if value}
    return {**data, "url": BASE, "isAccessibleForFree": True, **found}


def _download(manifest: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "@type": "DataDownload",
        "name": record["title"],
        "contentUrl": file_iri(manifest, record["name"]),
        "encodingFormat": record["media_type"],
        "contentSize": f"{record['bytes']} B",
        "sha256": record["sha256"],
    }


def _special(found: str, facts: Facts, labels: Mapping[str, str]) -> dict[str, Any]:
    """Return the members that only some types have."""
    if found == "DefinedTerm":
        sets = (*iris(facts, IN_SCHEME), *iris(facts, DEFINED_BY))
        return {"inDefinedTermSet": list(sets)}
    if found in ("Dataset", "DefinedTermSet"):
        return {
            "license": LICENCE,
            "version": text(facts, OWL + "versionInfo"),
            "isPartOf": {"@id": DATASET},
        }
    if found == "Country":
        return {"identifier": _identifier("ISO 3166-1 alpha-3", text(facts, SUR + "hasIsoCode"))}
    if found == "Legislation":
        return {
            "legislationIdentifier": text(facts, SUR + "hasSymbol") or text(facts, SUR + "hasNumber"),
            "legislationDate": text(facts, SUR + "isAdoptedOn"),
            "isPartOf": _things(facts, PART_OF, labels),
        }
    if found == "Claim":
        return {
            "author": _things(facts, SUR + "isClaimedBy", labels),
            "dateCreated": text(facts, SUR + "isClaimedOn"),
        }
    if found == "CreativeWork":
        return {
            "isPartOf": _things(facts, PASSAGE_OF, labels) or _things(facts, PART_OF, labels),
            "datePublished": text(facts, SUR + "isPublishedOn"),
        }
    if found == "SoftwareSourceCode":
        return {"programmingLanguage": "SPARQL", "text": text(facts, SUR + "hasQueryText")}
    return {}


def _identifier(scheme: str, value: str) -> dict[str, str] | None:
    if not value:
        return None
    return {"@type": "PropertyValue", "propertyID": scheme, "value": value}


def _things(facts: Facts, name: str, labels: Mapping[str, str]) -> list[dict[str, str]]:
    """Refer to the values of a property, by label where one is known."""
    return [_thing(iri, labels) for iri in iris(facts, name)]


def _thing(iri: str, labels: Mapping[str, str]) -> dict[str, str]:
    return {"@id": iri, "name": labels[iri]} if iri in labels else {"@id": iri}


def types(found: str) -> tuple[str, ...]:
    """Return the types that a page is said to be of in its links: a page about a thing of that type."""
    return (SCHEMA + "AboutPage", SCHEMA + found)
