"""Responses that are written here: a page from a template, a description in RDF, JSON of a route's own."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from flask import render_template
from pyoxigraph import Triple

from surplace.description import DescriptionGraph
from surplace.http.call import Call
from surplace.http.message import HttpResponse
from surplace.http.negotiation import HTML, JSON
from surplace.http.problems import Problem
from surplace.rdf.formats import FORMATS
from surplace.rdf.writing import graph_bytes


def html_page(template: str, failed: Problem | None = None, **context: Any) -> HttpResponse:
    """Write a page from a template, with Flask's context; one that shows what *failed* has its status."""
    response = HttpResponse(render_template(template, **context).encode(), f"{HTML}; charset=utf-8")
    if failed is not None:
        response.status, response.problem, response.complete = failed.kind.status, failed.code, False
        response.headers += failed.headers.items()
    return response


def description(call: Call, about: DescriptionGraph) -> HttpResponse:
    """Write a description in the format for graphs that was chosen."""
    form = call.choice.format("graph")
    return HttpResponse(about.write(FORMATS[form].media_type), call.choice.type_of("graph"))


def send_triples(call: Call, triples: Iterable[Triple], filename: str) -> HttpResponse:
    """Write triples in the format for graphs that was chosen, as a file of that name and its suffix."""
    form = FORMATS[call.choice.format("graph")]
    disposition = ("Content-Disposition", f'inline; filename="{filename}.{form.suffix}"')
    return HttpResponse(graph_bytes(triples, form), call.choice.type_of("graph"), headers=[disposition])


def own_json(found: Any) -> HttpResponse:
    """Write what is no answer to a query as JSON that people can read too."""
    text = json.dumps(found, indent=2, ensure_ascii=False)
    return HttpResponse(text.encode(), f"{JSON}; charset=utf-8")
