"""A front without a network: requests as ASGI messages, an application that does what a test wants."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, cast

from flask import Flask

from surplace.engine.limits import Limits
from surplace.engine.protocol import Engine
from surplace.web.access import Access
from surplace.web.front import Front
from surplace.web.metrics import Metrics
from surplace.web.releases import Current, Served

Application = Callable[[dict[str, Any], Callable[..., Any]], Any]


class NoEngine:
    """An engine that nobody asks."""

    release = None

    def close(self) -> None:
        """Stop nothing."""


class Reply:
    """What came back."""

    def __init__(self, messages: Sequence[dict[str, Any]]) -> None:
        self.status: int = messages[0]["status"]
        self.headers = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
        self.body = b"".join(message["body"] for message in messages[1:])
        self.complete = len(messages) > 1 and not messages[-1]["more_body"]

    @property
    def problem(self) -> str:
        """The code of the problem, if it is one."""
        if self.headers.get("content-type") != "application/problem+json":
            return ""
        return str(json.loads(self.body)["type"]).removeprefix("/problems#")


def answers(status: int = 200, body: bytes = b"ok", noted: str = "") -> Application:
    """Make an application that always answers the same."""

    def application(environ: dict[str, Any], start: Callable[..., Any]) -> list[bytes]:
        if noted:
            environ["surplace.problem"] = noted
        start(f"{status} X", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
        return [body]

    return application


@contextmanager
def front(limits: Limits, application: Application) -> Iterator[Front]:
    """Open a front before *application*."""
    served = Served(cast("Flask", application), cast("Engine", NoEngine()))
    opened = Front(Current(served), limits, Access(queries=False), Metrics())
    try:
        yield opened
    finally:
        opened.close()


async def ask(
    opened: Front,
    body: Sequence[bytes] = (b"",),
    *,
    client: str = "192.0.2.1",
    headers: Sequence[tuple[bytes, bytes]] = (),
    pause: float = 0,
    take: float = 0,
) -> Reply:
    """Send one request: *pause* seconds before each part of the body, *take* to take each of the answer."""
    parts = [
        {"type": "http.request", "body": part, "more_body": number < len(body)}
        for number, part in enumerate(body, 1)
    ]
    messages: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        await asyncio.sleep(pause)
        return parts.pop(0)

    async def send(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.body":
            await asyncio.sleep(take)
        messages.append(message)

    scope = {
        "type": "http",
        "method": "POST" if body != (b"",) else "GET",
        "path": "/",
        "query_string": b"",
        "http_version": "1.1",
        "headers": list(headers),
        "client": (client, 1),
        "server": ("127.0.0.1", 80),
    }
    await opened(scope, receive, send)
    return Reply(messages)
