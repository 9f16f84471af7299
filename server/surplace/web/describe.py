"""What the page of a name shows: what its own graph holds, what is said of it and where, who mentions it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from surplace.engine.knowledge import Knowledge, Row, Term, text_of
from surplace.namespaces import (
    AXIOM,
    BASE,
    CLAIM,
    GRAPH,
    KNOWLEDGE,
    PREFIXES,
    REJECTED,
    RULE,
    SOURCE,
    SUR,
    compact,
)
from surplace.web.cells import Cell, cell, passage_name

PLACES: Final = (
    ("Paragraph", "hasParagraphNumber"),
    ("Sentence", "hasSentenceNumber"),
    ("Note", "hasNoteNumber"),
    ("Place", "hasLocator"),
)
"""What says where in its source a passage stands."""


@dataclass(frozen=True)
class Statement:
    """A statement with the graphs that make it; *standing* is `held`, `claimed` or `rejected`."""

    cells: tuple[Cell, ...]
    graphs: tuple[Cell, ...]
    standing: str


@dataclass(frozen=True)
class Group:
    """A list of statements on a page; *more* says whether there are others that are not shown."""

    title: str
    note: str
    titles: tuple[str, ...]
    statements: tuple[Statement, ...]
    more: bool


@dataclass(frozen=True)
class Description:
    """A name with everything that its page shows."""

    iri: str
    name: str
    definition: str
    passage: tuple[tuple[str, Cell], ...]
    groups: tuple[Group, ...]


def describe(iri: str, knowledge: Knowledge, most: int) -> Description:
    """Describe a name with at most *most* statements of each kind."""
    node = NamedNode(iri)
    outgoing = _rows(knowledge, f"{node} ?p ?o", "?p ?o ?g", most)
    incoming = _rows(knowledge, f"?s ?p {node}", "?s ?p ?g", most)
    is_graph = iri.startswith((SOURCE, CLAIM, GRAPH, AXIOM, RULE))
    inside = _inside(knowledge, iri, most) if is_graph else []
    terms = [term for rows in (outgoing, incoming, inside) for row in rows for term in row.values()]
    names = {term.value for term in terms if isinstance(term, NamedNode) and term.value.startswith(BASE)}
    labels = knowledge.labels({iri, *names})
    facts = {row["p"].value: row["o"] for row in outgoing if isinstance(row["p"], NamedNode)}
    groups = (
        Group(*_inside_title(iri), ("subject", "predicate", "object"), *_plain(inside, labels, most)),
        Group(
            "What is said of it", "", ("predicate", "object"), *_stated(outgoing, ("p", "o"), labels, most)
        ),
        Group(
            "Where it is mentioned",
            "",
            ("subject", "predicate"),
            *_stated(incoming, ("s", "p"), labels, most),
        ),
    )
    return Description(
        iri=iri,
        name=labels.get(iri) or passage_name(iri) or compact(iri),
        definition=_text(facts.get(PREFIXES["skos"] + "definition")),
        passage=_passage(facts, labels),
        groups=tuple(group for group in groups if group.statements),
    )


def exists(iri: str, knowledge: Knowledge) -> bool:
    """Tell whether a name is the subject of a statement, or the name of a graph."""
    node = NamedNode(iri)
    return knowledge.ask(
        f"ASK {{ {{ {node} ?p ?o }} UNION {{ GRAPH ?g {{ {node} ?p ?o }} }} "
        f"UNION {{ GRAPH {node} {{ ?s ?p ?o }} }} }}"
    )


def _rows(knowledge: Knowledge, pattern: str, variables: str, most: int) -> list[Row]:
    """Ask for statements in the default graph and, with the graph, in every other but the merged one."""
    table = knowledge.select(
        f"SELECT DISTINCT {variables} WHERE {{ {{ {pattern} }} "
        f"UNION {{ GRAPH ?g {{ {pattern} }} FILTER(?g != {NamedNode(KNOWLEDGE)}) }} }} "
        f"ORDER BY {variables} LIMIT {most * 4 + 1}"
    )
    return list(table.rows)


def _inside(knowledge: Knowledge, iri: str, most: int) -> list[Row]:
    """Ask what the graph of that name holds, and which of it a better source rejects."""
    table = knowledge.select(
        f"SELECT ?s ?p ?o (SAMPLE(?graph) AS ?rejected) WHERE {{ GRAPH {NamedNode(iri)} {{ ?s ?p ?o }} "
        f'OPTIONAL {{ GRAPH ?graph {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?graph), "{REJECTED}")) }} }} '
        f"GROUP BY ?s ?p ?o ORDER BY ?s ?p ?o LIMIT {most + 1}"
    )
    return list(table.rows)


def _stated(
    rows: list[Row], columns: tuple[str, str], labels: Mapping[str, str], most: int
) -> tuple[tuple[Statement, ...], bool]:
    """Gather rows into statements, each with the graphs that make it and how it stands."""
    gathered: dict[tuple[Term, ...], list[Term]] = {}
    held: set[tuple[Term, ...]] = set()
    for row in rows:
        key = tuple(row[name] for name in columns)
        gathered.setdefault(key, [])
        if "g" in row:
            gathered[key].append(row["g"])
        else:
            held.add(key)
    statements = []
    for key, graphs in list(gathered.items())[:most]:
        standing = "held" if key in held else _standing(graphs)
        shown = [graph for graph in graphs if not text_of(graph).startswith(REJECTED)] or graphs
        statements.append(
            Statement(
                tuple(cell(term, labels) for term in key),
                tuple(cell(graph, labels) for graph in shown),
                standing,
            )
        )
    return tuple(statements), len(gathered) > most


def _standing(graphs: list[Term]) -> str:
    """Tell why a statement is not held: a better source rejects it, or somebody only claims it."""
    return "rejected" if any(text_of(graph).startswith(REJECTED) for graph in graphs) else "claimed"


def _plain(rows: list[Row], labels: Mapping[str, str], most: int) -> tuple[tuple[Statement, ...], bool]:
    statements = tuple(
        Statement(
            tuple(cell(row[name], labels) for name in ("s", "p", "o")),
            (),
            "rejected" if "rejected" in row else "held",
        )
        for row in rows[:most]
    )
    return statements, len(rows) > most


def _passage(facts: Mapping[str, Term], labels: Mapping[str, str]) -> tuple[tuple[str, Cell], ...]:
    """Return what identifies a passage: source, place, first and last words; nothing for other things."""
    source = facts.get(SUR + "isPassageOf")
    if source is None:
        return ()
    lines = [("Source", cell(source, labels))]
    lines += [(title, cell(facts[SUR + name], labels)) for title, name in PLACES if SUR + name in facts]
    begin, end = _text(facts.get(SUR + "beginsWith")), _text(facts.get(SUR + "endsWith"))
    if begin and end:
        lines.append(("Words", Cell(f"“{begin} … {end}”")))
    return tuple(lines)


def _inside_title(iri: str) -> tuple[str, str]:
    """Return title and note of the statements that stand in the graph of a name."""
    if iri.startswith(CLAIM):
        return "What is claimed", "The graph does not vouch for this: it is what the speaker says."
    if iri.startswith(AXIOM):
        return "What follows from this axiom", ""
    if iri.startswith(RULE):
        return "What this rule concludes", ""
    if iri.startswith(REJECTED):
        return "What is rejected", "A better source contradicts this: it is not part of the knowledge."
    return ("What this passage states" if iri.startswith(SOURCE) else "What this graph holds"), ""


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, Literal) else ""
