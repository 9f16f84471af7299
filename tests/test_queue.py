"""Who gets a turn: the order, the room, the time, and that two who fill the queue shut nobody out."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import cast

import pytest

from surplace.engine.clients import Buckets
from surplace.engine.limits import Limits
from surplace.engine.link import Link
from surplace.engine.query_errors import BusyError, EngineError, UnavailableError
from surplace.engine.queue import Queue, Turn, Work

A, B, THIRD = "192.0.2.1", "192.0.2.2", "192.0.2.3"


class Idle:
    """A worker that does nothing."""

    doomed = ""


class Clock:
    """A clock that stands until it is set."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


def queue_of(limits: Limits, workers: int) -> Queue:
    queue = Queue(limits, Buckets(60, 60))
    for _ in range(workers):
        queue.offer(cast("Link", Idle()))
    return queue


@dataclass
class Line:
    """Those who wait, and who got a turn, in order."""

    queue: Queue
    tasks: list[asyncio.Task[None]] = field(default_factory=list)
    served: list[str] = field(default_factory=list)

    async def join(self, name: str, client: str = "", kind: Work = Work.QUICK) -> None:
        """Let one wait who ends at once."""
        self.tasks.append(asyncio.create_task(self._wait(name, client, kind)))
        await asyncio.sleep(0)

    async def _wait(self, name: str, client: str, kind: Work) -> None:
        try:
            turn = await self.queue.turn(client, time.monotonic() + 5, kind)
        except EngineError as error:
            self.served.append(f"{name}: {error.code}")
            return
        self.served.append(name)
        self.queue.end(turn, keep=True)

    async def go(self, turn: Turn) -> list[str]:
        """End what held the others up, and return who got a turn."""
        self.queue.end(turn, keep=True)
        await asyncio.gather(*self.tasks)
        return self.served


def test_whoever_used_least_is_first_and_each_at_work_counts_as_a_second() -> None:
    async def main() -> list[str]:
        queue = queue_of(Limits(workers=2), 2)
        first = await queue.turn("", time.monotonic() + 5)
        second = await queue.turn(A, time.monotonic() + 5)
        queue.buckets.add(B, 2.5)
        line = Line(queue)
        for name, client in (("b", B), ("a", A), ("third", THIRD), ("itself", "")):
            await line.join(name, client)
        served = await line.go(first)
        queue.end(second, keep=True)
        assert (queue.running, queue.waiting, len(queue.idle)) == (0, 0, 2)
        return served

    assert asyncio.run(main()) == ["third", "itself", "a", "b"]


def test_among_those_who_used_nothing_whoever_has_less_in_the_queue_is_first() -> None:
    async def main() -> list[str]:
        queue = queue_of(Limits(workers=1), 1)
        turn, line = await queue.turn("", time.monotonic() + 5), Line(queue)
        for name, client in (("a1", A), ("a2", A), ("b", B), ("third", THIRD)):
            await line.join(name, client)
        return await line.go(turn)

    assert asyncio.run(main()) == ["b", "third", "a1", "a2"]


def test_from_a_full_queue_the_last_of_whoever_fills_it_is_sent_away() -> None:
    async def main() -> list[str]:
        queue = queue_of(Limits(workers=1, queue=3), 1)
        turn, line = await queue.turn("", time.monotonic() + 5), Line(queue)
        for name, client in (("a1", A), ("a2", A), ("a3", A), ("third", THIRD), ("a4", A)):
            await line.join(name, client)
        assert queue.waiting == 3
        return await line.go(turn)

    assert asyncio.run(main()) == ["a3: busy", "a4: busy", "third", "a1", "a2"]


def test_what_is_long_has_half_the_room_and_keeps_out_nothing_quick() -> None:
    async def main() -> list[str]:
        queue = queue_of(Limits(workers=2, queue=4), 2)
        long = await queue.turn("", time.monotonic() + 5, Work.LONG)
        quick = await queue.turn("", time.monotonic() + 5)
        assert not queue.lengthen(quick), "of two, one may be long"
        line = Line(queue)
        for name in ("l1", "l2", "l3"):
            await line.join(name, kind=Work.LONG)
        for name in ("q1", "q2", "q3", "q4", "q5"):
            await line.join(name)
        assert line.served == ["l3: busy", "q5: busy"]
        queue.end(quick, keep=True)
        await asyncio.sleep(0.01)
        assert line.served[2:] == ["q1", "q2", "q3", "q4"], "none of those that are long"
        return (await line.go(long))[6:]

    assert asyncio.run(main()) == ["l1", "l2"]


def test_whoever_gives_up_waiting_takes_no_turn_and_loses_none() -> None:
    async def main() -> None:
        queue = queue_of(Limits(workers=1), 1)
        turn = await queue.turn("", time.monotonic() + 5)
        waiting = [asyncio.create_task(queue.turn("", time.monotonic() + 5)) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.sleep(0)
        assert queue.waiting == 2
        waiting[1].cancel()
        queue.end(turn, keep=True)  # the second is cancelled, and does not know yet
        waiting[2].cancel()  # the third has its turn, and does not know yet
        await asyncio.gather(*waiting, return_exceptions=True)
        assert (queue.waiting, queue.running, len(queue.idle)) == (0, 0, 1)

    asyncio.run(main())


@pytest.mark.parametrize(
    ("kind", "most", "message"),
    [
        (Work.QUICK, 0.2, "no process became free in time"),
        (Work.LONG, 0.4, "too many long queries are running"),
        (Work.SUPPOSITION, 0.4, "too many suppositions are being computed"),
    ],
)
def test_whoever_waits_too_long_is_told_to_retry(kind: Work, most: float, message: str) -> None:
    async def main() -> float:
        queue = queue_of(Limits(workers=1, queue_wait=0.2), 1)
        now = time.monotonic()
        await queue.turn("", now + 5, kind)
        with pytest.raises(BusyError, match=message) as caught:
            await queue.turn("", now + 0.4, kind)
        assert caught.value.retry_after == 5
        assert queue.waiting == 0
        return time.monotonic() - now

    assert most <= asyncio.run(main()) < most + 0.15


def test_a_supposition_is_a_long_one_without_a_worker_and_one_at_a_time() -> None:
    async def main() -> None:
        queue = queue_of(Limits(workers=4), 4)
        first = await queue.turn(A, time.monotonic() + 5, Work.SUPPOSITION)
        assert (queue.running, queue.running_long, queue.supposing, len(queue.idle)) == (0, 1, 1, 4)
        second = asyncio.create_task(queue.turn(B, time.monotonic() + 5, Work.SUPPOSITION))
        queries = [await queue.turn("", time.monotonic() + 5, Work.LONG) for _ in range(2)]
        third = asyncio.create_task(queue.turn("", time.monotonic() + 5, Work.LONG))
        await asyncio.sleep(0)
        assert queue.waiting == 2, "of four, three may be long"
        queue.end(first, keep=False)
        turn = await second
        assert not third.done()
        queue.end(queries.pop(), keep=True)
        queries.append(await third)
        queue.end(turn, keep=False)
        for turn in queries:
            queue.end(turn, keep=True)
        assert (queue.running, queue.running_long, queue.supposing, len(queue.idle)) == (0, 0, 0, 4)

    asyncio.run(main())


def test_of_three_who_suppose_two_that_retry_greedily_shut_nobody_out() -> None:
    """A supposition takes 10 seconds of a clock that stands meanwhile; the third waits for 30 at most."""
    clock = Clock()

    async def main() -> list[float]:
        queue = Queue(Limits(workers=8, queue=64), Buckets(60, 120, clock))
        ends = time.monotonic() + 60
        waited: list[float] = []

        async def suppose(client: str) -> float:
            begun = clock.now
            turn = await queue.turn(client, ends, Work.SUPPOSITION)
            took = clock.now - begun
            await asyncio.sleep(0)
            clock.now += 10
            queue.buckets.add(client, 10)
            queue.end(turn, keep=False)
            return took

        async def greedy(client: str) -> None:
            while True:
                try:
                    await suppose(client)
                except BusyError:
                    await asyncio.sleep(0)

        attack = [asyncio.create_task(greedy(client)) for client in (A, B) for _ in range(30)]
        for _ in range(50):
            await asyncio.sleep(0)
        assert queue.waiting == 32, "as many as there may be"
        for _ in range(50):
            waited.append(await suppose(THIRD))
            for _ in range(len(waited) % 4):  # at once, or a moment later
                await asyncio.sleep(0)
        for task in attack:
            task.cancel()
        await asyncio.gather(*attack, return_exceptions=True)
        return waited

    waited = asyncio.run(main())
    assert clock.now > 1500, "others were served as well"
    assert max(waited) <= 30


def test_when_it_closes_all_who_wait_are_told_and_what_runs_is_waited_for() -> None:
    async def main() -> None:
        queue = queue_of(Limits(workers=1), 1)
        turn = await queue.turn("", time.monotonic() + 5)
        waiting = [
            asyncio.create_task(queue.turn("", time.monotonic() + 5, kind))
            for kind in (Work.QUICK, Work.LONG)
        ]
        await asyncio.sleep(0)
        closing = asyncio.create_task(queue.close())
        found = await asyncio.gather(*waiting, return_exceptions=True)
        assert [type(item) for item in found] == [UnavailableError] * 2
        assert not closing.done()
        with pytest.raises(UnavailableError, match="The service is stopping"):
            await queue.turn("", time.monotonic() + 5)
        queue.end(turn, keep=True)
        await closing
        assert queue.idle == []

    asyncio.run(main())
