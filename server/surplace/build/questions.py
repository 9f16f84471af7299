"""The questions as `graph/catalogue`: described in RDF, beside the knowledge and no part of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pyoxigraph import NamedNode, Quad

from surplace.build.literals import literal_faults
from surplace.build.report import Origins, Violation
from surplace.catalogue import Catalogue, Query, load_catalogue
from surplace.catalogue.records import declarations, record
from surplace.namespaces import CATALOGUE
from surplace.rdf.terms import in_graph


def read_queries(directory: Path) -> Catalogue:
    """Read the questions and checks below *directory*; no folder is none.

    Raises SurplaceError for a file that breaks a rule.
    """
    return load_catalogue(directory) if directory.is_dir() else Catalogue({})


def named_questions(queries: Catalogue, directory: Path) -> list[tuple[str, Query]]:
    """Return the questions below *directory*, each with the name of its file in messages."""
    shown = directory.resolve().name
    return [(f"{shown}/{q.path.relative_to(directory).as_posix()}", q) for q in queries.questions()]


def describe_questions(
    questions: Iterable[tuple[str, Query]], origins: Origins
) -> tuple[list[Quad], list[Violation]]:
    """Describe questions, each with the name of its file; return besides the faults of their defaults."""
    quads: list[Quad] = []
    violations: list[Violation] = []
    for name, query in questions:
        described = [in_graph(triple, NamedNode(CATALOGUE)) for triple in record(query)]
        origins.add(name, described, query.path)
        violations += literal_faults(query.path, name, described)
        quads += described
    quads += (in_graph(triple, NamedNode(CATALOGUE)) for triple in declarations())
    return quads, violations
