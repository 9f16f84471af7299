"""A query that is begun from an event loop: who reads its answer, and what happens when it goes wrong."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from service import SLOW, WIDE, eventually, make_release
from surplace.engine.clients import CLIENT
from surplace.engine.embedded import SHORT, EmbeddedEngine
from surplace.engine.limits import Limits
from surplace.engine.protocol import (
    BusyError,
    DeadlineError,
    OveruseError,
    Pending,
    QuerySyntaxError,
    RefusedError,
    Request,
    TooComplexError,
)
from surplace.engine.release import find_release

pytestmark = pytest.mark.alone

LIMITS = Limits(workers=2, deadline=1.0, queue=2, queue_wait=0.5, query_nesting=4000, query_patterns=4000)
ONE = "SELECT * { VALUES ?x { 1 } }"
LONG_TEXT = f"{ONE} #{'x' * SHORT}"
MANY_ROWS = f"{WIDE} LIMIT 5000"
DEEP = "SELECT * " + "{" * 3000 + "}" * 3000
CSV = {"bindings": "csv", "boolean": "csv"}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_release(tmp_path_factory.mktemp("release"))


@contextmanager
def opened(release: Path, limits: Limits = LIMITS) -> Iterator[EmbeddedEngine]:
    engine = EmbeddedEngine(find_release(release), limits)
    try:
        assert eventually(lambda: len(engine.pool.processes()) == 2)
        yield engine
    finally:
        engine.close()


@pytest.fixture(scope="module")
def engine(release: Path) -> Iterator[EmbeddedEngine]:
    with opened(release) as engine:
        yield engine


def begin(engine: EmbeddedEngine, query: str, number: int) -> list[asyncio.Task[Pending]]:
    """Begin a query so many times; in an event loop."""
    return [asyncio.create_task(engine.begin(Request(query, CSV))) for _ in range(number)]


async def give_up(tasks: list[asyncio.Task[Pending]]) -> None:
    """Let nobody wait for these any more."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def finished(pending: Pending) -> bytes:
    """Finish as the service does: at once what is ready, else in a thread."""
    answer = pending.finish() if pending.ready else await asyncio.to_thread(pending.finish)
    return answer.read()


def asked(engine: EmbeddedEngine, query: str) -> tuple[bool, bytes]:
    """Return whether the answer was ready without a thread, and the answer."""

    async def ask() -> tuple[bool, bytes]:
        pending = await engine.begin(Request(query, CSV))
        return pending.ready, await finished(pending)

    return asyncio.run(ask())


@pytest.mark.parametrize(
    ("query", "ready"),
    [
        (ONE, True),
        ("ASK {}", True),
        (LONG_TEXT, False),
        (f"SELECT * FROM <{'https://w3id.org/surplace/source/report/p2/s4'}> {{ ?s ?p ?o }}", False),
        (MANY_ROWS, False),  # its answer comes in many pieces
    ],
    ids=["rows", "boolean", "long-text", "from", "many-rows"],
)
def test_only_what_is_short_and_quick_needs_no_thread(
    engine: EmbeddedEngine, query: str, ready: bool
) -> None:
    expected = engine.ask(Request(query, CSV)).read()
    assert asked(engine, query) == (ready, expected)


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("SELECT", QuerySyntaxError),
        ("SELECT (<urn:f>(1) AS ?x) {}", RefusedError),
        ("ASK { SERVICE <http://127.0.0.1:9/> {} }", RefusedError),
        (SLOW, DeadlineError),
        (DEEP, TooComplexError),
    ],
    ids=["syntax", "function", "service", "slow", "deep"],
)
def test_a_query_that_cannot_be_answered_says_why_and_the_pool_goes_on(
    engine: EmbeddedEngine, query: str, error: type[Exception]
) -> None:
    with pytest.raises(error):
        asked(engine, query)
    assert eventually(lambda: len(engine.pool.processes()) == 2)
    assert engine.pool.queue.running == engine.pool.queue.running_long == 0
    assert asked(engine, ONE) == (True, b"x\r\n1\r\n")


def test_the_loop_goes_on_while_a_query_runs(engine: EmbeddedEngine) -> None:
    async def ask() -> int:
        turns = 0
        slow = asyncio.create_task(engine.begin(Request(SLOW, CSV)))
        while not slow.done():
            await asyncio.sleep(0.01)
            turns += 1
        with pytest.raises(DeadlineError):
            await finished(slow.result())
        return turns

    assert asyncio.run(ask()) > 5, "in the quarter of a second that is waited for it"


def test_whoever_finds_no_worker_waits_for_one(engine: EmbeddedEngine) -> None:
    async def ask() -> set[bytes]:
        return set(await asyncio.gather(*[one() for _ in range(2)]))

    async def one() -> bytes:
        return await finished(await engine.begin(Request(ONE, CSV)))

    for _ in range(20):
        assert asyncio.run(ask()) == {b"x\r\n1\r\n"}
    assert engine.pool.queue.running == engine.pool.queue.waiting() == 0


def test_whoever_waits_too_long_is_told_to_retry(release: Path) -> None:
    with opened(release, Limits(workers=2, quick=5.0, deadline=2.0, queue_wait=0.3)) as engine:

        async def ask() -> None:
            running = begin(engine, SLOW, 2)
            await asyncio.sleep(0.05)
            with pytest.raises(BusyError, match="no process became free in time"):
                await engine.begin(Request(ONE, CSV))
            assert engine.pool.queue.waiting() == 0
            await give_up(running)

        asyncio.run(ask())
        assert engine.pool.queue.running == 0
        assert engine.pool.ended["retired"] == 2, "what was given up is not left running"
        assert eventually(lambda: len(engine.pool.processes()) == 2)
        assert asked(engine, ONE) == (True, b"x\r\n1\r\n")


def test_whoever_gives_up_waiting_takes_no_turn(release: Path) -> None:
    with opened(release, Limits(workers=2, quick=5.0, deadline=2.0, queue_wait=5.0)) as engine:

        async def ask() -> None:
            running, (waiting,) = begin(engine, SLOW, 2), begin(engine, SLOW, 1)
            await asyncio.sleep(0.05)
            assert engine.pool.queue.waiting() == 1
            await give_up([waiting])
            assert engine.pool.queue.waiting() == 0
            await give_up(running)

        asyncio.run(ask())
        assert engine.pool.queue.running == 0


def test_a_worker_that_was_killed_loses_no_query(release: Path) -> None:
    with opened(release) as engine:
        for _ in range(5):
            for pid in engine.pool.processes():
                os.kill(pid, signal.SIGKILL)
            assert asked(engine, ONE)[1] == b"x\r\n1\r\n"


def test_a_worker_that_stands_still_stops_the_loop_not_at_all(release: Path) -> None:
    with opened(release) as engine:
        for pid in engine.pool.processes():
            os.kill(pid, signal.SIGSTOP)

        async def ask() -> float:
            loop = asyncio.get_running_loop()
            begun = loop.time()
            pending = await engine.begin(Request(ONE, CSV))
            assert not pending.ready
            took = loop.time() - begun
            with pytest.raises(DeadlineError):
                await finished(pending)
            return took

        assert asyncio.run(ask()) < 0.9, "it is a thread that waits for the deadline"


def test_an_answer_that_is_there_is_not_put_off_in_the_loop(release: Path) -> None:
    with opened(release, Limits(workers=2, quick=0.2, deadline=3.0)) as engine:

        def ask_slowly() -> None:
            with pytest.raises(DeadlineError):
                engine.ask(Request(SLOW, CSV))

        thread = threading.Thread(target=ask_slowly)
        thread.start()
        assert eventually(lambda: engine.pool.queue.running_long == engine.limits.long_count)

        async def ask() -> bytes:
            pending = await engine.begin(Request(ONE, CSV))
            assert pending.ready
            time.sleep(0.3)  # until it would count as long, for which there is no room
            return pending.finish().read()

        assert asyncio.run(ask()) == b"x\r\n1\r\n"
        assert engine.pool.ended["put-off"] == 0
        thread.join()


def test_looking_at_a_query_is_charged_to_its_client(release: Path) -> None:
    with opened(release, Limits(workers=2, client_seconds=0.001)) as engine:
        token = CLIENT.set("192.0.2.7")
        try:
            with pytest.raises(RefusedError):
                asked(engine, "ASK { SERVICE <http://127.0.0.1:9/> {} }" + " x" * 3000)
        finally:
            CLIENT.reset(token)
        assert engine.pool.buckets.level("192.0.2.7") > 0


def test_a_share_that_is_used_up_is_refused_before_anything_runs(release: Path) -> None:
    with opened(release, Limits(workers=2, client_burst=1, client_seconds=0.001)) as engine:
        engine.pool.buckets.add("192.0.2.1", 5)
        token = CLIENT.set("192.0.2.1")
        try:
            with pytest.raises(OveruseError):
                asked(engine, ONE)
        finally:
            CLIENT.reset(token)
