"""`/explain`: why something is concluded, or who says it, as a page, JSON or PROV-O."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from flask import Blueprint, render_template, request
from werkzeug.wrappers import Response

from surplace.errors import SurplaceError
from surplace.explain.explanation import Explanation, UnknownThingError, explain_statement, explain_thing
from surplace.explain.statements import Statement, to_iri, to_object
from surplace.explain.tree import DEPTH, WIDTH, Node
from surplace.explain.writing import to_json, to_prov
from surplace.rdf.formats import GRAPHS
from surplace.web.cells import Cell, cell
from surplace.web.errors import Problem
from surplace.web.negotiation import HTML, prefers
from surplace.web.service import only_known, service

JSON: Final = "application/json"
MOST_DEPTH, MOST_WIDTH = 40, 200
_PARAMETERS = ("iri", "s", "p", "o", "depth", "width", "format")
_NUMBER: Final = re.compile("[0-9]{1,9}")
"""Python refuses to read numbers of thousands of digits."""

blueprint = Blueprint("explain", __name__)


@blueprint.get("/explain")
def show() -> Response | str:
    """Explain `iri`, or the statement `s` `p` `o`, at most `depth` steps down and `width` premises wide."""
    only_known(request.args, _PARAMETERS)
    for name in _PARAMETERS:
        if len(request.args.getlist(name)) > 1:
            raise Problem("parameter", f'"{name}" is given more than once: give it once.', parameter=name)
    form = request.args.get("format") or _preferred()
    if form not in ("html", "json", *(item.name for item in GRAPHS)):
        allowed = ["html", "json", *(item.name for item in GRAPHS)]
        raise Problem(
            "format", f'"{form}" is not a format here: use one of {", ".join(allowed)}.', allowed=allowed
        )
    if not request.args and form == "html":
        return render_template("explain.html", about=None, trees=(), facts=())
    explanation = _explanation()
    if form == "json":
        text = json.dumps(to_json(explanation), indent=2, ensure_ascii=False)
        return Response(text, content_type=f"{JSON}; charset=utf-8")
    if form == "html":
        facts = [(title, cell(term, explanation.labels)) for title, term in explanation.facts]
        seen: set[int] = set()
        trees = [_shown(tree, explanation, seen) for tree in explanation.trees]
        return render_template("explain.html", about=explanation, trees=trees, facts=facts)
    (found,) = (item for item in GRAPHS if item.name == form)
    return Response(to_prov(explanation, form), content_type=found.content_type)


def _preferred() -> str:
    """Return the format that the Accept header asks for."""
    types = {JSON: "json", **{item.media_type: item.name for item in GRAPHS}}
    best = prefers(request, [HTML, *types])
    if best is None:
        offered = [HTML, *types]
        raise Problem(
            "not-acceptable",
            f"An explanation comes as {', '.join(offered)}: accept one of these.",
            offered=offered,
        )
    return types.get(best, "html")


def _explanation() -> Explanation:
    """Explain what the parameters ask for."""
    given = [name for name in ("iri", "s", "p", "o") if request.args.get(name)]
    depth, width = _number("depth", DEPTH, MOST_DEPTH), _number("width", WIDTH, MOST_WIDTH)
    knowledge = service().knowledge
    try:
        if given == ["iri"]:
            return explain_thing(to_iri(request.args["iri"]), knowledge, depth, width)
        if given == ["s", "p", "o"]:
            subject, predicate = to_iri(request.args["s"]), to_iri(request.args["p"])
            return explain_statement(
                Statement(subject, predicate, to_object(request.args["o"])), knowledge, depth, width
            )
    except UnknownThingError as error:
        raise Problem("not-found", str(error)) from None
    except SurplaceError as error:
        if type(error) is not SurplaceError:  # what the engine says has a status of its own
            raise
        raise Problem("parameter", str(error)) from None
    raise Problem(
        "parameter", "Name what to explain: give iri, or s, p and o for one statement.", parameter="iri"
    )


def _number(name: str, default: int, most: int) -> int:
    """Read a number from the parameters."""
    text = request.args.get(name) or str(default)
    if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= most:
        raise Problem(
            "parameter", f'"{name}" is "{text}": give a whole number from 1 to {most}.', parameter=name
        )
    return int(text)


def _shown(node: Node, explanation: Explanation, seen: set[int]) -> dict[str, Any]:
    """Return a node as the page shows it; what was shown above is not shown again."""
    again = id(node) in seen
    seen.add(id(node))
    labels = explanation.labels
    origins = [(origin.kind, cell_of(origin.graph, labels)) for origin in node.origins]
    return {
        "cells": [cell(term, labels) for term in node.statement.terms()],
        "origins": origins,
        "absent": [cell_of(name, labels) for name in node.absent],
        "again": again and bool(node.premises),
        "premises": [] if again else [_shown(premise, explanation, seen) for premise in node.premises],
        "cut": node.cut,
    }


def cell_of(iri: str, labels: Any) -> Cell:
    """Return the cell of an IRI."""
    return cell(to_iri(iri), labels)
