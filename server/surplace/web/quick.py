"""The short way to an answer: a plain query by GET, for a program, is asked without the application.

Most requests are of that kind, and the application takes longer for them than the query does. What comes is
what the application would send, byte for byte and header for header; a test compares them. Whatever else a
request may be, the application sees to.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from surplace.engine.answer import Answer
from surplace.engine.protocol import EngineError, Pending, Request
from surplace.rdf.formats import KINDS
from surplace.web.errors import Problem, problem_of
from surplace.web.headers import FOR_SCRIPTS, SECURITY
from surplace.web.negotiation import Wanted, wanted_of
from surplace.web.protocol import BODIES
from surplace.web.releases import Served
from surplace.web.service import EXTENSION, Service, cut_headers, tag_before
from surplace.web.validators import freshness

PATH: Final = "/sparql"
_OTHERS: Final = frozenset(
    (b"if-none-match", b"if-match", b"range", b"if-range", b"content-length", b"transfer-encoding")
)
_PEOPLE: Final = ("text/html", "text/plain", "text/*")
"""What asks for a page, or for an error as one or in words."""

Headers = list[tuple[str, str]]


def plain_query(scope: Mapping[str, Any]) -> tuple[str, Wanted] | None:
    """Return the query of a request and what its client takes; None if the application is to see to it."""
    if scope["method"] != "GET" or scope["path"] != PATH:
        return None
    accept = ""
    for name, value in scope["headers"]:
        if name in _OTHERS:
            return None
        if name == b"accept":
            if accept:
                return None
            accept = value.decode("latin-1")
    if any(kind in accept for kind in _PEOPLE):
        return None
    try:
        fields = parse_qsl(scope["query_string"].decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:
        return None
    names = [name for name, _ in fields]
    if names not in (["query"], ["query", "format"], ["format", "query"]):
        return None
    values = dict(fields)
    try:
        choice = wanted_of(accept, values.get("format") or None, KINDS, page=True)
    except Problem:
        return None
    return None if choice.page else (values["query"], choice)


async def begin(served: Served, query: str, choice: Wanted) -> Pending:
    """Begin a query; raises Problem."""
    try:
        return await served.engine.begin(Request(query, choice.formats))
    except EngineError as error:
        raise problem_of(error) from None


def finish(served: Served, query: str, choice: Wanted, pending: Pending) -> tuple[Headers, Answer]:
    """Answer a query that was begun: the headers and the answer; raises Problem."""
    current: Service = served.app.extensions[EXTENSION]
    try:
        answer = pending.finish()
    except EngineError as error:
        raise problem_of(error) from None
    headers = [
        ("Content-Type", choice.types[answer.kind]),
        ("Content-Length", str(answer.size)),
        ("Accept-Query", BODIES),
        ("Cache-Control", freshness(current.limits)),
        ("Surplace-Release", served.release),
        ("Vary", "Accept"),
        *SECURITY.items(),
        *FOR_SCRIPTS.items(),
        *cut_headers(answer),
    ]
    tag = tag_before(current, Request(query, choice.formats), choice)
    if tag is not None:
        headers.append(("ETag", f'"{tag}"'))
    return headers, answer
