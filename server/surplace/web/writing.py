"""Writes the description of a name as RDF: triples that are held, or quads that say who makes each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, cast

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Triple

from surplace.engine.query_errors import UnwritableAnswerError
from surplace.namespaces import BASE, FOAF, PREFIXES, RDFS, SKOS, VOID
from surplace.rdf.formats import DATASETS, FORMATS, GRAPHS
from surplace.rdf.terms import DEFAULT_GRAPH, Term, in_graph
from surplace.rdf.wellformed import UnwritableError
from surplace.rdf.writing import graph_bytes
from surplace.web.statements import Around, Slice, SourcedStatement
from surplace.web.terms.definitions import home

FORMS: Final = tuple({form.name: form for form in (*GRAPHS, *DATASETS)}.values())
"""The formats in which a name is described; only the last two can say who makes a statement."""
LICENCE: Final = "https://creativecommons.org/publicdomain/zero/1.0/"
"""What the data are under; a test compares it with the record of the dataset."""

_NEXT: Final = NamedNode("http://www.w3.org/1999/xhtml/vocab#next")


def triples(about: Around, labels: Mapping[str, Term], terms: Iterable[Triple], form: str) -> bytes:
    """Write what is held around a name, with the labels of its neighbours; *terms* are what it defines."""
    return write(dict.fromkeys(_plain(about, labels, terms, form)), form)


def quads(about: Around, labels: Mapping[str, Term], terms: Sequence[Triple], form: str) -> bytes:
    """Write every statement in the graphs that make it, claims and rejected ones too, with graph content.

    The default graph has what the formats without graphs have, so that nobody must know the others.
    """
    parts: tuple[Slice, ...] = (*about.slices(), about.content)
    stated = [quad for part in parts for statement in part.statements for quad in _quads(statement)]
    listed = [quad for statement in about.lists for quad in _quads(statement)]
    defined = [in_graph(triple, NamedNode(home(about.iri))) for triple in terms]
    plain = [in_graph(triple, DEFAULT_GRAPH) for triple in _plain(about, labels, terms, form)]
    found = dict.fromkeys([*stated, *listed, *defined, *plain])
    return write(sorted(found, key=lambda quad: str(quad.graph_name)), form)


def write(items: Iterable[Triple] | Iterable[Quad], form: str) -> bytes:
    """Write triples, or quads in a format that has graphs; raises UnwritableAnswerError."""
    try:
        return graph_bytes(items, FORMATS[form])
    except UnwritableError as error:
        raise UnwritableAnswerError(str(error)) from None


def _plain(about: Around, labels: Mapping[str, Term], terms: Iterable[Triple], form: str) -> Iterator[Triple]:
    """Yield what every format holds; of what is only claimed or rejected, no more than where it is said."""
    held = _held(about)
    yield from held
    yield from terms
    if not held:
        quads_of = NamedNode(f"{about.iri.rstrip('/')}.trig{query(about.number)}")
        yield Triple(NamedNode(about.iri), NamedNode(RDFS + "seeAlso"), quads_of)
    yield from _labelled(labels)
    yield from _document(about, form)


def _held(about: Around) -> list[Triple]:
    """Return the statements around a name that are held to be true, lists among them."""
    return [
        Triple(*_triple(statement))
        for statements in (*(part.statements for part in about.slices()), about.lists)
        for statement in statements
        if statement.standing == "held"
    ]


def _triple(statement: SourcedStatement) -> tuple[NamedNode | BlankNode, NamedNode, Term]:
    subject, predicate, value = statement.terms
    return cast("NamedNode | BlankNode", subject), cast("NamedNode", predicate), value


def _quads(statement: SourcedStatement) -> Iterator[Quad]:
    """Yield a statement in each of its graphs."""
    triple = _triple(statement)
    for graph in statement.graphs:
        yield Quad(*triple, NamedNode(graph))
    if not statement.graphs:
        yield Quad(*triple)


def _labelled(labels: Mapping[str, Term]) -> Iterator[Triple]:
    label = NamedNode(SKOS + "prefLabel")
    for iri in sorted(labels):
        yield Triple(NamedNode(iri), label, labels[iri])


def _document(about: Around, form: str) -> Iterator[Triple]:
    """Yield what the document says of itself: what it is about, its licence, and the page after it."""
    name = about.iri.rstrip("/")
    pages = [NamedNode(f"{name}.{form}{query(number)}") for number in (about.number, about.number + 1)]
    here, following = pages
    yield Triple(here, NamedNode(FOAF + "primaryTopic"), NamedNode(about.iri))
    yield Triple(here, NamedNode(PREFIXES["dcterms"] + "license"), NamedNode(LICENCE))
    yield Triple(here, NamedNode(VOID + "inDataset"), NamedNode(BASE + "dataset"))
    if about.content.total:
        yield Triple(
            NamedNode(about.iri),
            NamedNode(VOID + "triples"),
            Literal(str(about.content.total), datatype=NamedNode(PREFIXES["xsd"] + "integer")),
        )
    if about.number < about.last:
        yield Triple(here, _NEXT, following)


def query(number: int, release: str = "") -> str:
    """Return what an address needs to lead to page *number*, of a release that is not the current one."""
    parts = [*([f"page={number}"] if number > 1 else []), *([f"release={release}"] if release else [])]
    return f"?{'&'.join(parts)}" if parts else ""
