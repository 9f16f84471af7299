"""What stands between the network and the application: an ASGI application that lets requests in.

It reads bodies and sends answers in the event loop, where a slow client holds no thread, and runs the
application in threads only for as long as it works on a request.
"""

from __future__ import annotations

import asyncio
import contextvars
import io
import json
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Final

from asgiref.wsgi import WsgiToAsgiInstance

from surplace.engine.clients import CLIENT
from surplace.engine.limits import Limits
from surplace.web.access import Access, Entry
from surplace.web.admission import Admission, client_of
from surplace.web.errors import JSON, NOTED_PROBLEM, Problem
from surplace.web.metrics import Metrics
from surplace.web.releases import Current, Served
from surplace.web.service import NOTED_CUT, NOTED_QUERY, body_limit

PIECE: Final = 64 * 1024
"""Bytes that are sent at once."""
HEALTH, METRICS = "/health", "/metrics"

Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass
class Reply:
    """What is sent: *body* is iterated over once, then closed."""

    status: int
    headers: list[tuple[str, str]]
    body: Iterable[bytes] = ()
    notes: Mapping[str, Any] = field(default_factory=dict)
    """What the application noted for the log."""

    def pieces(self) -> Iterator[bytes]:
        """Yield the body in pieces that a slow client can take one by one."""
        for part in self.body:
            for start in range(0, len(part), PIECE):
                yield part[start : start + PIECE]

    def close(self) -> None:
        """Let go of the body."""
        close = getattr(self.body, "close", None)
        if close is not None:
            close()


class Front:
    """Lets requests in, has the application of the current release answer them, and writes the log."""

    def __init__(self, current: Current, limits: Limits, access: Access, metrics: Metrics) -> None:
        self.current, self.limits, self.access, self.metrics = current, limits, access, metrics
        self.admission = Admission(limits)
        self.threads = ThreadPoolExecutor(limits.web_threads, thread_name_prefix="surplace-web")

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["path"] in (HEALTH, METRICS) and scope["method"] in ("GET", "HEAD"):
            await _send(await self._own(scope), send, self.limits.send_time)
            return
        begun = time.perf_counter()
        client = client_of(scope, self.limits.proxies)
        entry = Entry(client, scope["method"], scope["path"])
        try:
            with self.admission.client(client):
                await self._answer(scope, receive, send, entry)
        except Problem as problem:
            await self._refuse(problem, send, entry)
        finally:
            self.admission.note(client, entry.problem)
            entry.seconds = time.perf_counter() - begun
            self.metrics.request(entry)
            self.access.write(entry)

    async def _answer(self, scope: Mapping[str, Any], receive: Receive, send: Send, entry: Entry) -> None:
        """Read the request, have it answered, and send what comes; raises Problem before anything is sent."""
        with self.admission.body() as held:
            body = await self._body(scope, receive, held.add)
            with self.admission.request(), self.current.in_use() as served:
                entry.release = served.release
                reply = await self._run(served, scope, body, entry.client)
                del body
                try:
                    entry.take(reply.status, reply.notes)
                    entry.bytes = await _send(reply, send, self.limits.send_time)
                finally:
                    reply.close()

    async def _body(
        self, scope: Mapping[str, Any], receive: Receive, add: Callable[[int], None]
    ) -> io.BytesIO:
        """Read the body of a request, while it is neither too large nor too slow."""
        most = body_limit(self.limits)
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if length.isdigit() and int(length) > most:
            raise _too_large(most)
        body = io.BytesIO()
        try:
            async with asyncio.timeout(self.limits.body_time):
                while True:
                    message = await receive()
                    if message["type"] != "http.request":
                        raise Problem("bad-request", "The request broke off: send its whole body.")
                    part = message.get("body", b"")
                    add(len(part))
                    body.write(part)
                    if body.tell() > most:
                        raise _too_large(most)
                    if not message.get("more_body"):
                        break
        except TimeoutError:
            raise Problem(
                "timeout", f"The request took longer than {self.limits.body_time:g} seconds: send it faster."
            ) from None
        body.seek(0)
        return body

    async def _run(self, served: Served, scope: Mapping[str, Any], body: io.BytesIO, client: str) -> Reply:
        """Run the application in a thread."""
        bridge = WsgiToAsgiInstance(served.app)  # type: ignore[no-untyped-call]
        bridge.scope = scope
        try:
            environ = bridge.build_environ(scope, body)  # type: ignore[no-untyped-call]
        except ValueError:
            raise Problem(
                "bad-request", "The request has bytes where only ASCII may be: encode them."
            ) from None
        context = contextvars.copy_context()
        context.run(CLIENT.set, client)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, context.run, _call, served.app, environ)

    async def _refuse(self, problem: Problem, send: Send, entry: Entry) -> None:
        """Send a problem that was found here. The connection ends, for its body may not have been read."""
        entry.take(problem.kind.status, {NOTED_PROBLEM: problem.code})
        data = (json.dumps(problem.document(), ensure_ascii=False) + "\n").encode()
        headers = [
            ("Content-Type", JSON),
            ("Content-Length", str(len(data))),
            ("X-Content-Type-Options", "nosniff"),
            ("Access-Control-Allow-Origin", "*"),
            *problem.headers.items(),
        ]
        if problem.code in ("timeout", "too-large", "bad-request"):
            headers.append(("Connection", "close"))
        entry.bytes = await _send(Reply(problem.kind.status, headers, [data]), send, self.limits.send_time)

    async def _own(self, scope: Mapping[str, Any]) -> Reply:
        """Answer /health and /metrics, which need no thread of the application."""
        if scope["path"] == HEALTH:
            health = self.current.served.health()
            status = 200 if health["status"] == "ok" else 503
            data, media_type = (json.dumps(health) + "\n").encode(), "application/json"
        else:
            status = 200
            data, media_type = await asyncio.to_thread(self.metrics.page, self)
        headers = [("Content-Type", media_type), ("Content-Length", str(len(data)))]
        headers.append(("Cache-Control", "no-store"))
        return Reply(status, headers, [] if scope["method"] == "HEAD" else [data])

    def close(self) -> None:
        """Stop everything."""
        self.current.close()
        self.threads.shutdown(wait=False, cancel_futures=True)
        self.access.close()


def _call(app: Callable[..., Iterable[bytes]], environ: dict[str, Any]) -> Reply:
    """Call a WSGI application."""
    found: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
        found[:] = [int(status[:3]), headers]

    body = app(environ, start_response)
    names = (NOTED_PROBLEM, NOTED_QUERY, NOTED_CUT)
    return Reply(found[0], found[1], body, {name: environ[name] for name in names if name in environ})


async def _send(reply: Reply, send: Send, seconds: float) -> int:
    """Send a reply; return the bytes of its body that were taken. A client that takes none is left."""
    headers = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in reply.headers]
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    sent = 0
    for piece in reply.pieces():
        try:
            async with asyncio.timeout(seconds):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
        except TimeoutError:
            return sent
        sent += len(piece)
    await send({"type": "http.response.body", "body": b"", "more_body": False})
    return sent


def _too_large(most: int) -> Problem:
    return Problem("too-large", f"The request has more than {most} bytes, and no more are read: shorten it.")
