"""Explanations as text for a terminal, as JSON, and as PROV-O."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from surplace.explain.explanation import Explanation, walk
from surplace.explain.statements import Statement, words
from surplace.explain.tree import AXIOM_KIND, RULE_KIND, Node
from surplace.namespaces import BASE, PREFIXES, PROV, RDF, SKOS, compact
from surplace.rdf.formats import FORMATS
from surplace.rdf.terms import RDF_TYPE, Term
from surplace.rdf.writing import graph_bytes
from surplace.texts import Quote


def to_text(explanation: Explanation) -> str:
    """Write an explanation as an indented tree; what was explained above is not explained again."""
    lines = [explanation.title]
    lines += [f"  {title}: {words(term, explanation.labels)}" for title, term in explanation.facts]
    seen: set[int] = set()
    for tree in explanation.trees:
        lines += _lines(tree, explanation, 0, seen)
    if explanation.more:
        lines.append("… and more statements about it, which --width would show.")
    return "\n".join(lines) + "\n"


def _lines(node: Node, explanation: Explanation, depth: int, seen: set[int]) -> Iterator[str]:
    """Write a node and what is below it."""
    space = "  " * depth
    labels = explanation.labels
    yield f"{space}• {' '.join(words(term, labels) for term in node.statement.terms())}"
    for origin in node.origins:
        yield f"{space}    {_PREPOSITIONS.get(origin.kind, 'in')} {words(NamedNode(origin.graph), labels)}"
        if origin.graph in explanation.quotes:
            quote = explanation.quotes[origin.graph]
            yield f"{space}    “{quote.words}”{f' ({quote.note})' if quote.note else ''}"
    if id(node) in seen:
        if node.premises:
            yield f"{space}    (explained above)"
        return
    seen.add(id(node))
    if node.absent:
        yield f"{space}    and nothing recorded speaks against it ({_absent(node, explanation)})"
    for premise in node.premises:
        yield from _lines(premise, explanation, depth + 1, seen)
    if node.cut:
        yield f"{space}    … cut here: {node.cut}"


_PREPOSITIONS: Final = {
    RULE_KIND: "by the rule:",
    AXIOM_KIND: "by the axiom:",
    "passage": "stated in",
    "claim": "claimed in",
    "rejected": "rejected in",
    "record": "recorded in",
}


def _absent(node: Node, explanation: Explanation) -> str:
    """Name the properties of which nothing may be recorded."""
    return ", ".join(words(NamedNode(name), explanation.labels) for name in node.absent)


def to_json(explanation: Explanation) -> dict[str, Any]:
    """Return an explanation as JSON: nodes by number, each with its premises' numbers; trees are the tops.

    A node has `statement` (three terms), `origins` (kind, graph, label; quote and quoteNote if a text is at
    hand), `premises`, `nothingRecordedOf`, and `cut` where something is left out.
    """
    nodes = list(walk(explanation.trees))
    numbers = {id(node): number for number, node in enumerate(nodes)}
    return {
        "iri": explanation.iri,
        "title": explanation.title,
        "facts": [{"title": title, "value": _term(term, explanation)} for title, term in explanation.facts],
        "trees": [numbers[id(tree)] for tree in explanation.trees],
        "more": explanation.more,
        "nodes": [
            {
                "statement": [_term(term, explanation) for term in node.statement.terms()],
                "origins": [
                    {
                        "kind": origin.kind,
                        "graph": origin.graph,
                        "label": explanation.labels.get(origin.graph, ""),
                        **_quote(explanation.quotes.get(origin.graph)),
                    }
                    for origin in node.origins
                ],
                "premises": [numbers[id(premise)] for premise in node.premises],
                "nothingRecordedOf": list(node.absent),
                "cut": node.cut,
            }
            for node in nodes
        ],
    }


def _quote(quote: Quote | None) -> dict[str, str]:
    """Return the words of a passage, and what is noted of them, if anything is."""
    if quote is None:
        return {}
    return {"quote": quote.words, **({"quoteNote": quote.note} if quote.note else {})}


def _term(term: Term, explanation: Explanation) -> dict[str, str]:
    """Return a term with its label."""
    if isinstance(term, NamedNode):
        return {"type": "uri", "value": term.value, "label": words(term, explanation.labels)}
    if isinstance(term, Literal):
        return {"type": "literal", "value": term.value, "datatype": term.datatype.value}
    return {"type": "bnode", "value": str(term)}


def to_prov(explanation: Explanation, form: str = "ttl") -> bytes:
    """Return an explanation as PROV-O in the format for graphs of that name.

    Each statement is an entity; the rule or axiom behind it influenced an activity that used the premises.
    """
    triples = sorted({triple for node in walk(explanation.trees) for triple in _prov(node)}, key=str)
    prefixes = {"prov": PROV, "rdf": RDF, "skos": SKOS, "sur": PREFIXES["sur"]}
    return graph_bytes(triples, FORMATS[form], prefixes)


def _prov(node: Node) -> Iterator[Triple]:
    """Yield what PROV-O says of a node."""
    entity = _entity(node.statement)
    subject, predicate, value = node.statement.terms()
    yield from _typed(entity, "Entity")
    yield Triple(entity, RDF_TYPE, NamedNode(RDF + "Statement"))
    yield Triple(entity, NamedNode(RDF + "subject"), subject)
    yield Triple(entity, NamedNode(RDF + "predicate"), predicate)
    yield Triple(entity, NamedNode(RDF + "object"), value)
    for origin in node.origins:
        graph = NamedNode(origin.graph)
        if origin.kind not in (RULE_KIND, AXIOM_KIND):
            yield Triple(entity, NamedNode(PROV + "hadPrimarySource"), graph)
            continue
        activity = NamedNode(f"{entity.value}/drawn-by/{compact(origin.graph).replace(':', '/')}")
        yield Triple(entity, NamedNode(PROV + "wasGeneratedBy"), activity)
        yield from _typed(activity, "Activity")
        yield Triple(activity, NamedNode(PROV + "wasInfluencedBy"), graph)
        yield from _typed(graph, "Entity")
        for premise in node.premises:
            yield Triple(activity, NamedNode(PROV + "used"), _entity(premise.statement))
    for premise in node.premises:
        yield Triple(entity, NamedNode(PROV + "wasDerivedFrom"), _entity(premise.statement))


def _typed(thing: NamedNode | BlankNode, name: str) -> Iterator[Triple]:
    """Yield the class of a thing."""
    yield Triple(thing, RDF_TYPE, NamedNode(PROV + name))


def _entity(statement: Statement) -> NamedNode:
    """Return the IRI of a statement, which follows from its terms."""
    return NamedNode(f"{BASE}statement/{hashlib.sha256(str(statement).encode()).hexdigest()[:32]}")
