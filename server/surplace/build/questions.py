"""The questions as `graph/catalogue`: described in RDF, beside the knowledge and no part of it."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import NamedNode, Quad

from surplace.build.report import Origins
from surplace.catalogue import load_catalogue
from surplace.catalogue.records import declarations, record
from surplace.namespaces import CATALOGUE
from surplace.rdf.terms import in_graph


def read_questions(directory: Path, origins: Origins) -> list[Quad]:
    """Describe the questions below *directory*; raises SurplaceError for a file that breaks a rule."""
    questions = load_catalogue(directory).questions() if directory.is_dir() else []
    quads = []
    for query in questions:
        described = [in_graph(triple, NamedNode(CATALOGUE)) for triple in record(query)]
        origins.add(f"{directory.resolve().name}/{query.path.relative_to(directory).as_posix()}", described)
        quads += described
    return [*quads, *(in_graph(triple, NamedNode(CATALOGUE)) for triple in declarations(questions))]
