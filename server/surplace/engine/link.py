"""The other side of one worker: the process, what is asked of it, and an answer made of its frames."""

from __future__ import annotations

import asyncio
import json
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, cast

from surplace.engine import worker
from surplace.engine.answer import Answer, Room
from surplace.engine.limits import Limits
from surplace.engine.process import Child, GoneError
from surplace.engine.protocol import Request
from surplace.engine.query_errors import (
    EngineError,
    NotOfferedError,
    QuerySyntaxError,
    RefusedError,
    UnwritableAnswerError,
    no_service,
)
from surplace.rdf.formats import FORMATS, Format, Kind, formats_of
from surplace.sparql.truncation import Cut

DIED: Final = "the process died at its start"
"""What keeps a worker from being ready that does not tell."""

_WHOLE, _START, _END, _ERROR, _SUMMARY = b"ASEXT"
_LAST: Final = (_WHOLE, _END, _ERROR)


class Reply:
    """The answer to a request as it comes in; *answer* has it when it is whole, or an EngineError.

    It has GoneError if the process is gone before. *whole* tells whether the last frame was there.
    """

    def __init__(self, request: Request, client: str, most: int, room: Room) -> None:
        """Wait for at most *most* bytes, which are counted in *room* as those of *client*."""
        self.request, self.client, self.most, self.room = request, client, most, room
        self.answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self.whole = False
        self._summary: dict[str, str] = {}
        self._begun: Answer | None = None

    def take(self, data: bytes) -> None:
        """Take in a frame."""
        tag = data[0]
        self.whole = tag in _LAST
        if self.answer.done():
            return
        try:
            if tag == _ERROR:
                raise _error(json.loads(data[1:]))
            if tag == _SUMMARY:
                self._summary = json.loads(data[1:])
            elif self._begun is None:
                self._begun = self._start(data)
            elif tag != _END:
                self._begun.write(data[1:])
            elif len(data) > 1:
                self._begun.shorten(Cut(**json.loads(data[1:])))
        except EngineError as error:
            self.fail(error)
        else:
            if self.whole and self._begun is not None:
                self.answer.set_result(self._begun)

    def fail(self, error: Exception) -> None:
        """Let there be no answer, for that reason; one that is whole stays, though nobody took it yet."""
        if not self.answer.done():
            self.answer.set_exception(error)
            self.drop()

    def drop(self) -> None:
        """Let go of what came: nobody wants it."""
        if self._begun is not None:
            self._begun.close()

    def _start(self, data: bytes) -> Answer:
        end = data.index(b"\n")
        kind, form = _head(data[1:end])
        answer = Answer(kind, form, self.most, self.room, self.client)
        if self._summary:
            answer.summary, answer.unsummed = self._summary["sentence"], self._summary["fault"]
        answer.write(data[end + 1 :])
        return answer


class Link(Child):
    """A worker: *greeted* has None when it is ready, else what keeps it from that."""

    def __init__(self, store: Path, limits: Limits) -> None:
        super().__init__("surplace-worker")
        self.store, self.limits = store, limits
        self.greeted: asyncio.Future[str | None] = self.loop.create_future()
        self.base = 0
        self._reply: Reply | None = None

    async def open(self) -> None:
        """Start the process; raises OSError or EOFError if there can be none."""
        await self.start(worker.main, str(self.store), self.limits)

    @property
    def ready(self) -> bool:
        """Whether it can be asked, or is being asked."""
        return (
            not self.doomed
            and not self.ended.done()
            and self.greeted.done()
            and self.greeted.result() is None
        )

    def ask(self, message: bytes, reply: Reply) -> bool:
        """Send a request, whose answer goes to *reply*; False if the process was gone before."""
        self._reply = reply
        return self.send(message)

    def take(self, data: bytes) -> None:
        """Take in a frame."""
        if self._reply is not None:
            self._reply.take(data)
            if self._reply.whole:
                self._reply = None
        elif not self.greeted.done():
            self.base = self.memory()
            self.greeted.set_result(None if data == b"R" else str(json.loads(data[1:])["message"]))

    def connection_lost(self, _error: Exception | None) -> None:
        """Tell whoever waits that nothing will come."""
        if not self.greeted.done():
            self.greeted.set_result(DIED)
        if self._reply is not None:
            self._reply.fail(GoneError())
            self._reply = None


@lru_cache(maxsize=64)
def _head(data: bytes) -> tuple[Kind, Format]:
    fields = json.loads(data)
    return cast("Kind", fields["kind"]), FORMATS[fields["format"]]


def _error(message: dict[str, Any]) -> EngineError:
    """Turn the error of a worker into an exception."""
    code = message.pop("code")
    if code == "syntax":
        return QuerySyntaxError(**message)
    if code == "not-offered":
        return NotOfferedError(message["kind"], formats_of(message["kind"]))
    if code == "unwritable":
        return UnwritableAnswerError(message["message"])
    if code == "refused":
        reason = str(message["message"]).rstrip(".")
        return RefusedError(f"The query cannot be evaluated ({reason}): change that part of it.")
    if "open files" in message.get("message", ""):  # nothing but SERVICE opens any
        return no_service()
    return EngineError("The query failed inside the service: try again, and report it if it stays so.")
