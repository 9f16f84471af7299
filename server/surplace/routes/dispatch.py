"""One path for every request: find the route, read the call, look among what is kept, answer, finish."""

from __future__ import annotations

import inspect
import logging
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final, cast
from urllib.parse import quote

from flask import Flask, render_template
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, RequestRedirect

from surplace.routes import compression
from surplace.routes.cache import Cache
from surplace.routes.call import Call, read_call
from surplace.routes.conditional import has, is_refused, not_modified, part_of, tag_of
from surplace.routes.headers import FOR_SCRIPTS, IGNORED, NO_STORE, NOT_FOR_SCRIPTS, PREFLIGHT, SECURITY, VARY
from surplace.routes.message import ORIGIN, HttpRequest, HttpResponse, at
from surplace.routes.negotiation import ACCEPT_LENGTH, HTML, JSON, preferred, read_accept, suffix_of
from surplace.routes.problems import TYPE, Problem, problem_of
from surplace.routes.route import Route
from surplace.routes.service import Service
from surplace.routes.threads import PageThreads

LOG: Final = logging.getLogger("surplace.routes")
SHOWN: Final = 200
"""Characters of the names of ignored parameters that a header repeats."""

Found = tuple[Route, Mapping[str, Any], str]


class Dispatcher:
    """Answers requests from one release, with the routes of an application."""

    def __init__(
        self, app: Flask, routes: Mapping[str, Route], service: Service, cache: Cache, threads: PageThreads
    ) -> None:
        self.app, self.routes, self.service, self.cache, self.threads = app, routes, service, cache, threads
        self._map: Map = app.url_map
        self._found: dict[tuple[str, str], Found] = {}

    def read(self, request: HttpRequest) -> Call | HttpResponse:
        """Return what a request asks of which route, or a response that needs none; raises Problem."""
        try:
            route, variables, suffix = self._route(request)
        except RequestRedirect as redirect:
            return self._moved(request, redirect.new_url)
        if request.method == "OPTIONS":
            return self._options(request, route)
        return read_call(request, route, self.service, variables, suffix)

    def kept(self, call: Call, tag: str) -> HttpResponse | None:
        """Return the answer to a call if it is kept, or known to the client; None if it is to be made."""
        if not tag:
            return None
        given = call.request.headers.get("if-none-match", "").strip()
        if given and given != "*" and has(call.request, tag):
            headers = [*call.route.headers, *self.every(call.request), *self._fresh(call.route)]
            return self._last(call, HttpResponse(status=304, headers=headers, etag=tag))
        coded = compression.is_taken(call.request)
        kept = (self.cache.get(f"{tag}-{compression.CODING}") if coded else None) or self.cache.get(tag)
        if kept is None:
            return None
        response = kept.response()
        if coded and compression.is_worth_it(call.request, response):
            return None  # it is kept as it is only, and this client wants it compressed
        return self._last(call, response)

    async def answer(self, call: Call, tag: str) -> HttpResponse:
        """Have the route answer a call; raises whatever the route does."""
        handler: Any = call.route.page if call.choice.page else call.route.handler
        if inspect.iscoroutinefunction(handler):
            response = await handler(call)
        else:
            response = await self.page(call.request, partial(handler, call))
        return await self._finish(call, response, tag)

    async def page(self, request: HttpRequest, function: Callable[[], HttpResponse]) -> HttpResponse:
        """Run a function in a thread, with Flask's context."""
        work = partial(_in_context, self.app, request, function)
        return cast("HttpResponse", await self.threads.run(work, self.service.engine.shares))

    async def respond(self, request: HttpRequest) -> HttpResponse:
        """Answer a request, whatever comes of it: the whole path at once."""
        ORIGIN.set(request.origin)
        try:
            call = self.read(request)
            if isinstance(call, HttpResponse):
                return call
            tag = tag_of(call)
            return self.kept(call, tag) or await self.answer(call, tag)
        except Exception as error:
            return await self.refuse(request, error)

    async def refuse(self, request: HttpRequest, error: Exception) -> HttpResponse:
        """Send a problem in the form that the client prefers: JSON unless it asks for a page or plain text."""
        problem = problem_of(error)
        if problem.code == "internal":
            LOG.error("A request failed", exc_info=error)
        accept = request.accept if len(request.accept) <= ACCEPT_LENGTH else ""
        best = preferred([TYPE, JSON, HTML, "text/plain"], read_accept(accept))
        response = plain_problem(problem, "text/plain" if best == "text/plain" else TYPE)
        if best == HTML:
            page = partial(_problem_page, problem)
            try:
                response.body = (await self.page(request, page)).body
                response.content_type = f"{HTML}; charset=utf-8"
            except Exception as trouble:
                LOG.error("The page of a problem failed", exc_info=trouble)
        found = self._found.get((request.method, request.path))
        own = found[0].headers if found else []
        response.headers = [*response.headers, *own, *self.every(request), ("Cache-Control", NO_STORE)]
        return response

    def _route(self, request: HttpRequest) -> Found:
        """Find the route of an address; raises Problem, or RequestRedirect for a slash too many."""
        key = (request.method, request.path)
        found = self._found.get(key)
        if found is None:
            found = self._matched(request)
            if len(request.path) < 100:
                if len(self._found) > 1000:
                    self._found.clear()
                self._found[key] = found
        return found

    def _matched(self, request: HttpRequest) -> Found:
        adapter = self._map.bind(request.origin.host or "localhost")
        stem, suffix = suffix_of(request.path)
        method = "GET" if request.method == "OPTIONS" else request.method
        if suffix:
            try:
                name, variables = adapter.match(stem, method)
                if self.routes[name].suffixes:
                    return self.routes[name], variables, suffix
            except (NotFound, MethodNotAllowed, RequestRedirect):
                pass
        try:
            name, variables = adapter.match(request.path, method)
        except MethodNotAllowed as error:
            if request.method == "OPTIONS" and error.valid_methods:
                name, variables = adapter.match(request.path, next(iter(error.valid_methods)))
                return self.routes[name], variables, ""
            allowed = ", ".join(sorted({*(error.valid_methods or ()), "OPTIONS"}))
            raise Problem(
                "method", "This address does not take that method: see the header Allow.", {"Allow": allowed}
            ) from None
        except NotFound:
            raise Problem(
                "not-found",
                "There is nothing at this address: look at /queries/ for the questions, or start at /.",
            ) from None
        return self.routes[name], variables, ""

    def _moved(self, request: HttpRequest, address: str) -> HttpResponse:
        """Lead to an address on this host; the host that the client named is not repeated."""
        path = "/" + address.partition("//")[2].partition("/")[2].lstrip("/")
        location = at(path) + (f"?{request.query}" if request.query else "")
        return HttpResponse(
            status=308, headers=[("Location", location), *self.every(request), ("Cache-Control", NO_STORE)]
        )

    def _options(self, request: HttpRequest, route: Route) -> HttpResponse:
        """Say which methods work."""
        methods = self._map.bind("localhost").allowed_methods(request.path) or ["GET", "HEAD"]
        headers = [("Allow", ", ".join(sorted({*methods, "OPTIONS"}))), *route.headers, *self.every(request)]
        if request.path.rstrip("/") not in NOT_FOR_SCRIPTS:
            headers += PREFLIGHT
        return HttpResponse(headers=[*headers, ("Cache-Control", NO_STORE)])

    async def _finish(self, call: Call, response: HttpResponse, tag: str) -> HttpResponse:
        """Add what every response has, compress it, keep it, and send the part that is wanted of it."""
        request, good = call.request, response.status == 200
        if good and not response.complete:
            tag = response.etag = ""
        response.etag = response.etag or (tag if good else "")
        if good and compression.is_worth_it(request, response):
            if response.size > compression.IN_LOOP:
                response = await self.threads.run(partial(compression.compress, response))
            else:
                response = compression.compress(response)
        response.headers += [*call.route.headers, *self.every(request)]
        if response.header("Cache-Control") is None:
            response.headers += (
                self._fresh(call.route)
                if self._may_be_reused(call, response, tag)
                else [("Cache-Control", NO_STORE)]
            )
        if good and response.etag and request.is_reading:
            response.headers.append(("Accept-Ranges", "bytes"))
        if tag and good and request.method == "GET" and response.etag.startswith(tag):
            self.cache.put(response)
        return self._last(call, response)

    def _may_be_reused(self, call: Call, response: HttpResponse, tag: str) -> bool:
        """Tell whether a client may use a response again: not an error, nor what differs each time."""
        if not call.request.is_reading or response.status >= 400 or not response.complete:
            return False
        return bool(self.service.release) and (
            bool(tag) or bool(call.route.caching) or response.status != 200
        )

    def _last(self, call: Call, response: HttpResponse) -> HttpResponse:
        """Add what depends on the request alone: that it has the answer, wants a part, said what is unknown."""
        if call.ignored:
            names = quote(", ".join(call.ignored)[:SHOWN], safe=", ")
            response.headers.append((IGNORED, names))
        if response.status == 200 and response.etag:
            if is_refused(call.request, response.etag):
                response.close()
                raise Problem(
                    "precondition", "The answer has another tag than If-Match names: ask again without it."
                )
            if has(call.request, response.etag):
                return not_modified(response)
            return part_of(call.request, response)
        return response

    def _fresh(self, route: Route) -> list[tuple[str, str]]:
        return [("Cache-Control", route.caching or f"public, max-age={self.service.limits.max_age}")]

    def every(self, request: HttpRequest) -> list[tuple[str, str]]:
        """Return the headers that every response has."""
        headers = [*SECURITY, VARY]
        if self.service.release:
            headers.append(("Surplace-Release", self.service.release_name))
        return headers if request.path.rstrip("/") in NOT_FOR_SCRIPTS else [*headers, *FOR_SCRIPTS]


def plain_problem(problem: Problem, content_type: str = TYPE) -> HttpResponse:
    """Return a problem as JSON or in words."""
    body = problem.json() if content_type == TYPE else problem.text()
    return HttpResponse(
        body,
        content_type if content_type == TYPE else f"{content_type}; charset=utf-8",
        problem.kind.status,
        list(problem.headers.items()),
        problem=problem.code,
        complete=False,
    )


def _problem_page(problem: Problem) -> HttpResponse:
    return HttpResponse(render_template("error.html", problem=problem).encode())


def _in_context(app: Flask, request: HttpRequest, function: Callable[[], HttpResponse]) -> HttpResponse:
    """Run a function as Flask runs a view."""
    origin = request.origin
    environ = {
        "REQUEST_METHOD": request.method,
        "SCRIPT_NAME": origin.prefix,
        "PATH_INFO": request.path,
        "QUERY_STRING": request.query,
        "SERVER_NAME": origin.host.partition(":")[0] or "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": origin.host or "localhost",
        "wsgi.url_scheme": origin.scheme,
    }
    with app.request_context(environ):
        return function()
