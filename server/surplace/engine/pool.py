"""The pool: a fixed number of worker processes, each killed and replaced when it overruns or dies."""

from __future__ import annotations

import logging
import math
import multiprocessing
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from multiprocessing import connection
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

from surplace.engine.answer import Answer, Room
from surplace.engine.clients import CLIENT, Buckets
from surplace.engine.limits import Limits
from surplace.engine.process import OVERWEIGHT, WorkerProcess
from surplace.engine.protocol import (
    DeadlineError,
    LostError,
    OveruseError,
    Request,
    TooComplexError,
    TooLargeError,
    UnavailableError,
)
from surplace.engine.queue import Queue, Turn
from surplace.engine.refusals import Refusals

LOG: Final = logging.getLogger("surplace.pool")
START_TIME: Final = 30.0
"""Seconds that a worker may take to open the release."""
TICK: Final = 0.5
"""Seconds between two looks at the workers when nothing happens."""
STEPS: Final = ((0.0, 5), (1.0, 10), (4.0, 19))
"""Seconds for which a query has been a long one, and how nice it is from then on: the longer, the nicer."""
FAILURES: Final = 4
"""Starts that may fail in a row before the next one waits."""
SPARE: Final = 1
"""Workers beyond those at work, to take over at once from one that was killed; a command has none."""
FAT: Final = 64 * 1024 * 1024
"""Bytes that an idle worker may hold beyond those of its start before it is replaced."""


class _BegunAgainError(Exception):
    """A query that is to be begun again: its process was lost, or no more long ones may run at the moment."""


@dataclass(frozen=True)
class Admitted:
    """A request that was let in: of which client, and until when its answer is waited for."""

    request: Request
    client: str
    until: float


@dataclass(frozen=True)
class Begun:
    """A request that a worker has got, and since when."""

    admitted: Admitted
    turn: Turn
    at: float


class Pool:
    """Runs requests on its workers.

    One thread, which lives as long as the pool, starts them all: a worker dies with the thread that started
    it, and threads of a web server come and go.

    A query that runs longer than `limits.quick` is a long one. At most `limits.long_count` of them run; one
    more is stopped, and begun again when there is room. So there is always a process for what is quick, and
    among the long ones the system favours those that began last, which are the likeliest to end soon.
    """

    def __init__(self, store: Path, limits: Limits, former: Pool | None = None) -> None:
        """Prepare workers for the release in *store*; what is known of clients comes from a *former* pool."""
        self.store, self.limits = store, limits
        buckets = former.buckets if former else None
        self.buckets: Buckets = buckets or Buckets(limits.client_seconds, limits.client_burst)
        self.refusals: Refusals = former.refusals if former else Refusals(limits.refusal)
        self.room: Room = former.room if former else Room(limits.answers_bytes)
        self.queue = Queue(limits, self.buckets)
        self.ended: Counter[str] = former.ended if former else Counter()
        self._change = threading.Condition()
        self._workers: list[WorkerProcess] = []
        self._closed = False
        self._trouble = ""
        self._failures = 0
        self._not_before = 0.0
        self._bell, self._wake = multiprocessing.Pipe(duplex=False)
        self._keeper = threading.Thread(target=self._keep, name="surplace-keeper", daemon=True)

    def start(self) -> None:
        """Start the workers and return when one of them is ready; raises UnavailableError if none can be."""
        self._keeper.start()
        with self._change:
            self._change.wait_for(lambda: self.queue.idle or self._failures, START_TIME)
            if not self.queue.idle:
                trouble = self._trouble or "no process became ready"
                raise UnavailableError(f"The release cannot be opened ({trouble}): run surplace build.")

    def close(self) -> None:
        """Kill all workers and wait until they are gone."""
        with self._change:
            self._closed = True
        self.queue.close()
        self._ring()
        if self._keeper.is_alive():
            self._keeper.join(10)

    def workers(self) -> list[WorkerProcess]:
        """Return the workers that are ready."""
        with self._change:
            return [
                item for item in self._workers if item.ready and not item.doomed and item.process.is_alive()
            ]

    def processes(self) -> list[int]:
        """Return the ids of the processes that are ready."""
        return [item.process.pid or 0 for item in self.workers()]

    def run(self, request: Request) -> Answer:
        """Answer a request on a free worker; raises EngineError."""
        return self.go_on(self.admit(request))

    def admit(self, request: Request) -> Admitted:
        """Let a request in, whose time begins; raises OveruseError or TooComplexError."""
        client = CLIENT.get()
        self.refusals.check(request)
        self._check_share(client)
        return Admitted(request, client, time.monotonic() + self.limits.deadline)

    def go_on(self, admitted: Admitted) -> Answer:
        """Answer a request that was let in."""
        return self.finish(self._begin(admitted, is_long=False))

    def finish(self, begun: Begun) -> Answer:
        """Read the answer of a request that was begun."""
        try:
            try:
                return self._receive(begun, again=False)
            except _BegunAgainError:
                # what is begun again counts as a long one from the beginning
                return self._receive(self._begin(begun.admitted, is_long=True), again=True)
        except TooComplexError:
            self.refusals.note(begun.admitted.request)
            raise

    def hand_over(self, admitted: Admitted, turn: Turn) -> Begun | None:
        """Give a request to the worker whose turn it is; None if that died while it was idle."""
        if turn.worker.send(admitted.request.encode()):
            return Begun(admitted, turn, time.monotonic())
        self._discard(turn.worker, "lost")
        self.queue.end(turn, keep=False)
        return None

    def abandon(self, begun: Begun) -> None:
        """Stop a request whose answer nobody will read."""
        self._discard(begun.turn.worker, "retired")
        self.queue.end(begun.turn, keep=False)

    @contextmanager
    def charged(self, times: float) -> Iterator[None]:
        """Count *times* the time of what is done meanwhile as used by the client; raises OveruseError."""
        client = CLIENT.get()
        self._check_share(client)
        begun = time.monotonic()
        try:
            yield
        finally:
            if client:
                self.buckets.add(client, times * (time.monotonic() - begun))

    def _check_share(self, client: str) -> None:
        wait = math.ceil(self.buckets.wait(client)) if client else 0
        if wait:
            raise OveruseError(
                f"Your queries used more than their share of time: try again in {wait} seconds.", wait
            )

    def _begin(self, admitted: Admitted, *, is_long: bool) -> Begun:
        """Wait for a worker, and give it a request."""
        begun = None
        while begun is None:
            turn = self.queue.turn(admitted.client, admitted.until, is_long=is_long)
            begun = self.hand_over(admitted, turn)
        return begun

    def _receive(self, begun: Begun, *, again: bool) -> Answer:
        """Read an answer, while what takes long steps back."""
        turn, worker, admitted = begun.turn, begun.turn.worker, begun.admitted
        marks = [(begun.at + after, partial(worker.step_back, nice)) for after, nice in STEPS]
        if not again:
            marks = [(at + self.limits.quick, step) for at, step in marks]
            marks.insert(0, (begun.at + self.limits.quick, partial(self._grow, turn)))
        try:
            return worker.receive(admitted.request, admitted.until, marks, self.room)
        except (_BegunAgainError, DeadlineError, LostError, TooComplexError, TooLargeError) as error:
            self._discard(worker, getattr(error, "code", "put-off"))
            if isinstance(error, LostError) and not again:
                raise _BegunAgainError from None
            raise
        finally:
            # what a long one took stays with its process, and what was not read to its end would be the next
            # client's answer
            keep = worker.done and not turn.is_long
            if not keep and not worker.doomed:
                self._discard(worker, "retired")
            if admitted.client:
                self.buckets.add(admitted.client, time.monotonic() - begun.at)
            self.queue.end(turn, keep=keep)

    def _grow(self, turn: Turn) -> None:
        """Let a query that proves to be a long one go on, if there is room."""
        if not self.queue.lengthen(turn):
            raise _BegunAgainError
        self._ring()  # there is to be another process for what is quick

    def _discard(self, worker: WorkerProcess, reason: str) -> None:
        """Kill a worker; the keeper notices and starts another."""
        worker.kill(reason)
        with self._change:
            self.ended[reason] += 1
        self._ring()

    def _ring(self) -> None:
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
            item.process.join(5)

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
                self._discard(item, OVERWEIGHT)
            elif more > FAT and self.queue.withdraw(item):
                self._discard(item, "retired")

    def _thin_out(self) -> None:
        """End idle workers that were started for long queries which have ended since."""
        ready = self.workers()
        for item in ready[self._size() :]:
            if self.queue.withdraw(item):
                self._discard(item, "retired")

    def _bury(self) -> None:
        """Take out the workers that died. After several failed starts in a row, wait before the next."""
        with self._change:
            dead = [item for item in self._workers if not item.process.is_alive()]
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
