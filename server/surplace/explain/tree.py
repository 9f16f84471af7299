"""The tree of an explanation: statements, where each comes from, and what each rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import NamedNode

from surplace.engine.knowledge import Knowledge
from surplace.explain.recipes import Premise, Recipes
from surplace.explain.statements import Statement, graphs_of
from surplace.namespaces import AXIOM, CLAIM, RDF, REJECTED, RULE, SOURCE, SUR
from surplace.rdf.terms import Term

PASSAGE, AXIOM_KIND, RULE_KIND, CLAIM_KIND, RECORD = "passage", "axiom", "rule", "claim", "record"
_KINDS: Final = {
    SOURCE: PASSAGE,
    AXIOM: AXIOM_KIND,
    RULE: RULE_KIND,
    CLAIM: CLAIM_KIND,
    REJECTED: "rejected",
}
GROUND: Final = (PASSAGE, RECORD)
"""Origins that need no explanation; a claim or a rejected graph gives none, except to who reads just it."""
DEPTH: Final = 20
WIDTH: Final = 60


@dataclass(frozen=True)
class Origin:
    """A graph that holds a statement; *kind* is passage, rule, axiom, claim, rejected or record.

    A record is a statement of the ontology or of the provenance: it is given, and nothing lies below it.
    """

    kind: str
    graph: str


@dataclass
class Node:
    """A statement with its origins and the statements that it rests on."""

    statement: Statement
    origins: list[Origin] = field(default_factory=list)
    premises: list[Node] = field(default_factory=list)
    absent: tuple[str, ...] = ()
    """Properties of which nothing was recorded, as the rule requires."""
    cut: str = ""
    """Why premises are left out, if they are."""
    given: bool = False
    """Whether the rule names the graph that it reads the statement from, so that it rests on that alone."""

    @property
    def is_explained(self) -> bool:
        """Whether everything below ends in passages and records, with nothing left out."""
        grounded = self.given or any(origin.kind in GROUND for origin in self.origins)
        return grounded or (
            bool(self.premises) and not self.cut and all(p.is_explained for p in self.premises)
        )


class Explainer:
    """Builds trees; a statement that was explained once is not explained again."""

    def __init__(self, knowledge: Knowledge, depth: int = DEPTH, width: int = WIDTH) -> None:
        """Go down *depth* statements at most, and name *width* premises of each at most."""
        self._knowledge, self._depth, self._width = knowledge, depth, width
        self._recipes = Recipes(knowledge, width)
        self._done: dict[tuple[Statement, str | None], Node] = {}
        self._conclusions: dict[Term, Statement | None] = {}

    def explain(self, statement: Statement) -> Node:
        """Return the tree below a statement."""
        return self._node(Premise(statement, None), ())

    def _node(self, premise: Premise, path: tuple[Statement, ...]) -> Node:
        statement, graph = premise.statement, premise.graph
        known = self._done.get((statement, graph))
        if known is not None:
            return known
        node = Node(statement, given=graph is not None)
        node.origins = [
            _origin(name) for name in ([graph] if graph else graphs_of(statement, self._knowledge))
        ]
        if not node.given and not any(origin.kind in GROUND for origin in node.origins):
            self._derive(node, (*path, statement))
        if not node.cut:
            self._done[statement, graph] = node
        return node

    def _derive(self, node: Node, path: tuple[Statement, ...]) -> None:
        """Add what a statement rests on, as the first of its origins that does not run in a circle has it."""
        origins = [origin for origin in node.origins if origin.kind in (RULE_KIND, AXIOM_KIND)]
        for origin in sorted(origins, key=lambda origin: origin.kind != RULE_KIND):
            derivation = self._recipes.derivation(origin.graph, node.statement)
            if derivation is None:
                continue
            standing = [premise for premise in derivation.premises if self._stands(premise)]
            premises = [p for p in dict.fromkeys(map(self._whole, standing)) if p.statement not in path]
            if not premises:
                continue
            if len(path) > self._depth:
                node.cut = "deeper than this explanation goes"
                return
            if len(premises) > self._width:
                node.cut = f"{len(premises) - self._width} more premises"
            node.premises = [self._node(premise, path) for premise in premises[: self._width]]
            node.absent = derivation.absent
            return

    def conclusion(self, subject: Term) -> Statement | None:
        """Return the statement that a rule concludes a thing, if one does: that it is of its class."""
        if subject not in self._conclusions:
            table = self._knowledge.select(
                f"SELECT ?t WHERE {{ GRAPH ?g {{ {subject} <{SUR}follows> ?g . {subject} a ?t }} }} "
                "ORDER BY ?t LIMIT 1"
            )
            found = [Statement(subject, NamedNode(RDF + "type"), row["t"]) for row in table.rows]
            self._conclusions[subject] = found[0] if found else None
        return self._conclusions[subject]

    def _whole(self, premise: Premise) -> Premise:
        """Return, for a property of a conclusion, the conclusion: it is explained as a whole, and once."""
        found = self.conclusion(premise.statement.subject) if premise.graph is None else None
        return premise if found is None else Premise(found, None)

    def _stands(self, premise: Premise) -> bool:
        """Tell whether a statement is there: that of a branch which the rule did not take is not."""
        if premise.graph is not None:
            return self._knowledge.ask(
                f"ASK {{ GRAPH {NamedNode(premise.graph)} {{ {premise.statement} }} }}"
            )
        return self._knowledge.ask(f"ASK {{ {premise.statement} }}")


def _origin(graph: str) -> Origin:
    """Tell what kind of graph it is."""
    return Origin(next((kind for start, kind in _KINDS.items() if graph.startswith(start)), RECORD), graph)
