"""A dataset is what SPARQL makes of the graphs that a request or query names: a triple is in it once."""

from __future__ import annotations

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, QuerySolutions, Store

from surplace.engine.merging import dataset
from surplace.engine.protocol import Request
from surplace.engine.syntax import with_dataset
from surplace.sparql.evaluation import evaluate

DEFAULT = "SELECT ?s ?o {} {{ ?s ?p ?o }}"
NAMED = "SELECT ?g ?s ?o {} {{ GRAPH ?g {{ ?s ?p ?o }} }}"
IRIS = ("urn:a", "urn:b", "urn:c")
GRAPHS = st.lists(st.sampled_from(IRIS), max_size=4)
NODES = st.sampled_from([NamedNode("urn:1"), NamedNode("urn:2")])
QUADS = st.builds(
    Quad, NODES, st.just(NamedNode("urn:p")), NODES, st.builds(NamedNode, st.sampled_from(IRIS))
)


def answer(store: Store, request: Request) -> Counter[tuple[str, ...]]:
    asked, options = dataset(store, with_dataset(request))
    found = evaluate(asked, request.query, **options)
    assert isinstance(found, QuerySolutions)
    return Counter(tuple(str(term) for term in row) for row in found)


@settings(max_examples=150, deadline=None)
@given(st.sets(QUADS), GRAPHS, GRAPHS)
def test_a_triple_counts_once_however_many_graphs_have_it(
    quads: set[Quad], defaults: list[str], named: list[str]
) -> None:
    store = Store()
    store.extend(quads)
    if not defaults and not named:
        return
    merged = {(str(q.subject), str(q.object)) for q in quads if q.graph_name.value in defaults}
    apart = {(str(q.graph_name), str(q.subject), str(q.object)) for q in quads if q.graph_name.value in named}
    clauses = " ".join([*(f"FROM <{iri}>" for iri in defaults), *(f"FROM NAMED <{iri}>" for iri in named)])
    for query, expected in ((DEFAULT, merged), (NAMED, apart)):
        asked = Request(query.format(clauses))
        by_protocol = Request(
            query.format("FROM <urn:other>"), default_graphs=tuple(defaults), named_graphs=tuple(named)
        )
        assert answer(store, asked) == answer(store, by_protocol) == Counter(expected)
