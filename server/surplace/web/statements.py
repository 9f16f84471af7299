"""The statements around a name, page by page, each with the graphs that make it and how it stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from pyoxigraph import BlankNode, NamedNode

from surplace.engine.knowledge import Knowledge, Row
from surplace.namespaces import AXIOM, CLAIM, GRAPH, KNOWLEDGE, REJECTED, RULE, SOURCE, SUR, sparql_prologue
from surplace.rdf.terms import Term, text_of

Standing: TypeAlias = Literal["held", "claimed", "rejected"]
"""Held true here, only claimed by somebody, or contradicted by a better source."""

GRAPHS: Final = (SOURCE, CLAIM, GRAPH, AXIOM, RULE)
"""What the IRIs of named graphs begin with."""

SORTED: Final = 2000
"""Statements that a graph may have to be shown in order; sorting many more takes seconds."""

_DEFAULT: Final = "-"
"""Stands for the default graph among the graphs of a statement."""
_NOT_CLAIMED: Final = f'FILTER(?g != <{KNOWLEDGE}> && !STRSTARTS(STR(?g), "{CLAIM}"))'
_CLAIMED: Final = f'FILTER(STRSTARTS(STR(?g), "{CLAIM}"))'


@dataclass(frozen=True)
class Statement:
    """A triple with the named graphs that make it; none if only the default graph has it."""

    terms: tuple[Term, Term, Term]
    graphs: tuple[str, ...]
    standing: Standing


@dataclass(frozen=True)
class Slice:
    """A page of a list of statements, and how many the whole list has."""

    statements: tuple[Statement, ...] = ()
    total: int = 0


@dataclass(frozen=True)
class Around:
    """What is said of a name and with it, as far as page *number* of *size* statements of each kind goes."""

    iri: str
    number: int
    size: int
    outgoing: Slice
    incoming: Slice
    claims: Slice
    content: Slice
    lists: tuple[Statement, ...]
    """The statements that make up the RDF lists among the objects."""

    @property
    def last(self) -> int:
        """The number of the last page, 1 at least."""
        totals = (part.total for part in (self.outgoing, self.incoming, self.claims, self.content))
        return max(1, -(-max(totals) // self.size))

    def slices(self) -> tuple[Slice, Slice, Slice]:
        """Return the statements that the name is part of: outgoing, incoming, claimed."""
        return self.outgoing, self.incoming, self.claims


def around(iri: str, knowledge: Knowledge, number: int, size: int) -> Around:
    """Gather page *number*, from 1, of what is said around a name; raises EngineError."""
    node = NamedNode(iri)
    page = _Page(knowledge, number, size)
    outgoing = page.of(f"{node} ?p ?o", "?p ?o", node)
    return Around(
        iri,
        number,
        size,
        outgoing,
        page.of(f"?s ?p {node} FILTER(!isBlank(?s))", "?s ?p", node),
        page.of_claims(node),
        page.of_graph(iri) if iri.startswith(GRAPHS) else Slice(),
        tuple(_lists(node, knowledge)) if any(map(_is_list, outgoing.statements)) else (),
    )


@dataclass(frozen=True)
class _Page:
    """Asks for one page of a list."""

    knowledge: Knowledge
    number: int
    size: int

    def of(self, pattern: str, variables: str, node: NamedNode) -> Slice:
        """Ask for statements of a pattern, held or rejected, that *node* is the one other part of."""
        inner = (
            f'{{ {pattern} BIND("{_DEFAULT}" AS ?graph) }} '
            f"UNION {{ GRAPH ?g {{ {pattern} }} {_NOT_CLAIMED} BIND(STR(?g) AS ?graph) }}"
        )
        return self._gathered(variables, inner, {"s": node, "o": node})

    def of_claims(self, node: NamedNode) -> Slice:
        """Ask for what somebody claims of a thing."""
        inner = (
            f"{{ GRAPH ?g {{ {node} ?p ?o }} BIND({node} AS ?s) {_CLAIMED} }} "
            f"UNION {{ GRAPH ?g {{ ?s ?p {node} }} BIND({node} AS ?o) {_CLAIMED} }} BIND(STR(?g) AS ?graph)"
        )
        return self._gathered("?s ?p ?o", inner, {})

    def of_graph(self, iri: str) -> Slice:
        """Ask what the graph of that name holds, and which of it a better source rejects."""
        node, triple = NamedNode(iri), "?s ?p ?o"
        inner = f"GRAPH {node} {{ {triple} }}"
        total = self._count(triple, inner)
        order = f"ORDER BY {triple}" if total <= SORTED else ""
        rows = self._rows(f"SELECT {triple} WHERE {{ {inner} }} {order} {self._part}")
        rejected = set[tuple[Term, ...]]()
        if iri.startswith(SOURCE):
            known = self._rows(
                f"SELECT {triple} WHERE {{ ?disagreement <{SUR}rejects> ?g . "
                f"GRAPH ?g {{ {triple} }} {inner} }}"
            )
            rejected = {(row["s"], row["p"], row["o"]) for row in known}
        standing: Standing = "held" if iri.startswith(SOURCE) else _standing([iri])
        statements = [
            Statement(terms, (iri,), "rejected" if terms in rejected else standing)
            for terms in ((row["s"], row["p"], row["o"]) for row in rows)
        ]
        return Slice(tuple(statements), total)

    @property
    def _part(self) -> str:
        return f"LIMIT {self.size} OFFSET {(self.number - 1) * self.size}"

    def _rows(self, query: str) -> list[Row]:
        return list(self.knowledge.select(query).rows)

    def _count(self, variables: str, inner: str) -> int:
        (row,) = self._rows(
            f"SELECT (COUNT(*) AS ?n) WHERE {{ SELECT DISTINCT {variables} WHERE {{ {inner} }} }}"
        )
        return int(text_of(row["n"]))

    def _gathered(self, variables: str, inner: str, known: Row) -> Slice:
        """Gather the graphs of each statement; count the whole list only if it may go beyond this page."""
        rows = self._rows(
            f'SELECT {variables} (GROUP_CONCAT(DISTINCT ?graph; SEPARATOR=" ") AS ?graphs) '
            f"WHERE {{ {inner} }} GROUP BY {variables} ORDER BY {variables} {self._part}"
        )
        whole = self.number == 1 and len(rows) < self.size
        statements = []
        for row in ({**known, **row} for row in rows):
            graphs = sorted(text_of(row["graphs"]).split())
            named = tuple(graph for graph in graphs if graph != _DEFAULT)
            statements.append(Statement((row["s"], row["p"], row["o"]), named, _standing(graphs)))
        return Slice(tuple(statements), len(rows) if whole else self._count(variables, inner))


def _standing(graphs: Iterable[str]) -> Standing:
    """Tell how a statement stands: what the default graph or a graph of the editors makes is held.

    A passage that states what the default graph has not is one that a better source contradicts.
    """
    known = list(graphs)
    if any(not graph.startswith((SOURCE, CLAIM, REJECTED)) for graph in known):
        return "held"
    return "claimed" if all(graph.startswith(CLAIM) for graph in known) else "rejected"


def _is_list(statement: Statement) -> bool:
    return isinstance(statement.terms[2], BlankNode)


def _lists(node: NamedNode, knowledge: Knowledge) -> Iterator[Statement]:
    """Yield the cells of the lists that a thing points to; the data have no other things without a name."""
    rows = knowledge.select(
        f"{sparql_prologue()}SELECT DISTINCT ?s ?p ?o ?g WHERE {{ GRAPH ?g {{ {node} ?q ?b . "
        f"?b rdf:rest* ?s . ?s ?p ?o FILTER(isBlank(?b) && isBlank(?s)) }} {_NOT_CLAIMED} }} "
        f"ORDER BY ?s ?p ?o ?g"
    ).rows
    for row in rows:
        yield Statement((row["s"], row["p"], row["o"]), (row["g"].value,), "held")  # type: ignore[union-attr]
