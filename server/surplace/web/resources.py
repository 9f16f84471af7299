"""A page for every name that Surplace mints: what is said of it, where, and what its own graph holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from flask import Blueprint, render_template, request
from pyoxigraph import Literal, NamedNode
from werkzeug.wrappers import Response

from surplace.engine.formats import GRAPHS
from surplace.engine.knowledge import Row, Term, text_of
from surplace.engine.protocol import Request
from surplace.namespaces import AXIOM, BASE, CLAIM, GRAPH, KNOWLEDGE, PREFIXES, REJECTED, SOURCE, SUR, compact
from surplace.web.cells import Cell, cell, passage_name
from surplace.web.errors import Problem
from surplace.web.negotiation import HTML, Wanted, prefers
from surplace.web.service import only_known, send, service

SPACES: Final = ("id", "source", "claim", "graph", "axiom", "vocab", "ontology", "shape")
"""The first segments of the paths that are names."""

_LABEL: Final = NamedNode(PREFIXES["skos"] + "prefLabel")

blueprint = Blueprint("resources", __name__)


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


@blueprint.get(f"/<any({', '.join(SPACES)}):space>")
@blueprint.get(f"/<any({', '.join(SPACES)}):space>/<path:rest>")
def show(space: str, rest: str = "") -> Response | str:
    """Describe a name of Surplace: a page, or a graph by suffix, `?format=` or Accept."""
    only_known(request.args, ["format"])
    path = request.path.lstrip("/").removeprefix(space).removeprefix("/")
    name, form = _split(f"{space}/{path}" if rest else space)
    found = next((iri for iri in _candidates(name) if _exists(iri)), None)
    if found is None:
        raise Problem("not-found", f"Surplace has no name {BASE}{name}: look it up with a query at /sparql.")
    form = request.args.get("format") or form
    if form is None:
        types = {item.media_type: item.name for item in GRAPHS}
        best = prefers(request, [HTML, *types])
        form = types.get(best or "", "html")
    if form == "html":
        return _page(found)
    names = {item.name: item for item in GRAPHS}
    if form not in names:
        allowed = ["html", *names]
        raise Problem(
            "format", f'"{form}" is not a format here: use one of {", ".join(allowed)}.', allowed=allowed
        )
    query = Request(f"DESCRIBE {NamedNode(found)}", {"graph": form})
    return send(query, Wanted(page=False, formats={"graph": form}, types={"graph": names[form].content_type}))


def _split(path: str) -> tuple[str, str | None]:
    """Split the suffix of a format off a path."""
    stem, dot, suffix = path.rpartition(".")
    return (stem, suffix) if dot and suffix in {item.name for item in GRAPHS} else (path, None)


def _candidates(name: str) -> Iterable[str]:
    """Yield the IRIs that a path may stand for: as it is, and with or without a slash at its end."""
    for path in (name, name.rstrip("/"), name + "/"):
        try:
            yield NamedNode(BASE + path).value
        except ValueError:
            return


def _exists(iri: str) -> bool:
    node = NamedNode(iri)
    return service().knowledge.ask(
        f"ASK {{ {{ {node} ?p ?o }} UNION {{ GRAPH ?g {{ {node} ?p ?o }} }} "
        f"UNION {{ GRAPH {node} {{ ?s ?p ?o }} }} }}"
    )


def _page(iri: str) -> str:
    """Show what is said of a name: as subject, in its own graph, as object."""
    knowledge = service().knowledge
    node = NamedNode(iri)
    most = service().limits.statements
    outgoing = _rows(f"{{ {node} ?p ?o }}", f"{{ GRAPH ?g {{ {node} ?p ?o }} }}", "?p ?o ?g")
    incoming = _rows(f"{{ ?s ?p {node} }}", f"{{ GRAPH ?g {{ ?s ?p {node} }} }}", "?s ?p ?g")
    inside: list[Row] = []
    if iri.startswith((SOURCE, CLAIM, GRAPH, AXIOM)):
        query = f"SELECT ?s ?p ?o WHERE {{ GRAPH {node} {{ ?s ?p ?o }} }} LIMIT {most + 1}"
        inside = list(knowledge.select(query).rows)
    terms = [term for rows in (outgoing, incoming, inside) for row in rows for term in row.values()]
    labels = knowledge.labels(
        {iri, *(term.value for term in terms if isinstance(term, NamedNode) and term.value.startswith(BASE))}
    )
    facts = {row["p"].value: row["o"] for row in outgoing if isinstance(row["p"], NamedNode)}
    groups = [
        Group(
            _inside_title(iri),
            _inside_note(iri),
            ("subject", "predicate", "object"),
            *_plain(inside, labels, most),
        ),
        Group(
            "What is said of it", "", ("predicate", "object"), *_stated(outgoing, ("p", "o"), labels, most)
        ),
        Group(
            "Where it is mentioned",
            "",
            ("subject", "predicate"),
            *_stated(incoming, ("s", "p"), labels, most),
        ),
    ]
    return render_template(
        "resource.html",
        iri=iri,
        name=passage_name(iri) or labels.get(iri) or compact(iri),
        definition=_text(facts.get(PREFIXES["skos"] + "definition")),
        passage=_passage(facts, labels),
        groups=[group for group in groups if group.statements],
        formats=GRAPHS,
        path=request.path.rstrip("/"),
    )


def _rows(default: str, named: str, variables: str) -> list[Row]:
    """Ask for statements in the default graph and, with the graph, in every other but the merged one."""
    most = service().limits.statements
    table = service().knowledge.select(
        f"SELECT DISTINCT {variables} WHERE "
        f"{{ {default} UNION {{ {named} FILTER(?g != {NamedNode(KNOWLEDGE)}) }} }} "
        f"ORDER BY {variables} LIMIT {most * 4 + 1}"
    )
    return list(table.rows)


def _stated(
    rows: list[Row], columns: tuple[str, str], labels: dict[str, str], most: int
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


def _plain(rows: list[Row], labels: dict[str, str], most: int) -> tuple[tuple[Statement, ...], bool]:
    statements = tuple(
        Statement(tuple(cell(row[name], labels) for name in ("s", "p", "o")), (), "held")
        for row in rows[:most]
    )
    return statements, len(rows) > most


def _passage(facts: dict[str, Term], labels: dict[str, str]) -> list[tuple[str, Cell]]:
    """Return what identifies a passage: source, place, first and last words."""
    source = facts.get(SUR + "isPassageOf")
    if source is None:
        return []
    lines = [("Source", cell(source, labels))]
    for title, name in (
        ("Paragraph", "hasParagraphNumber"),
        ("Sentence", "hasSentenceNumber"),
        ("Note", "hasNoteNumber"),
        ("Place", "hasLocator"),
    ):
        if SUR + name in facts:
            lines.append((title, cell(facts[SUR + name], labels)))
    begin, end = _text(facts.get(SUR + "beginsWith")), _text(facts.get(SUR + "endsWith"))
    if begin and end:
        lines.append(("Words", Cell(f"“{begin} … {end}”")))
    return lines


def _inside_title(iri: str) -> str:
    if iri.startswith(CLAIM):
        return "What is claimed"
    if iri.startswith(AXIOM):
        return "What follows from this axiom"
    return "What this passage states" if iri.startswith(SOURCE) else "What this graph holds"


def _inside_note(iri: str) -> str:
    return "The graph does not vouch for this: it is what the speaker says." if iri.startswith(CLAIM) else ""


def _text(term: Term | None) -> str:
    return term.value if isinstance(term, Literal) else ""
