"""One path for every request: find the route, read the call, look among what is kept, answer, finish."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final, TypeAlias, TypeVar
from urllib.parse import quote, urlencode

from cachetools import LRUCache
from flask import Flask, render_template
from flask import request as flask_request
from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import MapAdapter, RequestRedirect

from surplace.http.cache import Cache
from surplace.http.call import Call, read_call
from surplace.http.conditional import Tags
from surplace.http.finish import STORE_NOTHING, Finish
from surplace.http.former import RELEASE, FormerReleases, unknown_release
from surplace.http.headers import NOT_FOR_SCRIPTS, preflight
from surplace.http.message import ORIGIN, Headers, HttpRequest, HttpResponse, PublicAddress, at
from surplace.http.negotiation import (
    ACCEPT_LENGTH,
    HTML,
    JSON,
    negotiate,
    preferred,
    read_accept,
    suffix_of,
)
from surplace.http.problems import TYPE, Problem, plain_problem, problem_of
from surplace.http.retyped import retyped
from surplace.http.route import Route
from surplace.http.service import Service
from surplace.http.threads import PageThreads
from surplace.http.waiting import Awaited, in_parts
from surplace.rdf.formats import WORKBOOK

LOG: Final = logging.getLogger("surplace.routes")
KNOWN_BYTES: Final = 2 * 1024 * 1024
"""What the requests that were read and are remembered may weigh."""
_IN_PATHS: Final = "/:@!$&'()*+,;=-._~"
"""What stands in a path as it is."""
_NOBODY: Final = HttpRequest("GET", "/")

T = TypeVar("T")
Found: TypeAlias = tuple[Route, Mapping[str, Any], str]
Key: TypeAlias = tuple[str, str, str, str, PublicAddress]
Read: TypeAlias = tuple[Call, str]
"""A call and its tag."""


class Dispatcher:
    """Answers requests from one release."""

    def __init__(self, app: Flask, service: Service, cache: Cache, threads: PageThreads) -> None:
        self.app, self.service, self.threads = app, service, threads
        self.finish = Finish(service, cache, threads)
        self.release = service.release_name
        self.former: FormerReleases | None = None
        """What answers for other releases; None where this is one of them itself."""
        self._addresses: MapAdapter = app.url_map.bind("localhost")
        routes = [route for route in service.routes.values() if "<" not in route.address]
        self._fixed = {(route.address, method): route for route in routes for method in route.methods}
        self._tags = Tags(service)
        self._calls: LRUCache[Key, Read] = LRUCache(KNOWN_BYTES, lambda read: read[0].weight)

    async def respond(self, request: HttpRequest) -> HttpResponse:
        """Answer a request, whatever comes of it."""
        ORIGIN.set(request.origin)
        call: Call | None = None
        try:
            found = self.read(request)
            if isinstance(found, HttpResponse):
                return self.finish.common(request, found)
            call, tag = found
            named = call.first(RELEASE)
            if named and named not in (self.release, self.service.release):
                return await self._other(named, request)
            if tag and call.route.normalises is not None and not call.normalised:
                await call.route.normalises(call)
                call.normalised, tag = True, self._tags.of(call)
            response = self.finish.kept(call, tag)
            if response is not None:
                self._remember(call, tag)
            else:
                response = await self._made(call, tag)
        except Exception as error:  # noqa: BLE001 (it becomes a problem, and is logged if it is unexpected)
            response = await self.refuse(request, error)
        if call is not None:
            response.query = response.query or call.query
        return response

    async def warm(self) -> None:
        """Make each page that has one address, as the first requests would, and all templates.

        What such pages ask for is remembered. A fault is left to the request that meets it.
        """
        await self.threads.run(partial(_compile, self.app))
        for route in self.service.routes.values():
            if route.page is not None and "GET" in route.methods and "<" not in route.address:
                request = HttpRequest("GET", route.address, headers={"accept": HTML})
                with contextlib.suppress(Exception):
                    read = self.read(request)
                    if not isinstance(read, HttpResponse):
                        await self._answer(read[0])

    async def close(self) -> None:
        """Close what answers here, and for other releases."""
        if self.former is not None:
            await self.former.close()
        await self.service.engine.close()

    async def _other(self, name: str, request: HttpRequest) -> HttpResponse:
        """Have another release answer; raises Problem where it is not here, and EngineError."""
        if self.former is None:
            raise unknown_release(name)
        return await self.former.respond(name, request)

    async def refuse(self, request: HttpRequest, error: Exception) -> HttpResponse:
        """Send a problem in the form that the client prefers: JSON unless it asks for a page or for text."""
        problem = problem_of(error)
        if problem.code == "internal":
            LOG.error("A request failed", exc_info=error)
        accept = request.accept if len(request.accept) <= ACCEPT_LENGTH else ""
        best = preferred([TYPE, JSON, HTML, "text/plain"], read_accept(accept))
        response = plain_problem(problem, "text/plain" if best == "text/plain" else TYPE)
        if best == HTML:
            try:
                response.body = (await self._page(request, self._problem_page(request, problem))).body
                response.content_type = f"{HTML}; charset=utf-8"
            except Exception as trouble:
                LOG.error("The page of a problem failed", exc_info=trouble)
        response.headers.append(STORE_NOTHING)
        return self.finish.common(request, response, self._route_of(request))

    def _problem_page(self, request: HttpRequest, problem: Problem) -> Callable[[], HttpResponse]:
        """Return what writes the page of a problem, with the form that the request filled in, if any."""
        found: tuple[Route, Mapping[str, Any]] | None = None
        if request.is_reading:
            with contextlib.suppress(Problem, RequestRedirect):
                found = self._found(request)[:2]

        def page() -> HttpResponse:
            given = list(flask_request.args.items(multi=True))
            fields = retyped(problem, found, given, self.service)
            text = render_template("error.html", problem=problem, without=_without(problem), fields=fields)
            return HttpResponse(text.encode())

        return page

    async def _made(self, call: Call, tag: str) -> HttpResponse:
        """Have a call answered, and finish the response; one that takes seconds begins before it is whole."""
        route, request = call.route, call.request
        if not (route.waiting and call.choice.page and request.takes_parts and request.method != "HEAD"):
            return await self.finish.fresh(call, await self._answer(call), tag)
        coding = request.headers.get("accept-encoding", "")  # and neither a range nor a tag
        whole = replace(request, headers={"accept": HTML, "accept-encoding": coding})

        async def finished(task: asyncio.Task[HttpResponse]) -> HttpResponse:
            try:
                return await self.finish.fresh(replace(call, request=whole), await task, tag)
            except Exception as error:  # noqa: BLE001 (as in `respond`)
                return await self.refuse(whole, error)

        async def beginning() -> bytes:
            show = partial(_waiting_page, route, self.service.limits.supposition_deadline)
            return (await self._page(request, show)).read()

        response = await in_parts(partial(self._answer, call), beginning, finished)
        return await self.finish.fresh(call, response, "" if response.rest else tag)

    async def _answer(self, call: Call) -> HttpResponse:
        """Have the route answer a call; raises whatever the route does."""
        route = call.route
        handler: Any = route.page if call.choice.page else route.handler
        if call.choice.name == WORKBOOK.name:
            handler = route.workbook
        in_loop = handler is route.handler and route.answers_in_loop
        if in_loop:
            response: HttpResponse = await handler(call)
        else:
            # a page shows its address, and is kept: what was ignored for one client is not shown to another
            request = call.request
            seen = replace(request, query=urlencode(call.deciding())) if request.is_reading else request
            response = await self._page(seen, partial(handler, call))
        response.query = call.query
        return response

    async def _page(self, request: HttpRequest, view: Callable[[], HttpResponse | Awaited]) -> HttpResponse:
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
        made: T = await self.threads.run(work, self.service.engine.shares)
        return made

    def read(self, request: HttpRequest) -> Read | HttpResponse:
        """Return what a request asks, and its tag; or a response that needs neither. Raises Problem.

        What was read and came again is remembered for a while: to decode a long query takes longer than all
        else.
        """
        known = self._calls.get(_key(request))
        if known is not None:
            call, tag = known
            return replace(call, request=request, ignored=list(call.ignored)), tag
        if request.path == "*":
            methods = {"HEAD", "OPTIONS"}.union(*(route.methods for route in self.service.routes.values()))
            return self._options(request, ", ".join(sorted(methods)), [])
        try:
            route, variables, suffix = self._found(request)
            path, ends = request.path, route.address[-1] == "/" and not suffix
            if ((path[-1:] == "/") != ends or "//" in path or "/." in path) and not route.endpoint:
                address = _one_address(path, suffix, ends=ends)
                if address != path and request.is_reading:
                    return _moved(request, f"//localhost{quote(address, safe=_IN_PATHS)}")
        except RequestRedirect as redirect:
            return _moved(request, redirect.new_url)
        if request.method == "OPTIONS":
            path = request.path.removesuffix(f".{suffix}") if suffix else request.path
            return self._options(request, self._allowed(path), route.headers)
        call = read_call(request, route, self.service, variables, suffix)
        return call, self._tags.of(call)

    def _remember(self, call: Call, tag: str) -> None:
        """Remember a request that came again, for it may once more."""
        key = _key(call.request)
        if key not in self._calls and call.weight < KNOWN_BYTES // 16:
            self._calls[key] = replace(call, request=_NOBODY, ignored=list(call.ignored)), tag

    def _found(self, request: HttpRequest) -> Found:
        """Find the route of an address; raises Problem, or RequestRedirect for a slash too many."""
        stem, suffix = suffix_of(request.path)
        if suffix:
            with contextlib.suppress(NotFound, RequestRedirect):  # the dot is part of a name then
                route, variables = self._matching(stem, request.method)
                if route.suffixes:
                    self._must_take(request.method, route, stem)
                    return route, variables, suffix
        try:
            route, variables = self._matching(request.path, request.method)
        except NotFound:
            raise self._nothing(stem, suffix) from None
        self._must_take(request.method, route, request.path)
        return route, variables, ""

    def _nothing(self, stem: str, suffix: str) -> Problem:
        """Return the problem of an address that leads nowhere, with what its bare form leads to."""
        for path in (stem.lower(), f"{stem.lower()}/"):
            route = self._fixed.get((path, "GET"))
            if route is not None:
                asked = ""
                with contextlib.suppress(Problem):
                    negotiate(route.offer, suffix, (), "")
                    asked = f", with format={suffix}" if suffix else ""
                message = f"There is nothing at this address: ask for {at(path)}{asked}."
                return Problem("not-found", message, nearest=[at(path)])
        start = f"look at {at('/queries/')} for the questions, or start at {at('/')}"
        return Problem("not-found", f"There is nothing at this address: {start}.")

    def _matching(self, path: str, method: str) -> tuple[Route, Mapping[str, Any]]:
        """Find the route of a path for a method, or one for another; raises NotFound and RequestRedirect.

        The map makes objects that hold themselves for each path, so it is asked only where it has a choice.
        """
        fixed = self._fixed.get((path, method))
        if fixed is not None:
            return fixed, {}
        try:
            name, variables = self._addresses.match(path, "GET" if method == "OPTIONS" else method)
        except MethodNotAllowed as error:
            name, variables = self._addresses.match(path, min(error.valid_methods or ("GET",)))
        return self.service.routes[name], variables

    def _must_take(self, method: str, route: Route, path: str) -> None:
        """Refuse a method that no route of this path takes; *route* is one of them."""
        if method not in (*route.methods, "HEAD", "OPTIONS"):
            raise Problem(
                "method",
                "This address does not take that method: see the header Allow.",
                {"Allow": self._allowed(path)},
            )

    def _allowed(self, path: str) -> str:
        return ", ".join(sorted({*self._addresses.allowed_methods(path), "OPTIONS"}))

    def _route_of(self, request: HttpRequest) -> Route | None:
        """Return the route of a request that failed, if it has one."""
        try:
            return self._found(request)[0]
        except (Problem, RequestRedirect):
            return None

    def _options(self, request: HttpRequest, allowed: str, more: Headers) -> HttpResponse:
        """Say which methods are allowed; *more* are headers of the route."""
        headers = [("Allow", allowed), *more, STORE_NOTHING]
        if request.path.rstrip("/") not in NOT_FOR_SCRIPTS:
            headers += preflight(allowed, request.headers.get("access-control-request-headers", ""))
        return HttpResponse(headers=headers)


def _key(request: HttpRequest) -> Key:
    """Return all that a call is made of, where the request has no body."""
    return request.method, request.path, request.query, request.accept, request.origin


def _one_address(path: str, suffix: str, *, ends: bool) -> str:
    """Return the one address of what *path* leads to: without slashes too many, with one where it *ends*.

    A path with dots that a client would take for steps upwards stays as it is.
    """
    stem = path.removesuffix(f".{suffix}") if suffix else path
    parts = [part for part in stem.split("/") if part]
    if "." in parts or ".." in parts:
        return path
    return f"{'/'.join(['', *parts])}{'/' if ends else ''}{f'.{suffix}' if suffix else ''}"


def _moved(request: HttpRequest, address: str) -> HttpResponse:
    """Lead to an address on this host; the host that the client named is not repeated."""
    path = "/" + address.partition("//")[2].partition("/")[2].lstrip("/")
    location = at(path) + (f"?{request.query}" if request.query else "")
    return HttpResponse(status=308, headers=[("Location", location), STORE_NOTHING])


def _without(problem: Problem) -> str:
    """Return the address that was asked for without the parameter at fault, or without the last of it."""
    fields = list(flask_request.args.items(multi=True))
    places = [number for number, (name, _) in enumerate(fields) if name == problem.extra.get("parameter")]
    if not places:
        return ""
    del fields[places[-1]]
    return flask_request.path + (f"?{urlencode(fields)}" if fields else "")


def _waiting_page(route: Route, most: float) -> HttpResponse:
    page = render_template("waiting.html", title=route.title, words=route.waiting, most=most)
    return HttpResponse(page.encode())


def _compile(app: Flask) -> None:
    """Load all templates, which the environment keeps."""
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
