"""Requests whose head is odd, large, cut in half or one too many: what each of them gets."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit

from abuse.target import Reply, Result, send, target

HOST = b"Host: a\r\n"
END = b"Connection: close\r\n\r\n"
ASK = b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\n"
ROBOTS, HEALTH = b"GET /robots.txt HTTP/1.1\r\n", b"GET /health HTTP/1.1\r\n"
FORM = b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/x-www-form-urlencoded\r\n"
CHUNKS = b"f\r\nquery=ASK%7B%7D\r\n0\r\n\r\n"
ADDRESS, CHARACTERS, HEAD = 120_000, 99_000, 140_000
"""Characters of a long address and of the query in it; bytes of a head that passes SURPLACE_HEAD_BYTES."""
CONNECTIONS, MOST = 600, 512
"""Connections of one address, and how many of them SURPLACE_CLIENT_CONNECTIONS allows by default."""


def raw(url: str, data: bytes, number: int = 1, *, half_close: bool = False) -> list[Reply]:
    """Send bytes and read up to *number* responses; with *half_close*, say first that no more will come."""
    replies: list[Reply] = []
    begun = time.perf_counter()
    broken = ""
    with socket.create_connection(
        (urlsplit(url).hostname, urlsplit(url).port), 15, ("127.0.19.1", 0)
    ) as item:
        with suppress(OSError):  # whoever is turned away early may still have an answer to read
            item.sendall(data)
            if half_close:
                item.shutdown(socket.SHUT_WR)
        with item.makefile("rb") as file:
            try:
                for _ in range(number):
                    response = HTTPResponse(_Kept(file))  # type: ignore[arg-type]
                    response.begin()
                    found = {name.lower(): value for name, value in response.getheaders()}
                    body = response.read()
                    replies.append(Reply(response.status, found, body, time.perf_counter() - begun))
            except (OSError, HTTPException) as error:
                broken = f"{type(error).__name__}: {error}"
    if not replies:
        replies.append(Reply(0, {}, b"", time.perf_counter() - begun, broken))
    return replies


class _Kept:
    """Stands for a socket whose file serves one response after another."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file

    def makefile(self, *_: Any) -> Any:
        """Return what all responses are read from."""
        return self

    def close(self) -> None:
        """Leave the file open."""

    def __getattr__(self, name: str) -> Any:
        """Return what the file has."""
        return getattr(self.file, name)


def long_address() -> bytes:
    """Return an address whose query has 99,000 characters, so many of them escaped that it has 120,000."""
    before = "/sparql?query="
    escaped = (ADDRESS - len(before) - CHARACTERS) // 2
    plain = CHARACTERS - escaped - len("ASK{}#")
    return f"{before}ASK%7B%7D%23{'a' * (plain + 3)}{'%20' * (escaped - 3)}".encode()


def refused(status: int) -> Callable[[list[Reply]], bool]:
    """Return a judge that wants one problem document with this status."""
    return lambda replies: len(replies) == 1 and replies[0].status == status and bool(replies[0].problem)


def answered(replies: list[Reply]) -> bool:
    """Tell whether there is one answer, and it is 200."""
    return [reply.status for reply in replies] == [200]


def _answered_or_sent_to_post(replies: list[Reply]) -> bool:
    return answered(replies) or (refused(414)(replies) and b"POST" in replies[0].body)


def _in_order(replies: list[Reply]) -> bool:
    bodies = [reply.body for reply in replies]
    return (
        len(bodies) == 3 and b"User-agent" in bodies[0] and b"boolean" in bodies[1] and b"status" in bodies[2]
    )


def _many(number: int) -> bytes:
    return b"".join(b"X-%d: a\r\n" % turn for turn in range(number))


CASES: dict[str, tuple[str, bytes, int, Callable[[list[Reply]], bool]]] = {
    # what is wanted, what is sent, how many responses there may be, and the judge
    "no Host": ("400 with a problem document", ASK + END, 1, refused(400)),
    "two Hosts": ("400 with a problem document", ASK + HOST + b"Host: b\r\n" + END, 1, refused(400)),
    "an address of 120,000 characters": (
        "200, or 414 with a problem document that says POST",
        b"GET " + long_address() + b" HTTP/1.1\r\n" + HOST + END,
        1,
        _answered_or_sent_to_post,
    ),
    "a head of 140,000 bytes": (
        "431 with a problem document",
        ASK + HOST + b"X-Long: " + b"a" * HEAD + b"\r\n" + END,
        1,
        refused(431),
    ),
    "101 headers": (
        "200, or 431 with a problem document",
        ASK + HOST + _many(99) + END,
        1,
        lambda replies: answered(replies) or refused(431)(replies),
    ),
    "a client that closes its half": ("200", ASK + HOST + b"\r\n", 1, answered),
    "If-None-Match: * on a syntax error": (
        "400 with a problem document",
        b"GET /sparql?query=SELECT+*+%7B HTTP/1.1\r\n" + HOST + b"If-None-Match: *\r\n" + END,
        1,
        refused(400),
    ),
    "three requests at once": (
        "three answers in order",
        ROBOTS + HOST + b"\r\n" + ASK + HOST + b"\r\n" + HEALTH + HOST + END,
        4,
        _in_order,
    ),
    "Content-Length and Transfer-Encoding": (
        "one 400 with a problem document",
        FORM
        + b"Content-Length: %d\r\nTransfer-Encoding: chunked\r\n\r\n" % len(CHUNKS)
        + CHUNKS
        + ROBOTS
        + HOST
        + END,
        2,
        refused(400),
    ),
}


def attack(release: Path, *, seconds: float = 2.0) -> Result:
    """Send each case once, then 600 connections from one address, looked at after so many seconds."""
    result = Result()
    with target(release) as service:
        for title, (wanted, data, number, judge) in CASES.items():
            replies = raw(service.url, data, number, half_close="half" in title)
            came = ", ".join(f"{reply.status} {reply.problem or reply.broken}".strip() for reply in replies)
            result.figures[f"{title:37}"] = came
            result.expect(judge(replies), f"{title}: {came}; wanted: {wanted}")
        held, other = _crowd(service.url, seconds)
    result.figures[f"{CONNECTIONS} connections of one address, held"] = held
    result.figures["another address meanwhile"] = other.status or other.broken
    result.expect(
        held == MOST, f"{held} of {CONNECTIONS} connections of one address are held; wanted: {MOST}"
    )
    result.expect(other.status == 200, f"another address meanwhile got {other.status} {other.broken}")
    return result


def _crowd(url: str, seconds: float) -> tuple[int, Reply]:
    """Open connections from one address; return how many are held, and what another one gets."""
    items: list[socket.socket] = []
    try:
        for _ in range(CONNECTIONS):
            item = socket.socket()
            items.append(item)
            with suppress(OSError):
                item.settimeout(5)
                item.bind(("127.0.19.2", 0))
                item.connect((urlsplit(url).hostname, urlsplit(url).port))
        time.sleep(seconds)
        other = send(url, "GET", "/health", source="127.0.19.3")
        return sum(map(_open, items)), other
    finally:
        for item in items:
            item.close()


def _open(item: socket.socket) -> bool:
    """Tell whether a connection has neither been closed nor had anything to read."""
    item.setblocking(False)
    try:
        item.recv(1)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
