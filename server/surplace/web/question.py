"""The page of a question: its form, the answer below it, and the ways to get that elsewhere."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from flask import render_template, request, url_for

from surplace.catalogue import Choice, Parameter, Query
from surplace.catalogue.query import without_header
from surplace.engine.knowledge import Table
from surplace.errors import SurplaceError
from surplace.rdf.formats import FORMATS, Format, Kind, formats_of
from surplace.sparql.rewriting import pageable
from surplace.web.asking import Asking, asking, values_of
from surplace.web.cells import Page, most_rows, page
from surplace.web.errors import ErrorPage, problem_of
from surplace.web.paging import Part, count, others
from surplace.web.service import release_name, service

LISTED: Final = 300
"""Choices that a pick-list shows; where there are more, the field is typed into."""


@dataclass(frozen=True)
class Field:
    """A field of a form: the parameter, its values as text, and what may be picked."""

    parameter: Parameter
    values: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    """Pairs of value and text; empty where any text may be typed."""

    @property
    def input_type(self) -> str:
        """The type of the HTML input."""
        return {"date": "date", "integer": "number"}.get(self.parameter.type, "text")


def show_question(query: Query, kind: Kind) -> tuple[ErrorPage, Asking | None]:
    """Show the page of a question with what the request asks, or with what is wrong with that."""
    about: Asking | None = None
    outcome: dict[str, Any] = {}
    status, headers = 200, dict[str, str]()
    text = query.text
    try:
        about = asking(query, request.args, service())
        text = about.all_rows
        outcome = _outcome(about, kind)
    except SurplaceError as error:
        problem = problem_of(error)
        outcome = {"problem": problem}
        status, headers = problem.kind.status, problem.headers
    values = values_of(query, request.args)
    formats = formats_of(kind, named=True)
    context = {
        "query": query,
        "text": without_header(text),
        "fields": [_field(item, values.get(item.name)) for item in query.params.values()],
        "downloads": [(form, _address(query, form, values)) for form in formats],
        "curl": _curl(query, formats[0] if kind != "bindings" else FORMATS["csv"], values),
        **outcome,
    }
    return (render_template("query.html", **context), status, headers), about


def _outcome(about: Asking, kind: Kind) -> dict[str, Any]:
    """Ask, and return what the page shows of the answer; raises EngineError."""
    knowledge = service().knowledge
    if kind == "graph":
        return {"graph": knowledge.graph(about.asked.stating(release_name())).decode("utf-8")}
    if kind == "boolean":
        return {"verdict": knowledge.ask(about.asked.text)}
    if not pageable(about.all_rows):
        return {"table": page(knowledge.select(about.all_rows), knowledge, service().limits)}
    table, part = _part(about)
    pages = {relation: other.address for relation, other in others(part, table.total).items()}
    return {"table": table, "pages": pages if part.offset or "next" in pages else {}}


def _part(about: Asking) -> tuple[Page, Part]:
    """Return the part of a table that a page shows; its rows are counted where there are more of them."""
    knowledge, limits = service().knowledge, service().limits
    most = most_rows(limits, len(about.asked.query.columns))
    size, offset = min(about.part.limit or most, most, limits.answer_rows), about.part.offset
    found = knowledge.select(about.rows(Part(size + 1, offset)))  # one more shows that there are more
    rows = found.rows[:size]
    ends_here = len(found.rows) <= size and not found.cut and (rows or not offset)
    total = offset + len(rows) if ends_here else count(about.all_rows, knowledge)
    laid_out = replace(page(Table(found.columns, rows), knowledge, limits), total=total, offset=offset)
    return laid_out, Part(len(rows) if found.cut and rows else size, offset)


def _field(parameter: Parameter, given: list[str] | None) -> Field:
    """Prepare the field of a parameter; pick-lists come from the release."""
    choices = service().knowledge.choices(parameter.class_iri) if parameter.class_iri else []
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


def _keys(choices: list[Choice]) -> dict[str, str]:
    """Map each IRI to what stands for it in a form: its key, or the IRI itself where keys collide."""
    counts: dict[str, int] = {}
    for item in choices:
        counts[item.key] = counts.get(item.key, 0) + 1
    return {item.iri: item.key if counts[item.key] == 1 else item.iri for item in choices}


def _address(query: Query, form: Format, values: dict[str, list[str]]) -> str:
    path = url_for("queries.show", name=f"{query.name}.{form.name}")
    return f"{path}?{urlencode(values, doseq=True)}" if values else path


def _curl(query: Query, form: Format, values: dict[str, list[str]]) -> str:
    """Write the command that gets the same answer."""
    url = request.url_root.rstrip("/") + url_for("queries.show", name=f"{query.name}.{form.name}")
    fields = [f"--data-urlencode {shlex.quote(f'{key}={value}')}" for key in values for value in values[key]]
    return " ".join(["curl", "-G" if fields else "", shlex.quote(url), *fields]).replace("  ", " ")
