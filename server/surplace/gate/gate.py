"""The gate: lets requests in, has them answered from the release that is current, and writes the log."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Mapping
from typing import Final

from surplace.engine.clients import CLIENT
from surplace.engine.limits import Limits
from surplace.engine.protocol import Engine
from surplace.gate.access import Access, LogEntry
from surplace.gate.admission import Admission, client_of, network
from surplace.gate.connection import Connection
from surplace.gate.connections import Connections
from surplace.gate.current import Current
from surplace.gate.reader import Message
from surplace.http.cache import Cache
from surplace.http.dispatch import Dispatcher
from surplace.http.finish import STORE_NOTHING
from surplace.http.headers import SECURITY
from surplace.http.host import host_of
from surplace.http.message import ORIGIN, HttpRequest, HttpResponse, PublicAddress
from surplace.http.metrics import Metrics
from surplace.http.problems import Problem, plain_problem

BROKEN: Final = "broken"
"""The outcome of a request whose client did not take its answer."""
UNCOUNTED: Final = frozenset(("/health", "/metrics"))
"""What watches the service is always let in, and neither counted nor logged."""
_PREFIX: Final = re.compile(r"(?:/(?!\.{1,2}(?:/|$))[A-Za-z0-9_.~-]+)+")
"""A path above the service, without steps such as `..`. No more is taken for one: it stands in every link."""

Done = Callable[[int, bool], None]
"""Is told how many bytes of a body were taken, and whether that is all."""


class Gate:
    """Answers the requests of all connections. Everything here runs in the event loop."""

    def __init__(
        self, current: Current, limits: Limits, access: Access, metrics: Metrics, cache: Cache
    ) -> None:
        self.current, self.limits, self.access, self.metrics, self.cache = (
            current,
            limits,
            access,
            metrics,
            cache,
        )
        self.admission = Admission(limits)
        self.connections = Connections(limits)
        self.enter, self.leave = self.connections.enter, self.connections.leave
        self.hold, self.release = self.connections.hold, self.connections.release
        self.address_of = network

    @property
    def engine(self) -> Engine:
        """The engine that answers now."""
        return self.current.dispatcher.service.engine

    def connect(self) -> Connection:
        """Return the protocol of a new connection."""
        return Connection(self)

    def request(self, address: str, path: str, query: str, message: Message) -> HttpRequest:
        """Return a request as the routes see it: from whom, and where he reaches this service.

        Raises Problem for a host that is none.
        """
        headers = message.headers
        client = client_of(address, headers, self.limits.proxies)
        origin = _origin(headers, trusted=self.limits.proxies > 0)
        if not origin.host:
            raise Problem("bad-request", "The header X-Forwarded-Host names no host: send that of the proxy.")
        return HttpRequest(message.method, path, query, headers, message.body, client, origin, message.parts)

    def refused(self, problem: Problem, address: str, headers: Mapping[str, str]) -> HttpResponse:
        """Note a request of which only these headers were read, and return what its client is told."""
        self._note(LogEntry(address, "", "", problem.kind.status, problem=problem.code))
        token = ORIGIN.set(_origin(headers, trusted=self.limits.proxies > 0))
        response = plain_problem(problem)
        ORIGIN.reset(token)
        response.headers += [*SECURITY, STORE_NOTHING]
        return response

    async def answer(self, request: HttpRequest) -> tuple[HttpResponse, Done]:
        """Answer a request; what is returned besides is to be called when the answer was sent."""
        if request.path in UNCOUNTED:
            return await self.current.dispatcher.respond(request), _ignore
        begun = time.perf_counter()
        entry = LogEntry(request.client, request.method, request.path)
        CLIENT.set(request.client)
        response: HttpResponse | None = None
        try:
            self.admission.enter(request.client)
        except Problem as problem:
            # as little work as can be for one who has too much in hand
            ORIGIN.set(request.origin)
            response = plain_problem(problem)
            response.headers.append(STORE_NOTHING)
            self.current.dispatcher.finish.common(request, response)
            return response, self._done(entry, response, begun)
        dispatcher = self.current.take()
        entry.release = dispatcher.release
        try:
            response = await dispatcher.respond(request)
        finally:
            if response is None or response.rest is None:
                self._end(dispatcher, request.client)
            else:
                response.rest.add_done_callback(lambda _: self._end(dispatcher, request.client))
            if response is None:  # the client is gone, or the service stops
                entry.problem, entry.seconds = BROKEN, time.perf_counter() - begun
                self._note(entry)
        return response, self._done(entry, response, begun)

    def _end(self, dispatcher: Dispatcher, client: str) -> None:
        """Note that a request is in hand no more."""
        self.current.give_back(dispatcher)
        self.admission.leave(client)

    def _done(self, entry: LogEntry, response: HttpResponse, begun: float) -> Done:
        """Return what is to be called when a response was sent: it writes the log."""

        def done(size: int, complete: bool) -> None:
            entry.take(response)
            entry.bytes, entry.seconds = size, time.perf_counter() - begun
            if not complete:
                entry.problem = BROKEN
            self._note(entry)

        return done

    def _note(self, entry: LogEntry) -> None:
        self.admission.note(entry.client, entry.problem)
        self.metrics.request(entry.outcome, entry.seconds)
        self.access.write(entry)


def _ignore(size: int, complete: bool) -> None:
    """Take no note."""


def _origin(headers: Mapping[str, str], *, trusted: bool) -> PublicAddress:
    """Return where the client reaches the service; what a proxy says counts if there is one.

    The host is empty if what a proxy says can be none.
    """
    host = headers.get("host", "")
    if not trusted:
        return PublicAddress("http", host)

    def said(name: str) -> str:
        return headers.get(f"x-forwarded-{name}", "").rpartition(",")[2].strip()

    scheme, prefix, other = said("proto").lower(), said("prefix").rstrip("/"), said("host")
    return PublicAddress(
        scheme if scheme in ("http", "https") else "http",
        host_of(other) if other else host,
        prefix if _PREFIX.fullmatch(prefix) else "",
    )
