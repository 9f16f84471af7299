"""The questions in RDF: all of them where programs look for examples, and each at its IRI."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flask import Blueprint, redirect, request, url_for
from pyoxigraph import Triple
from werkzeug.wrappers import Response

from surplace.catalogue.records import record, records
from surplace.rdf.formats import FORMATS, GRAPHS
from surplace.rdf.writing import graph_bytes
from surplace.web.asking import FORMAT
from surplace.web.errors import Problem
from surplace.web.negotiation import HTML, Wanted, not_acceptable, prefers, wanted
from surplace.web.queries import question
from surplace.web.service import only_known, service

ADDRESS: Final = "/.well-known/sparql-examples"
"""Where collections of SPARQL examples are looked for."""

blueprint = Blueprint("examples", __name__)


@blueprint.get(ADDRESS)
def show() -> Response:
    """Describe all questions in RDF."""
    only_known(request.args, [FORMAT])
    chosen = wanted(request, request.args.get(FORMAT), ["graph"], page=False)
    return _send(records(service().catalogue.questions()), chosen, "sparql-examples")


@blueprint.get("/query/<name>")
def identified(name: str) -> Response:
    """Lead from the IRI of a question to its page, or to its description in RDF."""
    only_known(request.args, [])
    return _lead(question(name).name)


@blueprint.get(f"/query/<name>.<any({', '.join(form.name for form in GRAPHS)}):suffix>")
def description(name: str, suffix: str) -> Response:
    """Describe a question in RDF."""
    only_known(request.args, [])
    query = question(name)
    return _send(record(query), wanted(request, suffix, ["graph"], page=False), query.name)


@blueprint.get("/query/<name>/<path:parameter>")
def parameter(name: str, parameter: str) -> Response:
    """Lead from the IRI of a parameter to its field on the page of the question, or to RDF."""
    only_known(request.args, [])
    query = question(name)
    known = parameter.removeprefix("parameter/")
    if known not in query.params:
        listed = ", ".join(query.params) or "none"
        raise Problem("not-found", f'{query.name} has no parameter "{known}": it takes {listed}.')
    return _lead(query.name, f"field-{known}")


def _lead(name: str, field: str | None = None) -> Response:
    """Redirect to the page of a question, or to RDF, whichever the client likes best."""
    types = {form.media_type: form.name for form in GRAPHS}
    best = prefers(request, [HTML, *types])
    if best is None:
        raise not_acceptable(GRAPHS, page=True)
    if best == HTML:
        return redirect(url_for("queries.show", name=name, _anchor=field), 303)
    return redirect(url_for("examples.description", name=name, suffix=types[best]), 303)


def _send(triples: Iterable[Triple], chosen: Wanted, filename: str) -> Response:
    """Send triples that Surplace wrote itself."""
    form = chosen.formats["graph"]
    response = Response(graph_bytes(triples, FORMATS[form]), content_type=chosen.types["graph"])
    response.headers["Content-Disposition"] = f'inline; filename="{filename}.{form}"'
    response.add_etag()
    return response.make_conditional(request.environ)
