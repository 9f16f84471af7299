"""One path for every request: find the route, read the call, look among what is kept, answer, finish."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any, Final, TypeAlias
from urllib.parse import urlencode

from cachetools import LRUCache
from flask import Flask, render_template
from werkzeug.routing import RequestRedirect

from surplace.http.accept import ACCEPT_LENGTH, preferred, read_accept
from surplace.http.cache import Cache
from surplace.http.call import Call, read_call
from surplace.http.conditional import Tags
from surplace.http.finish import STORE_NOTHING, Finish
from surplace.http.former import RELEASE, FormerReleases, unknown_release
from surplace.http.headers import NOT_FOR_SCRIPTS, preflight
from surplace.http.message import ORIGIN, Headers, HttpRequest, HttpResponse, PublicAddress, at
from surplace.http.negotiation import HTML, JSON
from surplace.http.problem_page import problem_page
from surplace.http.problems import TYPE, Problem, plain_problem, problem_of
from surplace.http.route import Route
from surplace.http.router import Router
from surplace.http.service import Service
from surplace.http.threads import PageThreads
from surplace.http.views import Views
from surplace.http.waiting import in_parts
from surplace.rdf.formats import WORKBOOK

LOG: Final = logging.getLogger("surplace.routes")
KNOWN_BYTES: Final = 2 * 1024 * 1024
"""What the requests that were read and are remembered may weigh."""
_NOBODY: Final = HttpRequest("GET", "/")

Key: TypeAlias = tuple[str, str, str, str, PublicAddress]
Read: TypeAlias = tuple[Call, str]
"""A call and its tag."""


class Dispatcher:
    """Answers requests from one release."""

    def __init__(self, app: Flask, service: Service, cache: Cache, threads: PageThreads) -> None:
        self.service, self.views = service, Views(app, threads, service.engine.shares)
        self.finish = Finish(service, cache, threads)
        self.release = service.release_name
        self.former: FormerReleases | None = None
        """What answers for other releases; None where this is one of them itself."""
        self.router = Router(service.routes, app.url_map)
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
        await self.views.load_templates()
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
                response.body = (await self.views.run(request, self._problem_page(request, problem))).body
                response.content_type = f"{HTML}; charset=utf-8"
            except Exception as trouble:
                LOG.error("The page of a problem failed", exc_info=trouble)
        response.headers.append(STORE_NOTHING)
        return self.finish.common(request, response, self.router.route_of(request))

    def _problem_page(self, request: HttpRequest, problem: Problem) -> Callable[[], HttpResponse]:
        """Return what writes the page of a problem, with the form that the request filled in, if any."""
        found: tuple[Route, Mapping[str, Any]] | None = None
        if request.is_reading:
            with contextlib.suppress(Problem, RequestRedirect):
                found = self.router.find(request)[:2]
        return partial(problem_page, problem, found, self.service)

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
            return (await self.views.run(request, show)).read()

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
            response = await self.views.run(seen, partial(handler, call))
        response.query = call.query
        return response

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
            route, variables, suffix = self.router.find(request)
        except RequestRedirect as redirect:
            return _moved(request, redirect.new_url)
        if request.method == "OPTIONS":
            path = request.path.removesuffix(f".{suffix}") if suffix else request.path
            return self._options(request, self.router.allowed(path), route.headers)
        call = read_call(request, route, self.service, variables, suffix)
        return call, self._tags.of(call)

    def _remember(self, call: Call, tag: str) -> None:
        """Remember a request that came again, for it may once more."""
        key = _key(call.request)
        if key not in self._calls and call.weight < KNOWN_BYTES // 16:
            self._calls[key] = replace(call, request=_NOBODY, ignored=list(call.ignored)), tag

    def _options(self, request: HttpRequest, allowed: str, more: Headers) -> HttpResponse:
        """Say which methods are allowed; *more* are headers of the route."""
        headers = [("Allow", allowed), *more, STORE_NOTHING]
        if request.path.rstrip("/") not in NOT_FOR_SCRIPTS:
            headers += preflight(allowed, request.headers.get("access-control-request-headers", ""))
        return HttpResponse(headers=headers)


def _key(request: HttpRequest) -> Key:
    """Return all that a call is made of, where the request has no body."""
    return request.method, request.path, request.query, request.accept, request.origin


def _moved(request: HttpRequest, address: str) -> HttpResponse:
    """Lead to an address on this host; the host that the client named is not repeated."""
    path = "/" + address.partition("//")[2].partition("/")[2].lstrip("/")
    location = at(path) + (f"?{request.query}" if request.query else "")
    return HttpResponse(status=308, headers=[("Location", location), STORE_NOTHING])


def _waiting_page(route: Route, most: float) -> HttpResponse:
    page = render_template("waiting.html", title=route.title, words=route.waiting, most=most)
    return HttpResponse(page.encode())
