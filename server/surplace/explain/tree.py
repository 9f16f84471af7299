"""The tree of an explanation: statements, where each comes from, and what each rests on."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import Final

from surplace.engine.knowledge import Knowledge
from surplace.explain.asking import Answers, Level, Task, run
from surplace.explain.holdings import Holdings
from surplace.explain.recipes import Derivation, Premise, Recipes
from surplace.explain.statements import Statement
from surplace.namespaces import AXIOM, CLAIM, REJECTED, RULE, SOURCE
from surplace.rdf.terms import Term
from surplace.words.english import count

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
    """Builds trees; a statement that was explained once is not explained again.

    What a tree may need is asked level by level, for all statements of a level at once. Then the tree is put
    together from the top down.
    """

    def __init__(self, knowledge: Knowledge, depth: int = DEPTH, width: int = WIDTH) -> None:
        """Go down *depth* statements at most, and name *width* premises of each at most."""
        self._knowledge, self._depth, self._width = knowledge, depth, width
        self._recipes = Recipes(knowledge.folder, width)
        self._holdings = Holdings()
        self._derived: dict[tuple[str, Statement], Derivation | None] = {}
        self._seen: set[Premise] = set()
        self._done: dict[Premise, Node] = {}

    def explain(self, *statements: Statement) -> list[Node]:
        """Return the trees below statements."""
        run([self._holdings.look_up(statements)], self._knowledge)
        premises = [Premise(statement, None) for statement in statements]
        run([self._gather(premise, 1) for premise in premises], self._knowledge)
        return [self._node(premise, ()) for premise in premises]

    def conclusion(self, subject: Term) -> Statement | None:
        """Return the statement that a rule concludes a thing, if one does: that it is of its class."""
        run([self._holdings.look_up([], [subject])], self._knowledge)
        return self._holdings.conclusion(subject)

    def is_held(self, statement: Statement) -> bool:
        """Tell whether a named graph holds a statement."""
        run([self._holdings.look_up([statement])], self._knowledge)
        return bool(self._holdings.graphs(statement))

    def _gather(self, premise: Premise, level: int) -> Task:
        """Ask for what leads to a premise that was looked up, then for what leads to that."""
        if premise in self._seen:
            return ()
        self._seen.add(premise)
        for origin in self._drawn_by(premise):
            yield from self._derive(origin, premise.statement)
            found = self._derived[origin.graph, premise.statement]
            if found is not None and any(p.statement != premise.statement for p in found.premises):
                below = found.premises[: self._width] if level <= self._depth else ()
                return [self._gather(below_it, level + 1) for below_it in below]
        return ()

    def _derive(self, origin: Origin, statement: Statement) -> Generator[list[Level], Answers, None]:
        """Ask for what led to a statement in one graph: what of it stands, conclusions as a whole."""
        said = self._holdings.said(origin.graph, statement.subject)
        found = yield from self._recipes.derivation(origin.graph, statement, said)
        if found is not None:
            open_ = [premise.statement.subject for premise in found.premises if premise.graph is None]
            yield from self._holdings.look_up((premise.statement for premise in found.premises), open_)
            standing = [p for p in found.premises if self._holdings.holds(p.statement, p.graph)]
            found = Derivation(tuple(dict.fromkeys(map(self._whole, standing))), found.absent)
        self._derived[origin.graph, statement] = found

    def _whole(self, premise: Premise) -> Premise:
        """Return, for a property of a conclusion, the conclusion: it is explained as a whole, and once."""
        found = self._holdings.conclusion(premise.statement.subject) if premise.graph is None else None
        return premise if found is None else Premise(found, None)

    def _origins(self, premise: Premise) -> list[Origin]:
        """Return the graphs that a premise comes from."""
        graphs = [premise.graph] if premise.graph else self._holdings.graphs(premise.statement)
        return [_origin(graph) for graph in graphs]

    def _drawn_by(self, premise: Premise) -> list[Origin]:
        """Return the rules, then the axioms, that a premise comes from; none if it needs no explanation."""
        origins = self._origins(premise)
        if premise.graph is not None or any(origin.kind in GROUND for origin in origins):
            return []
        drawn = [origin for origin in origins if origin.kind in (RULE_KIND, AXIOM_KIND)]
        return sorted(drawn, key=lambda origin: origin.kind != RULE_KIND)

    def _node(self, premise: Premise, path: tuple[Statement, ...]) -> Node:
        known = self._done.get(premise)
        if known is not None:
            return known
        node = Node(premise.statement, self._origins(premise), given=premise.graph is not None)
        self._add_premises(node, premise, (*path, premise.statement))
        if not node.cut:
            self._done[premise] = node
        return node

    def _add_premises(self, node: Node, premise: Premise, path: tuple[Statement, ...]) -> None:
        """Add what a statement rests on, as the first of its origins that does not run in a circle has it."""
        for origin in self._drawn_by(premise):
            key = origin.graph, premise.statement
            if key not in self._derived:
                run([self._derive(origin, premise.statement)], self._knowledge)
            found = self._derived[key]
            premises = [p for p in found.premises if p.statement not in path] if found is not None else []
            if found is None or not premises:
                continue
            if len(path) > self._depth:
                node.cut = "deeper than this explanation goes"
                return
            if len(premises) > self._width:
                node.cut = count(len(premises) - self._width, "more premise")
            node.premises = [self._node(premise, path) for premise in premises[: self._width]]
            node.absent = found.absent
            return


def _origin(graph: str) -> Origin:
    """Tell what kind of graph it is."""
    return Origin(next((kind for start, kind in _KINDS.items() if graph.startswith(start)), RECORD), graph)
