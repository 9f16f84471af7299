"""Errors over HTTP: one shape (RFC 9457), as JSON, text or a page, whichever the client prefers."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from flask import Blueprint, Flask, current_app, has_request_context, render_template, request
from werkzeug.datastructures import MIMEAccept
from werkzeug.exceptions import HTTPException
from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Response

from surplace.catalogue import ParameterError
from surplace.engine.protocol import EngineError, NotOfferedError, QuerySyntaxError

JSON: Final = "application/problem+json"
NOTED_PROBLEM: Final = "surplace.problem"
"""Where a request's environment has the code of its problem, for the log."""


ErrorPage: TypeAlias = tuple[str, int, dict[str, str]]
"""A page that shows a problem, with its status and headers."""


@dataclass(frozen=True)
class Kind:
    """A kind of problem: its status, its title, and what it means, for the page that lists them."""

    status: int
    title: str
    meaning: str


KINDS: Final[dict[str, Kind]] = {
    "syntax": Kind(400, "The query is not SPARQL", "Line and column say where reading stopped, from 1."),
    "refused": Kind(400, "The query is refused", "It asks for what is not done here, such as SERVICE."),
    "update": Kind(400, "Updates are refused", "This service is read-only."),
    "parameter": Kind(
        400, "A parameter is wrong", "It is unknown, missing, doubled, or its value does not fit."
    ),
    "format": Kind(400, "Unknown format", "The names of the formats are in `allowed`."),
    "bad-request": Kind(
        400, "The request cannot be read", "It breaks the rules of HTTP or of SPARQL's protocol."
    ),
    "not-found": Kind(404, "Nothing is here", "No page and no name of the graph has this address."),
    "gone": Kind(
        410,
        "This name was dropped",
        "A former release had it: `version` says which dropped it, `successor` what replaces it.",
    ),
    "method": Kind(405, "Wrong method", "The header Allow has the methods that work."),
    "not-acceptable": Kind(
        406, "No such format for this answer", "The media types that work are in `offered`."
    ),
    "timeout": Kind(408, "The request came too slowly", "Its body took longer than the limit."),
    "too-large": Kind(413, "Too large", "The request, or the answer for a page, is larger than the limit."),
    "media-type": Kind(415, "Wrong content type", "The types of body that are read are in `allowed`."),
    "range": Kind(416, "No such part of the file", "The header Content-Range has the size of the file."),
    "overuse": Kind(
        429, "More than your share", "Others wait as well: try again after the seconds in Retry-After."
    ),
    "internal": Kind(
        500, "Something failed here", "The fault is ours; the log of the service has the details."
    ),
    "unavailable": Kind(
        502, "The endpoint does not answer", "The SPARQL endpoint behind this service failed."
    ),
    "busy": Kind(503, "Too many queries", "Try again after the seconds in Retry-After."),
    "too-complex": Kind(
        503,
        "The query is too complex",
        "Evaluating it ended its process, for want of memory or by a fault of the engine; other queries are "
        "not affected. The same query is refused for a while: Retry-After has the seconds.",
    ),
    "deadline": Kind(504, "The query took too long", "It was stopped when its time was over."),
}
"""Every kind of problem, by the name that ends its type."""

_STATUS_NAMES: Final = {
    404: "not-found",
    405: "method",
    406: "not-acceptable",
    413: "too-large",
    415: "media-type",
}
_DETAILS: Final = {
    "not-found": "There is nothing at this address: look at /queries/ for the questions, or start at /.",
    "method": "This address does not take that method: see the header Allow.",
    "too-large": "The request is larger than this service reads: shorten the query.",
    "media-type": "This address does not read that content type.",
    "bad-request": "The request cannot be read: check its parameters and its encoding.",
}

blueprint = Blueprint("problems", __name__)


class Problem(Exception):  # noqa: N818 (the RFC's name for it)
    """An error to be sent to the client; *extra* are further members of the document."""

    def __init__(self, code: str, detail: str, headers: dict[str, str] | None = None, **extra: Any) -> None:
        super().__init__(detail)
        self.code, self.detail, self.headers, self.extra = code, detail, headers or {}, extra
        self.kind = KINDS[code]

    def document(self) -> dict[str, Any]:
        """Return the members of the problem document."""
        return {
            "type": f"/problems#{self.code}",
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            **self.extra,
        }


def problem_of(error: Exception) -> Problem:
    """Turn an exception into a problem; what is not expected becomes `internal` and shows nothing."""
    problem = _problem_of(error)
    if has_request_context():
        request.environ[NOTED_PROBLEM] = problem.code
    return problem


def _problem_of(error: Exception) -> Problem:
    if isinstance(error, Problem):
        return error
    if isinstance(error, ParameterError):
        return Problem("parameter", str(error), parameter=error.parameter, allowed=list(error.allowed))
    if isinstance(error, QuerySyntaxError):
        return Problem("syntax", str(error), line=error.line, column=error.column, near=error.near)
    if isinstance(error, NotOfferedError):
        types = [form.media_type for form in error.offered]
        return Problem("not-acceptable", str(error), offered=types)
    if isinstance(error, EngineError) and error.code in KINDS:
        seconds = getattr(error, "retry_after", 0)
        if not seconds:
            return Problem(error.code, str(error))
        return Problem(error.code, str(error), {"Retry-After": str(seconds)}, retry_after=seconds)
    if isinstance(error, HTTPException) and error.code is not None and 400 <= error.code < 500:
        code = _STATUS_NAMES.get(error.code, "bad-request")
        headers = {name: value for name, value in error.get_headers() if name == "Allow"}
        return Problem(code, _DETAILS.get(code, _DETAILS["bad-request"]), headers)
    return Problem("internal", "The request could not be answered: try again, and report it if it stays so.")


def respond(error: Exception) -> Response:
    """Send a problem in the form that the client prefers: JSON unless it asks for a page or plain text."""
    problem = problem_of(error)
    header = request.headers.get("Accept", "")[:1000]  # a longer one is refused, and that in JSON or text
    best = parse_accept_header(header, MIMEAccept).best_match(
        [JSON, "application/json", "text/html", "text/plain"]
    )
    if best == "text/html":
        body, media_type = render_template("error.html", problem=problem), "text/html"
    elif best == "text/plain":
        body, media_type = f"{problem.kind.title}. {problem.detail}\n", "text/plain"
    else:
        body, media_type = json.dumps(problem.document(), ensure_ascii=False) + "\n", JSON
    response = Response(body, problem.kind.status, problem.headers)
    response.content_type = media_type if media_type == JSON else f"{media_type}; charset=utf-8"
    return response


@blueprint.get("/problems")
def problems() -> str:
    """List the kinds of problems, for those who follow the type of one."""
    return render_template("problems.html", kinds=KINDS)


def register(app: Flask) -> None:
    """Let *app* answer every failure with a problem."""

    def expected(error: Exception) -> Response:
        if isinstance(error, HTTPException) and error.code is not None and error.code < 400:
            return error.get_response()  # a redirect
        if problem_of(error).code == "internal":
            current_app.logger.error("A request failed", exc_info=error)
        return respond(error)

    app.register_blueprint(blueprint)
    app.register_error_handler(Exception, expected)
