"""What the views share: the engine, the catalogue, the limits, and how an answer is sent."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, cast

from flask import current_app, request
from werkzeug.wrappers import Response

from surplace.catalogue import Catalogue
from surplace.engine.answer import Answer
from surplace.engine.knowledge import Knowledge
from surplace.engine.limits import Limits
from surplace.engine.protocol import Engine, Request
from surplace.engine.remote import CUT
from surplace.sparql.syntax import kind_of
from surplace.sparql.truncation import ABOUT
from surplace.web.errors import Problem
from surplace.web.negotiation import Wanted
from surplace.web.validators import has, not_modified, tag_of

EXTENSION: Final = "surplace"
NOTED_QUERY: Final = "surplace.query"
NOTED_CUT: Final = "surplace.cut"
"""Where a request's environment has the text of its query, and the rows of a cut answer, for the log."""

FORM: Final = "application/x-www-form-urlencoded"
FORM_OVERHEAD: Final = 12
"""Bytes that one character of a query may take in the body of a form: four bytes, each as %XX."""


def body_limit(limits: Limits) -> int:
    """Return the bytes that the body of a request may have."""
    return limits.query_length * FORM_OVERHEAD


@dataclass(frozen=True)
class Service:
    """What the application was made of."""

    engine: Engine
    catalogue: Catalogue
    limits: Limits
    knowledge: Knowledge


def service() -> Service:
    """Return the service of the current application."""
    return cast("Service", current_app.extensions[EXTENSION])


def release_name() -> str:
    """Return the short name of the release that answers, or nothing where it is not known."""
    return str((service().engine.release or {}).get("release", ""))[:16]


def send(
    query: Request,
    wanted: Wanted,
    filename: str | None = None,
    rest: Callable[[int], str] | None = None,
) -> Response:
    """Ask the engine and send what it answers; *rest* gives the address of what comes after so many rows."""
    current = service()
    tag = tag_before(current, query, wanted, request.full_path if rest is not None else "")
    if tag is not None and has(tag):
        return not_modified(tag)
    answer = current.engine.ask(query)
    if answer.cut is not None and rest is not None:
        answer.lead_to(rest(answer.cut))
    response = Response(iter(answer))
    if tag is not None:
        response.set_etag(tag)
    response.call_on_close(answer.close)
    response.content_length = answer.size
    response.headers["Content-Type"] = wanted.types[answer.kind]
    if filename is not None:
        name = f"{filename}.{answer.format.suffix}"
        response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    if answer.cut is not None:
        request.environ[NOTED_CUT] = answer.cut
        response.headers.extend(cut_headers(answer))
        if rest is not None:
            response.headers.add("Link", f'<{rest(answer.cut)}>; rel="next"')
    return response


def cut_headers(answer: Answer) -> list[tuple[str, str]]:
    """Return the headers that tell of a cut answer."""
    if answer.cut is None:
        return []
    link = f'<{ABOUT}>; rel="help"; title="The answer has more rows"'
    return [(CUT, f"rows={answer.cut}"), ("Link", link)]


def tag_before(current: Service, query: Request, wanted: Wanted, address: str = "") -> str | None:
    """Return the entity tag of an answer before it is asked for; None if its format cannot be known yet."""
    kind = kind_of(query.query)
    release = str((current.engine.release or {}).get("release", ""))
    if kind is None or not release or kind not in query.formats:
        return None
    graphs = ("\n".join(query.default_graphs), "\n".join(query.named_graphs))
    form = (query.formats[kind], wanted.types[kind])
    return tag_of(release, current.limits, query.query, *graphs, *form, address)


def only_known(names: Iterable[str], allowed: Iterable[str]) -> None:
    """Refuse a request with a parameter that is not known here."""
    allowed = list(allowed)
    for name in names:
        if name not in allowed:
            listed = ", ".join(allowed)
            raise Problem(
                "parameter",
                f'"{name}" is not a parameter of {request.path}: use {listed}.',
                parameter=name,
                allowed=allowed,
            )
