"""What is sent to a client, piece by piece while it takes them."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from surplace.engine.limits import Limits
from surplace.web.cache import Headers

PIECE: Final = 64 * 1024
"""Bytes that are sent at once."""

Send = Callable[[dict[str, Any]], Awaitable[None]]


@dataclass
class Reply:
    """What is sent: *body* is iterated over once, then closed."""

    status: int
    headers: Headers
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


async def send_reply(reply: Reply, send: Send, limits: Limits) -> tuple[int, bool]:
    """Send a reply; return the bytes of its body that were taken, and whether that is all.

    A client that takes less than it must is left; `Content-Length` tells it that the rest is missing.
    """
    begun = time.monotonic()
    await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
    sent = 0
    pieces = reply.pieces()
    piece: bytes | None = next(pieces, b"")
    while piece is not None:
        following = next(pieces, None)
        left = begun + limits.send_time + sent / limits.send_rate - time.monotonic()
        try:
            async with asyncio.timeout(left):
                await send({"type": "http.response.body", "body": piece, "more_body": following is not None})
        except TimeoutError:
            return sent, False
        sent += len(piece)
        piece = following
    return sent, True


def encoded(headers: Iterable[tuple[str, str]]) -> Headers:
    """Return headers as ASGI has them."""
    return [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
