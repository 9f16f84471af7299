"""The ontology as files: modules and vocabularies, shapes and alignments, each in a graph of its own."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from surplace.build.literals import literal_faults
from surplace.build.report import Origins, Violation
from surplace.errors import SurplaceError
from surplace.folders import QUERY, files_below
from surplace.namespaces import ALIGNMENTS, BASE, ONTOLOGY, OWL, RDFS, RETIRED, SH, SHAPE, SHAPES, SKOS
from surplace.rdf.terms import RDF_TYPE
from surplace.rdf.turtle import read

_PARTS = {
    ONTOLOGY: ("surplace.ttl", "foreign.ttl", "modules/*.ttl", "vocabularies/*.ttl"),
    SHAPES: ("shapes/*.ttl",),
    ALIGNMENTS: ("alignments.ttl",),
    RETIRED: ("retired.ttl",),
}
_RULES = ("rules/*.rq",)
"""The files of the ontology that are no graph of their own, and read apart."""


@dataclass
class Ontology:
    """The quads of the graphs `graph/ontology`, `graph/shapes`, `graph/alignments` and `graph/retired`."""

    terms: list[Quad] = field(default_factory=list)
    shapes: list[Quad] = field(default_factory=list)
    alignments: list[Quad] = field(default_factory=list)
    retired: list[Quad] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    """The literals that no file may hold."""

    def quads(self) -> list[Quad]:
        """Return all of them."""
        return [*self.terms, *self.shapes, *self.alignments, *self.retired]


def read_ontology(directory: Path, origins: Origins) -> Ontology:
    """Read the Turtle files of the ontology; raises SurplaceError for one that cannot be parsed."""
    if not directory.is_dir():
        raise SurplaceError(f"{directory} is not a folder: name the folder of the ontology.")
    ontology = Ontology()
    parts = (ontology.terms, ontology.shapes, ontology.alignments, ontology.retired)
    for (graph, files), quads in zip(_files(directory).items(), parts, strict=True):
        for path, name in files:
            stated = read(path, shown=name)
            ontology.violations += literal_faults(path, name, stated)
            placed = [Quad(quad.subject, quad.predicate, quad.object, NamedNode(graph)) for quad in stated]
            quads += placed
            origins.add(name, placed, path)
    ontology.shapes += _names(ontology)
    return ontology


def _names(ontology: Ontology) -> list[Quad]:
    """Name each property shape that has a message, as forms that are made of shapes do.

    It is called as its property is; where that has no label here, or is a path, as the shape itself.
    """
    labels = {
        quad.subject: quad.object
        for quad in ontology.terms
        if quad.predicate.value in (SKOS + "prefLabel", RDFS + "label")
    }
    told = {quad.subject for quad in ontology.shapes if quad.predicate.value == SH + "message"}
    paths = {quad.subject: quad.object for quad in ontology.shapes if quad.predicate.value == SH + "path"}
    named = {
        shape: labels.get(path, _spelt(shape)) if isinstance(path, NamedNode) else _spelt(shape)
        for shape, path in paths.items()
        if shape in told
    }
    return [Quad(shape, NamedNode(SH + "name"), name, NamedNode(SHAPES)) for shape, name in named.items()]


def _spelt(shape: NamedNode | BlankNode | Triple) -> Literal:
    """Spell the name of a shape in words."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", str(shape).strip("<>").removeprefix(SHAPE)).lower()
    return Literal(words, language="en")


def term_files(directory: Path) -> list[Path]:
    """Return the files of `graph/ontology` in the order in which they are read."""
    return [path for path, _ in _files(directory)[ONTOLOGY]]


def _files(directory: Path) -> dict[str, list[tuple[Path, str]]]:
    """Return the files of each graph, in the order in which they are read, with their names in messages.

    Raises SurplaceError for a file that lies where none is read.
    """
    found = files_below(directory, directory.resolve().name, {".ttl": "Turtle", **QUERY})

    def fitting(patterns: Iterable[str]) -> list[tuple[Path, str]]:
        places = {file: file[0].relative_to(directory) for file in found}
        return [
            file
            for pattern in patterns
            for file, place in places.items()
            if place.match(pattern) and len(place.parts) == pattern.count("/") + 1
        ]

    files = {graph: fitting(patterns) for graph, patterns in _PARTS.items()}
    read = {*fitting(_RULES), *(file for those in files.values() for file in those)}
    for file in found:
        if file not in read:
            raise SurplaceError(
                f"{file[1]} is not read there: put Turtle into modules, vocabularies or shapes, and a rule "
                "into rules."
            )
    return files


def as_one_ontology(terms: Iterable[Triple]) -> Iterator[Triple]:
    """Yield the triples of graph/ontology as one `owl:Ontology` that imports nothing.

    An editor of ontologies takes a file to hold one ontology. The modules and vocabularies stay described, as
    what their terms are defined by.
    """
    versioned, whole = NamedNode(OWL + "versionIRI"), NamedNode(BASE + "ontology")
    declared = (RDF_TYPE, NamedNode(OWL + "Ontology"))
    return (
        triple
        for triple in terms
        if triple.predicate.value != OWL + "imports"
        and (triple.subject == whole or (triple.predicate != versioned and tuple(triple)[1:] != declared))
    )
