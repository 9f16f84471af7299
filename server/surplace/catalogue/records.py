"""The questions in RDF: each a `sh:SPARQLExecutable`, as the collections of SPARQL examples have them.

A record holds the text that runs anywhere, PREFIX lines included. The prefixes are declared besides, for
programs that offer them or that put the declared ones before a text. Nothing is a blank node.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from pyoxigraph import Literal, NamedNode, Triple

from surplace.catalogue.asked import parameter_path
from surplace.catalogue.groups import heading
from surplace.catalogue.header import QueryParameter
from surplace.catalogue.query import Query
from surplace.namespaces import BASE, CATALOGUE, DCTERMS, PREFIXES, QUERY, RDFS, SCHEMA, SH, SKOS, XSD
from surplace.rdf.terms import RDF_TYPE

ENDPOINT: Final = BASE + "sparql"
PREFIXED: Final = NamedNode(CATALOGUE + "/prefixes")
"""What the prefixes are declared of."""
_TEXTS: Final = {"SELECT": "select", "ASK": "ask", "CONSTRUCT": "construct"}
"""What SHACL calls the text of a query of each form; the class is named alike."""


def records(queries: Iterable[Query]) -> list[Triple]:
    """Return the records of *queries*, and the declarations of all prefixes of the project."""
    return [*(triple for query in queries for triple in record(query)), *declarations()]


def record(query: Query) -> Iterator[Triple]:
    """Yield the record of one query."""
    this = NamedNode(query.iri)
    form = _TEXTS[query.form]
    yield _typed(this, "SPARQLExecutable")
    yield _typed(this, f"SPARQL{form.capitalize()}Executable")
    yield Triple(this, NamedNode(SKOS + "prefLabel"), Literal(query.summary, language="en"))
    yield Triple(this, NamedNode(RDFS + "label"), Literal(query.summary, language="en"))
    yield Triple(this, NamedNode(RDFS + "comment"), Literal(query.summary, language="en"))
    if query.description:
        yield Triple(this, NamedNode(DCTERMS + "description"), Literal(query.description, language="en"))
    if query.group:
        yield Triple(this, NamedNode(DCTERMS + "subject"), Literal(heading(query.group), language="en"))
    for words in query.sought:
        yield Triple(this, NamedNode(SKOS + "hiddenLabel"), Literal(words, language="en"))
    for name in query.related:
        yield Triple(this, NamedNode(DCTERMS + "relation"), NamedNode(QUERY + name))
    for tag in query.tags:
        yield Triple(this, NamedNode(SCHEMA + "keywords"), Literal(tag))
    yield Triple(this, NamedNode(SCHEMA + "target"), NamedNode(ENDPOINT))
    yield Triple(this, NamedNode(SCHEMA + "url"), NamedNode(f"{BASE}queries/{query.name}"))
    yield Triple(this, NamedNode(SCHEMA + "version"), Literal(query.version))
    yield Triple(this, NamedNode(SH + "prefixes"), PREFIXED)
    yield Triple(this, NamedNode(SH + form), Literal(query.body))
    for order, parameter in enumerate(query.params.values()):
        node = NamedNode(f"{query.iri}/parameter/{parameter.name}")
        yield Triple(this, NamedNode(SH + "parameter"), node)
        yield from _parameter(query, parameter, node, order)


def _parameter(query: Query, parameter: QueryParameter, node: NamedNode, order: int) -> Iterator[Triple]:
    """Yield what there is to know of a parameter; all are optional, since each has a default in the text."""
    yield _typed(node, "Parameter")
    yield Triple(node, NamedNode(SH + "path"), NamedNode(parameter_path(query, parameter.name)))
    yield Triple(node, NamedNode(SH + "name"), Literal(parameter.name))
    yield Triple(node, NamedNode(SH + "description"), Literal(parameter.description, language="en"))
    yield Triple(node, NamedNode(SH + "order"), Literal(order))
    yield Triple(node, NamedNode(SH + "optional"), Literal(True))
    if parameter.class_iri is not None:
        yield Triple(node, NamedNode(SH + "class"), NamedNode(parameter.class_iri))
    elif parameter.type == "iri":
        yield Triple(node, NamedNode(SH + "nodeKind"), NamedNode(SH + "IRI"))
    else:
        yield Triple(node, NamedNode(SH + "datatype"), NamedNode(XSD + parameter.type))
    for term in parameter.defaults:
        if term is not None:
            yield Triple(node, NamedNode(SH + "defaultValue"), term)


def declarations() -> Iterator[Triple]:
    """Yield the declarations of the prefixes of the project, which editors of queries offer."""
    for prefix in sorted(PREFIXES):
        node = NamedNode(f"{CATALOGUE}/prefix/{prefix}")
        yield Triple(PREFIXED, NamedNode(SH + "declare"), node)
        yield _typed(node, "PrefixDeclaration")
        yield Triple(node, NamedNode(SH + "prefix"), Literal(prefix))
        namespace = Literal(PREFIXES[prefix], datatype=NamedNode(XSD + "anyURI"))
        yield Triple(node, NamedNode(SH + "namespace"), namespace)


def _typed(node: NamedNode, name: str) -> Triple:
    """Say which class of SHACL a thing is of."""
    return Triple(node, RDF_TYPE, NamedNode(SH + name))
