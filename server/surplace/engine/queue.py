"""Who gets a free worker next: the client that used least, and no more long queries than may be."""

from __future__ import annotations

import math
import threading
import time
from collections import Counter
from dataclasses import dataclass
from itertools import count
from typing import Protocol

from surplace.engine.clients import Buckets
from surplace.engine.limits import Limits
from surplace.engine.process import WorkerProcess
from surplace.engine.protocol import BusyError, UnavailableError


@dataclass(eq=False)
class Turn:
    """A query with its worker, from when it gets one."""

    worker: WorkerProcess
    client: str
    is_long: bool


class Signal(Protocol):
    """Tells one that waits that it may look, from any thread."""

    def set(self) -> None:
        """Tell it."""


@dataclass(eq=False)
class Waiting:
    """A query in the queue; it has a *turn* when a worker was granted to it."""

    client: str
    is_long: bool
    number: int
    granted: Signal
    turn: Turn | None = None


class Queue:
    """Hands idle workers to waiting queries."""

    def __init__(self, limits: Limits, buckets: Buckets) -> None:
        self.limits, self.buckets = limits, buckets
        self.idle: list[WorkerProcess] = []
        self.running = 0
        self.running_long = 0
        self._lock = threading.Lock()
        self._waiting: list[Waiting] = []
        self._at_work: Counter[str] = Counter()
        self._numbers = count()
        self._closed = False

    def turn(self, client: str, until: float, *, is_long: bool) -> Turn:
        """Wait for a worker, a long query until *until*; raises BusyError or UnavailableError."""
        now = time.monotonic()
        ends = until if is_long else min(until, now + self.limits.queue_wait)
        granted = threading.Event()
        waiting = self.enter(client, granted, is_long=is_long)
        if waiting.turn is None:
            granted.wait(max(0.0, ends - time.monotonic()))
        return self.leave(waiting)

    def enter(self, client: str, granted: Signal, *, is_long: bool) -> Waiting:
        """Wait in the queue until *granted* is set; `leave` must follow. Raises as `turn` does."""
        waiting = Waiting(client, is_long, next(self._numbers), granted)
        with self._lock:
            if self._closed:
                raise UnavailableError("The service is stopping: ask again in a moment.")
            self._waiting.append(waiting)
            self._dispatch()
            # long ones get half the room, so that they never keep out what is quick
            room = self.limits.queue // 2 if is_long else self.limits.queue
            if waiting.turn is None and sum(item.is_long == is_long for item in self._waiting) > room:
                self._waiting.remove(waiting)
                raise self._busy("too many queries are waiting")
        return waiting

    def leave(self, waiting: Waiting) -> Turn:
        """Return the turn of one that waited, or raise as `turn` does if it has waited long enough."""
        with self._lock:
            if waiting.turn is not None:
                return waiting.turn
            if waiting in self._waiting:
                self._waiting.remove(waiting)
            if self._closed:
                raise UnavailableError("The service is stopping: ask again in a moment.")
            raise self._busy(
                "too many long queries are running" if waiting.is_long else "no process became free in time"
            )

    def end(self, turn: Turn, *, keep: bool) -> None:
        """Note that a query is done; its worker goes on unless *keep* is false."""
        with self._lock:
            self.running -= 1
            self.running_long -= turn.is_long
            self._at_work[turn.client] -= 1
            if not self._at_work[turn.client]:
                del self._at_work[turn.client]
            if keep and not turn.worker.doomed:
                self.idle.append(turn.worker)
            self._dispatch()

    def lengthen(self, turn: Turn) -> bool:
        """Count a running query as a long one, if one more may run."""
        with self._lock:
            if self.running_long >= self.limits.long_count:
                return False
            self.running_long += 1
            turn.is_long = True
            return True

    def offer(self, worker: WorkerProcess) -> None:
        """Take in a worker that is ready."""
        with self._lock:
            self.idle.append(worker)
            self._dispatch()

    def withdraw(self, worker: WorkerProcess) -> bool:
        """Take an idle worker out; False if it is at work, or not here."""
        with self._lock:
            if worker not in self.idle:
                return False
            self.idle.remove(worker)
            return True

    def waiting(self) -> int:
        """Return how many queries wait."""
        with self._lock:
            return len(self._waiting)

    def close(self) -> None:
        """Send all who wait away."""
        with self._lock:
            self._closed = True
            self.idle.clear()
            for item in self._waiting:
                item.granted.set()

    def _dispatch(self) -> None:
        while self.idle and self.running < self.limits.worker_count:
            room = self.running_long < self.limits.long_count
            able = [item for item in self._waiting if room or not item.is_long]
            if not able:
                return
            chosen = min(able, key=self._order) if len(able) > 1 else able[0]
            self._waiting.remove(chosen)
            self.running += 1
            self.running_long += chosen.is_long
            self._at_work[chosen.client] += 1
            chosen.turn = Turn(self.idle.pop(), chosen.client, chosen.is_long)
            chosen.granted.set()

    def _order(self, item: Waiting) -> tuple[int, int]:
        """Say who comes first: whose queries used least, in seconds; each at work counts as one."""
        used = int(self.buckets.level(item.client)) if item.client else 0
        return used + self._at_work[item.client], item.number

    def _busy(self, reason: str) -> BusyError:
        seconds = max(1, math.ceil(self.limits.deadline / 2))
        return BusyError(f"The service is busy ({reason}): try again in {seconds} seconds.", seconds)
