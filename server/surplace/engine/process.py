"""The parent's side of one worker: the process, its pipe, and an answer read from it."""

from __future__ import annotations

import json
import multiprocessing
import socket
import sys
import threading
import time
from array import array
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import connection
from pathlib import Path
from struct import Struct
from typing import TYPE_CHECKING, Any, Final, TypeAlias

import psutil

from surplace.engine import worker
from surplace.engine.answer import Answer, Room
from surplace.engine.limits import Limits
from surplace.engine.protocol import (
    DeadlineError,
    EngineError,
    LostError,
    NotOfferedError,
    RefusedError,
    Request,
    TooComplexError,
    UnavailableError,
    UnwritableAnswerError,
)
from surplace.rdf.formats import FORMATS, formats_of
from surplace.sparql.syntax import bad_query
from surplace.sparql.truncation import Cut

if sys.platform != "win32":
    from fcntl import ioctl
    from termios import FIONREAD

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext, SpawnContext


def _context() -> ForkServerContext | SpawnContext:
    """Return how workers are started: forked from a process of one thread that has their modules already.

    That takes 25 ms, and 190 ms where each begins with an interpreter of its own. A fork of this process
    would be no way, for it has threads.
    """
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([worker.__name__])
    return context


CONTEXT: Final = _context()

_HEAD: Final = Struct("!ic")
"""How a frame begins: the bytes of it, as `Connection.send_bytes` writes it, and its tag."""
_WHOLE: Final = (b"A", b"X")
"""The tags of frames that are a whole answer."""

OVERWEIGHT: Final = "memory"
"""Why a process is killed that holds too much memory: it is its query's fault."""
KILLED: Final = (-9, 255)
"""How a process ends that was killed, or whose end nobody saw, for what forked it is gone."""

_STATUS: Final = threading.Lock()
"""Held by whoever asks how a process ended: it is told once, and of two, one would be told nothing."""

Mark: TypeAlias = tuple[float, Callable[[], None]]
"""A time of `time.monotonic`, and what is to be done then; it may raise to end the evaluation."""


class WorkerProcess:
    """One process, started by the thread that makes this object."""

    def __init__(self, store: Path, limits: Limits) -> None:
        self.limits = limits
        self.pipe, child = CONTEXT.Pipe()
        self.process = CONTEXT.Process(
            target=worker.main,
            args=(child, str(store), limits),
            name="surplace-worker",
            daemon=True,
        )
        with _STATUS:  # for it asks how all others are
            self.process.start()
        child.close()
        self.ready = False
        self.doomed = ""
        self.base = 0
        self.done = True

    def send(self, message: bytes) -> bool:
        """Send a request; False if the process is not there any more."""
        self.done = False
        try:
            self.pipe.send_bytes(message)
        except OSError:
            return False
        return True

    def has_answer(self) -> bool:
        """Tell whether a whole short answer is there, so that `receive` will not wait (not on Windows)."""
        with suppress(OSError):
            pipe = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, fileno=self.pipe.fileno())
            try:
                head = pipe.recv(_HEAD.size, socket.MSG_PEEK | socket.MSG_DONTWAIT)
                there = array("i", [0])
                ioctl(pipe.fileno(), FIONREAD, there)
            finally:
                pipe.detach()
            if len(head) == _HEAD.size:
                size, tag = _HEAD.unpack(head)
                return tag in _WHOLE and 0 < size <= there[0] - (_HEAD.size - 1)
        return False

    def receive(self, request: Request, until: float, marks: Iterable[Mark], room: Room) -> Answer:
        """Read the answer to a request that was sent; raises EngineError.

        *until* is the end of its time, in terms of `time.monotonic`. After any error but those of the query
        itself the process is of no more use; `done` tells whether its last frame was read.
        """
        clock = _Clock(until, list(marks), self.limits.deadline)
        tag, rest = self._frame(clock)
        if tag == b"X":
            raise _error(json.loads(rest), request.query)
        head, _, first = rest.partition(b"\n")
        fields = json.loads(head)
        answer = Answer(fields["kind"], FORMATS[fields["format"]], self.limits.answer_bytes, room)
        try:
            answer.write(first)
            while tag not in (b"A", b"E"):
                tag, rest = self._frame(clock)
                if tag == b"X":
                    raise _error(json.loads(rest), request.query)
                if tag == b"D":
                    answer.write(rest)
                elif rest:
                    answer.shorten(Cut(**json.loads(rest)))
        except BaseException as error:
            answer.close()
            if isinstance(error, OSError):
                raise UnavailableError(
                    f"The answer could not be kept ({error.strerror}): ask for less, or try again later."
                ) from None
            raise
        return answer

    def _frame(self, clock: _Clock) -> tuple[bytes, bytes]:
        """Read the next frame: its tag and the rest."""
        try:
            while not self.pipe.poll(clock.left()):
                clock.strike()
            frame = self.pipe.recv_bytes()
        except (EOFError, OSError):
            raise self._loss() from None
        self.done = frame[:1] in (b"A", b"E", b"X")
        if not self.done:  # what is there to its end is neither late nor put off
            clock.strike()
        return frame[:1], frame[1:]

    def _loss(self) -> LostError | TooComplexError:
        """Return the error for a process that ended: by itself, of the query, or by somebody's signal."""
        if self.exit_code(1) in KILLED and self.doomed != OVERWEIGHT:
            return LostError("The process that evaluated this query was ended from outside: ask again.")
        return TooComplexError(
            "The process that evaluated this query was lost, probably because the query is too complex: "
            "make it simpler, or split it."
        )

    def exit_code(self, seconds: float = 0) -> int | None:
        """Wait for the end of the process, but not longer than *seconds*; None if it lives."""
        connection.wait([self.process.sentinel], seconds)
        with _STATUS:
            return self.process.exitcode

    def memory(self) -> int:
        """Return the bytes of memory that the process holds; 0 if it is gone."""
        try:
            return int(psutil.Process(self.process.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def step_back(self, nice: int) -> None:
        """Let other processes go first from now on; *nice* is 0 for what is normal, 19 for the very last."""
        try:
            psutil.Process(self.process.pid).nice(nice)
        except psutil.Error:
            return  # it is gone: its pipe tells

    def greet(self) -> str | None:
        """Read the first frame: None when the process is ready, else what keeps it from that."""
        try:
            frame = self.pipe.recv_bytes()
        except (EOFError, OSError):
            return "the process died at its start"
        self.ready = frame == b"R"
        self.base = self.memory()
        return None if self.ready else str(json.loads(frame[1:])["message"])

    def kill(self, reason: str) -> None:
        """End the process at once; it is of no more use from now on, though it may take a moment to die."""
        self.doomed = self.doomed or reason
        self.process.kill()


@dataclass
class _Clock:
    """The time of one evaluation: its end, and what is to be done before."""

    until: float
    marks: list[Mark]
    deadline: float

    def left(self) -> float:
        """Return the seconds until something is to be done."""
        end = min(self.marks[0][0], self.until) if self.marks else self.until
        return max(0.0, end - time.monotonic())

    def strike(self) -> None:
        """Do what is to be done by now."""
        now = time.monotonic()
        if now >= self.until:
            raise DeadlineError(
                f"The query took longer than {self.deadline:g} seconds: "
                "make it more selective, or add a LIMIT."
            )
        while self.marks and now >= self.marks[0][0]:
            self.marks.pop(0)[1]()


def _error(message: dict[str, Any], query: str) -> EngineError:
    """Turn the error of a worker into an exception."""
    code = message["code"]
    if code == "syntax":
        return bad_query(query, message["line"], message["column"], message["message"])
    if code == "not-offered":
        return NotOfferedError(message["kind"], formats_of(message["kind"]))
    if code == "unwritable":
        return UnwritableAnswerError(message["message"])
    if code == "refused":
        reason = str(message["message"]).rstrip(".")
        return RefusedError(f"The query cannot be evaluated ({reason}): change that part of it.")
    return EngineError("The query failed inside the service: try again, and report it if it stays so.")
