"""The page of a question: its form, the answer below it, and the ways to get that elsewhere."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from surplace.catalogue import Instance, Query, QueryParameter
from surplace.catalogue.query import without_header
from surplace.engine.knowledge import Table
from surplace.errors import SurplaceError
from surplace.http.asking import Asking, RowRange, address_of, count_of, others, read_asking, values_of
from surplace.http.bodies import html_page
from surplace.http.call import Call
from surplace.http.message import HttpResponse, at
from surplace.http.problems import Problem, problem_of
from surplace.rdf.formats import FORMATS, Format, formats_of
from surplace.web.cells import Page, most_rows, page

LISTED: Final = 300
"""Choices that a pick-list shows; where there are more, the field is typed into."""


@dataclass(frozen=True)
class Field:
    """A field of a form: the parameter, its values as text, and what may be picked."""

    parameter: QueryParameter
    values: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    """Pairs of value and text; empty where any text may be typed."""

    @property
    def input_type(self) -> str:
        """The type of the HTML input."""
        return {"date": "date", "integer": "number"}.get(self.parameter.type, "text")


def show_question(call: Call, query: Query) -> tuple[HttpResponse, Asking | None]:
    """Show the page of a question with what the request asks, or with what is wrong with that."""
    asking: Asking | None = None
    problem: Problem | None = None
    outcome: dict[str, Any] = {}
    text, complete = query.text, True
    try:
        if call.problem is not None:
            raise call.problem
        asking = read_asking(query, call, call.service.knowledge.choices)
        text = asking.all_rows
        outcome, complete = _outcome(call, asking)
    except (SurplaceError, Problem) as error:
        problem = problem_of(error)
        outcome = {"problem": problem}
    values = values_of(query, call)
    formats = formats_of(query.kind, named=True)
    context = {
        "query": query,
        "text": without_header(text),
        "fields": [_field(call, item, values.get(item.name)) for item in query.params.values()],
        "downloads": [(form, _address(query, form, values)) for form in formats],
        "curl": _curl(call, query, formats[0] if query.kind != "bindings" else FORMATS["csv"], values),
        **outcome,
    }
    response = html_page("query.html", problem, **context)
    response.complete = complete and problem is None
    return response, asking


def _outcome(call: Call, asking: Asking) -> tuple[dict[str, Any], bool]:
    """Ask, and return what the page shows of the answer, and whether that is whole; raises EngineError."""
    service, query = call.service, asking.asked.query
    if query.kind == "graph":
        graph = service.knowledge.graph(asking.asked.stating(service.release_name))
        return {"graph": graph.decode("utf-8")}, True
    if query.kind == "boolean":
        return {"verdict": service.knowledge.ask(asking.asked.text)}, True
    if not query.pageable:
        found = service.knowledge.select(asking.all_rows)
        return {"table": page(found, service.knowledge, service.limits)}, not found.cut
    table, part = _part(call, asking)
    pages = {relation: address_of(call, other) for relation, other in others(part, table.total).items()}
    return {"table": table, "pages": pages if part.offset or "next" in pages else {}}, not table.cut


def _part(call: Call, asking: Asking) -> tuple[Page, RowRange]:
    """Return the part of a table that a page shows; its rows are counted where there are more of them."""
    knowledge, limits, query = call.service.knowledge, call.service.limits, asking.asked.query
    most = most_rows(limits, len(query.columns))
    size, offset = min(asking.part.limit or most, most, limits.answer_rows), asking.part.offset
    found = knowledge.select(asking.rows(RowRange(size + 1, offset)))  # one more shows that there are more
    rows = found.rows[:size]
    ends_here = len(found.rows) <= size and not found.cut and (rows or not offset)
    total = offset + len(rows) if ends_here else count_of(knowledge.select(query.counted(asking.all_rows)))
    laid_out = replace(page(Table(found.columns, rows), knowledge, limits), total=total, offset=offset)
    return laid_out, RowRange(len(rows) if found.cut and rows else size, offset)


def _field(call: Call, parameter: QueryParameter, given: list[str] | None) -> Field:
    """Prepare the field of a parameter; pick-lists come from the release."""
    choices = call.service.knowledge.choices(parameter.class_iri) if parameter.class_iri else []
    keys = _keys(choices)
    if given is None:
        given = ["" if term is None else keys.get(term.value, term.value) for term in parameter.defaults]
    else:
        given = [keys.get(value, value) for value in given]
    if parameter.type == "boolean":
        return Field(parameter, tuple(given), (("true", "yes"), ("false", "no")))
    if not 0 < len(choices) <= LISTED:
        return Field(parameter, tuple(given), ())
    options = tuple((keys[item.iri], item.label or item.key) for item in choices)
    return Field(parameter, tuple(given), options)


def _keys(choices: list[Instance]) -> dict[str, str]:
    """Map each IRI to what stands for it in a form: its key, or the IRI itself where keys collide."""
    counts: dict[str, int] = {}
    for item in choices:
        counts[item.key] = counts.get(item.key, 0) + 1
    return {item.iri: item.key if counts[item.key] == 1 else item.iri for item in choices}


def _address(query: Query, form: Format, values: dict[str, list[str]]) -> str:
    path = at(f"/queries/{query.name}.{form.name}")
    return f"{path}?{urlencode(values, doseq=True)}" if values else path


def _curl(call: Call, query: Query, form: Format, values: dict[str, list[str]]) -> str:
    """Write the command that gets the same answer."""
    url = f"{call.request.origin.root}queries/{query.name}.{form.name}"
    fields = [f"--data-urlencode {shlex.quote(f'{key}={value}')}" for key in values for value in values[key]]
    return " ".join(["curl", "-G" if fields else "", shlex.quote(url), *fields]).replace("  ", " ")
