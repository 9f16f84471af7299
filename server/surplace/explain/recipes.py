"""Recipes: the CONSTRUCT queries of rules and axioms, asked backwards from a statement to its premises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import rdflib
from pyoxigraph import BlankNode, Literal, NamedNode
from rdflib.term import Node, Variable

from surplace.engine.knowledge import Knowledge
from surplace.explain.paths import resolve
from surplace.explain.statements import Statement
from surplace.namespaces import KNOWLEDGE, SKOS, SUR
from surplace.rdf.terms import Term, text_of
from surplace.rules.patterns import ABSENT, AGGREGATED, Pattern, Shape, read_shape
from surplace.sparql.lexer import prologue, tokens

_UNSAID = {SKOS + "prefLabel"}
"""Properties that name things: what they say is no premise."""


@dataclass(frozen=True)
class Premise:
    """A statement that a conclusion rests on, and its graph where the rule names one."""

    statement: Statement
    graph: str | None


@dataclass(frozen=True)
class Derivation:
    """What led to a statement in one graph: premises, and properties of which nothing is recorded."""

    premises: tuple[Premise, ...]
    absent: tuple[str, ...]


@dataclass(frozen=True)
class Recipe:
    """A CONSTRUCT query: its prologue, the text of its outermost group, and what it says."""

    start: str
    body: str
    shape: Shape


class Recipes:
    """Reads the queries of graphs and asks them backwards; remembers what it has read."""

    def __init__(self, knowledge: Knowledge, most: int) -> None:
        """Ask *knowledge*; look at no more than *most* solutions of a query."""
        self._knowledge, self._most = knowledge, most
        self._known: dict[str, list[Recipe]] = {}

    def derivation(self, graph: str, statement: Statement) -> Derivation | None:
        """Return what led to a statement that stands in a graph of a rule or axiom; None if nothing does."""
        premises: dict[Premise, None] = {}
        absent: dict[str, None] = {}
        for recipe in self._read(graph):
            for unified in _matches(recipe.shape, statement):
                bindings = self._completed(recipe.shape, unified, graph, statement)
                for solution in self._solutions(recipe, bindings):
                    found = list(self._premises(recipe.shape, solution))
                    # a branch that does not speak of what the statement speaks of did not lead to it
                    spoken = {term for premise in found for term in premise.statement.terms()}
                    if {t for n, t in bindings.items() if n not in recipe.shape.assigned} <= spoken:
                        premises |= dict.fromkeys(found)
                        absent |= dict.fromkeys(_absent(recipe.shape))
            if premises:
                break
        premises.pop(Premise(statement, None), None)
        return Derivation(tuple(premises), tuple(absent)) if premises else None

    def _read(self, graph: str) -> list[Recipe]:
        """Return the queries that fill a graph."""
        if graph not in self._known:
            table = self._knowledge.select(
                f"SELECT ?text WHERE {{ {NamedNode(graph)} <{SUR}hasQueryText> ?text }} ORDER BY ?text"
            )
            self._known[graph] = [_recipe(text_of(row["text"]), graph) for row in table.rows]
        return self._known[graph]

    def _completed(
        self, shape: Shape, bindings: dict[str, Term], graph: str, statement: Statement
    ) -> dict[str, Term]:
        """Add to *bindings* what else the graph says of the subject, where that is one thing only.

        A conclusion has an IRI of its own, which says nothing; its properties say what it is about.
        """
        about = [
            (p, o)
            for s, p, o in shape.template
            if isinstance(o, Variable) and to_term(p) is not None and _bound(s, bindings) == statement.subject
        ]
        if len(about) < 2:
            return bindings
        rows = self._knowledge.select(
            "SELECT ?p (SAMPLE(?o) AS ?value) "
            f"WHERE {{ GRAPH {NamedNode(graph)} {{ {statement.subject} ?p ?o }} }} "
            "GROUP BY ?p HAVING (COUNT(?o) = 1)"
        ).rows
        single = {row["p"]: row["value"] for row in rows}
        named = [predicate for predicate, _ in about]
        found = {
            str(value): single[to_term(predicate)]
            for predicate, value in about
            if to_term(predicate) in single and named.count(predicate) == 1
        }
        return {**found, **bindings}

    def _solutions(self, recipe: Recipe, bindings: Mapping[str, Term]) -> list[Mapping[str, Term]]:
        """Return the solutions of the body of a query that fit *bindings*."""
        given = {name: term for name, term in bindings.items() if name not in recipe.shape.assigned}
        values = ""
        if given:
            heads = " ".join(f"?{name}" for name in given)
            values = f"VALUES ({heads}) {{ ({' '.join(str(term) for term in given.values())}) }} "
        filters = "".join(
            f" FILTER(sameTerm(?{name}, {term}))" for name, term in bindings.items() if name not in given
        )
        query = (
            f"{recipe.start}\nSELECT DISTINCT * WHERE {{ {values}{recipe.body}{filters} }} LIMIT {self._most}"
        )
        return list(self._knowledge.select(query).rows)

    def _premises(self, shape: Shape, solution: Mapping[str, Term]) -> Iterator[Premise]:
        """Yield the statements that a solution was read from."""
        below: list[Pattern] = []
        for pattern in shape.body:
            if pattern.role == ABSENT or str(pattern.predicate) in _UNSAID:
                continue
            if pattern.role == AGGREGATED:
                below.append(pattern)
                continue
            ends = _bound(pattern.subject, solution), _bound(pattern.object, solution)
            if ends[0] is None or ends[1] is None:
                continue  # of a branch or an option that was not taken
            graph = _bound(pattern.graph, solution) if pattern.graph is not None else None
            place = graph.value if isinstance(graph, NamedNode) else None
            for statement in resolve(ends[0], pattern.predicate, ends[1], solution, self._knowledge):
                yield Premise(statement, place)
        yield from self._looked_up(below, solution)

    def _looked_up(self, patterns: list[Pattern], solution: Mapping[str, Term]) -> Iterator[Premise]:
        """Yield what the patterns below an aggregate match, whose variables no solution shows.

        Patterns are taken together while they have a common solution; those of another branch are left out.
        """
        taken: list[Pattern] = []
        for pattern in patterns:
            where = " ".join(_where(item, solution) for item in (*taken, pattern))
            if self._knowledge.ask(f"ASK {{ {where} }}"):
                taken.append(pattern)
        taken = _anchored(taken, solution)
        if not taken:
            return
        where = " ".join(_where(pattern, solution) for pattern in taken)
        table = self._knowledge.select(f"SELECT DISTINCT * WHERE {{ {where} }} LIMIT {self._most}")
        for row in table.rows or [{}]:
            found = {**solution, **row}
            for pattern in taken:
                ends = _bound(pattern.subject, found), _bound(pattern.object, found)
                graph = _bound(pattern.graph, found) if pattern.graph is not None else None
                if ends[0] is None or ends[1] is None:
                    continue
                place = graph.value if isinstance(graph, NamedNode) else None
                for statement in resolve(ends[0], pattern.predicate, ends[1], found, self._knowledge):
                    yield Premise(statement, place)


def _anchored(patterns: list[Pattern], solution: Mapping[str, Term]) -> list[Pattern]:
    """Return the patterns that hang together, by their open variables, with something that is known."""
    known = {str(name) for name in solution}
    kept: list[Pattern] = []
    while True:
        more = [
            pattern
            for pattern in patterns
            if pattern not in kept
            and any(
                not isinstance(term, Variable) or str(term) in known
                for term in (pattern.subject, pattern.object)
            )
        ]
        if not more:
            return [pattern for pattern in patterns if pattern in kept]
        kept += more
        known |= {
            str(term)
            for pattern in more
            for term in (pattern.subject, pattern.object, pattern.graph)
            if isinstance(term, Variable)
        }


def _recipe(text: str, graph: str) -> Recipe:
    """Take a CONSTRUCT query apart."""
    found = tokens(text)
    depth, start = 0, 0
    for number, token in enumerate(found):
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if depth == 0 and token.is_word("WHERE"):
            start = found[number + 1].end
    return Recipe(prologue(text, found), text[start : found[-1].start], read_shape(text, graph))


def _matches(shape: Shape, statement: Statement) -> Iterator[dict[str, Term]]:
    """Yield the bindings under which a triple of the template is the statement."""
    for triple in shape.template:
        bindings: dict[str, Term] = {}
        for pattern, term in zip(triple, statement.terms(), strict=True):
            if isinstance(pattern, Variable):
                if bindings.setdefault(str(pattern), term) != term:
                    break
            elif to_term(pattern) != term:
                break
        else:
            yield bindings


def _absent(shape: Shape) -> Iterator[str]:
    """Yield the properties that the query asks not to be there."""
    for pattern in shape.body:
        if pattern.role == ABSENT and isinstance(pattern.predicate, rdflib.URIRef):
            yield str(pattern.predicate)


def _bound(term: object, solution: Mapping[str, Term]) -> Term | None:
    """Return what a term of a pattern stands for in a solution; None for a variable without a value."""
    if isinstance(term, Variable):
        return solution.get(str(term))
    return to_term(term) if isinstance(term, Node) else None


def _where(pattern: Pattern, solution: Mapping[str, Term]) -> str:
    """Write a pattern for a query, in its graph, with the values of a solution."""
    subject, predicate, value = (
        _written(term, solution) for term in (pattern.subject, pattern.predicate, pattern.object)
    )
    if pattern.graph is None:
        return f"{subject} {predicate} {value} ."
    graph = _written(pattern.graph, solution)
    guard = f"FILTER({graph} != <{KNOWLEDGE}>) " if graph.startswith("?") else ""
    return f"GRAPH {graph} {{ {subject} {predicate} {value} . }} {guard}"


def _written(term: object, solution: Mapping[str, Term]) -> str:
    """Write a term of a pattern for a query, with the values of a solution."""
    if isinstance(term, Variable):
        return str(solution.get(str(term)) or f"?{term}")
    return str(to_term(term)) if isinstance(term, Node) else term.n3()  # type: ignore[attr-defined]


def to_term(node: Node) -> Term:
    """Turn a term of rdflib into one of pyoxigraph."""
    if isinstance(node, rdflib.URIRef):
        return NamedNode(str(node))
    if isinstance(node, rdflib.Literal):
        if node.language:
            return Literal(str(node), language=node.language)
        return (
            Literal(str(node), datatype=NamedNode(str(node.datatype)))
            if node.datatype
            else Literal(str(node))
        )
    return BlankNode(str(node))
