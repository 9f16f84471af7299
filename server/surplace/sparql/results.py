"""Writes what a query returned in one of the formats."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import chain, islice
from typing import IO, Final, cast

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    serialize,
)

from surplace.namespaces import PREFIXES, prefixed
from surplace.rdf.formats import Kind
from surplace.rdf.wellformed import WellFormed, flat, nameable
from surplace.sparql.csv import write_csv, write_spreadsheet

LOOKED_AT: Final = 2000
"""Triples of a graph that are looked at before it is written, to see which prefixes it needs."""

_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
_RESULTS: Final = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
_GRAPHS: Final = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "trig": RdfFormat.TRIG,
    "nq": RdfFormat.N_QUADS,
}
_PREFIXED: Final = ("ttl", "trig")
_CHECKS: Final = {"rdf": nameable, "jsonld": flat}


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
        write_graph(results, name, sink)
        return
    if name == "xml":
        sink = cast("IO[bytes]", WellFormed(sink))
    if name == "spreadsheet":
        write_spreadsheet(results, sink)
    elif name == "csv" and isinstance(results, QuerySolutions):
        write_csv(results, sink)
    else:
        results.serialize(sink, format=_RESULTS[name])


def write_graph(
    triples: Iterable[Triple], name: str, sink: IO[bytes], prefixes: Mapping[str, str] | None = None
) -> None:
    """Write a graph, in Turtle and TriG with the *prefixes*, or those of Surplace that it needs.

    Raises UnwritableError as `write` does.
    """
    if name == "rdf":
        sink = cast("IO[bytes]", WellFormed(sink))
    triples = iter(triples)
    first = list(islice(triples, LOOKED_AT))
    if prefixes is None:
        prefixes = _prefixes(first) if len(first) < LOOKED_AT else PREFIXES
    if name in _PREFIXED:
        # the library writes them in no order of their own; the same answer should be the same bytes
        lines = (f"@prefix {key}: <{prefixes[key]}> .\n" for key in sorted(prefixes))
        sink.write("".join(lines).encode("ascii"))
        sink = cast("IO[bytes]", _WithoutPrefixes(sink))
    triples = chain(first, triples)
    if name in _CHECKS:
        triples = _CHECKS[name](triples)
    serialize(triples, sink, format=_GRAPHS[name], prefixes=dict(prefixes) if name in _PREFIXED else None)


class _WithoutPrefixes:
    """Passes Turtle or TriG on without the prefix lines at its beginning."""

    def __init__(self, sink: IO[bytes]) -> None:
        self.sink = sink
        self.line = b""
        self.begun = False

    def write(self, data: bytes) -> int:
        if self.begun:
            return self.sink.write(data)
        *lines, self.line = (self.line + data).splitlines(keepends=True) or [b""]
        if self.line.endswith(b"\n"):
            lines, self.line = [*lines, self.line], b""
        for number, line in enumerate(lines):
            if not line.startswith(b"@prefix "):
                self.begun = True
                self.sink.write(b"".join([*lines[number:], self.line]))
                break
        return len(data)

    def flush(self) -> None:
        """Hand on a last line without an end."""
        if not self.begun and self.line:
            self.sink.write(self.line)


def _prefixes(triples: list[Triple]) -> dict[str, str]:
    """Return the prefixes that shorten a name in *triples*."""
    names = [
        node.value
        for triple in triples
        for place, node in enumerate(triple)
        if isinstance(node, NamedNode) and (place != 1 or node != _TYPE)  # which is written `a`
    ]
    names += [
        triple.object.datatype.value
        for triple in triples
        if isinstance(triple.object, Literal) and not triple.object.language
    ]
    used = {parts[0] for parts in map(prefixed, set(names)) if parts is not None}
    return {key: PREFIXES[key] for key in used}
