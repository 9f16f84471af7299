"""Counts what a release holds as VoID wants it: statements, entities, classes, properties, links."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from pyoxigraph import NamedNode, Quad

from surplace.build.sources import graph_of
from surplace.description.parts import DEFAULT, PARTS, collection_of, namespace_of, part_of
from surplace.namespaces import BASE, OWL, RDF, RDFS, SH, SUR, XSD
from surplace.rdf.terms import RDF_TYPE, Term

LANGUAGES: Final = (RDF, RDFS, OWL, XSD, SH)
"""What terms and shapes are written in: names of theirs are no links to somebody's data."""

EXAMPLES: Final = (
    "State",
    "Treaty",
    "Provision",
    "ConsentToBeBound",
    "Reservation",
    "Finding",
    "Claim",
    "TextPassage",
)
"""Classes of which an example is given each: the instance of which most is said."""

_SUBJECT, _TRIPLE = attrgetter("subject"), attrgetter("triple")


def count(quads: Iterable[Quad]) -> dict[str, Any]:
    """Return the figures: of the `whole`, its `parts` and `links`; with `examples` and `vocabularies`.

    *quads* are in the order of a dump, where what is said of a subject stands together. A statement that
    stands in several graphs of a part counts once in it. An entity is a subject whose IRI is ours. Classes
    come with the number of their named instances; properties with those of statements, subjects and objects.
    """
    counting = _Counting()
    for subject, about in groupby(quads, _SUBJECT):
        counting.take(subject, about)
    return counting.figures()


class _Tally:
    """Statements, their subjects and their objects; statements of a subject come one after another."""

    def __init__(self) -> None:
        self.triples = self.subjects = self.entities = 0
        self.objects: set[int] = set()
        self._latest = -1

    def add(self, subject: int, value: int, ours: bool) -> None:
        """Count a statement."""
        self.triples += 1
        self.objects.add(value)
        if subject != self._latest:
            self._latest = subject
            self.subjects += 1
            self.entities += ours

    def figures(self) -> dict[str, int]:
        """Return the numbers, of entities too."""
        return {"triples": self.triples, "entities": self.entities, **self._terms()}

    def of_property(self) -> dict[str, int]:
        """Return the numbers, of entities not."""
        return {"triples": self.triples, **self._terms()}

    def _terms(self) -> dict[str, int]:
        return {"subjects": self.subjects, "objects": len(self.objects)}


class _Detail(_Tally):
    """The same by property too, and the named instances of each class."""

    def __init__(self) -> None:
        super().__init__()
        self.properties: dict[str, _Tally] = defaultdict(_Tally)
        self.classes: Counter[str] = Counter()

    def detailed(self) -> dict[str, Any]:
        """Return the numbers, by class and by property too."""
        properties = {name: tally.of_property() for name, tally in sorted(self.properties.items())}
        return {**self.figures(), "classes": dict(sorted(self.classes.items())), "properties": properties}


class _Counting:
    """What was counted so far: no statement is kept, only each object with its number."""

    def __init__(self) -> None:
        self.whole, self.vouched = _Detail(), _Detail()
        self.parts: dict[str, _Tally] = defaultdict(_Tally, {DEFAULT: self.vouched})
        self.graphs: dict[str, str] = {}
        self.links: Counter[tuple[str, str]] = Counter()
        self.best: dict[str, tuple[int, str]] = {}
        self._objects: dict[Term, tuple[int, str]] = {}
        self._subject = -1

    def take(self, subject: Term, about: Iterable[Quad]) -> None:
        """Count what is said of a subject, wherever it is said."""
        self._subject += 1
        ours, said, classes = _iri(subject).startswith(BASE), self.vouched.triples, []
        for triple, stated in groupby(about, _TRIPLE):
            name, value = triple.predicate.value, triple.object
            number, linked = self._numbered(value)
            parts = {self._part(graph_of(quad)) for quad in stated}
            for part in parts:
                self.parts[part].add(self._subject, number, ours)
            for detail in (self.whole, self.vouched) if DEFAULT in parts else (self.whole,):
                detail.properties[name].add(self._subject, number, ours)
                if triple.predicate == RDF_TYPE and isinstance(value, NamedNode):
                    detail.classes[value.value] += isinstance(subject, NamedNode)
            self.whole.add(self._subject, number, ours)
            if linked and ours and not name.startswith((RDF, SH)):
                self.links[name, linked] += 1
            if triple.predicate == RDF_TYPE and DEFAULT in parts:
                classes.append(_iri(value))
        if isinstance(subject, NamedNode):
            rank = said - self.vouched.triples, subject.value
            for name in classes:
                self.best[name] = min(rank, self.best.get(name, rank))

    def _numbered(self, value: Term) -> tuple[int, str]:
        """Return the number of an object, and the collection of others that it belongs to."""
        known = self._objects.get(value)
        if known is None:
            iri = _iri(value)
            linked = collection_of(iri) if iri and not iri.startswith((BASE, *LANGUAGES)) else ""
            known = self._objects[value] = len(self._objects), linked
        return known

    def _part(self, graph: str) -> str:
        """Return the part that a graph belongs to."""
        if graph not in self.graphs:
            self.graphs[graph] = part_of(graph)
        return self.graphs[graph]

    def figures(self) -> dict[str, Any]:
        """Return all figures."""
        whole, graphs = self.whole.detailed(), Counter(self.graphs.values())
        named = {
            name: {"graphs": graphs[name], **self.parts[name].figures()}
            for name in PARTS
            if name != DEFAULT and graphs[name]
        }
        return {
            "whole": whole,
            "parts": {DEFAULT: {"graphs": 1, **self.vouched.detailed()}, **named},
            "links": [
                {"property": name, "target": target, "triples": number}
                for (name, target), number in sorted(self.links.items())
            ],
            "examples": [self.best[SUR + name][1] for name in EXAMPLES if SUR + name in self.best],
            "vocabularies": sorted({namespace_of(iri) for iri in (*whole["classes"], *whole["properties"])}),
        }


def _iri(term: Term) -> str:
    """Return the IRI of a term; what has none does not come as a class or property."""
    return term.value if isinstance(term, NamedNode) else ""
