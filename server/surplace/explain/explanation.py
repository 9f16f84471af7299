"""An explanation: what is explained, what is said of it, the tree below it, and the labels it needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import NamedNode

from surplace.engine.knowledge import Knowledge
from surplace.errors import SurplaceError
from surplace.explain.statements import Statement, names, statements_about, words
from surplace.explain.tree import DEPTH, WIDTH, Explainer, Node
from surplace.namespaces import RDF, SKOS, SUR, compact
from surplace.rdf.terms import Term
from surplace.texts import Quote

FACTS: Final = (
    ("verdict", "hasVerdict"),
    ("standing", "hasStandingKind"),
    ("outcome", "hasOutcome"),
    ("result", "hasGroundResult"),
    ("result", "hasElementResult"),
    ("only for", "isConditionalOn"),
    ("depends on the view", "dependsOnView"),
    ("from", "holdsFrom"),
    ("before", "holdsBefore"),
    ("reason", "givesReason"),
    ("caveat", "hasCaveat"),
    ("agrees with", "agreesWith"),
    ("corroborated by", "isCorroboratedBy"),
)
"""What is said of a conclusion before its tree, and the property that says it."""


@dataclass(frozen=True)
class Explanation:
    """What is explained. *quotes* maps passages to their words, where a text is at hand."""

    iri: str
    title: str
    facts: tuple[tuple[str, Term], ...]
    trees: tuple[Node, ...]
    labels: Mapping[str, str]
    more: bool = False
    """Whether statements about the thing are left out."""
    quotes: Mapping[str, Quote] = field(default_factory=dict)


class UnknownThingError(SurplaceError):
    """A thing or statement that the knowledge does not hold."""


def explain_thing(
    iri: NamedNode, knowledge: Knowledge, depth: int = DEPTH, width: int = WIDTH
) -> Explanation:
    """Explain a conclusion down to its passages, or where each statement about another thing comes from.

    Raises UnknownThingError.
    """
    explainer = Explainer(knowledge, depth, width)
    conclusion = explainer.conclusion(iri)
    about = statements_about(iri.value, knowledge, width + 1)
    if conclusion is not None:
        trees = explainer.explain(conclusion)
        facts = [
            (title, s.object) for title, name in FACTS for s in about if s.predicate == NamedNode(SUR + name)
        ]
        return _finished(iri.value, facts, trees, knowledge, more=False)
    if not about:
        raise UnknownThingError(
            f"Nothing is said of {compact(iri.value)[:200]}: look its name up with a query."
        )
    trees = explainer.explain(*about[:width])
    return _finished(iri.value, [], trees, knowledge, more=len(about) > width)


def explain_statement(
    statement: Statement, knowledge: Knowledge, depth: int = DEPTH, width: int = WIDTH
) -> Explanation:
    """Explain one statement; raises UnknownThingError if no graph holds it."""
    explainer = Explainer(knowledge, depth, width)
    if not explainer.is_held(statement):
        raise UnknownThingError(
            f"No graph holds {' '.join(words(term, {})[:200] for term in statement.terms())}: "
            "ask what is said of its subject."
        )
    trees = explainer.explain(statement)
    iri = statement.subject.value if isinstance(statement.subject, NamedNode) else ""
    return _finished(iri, [], trees, knowledge, more=False)


def walk(trees: tuple[Node, ...]) -> Iterator[Node]:
    """Yield each node of the trees once, from the top down."""
    seen: set[int] = set()
    waiting = list(reversed(trees))
    while waiting:
        node = waiting.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            waiting += reversed(node.premises)


def _finished(
    iri: str, facts: list[tuple[str, Term]], trees: list[Node], knowledge: Knowledge, *, more: bool
) -> Explanation:
    """Look up the labels of all that an explanation names."""
    nodes = list(walk(tuple(trees)))
    wanted = names(node.statement for node in nodes) | {o.graph for node in nodes for o in node.origins}
    wanted |= {term.value for _, term in facts if isinstance(term, NamedNode)}
    wanted |= {name for node in nodes for name in node.absent}
    labels = knowledge.labels({iri, *wanted} - {""})
    labels.setdefault(RDF + "type", "is")
    labels.setdefault(SKOS + "broader", "is a kind of")
    return Explanation(iri, labels.get(iri) or compact(iri), tuple(facts), tuple(trees), labels, more)
