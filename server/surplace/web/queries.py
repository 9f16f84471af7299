"""The questions of the catalogue: a list, a page with a form for each, and its answer in every format."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from surplace.catalogue import Choice, Parameter, Query
from surplace.engine.formats import FORMATS, Format, Kind, formats_of
from surplace.engine.protocol import Request
from surplace.engine.syntax import kind_of
from surplace.errors import SurplaceError
from surplace.web.cells import page
from surplace.web.errors import ErrorPage, Problem, problem_of
from surplace.web.negotiation import wanted
from surplace.web.service import send, service

FORMAT: Final = "format"
"""The one parameter that every query has besides its own."""
LISTED: Final = 300
"""Choices that a pick-list shows; where there are more, the field is typed into."""

blueprint = Blueprint("queries", __name__)


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


@blueprint.get("/queries/")
def listing() -> str:
    """List the questions by category."""
    return render_template("queries.html", categories=service().catalogue.by_category())


@blueprint.get("/queries/<name>")
def show(name: str) -> Response | str | ErrorPage:
    """Answer a question, as a page or in the format of the suffix, of `?format=` or of Accept."""
    query, suffix = _find(name)
    kind = kind_of(query.text) or "bindings"
    asked = {key: request.args.getlist(key) for key in request.args if key != FORMAT}
    chosen = wanted(request, suffix or request.args.get(FORMAT), [kind], page=suffix is None)
    if chosen.page:
        return _page(query, kind, asked)
    text = query.bind(asked, service().knowledge.choices)
    return send(Request(text, chosen.formats), chosen, query.name)


@blueprint.get("/query/<name>")
def identified(name: str) -> Response:
    """Lead from the IRI of a query to its page."""
    query, _ = _find(name)
    return redirect(url_for("queries.show", name=query.name), 303)


def _find(name: str) -> tuple[Query, str | None]:
    """Split a suffix off and find the query."""
    catalogue = service().catalogue
    stem, dot, suffix = name.rpartition(".")
    if not dot or (suffix not in FORMATS and name in catalogue):
        stem, suffix = name, ""
    try:
        query = catalogue[stem]
    except SurplaceError as error:
        raise Problem("not-found", str(error)) from None
    if query.is_check:
        raise Problem("not-found", f"{stem} is a check, not a question: the build runs it.")
    return query, suffix or None


def _page(query: Query, kind: Kind, asked: dict[str, list[str]]) -> str | ErrorPage:
    """Show the form, the answer below it, the query and the ways to get the answer elsewhere."""
    knowledge, limits = service().knowledge, service().limits
    outcome: dict[str, Any] = {}
    status, headers = 200, dict[str, str]()
    text = query.text
    try:
        text = query.bind(asked, knowledge.choices)
        if kind == "graph":
            outcome["graph"] = knowledge.graph(text).decode("utf-8")
        elif kind == "boolean":
            outcome["verdict"] = knowledge.ask(text)
        else:
            outcome["table"] = page(knowledge.select(text), knowledge, limits)
    except SurplaceError as error:
        problem = problem_of(error)
        outcome["problem"], status, headers = problem, problem.kind.status, problem.headers
    formats = formats_of(kind, named=True)
    context = {
        "query": query,
        "text": _without_header(text),
        "fields": [_field(item, asked.get(item.name)) for item in query.params.values()],
        "downloads": [(form, _address(query, form, asked)) for form in formats],
        "curl": _curl(query, formats[0] if kind != "bindings" else FORMATS["csv"], asked),
        **outcome,
    }
    return render_template("query.html", **context), status, headers


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


def _address(query: Query, form: Format, asked: dict[str, list[str]]) -> str:
    path = url_for("queries.show", name=f"{query.name}.{form.name}")
    return f"{path}?{urlencode(asked, doseq=True)}" if asked else path


def _curl(query: Query, form: Format, asked: dict[str, list[str]]) -> str:
    """Write the command that gets the same answer."""
    url = request.url_root.rstrip("/") + url_for("queries.show", name=f"{query.name}.{form.name}")
    values = [f"--data-urlencode {shlex.quote(f'{key}={value}')}" for key in asked for value in asked[key]]
    return " ".join(["curl", "-G" if values else "", shlex.quote(url), *values]).replace("  ", " ")


def _without_header(text: str) -> str:
    return "\n".join(line for line in text.split("\n") if not line.startswith("#+")).strip()
