"""The pool: requests run on workers, each of which is killed when its request overruns."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import Final, cast

from surplace.engine.answer import Answer, Room
from surplace.engine.clients import CLIENT, Buckets
from surplace.engine.limits import Limits
from surplace.engine.link import Link, Reply
from surplace.engine.process import END_SEEN, OUT_OF_TIME, GoneError, by_itself
from surplace.engine.protocol import Request
from surplace.engine.query_errors import EngineError, LostError, TooComplexError, stopping
from surplace.engine.queue import Queue, Turn, Work
from surplace.engine.supposition import FATAL, Suppositions
from surplace.engine.watch import PutOffError, Watch, late
from surplace.engine.workers import CLOSED, OVERWEIGHT, Workers

AGAIN: Final = 2
"""How many times a query is begun again whose process was ended from outside."""


class Pool:
    """Runs requests on its workers; all of it is called in one event loop.

    A query that runs longer than `limits.quick` is a long one. At most `limits.long_count` of them run; one
    more is stopped, and begun again when there is room. So there is always a process for what is quick, and
    among the long ones the system favours those that began last, which are the likeliest to end soon.
    """

    def __init__(self, store: Path, limits: Limits, former: Pool | None = None) -> None:
        """Prepare workers for the release in *store*; what is known of clients comes from a *former* pool."""
        self.limits = limits
        self.buckets: Buckets = (
            former.buckets if former else Buckets(limits.client_seconds, limits.client_burst)
        )
        self.room: Room = former.room if former else Room(limits.answers_bytes)
        self.ended: Counter[str] = former.ended if former else Counter()
        self.queue = Queue(limits, self.buckets)
        self.workers = Workers(store, limits, self.queue, self.ended)
        self.suppositions = Suppositions(limits, self.queue)

    async def open(self) -> None:
        """Start the workers and return when one of them is ready; raises UnavailableError if none can be."""
        await self.workers.open()

    async def close(self, *, at_once: bool = False) -> None:
        """Send all who wait away, let queries that run end, unless *at_once*, and kill all workers."""
        closing = asyncio.ensure_future(self.queue.close())
        self.suppositions.close()
        # nothing runs beyond its deadline, and what a worker does after it is killed takes no time
        await asyncio.wait([closing], timeout=0 if at_once else self.limits.deadline + 1)
        await self.workers.close()
        await asyncio.wait([closing], timeout=2 * END_SEEN)

    async def run(self, request: Request) -> Answer:
        """Answer a request on a free worker; raises EngineError."""
        client = CLIENT.get()
        until = time.monotonic() + request.seconds(self.limits.deadline)
        message = request.encode()
        kind, lost = Work.QUICK, 0
        while True:
            self.workers.must_be_had()
            turn = await self.queue.turn(client, until, kind)
            if kind is Work.LONG:
                self.workers.fill()
            reply = Reply(request, client, request.room(self.limits.answer_bytes), self.room)
            try:
                answer = await self._evaluate(turn, message, reply, until)
                if answer is not None:
                    return answer
                continue
            except PutOffError:
                kind = Work.LONG  # from the beginning
            except LostError:
                lost += 1
                if lost > AGAIN:
                    raise
                kind = turn.kind  # it was not to blame, so it waits for no other than it did

    async def _evaluate(self, turn: Turn, message: bytes, reply: Reply, until: float) -> Answer | None:
        """Let a worker answer; None if it died while it was idle."""
        link = cast("Link", turn.worker)
        begun, least, reason = time.monotonic(), 0.0, "retired"
        lengthen = partial(self._lengthen, turn) if turn.kind is Work.QUICK else None
        watch = Watch(link, reply, until, self.limits, lengthen)
        try:
            if not link.ask(message, reply):
                reason = "lost"
                reply.answer.cancel()
                return None
            return await reply.answer
        except GoneError:
            error = await self._why(link, reply.request, until)
            reason = "lost" if isinstance(error, LostError) else error.code
            if isinstance(error, TooComplexError):
                least = FATAL
            raise error from None
        except (EngineError, PutOffError) as error:
            reason = error.code
            raise
        except asyncio.CancelledError:
            reply.drop()
            raise
        finally:
            watch.cancel()
            # what a long one took stays with its process, and what was not read to its end would be the next
            # client's answer
            keep = reply.whole and turn.kind is Work.QUICK
            if not keep:
                self.workers.discard(link, reason)
            if turn.client:
                self.buckets.add(turn.client, max(least, time.monotonic() - begun))
            self.queue.end(turn, keep=keep)

    def _lengthen(self, turn: Turn) -> bool:
        """Let a query that proves to be a long one go on, if there is room."""
        if not self.queue.lengthen(turn):
            return False
        self.workers.fill()  # there is to be another process for what is quick
        return True

    async def _why(self, link: Link, request: Request, until: float) -> EngineError:
        """Return the error for a process that ended: of its query, of its time, or by somebody's signal."""
        status = await link.status()
        if link.doomed == CLOSED:
            return stopping()
        if link.doomed == OVERWEIGHT or by_itself(status):
            return TooComplexError(
                "The process that evaluated this query was lost, probably because the query is too complex: "
                "make it simpler, or split it."
            )
        if status == OUT_OF_TIME and time.monotonic() >= until:  # or the alarm was somebody else's
            return late(request, self.limits)
        return LostError("The process that evaluated this query was ended from outside: ask again.")
