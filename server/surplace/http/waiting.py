"""What takes seconds: the event loop waits for it, and the beginning of its page goes out at once.

So a browser shows that it is at work, without a script. What comes in time is sent whole, as all else is.
"""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from surplace.http.message import HttpResponse
from surplace.http.negotiation import HTML
from surplace.http.problems import Problem

PATIENCE: Final = 0.3
"""Seconds in which a page may be made and is sent whole."""
UNBUFFERED: Final = ("X-Accel-Buffering", "no")
"""Tells nginx to hand on what comes."""
_MAIN: Final = b"<main"
_END: Final = b"</main>"


@dataclass(frozen=True)
class Awaited:
    """What a view returns that has to wait for something: the event loop does, and no thread is held.

    *begin* starts it. *show* makes the response of its result, and *refuse*, if there is one, of the problem
    that there was.
    """

    begin: Callable[[], Awaitable[Any]]
    show: Callable[[Any], HttpResponse]
    refuse: Callable[[Problem], HttpResponse] | None = None


async def in_parts(
    made: Callable[[], Awaitable[HttpResponse]],
    beginning: Callable[[], Awaitable[bytes]],
    finished: Callable[[asyncio.Task[HttpResponse]], Awaitable[HttpResponse]],
) -> HttpResponse:
    """Return the page that *made* makes, if it comes in time; else its beginning, with the rest to follow.

    *beginning* makes a page whose main part says what is waited for; *finished* returns the page, or that of
    the problem that there was. What it has in its main part follows. Raises what *made* raises in time.
    """
    task = asyncio.ensure_future(made())
    try:
        await asyncio.wait({task}, timeout=PATIENCE)
        if task.done():
            return task.result()
        first = await beginning()
    except BaseException:
        task.cancel()
        raise
    response = HttpResponse(first[: first.index(_END)], f"{HTML}; charset=utf-8", complete=False)
    response.headers.append(UNBUFFERED)

    async def rest() -> bytes:
        found = await finished(task)
        response.problem, response.query = found.problem, found.query
        body = found.read()
        if found.header("Content-Encoding") is not None:  # as it is kept
            body = gzip.decompress(body)
        return body[body.index(b">", body.index(_MAIN)) + 1 :]

    response.rest = asyncio.ensure_future(rest())
    return response
