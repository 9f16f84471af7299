"""The description of the endpoint in RDF, as SPARQL 1.1 Service Description has it."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote, urljoin, urlsplit

from pyoxigraph import Literal, NamedNode, Triple

from surplace.engine.formats import FORMATS
from surplace.engine.knowledge import Knowledge, text_of
from surplace.engine.serialisation import write_graph
from surplace.namespaces import BASE, DCTERMS, KNOWLEDGE, OWL, RDF, RDFS, XSD
from surplace.web.errors import Problem
from surplace.web.service import Service

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
VOID: Final = "http://rdfs.org/ns/void#"
ENTAILMENT: Final = "http://www.w3.org/ns/entailment/"
PROFILE: Final = "http://www.w3.org/ns/owl-profile/"
PREFIXES: Final = {
    "dcterms": DCTERMS,
    "ent": ENTAILMENT,
    "formats": "http://www.w3.org/ns/formats/",
    "owl": OWL,
    "rdfs": RDFS,
    "sd": SD,
    "void": VOID,
    "xsd": XSD,
}
SEE_ALSO: Final = ("/.well-known/void", "/.well-known/sparql-examples", "/openapi.json")
"""Where there is more: on the data, on questions to ask, on the ways to ask them."""
COUNTS: Final = """\
SELECT ?graph (COUNT(*) AS ?triples)
WHERE { { ?s ?p ?o } UNION { GRAPH ?graph { ?s ?p ?o } } }
GROUP BY ?graph"""

_TITLE: Final = "Surplace, the SPARQL endpoint"
_ABOUT: Final = (
    "Read-only: SPARQL 1.1 Query without SERVICE. None of the features that SPARQL 1.1 Service Description "
    "names applies: nothing is fetched, and the default graph is no union of the others, for it leaves out "
    "what is only claimed or is rejected."
)
_OF_DEFAULT: Final = (
    "What Surplace vouches for, with what follows of things by the axioms of its ontology under OWL 2 RL."
)
_OF_KNOWLEDGE: Final = (
    "Holds what follows of things by the axioms of the ontology under OWL 2 RL. Left out is what is true of "
    "anything at all, and what follows of terms alone."
)


def write(endpoint: str, service: Service, form: str) -> bytes:
    """Describe *service* at the address *endpoint*, in a format for graphs; raises EngineError or Problem.

    The same release at the same address has the same bytes.
    """
    sink = io.BytesIO()
    write_graph(_triples(endpoint, service), form, sink, PREFIXES)
    return sink.getvalue()


def _triples(endpoint: str, service: Service) -> Iterator[Triple]:
    """Yield what is said of the service, and of its data where they are a release."""
    if not urlsplit(endpoint).hostname:  # what cannot be a host was left out
        raise Problem("bad-request", "The header Host is not the name of a host: send that of this one.")
    this = NamedNode(f"{endpoint}#service")
    yield from _typed(this, "Service")
    yield Triple(this, NamedNode(DCTERMS + "title"), Literal(_TITLE, language="en"))
    yield _comment(this, _ABOUT)
    yield _link(this, "endpoint", endpoint)
    yield _link(this, "supportedLanguage", SD + "SPARQL11Query")
    for form in FORMATS.values():
        if form.iri:
            yield _link(this, "resultFormat", form.iri)
    for path in SEE_ALSO:
        yield Triple(this, NamedNode(RDFS + "seeAlso"), NamedNode(urljoin(endpoint, path)))
    if service.engine.release is not None:
        yield _link(this, "defaultEntailmentRegime", ENTAILMENT + "Simple")
        yield _link(this, "defaultDataset", f"{endpoint}#dataset")
        yield _link(this, "availableGraphs", f"{endpoint}#dataset")
        yield from _dataset(endpoint, service.engine.release, counts(service.knowledge))


def counts(knowledge: Knowledge) -> dict[str, int]:
    """Return how many triples each graph of the release has, by name; that of the default graph is empty."""
    return {
        text_of(row["graph"]) if "graph" in row else "": int(text_of(row["triples"]))
        for row in knowledge.remembered(COUNTS).rows
    }


def _dataset(endpoint: str, release: Mapping[str, Any], sizes: Mapping[str, int]) -> Iterator[Triple]:
    """Yield what is said of the dataset and each of its graphs."""
    this, default = NamedNode(f"{endpoint}#dataset"), NamedNode(f"{endpoint}#default-graph")
    yield from _typed(this, "Dataset")
    yield Triple(this, NamedNode(OWL + "versionInfo"), Literal(str(release.get("release", ""))[:16]))
    yield Triple(this, NamedNode(RDFS + "seeAlso"), NamedNode(urljoin(endpoint, SEE_ALSO[0])))
    yield _link(this, "defaultGraph", default.value)
    yield from _graph(default, sizes.get("", 0))
    if KNOWLEDGE in sizes:
        yield _comment(default, _OF_DEFAULT)
    for name in sorted(sizes.keys() - {""}):
        # a passage and its graph have one name; what is described here is neither of them
        fragment = quote(name.removeprefix(BASE), safe="/:@!$&'()*+,;=-._~?")
        node, graph = NamedNode(f"{endpoint}#named-graph:{fragment}"), f"{endpoint}#graph:{fragment}"
        yield _link(this, "namedGraph", node.value)
        yield from _typed(node, "NamedGraph")
        yield _link(node, "name", name)
        yield _link(node, "graph", graph)
        yield from _graph(NamedNode(graph), sizes[name])
        if name == KNOWLEDGE:
            yield _link(node, "entailmentRegime", ENTAILMENT + "OWL-RDF-Based")
            yield _link(node, "supportedEntailmentProfile", PROFILE + "RL")
            yield _comment(node, _OF_KNOWLEDGE)


def _graph(node: NamedNode, triples: int) -> Iterator[Triple]:
    yield from _typed(node, "Graph")
    yield Triple(node, NamedNode(VOID + "triples"), Literal(triples))


def _typed(node: NamedNode, name: str) -> Iterator[Triple]:
    yield Triple(node, NamedNode(RDF + "type"), NamedNode(SD + name))


def _link(node: NamedNode, name: str, to: str) -> Triple:
    return Triple(node, NamedNode(SD + name), NamedNode(to))


def _comment(node: NamedNode, text: str) -> Triple:
    return Triple(node, NamedNode(RDFS + "comment"), Literal(text, language="en"))
