"""Runs the views of pages: in threads, with Flask's context, for one request each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TypeVar

from flask import Flask

from surplace.engine.clients import Buckets
from surplace.http.message import HttpRequest, HttpResponse
from surplace.http.problems import Problem
from surplace.http.threads import PageThreads
from surplace.http.waiting import Awaited

T = TypeVar("T")


class Views:
    """Runs views of *app* in *threads*, of which each client has its share."""

    def __init__(self, app: Flask, threads: PageThreads, shares: Buckets | None) -> None:
        self.app, self.threads, self._shares = app, threads, shares

    async def load_templates(self) -> None:
        """Compile all templates, which the environment keeps."""
        await self.threads.run(partial(_compile, self.app))

    async def run(self, request: HttpRequest, view: Callable[[], HttpResponse | Awaited]) -> HttpResponse:
        """Run a view in a thread, with Flask's context; what it has to wait for is waited for in the loop."""
        made = await self._in_thread(request, view)
        if not isinstance(made, Awaited):
            return made
        try:
            found = await made.begin()
        except Problem as error:
            if made.refuse is None:
                raise
            return await self._in_thread(request, partial(made.refuse, error))
        return await self._in_thread(request, partial(made.show, found))

    async def _in_thread(self, request: HttpRequest, function: Callable[[], T]) -> T:
        work = partial(_in_context, self.app, request, function)
        made: T = await self.threads.run(work, self._shares)
        return made


def _compile(app: Flask) -> None:
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)


def _in_context(app: Flask, request: HttpRequest, function: Callable[[], T]) -> T:
    """Run a function as Flask runs a view."""
    origin = request.origin
    environ = {
        "REQUEST_METHOD": request.method,
        # WSGI has bytes in the shape of text
        "SCRIPT_NAME": origin.prefix.encode("utf-8", "replace").decode("latin-1"),
        "PATH_INFO": request.path.encode("utf-8", "replace").decode("latin-1"),
        "QUERY_STRING": request.query,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": origin.host or "localhost",
        "wsgi.url_scheme": origin.scheme,
    }
    with app.request_context(environ):
        return function()
