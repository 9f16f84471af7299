"""The page of `/sparql`: a query with its answer as a table, a drawing and raw; and what completes it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from pyoxigraph import RdfFormat, Triple, parse

from surplace.engine.missing import MissingName, missing_names, rests_on_absence
from surplace.engine.syntax import check
from surplace.engine.table import Table
from surplace.errors import SurplaceError
from surplace.face.bundle import read_bundle
from surplace.http.bodies import html_page, own_json
from surplace.http.call import Call
from surplace.http.message import HttpResponse
from surplace.http.problems import Problem, problem_of
from surplace.http.route import Api, Route
from surplace.rdf.formats import formats_of
from surplace.routes.asked import Asked, from_address, unknown_graphs
from surplace.sparql.departures import signs_of
from surplace.sparql.fault import mended
from surplace.sparql.inspection import inspect
from surplace.sparql.variables import without_value
from surplace.web.cells import page
from surplace.web.completion import completions
from surplace.web.drawing import draw, of_rows, of_triples
from surplace.web.instances import named_in

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
_COLUMNS: Final = ("subject", "property", "value")


def editor(call: Call) -> HttpResponse:
    """Show the editor, with the answer below it if there is a query, or with what is wrong."""
    asked = from_address(call)
    if not asked.queries and not asked.graphs:
        return _shown(EXAMPLE, given=False)
    text = asked.query()
    call.query = text
    try:
        check(asked.request({}), call.service.limits)
        unknown = call.service.blocking.run(unknown_graphs(call, asked))
        answered = _answered(call, asked)
    except (SurplaceError, Problem) as error:
        problem = problem_of(error)
        missing = call.service.blocking.run(_missing_besides(call, text, problem.extra.get("paste", "")))
        named = named_in(
            "\n".join([problem.extra.get("paste", ""), text]),
            [name.nearest for name in missing],
            call.service.knowledge,
        )
        at_fault = (problem.extra.get("line"), problem.extra.get("column"))
        here = next((name for name in missing if (name.line, name.column) == at_fault), None)
        return _shown(
            text,
            failed=problem,
            problem=problem,
            place=_place(text, problem),
            here=here,
            missing=[name for name in missing if name is not here],
            named=named,
        )
    complete = not answered.pop("cut", False)
    nearest = [name.nearest for name in answered["missing"]]
    response = _shown(
        text, unknown=unknown, named=named_in(text, nearest, call.service.knowledge), **answered
    )
    response.complete = complete
    return response


def terms(call: Call) -> HttpResponse:
    """List the classes and properties that lead to rows, for whoever completes a query."""
    return own_json(completions(call.service.knowledge))


def _answered(call: Call, asked: Asked) -> dict[str, Any]:
    """Return what the page shows of an answer; raises EngineError."""
    knowledge, limits = call.service.knowledge, call.service.limits
    text, dataset = asked.query(), (asked.default_graphs, asked.named_graphs)
    kind = inspect(text).kind
    found: dict[str, Any]
    if kind == "boolean":
        verdict = knowledge.ask(text, *dataset)
        found, empty = {"verdict": verdict}, not verdict
    elif kind == "graph":
        turtle = knowledge.graph(text, "ttl", *dataset)
        found, empty = {"graph": turtle.decode("utf-8")}, False
        if b"<<" not in turtle:  # statements inside statements are neither cells nor boxes
            triples = sorted({quad.triple for quad in parse(turtle, format=RdfFormat.TURTLE)}, key=str)
            found["table"] = page(_as_table(triples), knowledge, limits)
            found["drawing"] = draw(of_triples(triples), knowledge)
            empty = not triples
    else:
        table = knowledge.shown(text, *dataset)
        found = {
            "table": page(table, knowledge, limits),
            "drawing": draw(of_rows(table), knowledge),
            "cut": table.cut,
        }
        empty = not table.rows
    wanted = empty or rests_on_absence(text)
    missing = call.service.blocking.run(missing_names(knowledge, text)) if wanted else []
    return {**found, "missing": missing, "empty": empty, "answered": True}


async def _missing_besides(call: Call, text: str, paste: str) -> list[MissingName]:
    """Return what a query names that the graph does not have, as it would be with a line more at its top."""
    if not paste:
        return []
    try:
        found = await missing_names(call.service.knowledge, f"{paste}\n{text}")
    except SurplaceError:
        return []  # what is wrong is said all the same
    return [replace(name, line=name.line - 1, paste=name.paste or paste) for name in found]


def _place(query: str, problem: Problem) -> dict[str, str]:
    """Return the line of a query at which something is wrong, in three parts, and the query as it is mended.

    They are called `before`, `near`, `after` and `mended`; what is not known is left out.
    """
    extra = problem.extra
    near, number, column = extra.get("near", ""), extra.get("line", 0), extra.get("column", 0)
    mending = {name: extra[name] for name in ("instead", "paste", "append") if name in extra}
    found = {"mended": mended(query, number, column, near, **mending)} if mending else {}
    if not near:
        return found
    line = query.split("\n")[number - 1]
    start = column - 1
    end = start + len(near)
    return {**found, "before": line[:start], "near": line[start:end], "after": line[end:]}


def _as_table(triples: list[Triple]) -> Table:
    return Table(_COLUMNS, [dict(zip(_COLUMNS, triple, strict=True)) for triple in triples])


def _shown(query: str, *, given: bool = True, **outcome: Any) -> HttpResponse:
    kind = inspect(query).kind or "bindings"
    return html_page(
        "sparql.html",
        query=query,
        given=given,
        formats=formats_of(kind, named=True),
        signs=signs_of(query),
        unbound=[token.text for token in without_value(query)] if outcome.get("answered") else [],
        bundle=read_bundle(),
        **outcome,
    )


ROUTES: Final = (
    Route(
        "sparql-terms",
        "/sparql/terms",
        "List the classes and properties that lead to rows, with their counts and definitions",
        terms,
        tag="sparql",
        robots="closed",
        api=Api(json="Terms"),
    ),
)
