"""What a page says in schema.org, for search engines: as much as fits, and nothing beyond the graph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from surplace.description.dataset import CATALOGUE, TITLE
from surplace.description.graph import DCAT
from surplace.description.parts import PARTS, part_of
from surplace.description.releases import file_iri
from surplace.description.stated import DATASET, agent_of, name_of, text_of, texts_of
from surplace.http.files import GZIP
from surplace.namespaces import BASE, DCTERMS, GRAPH, OWL, SCHEMA, SKOS, SUR, VOID
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

_TYPES: Final = {
    OWL + "Ontology": "DefinedTermSet",
    SKOS + "ConceptScheme": "DefinedTermSet",
    SKOS + "Concept": "DefinedTerm",
    OWL + "Class": "DefinedTerm",
    OWL + "ObjectProperty": "DefinedTerm",
    OWL + "DatatypeProperty": "DefinedTerm",
    OWL + "AnnotationProperty": "DefinedTerm",
    VOID + "Dataset": "Dataset",
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
        "description": text(facts, DEFINITION) or text(facts, DCTERMS + "description") or _part(iri, found),
        "url": iri,
        "sameAs": list(iris(facts, SKOS + "exactMatch")),
        **_special(found, facts, labels),
    }
    return {key: value for key, value in data.items() if value and value != {"@id": iri}}


def dataset(facts: Facts, manifest: Mapping[str, Any] | None) -> dict[str, Any]:
    """Describe the whole graph from what it says of itself, with the files of the release if there is one."""
    name = text(facts, DCTERMS + "title") or "Surplace"
    data = described(DATASET, name, {**facts, TYPE: (NamedNode(VOID + "Dataset"),)}, {})
    more = _of_release(manifest) if manifest else {}
    found = {key: value for key, value in more.items() if value}
    return {**data, "url": BASE, "isAccessibleForFree": True, "inLanguage": "en", **found}


def _of_release(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members that a manifest has values for, some of them empty."""
    places = texts_of(manifest, DCTERMS + "spatial")
    return {
        "identifier": DATASET,
        "creator": _agent(manifest, "creator"),
        "publisher": _agent(manifest, "publisher"),
        "datePublished": text_of(manifest, "issued"),
        "dateModified": text_of(manifest, "modified"),
        "keywords": texts_of(manifest, DCAT + "keyword"),
        "temporalCoverage": _period(manifest),
        "spatialCoverage": [
            {"@type": "Place", "@id": place, "name": name_of(manifest, place)} for place in places
        ],
        "includedInDataCatalog": {"@type": "DataCatalog", "@id": CATALOGUE, "name": TITLE, "url": BASE},
        "distribution": [_download(manifest, record) for record in manifest.get("dumps", ())],
    }


def _agent(manifest: Mapping[str, Any], role: str) -> dict[str, str] | None:
    name = agent_of(manifest, role)
    return {"@type": "Organization", "name": name} if name else None


def _period(manifest: Mapping[str, Any]) -> str:
    """Return the days that the data are about as an interval of ISO 8601, open where a day is not known."""
    period = text_of(manifest, "temporal")
    days = [next(iter(texts_of(manifest, DCAT + name, period)), "..") for name in ("startDate", "endDate")]
    return "/".join(days) if days != ["..", ".."] else ""


def _download(manifest: Mapping[str, Any], record: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "@type": "DataDownload",
        "name": record["title"],
        "contentUrl": file_iri(manifest, record["name"]),
        "encodingFormat": [record["media_type"], GZIP] if record["gzip"] else record["media_type"],
        "contentSize": f"{record['bytes']} B",
        "sha256": record["sha256"],
    }


def _part(iri: str, found: str) -> str:
    """Return what a graph is that is described as a dataset, in as many words as search engines ask for."""
    if found != "Dataset" or not iri.startswith(GRAPH):
        return ""
    return f"A named graph of the knowledge graph Surplace. {PARTS[part_of(iri)].title}."


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
