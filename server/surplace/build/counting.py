"""Counts what a release holds as VoID wants it: statements, entities, classes, properties, links."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from typing import Any, Final, TypeAlias

from pyoxigraph import NamedNode, Quad, Triple

from surplace.build.sources import graph_of
from surplace.description.parts import DEFAULT, PARTS, collection_of, namespace_of, part_of
from surplace.namespaces import BASE, OWL, RDF, RDFS, SH, SUR, XSD
from surplace.rdf.terms import Term

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

_TYPE: Final = NamedNode(RDF + "type")
_Row: TypeAlias = tuple[int, int, int]
"""A statement: the numbers of its subject, predicate and object. To compare terms takes far longer."""


def count(quads: Iterable[Quad]) -> dict[str, Any]:
    """Return the figures: of the `whole`, its `parts` and `links`; with `examples` and `vocabularies`.

    A statement that stands in several graphs of a part counts once in it. An entity is a subject whose IRI
    is ours. Classes come with the number of their named instances; properties with those of statements,
    subjects and objects.
    """
    return _Counting(quads).figures()


class _Counting:
    """The statements of a release by the part that they stand in."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self.terms: list[Term] = []
        self.whole: list[_Row] = []
        self.parts: dict[str, set[int]] = defaultdict(set)
        self.graphs: dict[str, set[str]] = defaultdict(set)
        numbers: dict[Term, int] = {}
        rows: dict[Triple, int] = {}
        for quad in quads:
            graph, triple = graph_of(quad), quad.triple
            if triple not in rows:
                rows[triple] = len(rows)
                subject, predicate, value = (numbers.setdefault(term, len(numbers)) for term in triple)
                self.whole.append((subject, predicate, value))
            part = part_of(graph)
            self.parts[part].add(rows[triple])
            self.graphs[part].add(graph)
        self.terms = list(numbers)
        self.type = numbers.get(_TYPE, -1)

    def figures(self) -> dict[str, Any]:
        """Return all figures."""
        whole = self._detailed(self.whole)
        vouched = [self.whole[row] for row in self.parts[DEFAULT]]
        named = {
            name: {
                "graphs": len(self.graphs[name]),
                **self._totals([self.whole[row] for row in self.parts[name]]),
            }
            for name in PARTS
            if name != DEFAULT and name in self.parts
        }
        return {
            "whole": whole,
            "parts": {DEFAULT: {"graphs": 1, **self._detailed(vouched)}, **named},
            "links": self._links(),
            "examples": self._examples(vouched),
            "vocabularies": sorted({namespace_of(iri) for iri in (*whole["classes"], *whole["properties"])}),
        }

    def _detailed(self, rows: Collection[_Row]) -> dict[str, Any]:
        return {**self._totals(rows), "classes": self._by_class(rows), "properties": self._by_property(rows)}

    def _totals(self, rows: Collection[_Row]) -> dict[str, int]:
        """Count statements without regard to which classes and properties they have."""
        subjects = {row[0] for row in rows}
        return {
            "triples": len(rows),
            "entities": sum(_is_ours(self.terms[number]) for number in subjects),
            "subjects": len(subjects),
            "objects": len({row[2] for row in rows}),
        }

    def _by_class(self, rows: Iterable[_Row]) -> dict[str, int]:
        """Return the classes, each with the number of instances that have a name."""
        instances: dict[int, set[int]] = defaultdict(set)
        for subject, predicate, value in rows:
            if predicate == self.type:
                instances[value].add(subject)
        named = {
            term.value: sum(isinstance(self.terms[number], NamedNode) for number in found)
            for value, found in instances.items()
            if isinstance(term := self.terms[value], NamedNode)
        }
        return dict(sorted(named.items()))

    def _by_property(self, rows: Iterable[_Row]) -> dict[str, dict[str, int]]:
        """Return the properties, each with the number of statements, of subjects and of objects."""
        found: dict[int, list[_Row]] = defaultdict(list)
        for row in rows:
            found[row[1]].append(row)
        counted = {
            _iri(self.terms[predicate]): {
                "triples": len(stated),
                "subjects": len({row[0] for row in stated}),
                "objects": len({row[2] for row in stated}),
            }
            for predicate, stated in found.items()
        }
        return dict(sorted(counted.items()))

    def _links(self) -> list[dict[str, Any]]:
        """Count the statements that lead from our names to those of others, by property and collection."""
        found: Counter[tuple[str, str]] = Counter()
        for subject, predicate, value in self.whole:
            linked = self.terms[value]
            if (
                isinstance(linked, NamedNode)
                and not _iri(self.terms[predicate]).startswith((RDF, SH))
                and _is_ours(self.terms[subject])
                and not linked.value.startswith((BASE, *LANGUAGES))
            ):
                found[_iri(self.terms[predicate]), collection_of(linked.value)] += 1
        return [
            {"property": name, "target": target, "triples": number}
            for (name, target), number in sorted(found.items())
        ]

    def _examples(self, rows: Collection[_Row]) -> list[str]:
        """Return an instance of each class of EXAMPLES: that of which most is said, the first of equals."""
        said = Counter(row[0] for row in rows)
        instances: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for subject, predicate, value in rows:
            if predicate == self.type and isinstance(self.terms[subject], NamedNode):
                instances[_iri(self.terms[value])].append((-said[subject], _iri(self.terms[subject])))
        return [min(instances[SUR + name])[1] for name in EXAMPLES if SUR + name in instances]


def _iri(term: Term) -> str:
    """Return the IRI of a term; what has none does not come as a class or property."""
    return term.value if isinstance(term, NamedNode) else ""


def _is_ours(term: Term) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(BASE)
