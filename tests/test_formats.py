"""The one table of formats understands every name that clients send, and the one writer is deterministic."""

from __future__ import annotations

from io import BytesIO

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from surplace.namespaces import PREFIXES, SUR
from surplace.rdf.formats import DATASETS, FORMATS, GRAPHS, RESULTS, named, named_for
from surplace.rdf.wellformed import UnwritableError
from surplace.rdf.writing import LOOKED_AT, graph_bytes, write_graph

NODE = NamedNode(SUR + "a")


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_called_by_all_its_names_in_any_case(name: str) -> None:
    form = FORMATS[name]
    for given in (form.name, *form.names, form.media_type, *form.aliases):
        kind = form.kinds[0]
        if name != "spreadsheet" or given == name:
            assert named_for(given, kind) is named_for(f" {given.upper()}; charset=UTF-8", kind) is form
    assert named(name) is form


@pytest.mark.parametrize(
    ("given", "rows", "graph"),
    [
        ("json", "json", "jsonld"),
        ("application/json", "json", "jsonld"),
        ("xml", "xml", "rdf"),
        ("application/xml", "xml", "rdf"),
        ("text/csv", "csv", None),
        ("n3", None, "ttl"),
        ("text/plain", None, "nt"),
        ("application/ld+json,application/x-json+ld", None, "jsonld"),
        ("unknown, text/turtle", None, "ttl"),
        ("", None, None),
        ("html", None, None),
    ],
)
def test_a_name_may_mean_another_format_for_a_graph(given: str, rows: str | None, graph: str | None) -> None:
    found = [named_for(given, "bindings"), named_for(given, "boolean"), named_for(given, "graph")]
    assert [form and form.name for form in found] == [rows, rows, graph]
    first = named(given)
    assert (first and first.name) == (rows or graph)


def test_the_library_knows_each_format_by_one_name() -> None:
    assert [form.rdf.media_type for form in (*GRAPHS, *DATASETS) if form.rdf] == [
        form.media_type for form in (*GRAPHS, *DATASETS)
    ]
    assert [form.results.media_type.partition(";")[0] for form in RESULTS if form.results] == [
        form.media_type for form in RESULTS if form.name not in ("rows", "spreadsheet")
    ]


@pytest.mark.parametrize("form", [*GRAPHS, *DATASETS], ids=lambda form: form.name)
def test_the_same_items_are_the_same_bytes_with_the_prefixes_that_are_used(form: object) -> None:
    (known,) = (item for item in FORMATS.values() if item is form)
    items = [Triple(NODE, NODE, NODE), Triple(NODE, NODE, Literal(1)), Triple(NODE, NODE, BlankNode("b"))]
    data = graph_bytes(iter(items), known)
    sink = BytesIO()
    write_graph(items, known, sink)
    assert sink.getvalue() == data == graph_bytes(items, known)
    assert len(list(parse(data, format=known.rdf))) == 3
    lines = [line.split()[1] for line in data.decode().splitlines() if line.startswith("@prefix")]
    assert lines == (["sur:", "xsd:"] if known.prefixed else [])


def test_prefixes_are_given_used_or_all_of_a_long_stream() -> None:
    turtle, long = FORMATS["ttl"], [Triple(NODE, NODE, Literal(number)) for number in range(LOOKED_AT)]
    assert graph_bytes([], turtle, {"b": "urn:b:", "a": "urn:c:"}) == (
        b"@prefix a: <urn:c:> .\n@prefix b: <urn:b:> .\n"
    )
    sink = BytesIO()
    write_graph(iter(long), turtle, sink)
    assert sink.getvalue().count(b"@prefix") == len(PREFIXES)
    assert graph_bytes(iter(long), turtle).count(b"@prefix") == 2


def test_what_a_format_cannot_carry_is_refused() -> None:
    nested = [Triple(NODE, NODE, Triple(NODE, NODE, NODE))]
    with pytest.raises(UnwritableError, match="JSON-LD has no form for a triple inside a triple"):
        graph_bytes(nested, FORMATS["jsonld"])
    with pytest.raises(UnwritableError, match="RDF/XML has no element for <urn:1>"):
        graph_bytes([Triple(NODE, NamedNode("urn:1"), NODE)], FORMATS["rdf"])
    for kept in ("http://www.w3.org/2000/xmlns/p", "http://www.w3.org/XML/1998/namespacelang"):
        with pytest.raises(UnwritableError, match=f"RDF/XML has no element for <{kept}>"):
            graph_bytes([Triple(NODE, NamedNode(kept), NODE)], FORMATS["rdf"])
    assert b"\xef\xbf\xbd" in graph_bytes([Triple(NODE, NODE, Literal("\x01"))], FORMATS["rdf"])
    quad = Quad(NODE, NODE, NODE, NamedNode("urn:g"))
    assert list(parse(graph_bytes([quad], FORMATS["trig"]), format=RdfFormat.TRIG)) == [quad]
