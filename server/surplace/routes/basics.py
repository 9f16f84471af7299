"""The first page, the kinds of problems, what watches the service, and the files that pages need."""

from __future__ import annotations

import json
import mimetypes
import re
from functools import cache
from pathlib import Path
from typing import Final

import surplace
from surplace.face.bundle import read_bundle
from surplace.http.bodies import html_page
from surplace.http.call import Call
from surplace.http.headers import NO_STORE
from surplace.http.message import HttpResponse
from surplace.http.negotiation import JSON, Offer
from surplace.http.problems import KINDS, Problem
from surplace.http.route import Api, Route
from surplace.web.home import show_home

STATIC: Final = Path(surplace.__file__).parent / "web/static"
_COMMENT: Final = re.compile(rb"\s*/\*.*?\*/", re.DOTALL)


def home(call: Call) -> HttpResponse:
    """Show what this is, and three questions with their answers from the release."""
    return show_home(call)


def problems(call: Call) -> HttpResponse:  # noqa: ARG001 (all handlers are called alike)
    """List the kinds of problems, for those who follow the type of one."""
    return html_page("problems.html", kinds=KINDS)


async def health(call: Call) -> HttpResponse:
    """Tell whether the service can be asked, and what keeps it from that."""
    state = await call.service.engine.health()
    status = 200 if state["status"] == "ok" else 503
    return HttpResponse(json.dumps(state).encode() + b"\n", JSON, status)


async def metrics(call: Call) -> HttpResponse:
    """Show figures for Prometheus."""
    body, content_type = call.service.metrics.page()
    return HttpResponse(body, content_type)


async def static(call: Call) -> HttpResponse:
    """Send a style sheet, a picture, or the editor with its notice."""
    files = _static()
    name = call.variables["file"]
    if name not in files:
        raise Problem("not-found", "There is no such file: pages name those that are.")
    return HttpResponse(files[name], mimetypes.guess_type(name)[0] or "application/octet-stream")


@cache
def _static() -> dict[str, bytes]:
    """Return the files that pages need, by name; a style sheet without what it says to its readers."""
    files = {path.name: path.read_bytes() for path in sorted(STATIC.iterdir())}
    sheets = {name: _COMMENT.sub(b"", data) for name, data in files.items() if name.endswith(".css")}
    return files | sheets | dict(read_bundle().files)


ROUTES: Final = (
    Route(
        "home",
        "/",
        "Show what this is",
        page=home,
        offer=Offer(page=True),
        robots="listed",
        api=Api(headers=("Link",)),
    ),
    Route(
        "problems",
        "/problems",
        "List the kinds of problems",
        page=problems,
        offer=Offer(page=True),
        robots="listed",
    ),
    Route(
        "health",
        "/health",
        "Tell whether the service can be asked",
        health,
        kept=False,
        caching=NO_STORE,
        robots="closed",
        api=Api(json="Health", statuses=(200, 503)),
    ),
    Route(
        "metrics",
        "/metrics",
        "Show figures for Prometheus",
        metrics,
        kept=False,
        caching=NO_STORE,
        robots="closed",
        api=Api(content=("text/plain",)),
    ),
    Route(
        "static",
        "/static/<file>",
        "Send a style sheet, a picture or the editor",
        static,
        problems=("not-found",),
        api=None,
    ),
)
