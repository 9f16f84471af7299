"""The parent's side of one worker: the process, its pipe, and an answer read from it."""

from __future__ import annotations

import json
import multiprocessing
import os
import time
from pathlib import Path
from typing import Any

from surplace.engine import worker
from surplace.engine.answer import Answer
from surplace.engine.formats import FORMATS, formats_of
from surplace.engine.limits import Limits
from surplace.engine.protocol import (
    DeadlineError,
    EngineError,
    NotOfferedError,
    RefusedError,
    Request,
    TooComplexError,
)
from surplace.engine.syntax import bad_query


class WorkerProcess:
    """One process, started by the thread that makes this object."""

    def __init__(self, store: Path, limits: Limits) -> None:
        context = multiprocessing.get_context("spawn")
        self.limits = limits
        self.pipe, child = context.Pipe()
        self.process = context.Process(
            target=worker.main,
            args=(child, str(store), limits.worker_memory, os.getpid()),
            name="surplace-worker",
            daemon=True,
        )
        self.process.start()
        child.close()
        self.ready = False
        self.doomed = False

    def send(self, message: bytes) -> bool:
        """Send a request; False if the process is not there any more."""
        try:
            self.pipe.send_bytes(message)
        except OSError:
            return False
        return True

    def receive(self, request: Request) -> Answer:
        """Read the answer to a request that was sent; raises EngineError.

        After DeadlineError, TooComplexError and TooLargeError the process is of no more use.
        """
        until = time.monotonic() + self.limits.deadline
        tag, rest = self._frame(until)
        if tag == b"X":
            raise _error(json.loads(rest), request.query)
        head, _, first = rest.partition(b"\n")
        fields = json.loads(head)
        answer = Answer(fields["kind"], FORMATS[fields["format"]], self.limits.answer_bytes)
        answer.write(first)
        try:
            while tag not in (b"A", b"E"):
                tag, rest = self._frame(until)
                if tag == b"X":
                    raise _error(json.loads(rest), request.query)
                answer.write(rest if tag == b"D" else b"")
        except EngineError:
            answer.close()
            raise
        return answer

    def _frame(self, until: float) -> tuple[bytes, bytes]:
        """Read the next frame: its tag and the rest."""
        try:
            if not self.pipe.poll(max(0.0, until - time.monotonic())):
                raise DeadlineError(
                    f"The query took longer than {self.limits.deadline:g} seconds: "
                    "make it more selective, or add a LIMIT."
                )
            frame = self.pipe.recv_bytes()
        except (EOFError, OSError):
            raise TooComplexError(
                "The process that evaluated this query was lost, probably because the query is too complex: "
                "make it simpler, or split it."
            ) from None
        return frame[:1], frame[1:]

    def greet(self) -> str | None:
        """Read the first frame: None when the process is ready, else what keeps it from that."""
        try:
            frame = self.pipe.recv_bytes()
        except (EOFError, OSError):
            return "the process died at its start"
        self.ready = frame == b"R"
        return None if self.ready else str(json.loads(frame[1:])["message"])

    def kill(self) -> None:
        """End the process at once; it is of no more use from now on, though it may take a moment to die."""
        self.doomed = True
        self.process.kill()


def _error(message: dict[str, Any], query: str) -> EngineError:
    """Turn the error of a worker into an exception."""
    code = message["code"]
    if code == "syntax":
        return bad_query(query, message["line"], message["column"], message["message"])
    if code == "not-offered":
        return NotOfferedError(message["kind"], formats_of(message["kind"]))
    if code == "refused":
        reason = str(message["message"]).rstrip(".")
        return RefusedError(f"The query cannot be evaluated ({reason}): change that part of it.")
    return EngineError("The query failed inside the service: try again, and report it if it stays so.")
