"""Runs a query on both engines, over the same data, and gives the rows in one form."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import rdflib
from pyoxigraph import Literal, NamedNode, QuerySolutions, QueryTriples, RdfFormat, Store

from surplace.build.axioms import Axioms
from surplace.build.closure import close
from surplace.build.ontology import read_ontology
from surplace.build.report import Origins
from surplace.build.sources import read_sources
from surplace.catalogue import Catalogue, Query, load_catalogue
from surplace.namespaces import ALIGNMENTS, SHAPES, compact
from surplace.resources import ontology_dir, queries_dir

Row = tuple[str, ...]
"""The cells of a row: IRIs shortened with the project's prefixes, literals without datatype, unbound empty."""

DURATION = re.compile(r"[+-]?P.*\d.*")


@dataclass
class Engines:
    """The same dataset in pyoxigraph and in rdflib, whose default graph is not the union of the others."""

    store: Store

    @cached_property
    def dataset(self) -> rdflib.Dataset:
        """The store's quads in rdflib, save the shapes and alignments, which no question asks for."""
        dataset = rdflib.Dataset(default_union=False)
        lines = self.store.dump(format=RdfFormat.N_QUADS)
        assert lines is not None
        kept = [
            line
            for line in lines.decode().splitlines()
            if not line.endswith((f"<{SHAPES}> .", f"<{ALIGNMENTS}> ."))
        ]
        dataset.parse(data="\n".join(kept), format="nquads")
        return dataset

    def oxigraph(self, text: str) -> list[Row]:
        """Run a query in pyoxigraph; the rows of a graph are its triples, sorted."""
        answer = self.store.query(text)
        if isinstance(answer, QueryTriples):
            return sorted({tuple(_cell(term) for term in triple) for triple in answer})
        solutions = cast(QuerySolutions, answer)
        return [tuple(_cell(solution[v]) for v in solutions.variables) for solution in solutions]

    def rdflib(self, text: str) -> list[Row]:
        """Run a query in rdflib; the rows of a graph are its triples, sorted."""
        result = self.dataset.query(text)
        if result.type == "CONSTRUCT":
            assert result.graph is not None
            return sorted({tuple(_cell(term) for term in triple) for triple in result.graph})
        return [tuple(_cell(term) for term in cast(Iterable[Any], row)) for row in result]


def _cell(term: object) -> str:
    """Write a term of either library."""
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return compact(term.value)
    if isinstance(term, Literal):
        return _value(term.value)
    if isinstance(term, rdflib.URIRef):
        return compact(str(term))
    return _value(str(term))


def _value(text: str) -> str:
    """Write zero durations alike: one engine gives P0D back as PT0S."""
    return "PT0S" if DURATION.fullmatch(text) and not re.search("[1-9]", text) else text


def engines_over(data: Sequence[Path], ontology: Path | None = None) -> Engines:
    """Read and close folders of data as the build does; faults in the data fail the test."""
    sources = read_sources(data)
    terms = read_ontology(ontology or ontology_dir(), Origins()).terms
    assert not sources.violations, sources.violations
    return Engines(close(sources, terms, [], Axioms(terms)).store)


def questions() -> Catalogue:
    """Return the queries that answer something (not the checks)."""
    catalogue = load_catalogue(queries_dir())
    return Catalogue({query.name: query for query in catalogue.questions()})


def header(query: Query) -> list[str]:
    """Return the columns of a query; a graph has three."""
    return list(query.columns) or ["subject", "predicate", "object"]
