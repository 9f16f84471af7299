"""One connection: HTTP/1.1 is read by httptools, one request after the other is answered."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections import deque
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import unquote

from httptools import HttpParserError, HttpParserUpgrade, HttpRequestParser, parse_url

from surplace.engine.frames import RECEIVED
from surplace.routes.message import PIECE, HttpRequest, HttpResponse, lines_of
from surplace.routes.problems import Problem

if TYPE_CHECKING:
    from surplace.gate.gate import Gate

HEADERS: Final = 100
"""Headers that a request may have."""
PIPELINED: Final = 16
"""Requests that may wait on one connection for the answer to another."""
LINGER: Final = 2.0
"""Seconds in which a client that was refused while it was still sending can read why."""
_REASONS: Final = {status.value: status.phrase for status in HTTPStatus}
HOST: Final = re.compile(r"(?:[A-Za-z0-9_.~%-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{0,5})?")
LOG: Final = logging.getLogger("surplace.gate")
_END: Final = "\r\n"
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"


class Connection(asyncio.BufferedProtocol):
    """Reads requests, has the gate answer them in order, and writes what comes.

    *due* is when its patience ends, in terms of `time.monotonic`, None while it waits for nothing.
    """

    transport: asyncio.Transport

    def __init__(self, gate: Gate) -> None:
        self.gate, self.limits = gate, gate.limits
        self.address = ""
        self.due: float | None = None
        self.held = 0
        self._parser: HttpRequestParser | None = HttpRequestParser(self)
        self._task: asyncio.Task[None] | None = None
        self._waiting: deque[HttpRequest | HttpResponse] = deque()
        self._writable: asyncio.Future[None] | None = None
        self._ends = self._lingers = self._eof = self._completed = False
        self._trouble: Problem | None = None
        self._begin()

    # what asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin, unless there are too many connections."""
        self.transport = cast("asyncio.Transport", transport)
        peer = transport.get_extra_info("peername")
        self.address = self.gate.address_of(peer[0]) if peer else ""
        self.due = time.monotonic() + self.limits.header_time
        problem = self.gate.enter(self)
        if problem is not None:
            self._refuse(problem)

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002
        """Return where the loop puts what comes: it is read at once, so one place does for all."""
        return RECEIVED

    def buffer_updated(self, nbytes: int) -> None:
        """Take in what was sent."""
        if self._parser is None or self._ends:
            return
        self._completed = False
        try:
            self._parser.feed_data(RECEIVED[:nbytes])
        except (HttpParserError, HttpParserUpgrade):
            if self._trouble is None:
                self._trouble = Problem(
                    "bad-request", "The request is not HTTP/1.1: send it as the standard has it."
                )
        if self._trouble is None and self._began and not self._headed and not self._completed:
            self._arrived += nbytes
            self._hold(nbytes)
            if self._arrived > self.limits.head_bytes:
                self._trouble = self._too_long()
        if self._trouble is not None:
            self._refuse(self._trouble)
        elif len(self._waiting) > PIPELINED:
            self._refuse(
                Problem("bad-request", f"More than {PIPELINED} requests were sent before an answer: wait.")
            )
        elif self._waiting:
            self.transport.pause_reading()

    def eof_received(self) -> bool:
        """Let a client that has no more to send have its answers."""
        self._eof = True
        return self._task is not None

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop what is done for the client."""
        self._ends = True
        self._forget()
        self.gate.leave(self)
        if self._task is not None:
            self._task.cancel()
        if self._writable is not None and not self._writable.done():
            self._writable.cancel()

    def pause_writing(self) -> None:
        """Wait until the client has taken what was sent."""
        self._writable = asyncio.get_running_loop().create_future()

    def resume_writing(self) -> None:
        """Go on."""
        if self._writable is not None and not self._writable.done():
            self._writable.set_result(None)
        self._writable = None

    # what the gate calls

    def expire(self) -> None:
        """Note that the client was waited for long enough."""
        self.due = None
        if self._lingers or (self._task is None and not self._began):
            self.transport.abort() if self._lingers else self.transport.close()
        elif self._task is None:
            seconds = self.limits.body_time if self._headed else self.limits.header_time
            self._refuse(
                Problem("timeout", f"The request took longer than {seconds:g} seconds: send it faster.")
            )
        else:
            self.transport.abort()  # it does not take its answer

    def stop(self) -> None:
        """Close the connection, after the answer that is being made."""
        if self._task is None:
            self.transport.close()
        else:
            self._ends = True

    # what the parser calls

    @property
    def _reader(self) -> HttpRequestParser:
        """The parser, which calls what follows."""
        assert self._parser is not None  # noqa: S101 (it is let go of only when it has nothing more to call)
        return self._parser

    def on_message_begin(self) -> None:
        """Note that a request begins."""
        self._began = True
        if self._task is None:
            self.due = time.monotonic() + self.limits.header_time

    def on_url(self, url: bytes) -> None:
        """Take in the target, or a part of it."""
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take in a header; those after the body say nothing here."""
        if self._headed or self._trouble is not None:
            return
        key = name.decode("latin-1").lower()
        text = value.decode("latin-1")
        self._size += len(name) + len(value)
        self._count += 1
        if self._count > HEADERS:
            self._trouble = Problem(
                "head-too-large", f"The request has more than {HEADERS} headers: send fewer."
            )
        elif key not in self._headers:
            self._headers[key] = text
        elif key == "host":
            self._trouble = Problem("bad-request", "The request has two hosts: send one header Host.")
        else:
            self._headers[key] += f", {text}"

    def on_headers_complete(self) -> None:
        """Look at the head, which is complete."""
        self._headed = True
        self._release()
        if self._trouble is None and len(self._url) + self._size > self.limits.head_bytes:
            self._trouble = self._too_long()
        if self._trouble is None and not self._has_host():
            self._trouble = Problem(
                "bad-request", "The header Host names no host: send that of this service."
            )
        length = self._headers.get("content-length", "")
        if self._trouble is None and length.isdigit() and int(length[:20]) > self.limits.body_length:
            self._trouble = self._body_too_large()
        if self._trouble is None:
            if self._task is None:
                self.due = time.monotonic() + self.limits.body_time
            if self._headers.get("expect", "").lower() == "100-continue":
                self.transport.write(_CONTINUE)

    def _has_host(self) -> bool:
        """Tell whether the header Host is as it must be; HTTP/1.0 has none."""
        host = self._headers.get("host", "")
        return bool(HOST.fullmatch(host)) or (not host and self._reader.get_http_version() == "1.0")

    def on_body(self, body: bytes) -> None:
        """Take in a piece of the body."""
        if self._trouble is not None:
            return
        self._body += body
        if len(self._body) > self.limits.body_length:
            self._trouble = self._body_too_large()
        else:
            self._hold(len(body))

    def on_message_complete(self) -> None:
        """Hand the request on."""
        if self._trouble is not None:
            return
        self._release()
        try:
            request = self._request()
        except Problem as problem:
            self._trouble = problem
            return
        self._waiting.append(request)
        if not self._reader.should_keep_alive():
            self._eof = True
        self._begin()
        self._completed = True
        self._go_on()

    def _forget(self) -> None:
        """Let go of what was read: parser and connection hold each other, and a head may be long."""
        self._parser = None
        self._begin()

    def _begin(self) -> None:
        """Get ready for the next request."""
        self._url, self._headers, self._body = b"", dict[str, str](), b""
        self._headed = self._began = False
        self._size = self._count = self._arrived = 0
        self._trouble = None

    def _request(self) -> HttpRequest:
        """Return the request that was read; raises Problem."""
        target, _, query = self._url.partition(b"#")[0].partition(b"?")
        try:
            if not target.startswith(b"/"):  # a proxy's form, with the host in it
                target = parse_url(target).path or b"/"
            path, text = unquote(target.decode("utf-8"), errors="strict"), query.decode("utf-8")
        except (ValueError, HttpParserError):
            raise Problem("bad-request", "The address cannot be read: encode it as UTF-8 with %XX.") from None
        if not path.startswith("/"):
            raise Problem("bad-request", "The address is no path: send one that begins with a slash.")
        method = self._reader.get_method().decode("ascii")
        return self.gate.request(self.address, method, path, text, self._headers, self._body)

    # answering

    def _go_on(self) -> None:
        """Answer the next request, if none is being answered."""
        if self._task is None and self._waiting and not self._lingers:
            self._task = asyncio.get_running_loop().create_task(self._answer(self._waiting.popleft()))

    async def _answer(self, item: HttpRequest | HttpResponse) -> None:
        """Answer a request, and what waits after it, one after the other."""
        try:
            while True:
                self.due = None
                if isinstance(item, HttpResponse):  # it was refused
                    await self._write(item, bare=False, last=True)
                    self._linger()
                    return
                response, done = await self.gate.answer(item)
                last = self._is_last()
                try:
                    size, complete = await self._write(response, bare=item.method == "HEAD", last=last)
                    done(size, complete)
                finally:
                    response.close()
                if last or self._is_last():
                    self._ends = True
                    self.transport.close()
                    return
                if not self._waiting:
                    break
                item = self._waiting.popleft()
                if not self._waiting and not self.transport.is_reading():
                    self.transport.resume_reading()
            self.due = time.monotonic() + self.limits.idle_time
        except asyncio.CancelledError:
            pass  # the client is gone
        except Exception:
            LOG.exception("A connection failed")
            self.transport.abort()
        finally:
            self._task = None

    def _is_last(self) -> bool:
        """Tell whether the connection ends with the answer that is being made."""
        return self._ends or (self._eof and not self._waiting)

    async def _write(self, response: HttpResponse, *, bare: bool, last: bool) -> tuple[int, bool]:
        """Send a response; return the bytes of its body that were taken, and whether that is all."""
        empty = response.status in (204, 304)
        head = _head(response, last=last, bare=empty)
        if bare or empty:
            self.transport.write(head)
            return 0, True
        if isinstance(response.body, bytes) and len(response.body) <= PIECE:
            self.transport.write(head + response.body)
            return len(response.body), True
        begun, sent = time.monotonic(), 0
        self.transport.write(head)
        for piece in response.pieces():
            self.due = begun + self.limits.send_time + sent / self.limits.send_rate
            await self._drained()
            if self.transport.is_closing():
                return sent, False
            self.transport.write(piece)
            sent += len(piece)
        await self._drained()
        self.due = None
        return sent, not self.transport.is_closing()

    async def _drained(self) -> None:
        """Wait until the client has taken what it was sent."""
        if self._writable is not None:
            await self._writable

    def _linger(self) -> None:
        """Say that no more comes; a client that was refused, and may be sending, gets time to read why."""
        self._lingers = self._ends = True
        self.due = time.monotonic() + LINGER
        if not self.transport.is_closing():
            self.transport.write_eof()
            self.transport.resume_reading()

    def _refuse(self, problem: Problem) -> None:
        """Answer with a problem when all before it is answered, and read no more."""
        self._release()
        self._waiting.append(self.gate.refused(problem, self.address, self._headers))
        self._forget()
        self._eof = True
        self.transport.pause_reading()
        self._go_on()

    def _hold(self, size: int) -> None:
        """Count bytes of a request that is not complete."""
        problem = self.gate.hold(self, size)
        if problem is not None and self._trouble is None:
            self._trouble = problem

    def _release(self) -> None:
        self.gate.release(self)

    def _too_long(self) -> Problem:
        """Return the problem of a head that is too long: its address, or the headers."""
        if len(self._url) > self._size or not self._url:
            return Problem(
                "address-too-long",
                f"The head of the request has more than {self.limits.head_bytes} bytes: send the query with POST.",
            )
        return Problem(
            "head-too-large",
            f"The headers have more than {self.limits.head_bytes} bytes: send fewer or shorter ones.",
        )

    def _body_too_large(self) -> Problem:
        most = self.limits.body_length
        return Problem(
            "too-large", f"The request has more than {most} bytes, and no more are read: shorten it."
        )


def _head(response: HttpResponse, *, last: bool, bare: bool) -> bytes:
    """Return the first line and the headers of a response."""
    etag = f'ETag: "{response.etag}"\r\n' if response.etag else ""
    kind = f"Content-Type: {response.content_type}\r\n" if response.content_type and not bare else ""
    length = "" if bare else f"Content-Length: {response.size}\r\n"
    return (
        f"HTTP/1.1 {response.status} {_REASONS.get(response.status, '')}\r\n"
        f"{response.block}{lines_of(response.headers)}{etag}{kind}{length}"
        f"{'Connection: close' + _END if last else ''}{_date(int(time.time()))}\r\n\r\n"
    ).encode("latin-1", "replace")


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    return f"Server: surplace\r\nDate: {formatdate(second, usegmt=True)}"
