"""Asks for names of a release over HTTP, as a page and in every RDF format, and says what is wrong."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Triple, parse

from service import Response, Service
from surplace.namespaces import BASE, FOAF, RDF, RETIRED
from surplace.web.cells import local_path

FORMATS = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
    "trig": RdfFormat.TRIG,
    "nq": RdfFormat.N_QUADS,
}
ADDRESSES = (f"{BASE}sparql", f"{BASE}queries/")
_DOCUMENT = re.compile(rf"\.(?:{'|'.join(FORMATS)})(?:\?page=[0-9]+)?$")
TOPIC = NamedNode(FOAF + "primaryTopic")


def read(release: Path) -> list[Quad]:
    """Read the dump of the current release below a folder."""
    return list(parse(path=release / "current" / "dump.nq", format=RdfFormat.N_QUADS))


def names(quads: Iterable[Quad]) -> set[str]:
    """Return every name below the base IRI that stands anywhere in a dump, without what follows a #.

    Where questions are asked is an address and no name, and so is the first page: nothing is said of them.
    """
    terms = (term for quad in quads for term in (*quad.triple, quad.graph_name))
    found = {term.value.partition("#")[0] for term in terms if isinstance(term, NamedNode)}
    return {name for name in found - {BASE} if name.startswith(BASE) and not name.startswith(ADDRESSES)}


def sample(quads: Iterable[Quad]) -> list[str]:
    """Return the first name in use of each class, and of each path that names begin with."""
    quads = [quad for quad in quads if quad.graph_name != NamedNode(RETIRED)]
    known: dict[str, set[str]] = defaultdict(set)
    for quad in quads:
        subject, kind = quad.subject, quad.object
        if quad.predicate.value == RDF + "type" and isinstance(subject, NamedNode):
            known[str(kind)].add(subject.value)
    all_names = names(quads)
    for name in all_names:
        segments = name.removeprefix(BASE).split("/")
        known["/".join(segments[: 2 if segments[0] == "id" else 1])].add(name)
    ours = (found & all_names for found in known.values())
    return sorted({min(found) for found in ours if found})


def faults(service: Service, iri: str, forms: Iterable[str] = FORMATS) -> Iterator[str]:
    """Yield what is wrong with the page of a name, or with its RDF: a sentence each."""
    path = local_path(iri) or "/"
    page = service.get(path, "text/html")
    if page.status == 303:
        return
    if page.status != 200:
        yield f"{path} answers {page.status} as a page."
    elif f"<code>{iri}</code>" not in page.text.replace("<wbr>", ""):
        yield f"{path} does not name {iri} on its page."
    plain: dict[str, set[Triple]] = {}
    for form in forms:
        response = service.get(f"{path.rstrip('/')}.{form}")
        if response.status != 200:
            yield f"{path}.{form} answers {response.status}."
        elif not about(response, iri, form):
            yield f"{path}.{form} says nothing about {iri}."
        elif form in ("ttl", "trig", "nq"):
            plain[form] = without_graphs(response, form)
    for form, found in plain.items():
        if found != plain["ttl"]:
            yield f"{path}.{form} has not in its default graph what {path}.ttl has."


def without_graphs(response: Response, form: str) -> set[Triple]:
    """Return what a document says in its default graph, but for what it says of documents."""
    return {
        quad.triple
        for quad in parse(response.body, format=FORMATS[form])
        if isinstance(quad.graph_name, DefaultGraph) and not _DOCUMENT.search(quad.subject.value)
    }


def about(response: Response, iri: str, form: str) -> bool:
    """Tell whether RDF says that it is about a name, and says something of it, with it or in it."""
    node = NamedNode(iri)
    found = list(parse(response.body, format=FORMATS[form]))
    own = [quad for quad in found if quad.predicate == TOPIC and quad.object == node]
    others = (quad for quad in found if quad not in own)
    return len(own) == 1 and any(node in (*quad.triple, quad.graph_name) for quad in others)
