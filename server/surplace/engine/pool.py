"""The pool: requests run on worker processes, each of which is killed when its request overruns."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from surplace.engine.answer import Answer, Room
from surplace.engine.clients import CLIENT, Buckets
from surplace.engine.keeper import Keeper
from surplace.engine.limits import Limits
from surplace.engine.protocol import (
    DeadlineError,
    LostError,
    OveruseError,
    Request,
    TooComplexError,
    TooLargeError,
)
from surplace.engine.queue import Queue, Turn
from surplace.engine.refusals import Refusals

STEPS: Final = ((0.0, 5), (1.0, 10), (4.0, 19))
"""Seconds for which a query has been a long one, and how nice it is from then on: the longer, the nicer."""

AGAIN: Final = 2
"""How many times a query is begun again whose process was ended from outside."""


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

    A query that runs longer than `limits.quick` is a long one. At most `limits.long_count` of them run; one
    more is stopped, and begun again when there is room. So there is always a process for what is quick, and
    among the long ones the system favours those that began last, which are the likeliest to end soon.
    """

    def __init__(self, store: Path, limits: Limits, former: Pool | None = None) -> None:
        """Prepare workers for the release in *store*; what is known of clients comes from a *former* pool."""
        self.limits = limits
        buckets = former.buckets if former else None
        self.buckets: Buckets = buckets or Buckets(limits.client_seconds, limits.client_burst)
        self.refusals: Refusals = former.refusals if former else Refusals(limits.refusal)
        self.room: Room = former.room if former else Room(limits.answers_bytes)
        self.queue = Queue(limits, self.buckets)
        self.ended: Counter[str] = former.ended if former else Counter()
        self.keeper = Keeper(store, limits, self.queue, self.ended)

    def start(self) -> None:
        """Start the workers and return when one of them is ready; raises UnavailableError if none can be."""
        self.keeper.start()

    def close(self) -> None:
        """Send all who wait away, kill all workers, and wait until they are gone."""
        self.queue.close()
        self.keeper.close()

    def processes(self) -> list[int]:
        """Return the ids of the processes that are ready."""
        return [item.process.pid or 0 for item in self.keeper.workers()]

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
        again = 0
        while True:
            try:
                return self._receive(begun, again)
            except _BegunAgainError:
                again += 1
            except TooComplexError:
                self.refusals.note(begun.admitted.request)
                raise
            # what is begun again counts as a long one from the beginning
            begun = self._begin(begun.admitted, is_long=True)

    def hand_over(self, admitted: Admitted, turn: Turn) -> Begun | None:
        """Give a request to the worker whose turn it is; None if that died while it was idle."""
        if turn.worker.send(admitted.request.encode()):
            return Begun(admitted, turn, time.monotonic())
        self.keeper.discard(turn.worker, "lost")
        self.queue.end(turn, keep=False)
        return None

    def abandon(self, begun: Begun) -> None:
        """Stop a request whose answer nobody will read."""
        self.keeper.discard(begun.turn.worker, "retired")
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

    def _receive(self, begun: Begun, again: int) -> Answer:
        """Read an answer, while what takes long steps back; it was begun *again* so many times."""
        turn, worker, admitted = begun.turn, begun.turn.worker, begun.admitted
        marks = [(begun.at + after, partial(worker.step_back, nice)) for after, nice in STEPS]
        if not again:
            marks = [(at + self.limits.quick, step) for at, step in marks]
            marks.insert(0, (begun.at + self.limits.quick, partial(self._grow, turn)))
        try:
            return worker.receive(admitted.request, admitted.until, marks, self.room)
        except (_BegunAgainError, DeadlineError, LostError, TooComplexError, TooLargeError) as error:
            self.keeper.discard(worker, getattr(error, "code", "put-off"))
            if isinstance(error, LostError) and again < AGAIN:
                raise _BegunAgainError from None
            raise
        finally:
            # what a long one took stays with its process, and what was not read to its end would be the next
            # client's answer
            keep = worker.done and not turn.is_long
            if not keep and not worker.doomed:
                self.keeper.discard(worker, "retired")
            if admitted.client:
                self.buckets.add(admitted.client, time.monotonic() - begun.at)
            self.queue.end(turn, keep=keep)

    def _grow(self, turn: Turn) -> None:
        """Let a query that proves to be a long one go on, if there is room."""
        if not self.queue.lengthen(turn):
            raise _BegunAgainError
        self.keeper.ring()  # there is to be another process for what is quick
