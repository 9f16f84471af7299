"""A vocabulary as a tree: each concept below the one that is broader."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Triple

from surplace.namespaces import SKOS
from surplace.rdf.terms import Term, text_of
from surplace.web.cells import local_path
from surplace.web.facts import DEFINITION, LABEL
from surplace.web.terms.definitions import Properties, by_subject, names
from surplace.words.properties import example_in_words


@dataclass(frozen=True)
class Concept:
    """A concept with those that are narrower."""

    label: str
    href: str | None
    definition: str
    examples: tuple[str, ...]
    narrower: tuple[Concept, ...]


def tree(triples: Iterable[Triple]) -> tuple[Concept, ...]:
    """Return the top concepts of a scheme, by label; one in a circle of broader ones is shown once."""
    concepts = by_subject(triples)
    below: dict[str, list[str]] = defaultdict(list)
    tops = []
    for iri, values in concepts.items():
        broader = [name for name in names(values.get(SKOS + "broader", ())) if name in concepts]
        for name in broader:
            below[name].append(iri)
        if not broader:
            tops.append(iri)
    return _branch(tops or list(concepts), concepts, below, frozenset())


def size(tops: Iterable[Concept]) -> int:
    """Return how many concepts a tree has."""
    return sum(1 + size(concept.narrower) for concept in tops)


def _branch(
    iris: Iterable[str],
    concepts: Mapping[str, Properties],
    below: Mapping[str, list[str]],
    above: frozenset[str],
) -> tuple[Concept, ...]:
    found = [
        Concept(
            _first(concepts[iri].get(LABEL, ())) or iri,
            local_path(iri),
            _first(concepts[iri].get(DEFINITION, ())),
            tuple(example_in_words(text_of(value)) for value in concepts[iri].get(SKOS + "example", ())),
            _branch(below.get(iri, ()), concepts, below, above | {iri}),
        )
        for iri in iris
        if iri not in above
    ]
    return tuple(sorted(found, key=lambda concept: concept.label.casefold()))


def _first(values: Iterable[Term]) -> str:
    return next((text_of(value) for value in values), "")
