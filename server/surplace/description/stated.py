"""What the data say of themselves: their title, licence and authors, and of whom and what they name there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from surplace.description.graph import DCAT, DescriptionGraph, Value, address, english
from surplace.namespaces import DCTERMS, FOAF, OWL, SKOS, XSD

DATASET: Final = address("dataset")
AGENTS: Final = (DCTERMS + "creator", DCTERMS + "contributor", DCTERMS + "publisher")
"""Whoever has one of these roles is an agent."""


def repeat(about: DescriptionGraph, manifest: Mapping[str, Any]) -> None:
    """Repeat all of it, with a title and a description where they say none.

    DCAT has a property of its own for the version.
    """
    repeat_for(DATASET, about, manifest)
    for name, words in (("title", "Surplace"), ("description", "A knowledge graph, as one build wrote it.")):
        if not text_of(manifest, name):
            about.say(DATASET, DCTERMS + name, english(words))
    for version in values_of(manifest, OWL + "versionInfo"):
        about.say(DATASET, DCAT + "version", version)


def repeat_for(subject: str, about: DescriptionGraph, manifest: Mapping[str, Any], *properties: str) -> None:
    """Say of *subject* what the data say of themselves with those properties, or with any if there are none.

    What they say of others, such as their authors, is repeated with it.
    """
    agents = {value for role in AGENTS for value in values_of(manifest, role)}
    for item in manifest.get("dataset", ()):
        if item["subject"] != DATASET:
            about.say(item["subject"], item["property"], _value(item))
            if item["property"] == SKOS + "prefLabel" and item["subject"] in agents:
                about.say(item["subject"], FOAF + "name", _value(item))
        elif not properties or item["property"] in properties:
            about.say(subject, item["property"], _value(item))


def values_of(manifest: Mapping[str, Any], prop: str, subject: str = DATASET) -> Iterator[Value]:
    """Yield what the data say with a property of themselves, or of another *subject* that they name there."""
    for item in manifest.get("dataset", ()):
        if item["subject"] == subject and item["property"] == prop:
            yield _value(item)


def texts_of(manifest: Mapping[str, Any], prop: str, subject: str = DATASET) -> list[str]:
    """Return the same as texts: IRIs, or literals without language and datatype."""
    values = values_of(manifest, prop, subject)
    return [value.value if isinstance(value, Literal) else str(value) for value in values]


def text_of(manifest: Mapping[str, Any], name: str) -> str:
    """Return what the data say of themselves with that term of Dublin Core, or nothing."""
    return next(iter(texts_of(manifest, DCTERMS + name)), "")


def licence_of(manifest: Mapping[str, Any]) -> str | None:
    """Return the IRI of the licence of the data, if they name one."""
    return text_of(manifest, "license") or None


def name_of(manifest: Mapping[str, Any], thing: str) -> str:
    """Return the name of a thing that the data name with themselves, or else its IRI."""
    return next(iter(texts_of(manifest, SKOS + "prefLabel", thing)), thing)


def agent_of(manifest: Mapping[str, Any], role: str) -> str:
    """Return the name of whoever has that role, a term of Dublin Core, or nothing."""
    return name_of(manifest, text_of(manifest, role))


def _value(item: Mapping[str, Any]) -> Value:
    if "datatype" not in item:
        return str(item["value"])
    if item["language"]:
        return Literal(item["value"], language=item["language"])
    if item["datatype"] == XSD + "string":
        return Literal(item["value"])
    return Literal(item["value"], datatype=NamedNode(item["datatype"]))
