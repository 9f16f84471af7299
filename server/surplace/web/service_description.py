"""The description of the endpoint in RDF, as SPARQL 1.1 Service Description has it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode, Triple

from surplace.engine.table import Table
from surplace.namespaces import BASE, DCTERMS, GRAPH, KNOWLEDGE, OWL, RDFS, REJECTED, VOID, XSD
from surplace.rdf.formats import FORMATS, W3C
from surplace.rdf.terms import RDF_TYPE, text_of

SD: Final = "http://www.w3.org/ns/sparql-service-description#"
ENTAILMENT: Final = "http://www.w3.org/ns/entailment/"
PREFIXES: Final = {
    "dcterms": DCTERMS,
    "ent": ENTAILMENT,
    "formats": W3C,
    "owl": OWL,
    "rdfs": RDFS,
    "sd": SD,
    "void": VOID,
    "xsd": XSD,
}
DATA: Final = ".well-known/void"
"""Where there is more on the data of a release."""
SEE_ALSO: Final = (".well-known/sparql-examples", "openapi.json")
"""Where there is more: on questions to ask, on the ways to ask them."""
COUNTS: Final = """\
SELECT ?graph (COUNT(*) AS ?triples)
WHERE { { ?s ?p ?o } UNION { GRAPH ?graph { ?s ?p ?o } } }
GROUP BY ?graph"""

LISTED: Final = 20
"""Named graphs that the description itself lists. All, of hundreds, would be for every client to read."""

_TITLE: Final = "Surplace, the SPARQL endpoint"
_ABOUT: Final = "Read-only: SPARQL 1.1 Query without SERVICE."
_FEATURES: Final = (
    f"{_ABOUT} None of the features that SPARQL 1.1 Service Description names applies: nothing is fetched, "
    "and the default graph is no union of the others, for it leaves out what is only claimed or is rejected."
)
_OF_DATASET: Final = (
    "Every passage, claim, axiom and rule has a named graph of its own besides those that are listed here: "
    "sd:availableGraphs of the service leads to all."
)
_OF_DEFAULT: Final = (
    "What Surplace vouches for, with what follows of things by the axioms of its ontology under OWL 2 RL."
)
_OF_KNOWLEDGE: Final = (
    "Holds what follows of things by the axioms of the ontology under OWL 2 RL. Left out is what is true of "
    "anything at all, and what follows of terms alone."
)


def describe(
    root: str, endpoint: str, release: Mapping[str, Any] | None, sizes: Mapping[str, int]
) -> Iterator[Triple]:
    """Yield what is said of the service, and of its data where they are a *release*, by its manifest.

    *root* is the address of the first page, *endpoint* that of the service; *sizes* has the triples of each
    graph, see `counts`.
    """
    home = f"{root}sparql"
    this = NamedNode(f"{home}#service")
    yield from _typed(this, "Service")
    yield Triple(this, NamedNode(DCTERMS + "title"), Literal(_TITLE, language="en"))
    yield _comment(this, _ABOUT if release is None else _FEATURES)
    yield _link(this, "endpoint", endpoint)
    yield _link(this, "supportedLanguage", SD + "SPARQL11Query")
    for form in FORMATS.values():
        if form.iri:
            yield _link(this, "resultFormat", form.iri)
    for path in (*([DATA] if release is not None else []), *SEE_ALSO):
        yield Triple(this, NamedNode(RDFS + "seeAlso"), NamedNode(root + path))
    if release is not None:
        yield _link(this, "defaultEntailmentRegime", ENTAILMENT + "Simple")
        yield _link(this, "defaultDataset", f"{home}#dataset")
        yield _link(this, "availableGraphs", f"{home}/graphs")
        yield from _dataset(home, release, sizes)


def list_graphs(root: str, sizes: Mapping[str, int]) -> Iterator[Triple]:
    """Yield every named graph of the release, as the graphs of which a dataset can be made."""
    home = f"{root}sparql"
    this = NamedNode(f"{home}/graphs")
    yield from _typed(this, "GraphCollection")
    yield from _named_graphs(this, home, {name: sizes[name] for name in sorted(sizes) if name})


def counts(table: Table) -> dict[str, int]:
    """Return how many triples each graph of the release has, by name; that of the default graph is empty.

    *table* is the answer to COUNTS.
    """
    return {
        text_of(row["graph"]) if "graph" in row else "": int(text_of(row["triples"])) for row in table.rows
    }


def _dataset(home: str, release: Mapping[str, Any], sizes: Mapping[str, int]) -> Iterator[Triple]:
    """Yield what is said of the dataset, its default graph, and the few graphs to know first."""
    this, default = NamedNode(f"{home}#dataset"), NamedNode(f"{home}#default-graph")
    yield from _typed(this, "Dataset")
    yield Triple(this, NamedNode(OWL + "versionInfo"), Literal(str(release.get("release", ""))[:16]))
    yield _comment(this, _OF_DATASET)
    for address in (home.removesuffix("sparql") + DATA, f"{home}/graphs"):
        yield Triple(this, NamedNode(RDFS + "seeAlso"), NamedNode(address))
    yield _link(this, "defaultGraph", default.value)
    yield from _graph(default, sizes.get("", 0))
    if KNOWLEDGE in sizes:
        yield _comment(default, _OF_DEFAULT)
    first = sorted(sizes.keys() - {""}, key=lambda name: (_is_part(name), -sizes[name], name))[:LISTED]
    yield from _named_graphs(this, home, {name: sizes[name] for name in first})


def _is_part(name: str) -> bool:
    """Tell whether a graph is one of many: that of a passage, a claim, an axiom, a rule, a rejection."""
    return not name.startswith(GRAPH) or name.startswith(REJECTED)


def _named_graphs(this: NamedNode, home: str, sizes: Mapping[str, int]) -> Iterator[Triple]:
    """Yield the named graphs of a collection."""
    # a passage and its graph have one name; what is described here is neither of them
    parts = {name: quote(name.removeprefix(BASE), safe="/:@!$&'()*+,;=-._~?") for name in sizes}
    for part in parts.values():
        yield _link(this, "namedGraph", f"{home}#named:{part}")
    for name, part in parts.items():
        node, graph = NamedNode(f"{home}#named:{part}"), f"{home}#graph:{part}"
        yield from _typed(node, "NamedGraph")
        yield _link(node, "name", name)
        yield _link(node, "graph", graph)
        if name == KNOWLEDGE:
            # no regime: under that of OWL 2 RL, what is left out would be found too
            yield _comment(node, _OF_KNOWLEDGE)
        yield from _graph(NamedNode(graph), sizes[name])


def _graph(node: NamedNode, triples: int) -> Iterator[Triple]:
    yield from _typed(node, "Graph")
    yield Triple(node, NamedNode(VOID + "triples"), Literal(triples))


def _typed(node: NamedNode, name: str) -> Iterator[Triple]:
    yield Triple(node, RDF_TYPE, NamedNode(SD + name))


def _link(node: NamedNode, name: str, to: str) -> Triple:
    return Triple(node, NamedNode(SD + name), NamedNode(to))


def _comment(node: NamedNode, text: str) -> Triple:
    return Triple(node, NamedNode(RDFS + "comment"), Literal(text, language="en"))
