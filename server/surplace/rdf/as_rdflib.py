"""Copies triples into a graph of rdflib, for the libraries that work on those."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from pyoxigraph import Quad, RdfFormat, serialize

if TYPE_CHECKING:
    from rdflib import Graph


def to_rdflib(quads: Iterable[Quad], into: Graph | None = None) -> Graph:
    """Copy triples into an rdflib graph, a new one or *into*; which graphs they are in does not matter."""
    lines = serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES)
    from rdflib import Graph

    graph = Graph() if into is None else into
    return graph.parse(data=lines, format="ntriples")
