"""`/sparql`: the query part of the SPARQL 1.1 Protocol, and its description; the page is the editor's."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from pyoxigraph import Triple

from surplace.engine.answer import Answer
from surplace.engine.missing import MissingName, missing_names, rests_on_absence
from surplace.engine.query_errors import EngineError
from surplace.engine.remote import CUT
from surplace.http.answers import send
from surplace.http.bodies import html_page
from surplace.http.call import Call
from surplace.http.message import Headers, HttpResponse, at
from surplace.http.negotiation import ChosenFormat, Offer
from surplace.http.problems import Problem
from surplace.http.route import Api, Fields, Json, Parameter, Route
from surplace.http.timeout import TIMEOUT
from surplace.rdf.formats import FORMATS, KINDS, Kind
from surplace.rdf.writing import graph_bytes
from surplace.routes.asked import (
    BODIES,
    DEFAULT_GRAPHS,
    NAMED_GRAPHS,
    QUERY,
    Asked,
    from_address,
    from_body,
    unknown_graphs,
)
from surplace.routes.editor import EXAMPLE, editor
from surplace.sparql.departures import departures, signs_of
from surplace.sparql.emptiness import LONGEST, is_empty
from surplace.sparql.inspection import inspect, varies
from surplace.sparql.variables import without_value
from surplace.web.service_description import COUNTS, PREFIXES, counts, describe, list_graphs

UNKNOWN: Final = "Surplace-Unknown-Graphs"
"""The header that tells how many graphs of the dataset the release has not: they count as empty."""
MISSING: Final = "Surplace-Missing-Names"
"""The header that names the terms of a query which the graph does not have, where that may decide it."""
MISSING_LENGTH: Final = 2000
"""Characters of names in such a header: proxies, as nginx by default, take heads of 4 kB."""
DIFFERS: Final = "Surplace-Differs"
"""The header that names in what an answer may differ from SPARQL 1.1, as far as its query shows."""
UNBOUND: Final = "Surplace-Unbound-Variables"
"""The header that names the variables of a query to which nothing in it gives a value."""
DIFFERENCES: Final = "/sparql/differences"
FORMAT_NAMES: Final = ("format", "output", "results")
"""Parameters that name the format: clients in use send any of them, or all."""
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


async def get(call: Call) -> HttpResponse:
    """Answer the query in the query string; without one, describe the service in RDF."""
    asked = from_address(call)
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
    return await _answer(call, from_body(call))


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
        detail = f"The graphs of another endpoint are not listed here: ask it at {at('/sparql')}."
        raise Problem("not-found", detail)
    return _written(list_graphs(call.request.origin.root, await _sizes(call)), call.choice)


def _narrowed(offer: Offer, fields: Fields) -> Offer:
    """Say of which kind the answer will be: a graph without a query, else what the query asks for."""
    queries = [value for name, value in fields if name == "query"]
    graphs = any(value for name, value in fields if name in (DEFAULT_GRAPHS, NAMED_GRAPHS))
    if not queries and not graphs:
        return _of_kind(offer, "graph")
    return _of_kind(offer, inspect(queries[0]).kind) if len(queries) == 1 else offer


@lru_cache
def _of_kind(offer: Offer, kind: Kind | None) -> Offer:
    return replace(offer, kind=kind)


def _written(triples: Iterable[Triple], choice: ChosenFormat) -> HttpResponse:
    data = graph_bytes(triples, FORMATS[choice.format("graph")], PREFIXES)
    return HttpResponse(data, choice.type_of("graph"))


async def _answer(call: Call, asked: Asked) -> HttpResponse:
    """Answer the one query of the request in the format that is wanted."""
    call.query = asked.query()
    unknown = await unknown_graphs(call, asked)
    response = await send(call, asked.request(dict(call.choice.formats or {})))
    if signs := signs_of(call.query):
        response.headers.append((DIFFERS, ", ".join(each.name for each in signs)))
        response.headers.append(("Link", f'<{at(DIFFERENCES)}>; rel="help"'))
    if unbound := _fitting(f"?{quote(token.text[1:])}" for token in without_value(call.query)):
        response.headers.append((UNBOUND, ", ".join(unbound)))
    if unknown:
        response.headers.append((UNKNOWN, str(unknown)))
    # an endpoint would be asked twice more each time
    absent = call.service.engine.release is not None and rests_on_absence(call.query)
    if absent or _is_empty(response.body):
        with suppress(EngineError):  # the answer is there all the same
            missing = await missing_names(call.service.knowledge, call.query, terms_only=True)
            response.headers += _missing_header(missing)
    return response


def _is_empty(body: object) -> bool:
    """Tell whether the body of a response is an answer in which nothing was found."""
    return (
        isinstance(body, Answer) and body.size <= LONGEST and is_empty(body.kind, body.format, b"".join(body))
    )


def _missing_header(names: Iterable[MissingName]) -> Headers:
    """Return the header that lists names: of what is too long for it, whole names are left out."""
    shown = _fitting(map(_in_header, names))
    return [(MISSING, ", ".join(shown))] if shown else []


def _fitting(names: Iterable[str]) -> list[str]:
    """Return the names for which a header has room."""
    shown, left = [], MISSING_LENGTH
    for name in names:
        if len(name) <= left:
            shown.append(name)
            left -= len(name)
    return shown


def _in_header(name: MissingName) -> str:
    """Write a name as in a header Link: its IRI, with the nearest one if there is any."""
    nearest = f'; nearest="{quote(name.nearest, safe=_IN_IRIS)}"' if name.nearest else ""
    return f"<{quote(name.iri, safe=_IN_IRIS)}>{nearest}"


async def _sizes(call: Call) -> dict[str, int]:
    """Return how many triples each graph of the release has, that of the default graph under no name."""
    if call.service.engine.release is None:
        return {}
    return counts(await call.service.knowledge.select_in_loop(COUNTS))


def _varies(call: Call) -> bool:
    """Tell whether the answer differs each time, or what is asked is refused for a parameter of no answer."""
    return "update" in call.ignored or any(varies(query) for query in call.values.get("query", ()))


_ACCEPTED: Final = [("Accept-Query", BODIES)]
"""Says that the method QUERY works, and with which bodies."""
_IN_IRIS: Final = "/:@!$&'()*+,;=-._~#?%"
_ANSWERED: Final = (CUT, "Link", "Content-Disposition", UNKNOWN, UNBOUND, MISSING, DIFFERS)
_PROBLEMS: Final = ("syntax", "refused", "update", "parameter", "format", "not-acceptable")
ROUTES: Final = (
    Route(
        "sparql",
        "/sparql",
        "Answer the query in the query string; without one, describe the service",
        get,
        editor,
        tag="sparql",
        offer=Offer(KINDS, page=True),
        narrowed=_narrowed,
        parameters=PARAMETERS,
        format_names=FORMAT_NAMES,
        problems=_PROBLEMS,
        varies=_varies,
        without_effect=(TIMEOUT.name,),
        headers=_ACCEPTED,
        robots="closed",
        endpoint=True,
        scripts="ask",
        api=Api(headers=_ANSWERED),
    ),
    Route(
        "sparql-post",
        "/sparql",
        "Answer the query in the body: a form, or the bare query with the rest in the query string",
        post,
        tag="sparql",
        methods=("POST", "QUERY"),
        offer=Offer(KINDS),
        parameters=PARAMETERS,
        format_names=FORMAT_NAMES,
        problems=(*_PROBLEMS, "media-type"),
        form=True,
        kept=False,
        headers=_ACCEPTED,
        robots="closed",
        endpoint=True,
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
        offer=Offer(("graph",)),
        problems=("not-found", "format", "not-acceptable"),
        robots="closed",
    ),
)
