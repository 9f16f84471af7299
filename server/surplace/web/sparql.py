"""The SPARQL endpoint: the query part of the SPARQL 1.1 Protocol, its description, and a plain editor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final, TypeAlias

from flask import Blueprint, render_template, request
from pyoxigraph import NamedNode, Triple
from werkzeug.wrappers import Response

from surplace.engine.protocol import Request
from surplace.errors import SurplaceError
from surplace.rdf.formats import formats_of, named_for
from surplace.sparql.inspection import inspect
from surplace.sparql.syntax import check, kind_of
from surplace.web.cells import page
from surplace.web.errors import ErrorPage, Problem, problem_of
from surplace.web.negotiation import Wanted, wanted
from surplace.web.protocol import BODIES, Asked, format_name, from_address, from_body
from surplace.web.service import NOTED_QUERY, only_known, send, service
from surplace.web.service_description import describe, list_graphs, write

UNKNOWN: Final = "Surplace-Unknown-Graphs"
"""The header that tells how many graphs of the dataset the release has not: they count as empty."""

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
    """Answer the query in the query string; without one, describe the service, to a person by an editor."""
    asked = from_address()
    if asked.queries or asked.graphs or not _is_of_a_graph(asked.format):
        return _answer(asked)
    choice = wanted(request, asked.format, ["graph"], page=True)
    if choice.page:
        return _editor(EXAMPLE)
    return _written(describe(_root(), request.base_url, service()), choice)


@blueprint.route("/sparql", methods=["POST", "QUERY"])
def post() -> Shown:
    """Answer the query in the body: a form, or the bare query with the rest in the query string."""
    return _answer(from_body())


@blueprint.after_request
def say_what_is_read(response: Response) -> Response:
    """Say that the method QUERY works, and with which bodies."""
    if request.path.rstrip("/") == "/sparql":
        response.headers["Accept-Query"] = BODIES
    return response


def _is_of_a_graph(name: str | None) -> bool:
    """Tell whether the description of the service may come in the format of that name."""
    return name in (None, "html") or named_for(str(name), "graph") is not None


@blueprint.get("/sparql/graphs")
def graphs() -> Response:
    """List the named graphs of the release with the number of their triples, in RDF."""
    only_known(request.args, ["format"])
    if service().engine.release is None:
        raise Problem("not-found", "The graphs of another endpoint are not listed here: ask it at /sparql.")
    choice = wanted(request, format_name(request.args), ["graph"], page=False)
    return _written(list_graphs(_root(), service()), choice)


def _root() -> str:
    """Return the address of the first page, as the client calls it; raises Problem."""
    if not request.host:  # what cannot be a host was left out
        raise Problem("bad-request", "The header Host is not the name of a host: send that of this one.")
    return request.url_root


def _written(triples: Iterable[Triple], choice: Wanted) -> Response:
    return Response(write(triples, choice.formats["graph"]), content_type=choice.types["graph"])


def _answer(asked: Asked) -> Shown:
    """Answer the one query of the request, as a page or in the format that is wanted."""
    choice = wanted(request, asked.format, page=request.method in ("GET", "HEAD"))
    if asked.queries:
        request.environ[NOTED_QUERY] = asked.queries[0]
    if choice.page and len(asked.queries) == 1:
        return _page(asked.queries[0], asked)
    if len(asked.queries) != 1:
        count = f"{len(asked.queries)} queries" if asked.queries else "no query"
        raise Problem("parameter", f"The request has {count}: send exactly one.", parameter="query")
    unknown = _unknown(asked.graphs)
    query = Request(asked.queries[0], choice.formats, asked.default_graphs, asked.named_graphs)
    response = send(query, choice)
    if unknown:
        response.headers[UNKNOWN] = str(unknown)
    return response


def _unknown(graphs: tuple[str, ...]) -> int:
    """Count the graphs that the release has not; another endpoint decides itself what to do with them."""
    names = {str(NamedNode(graph)) for graph in graphs}
    if not names or service().engine.release is None:
        return 0
    query = f"SELECT ?graph {{ VALUES ?graph {{ {' '.join(sorted(names))} }} GRAPH ?graph {{}} }}"
    return len(names) - len(service().knowledge.select(query).rows)


def _page(query: str, asked: Asked) -> str | ErrorPage:
    """Show the editor with the answer below it, or with what is wrong."""
    knowledge, limits = service().knowledge, service().limits
    dataset = (asked.default_graphs, asked.named_graphs)
    try:
        check(query, limits)
        form, unknown = inspect(query).form, _unknown(asked.graphs)
        if form == "ASK":
            return _editor(query, unknown, verdict=knowledge.ask(query, *dataset))
        if form in ("CONSTRUCT", "DESCRIBE"):
            graph = knowledge.graph(query, "ttl", *dataset).decode("utf-8")
            return _editor(query, unknown, graph=graph)
        table = page(knowledge.select(query, *dataset), knowledge, limits)
        return _editor(query, unknown, table=table)
    except (SurplaceError, Problem) as error:
        problem = problem_of(error)
        return _editor(query, problem=problem), problem.kind.status, problem.headers


def _editor(query: str, unknown: int = 0, **outcome: Any) -> str:
    formats = formats_of(kind_of(query) or "bindings", named=True)
    return render_template("sparql.html", query=query, formats=formats, unknown=unknown, **outcome)
