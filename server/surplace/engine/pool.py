"""The pool: a fixed number of worker processes, each killed and replaced when it overruns or dies."""

from __future__ import annotations

import json
import math
import multiprocessing
import os
import threading
import time
from collections.abc import Iterator
from multiprocessing import connection
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from surplace.engine import worker as worker_process
from surplace.engine.formats import FORMATS, Format, Kind, formats_of
from surplace.engine.limits import Limits
from surplace.engine.protocol import (
    AnswerCut,
    Busy,
    Deadline,
    EngineError,
    NotOffered,
    Refused,
    Request,
    TooComplex,
    Unavailable,
)
from surplace.engine.syntax import bad_query

START_TIME: Final = 30.0
"""Seconds that a worker may take to open the release."""
TICK: Final = 0.25
"""Seconds between two looks at workers whose clients take their time."""


class Worker:
    """One process and the parent's end of its pipe."""

    def __init__(self, store: Path, memory: int) -> None:
        context = multiprocessing.get_context("spawn")
        self.pipe, child = context.Pipe()
        self.process = context.Process(
            target=worker_process.main,
            args=(child, str(store), memory, os.getpid()),
            name="surplace-worker",
            daemon=True,
        )
        self.process.start()
        child.close()
        self.ready = False
        self.cut_at = math.inf

    def receive(self, until: float) -> bytes | None:
        """Return the next frame, or None when the time is over; EOFError or OSError if the process died."""
        if not self.pipe.poll(max(0.0, until - time.monotonic())):
            return None
        return self.pipe.recv_bytes()

    def kill(self) -> None:
        """End the process at once."""
        self.process.kill()


class Pool:
    """Runs requests on its workers. All workers are started by one thread, which lives as long as the pool:
    a worker dies with the thread that started it, and threads of a web server come and go.
    """

    def __init__(self, store: Path, limits: Limits) -> None:
        self.store, self.limits = store, limits
        self._change = threading.Condition()
        self._workers: list[Worker] = []
        self._idle: list[Worker] = []
        self._waiting = 0
        self._closed = False
        self._trouble = ""
        self._failures = 0
        self._bell, self._wake = multiprocessing.Pipe(duplex=False)
        self._keeper = threading.Thread(target=self._keep, name="surplace-keeper", daemon=True)

    def start(self) -> None:
        """Start the workers and return when one of them is ready; raises Unavailable if none can be."""
        self._keeper.start()
        with self._change:
            self._change.wait_for(lambda: self._idle or self._failures, START_TIME)
            if not self._idle:
                trouble = self._trouble or "no process became ready"
                raise Unavailable(f"The release cannot be opened ({trouble}): run surplace build.")

    def close(self) -> None:
        """Kill all workers and wait until they are gone."""
        with self._change:
            self._closed = True
            self._change.notify_all()
        self._ring()
        if self._keeper.is_alive():
            self._keeper.join(10)

    def processes(self) -> list[int]:
        """Return the ids of the processes that are ready."""
        with self._change:
            return [worker.process.pid or 0 for worker in self._workers if worker.ready]

    def run(self, request: Request) -> PoolAnswer:
        """Answer a request on a free worker; raises EngineError."""
        until = time.monotonic() + self.limits.queue_wait
        message = request.encode()
        while True:
            worker = self._take(until)
            try:
                worker.pipe.send_bytes(message)
            except OSError:
                self._discard(worker)  # it died while it was idle: another one takes the query
                continue
            return self._start(worker, request)

    def _start(self, worker: Worker, request: Request) -> PoolAnswer:
        """Wait for the first frame of the answer."""
        until = time.monotonic() + self.limits.deadline
        try:
            frame = worker.receive(until)
        except (EOFError, OSError):
            self._discard(worker)
            raise TooComplex(
                "The process that evaluated this query was lost, most likely because the query is too complex "
                "or needs too much memory: make it simpler, or split it."
            ) from None
        if frame is None:
            self._discard(worker)
            raise Deadline(
                f"The query took longer than {self.limits.deadline:g} seconds: "
                "make it more selective, or add a LIMIT."
            )
        tag, rest = frame[:1], frame[1:]
        if tag == b"X":
            self._give_back(worker)
            raise _error(json.loads(rest), request.query)
        head, _, body = rest.partition(b"\n")
        fields = json.loads(head)
        if tag == b"A":
            self._give_back(worker)
            return PoolAnswer(fields["kind"], FORMATS[fields["format"]], body, None, self, until)
        worker.cut_at = time.monotonic() + self.limits.stream_deadline
        return PoolAnswer(fields["kind"], FORMATS[fields["format"]], body, worker, self, until)

    def _take(self, until: float) -> Worker:
        """Return an idle worker, waiting for one if the queue has room."""
        with self._change:
            if not self._idle:
                if self._waiting >= self.limits.queue:
                    raise self._busy("too many queries are waiting")
                self._waiting += 1
                try:
                    self._change.wait_for(lambda: self._idle or self._closed, until - time.monotonic())
                finally:
                    self._waiting -= 1
            if self._closed:
                raise Unavailable("The service is stopping: ask again in a moment.")
            if not self._idle:
                raise self._busy("no process became free in time")
            return self._idle.pop()

    def _busy(self, reason: str) -> Busy:
        seconds = max(1, math.ceil(self.limits.deadline / 2))
        return Busy(f"The service is busy ({reason}): try again in {seconds} seconds.", seconds)

    def _give_back(self, worker: Worker) -> None:
        with self._change:
            worker.cut_at = math.inf
            self._idle.append(worker)
            self._change.notify()

    def _discard(self, worker: Worker) -> None:
        """Kill a worker; the keeper notices and starts another."""
        worker.kill()
        self._ring()

    def _ring(self) -> None:
        """Wake the keeper."""
        with self._change:
            self._wake.send_bytes(b"!")

    def _keep(self) -> None:
        """Start workers, note which are ready, replace those that died, cut those that are overdue."""
        while True:
            with self._change:
                if self._closed:
                    break
                missing = self.limits.worker_count - len(self._workers)
            fresh = [Worker(self.store, self.limits.worker_memory) for _ in range(missing)]
            with self._change:
                self._workers += fresh
                watched: dict[Any, Worker] = {item.process.sentinel: item for item in self._workers}
                watched.update({item.pipe: item for item in self._workers if not item.ready})
            for found in connection.wait([self._bell, *watched], TICK):
                if found is self._bell:
                    self._bell.recv_bytes()
                elif isinstance(found, Connection):
                    self._greet(watched[found])
            self._bury()
        for item in self._workers:
            item.kill()
        for item in self._workers:
            item.process.join(5)

    def _greet(self, worker: Worker) -> None:
        """Read the first frame of a worker: it is ready, or it says why it cannot be."""
        try:
            frame = worker.pipe.recv_bytes()
        except (EOFError, OSError):
            return
        with self._change:
            if frame == b"R":
                worker.ready = True
                self._failures = 0
                self._idle.append(worker)
            else:
                self._trouble = str(json.loads(frame[1:])["message"])
            self._change.notify()

    def _bury(self) -> None:
        """Take out the workers that died or are overdue. After failed starts, wait before the next."""
        now = time.monotonic()
        failed = False
        with self._change:
            for worker in [item for item in self._workers if item.cut_at < now]:
                worker.kill()
            for worker in [item for item in self._workers if not item.process.is_alive()]:
                self._workers.remove(worker)
                if worker in self._idle:
                    self._idle.remove(worker)
                if not worker.ready:
                    failed = True
                    self._failures += 1
                    self._change.notify_all()
        if failed:
            time.sleep(min(5.0, 0.1 * 2 ** min(self._failures, 6)))


class PoolAnswer:
    """An answer from the pool; it holds its worker until it is read to the end or closed."""

    def __init__(
        self, kind: Kind, form: Format, first: bytes, worker: Worker | None, pool: Pool, until: float
    ) -> None:
        self.kind, self.format = kind, form
        self.body = first if worker is None else None
        self._first, self._worker, self._pool, self._until = first, worker, pool, until

    def __iter__(self) -> Iterator[bytes]:
        """Yield the answer in pieces; raises AnswerCut if the worker is lost on the way."""
        yield self._first
        while self._worker is not None:
            yield from self._next(self._worker)

    def _next(self, worker: Worker) -> Iterator[bytes]:
        # what the client needs to take a piece does not count against the time of the query
        since = time.monotonic()
        try:
            frame = worker.receive(self._until)
        except (EOFError, OSError):
            frame = None
        self._until += 0 if frame is None else 0
        if frame is None or frame[:1] not in (b"D", b"E"):
            self.close()
            raise AnswerCut(f"The answer broke off after {time.monotonic() - since:.1f} seconds of waiting.")
        if frame[:1] == b"E":
            self._worker = None
            self._pool._give_back(worker)
            return
        yield frame[1:]

    def close(self) -> None:
        """Give up an answer that was not read to its end."""
        worker, self._worker = self._worker, None
        if worker is not None:
            self._pool._discard(worker)


def _error(message: dict[str, Any], query: str) -> EngineError:
    """Turn the error of a worker into an exception."""
    code = message["code"]
    if code == "syntax":
        return bad_query(query, message["line"], message["column"], message["message"])
    if code == "not-offered":
        return NotOffered(message["kind"], formats_of(message["kind"]))
    if code == "refused":
        reason = str(message["message"]).rstrip(".")
        return Refused(f"The query cannot be evaluated ({reason}): change that part of it.")
    return EngineError("The query failed inside the service: try again, and report it if it stays so.")
