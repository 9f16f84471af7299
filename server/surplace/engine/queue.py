"""Who gets a free worker next: the client that used least, and no more long queries than may be."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from itertools import count
from typing import Final

from surplace.engine.clients import Buckets
from surplace.engine.limits import Limits
from surplace.engine.link import Link
from surplace.engine.query_errors import BusyError, EngineError, UnavailableError, stopping

SUPPOSITIONS: Final = 1
"""Suppositions that are computed at the same time."""


class Work(IntEnum):
    """What waits: a query, one that proved to be long, or a supposition: a long one without a worker."""

    QUICK, LONG, SUPPOSITION = range(3)


@dataclass(eq=False)
class Turn:
    """What is at work: a query with its worker, or a supposition without."""

    worker: Link | None
    client: str
    kind: Work


@dataclass(eq=False)
class _Waiting:
    """What is in the queue until its turn is *granted*."""

    client: str
    kind: Work
    number: int
    granted: asyncio.Future[Turn]

    @property
    def is_quick(self) -> bool:
        return self.kind is Work.QUICK


class Queue:
    """Hands idle workers to waiting queries; all of it is called in one event loop."""

    def __init__(self, limits: Limits, buckets: Buckets) -> None:
        self.limits, self.buckets = limits, buckets
        self.idle: list[Link] = []
        self.running = 0
        self.running_long = 0
        self.supposing = 0
        self._waiting: list[_Waiting] = []
        self._at_work: Counter[str] = Counter()
        self._numbers = count()
        self._closed = False
        self._empty: asyncio.Future[None] | None = None

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._waiting)

    async def turn(self, client: str, until: float, kind: Work = Work.QUICK) -> Turn:
        """Wait for a turn, what is long until *until*; raises BusyError or UnavailableError.

        `end` must follow.
        """
        if self._closed:
            raise stopping()
        if self._may_begin(kind):  # so nothing of this kind waits
            return self._begin(client, kind)
        loop = asyncio.get_running_loop()
        waiting = _Waiting(client, kind, next(self._numbers), loop.create_future())
        self._waiting.append(waiting)
        self._make_room(waiting)
        ends = until if kind is not Work.QUICK else min(until, time.monotonic() + self.limits.queue_wait)
        late = loop.call_at(ends, self._expire, waiting)
        try:
            return await waiting.granted
        except asyncio.CancelledError:
            if waiting in self._waiting:
                self._waiting.remove(waiting)
            elif not waiting.granted.cancelled() and waiting.granted.exception() is None:
                self.end(waiting.granted.result(), keep=True)
            raise
        finally:
            late.cancel()

    def end(self, turn: Turn, *, keep: bool) -> None:
        """Note that something is done; its worker goes on if *keep*, and was ended if not."""
        if turn.kind is Work.SUPPOSITION:
            self.supposing -= 1
        else:
            self.running -= 1
        self.running_long -= turn.kind is not Work.QUICK
        self._at_work[turn.client] -= 1
        if not self._at_work[turn.client]:
            del self._at_work[turn.client]
        if keep and turn.worker is not None and not turn.worker.doomed and not self._closed:
            self.idle.append(turn.worker)
        if self._waiting:
            self._dispatch()
        elif self._empty is not None and not self.running and not self._empty.done():
            self._empty.set_result(None)

    def lengthen(self, turn: Turn) -> bool:
        """Count a running query as a long one, if one more may run."""
        if self.running_long >= self.limits.long_count:
            return False
        self.running_long += 1
        turn.kind = Work.LONG
        return True

    def offer(self, worker: Link) -> None:
        """Take in a worker that is ready."""
        if not self._closed:
            self.idle.append(worker)
            self._dispatch()

    def withdraw(self, worker: Link) -> bool:
        """Take an idle worker out; False if it is at work, or not here."""
        if worker not in self.idle:
            return False
        self.idle.remove(worker)
        return True

    def refuse_queries(self, reason: str) -> None:
        """Send the queries that wait away; suppositions need no worker, and stay."""
        for item in [item for item in self._waiting if item.kind is not Work.SUPPOSITION]:
            self._refuse(item, UnavailableError(reason))

    async def close(self) -> None:
        """Send all who wait away, and wait until no query runs."""
        self._closed = True
        self.idle.clear()
        for item in list(self._waiting):
            self._refuse(item, stopping())
        if self.running:
            self._empty = self._empty or asyncio.get_running_loop().create_future()
            await asyncio.wait([self._empty])

    def _dispatch(self) -> None:
        while self._waiting:
            may_begin = {kind: self._may_begin(kind) for kind in {item.kind for item in self._waiting}}
            able = [item for item in self._waiting if may_begin[item.kind] and not item.granted.done()]
            if not able:
                return
            entries = Counter(map(_client, able))
            # those of one client in the order in which they came
            chosen = able[0] if len(entries) == 1 else min(able, key=self._order(entries))
            self._waiting.remove(chosen)
            chosen.granted.set_result(self._begin(chosen.client, chosen.kind))

    def _may_begin(self, kind: Work) -> bool:
        if kind is not Work.QUICK and self.running_long >= self.limits.long_count:
            return False
        if kind is Work.SUPPOSITION:
            return self.supposing < SUPPOSITIONS
        return bool(self.idle) and self.running < self.limits.worker_count

    def _begin(self, client: str, kind: Work) -> Turn:
        self._at_work[client] += 1
        if kind is not Work.QUICK:
            self.running_long += 1
        if kind is Work.SUPPOSITION:
            self.supposing += 1
            return Turn(None, client, kind)
        self.running += 1
        return Turn(self.idle.pop(), client, kind)

    def _order(self, entries: Counter[str]) -> Callable[[_Waiting], tuple[int, int, int]]:
        """Say who comes first: whose queries used least, in seconds; each at work counts as one.

        What is used drains while others are served: of those who have nothing left to drain, whoever has
        fewer *entries* in the queue is first, or two who fill it would take turns for ever.
        """
        used = {client: self._used(client) for client in entries}
        return lambda item: (used[item.client], entries[item.client], item.number)

    def _used(self, client: str) -> int:
        return (int(self.buckets.level(client)) if client else 0) + self._at_work[client]

    def _make_room(self, waiting: _Waiting) -> None:
        """Send one away if too many wait: the newest of whoever has most of them, or used most."""
        # long ones get half the room, so that they never keep out what is quick
        room = self.limits.queue if waiting.is_quick else self.limits.queue // 2
        if len(self._waiting) <= room:
            return
        alike = [item for item in self._waiting if item.is_quick == waiting.is_quick]
        if len(alike) > room:
            entries = Counter(map(_client, alike))
            last = max(alike, key=lambda item: (entries[item.client], self._used(item.client), item.number))
            self._refuse(last, self._busy("too many queries are waiting"))

    def _expire(self, waiting: _Waiting) -> None:
        if waiting not in self._waiting:
            return
        reason = {
            Work.QUICK: "no process became free in time",
            Work.LONG: "too many long queries are running",
            Work.SUPPOSITION: "too many suppositions are being computed",
        }[waiting.kind]
        self._refuse(waiting, self._busy(reason))

    def _refuse(self, waiting: _Waiting, error: EngineError) -> None:
        self._waiting.remove(waiting)
        if not waiting.granted.done():  # or whoever waits was cancelled a moment ago
            waiting.granted.set_exception(error)

    def _busy(self, reason: str) -> BusyError:
        seconds = max(1, math.ceil(self.limits.deadline / 2))
        return BusyError(f"The service is busy ({reason}): try again in {seconds} seconds.", seconds)


def _client(waiting: _Waiting) -> str:
    return waiting.client
