"""The bodies of requests, read in the event loop, where a slow client holds no thread."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from surplace.engine.limits import Limits
from surplace.web.errors import Problem
from surplace.web.service import FORM, body_limit

Receive = Callable[[], Awaitable[dict[str, Any]]]


async def read_body(
    scope: Mapping[str, Any], receive: Receive, limits: Limits, add: Callable[[int], None]
) -> io.BytesIO:
    """Read the body of a request, while it is neither too large nor too slow; raises Problem.

    *add* is told of the bytes that come, and may refuse them.
    """
    most = body_limit(limits)
    length = dict(scope["headers"]).get(b"content-length", b"0")
    if length.isdigit() and int(length) > most:
        raise _too_large(most)
    body = io.BytesIO()
    try:
        async with asyncio.timeout(limits.body_time):
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
            "timeout", f"The request took longer than {limits.body_time:g} seconds: send it faster."
        ) from None
    _count_parameters(scope, body.getbuffer(), limits)
    body.seek(0)
    return body


def _count_parameters(scope: Mapping[str, Any], body: memoryview, limits: Limits) -> None:
    """Refuse more parameters than anybody needs: each takes time. A query of SPARQL itself is no form."""
    form = dict(scope["headers"]).get(b"content-type", b"").startswith(FORM.encode())
    number = scope["query_string"].count(b"&") + (bytes(body).count(b"&") if form else 0) + 1
    if number > limits.parameters:
        raise Problem(
            "bad-request", f"The request has {number} parameters: send at most {limits.parameters}."
        )


def _too_large(most: int) -> Problem:
    return Problem("too-large", f"The request has more than {most} bytes, and no more are read: shorten it.")
