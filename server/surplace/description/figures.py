"""The figures of a release in VoID: of the whole, of its parts, by class and property, and of its links."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote

from pyoxigraph import Literal

from surplace.description.graph import DescriptionGraph, english
from surplace.description.parts import COLLECTIONS, DEFAULT, PARTS, title_of
from surplace.namespaces import DCTERMS, DESCRIPTION, FOAF, RDFS, VOID, compact

_FIGURES: Final = {
    "triples": "triples",
    "entities": "entities",
    "subjects": "distinctSubjects",
    "objects": "distinctObjects",
}
_NAMES: Final = {known.start: name for name, known in COLLECTIONS.items()}


def describe_figures(about: DescriptionGraph, dataset: str, figures: Mapping[str, Any]) -> None:
    """Say how much *dataset* holds; *figures* are those that the build counted."""
    _totals(about, dataset, figures["whole"])
    _partitions(about, dataset, f"{dataset}#", figures["whole"])
    about.say(dataset, VOID + "vocabulary", *figures["vocabularies"])
    about.say(dataset, VOID + "exampleResource", *figures["examples"])
    for name, part in figures["parts"].items():
        subset = f"{dataset}#{name}"
        about.say(dataset, VOID + "subset", subset)
        about.is_a(subset, VOID + "Dataset")
        about.say(subset, DCTERMS + "title", english(PARTS[name].title))
        about.say(subset, DCTERMS + "description", english(f"It stands in {graphs(name, part['graphs'])}."))
        if name == DEFAULT and "description" in figures["parts"]:
            about.say(subset, RDFS + "seeAlso", DESCRIPTION)
        _totals(about, subset, part)
        if "classes" in part:
            _partitions(about, subset, f"{subset}/", part)
    for link in figures["links"]:
        _linkset(about, dataset, link)


def of_default(manifest: Mapping[str, Any] | None) -> tuple[Mapping[str, int], Mapping[str, int]]:
    """Return how many instances each class has in the default graph, and how many triples each property.

    What has none is left out. Nothing is known of an endpoint, which has no manifest.
    """
    part = (manifest or {}).get("figures", {}).get("parts", {}).get(DEFAULT, {})
    classes = {name: count for name, count in part.get("classes", {}).items() if count}
    return classes, {name: known["triples"] for name, known in part.get("properties", {}).items()}


def graphs(name: str, number: int) -> str:
    """Say in how many graphs a part stands."""
    if name == DEFAULT:
        return "the default graph"
    return "1 named graph" if number == 1 else f"{number} named graphs"


def _totals(about: DescriptionGraph, subject: str, figures: Mapping[str, Any]) -> None:
    for name, prop in _FIGURES.items():
        about.say(subject, VOID + prop, figures[name])
    for name in ("classes", "properties"):
        if name in figures:
            about.say(subject, VOID + name, len(figures[name]))


def _partitions(about: DescriptionGraph, subject: str, start: str, figures: Mapping[str, Any]) -> None:
    """Describe what *subject* holds by class and property, in parts whose names begin with *start*."""
    for name, entities in figures["classes"].items():
        part = f"{start}class/{fragment(name)}"
        about.say(subject, VOID + "classPartition", part)
        about.say(part, VOID + "class", name)
        about.say(part, VOID + "entities", entities)
    for name, counted in figures["properties"].items():
        part = f"{start}property/{fragment(name)}"
        about.say(subject, VOID + "propertyPartition", part)
        about.say(part, VOID + "property", name)
        for figure, number in counted.items():
            about.say(part, VOID + _FIGURES[figure], number)


def _linkset(about: DescriptionGraph, dataset: str, link: Mapping[str, Any]) -> None:
    """Describe the statements with one property that lead to one collection of others."""
    target = _target(about, dataset, link["target"])
    linkset = f"{dataset}#links/{fragment(link['property'])}/{target.rpartition('#')[2]}"
    about.say(dataset, VOID + "subset", linkset)
    about.is_a(linkset, VOID + "Linkset")
    about.say(linkset, VOID + "subjectsTarget", dataset)
    about.say(linkset, VOID + "objectsTarget", target)
    about.say(linkset, VOID + "linkPredicate", link["property"])
    about.say(linkset, VOID + "triples", link["triples"])


def _target(about: DescriptionGraph, dataset: str, start: str) -> str:
    """Describe the collection whose names begin with *start*; return its IRI."""
    name = _NAMES.get(start)
    target = f"{dataset}#to/{name or fragment(start)}"
    about.is_a(target, VOID + "Dataset")
    title = title_of(start)
    about.say(target, DCTERMS + "title", Literal(title) if title == start else english(title))
    about.say(target, VOID + "uriSpace", Literal(start))
    if name:
        about.say(target, FOAF + "homepage", COLLECTIONS[name].home)
    return target


def fragment(iri: str) -> str:
    """Return a name for *iri* inside a fragment: short where a prefix fits."""
    return quote(compact(iri), safe=":/@")
