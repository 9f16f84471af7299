"""Runs a query on both engines, over the same data, and gives the rows in one form."""

from __future__ import annotations

import gc
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any, cast

import rdflib
import rdflib.plugins.sparql
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, QueryTriples, RdfFormat, Store
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query as Prepared

from surplace.build.axioms import Axioms
from surplace.build.closure import close
from surplace.build.findings import conclude
from surplace.build.integrity import faults
from surplace.build.learned import Learned
from surplace.build.ontology import read_ontology
from surplace.build.report import Origins
from surplace.build.sources import read_sources
from surplace.catalogue import Catalogue, Query, load_catalogue
from surplace.namespaces import compact
from surplace.resources import ontology_dir, queries_dir
from surplace.rules.rule import Rule, read_rules

Row = tuple[str, ...]
"""The cells of a row: IRIs with the project's prefixes, literals without datatype, unbound as empty text."""

KEPT = Path(__file__).parent.parent / ".pytest_cache"
"""Where what the tests learned of the ontology is kept, by the hash of its files."""
DURATION = re.compile(r"[+-]?P.*\d.*")


@dataclass
class Engines:
    """The same dataset in pyoxigraph and in rdflib, whose default graph is not the union of the others."""

    store: Store

    @cached_property
    def dataset(self) -> rdflib.Dataset:
        """The store's quads in rdflib."""
        with _quiet():
            dataset = rdflib.Dataset(default_union=False)
        dump = self.store.dump(format=RdfFormat.N_QUADS)
        assert dump is not None
        with _quiet():
            dataset.parse(data=dump.decode(), format="nquads")
        # millions of objects that stay: who collects garbage need not look at them again
        gc.freeze()
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
        with _quiet():
            result = self.dataset.query(_prepared(text))
            if result.type == "CONSTRUCT":
                assert result.graph is not None
                return sorted({tuple(_cell(term) for term in triple) for triple in result.graph})
            return [tuple(_cell(term) for term in cast(Iterable[Any], row)) for row in result]


@cache
def _prepared(text: str) -> Prepared:
    """Parse a query for rdflib, once for all data: that takes longer than to answer it."""
    return prepareQuery(text)


@contextmanager
def _quiet() -> Iterator[None]:
    """Let rdflib use what it deprecates itself: its Dataset calls such properties of its own."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        yield


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


@cache
def project_axioms() -> tuple[list[Quad], Axioms]:
    """Return the terms and axioms of the ontology; owlrl takes seconds, so they are kept as a build does."""
    terms = read_ontology(ontology_dir(), Origins()).terms
    learned = Learned(KEPT)
    axioms = learned.axioms(ontology_dir(), terms)
    learned.keep(KEPT)
    return terms, axioms


@cache
def project_rules() -> list[Rule]:
    """Return the rules."""
    return read_rules(ontology_dir() / "rules")


def engines_over(data: Sequence[Path]) -> Engines:
    """Read folders of data, close them and conclude as the build does; faults in the data fail the test."""
    sources = read_sources(data)
    assert not list(faults(sources))
    terms, axioms = project_axioms()
    closure = close(sources, terms, [], axioms)
    conclude(closure, project_rules())
    return Engines(closure.store)


@cache
def questions() -> Catalogue:
    """Return the queries that answer something (not the checks), read once: nobody changes them."""
    catalogue = load_catalogue(queries_dir())
    return Catalogue({query.name: query for query in catalogue.questions()})


def header(query: Query) -> list[str]:
    """Return the columns of a query; a graph has three."""
    return list(query.columns) or ["subject", "predicate", "object"]
