"""Limits of the engine: what is just within each passes, one more is refused."""

from __future__ import annotations

import asyncio
import json
import time
from datetime import date
from pathlib import Path

import pytest

from engines import asked, opened, soon
from service import SLOW
from surplace.engine.answer import Answer, Room
from surplace.engine.clients import CLIENT, Buckets, must_have_share
from surplace.engine.limits import Limits
from surplace.engine.protocol import Request
from surplace.engine.query_errors import (
    BusyError,
    DeadlineError,
    OveruseError,
    QueryTooLongError,
    RefusedError,
    TooComplexError,
    TooLargeError,
)
from surplace.engine.syntax import check
from surplace.errors import SurplaceError
from surplace.rdf.formats import FORMATS
from surplace.suppose.process import suppose
from surplace.suppose.supposition import Supposition
from test_queue import Clock, queue_of

pytestmark = pytest.mark.quiet


def test_limit_workers() -> None:
    async def main() -> None:
        queue = queue_of(Limits(workers=2, queue_wait=0.05), 3)
        for _ in range(2):
            await queue.turn("", time.monotonic() + 1)
        with pytest.raises(BusyError, match="no process became free in time"):
            await queue.turn("", time.monotonic() + 1)

    asyncio.run(main())


def test_limit_queue() -> None:
    async def main() -> None:
        queue = queue_of(Limits(workers=1, queue=2, queue_wait=0.5), 1)
        turn = await queue.turn("", time.monotonic() + 1)
        waiting = [asyncio.create_task(queue.turn("", time.monotonic() + 1)) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(BusyError, match="too many queries are waiting"):
            await queue.turn("", time.monotonic() + 1)
        queue.end(turn, keep=True)
        queue.end(await waiting[0], keep=True)
        queue.end(await waiting[1], keep=True)

    asyncio.run(main())


def test_limit_queue_wait() -> None:
    async def main() -> float:
        queue = queue_of(Limits(workers=1, queue_wait=0.3), 1)
        await queue.turn("", time.monotonic() + 5)
        begun = time.monotonic()
        with pytest.raises(BusyError):
            await queue.turn("", time.monotonic() + 5)
        return time.monotonic() - begun

    assert 0.3 <= asyncio.run(main()) < 0.6


@pytest.mark.parametrize(("deadline", "timeout"), [(0.8, None), (0.8, 60.0), (10.0, 0.8)])
def test_limit_deadline(release: Path, deadline: float, timeout: float | None) -> None:
    async def main() -> float:
        async with opened(release, deadline=deadline) as engine:
            assert await asked(engine, "ASK {}") == "true"
            begun = time.monotonic()
            with pytest.raises(DeadlineError, match=r"longer than 0\.8 seconds"):
                await engine.ask(Request(SLOW, timeout=timeout))
            return time.monotonic() - begun

    assert 0.8 <= asyncio.run(main()) < 1.3


def test_limit_quick(release: Path) -> None:
    """Of two workers one is for what is quick; a second long query waits, and a quick one does not."""

    async def main() -> None:
        async with opened(release, deadline=3.0, quick=0.2) as engine:
            assert await soon(lambda: engine.figures().ready == 2)
            first = asyncio.create_task(asked(engine, SLOW))
            await asyncio.sleep(0.1)
            assert engine.figures().running_long == 0
            assert await soon(lambda: engine.figures().running_long == 1, 2)
            second = asyncio.create_task(asked(engine, SLOW))
            assert await soon(lambda: engine.figures().waiting == 1, 2)
            assert engine.figures().running == 1
            assert engine.figures().ended["put-off"] == 1
            begun = time.monotonic()
            assert await asked(engine, "ASK {}") == "true"
            assert time.monotonic() - begun < 0.5
            assert await first == "deadline"
            assert await second in ("deadline", "busy")

    asyncio.run(main())


def test_limit_worker_memory(release: Path) -> None:
    """Of texts of 1 MiB, a process holds as many as it has MiB, less a few for what evaluates the query.

    How many those are (5 where this was written) depends on allocator and library: hence the 8.
    """
    doubled = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(16))

    def holding(number: int) -> str:
        held = " ".join(f"BIND(CONCAT(?x16, '{n}') AS ?y{n})" for n in range(number))
        return f"SELECT (STRLEN(?y0) AS ?n) {{ BIND('0123456789abcdef' AS ?x0) {doubled} {held} }}"

    async def main(memory: int) -> None:
        async with opened(release, workers=1, worker_memory=memory) as engine:
            assert await asked(engine, holding(memory - 8)) == f"n\r\n{2**20 + 1}\r\n"
            with pytest.raises(TooComplexError, match="probably because the query is too complex"):
                await engine.ask(Request(holding(memory)))

    for memory in (64, 128):
        asyncio.run(main(memory))


def test_limit_query_length() -> None:
    limits = Limits(query_length=100)
    check(Request("ASK {}".ljust(100), by_client=True), limits)
    check(Request("ASK {}".ljust(101)), limits)
    with pytest.raises(QueryTooLongError, match="has 101 characters: send at most 100"):
        check(Request("ASK {}".ljust(101), by_client=True), limits)


@pytest.mark.parametrize(("begin", "end"), [("{", "}"), ("(", ")"), ("[", "]")])
def test_limit_query_nesting(begin: str, end: str) -> None:
    limits = Limits(query_nesting=10)
    check(Request("ASK {" + begin * 9 + end * 9 + "}"), limits)
    with pytest.raises(RefusedError, match="has 11 levels of nesting, and 10 are allowed"):
        check(Request("ASK {" + begin * 10 + end * 10 + "}"), limits)


def test_limit_answer_rows(release: Path) -> None:
    values = "SELECT * { VALUES ?x { %s } }"

    async def main() -> None:
        async with opened(release, answer_rows=3) as engine:
            assert await asked(engine, values % "1 2 3") == "x\r\n1\r\n2\r\n3\r\n"
            answer = await engine.ask(Request(values % "1 2 3 4", {"bindings": "json"}))
            assert answer.cut == 3
            document = json.loads(answer.read())
            assert len(document["results"]["bindings"]) == 3
            assert document["head"]["link"] == ["/problems#cut"]

    asyncio.run(main())


def test_limit_answer_bytes(release: Path) -> None:
    query = "CONSTRUCT { <urn:s> <urn:p> ?x } { VALUES ?x { '%s' } }"
    exact = 1024 - len('<urn:s> <urn:p> "" .\n')

    async def main() -> None:
        async with opened(release, answer_bytes=1024) as engine:
            assert len(await asked(engine, query % ("x" * exact))) == 1024
            with pytest.raises(TooLargeError, match=r"larger than 1024 bytes:"):
                await engine.ask(Request(query % ("x" * (exact + 1)), {"graph": "nt"}))
            rows = "SELECT * { VALUES ?x { %s } }"
            cells = ["a" * 510, "b" * 507]
            assert len(await asked(engine, rows % " ".join(f"'{cell}'" for cell in cells))) == 1024
            cut = await asked(engine, rows % f"'{cells[0]}' '{cells[1]}b'")
            assert cut == f'x\r\n{cells[0]}\r\n"CUT: the answer has more than these 1 rows."\r\n'

    asyncio.run(main())


def test_limit_answers_bytes(release: Path) -> None:
    room = Room(4000)
    form = FORMATS["csv"]
    held = [Answer("bindings", form, 10_000, room) for _ in range(3)]
    held[0].write(b"x" * 3000)
    held[1].write(b"x" * 1000)
    with pytest.raises(BusyError, match="all clients"):
        held[2].write(b"x")
    held[0].close()
    held[1].write(b"x" * 3000)
    held[1].close()
    with pytest.raises(BusyError, match="yours"):
        room.take("192.0.2.1", 1001)
    room.take("192.0.2.1", 1000)
    with pytest.raises(BusyError, match="yours"):
        room.take("192.0.2.1", 1)

    async def main() -> None:
        async with opened(release, answers_bytes=4096) as engine:
            query = "SELECT ?x { VALUES ?x { '%s' } }" % ("x" * (4096 - len("x\r\n\r\n")))
            first = await engine.ask(Request(query, {"bindings": "csv"}))
            with pytest.raises(BusyError, match="all clients"):
                await engine.ask(Request("ASK {}", {"boolean": "csv"}))
            first.close()
            assert (await engine.ask(Request("ASK {}", {"boolean": "csv"}))).read() == b"true"

    asyncio.run(main())


async def supposed(release: Path, **limits: float) -> str:
    """Suppose something in an engine with these limits; return what is said of it."""
    async with opened(release, **limits) as engine:
        try:
            change = Supposition("accede", date(2012, 1, 1), state=RURITANIA, treaty=PACT)
            return str(await suppose(engine, "what-if", [change]))
        except SurplaceError as error:
            return str(error)


RURITANIA = "https://w3id.org/surplace/id/state/RUR"
PACT = "https://w3id.org/surplace/id/instrument/pact"
COMPUTED = "The release holds no record of a depositary: nothing can be supposed of consents."
"""What comes of it over the invented world, in about a second, if the process has time and memory."""


def test_limit_supposition_deadline(release: Path) -> None:
    assert asyncio.run(supposed(release, supposition_deadline=30)) == COMPUTED
    begun = time.monotonic()
    assert asyncio.run(supposed(release, supposition_deadline=0.05)) == (
        "The supposition took longer than 0.05 seconds: suppose less at once."
    )
    assert time.monotonic() - begun < 3


def test_limit_supposition_memory(release: Path) -> None:
    assert asyncio.run(supposed(release, supposition_memory=1024)) == COMPUTED
    assert asyncio.run(supposed(release, supposition_memory=1)) == (
        "The process that computed the supposition was lost: try again."
    )


def test_limit_client_burst() -> None:
    buckets = Buckets(30, 100, Clock())
    buckets.add("192.0.2.1", 100)
    must_have_share(buckets, "192.0.2.1")
    buckets.add("192.0.2.2", 100.5)
    with pytest.raises(OveruseError) as caught:
        must_have_share(buckets, "192.0.2.2")
    assert caught.value.retry_after == 1
    must_have_share(buckets, "192.0.2.3")


def test_limit_client_seconds() -> None:
    """Whoever used the time of one more minute than may be used at once has to wait for one minute."""
    clock = Clock()
    buckets = Buckets(30, 100, clock)
    buckets.add("192.0.2.1", 130)
    clock.now += 59.9
    with pytest.raises(OveruseError):
        must_have_share(buckets, "192.0.2.1")
    clock.now += 0.1
    must_have_share(buckets, "192.0.2.1")


def test_a_client_that_used_its_seconds_is_refused_and_others_are_not(release: Path) -> None:
    async def main() -> None:
        async with opened(release, client_burst=0.2, client_seconds=1, deadline=0.5) as engine:
            assert (engine.shares.size, engine.shares.rate) == (0.2, 1 / 60)
            CLIENT.set("192.0.2.1")
            assert await asked(engine, SLOW) == "deadline"
            with pytest.raises(OveruseError, match="used more than their share of time") as caught:
                await engine.ask(Request("ASK {}"))
            assert 1 <= caught.value.retry_after <= 20
            CLIENT.set("192.0.2.2")
            assert await asked(engine, "ASK {}") == "true"

    asyncio.run(main())
