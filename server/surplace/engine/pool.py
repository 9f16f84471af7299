"""The pool: a fixed number of worker processes, each killed and replaced when it overruns or dies."""

from __future__ import annotations

import math
import multiprocessing
import threading
import time
from multiprocessing import connection
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from surplace.engine.answer import Answer
from surplace.engine.limits import Limits
from surplace.engine.process import WorkerProcess
from surplace.engine.protocol import (
    BusyError,
    DeadlineError,
    Request,
    TooComplexError,
    TooLargeError,
    UnavailableError,
)

START_TIME: Final = 30.0
"""Seconds that a worker may take to open the release."""
TICK: Final = 1.0
"""Seconds between two looks at the workers when nothing happens."""


class Pool:
    """Runs requests on its workers.

    One thread, which lives as long as the pool, starts them all: a worker dies with the thread that started
    it, and threads of a web server come and go.
    """

    def __init__(self, store: Path, limits: Limits) -> None:
        self.store, self.limits = store, limits
        self._change = threading.Condition()
        self._workers: list[WorkerProcess] = []
        self._idle: list[WorkerProcess] = []
        self._waiting = 0
        self._closed = False
        self._trouble = ""
        self._failures = 0
        self._bell, self._wake = multiprocessing.Pipe(duplex=False)
        self._keeper = threading.Thread(target=self._keep, name="surplace-keeper", daemon=True)

    def start(self) -> None:
        """Start the workers and return when one of them is ready; raises UnavailableError if none can be."""
        self._keeper.start()
        with self._change:
            self._change.wait_for(lambda: self._idle or self._failures, START_TIME)
            if not self._idle:
                trouble = self._trouble or "no process became ready"
                raise UnavailableError(f"The release cannot be opened ({trouble}): run surplace build.")

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
            usable = [item for item in self._workers if item.ready and not item.doomed]
            return [item.process.pid or 0 for item in usable if item.process.is_alive()]

    def run(self, request: Request) -> Answer:
        """Answer a request on a free worker; raises EngineError."""
        until = time.monotonic() + self.limits.queue_wait
        message = request.encode()
        worker = self._take(until)
        while not worker.send(message):  # it died while it was idle: another one takes the query
            self._discard(worker)
            worker = self._take(until)
        try:
            answer = worker.receive(request)
        except (DeadlineError, TooComplexError, TooLargeError):
            self._discard(worker)
            raise
        except BaseException:
            self._give_back(worker)
            raise
        self._give_back(worker)
        return answer

    def _take(self, until: float) -> WorkerProcess:
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
                raise UnavailableError("The service is stopping: ask again in a moment.")
            if not self._idle:
                raise self._busy("no process became free in time")
            return self._idle.pop()

    def _busy(self, reason: str) -> BusyError:
        seconds = max(1, math.ceil(self.limits.deadline / 2))
        return BusyError(f"The service is busy ({reason}): try again in {seconds} seconds.", seconds)

    def _give_back(self, worker: WorkerProcess) -> None:
        with self._change:
            self._idle.append(worker)
            self._change.notify()

    def _discard(self, worker: WorkerProcess) -> None:
        """Kill a worker; the keeper notices and starts another."""
        worker.kill()
        self._ring()

    def _ring(self) -> None:
        """Wake the keeper."""
        with self._change:
            self._wake.send_bytes(b"!")

    def _keep(self) -> None:
        """Start workers, note which are ready, replace those that died."""
        while True:
            with self._change:
                if self._closed:
                    break
                missing = self.limits.worker_count - len(self._workers)
            fresh = self._spawn(missing)
            with self._change:
                self._workers += fresh
                watched: dict[Any, WorkerProcess] = {item.process.sentinel: item for item in self._workers}
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

    def _spawn(self, number: int) -> list[WorkerProcess]:
        try:
            return [WorkerProcess(self.store, self.limits) for _ in range(number)]
        except OSError as error:  # no process, no memory, no descriptor: try again at the next tick
            self._note_failure(error.strerror or str(error))
            return []

    def _greet(self, worker: WorkerProcess) -> None:
        """Take in a worker that is ready; one that cannot be ready is dying, and is buried next."""
        trouble = worker.greet()
        with self._change:
            if trouble is None:
                self._failures = 0
                self._idle.append(worker)
                self._change.notify()
            else:
                self._trouble = self._trouble or trouble
                worker.kill()

    def _bury(self) -> None:
        """Take out the workers that died. After failed starts, wait before the next."""
        with self._change:
            dead = [item for item in self._workers if not item.process.is_alive()]
            self._workers = [item for item in self._workers if item not in dead]
            self._idle = [item for item in self._idle if item not in dead]
        if any(not item.ready for item in dead):
            self._note_failure("")
            time.sleep(min(5.0, 0.1 * 2 ** min(self._failures, 6)))

    def _note_failure(self, trouble: str) -> None:
        with self._change:
            self._trouble = self._trouble or trouble
            self._failures += 1
            self._change.notify_all()
