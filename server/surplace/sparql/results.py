"""Writes what a query returned in one of the formats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import IO, Final, cast

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions, QueryTriples, Triple

from surplace.namespaces import RDF
from surplace.rdf.formats import FORMATS, Kind
from surplace.rdf.wellformed import WellFormed
from surplace.rdf.writing import write_graph
from surplace.sparql.csv import write_csv, write_spreadsheet
from surplace.sparql.rows import write_rows

_TAGGED: Final = frozenset((NamedNode(f"{RDF}langString"), NamedNode(f"{RDF}dirLangString")))


def kind_of_results(results: QuerySolutions | QueryBoolean | QueryTriples) -> Kind:
    """Tell what kind of answer the library gave."""
    if isinstance(results, QuerySolutions):
        return "bindings"
    return "boolean" if isinstance(results, QueryBoolean) else "graph"


def write(
    results: QuerySolutions | QueryBoolean | QueryTriples, name: str, sink: IO[bytes], query: str = ""
) -> None:
    """Write *results* of a *query* to *sink* in the format of that name.

    Raises UnwritableError for a graph that the format cannot carry, ValueError for one that none can; part
    of it may have been written by then.
    """
    if isinstance(results, QueryTriples):
        # no data has what is looked for: only a query can make it
        triples = _of_rdf(results) if "^^" in query or "STRDT" in query.upper() else results
        write_graph(triples, FORMATS[name], sink)
        return
    if FORMATS[name].is_xml:
        sink = cast("IO[bytes]", WellFormed(sink))
    if name == "spreadsheet":
        write_spreadsheet(results, sink)
    elif name == "rows":
        write_rows(results, sink)
    elif name == "csv" and isinstance(results, QuerySolutions):
        write_csv(results, sink)
    else:
        results.serialize(sink, format=FORMATS[name].results)


def _of_rdf(triples: Iterable[Triple]) -> Iterator[Triple]:
    """Yield *triples*; raises ValueError at a text of a language without its tag, which RDF does not have."""
    for triple in triples:
        term = triple.object
        while isinstance(term, Triple):
            term = term.object
        if isinstance(term, Literal) and term.datatype in _TAGGED and not term.language:
            raise ValueError(f"RDF has no text of type {term.datatype} without a language: {term}")
        yield triple
