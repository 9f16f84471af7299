"""A request and a response of HTTP, as the routes see them, whoever brings them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final, Protocol

PIECE: Final = 64 * 1024
"""Bytes of a body that are handed on at once."""
READING: Final = ("GET", "HEAD")

Headers = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PublicAddress:
    """Where a client reaches the service: *prefix* is the path above it, empty or as in `/kg`."""

    scheme: str = "http"
    host: str = ""
    prefix: str = ""

    @property
    def root(self) -> str:
        """The address of the first page."""
        return f"{self.scheme}://{self.host}{self.prefix}/"


@dataclass(slots=True)
class HttpRequest:
    """A request that was read to its end.

    *path* is decoded, without the prefix of *origin*; *query* is what follows the question mark, as it was
    sent; *headers* have names in small letters, several of a name joined by commas; *client* is who asks.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    client: str = ""
    origin: PublicAddress = PublicAddress()
    takes_parts: bool = False
    """Whether the answer may be sent part by part, before its length is known."""

    @property
    def accept(self) -> str:
        """The header Accept, empty if there is none."""
        return self.headers.get("accept", "")

    @property
    def is_reading(self) -> bool:
        """Whether this asks for what an address holds, and changes nothing."""
        return self.method in READING

    @property
    def media_type(self) -> str:
        """The type of the body, in small letters and without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class Body(Protocol):
    """The body of a response that is not held in memory; all of it is there before the response begins."""

    @property
    def size(self) -> int:
        """The number of bytes."""

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes from the beginning, in pieces."""

    def close(self) -> None:
        """Let go of what holds the bytes."""


@dataclass(slots=True)
class HttpResponse:
    """A response; *etag* validates its body, without quotes, empty if nothing does.

    *complete* is false where an error, a cut or a limit of one client is inside: it is never kept then.
    *cut* tells how many rows there are of an answer that was cut; *problem* is the code of a problem.
    """

    body: bytes | Body = b""
    content_type: str = ""
    status: int = 200
    headers: Headers = field(default_factory=list)
    block: str = ""
    """Further headers, as lines: those that many responses have are written once."""
    etag: str = ""
    complete: bool = True
    cut: int | None = None
    problem: str = ""
    query: str = ""
    """The text of the query that was answered, for the log."""
    rest: asyncio.Task[bytes] | None = None
    """What follows the body and is still being made; only where the request takes parts."""

    @property
    def size(self) -> int:
        """The number of bytes of the body."""
        return len(self.body) if isinstance(self.body, bytes) else self.body.size

    def pieces(self) -> Iterator[bytes]:
        """Yield the body in pieces that a slow client can take one by one."""
        for part in (self.body,) if isinstance(self.body, bytes) else self.body:
            for start in range(0, len(part), PIECE):
                yield part[start : start + PIECE]

    def read(self) -> bytes:
        """Return the whole body, which is in memory from now on."""
        if not isinstance(self.body, bytes):
            data = b"".join(self.body)
            self.body.close()
            self.body = data
        return self.body

    def close(self) -> None:
        """Let go of the body, and of what was to follow."""
        if self.rest is not None:
            self.rest.cancel()
        if not isinstance(self.body, bytes):
            self.body.close()

    def header(self, name: str) -> str | None:
        """Return the first value of a header that is not in the block."""
        for key, value in self.headers:
            if key == name:
                return value
        return None


def lines_of(headers: Headers) -> str:
    """Write headers as lines, each with its end; nothing in a value can begin another header."""
    lines = [f"{name}: {value}" for name, value in headers]
    text = "".join([f"{line}\r\n" for line in lines])
    if text.count("\n") != len(lines) or text.count("\r") != len(lines):
        text = "".join([f"{' '.join(line.split())}\r\n" for line in lines])
    return text


@dataclass
class Range:
    """The bytes of a body from *start* up to *stop*."""

    whole: bytes | Body
    start: int
    stop: int

    @property
    def size(self) -> int:
        """The number of bytes."""
        return self.stop - self.start

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes in pieces."""
        at = 0
        for piece in (self.whole,) if isinstance(self.whole, bytes) else self.whole:
            if at >= self.stop:
                return
            if at + len(piece) > self.start:
                yield piece[max(0, self.start - at) : self.stop - at]
            at += len(piece)

    def close(self) -> None:
        """Let go of the whole."""
        if not isinstance(self.whole, bytes):
            self.whole.close()


_NOWHERE: Final = PublicAddress()
ORIGIN: Final[ContextVar[PublicAddress]] = ContextVar("origin", default=_NOWHERE)
"""Where the client of the request that is answered reaches the service."""


def at(path: str) -> str:
    """Return the path by which the client reaches *path*, below the prefix that a proxy put above it."""
    return ORIGIN.get().prefix + path
