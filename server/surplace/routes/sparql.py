"""`/sparql`: the query part of the SPARQL 1.1 Protocol, its description, and a plain editor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from pyoxigraph import NamedNode, Triple

from surplace.engine.protocol import Request
from surplace.engine.remote import CUT
from surplace.engine.syntax import check, kind_of
from surplace.errors import SurplaceError
from surplace.http.answers import send
from surplace.http.bodies import html_page
from surplace.http.call import FORM, Call, body_text
from surplace.http.message import HttpResponse, at
from surplace.http.negotiation import ChosenFormat, Offer
from surplace.http.problems import Problem, problem_of
from surplace.http.route import Api, Fields, Json, Parameter, Route, Values
from surplace.http.timeout import TIMEOUT, timeout_of
from surplace.rdf.formats import FORMATS, KINDS, Kind, formats_of
from surplace.rdf.writing import graph_bytes
from surplace.sparql.departures import departures, signs_of
from surplace.sparql.inspection import varies
from surplace.web.cells import page
from surplace.web.service_description import COUNTS, PREFIXES, counts, describe, list_graphs

QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
BODIES: Final = ", ".join((QUERY, FORM))
"""The types of body that are read, as headers list them."""
UNKNOWN: Final = "Surplace-Unknown-Graphs"
"""The header that tells how many graphs of the dataset the release has not: they count as empty."""
DIFFERS: Final = "Surplace-Differs"
"""The header that names in what an answer may differ from SPARQL 1.1, as far as its query shows."""
DIFFERENCES: Final = "/sparql/differences"
DEFAULT_GRAPHS, NAMED_GRAPHS = "default-graph-uri", "named-graph-uri"
FORMAT_NAMES: Final = ("format", "output", "results")
"""Parameters that name the format: clients in use send any of them, or all."""
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
_QUERY: Final[Json] = {"type": "string", "examples": [EXAMPLE]}
_GRAPHS: Final[Json] = {"type": "array", "items": {"type": "string", "format": "iri"}}
PARAMETERS: Final = (
    Parameter("query", "A query in SPARQL 1.1.", _QUERY, many=True),
    Parameter(
        DEFAULT_GRAPHS,
        "Graphs that are the default graph together; FROM does not count then.",
        _GRAPHS,
        many=True,
    ),
    Parameter(
        NAMED_GRAPHS, "The graphs that GRAPH finds; FROM NAMED does not count then.", _GRAPHS, many=True
    ),
    TIMEOUT,
)


@dataclass(frozen=True)
class _Asked:
    """What a request asks; *queries* should be one, and no graphs stand for those of the release."""

    queries: list[str]
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    timeout: float | None

    @property
    def graphs(self) -> tuple[str, ...]:
        """All graphs of the dataset."""
        return (*self.default_graphs, *self.named_graphs)

    def query(self) -> str:
        """Return the query; raises Problem unless there is just one."""
        if len(self.queries) != 1:
            raise _not_one(len(self.queries))
        return self.queries[0]

    def request(self, formats: dict[Kind, str]) -> Request:
        """Return what the engine is asked."""
        return Request(self.query(), formats, self.default_graphs, self.named_graphs, self.timeout)


async def get(call: Call) -> HttpResponse:
    """Answer the query in the query string; without one, describe the service in RDF."""
    asked = _asked(call)
    if not asked.queries and not asked.graphs and "graph" in (call.choice.formats or {}):
        root = call.request.origin.root
        return _written(
            describe(
                root, root + call.request.path.lstrip("/"), call.service.engine.release, await _sizes(call)
            ),
            call.choice,
        )
    return await _answer(call, asked)


async def post(call: Call) -> HttpResponse:
    """Answer the query in the body: a form, or the bare query with the rest in the query string."""
    return await _answer(call, _from_body(call))


def editor(call: Call) -> HttpResponse:
    """Show the editor, with the answer below it if there is a query, or with what is wrong."""
    asked = _asked(call)
    if not asked.queries and not asked.graphs:
        return _editor(EXAMPLE)
    text = asked.query()
    call.query = text
    knowledge, limits = call.service.knowledge, call.service.limits
    dataset = (asked.default_graphs, asked.named_graphs)
    try:
        check(text, limits)
        unknown = 0 if not asked.graphs else call.service.blocking.run(_unknown(call, asked))
        kind = kind_of(text)
        if kind == "boolean":
            return _editor(text, unknown, verdict=knowledge.ask(text, *dataset))
        if kind == "graph":
            return _editor(text, unknown, graph=knowledge.graph(text, "ttl", *dataset).decode("utf-8"))
        table = knowledge.select(text, *dataset)
        shown = _editor(text, unknown, table=page(table, knowledge, limits))
        shown.complete = not table.cut
        return shown
    except (SurplaceError, Problem) as error:
        problem = problem_of(error)
        return _editor(text, failed=problem, problem=problem)


def differences(call: Call) -> HttpResponse:  # noqa: ARG001 (all handlers are called alike)
    """List where answers differ from SPARQL 1.1, and what other engines do where it leaves the choice."""
    found = departures()
    return html_page(
        "differences.html",
        departures=[each for each in found if each.standard is not None],
        choices=[each for each in found if each.standard is None],
    )


async def graphs(call: Call) -> HttpResponse:
    """List the named graphs of the release with the number of their triples, in RDF."""
    if call.service.engine.release is None:
        raise Problem("not-found", "The graphs of another endpoint are not listed here: ask it at /sparql.")
    return _written(list_graphs(call.request.origin.root, await _sizes(call)), call.choice)


def _narrowed(offer: Offer, fields: Fields) -> Offer:
    """Say of which kind the answer will be: a graph without a query, else what the query asks for."""
    queries = [value for name, value in fields if name == "query"]
    graphs = any(value for name, value in fields if name in (DEFAULT_GRAPHS, NAMED_GRAPHS))
    if not queries and not graphs:
        return replace(offer, kind="graph")
    return replace(offer, kind=kind_of(queries[0])) if len(queries) == 1 else offer


def _written(triples: Iterable[Triple], choice: ChosenFormat) -> HttpResponse:
    data = graph_bytes(triples, FORMATS[choice.format("graph")], PREFIXES)
    return HttpResponse(data, choice.type_of("graph"))


async def _answer(call: Call, asked: _Asked) -> HttpResponse:
    """Answer the one query of the request in the format that is wanted."""
    call.query = asked.query()
    unknown = await _unknown(call, asked) if asked.graphs else 0
    response = await send(call, asked.request(dict(call.choice.formats or {})))
    if signs := signs_of(call.query):
        response.headers.append((DIFFERS, ", ".join(each.name for each in signs)))
        response.headers.append(("Link", f'<{at(DIFFERENCES)}>; rel="help"'))
    if unknown:
        response.headers.append((UNKNOWN, str(unknown)))
    return response


def _from_body(call: Call) -> _Asked:
    """Read a request whose body is a form, or a bare query with the rest in the address; raises Problem."""
    request, media_type = call.request, call.request.media_type
    if media_type == UPDATE:
        raise _update()
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("", "identity"):
        raise Problem(
            "media-type",
            f'A body in the encoding "{encoding[:40]}" is not read: send it as it is.',
            {"Accept-Encoding": "identity", "Accept-Post": BODIES},
        )
    if media_type == FORM:
        return _asked(call)
    if media_type == QUERY:
        if "query" in call.values:
            raise Problem(
                "parameter", "The query is in the body and in the address: send it once.", parameter="query"
            )
        call.values["query"] = [body_text(request, QUERY)]
        return _asked(call)
    raise Problem(
        "media-type",
        f'A query is not read from "{media_type[:60] or "a body without a type"}": send {FORM} or {QUERY}.',
        {"Accept-Post": BODIES},
        allowed=[FORM, QUERY],
    )


def _asked(call: Call) -> _Asked:
    """Read the parameters of the protocol; raises Problem."""
    if "update" in call.ignored:
        raise _update()
    values = call.values
    graphs = _iris(values, DEFAULT_GRAPHS), _iris(values, NAMED_GRAPHS)
    return _Asked(values.get("query", []), *graphs, timeout_of(call))


def _iris(values: Values, name: str) -> tuple[str, ...]:
    """Read the IRIs of graphs, which must be absolute; an empty one names none, as some clients send it."""
    found = tuple(value for value in values.get(name, ()) if value)
    for value in found:
        try:
            NamedNode(value)
        except ValueError:
            raise Problem(
                "parameter",
                f'"{value[:200]}" is not the IRI of a graph: give a full IRI as {name}.',
                parameter=name,
            ) from None
    return found


async def _unknown(call: Call, asked: _Asked) -> int:
    """Count the graphs that the release has not; another endpoint decides itself what to do with them."""
    names = {str(NamedNode(graph)) for graph in asked.graphs}
    if call.service.engine.release is None:
        return 0
    query = f"SELECT ?graph {{ VALUES ?graph {{ {' '.join(sorted(names))} }} GRAPH ?graph {{}} }}"
    return len(names) - len((await call.service.knowledge.select_in_loop(query)).rows)


async def _sizes(call: Call) -> dict[str, int]:
    """Return how many triples each graph of the release has, that of the default graph under no name."""
    if call.service.engine.release is None:
        return {}
    return counts(await call.service.knowledge.select_in_loop(COUNTS))


def _not_one(count: int) -> Problem:
    found = f"{count} queries" if count else "no query"
    return Problem("parameter", f"The request has {found}: send exactly one.", parameter="query")


def _update() -> Problem:
    return Problem("update", "This service is read-only: send a query, not an update.")


def _editor(query: str, unknown: int = 0, **outcome: Any) -> HttpResponse:
    formats = formats_of(kind_of(query) or "bindings", named=True)
    return html_page(
        "sparql.html", query=query, formats=formats, unknown=unknown, signs=signs_of(query), **outcome
    )


def _varies(call: Call) -> bool:
    """Tell whether the answer differs each time."""
    return any(varies(query) for query in call.values.get("query", ()))


_ACCEPTED: Final = [("Accept-Query", BODIES)]
"""Says that the method QUERY works, and with which bodies."""
_ANSWERED: Final = (CUT, "Link", "Content-Disposition", UNKNOWN, DIFFERS)
_PROBLEMS: Final = ("syntax", "refused", "update", "parameter", "format", "not-acceptable")
ROUTES: Final = (
    Route(
        "sparql",
        "/sparql",
        "Answer the query in the query string; without one, describe the service",
        get,
        editor,
        tag="sparql",
        offer=Offer(KINDS, page=True, datasets=True),
        narrowed=_narrowed,
        parameters=PARAMETERS,
        format_names=FORMAT_NAMES,
        problems=_PROBLEMS,
        varies=_varies,
        without_effect=(TIMEOUT.name,),
        headers=_ACCEPTED,
        robots="closed",
        api=Api(headers=_ANSWERED),
    ),
    Route(
        "sparql-post",
        "/sparql",
        "Answer the query in the body: a form, or the bare query with the rest in the query string",
        post,
        tag="sparql",
        methods=("POST", "QUERY"),
        offer=Offer(KINDS, datasets=True),
        parameters=PARAMETERS,
        format_names=FORMAT_NAMES,
        problems=(*_PROBLEMS, "media-type"),
        form=True,
        kept=False,
        headers=_ACCEPTED,
        robots="closed",
        api=Api(bodies={QUERY: _QUERY}, required=("query",), headers=_ANSWERED),
    ),
    Route(
        "differences",
        DIFFERENCES,
        "List where answers differ from SPARQL 1.1",
        page=differences,
        tag="sparql",
        offer=Offer(page=True),
        robots="listed",
    ),
    Route(
        "graphs",
        "/sparql/graphs",
        "List the named graphs of the release with the number of their triples, in RDF",
        graphs,
        tag="sparql",
        offer=Offer(("graph",), datasets=True),
        problems=("not-found", "format", "not-acceptable"),
        robots="closed",
    ),
)
