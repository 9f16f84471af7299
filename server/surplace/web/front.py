"""What stands between the network and the application: an ASGI application that lets requests in.

Bodies are read and answers sent in the event loop, where a slow client holds no thread. A plain query is
asked from there too; the application runs in threads, and only for as long as it works on a request.
"""

from __future__ import annotations

import asyncio
import contextvars
import io
import json
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from typing import Any, Final

from asgiref.wsgi import WsgiToAsgiInstance

from surplace.engine.clients import CLIENT
from surplace.engine.limits import Limits
from surplace.engine.protocol import Pending
from surplace.web.access import Access, Entry
from surplace.web.admission import Admission, client_of
from surplace.web.bodies import Receive, read_body
from surplace.web.cache import READING, Cache, Kept, Key, matches
from surplace.web.errors import JSON, NOTED_PROBLEM, Problem
from surplace.web.headers import FOR_SCRIPTS, NOT_FOR_SCRIPTS, SECURITY
from surplace.web.metrics import Metrics
from surplace.web.negotiation import Wanted
from surplace.web.protocol import BODIES
from surplace.web.quick import PATH, begin, finish, plain_query
from surplace.web.releases import Current, Served
from surplace.web.reply import Reply, Send, encoded, send_reply
from surplace.web.service import NOTED_CUT, NOTED_QUERY
from surplace.web.validators import FOR_ERRORS, NOTED_KEEP

HEALTH, METRICS = "/health", "/metrics"
BROKEN: Final = "broken"
"""The outcome of a request whose client did not take its answer."""


class Front:
    """Lets requests in, has the application of the current release answer them, and writes the log."""

    def __init__(self, current: Current, limits: Limits, access: Access, metrics: Metrics) -> None:
        self.current, self.limits, self.access, self.metrics = current, limits, access, metrics
        self.admission = Admission(limits)
        self.cache = Cache(limits)
        self.threads = ThreadPoolExecutor(limits.thread_count, thread_name_prefix="surplace-web")

    async def __call__(self, scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["path"] in (HEALTH, METRICS) and scope["method"] in READING:
            await send_reply(await self._own(scope), send, self.limits)
            return
        begun = time.perf_counter()
        client = client_of(scope, self.limits.proxies)
        entry = Entry(client, scope["method"], scope["path"])
        try:
            if scope["path"] in (HEALTH, METRICS):
                raise Problem(
                    "method", "This address is read with GET: use that.", {"Allow": ", ".join(READING)}
                )
            with self.admission.client(client):
                key = self.cache.key(self.current.served.release, scope)
                kept = self.cache.get(key)
                if kept is not None:
                    await self._repeat(kept, scope, send, entry)
                else:
                    await self._answer(scope, receive, send, entry, key)
        except Problem as problem:
            await self._refuse(problem, scope, send, entry)
        finally:
            self.admission.note(client, entry.problem)
            entry.seconds = time.perf_counter() - begun
            self.metrics.request(entry)
            self.access.write(entry)

    async def _repeat(self, kept: Kept, scope: Mapping[str, Any], send: Send, entry: Entry) -> None:
        """Send an answer that was kept, or say that the client has it."""
        entry.release = self.current.served.release
        known = next((value for name, value in scope["headers"] if name == b"if-none-match"), b"")
        if known and matches(known, kept.etag):
            headers = [item for item in kept.headers if item[0] not in (b"content-length", b"content-type")]
            entry.take(304, kept.notes)
            await send_reply(Reply(304, headers), send, self.limits)
            return
        entry.take(200, kept.notes)
        body = [] if scope["method"] == "HEAD" else [kept.body]
        entry.bytes, complete = await send_reply(Reply(200, kept.headers, body), send, self.limits)
        if not complete:
            entry.problem = BROKEN

    async def _answer(
        self, scope: Mapping[str, Any], receive: Receive, send: Send, entry: Entry, key: Key | None
    ) -> None:
        """Read the request, have it answered, and send what comes; raises Problem before anything is sent."""
        plain = plain_query(scope)
        with ExitStack() as stack:
            with self.admission.body() as held:
                body = io.BytesIO() if plain else await read_body(scope, receive, self.limits, held.add)
                stack.enter_context(self.admission.request())
                served = stack.enter_context(self.current.in_use())
                entry.release = served.release
                if plain and served.release:
                    entry.query = plain[0]
                    reply = await self._ask(served, entry.client, *plain)
                else:
                    reply = await self._run(served, scope, body, entry.client)
                del body
            try:
                entry.take(reply.status, reply.notes)
                if key is not None and scope["method"] == "GET" and reply.notes.get(NOTED_KEEP):
                    reply = self._keep((served.release, *key[1:]), reply)
                entry.bytes, complete = await send_reply(reply, send, self.limits)
                if not complete:
                    entry.problem = BROKEN
            finally:
                reply.close()

    def _keep(self, key: Key, reply: Reply) -> Reply:
        """Keep an answer if it is small enough; return it, to be sent."""
        headers = dict(reply.headers)
        if (
            reply.status != 200
            or b"etag" not in headers
            or int(headers[b"content-length"]) > self.cache.largest
        ):
            return reply
        body = b"".join(reply.body)
        reply.close()
        self.cache.put(key, Kept(reply.headers, body, headers[b"etag"], reply.notes))
        return replace(reply, body=[body])

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
        # what was read is all there is, in whichever way it came
        environ["CONTENT_LENGTH"] = str(body.getbuffer().nbytes)
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        return await self._in_thread(client, _call, served, environ)

    async def _ask(self, served: Served, client: str, query: str, choice: Wanted) -> Reply:
        """Answer a plain query, without a thread if it is quick."""
        CLIENT.set(client)  # for what runs until the next await, and again below
        pending = await begin(served, query, choice)
        if pending.ready:
            CLIENT.set(client)
            return _charged(_answered, served, query, choice, pending)
        return await self._in_thread(client, _answered, served, query, choice, pending)

    async def _in_thread(self, client: str, work: Callable[..., Reply], served: Served, *given: Any) -> Reply:
        """Do some work for a client in a thread, and charge it."""
        context = contextvars.copy_context()
        context.run(CLIENT.set, client)
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.threads, context.run, _charged, work, served, *given)

    async def _refuse(self, problem: Problem, scope: Mapping[str, Any], send: Send, entry: Entry) -> None:
        """Send a problem that was found here. The connection ends, for its body may not have been read."""
        entry.take(problem.kind.status, {NOTED_PROBLEM: problem.code, NOTED_QUERY: entry.query})
        data = (json.dumps(problem.document(), ensure_ascii=False) + "\n").encode()
        headers = [
            ("Content-Type", JSON),
            ("Content-Length", str(len(data))),
            ("Cache-Control", FOR_ERRORS),
            *SECURITY.items(),
            *({} if scope["path"].rstrip("/") in NOT_FOR_SCRIPTS else FOR_SCRIPTS).items(),
            ("Vary", "Accept"),
            *([("Surplace-Release", entry.release)] if entry.release else []),
            *([("Accept-Query", BODIES)] if scope["path"] == PATH else []),
            *problem.headers.items(),
        ]
        if problem.code in ("timeout", "too-large", "bad-request"):
            headers.append(("Connection", "close"))
        entry.bytes, _ = await send_reply(
            Reply(problem.kind.status, encoded(headers), [data]), send, self.limits
        )

    async def _own(self, scope: Mapping[str, Any]) -> Reply:
        """Answer /health and /metrics, which need no thread of the application."""
        if scope["path"] == HEALTH:
            health = self.current.served.health()
            status = 200 if health["status"] == "ok" else 503
            data, media_type = (json.dumps(health) + "\n").encode(), "application/json"
        else:
            status = 200
            data, media_type = await asyncio.to_thread(self.metrics.page, self)
        headers = [("Content-Type", media_type), ("Content-Length", str(len(data))), *SECURITY.items()]
        headers.append(("Cache-Control", "no-store"))
        return Reply(status, encoded(headers), [] if scope["method"] == "HEAD" else [data])

    def close(self) -> None:
        """Stop everything."""
        self.current.close()
        self.threads.shutdown(wait=False, cancel_futures=True)
        self.access.close()


def _charged(work: Callable[..., Reply], served: Served, *given: Any) -> Reply:
    """Do some work; the time that this process takes for it counts as used by the client."""
    begun = time.thread_time()
    try:
        return work(served, *given)
    finally:
        if served.pool is not None and CLIENT.get():
            served.pool.buckets.add(CLIENT.get(), time.thread_time() - begun)


def _answered(served: Served, query: str, choice: Wanted, pending: Pending) -> Reply:
    """Answer a plain query that was begun; raises Problem."""
    headers, answer = finish(served, query, choice, pending)
    notes = {NOTED_QUERY: query, NOTED_KEEP: True, NOTED_CUT: answer.cut}
    return Reply(200, encoded(headers), answer, notes)


def _call(served: Served, environ: dict[str, Any]) -> Reply:
    """Call the WSGI application."""
    found: list[Any] = []

    def start_response(status: str, headers: list[tuple[str, str]], _error: Any = None) -> None:
        found[:] = [int(status[:3]), headers]

    app: Callable[..., Iterable[bytes]] = served.app
    body = app(environ, start_response)
    names = (NOTED_PROBLEM, NOTED_QUERY, NOTED_CUT, NOTED_KEEP)
    return Reply(
        found[0], encoded(found[1]), body, {name: environ[name] for name in names if name in environ}
    )
