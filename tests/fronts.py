"""A gate on a port of its own, with one route that answers as a test wants it, in the loop of the test."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, cast

from flask import Flask
from werkzeug.routing import Rule

from surplace.catalogue import Catalogue
from surplace.engine.blocking import Blocking
from surplace.engine.clients import Buckets
from surplace.engine.knowledge import Knowledge
from surplace.engine.limits import Limits
from surplace.engine.protocol import Engine, Figures
from surplace.gate.access import Access
from surplace.gate.current import Current
from surplace.gate.figures import figures_of
from surplace.gate.gate import Gate
from surplace.http.cache import Cache
from surplace.http.call import Call
from surplace.http.dispatch import Dispatcher
from surplace.http.message import HttpRequest, HttpResponse
from surplace.http.metrics import Metrics
from surplace.http.route import Handler, Route
from surplace.http.service import Service
from surplace.http.threads import PageThreads

SWEEP = 0.02
"""Seconds between two looks at connections whose time may be over."""
HEAD = b"GET / HTTP/1.1\r\nHost: a\r\n"
"""The head of a request, but for its last line."""
GET = HEAD + b"\r\n"
"""A whole request."""


class StubEngine:
    """An engine that raises what it is given, or is never asked."""

    release: Mapping[str, Any] | None = None
    folder = None
    observe = None
    shares: Buckets | None = None

    def __init__(self, error: Exception | None = None) -> None:
        self.error = error or AssertionError("nobody was to ask")

    async def ask(self, _request: object) -> Any:
        """Raise."""
        raise self.error

    async def suppose(self, _function: object, *_arguments: object) -> Any:
        """Raise."""
        raise self.error

    async def health(self) -> Mapping[str, Any]:
        """Tell that nothing is known."""
        return {"status": "ok", "release": "", "workers": None, "trouble": ""}

    def figures(self) -> Figures:
        """Count nothing."""
        return Figures()

    async def close(self, *, at_once: bool = False) -> None:
        """Stop nothing."""


@dataclass(frozen=True)
class Reply:
    """What came back; *complete* tells whether the body has the length that it was said to have."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    complete: bool = True

    @property
    def problem(self) -> str:
        """The code of the problem, if it is one."""
        if self.headers.get("content-type") != "application/problem+json":
            return ""
        return str(json.loads(self.body)["type"]).removeprefix("/problems#")

    @property
    def detail(self) -> str:
        """What the problem is."""
        return str(json.loads(self.body)["detail"])


@dataclass
class Line:
    """A connection to a front."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def send(self, data: bytes) -> None:
        """Send bytes as they are."""
        self.writer.write(data)

    async def reply(self) -> Reply:
        """Read a response."""
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:-2])}
        length = int(headers.get("content-length", "0"))
        try:
            body = await self.reader.readexactly(length)
        except asyncio.IncompleteReadError as error:
            body = error.partial
        except ConnectionError:
            return Reply(int(head[0].split()[1]), headers, complete=False)
        return Reply(int(head[0].split()[1]), headers, body, len(body) == length)

    async def ask(self, data: bytes = GET) -> Reply:
        """Send a request and read the response."""
        self.send(data)
        return await self.reply()

    async def is_closed(self, within: float) -> bool:
        """Tell whether the other side closes within so many seconds, and sends nothing before."""
        try:
            return await asyncio.wait_for(self.reader.read(1), within) == b""
        except TimeoutError:
            return False
        except ConnectionError:
            return True

    async def close(self) -> None:
        """Close it."""
        self.writer.close()
        with suppress(ConnectionError):
            await self.writer.wait_closed()


@dataclass
class Front:
    """A gate, and where it is reached."""

    gate: Gate
    port: int
    lines: list[Line] = field(default_factory=list)

    async def connect(self, address: str = "127.0.0.1") -> Line:
        """Open a connection from one of the addresses of this machine."""
        line = Line(*await asyncio.open_connection("127.0.0.1", self.port, local_addr=(address, 0)))
        self.lines.append(line)
        return line

    async def ask(self, data: bytes = GET) -> Reply:
        """Send a request over a connection of its own and read the response."""
        line = await self.connect()
        try:
            return await line.ask(data)
        finally:
            await line.close()

    async def request(self, client: str, method: str = "GET", body: bytes = b"", **headers: str) -> Reply:
        """Let a request of *client* in, without a network."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        response, done = await self.gate.answer(HttpRequest(method, "/", "", named, body, client))
        reply = Reply(
            response.status,
            {
                **{name.lower(): value for name, value in response.headers},
                "content-type": response.content_type,
            },
            response.read(),
        )
        done(len(reply.body), True)
        return reply


def post(body: bytes, media_type: str = "text/plain", length: int | None = None) -> bytes:
    """Return a request with a body, which may be said to have another length."""
    size = len(body) if length is None else length
    head = f"POST / HTTP/1.1\r\nHost: a\r\nContent-Type: {media_type}\r\nContent-Length: {size}\r\n\r\n"
    return head.encode() + body


def answers(body: bytes = b"ok", error: Exception | None = None) -> Handler:
    """Return a handler that always answers the same, or raises."""

    async def handler(_call: Call) -> HttpResponse:
        if error is not None:
            raise error
        return HttpResponse(body, "application/octet-stream")

    return handler


@asynccontextmanager
async def front(limits: Limits, handler: Handler) -> AsyncIterator[Front]:
    """Open a gate behind which *handler* answers every GET and POST at `/`."""
    loop = asyncio.get_running_loop()
    engine = cast("Engine", StubEngine())
    metrics, cache, threads = Metrics(), Cache(limits), PageThreads(limits.page_threads)
    route = Route("test", "/", "Answer", handler, methods=("GET", "POST"), form=True, kept=False)
    knowledge = Knowledge(Blocking(engine, loop))
    service = Service(engine, Catalogue({}), limits, knowledge, metrics, {route.name: route})
    app = Flask("surplace.web", static_folder=None)
    app.url_map.add(Rule(route.address, endpoint=route.name, methods=route.methods))
    current = Current(Dispatcher(app, service, cache, threads))
    access = Access(queries=False)
    gate = Gate(current, limits, access, metrics, cache)
    metrics.now = lambda: figures_of(gate)
    server = await loop.create_server(gate.connect, "127.0.0.1", 0)
    sweeping = loop.create_task(_sweep(gate))
    opened = Front(gate, server.sockets[0].getsockname()[1])
    try:
        yield opened
    finally:
        server.close()
        for line in opened.lines:
            await line.close()
        while len(gate.connections):
            gate.connections.stop()
            await asyncio.sleep(0.01)
        sweeping.cancel()
        threads.close()
        access.close()


async def _sweep(gate: Gate) -> None:
    while True:
        await asyncio.sleep(SWEEP)
        gate.connections.sweep()


async def until(condition: Callable[[], bool], seconds: float = 5) -> None:
    """Wait until *condition* holds."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)
