"""Problems: every failure has one shape (RFC 9457), as JSON, text or a page, whichever the client prefers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from surplace.catalogue import ParameterError
from surplace.engine.query_errors import EngineError, NotOfferedError, QuerySyntaxError
from surplace.errors import SurplaceError
from surplace.http.message import HttpResponse, at

TYPE: Final = "application/problem+json"


@dataclass(frozen=True)
class Kind:
    """A kind of problem: its status, its title, and what it means, for the page that lists them."""

    status: int
    title: str
    meaning: str


KINDS: Final[dict[str, Kind]] = {
    "syntax": Kind(400, "The query cannot be read", "Line and column say where reading stopped, from 1."),
    "refused": Kind(400, "The query is refused", "It asks for what is not done here, such as SERVICE."),
    "update": Kind(400, "Updates are refused", "This service is read-only."),
    "parameter": Kind(
        400, "A value does not fit", "A parameter is unknown, missing, doubled, or its value does not fit."
    ),
    "format": Kind(400, "Unknown format", "The names of the formats are in “allowed”."),
    "bad-request": Kind(
        400, "The request cannot be read", "It breaks the rules of HTTP or of SPARQL's protocol."
    ),
    "not-found": Kind(404, "Nothing is here", "No page and no name of the graph has this address."),
    "gone": Kind(
        410,
        "This name was dropped",
        "A former release had it: “version” says which dropped it, “successor” what replaces it.",
    ),
    "release-gone": Kind(
        410,
        "This release is not kept here",
        "“since” says what each release after it changed, “current” is the one that answers now.",
    ),
    "method": Kind(405, "Wrong method", "The header Allow has the methods that work."),
    "not-acceptable": Kind(
        406, "No such format for this answer", "The media types that work are in “offered”."
    ),
    "timeout": Kind(408, "The request came too slowly", "Its head or its body took longer than the limit."),
    "precondition": Kind(412, "Another version", "If-Match names another version than the one that is here."),
    "address-too-long": Kind(
        414, "The address is too long", "A query of any length that is read at all can be sent with POST."
    ),
    "head-too-large": Kind(
        431, "The head is too large", "Its headers, or their number, are beyond the limit."
    ),
    "too-large": Kind(413, "Too large", "The request, or the answer for a page, is larger than the limit."),
    "media-type": Kind(415, "Wrong content type", "The types of body that are read are in “allowed”."),
    "range": Kind(416, "No such part of the file", "The header Content-Range has the size of the file."),
    "overuse": Kind(
        429, "More than your share", "Others wait as well: try again after the seconds in Retry-After."
    ),
    "internal": Kind(
        500, "Something failed here", "The fault is ours; the log of the service has the details."
    ),
    "not-implemented": Kind(
        501,
        "Not known here",
        "The method, or the coding in which the body is transferred, is none known here.",
    ),
    "endpoint": Kind(
        502, "The endpoint does not answer as it should", "The SPARQL endpoint behind this service failed."
    ),
    "unavailable": Kind(
        503,
        "Not to be had at the moment",
        "No process, no disk or no release is there; the health check has the reason.",
    ),
    "busy": Kind(503, "Too many queries", "Try again after the seconds in Retry-After."),
    "too-complex": Kind(
        503,
        "The query is too complex",
        "Evaluating it ended its process, for want of memory or by a fault of the engine; other queries are "
        "not affected.",
    ),
    "deadline": Kind(504, "The query took too long", "It was stopped when its time was over."),
    "http-version": Kind(505, "Another version of HTTP", "HTTP/1.1 and HTTP/1.0 are read here."),
}
"""Every kind of problem, by the name that ends its type."""


class Problem(Exception):  # noqa: N818 (the RFC's name for it)
    """An error to be sent to the client; *extra* are further members of the document.

    *page* is what its page says instead of the detail, if anything; *meant* is the parameter for which one
    that is not known was meant.
    """

    page: Mapping[str, Any] | None = None
    meant: str = ""

    def __init__(
        self, code: str, detail: str, headers: Mapping[str, str] | None = None, **extra: Any
    ) -> None:
        super().__init__(detail)
        self.code, self.detail, self.headers, self.extra = code, detail, headers or {}, extra
        self.kind = KINDS[code]

    def document(self) -> dict[str, Any]:
        """Return the members of the problem document."""
        return {
            "type": at(f"/problems#{self.code}"),
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            **self.extra,
        }

    def json(self) -> bytes:
        """Return the problem document."""
        return (json.dumps(self.document(), ensure_ascii=False) + "\n").encode("utf-8", "replace")

    def text(self) -> bytes:
        """Return the problem in words."""
        return f"{self.kind.title}. {self.detail}\n".encode("utf-8", "replace")


@contextmanager
def reading(parameter: str) -> Iterator[None]:
    """Name the parameter that is read in a problem with its value; raises Problem."""
    try:
        yield
    except SurplaceError as error:
        if type(error) is not SurplaceError:  # it names the parameter itself, or has a status of its own
            raise
        raise Problem("parameter", str(error), parameter=parameter) from None


def problem_of(error: Exception) -> Problem:
    """Turn an exception into a problem; what is not expected becomes `internal` and shows nothing."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, ParameterError):
        return Problem("parameter", str(error), parameter=error.parameter, allowed=list(error.allowed))
    if isinstance(error, QuerySyntaxError):
        mending = {"paste": error.paste, "instead": error.instead, "append": error.append}
        more: dict[str, Any] = {name: text for name, text in mending.items() if text}
        return Problem("syntax", str(error), line=error.line, column=error.column, near=error.near, **more)
    if isinstance(error, NotOfferedError):
        types = [form.media_type for form in error.offered]
        return Problem("not-acceptable", str(error), offered=types)
    if isinstance(error, EngineError) and error.code in KINDS:
        seconds = getattr(error, "retry_after", 0)
        if not seconds:
            return Problem(error.code, str(error))
        return Problem(error.code, str(error), {"Retry-After": str(seconds)}, retry_after=seconds)
    return Problem("internal", "The request could not be answered: try again, and report it if it stays so.")


def plain_problem(problem: Problem, content_type: str = TYPE) -> HttpResponse:
    """Return a problem as JSON, or in words as text/plain."""
    is_json = content_type == TYPE
    return HttpResponse(
        problem.json() if is_json else problem.text(),
        content_type if is_json else f"{content_type}; charset=utf-8",
        problem.kind.status,
        list(problem.headers.items()),
        problem=problem.code,
        complete=False,
    )
