"""Asks for the lists of statements around a name, page by page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.namespaces import CLAIM, KNOWLEDGE, SOURCE, SUR, VOID, sparql_prologue
from surplace.rdf.terms import Term, text_of
from surplace.web.statements import DEFAULT, Around, Slice, SourcedStatement, Standing, standing

SORTED: Final = 2000
"""Statements that a graph may have to be shown in order; sorting many more takes seconds."""

MENTIONS: Final = 6000
"""Statements in graphs that mention a thing and are put in order here, not by the engine."""

_OUTGOING, _INCOMING, _CLAIMS, _CONTENT = "outgoing", "incoming", "claims", "content"
_LISTS, _FINDINGS, _REJECTED = "lists", "findings", "rejected"
_NOT_CLAIMED: Final = f'FILTER(?g != <{KNOWLEDGE}> && !STRSTARTS(STR(?g), "{CLAIM}"))'
_MENTIONED: Final = f"FILTER(!isBlank(?s) && ?p NOT IN (<{VOID}class>, <{VOID}property>))"
"""What graph/description counts by class and property mentions none of them."""
_CLAIMED: Final = f'FILTER(STRSTARTS(STR(?g), "{CLAIM}"))'


def around(
    iri: str, knowledge: Knowledge, number: int, size: int, *, content: int = 0, findings: bool = True
) -> Around:
    """Gather page *number*, from 1, of what is said around a name; raises EngineError.

    *content* is how many statements its own graph holds; without *findings* those are left out. All lists but
    the mentions are asked for at once; how long they are is asked once more where that is more than this page
    shows.
    """
    lists = _lists(NamedNode(iri), content, findings=findings)
    mentions = next(part for part in lists if part.name == _INCOMING)
    ordered = _in_order(knowledge.select(mentions.unordered()).rows)
    if ordered is not None:
        lists.remove(mentions)
    rows = _asked(knowledge, [part.page(number, size) for part in lists])
    totals = {part.name: len(rows[part.name]) for part in lists} | {_CONTENT: content}
    long = [part for part in lists if part.counted and (number > 1 or totals[part.name] >= size)]
    if long:
        counts = " UNION ".join(f"{{ {part.count()} }}" for part in long)
        counted = knowledge.select(f"{sparql_prologue()}SELECT * WHERE {{ {counts} }}").rows
        totals |= {text_of(row["part"]): int(text_of(row["n"])) for row in counted}
    if ordered is not None:
        rows[_INCOMING], totals[_INCOMING] = ordered[(number - 1) * size : number * size], len(ordered)
    node = NamedNode(iri)
    rejected = {_terms(row) for row in rows.get(_REJECTED, ())}

    def gathered(name: str, **known: Term) -> Slice:
        return Slice(tuple(_statement({**known, **row}) for row in rows[name]), totals[name])

    outgoing = gathered(_OUTGOING, s=node)
    return Around(
        iri,
        number,
        size,
        outgoing,
        gathered(_INCOMING, o=node),
        gathered(_CLAIMS),
        Slice(tuple(_inside(row, iri, rejected) for row in rows.get(_CONTENT, ())), content),
        tuple(map(_cell, rows[_LISTS])) if any(map(_is_list, outgoing.statements)) else (),
        tuple(_finding(row) for row in rows.get(_FINDINGS, ())),
        totals.get(_FINDINGS, 0),
    )


def _in_order(rows: Sequence[Row]) -> list[Row] | None:
    """Put all mentions in order, which an engine takes longer for; None where there may be more of them."""
    if sum(len(text_of(row["graphs"]).split()) for row in rows) >= MENTIONS:
        return None
    return sorted(rows, key=lambda row: (text_of(row["s"]), text_of(row["p"])))


def _asked(knowledge: Knowledge, parts: Iterable[str]) -> dict[str, list[Row]]:
    """Ask for several lists at once; return the rows of each by its name."""
    united = " UNION ".join(f"{{ {part} }}" for part in parts)
    query = f"{sparql_prologue()}SELECT * WHERE {{ {united} }} ORDER BY ?part ?s ?p ?o ?g"
    rows: dict[str, list[Row]] = defaultdict(list)
    for row in knowledge.select(query).rows:
        rows[text_of(row["part"])].append(row)
    return rows


@dataclass(frozen=True)
class _List:
    """A list of a page: the pattern of its rows, their columns, and how its pages are cut."""

    name: str
    columns: str
    pattern: str
    graphs: bool = False
    """Whether rows gather the graphs of a statement."""
    sorted: bool = True
    counted: bool = True
    paged: bool = True

    def page(self, number: int, size: int) -> str:
        """Ask for the rows of a page."""
        columns = self.columns
        gathering = '(GROUP_CONCAT(DISTINCT ?graph; SEPARATOR=" ") AS ?graphs)' if self.graphs else ""
        group = f"GROUP BY {columns}" if self.graphs else ""
        order = f"ORDER BY {columns}" if self.sorted else ""
        part = f"LIMIT {size} OFFSET {(number - 1) * size}" if self.paged else ""
        distinct = "DISTINCT " if self.sorted and not self.graphs else ""
        return (
            f'SELECT {distinct}("{self.name}" AS ?part) {columns} {gathering} '
            f"WHERE {{ {self.pattern} }} {group} {order} {part}"
        )

    def unordered(self) -> str:
        """Ask for the rows in no order, as many as `MENTIONS` statements in graphs make."""
        return (
            f'SELECT {self.columns} (GROUP_CONCAT(?graph; SEPARATOR=" ") AS ?graphs) '
            f"WHERE {{ SELECT {self.columns} ?graph WHERE {{ {self.pattern} }} LIMIT {MENTIONS} }} "
            f"GROUP BY {self.columns}"
        )

    def count(self) -> str:
        """Ask how many rows there are."""
        return (
            f'SELECT ("{self.name}" AS ?part) (COUNT(*) AS ?n) '
            f"WHERE {{ SELECT DISTINCT {self.columns} WHERE {{ {self.pattern} }} }}"
        )


def _lists(node: NamedNode, content: int, *, findings: bool) -> list[_List]:
    """Return the lists that a page may have; the lists of RDF, and what is rejected, are there as a whole."""
    triple = "?s ?p ?o"
    found = [
        _List(_OUTGOING, "?p ?o", _of(f"{node} ?p ?o"), graphs=True),
        _List(_INCOMING, "?s ?p", _of(f"?s ?p {node} {_MENTIONED}"), graphs=True),
        _List(
            _CLAIMS,
            triple,
            f"{{ GRAPH ?g {{ {node} ?p ?o }} BIND({node} AS ?s) {_CLAIMED} }} "
            f"UNION {{ GRAPH ?g {{ ?s ?p {node} }} BIND({node} AS ?o) {_CLAIMED} }} BIND(STR(?g) AS ?graph)",
            graphs=True,
        ),
        _List(
            _LISTS,
            f"{triple} ?g",
            # the data have no other things without a name
            f"GRAPH ?g {{ {node} ?q ?b FILTER(isBlank(?b)) ?b rdf:rest* ?s FILTER(isBlank(?s)) ?s ?p ?o }} "
            f"{_NOT_CLAIMED}",
            counted=False,
            paged=False,
        ),
    ]
    if findings:
        pattern = f"?s a sur:Finding ; ?o {node} OPTIONAL {{ ?s sur:hasVerdict ?p }}"  # finding, verdict, how
        found.append(_List(_FINDINGS, "?s ?p ?o", pattern))
    if content:
        held = f"GRAPH {node} {{ {triple} }}"
        found.append(_List(_CONTENT, triple, held, sorted=content <= SORTED, counted=False))
        if node.value.startswith(SOURCE):
            pattern = f"?disagreement <{SUR}rejects> ?other . GRAPH ?other {{ {triple} }} {held}"
            found.append(_List(_REJECTED, triple, pattern, counted=False, paged=False))
    return found


def _of(pattern: str) -> str:
    """Write a pattern for statements that are held or rejected, with their graphs."""
    return (
        f'{{ {pattern} BIND("{DEFAULT}" AS ?graph) }} '
        f"UNION {{ GRAPH ?g {{ {pattern} }} {_NOT_CLAIMED} BIND(STR(?g) AS ?graph) }}"
    )


def _terms(row: Row) -> tuple[Term, Term, Term]:
    return row["s"], row["p"], row["o"]


def _statement(row: Row) -> SourcedStatement:
    """Read a statement with its graphs."""
    graphs = sorted(text_of(row["graphs"]).split())
    return SourcedStatement(
        _terms(row), tuple(graph for graph in graphs if graph != DEFAULT), standing(graphs)
    )


def _inside(row: Row, iri: str, rejected: set[tuple[Term, Term, Term]]) -> SourcedStatement:
    """Read a statement of the graph with that name."""
    whole: Standing = "held" if iri.startswith(SOURCE) else standing([iri])
    return SourcedStatement(_terms(row), (iri,), "rejected" if _terms(row) in rejected else whole)


def _finding(row: Row) -> tuple[Term, Term, Term]:
    """Read a finding, its verdict, and how a name is part of it."""
    return row["s"], row.get("p", Literal("")), row["o"]


def _cell(row: Row) -> SourcedStatement:
    """Read a cell of a list."""
    return SourcedStatement(_terms(row), (text_of(row["g"]),), "held")


def _is_list(statement: SourcedStatement) -> bool:
    return isinstance(statement.terms[2], BlankNode)
