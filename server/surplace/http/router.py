"""Finds the route that an address leads to, and the one address of each thing."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from typing import Any, Final, TypeAlias
from urllib.parse import quote

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, RequestRedirect

from surplace.http.message import HttpRequest, at
from surplace.http.negotiation import negotiate, suffix_of
from surplace.http.problems import Problem
from surplace.http.route import Route

_IN_PATHS: Final = "/:@!$&'()*+,;=-._~"
"""What stands in a path as it is."""

Found: TypeAlias = tuple[Route, Mapping[str, Any], str]
"""A route, the variables of its address, and the suffix that names a format."""


class Router:
    """Knows the routes by their addresses."""

    def __init__(self, routes: Mapping[str, Route], addresses: Map) -> None:
        self._routes = routes
        self._addresses = addresses.bind("localhost")
        whole = [route for route in routes.values() if "<" not in route.address]
        self._fixed = {(route.address, method): route for route in whole for method in route.methods}

    def find(self, request: HttpRequest) -> Found:
        """Find the route of an address; raises Problem, or RequestRedirect if it is not the one address."""
        route, variables, suffix = self._named(request)
        path, ends = request.path, route.address[-1] == "/" and not suffix
        if ((path[-1:] == "/") != ends or "//" in path or "/." in path) and not route.endpoint:
            address = _one_address(path, suffix, ends=ends)
            if address != path and request.is_reading:
                raise RequestRedirect(f"//localhost{quote(address, safe=_IN_PATHS)}")
        return route, variables, suffix

    def route_of(self, request: HttpRequest) -> Route | None:
        """Return the route of a request that failed, if it has one."""
        try:
            return self.find(request)[0]
        except (Problem, RequestRedirect):
            return None

    def allowed(self, path: str) -> str:
        """List the methods that a path takes, as the header Allow does."""
        return ", ".join(sorted({*self._addresses.allowed_methods(path), "OPTIONS"}))

    def _named(self, request: HttpRequest) -> Found:
        """Find the route whose name, or name with a suffix, a path is; raises Problem and RequestRedirect."""
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
        return self._routes[name], variables

    def _must_take(self, method: str, route: Route, path: str) -> None:
        """Refuse a method that no route of this path takes; *route* is one of them."""
        if method not in (*route.methods, "HEAD", "OPTIONS"):
            raise Problem(
                "method",
                "This address does not take that method: see the header Allow.",
                {"Allow": self.allowed(path)},
            )


def _one_address(path: str, suffix: str, *, ends: bool) -> str:
    """Return the one address of what *path* leads to: without slashes too many, with one where it *ends*.

    A path with dots that a client would take for steps upwards stays as it is.
    """
    stem = path.removesuffix(f".{suffix}") if suffix else path
    parts = [part for part in stem.split("/") if part]
    if "." in parts or ".." in parts:
        return path
    return f"{'/'.join(['', *parts])}{'/' if ends else ''}{f'.{suffix}' if suffix else ''}"
