"""The dataset of a query whose default graph is made of several: what they state together, each triple once.

The library goes through the graphs one by one, and so finds a triple as often as they have it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from pyoxigraph import NamedNode, Quad, Store

from surplace.engine.protocol import Request
from surplace.rdf.terms import DEFAULT_GRAPH, in_graph

Dataset: TypeAlias = tuple[Store, dict[str, Any]]
"""What is asked, and with which options of the library."""


def dataset(store: Store, request: Request) -> Dataset:
    """Return what a request is asked of: *store* itself, or a copy of its graphs where these are merged."""
    given = request.default_graphs, request.named_graphs
    # a graph that is named twice is in the dataset once
    defaults, named = ([NamedNode(iri) for iri in dict.fromkeys(iris)] for iris in given)
    if not defaults and not named:
        return store, {}
    if len(defaults) < 2:
        return store, {"default_graph": defaults, "named_graphs": named}
    merged = Store()
    merged.extend(_quads(store, defaults, named))
    return merged, {"default_graph": [DEFAULT_GRAPH], "named_graphs": named}


def _quads(store: Store, defaults: list[NamedNode], named: list[NamedNode]) -> Iterator[Quad]:
    for graph in defaults:
        for quad in store.quads_for_pattern(None, None, None, graph):
            yield in_graph(quad.triple, DEFAULT_GRAPH)
    for graph in named:
        yield from store.quads_for_pattern(None, None, None, graph)
