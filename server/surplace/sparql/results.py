"""Writes what a query returned in one of the formats."""

from __future__ import annotations

from typing import IO, cast

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples

from surplace.rdf.formats import FORMATS, Kind
from surplace.rdf.wellformed import WellFormed
from surplace.rdf.writing import write_graph
from surplace.sparql.csv import write_csv, write_spreadsheet
from surplace.sparql.rows import write_rows


def kind_of_results(results: QuerySolutions | QueryBoolean | QueryTriples) -> Kind:
    """Tell what kind of answer the library gave."""
    if isinstance(results, QuerySolutions):
        return "bindings"
    return "boolean" if isinstance(results, QueryBoolean) else "graph"


def write(results: QuerySolutions | QueryBoolean | QueryTriples, name: str, sink: IO[bytes]) -> None:
    """Write *results* to *sink* in the format of that name.

    Raises UnwritableError for a graph that the format cannot carry; part of it may have been written by then.
    """
    if isinstance(results, QueryTriples):
        write_graph(results, FORMATS[name], sink)
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
