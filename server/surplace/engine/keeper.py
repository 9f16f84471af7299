"""Keeps as many worker processes as there should be: starts them, weighs them, replaces those that ended."""

from __future__ import annotations

import logging
import multiprocessing
import threading
import time
from collections import Counter
from multiprocessing import connection
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from surplace.engine.limits import Limits
from surplace.engine.process import OVERWEIGHT, WorkerProcess
from surplace.engine.protocol import UnavailableError
from surplace.engine.queue import Queue

LOG: Final = logging.getLogger("surplace.pool")
START_TIME: Final = 30.0
"""Seconds that a worker may take to open the release."""
TICK: Final = 0.5
"""Seconds between two looks at the workers when nothing happens."""
FAILURES: Final = 4
"""Starts that may fail in a row before the next one waits."""
SPARE: Final = 1
"""Workers beyond those at work, to take over at once from one that was killed; a command has none."""
FAT: Final = 64 * 1024 * 1024
"""Bytes that an idle worker may hold beyond those of its start before it is replaced."""


class Keeper:
    """Offers its workers to a queue.

    One thread, which lives as long as the keeper, starts them all: a worker dies with the thread that started
    it, and threads of a web server come and go.
    """

    def __init__(self, store: Path, limits: Limits, queue: Queue, ended: Counter[str]) -> None:
        """Prepare workers for the release in *store*; *ended* counts, by reason, those that were ended."""
        self.store, self.limits, self.queue, self.ended = store, limits, queue, ended
        self._change = threading.Condition()
        self._workers: list[WorkerProcess] = []
        self._closed = False
        self._trouble = ""
        self._failures = 0
        self._not_before = 0.0
        self._bell, self._wake = multiprocessing.Pipe(duplex=False)
        self._thread = threading.Thread(target=self._keep, name="surplace-keeper", daemon=True)

    def start(self) -> None:
        """Start the workers and return when one of them is ready; raises UnavailableError if none can be."""
        self._thread.start()
        with self._change:
            self._change.wait_for(lambda: self.queue.idle or self._failures, START_TIME)
            if not self.queue.idle:
                trouble = self._trouble or "no process became ready"
                raise UnavailableError(f"The release cannot be opened ({trouble}): run surplace build.")

    def close(self) -> None:
        """Kill all workers and wait until they are gone."""
        with self._change:
            self._closed = True
        self.ring()
        if self._thread.is_alive():
            self._thread.join(10)

    def workers(self) -> list[WorkerProcess]:
        """Return the workers that are ready."""
        with self._change:
            return [
                item for item in self._workers if item.ready and not item.doomed and item.exit_code() is None
            ]

    def discard(self, worker: WorkerProcess, reason: str) -> None:
        """Kill a worker; the keeper notices and starts another."""
        worker.kill(reason)
        with self._change:
            self.ended[reason] += 1
        self.ring()

    def ring(self) -> None:
        """Wake the keeper."""
        with self._change:
            self._wake.send_bytes(b"!")

    def _keep(self) -> None:
        """Start workers, note which are ready, replace those that died; a fault of this ends nothing."""
        while not self._closed:
            try:
                self._tend()
            except Exception as error:
                LOG.exception("The workers could not be tended")
                self._note_failure(str(error) or type(error).__name__)
                time.sleep(TICK)
        for item in self._workers:
            item.kill("closed")
        for item in self._workers:
            item.exit_code(5)

    def _tend(self) -> None:
        """Look after the workers once."""
        missing = self._size() - len(self._workers)
        if time.monotonic() >= self._not_before:
            self._spawn(missing)
        with self._change:
            watched: dict[Any, WorkerProcess] = {item.process.sentinel: item for item in self._workers}
            watched.update({item.pipe: item for item in self._workers if not item.ready})
        for found in connection.wait([self._bell, *watched], TICK):
            if found is self._bell:
                self._bell.recv_bytes()
            elif isinstance(found, Connection):
                self._greet(watched[found])
        self._weigh()
        self._thin_out()
        self._bury()

    def _size(self) -> int:
        """Return how many workers there should be: those for long queries are started when there are any."""
        most, quick = self.limits.worker_count, self.limits.worker_count - self.limits.long_count
        return min(most, max(1, quick) + self.queue.running_long) + (SPARE if most > 1 else 0)

    def _spawn(self, number: int) -> None:
        try:
            for _ in range(number):
                worker = WorkerProcess(self.store, self.limits)
                with self._change:
                    self._workers.append(worker)
        except (OSError, EOFError) as error:
            # no process, no memory, no descriptor, or the process that forks them was lost: at the next tick
            self._note_failure(str(error) or "no process could be started")

    def _greet(self, worker: WorkerProcess) -> None:
        """Take in a worker that is ready; one that cannot be ready is dying, and is buried next."""
        trouble = worker.greet()
        if trouble is None:
            self.queue.offer(worker)
        with self._change:
            if trouble is None:
                self._failures = 0
                self._change.notify_all()
            else:
                self._trouble = self._trouble or trouble
                worker.kill("broken")

    def _weigh(self) -> None:
        """End workers that hold too much: where the system sets no limit, this is the limit."""
        for item in self.workers():
            more = item.memory() - item.base
            if more > (self.limits.worker_memory + 64) * 1024 * 1024:
                self.discard(item, OVERWEIGHT)
            elif more > FAT and self.queue.withdraw(item):
                self.discard(item, "retired")

    def _thin_out(self) -> None:
        """End idle workers that were started for long queries which have ended since."""
        ready = self.workers()
        for item in ready[self._size() :]:
            if self.queue.withdraw(item):
                self.discard(item, "retired")

    def _bury(self) -> None:
        """Take out the workers that died. After several failed starts in a row, wait before the next."""
        with self._change:
            dead = [item for item in self._workers if item.exit_code() is not None]
            self._workers = [item for item in self._workers if item not in dead]
        for item in dead:
            self.queue.withdraw(item)
        if any(not item.ready for item in dead):
            self._note_failure("")
            if self._failures >= FAILURES:
                self._not_before = time.monotonic() + TICK * min(10, self._failures)

    def _note_failure(self, trouble: str) -> None:
        with self._change:
            self._trouble = self._trouble or trouble
            self._failures += 1
            self._change.notify_all()
