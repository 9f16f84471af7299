"""The SPARQL endpoint: the query part of the SPARQL 1.1 Protocol, and a plain editor for people."""

from __future__ import annotations

from typing import Any, Final, TypeAlias
from urllib.parse import unquote_to_bytes

from flask import Blueprint, render_template, request
from pyoxigraph import NamedNode
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from surplace.engine.formats import GRAPHS, RESULTS
from surplace.engine.outline import outline
from surplace.engine.protocol import Request
from surplace.engine.syntax import check
from surplace.errors import SurplaceError
from surplace.web.cells import page
from surplace.web.errors import ErrorPage, Problem, problem_of
from surplace.web.negotiation import wanted
from surplace.web.service import FORM, NOTED_QUERY, only_known, send, service

QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
FORMAT_NAMES: Final = ("format", "output", "results")
"""Parameters that name the format: clients in use send any of them."""
PARAMETERS: Final = ("query", "default-graph-uri", "named-graph-uri", *FORMAT_NAMES)

EXAMPLE: Final = """\
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
PREFIX sur: <https://w3id.org/surplace/ontology/>

# Who asked for what, and which passage says so?
SELECT ?body ?action ?passage
WHERE {
    GRAPH ?passage { ?recommendation sur:asksFor/skos:prefLabel? ?asked }
    ?passage sur:isPassageOf ?source .
    ?recommendation sur:isIssuedBy/skos:prefLabel ?body ;
        sur:asksFor/skos:prefLabel ?action .
}
LIMIT 20
"""

Shown: TypeAlias = Response | str | ErrorPage

blueprint = Blueprint("sparql", __name__)


@blueprint.get("/sparql")
def get() -> Shown:
    """Answer the query in the query string; without one, show the editor to a person."""
    if "update" in request.args:
        raise _update()
    _decoded(unquote_to_bytes(request.query_string), "the query string")
    only_known(request.args, PARAMETERS)
    fields = request.args
    if not fields and wanted(request, None, page=True).page:
        return _editor(EXAMPLE)
    return _answer(fields, fields.getlist("query"))


@blueprint.post("/sparql")
def post() -> Shown:
    """Answer the query in the body: a form, or the bare query with the rest in the query string."""
    if request.mimetype == UPDATE or "update" in request.args:
        raise _update()
    if request.mimetype == FORM:
        _decoded(unquote_to_bytes(request.get_data(cache=True)), FORM)
        if "update" in request.form:
            raise _update()
        fields = MultiDict([*request.args.items(multi=True), *request.form.items(multi=True)])
        only_known(fields, PARAMETERS)
        return _answer(fields, fields.getlist("query"))
    if request.mimetype == QUERY:
        only_known(request.args, [name for name in PARAMETERS if name != "query"])
        return _answer(request.args, [_decoded(request.get_data(), QUERY)])
    raise Problem(
        "media-type",
        f'A query is not read from "{request.mimetype or "a body without a type"}": send {FORM} or {QUERY}.',
        {"Accept-Post": f"{FORM}, {QUERY}"},
        allowed=[FORM, QUERY],
    )


def _answer(fields: MultiDict[str, str], queries: list[str]) -> Shown:
    """Answer the one query of the request, as a page or in the format that is wanted."""
    names = [fields[name] for name in FORMAT_NAMES if fields.get(name)]
    choice = wanted(request, names[0] if names else None, page=request.method in ("GET", "HEAD"))
    if queries:
        request.environ[NOTED_QUERY] = queries[0]
    if choice.page and len(queries) == 1:
        return _page(fields, queries[0])
    if len(queries) != 1:
        count = "no query" if not queries else f"{len(queries)} queries"
        raise Problem("parameter", f"The request has {count}: send exactly one.", parameter="query")
    return send(_request(fields, queries[0], choice.formats), choice)


def _request(fields: MultiDict[str, str], query: str, formats: Any) -> Request:
    return Request(query, formats, _graphs(fields, "default-graph-uri"), _graphs(fields, "named-graph-uri"))


def _page(fields: MultiDict[str, str], query: str) -> str | ErrorPage:
    """Show the editor with the answer below it, or with what is wrong."""
    knowledge, limits = service().knowledge, service().limits
    try:
        check(query, limits)
        form = outline(query).form
        dataset = (_graphs(fields, "default-graph-uri"), _graphs(fields, "named-graph-uri"))
        if form == "ASK":
            return _editor(query, verdict=knowledge.ask(query, *dataset))
        if form in ("CONSTRUCT", "DESCRIBE"):
            return _editor(query, graph=knowledge.graph(query, "ttl", *dataset).decode("utf-8"))
        table = page(knowledge.select(query, *dataset), knowledge, limits)
        return _editor(query, table=table)
    except (SurplaceError, Problem) as error:
        problem = problem_of(error)
        return _editor(query, problem=problem), problem.kind.status, problem.headers


def _editor(query: str, **outcome: Any) -> str:
    form = outline(query).form
    formats = GRAPHS if form in ("CONSTRUCT", "DESCRIBE") else RESULTS
    return render_template("sparql.html", query=query, formats=formats, **outcome)


def _graphs(fields: MultiDict[str, str], name: str) -> tuple[str, ...]:
    """Read the IRIs of graphs, which must be absolute."""
    for value in fields.getlist(name):
        try:
            NamedNode(value)
        except ValueError:
            raise Problem(
                "parameter",
                f'"{value}" is not the IRI of a graph: give a full IRI as {name}.',
                parameter=name,
            ) from None
    return tuple(fields.getlist(name))


def _decoded(data: bytes, media_type: str) -> str:
    """Read a body as UTF-8, the only encoding of SPARQL."""
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    try:
        if charset not in ("utf-8", "utf8"):
            raise UnicodeError
        return data.decode("utf-8")
    except UnicodeError:
        raise Problem("bad-request", f"What came as {media_type} is not UTF-8: encode it so.") from None


def _update() -> Problem:
    return Problem("update", "This service is read-only: send a query, not an update.")
