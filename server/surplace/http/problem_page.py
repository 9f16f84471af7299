"""The page of a problem: what is wrong, what to do, and the form as it was filled in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request

from surplace.http.message import HttpResponse
from surplace.http.problems import Problem
from surplace.http.retyped import retyped
from surplace.http.route import Route
from surplace.http.service import Service


def problem_page(
    problem: Problem, found: tuple[Route, Mapping[str, Any]] | None, service: Service
) -> HttpResponse:
    """Write the page; *found* is the route that was asked for with the variable parts of its address, if any.

    It runs in the context of the request.
    """
    given = list(request.args.items(multi=True))
    fields = retyped(problem, found, given, service)
    text = render_template("error.html", problem=problem, without=_without(problem, given), fields=fields)
    return HttpResponse(text.encode())


def _without(problem: Problem, given: list[tuple[str, str]]) -> str:
    """Return the address that was asked for without the parameter at fault, or without the last of it."""
    places = [number for number, (name, _) in enumerate(given) if name == problem.extra.get("parameter")]
    if not places:
        return ""
    rest = [pair for number, pair in enumerate(given) if number != places[-1]]
    return request.path + (f"?{urlencode(rest)}" if rest else "")
