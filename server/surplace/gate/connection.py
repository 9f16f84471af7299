"""One connection: its requests are answered one after the other, as fast as the client takes answers."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from email.utils import formatdate
from functools import lru_cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, cast

from surplace.engine.frames import place
from surplace.engine.protocol import in_seconds
from surplace.gate.reader import Message, Reader
from surplace.http.message import PIECE, HttpRequest, HttpResponse, lines_of
from surplace.http.problems import Problem

if TYPE_CHECKING:
    from surplace.gate.gate import Gate

PIPELINED: Final = 16
"""Requests that may wait on one connection for the answer to another."""
LINGER: Final = 2.0
"""Seconds in which a client that was refused while it was still sending can read why."""
_REASONS: Final = {status.value: status.phrase for status in HTTPStatus}
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
        self._reader: Reader | None = Reader(
            self.limits, lambda size: gate.hold(self, size), self._begun, self._whole
        )
        self._task: asyncio.Task[None] | None = None
        self._waiting: deque[HttpRequest | HttpResponse] = deque()
        self._writable: asyncio.Future[None] | None = None
        self._ends = self._lingers = self._eof = False

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
        return place()

    def buffer_updated(self, nbytes: int) -> None:
        """Take in what was sent."""
        if self._reader is None or self._ends:
            return
        trouble = self._reader.feed(place()[:nbytes])
        if trouble is not None:
            self._refuse(trouble)
        elif self._reader.ended:
            self._close_reader()
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

    def connection_lost(self, _error: Exception | None) -> None:
        """Stop what is done for the client."""
        self._ends = True
        self._close_reader()
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
        if self._lingers or self._task is not None or self.transport.is_closing():
            self.transport.abort()  # it does not take its answer
        elif self._reader is None or not self._reader.began:
            self._close()
        else:
            self._refuse(
                Problem(
                    "timeout", f"The request took longer than {in_seconds(self._patience())}: send it faster."
                )
            )

    def stop(self) -> None:
        """Close the connection, after the answer that is being made."""
        if self._task is None:
            self._close()
        else:
            self._ends = True

    # what the reader calls

    def _begun(self) -> None:
        """Wait for the rest of a request, if nothing else is waited for."""
        if self._reader is not None and self._reader.expects:
            self._reader.expects = False
            self.transport.write(_CONTINUE)
        if self._task is None:
            self.due = time.monotonic() + self._patience()

    def _whole(self, message: Message) -> None:
        """Take in a request; raises Problem."""
        self.gate.release(self)
        if not message.headers.get("host"):  # of HTTP/1.0
            message.headers["host"] = self._own_host()
        path, query = message.address()
        request = self.gate.request(self.address, path, query, message)
        self._waiting.append(request)
        self._eof = self._eof or message.last
        self._go_on()

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
                    self._close()
                    return
                if not self._waiting:
                    break
                item = self._waiting.popleft()
                if not self._waiting and not self.transport.is_reading():
                    self.transport.resume_reading()
            self.due = time.monotonic() + self._patience()
        except asyncio.CancelledError:
            pass  # the client is gone
        except Exception:
            LOG.exception("A connection failed")
            self.transport.abort()
        finally:
            self._task = None

    def _own_host(self) -> str:
        """Return the address of this end, as a client without a header Host reached it."""
        own = self.transport.get_extra_info("sockname")
        if not isinstance(own, tuple):
            return "localhost"
        host, port = own[:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def _patience(self) -> float:
        """Return the seconds for what comes next: a request, or the rest of one that began meanwhile."""
        if self._reader is None or not self._reader.began:
            return self.limits.idle_time
        return self.limits.body_time if self._reader.headed else self.limits.header_time

    def _is_last(self) -> bool:
        """Tell whether the connection ends with the answer that is being made."""
        return self._ends or (self._eof and not self._waiting)

    async def _write(self, response: HttpResponse, *, bare: bool, last: bool) -> tuple[int, bool]:
        """Send a response; return the bytes of its body that were taken, and whether that is all."""
        empty = response.status in (204, 304)
        head = _head(response, last=last, bare=empty)
        if bare or empty:
            return 0, await self._sent(head)
        if (
            response.rest is None and response.size <= PIECE
        ):  # at once, so that there is either all of it or nothing
            body = response.read()
            return len(body), await self._sent(head + body)
        if response.rest is not None:
            return await self._write_parts(head, response.read(), response.rest)
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

    async def _write_parts(self, head: bytes, first: bytes, rest: asyncio.Task[bytes]) -> tuple[int, bool]:
        """Send the beginning of a page at once, and the rest as soon as it is made, in chunks."""
        if not await self._sent(head + _chunk(first)):
            return 0, False
        second = await rest
        whole = await self._sent(_chunk(second) + _chunk(b""))
        return len(first) + len(second) if whole else len(first), whole

    async def _sent(self, data: bytes) -> bool:
        """Send what is small; if the client has not taken what it was sent before, wait until it does."""
        self.transport.write(data)
        if self._writable is not None:
            self.due = time.monotonic() + self.limits.send_time
            await self._drained()
            self.due = None
        return not self.transport.is_closing()

    async def _drained(self) -> None:
        """Wait until the client has taken what it was sent."""
        if self._writable is not None:
            await self._writable

    def _close(self) -> None:
        """Close the connection when the client has taken what it was sent, for which it has its time."""
        if not self.transport.is_closing():
            self.due = time.monotonic() + self.limits.send_time
            self.transport.close()

    def _linger(self) -> None:
        """Say that no more comes; a client that was refused, and may be sending, gets time to read why."""
        self._lingers = self._ends = True
        self.due = time.monotonic() + LINGER
        if not self.transport.is_closing():
            self.transport.write_eof()
            self.transport.resume_reading()

    def _refuse(self, problem: Problem) -> None:
        """Answer with a problem when all before it is answered, and read no more."""
        self.gate.release(self)
        headers = self._reader.headers if self._reader is not None else {}
        self._close_reader()
        self._eof = True
        self._waiting.append(self.gate.refused(problem, self.address, headers))
        self.transport.pause_reading()
        self._go_on()

    def _close_reader(self) -> None:
        """Read no more requests."""
        if self._reader is not None:
            self._reader.close()
            self._reader = None


def _head(response: HttpResponse, *, last: bool, bare: bool) -> bytes:
    """Return the first line and the headers of a response."""
    etag = f'ETag: "{response.etag}"\r\n' if response.etag else ""
    kind = f"Content-Type: {response.content_type}\r\n" if response.content_type and not bare else ""
    length = "" if bare else f"Content-Length: {response.size}\r\n"
    if response.rest is not None:
        length = "Transfer-Encoding: chunked\r\n"
    return (
        f"HTTP/1.1 {response.status} {_REASONS.get(response.status, '')}\r\n"
        f"{response.block}{lines_of(response.headers)}{etag}{kind}{length}"
        f"{'Connection: close' + _END if last else ''}{_date(int(time.time()))}\r\n\r\n"
    ).encode("latin-1", "replace")


def _chunk(data: bytes) -> bytes:
    """Return a chunk of a body whose length is not known; an empty one is the last."""
    return b"%x\r\n%b\r\n" % (len(data), data)


@lru_cache(maxsize=2)
def _date(second: int) -> str:
    return f"Server: surplace\r\nDate: {formatdate(second, usegmt=True)}"
