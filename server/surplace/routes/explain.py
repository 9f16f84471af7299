"""`/explain`: why something is concluded, or who says it, as a page, JSON or PROV-O."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from surplace.explain.explanation import Explanation, UnknownThingError, explain_statement, explain_thing
from surplace.explain.quoting import quoted
from surplace.explain.statements import Statement, to_iri, to_object, to_predicate
from surplace.explain.tree import DEPTH, WIDTH, Node
from surplace.explain.writing import to_json, to_prov
from surplace.http.bodies import html_page, own_json
from surplace.http.call import Call
from surplace.http.message import HttpResponse, at
from surplace.http.negotiation import Offer
from surplace.http.problems import Problem, reading
from surplace.http.route import Api, Json, Parameter, Route
from surplace.namespaces import BASE, compact
from surplace.texts import Quote
from surplace.web.cells import Cell, cell, in_plain_words
from surplace.web.kinds.disputed import disputed
from surplace.web.kinds.laying import speaking_of
from surplace.web.near import near_names
from surplace.words.english import joined

MOST_DEPTH, MOST_WIDTH = 40, 200
_IRI: Final[Json] = {"type": "string", "format": "iri-reference"}


def explain(call: Call) -> HttpResponse:
    """Explain what the parameters name, as JSON or PROV-O."""
    explanation = _explanation(call)
    if call.choice.json:
        return own_json(to_json(explanation))
    form = call.choice.format("graph")
    return HttpResponse(to_prov(explanation, form), call.choice.type_of("graph"))


def page(call: Call) -> HttpResponse:
    """Show an explanation, or the form that asks for one."""
    if not any(call.values.get(name) for name in ("iri", "s", "p", "o")):
        return html_page("explain.html", about=None, trees=(), facts=(), disputed=None, sources=())
    explanation = _explanation(call)
    facts = [(title, cell(term, explanation.labels)) for title, term in explanation.facts]
    seen: set[int] = set()
    quotes = dict(explanation.quotes)
    trees = [_shown(tree, explanation, seen, quotes) for tree in explanation.trees]
    bearing = disputed(explanation.iri, call.service.knowledge) if explanation.iri else None
    sources = speaking_of(explanation.iri, call.service.knowledge) if explanation.iri else []
    return html_page(
        "explain.html", about=explanation, trees=trees, facts=facts, disputed=bearing, sources=sources
    )


def _explanation(call: Call) -> Explanation:
    """Explain what the parameters ask for, with the words of texts that are at hand."""
    return quoted(_unquoted(call), call.service.texts, call.service.knowledge)


def _unquoted(call: Call) -> Explanation:
    given = [name for name in ("iri", "s", "p", "o") if call.first(name)]
    depth, width = call.number("depth", DEPTH), call.number("width", WIDTH)
    knowledge = call.service.knowledge
    try:
        if given == ["iri"]:
            with reading("iri"):
                return explain_thing(to_iri(call.first("iri")), knowledge, depth, width)
        if given == ["s", "p", "o"]:
            return explain_statement(_statement(call), knowledge, depth, width)
    except UnknownThingError as error:
        raise _unknown(call, str(error)) from None
    raise Problem(
        "parameter", "Name what to explain: give iri, or s, p and o for one statement.", parameter="iri"
    )


def _unknown(call: Call, message: str) -> Problem:
    """Return the problem of a thing of which nothing is said, with the names that are near."""
    iri = to_iri(call.first("iri")).value if call.first("iri") else ""
    near = near_names(iri.removeprefix(BASE), call.service.knowledge) if iri.startswith(BASE) else []
    if not near:
        return Problem("not-found", message)
    said = f"Nothing is said of {compact(iri)[:200]}"
    return Problem(
        "not-found",
        f"{said}: did you mean {joined(map(compact, near), word='or')}?",
        nearest=[f"{at('/explain')}?{urlencode({'iri': compact(name)})}" for name in near],
    )


def _statement(call: Call) -> Statement:
    """Read the one statement that is to be explained; raises Problem."""
    with reading("s"):
        subject = to_iri(call.first("s"))
    with reading("p"):
        predicate = to_predicate(call.first("p"))
    with reading("o"):
        return Statement(subject, predicate, to_object(call.first("o")))


def _shown(node: Node, explanation: Explanation, seen: set[int], quotes: dict[str, Quote]) -> dict[str, Any]:
    """Return a node as the page shows it; what was shown above, words too, is not shown again."""
    again = id(node) in seen
    seen.add(id(node))
    labels = explanation.labels
    origins = [
        (origin.kind, cell_of(origin.graph, labels), quotes.pop(origin.graph, None))
        for origin in node.origins
    ]
    return {
        "cells": [in_plain_words(cell(term, labels)) for term in node.statement.terms()],
        "origins": origins,
        "absent": [cell_of(name, labels) for name in node.absent],
        "again": again and bool(node.premises),
        "premises": []
        if again
        else [_shown(premise, explanation, seen, quotes) for premise in node.premises],
        "cut": node.cut,
    }


def cell_of(iri: str, labels: Any) -> Cell:
    """Return the cell of an IRI."""
    return cell(to_iri(iri), labels)


def _upto(most: int, default: int) -> Json:
    return {"type": "integer", "minimum": 1, "maximum": most, "default": default}


ROUTES: Final = (
    Route(
        "explain",
        "/explain",
        "Explain a thing, or one statement: why it is concluded, or who says it",
        explain,
        page,
        tag="reasons",
        offer=Offer(("graph",), page=True, json=True),
        parameters=(
            Parameter("iri", "What to explain, if not a statement.", _IRI, example="state:CHN"),
            Parameter("s", "The subject of a statement.", _IRI),
            Parameter("p", "Its predicate.", _IRI),
            Parameter("o", "Its object: an IRI, or a literal as Turtle writes it."),
            Parameter("depth", "How many steps down.", _upto(MOST_DEPTH, DEPTH)),
            Parameter("width", "How many premises side by side.", _upto(MOST_WIDTH, WIDTH)),
        ),
        problems=("parameter", "format", "not-acceptable", "not-found"),
        robots="closed",
        api=Api(json="Explanation"),
    ),
)
