"""Every limit: what is just within it passes, one more is refused."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, cast

import pytest

import test_limits_of_connections
import test_limits_of_size
from engines import asked, blocking, opened, soon, workers
from fronts import HEAD, Reply, answers, front, until
from service import SLOW, eventually, make_release, serving
from surplace.catalogue import Catalogue
from surplace.catalogue.reading import read_query
from surplace.engine.clients import CLIENT, must_have_share
from surplace.engine.limits import Limits
from surplace.engine.local import LocalEngine
from surplace.engine.protocol import (
    BusyError,
    DeadlineError,
    OveruseError,
    QueryTooLongError,
    RefusedError,
    Request,
    TooComplexError,
    TooLargeError,
)
from surplace.engine.release import find_release
from surplace.gate.access import Access, Entry
from surplace.gate.admission import client_of, network
from surplace.routes.app import create_app
from surplace.routes.call import Call
from surplace.routes.message import HttpResponse
from surplace.routes.problems import Problem
from surplace.routes.threads import OF_A_CLIENT
from surplace.sparql.syntax import check
from test_queue import Clock, Line, queue_of

pytestmark = pytest.mark.alone

FIRST, SECOND, THIRD = "192.0.2.1", "192.0.2.2", "192.0.2.3"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_release(tmp_path_factory.mktemp("release"))


def test_every_limit_is_tripped_here() -> None:
    names = [*globals(), *vars(test_limits_of_size), *vars(test_limits_of_connections)]
    tests = {name.removeprefix("test_limit_") for name in names if name.startswith("test_limit_")}
    assert tests == {item.name for item in fields(Limits)}


def test_limit_workers() -> None:
    async def main() -> None:
        queue = queue_of(Limits(workers=2, queue_wait=0.05), 3)
        for _ in range(2):
            await queue.turn("", time.monotonic() + 1)
        with pytest.raises(BusyError, match="no process became free in time"):
            await queue.turn("", time.monotonic() + 1)

    asyncio.run(main())


def test_limit_queue() -> None:
    async def main() -> list[str]:
        queue = queue_of(Limits(workers=1, queue=2), 1)
        turn, line = await queue.turn("", time.monotonic() + 1), Line(queue)
        for name in ("first", "second"):
            await line.join(name)
        with pytest.raises(BusyError, match="too many queries are waiting"):
            await queue.turn("", time.monotonic() + 1)
        return await line.go(turn)

    assert asyncio.run(main()) == ["first", "second"]


def test_limit_queue_wait() -> None:
    async def main() -> float:
        queue = queue_of(Limits(workers=1, queue_wait=0.3), 1)
        await queue.turn("", time.monotonic() + 5)
        begun = time.monotonic()
        with pytest.raises(BusyError):
            await queue.turn("", time.monotonic() + 5)
        return time.monotonic() - begun

    assert 0.3 <= asyncio.run(main()) < 0.6


def test_limit_deadline(release: Path) -> None:
    async def main() -> float:
        async with opened(release, deadline=0.8) as engine:
            assert await asked(engine, "ASK {}") == "true"
            begun = time.monotonic()
            with pytest.raises(DeadlineError, match=r"longer than 0\.8 seconds"):
                await engine.ask(Request(SLOW))
            return time.monotonic() - begun

    assert 0.8 <= asyncio.run(main()) < 1.3


def test_limit_quick(release: Path) -> None:
    """Of two workers one is for what is quick; a second long query waits, and a quick one does not."""

    async def main() -> None:
        async with opened(release, deadline=3.0, quick=0.2) as engine:
            queue = engine.pool.queue
            assert await soon(lambda: len(workers(engine)) >= 2)
            first = asyncio.create_task(asked(engine, SLOW))
            await asyncio.sleep(0.1)
            assert (queue.running, queue.running_long) == (1, 0)
            assert await soon(lambda: queue.running_long == 1, 2)
            second = asyncio.create_task(asked(engine, SLOW))
            assert await soon(lambda: queue.waiting == 1, 2)
            assert queue.running == 1
            assert engine.pool.ended["put-off"] == 1
            begun = time.monotonic()
            assert await asked(engine, "ASK {}") == "true"
            assert time.monotonic() - begun < 0.5
            assert await first == "deadline"
            second.cancel()

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
        async with opened(release, worker_memory=memory) as engine:
            assert await asked(engine, holding(memory - 8)) == f"n\r\n{2**20 + 1}\r\n"
            with pytest.raises(TooComplexError, match="probably because the query is too complex"):
                await engine.ask(Request(holding(memory)))

    for memory in (64, 128):
        asyncio.run(main(memory))


def test_limit_query_length() -> None:
    limits = Limits(query_length=100)
    check("ASK {}".ljust(100), limits)
    with pytest.raises(QueryTooLongError, match="has 101 characters: send at most 100"):
        check("ASK {}".ljust(101), limits)


@pytest.mark.parametrize(("begin", "end"), [("{", "}"), ("(", ")"), ("[", "]"), ("<< ", ">>"), ("{|", "|}")])
def test_limit_query_nesting(begin: str, end: str) -> None:
    limits = Limits(query_nesting=10)
    check("ASK {" + begin * 9 + end * 9 + "}", limits)
    with pytest.raises(RefusedError, match="has 11 levels of nesting, and 10 are allowed"):
        check("ASK {" + begin * 10 + end * 10 + "}", limits)


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
            with pytest.raises(TooLargeError, match=r"larger than 0\.000976562 MiB"):
                await engine.ask(Request(query % ("x" * (exact + 1)), {"graph": "nt"}))
            rows = "SELECT * { VALUES ?x { %s } }"
            cells = ["a" * 510, "b" * 507]
            assert len(await asked(engine, rows % " ".join(f"'{cell}'" for cell in cells))) == 1024
            cut = await asked(engine, rows % f"'{cells[0]}' '{cells[1]}b'")
            assert cut == f'x\r\n{cells[0]}\r\n"CUT: the answer has more than these 1 rows."\r\n'

    asyncio.run(main())


def page(release: Path, path: str, query: str | None = None, **limits: int) -> str:
    """Return a page of the application with these limits."""
    found = Limits(workers=1, **limits)
    with blocking(release, found) as engine:
        arguments = {"query_string": {"query": query}} if query else {}
        client = create_app(engine, Catalogue({}), found).test_client()
        return client.get(path, headers={"Accept": "text/html"}, **arguments).text


def test_limit_page_rows(release: Path) -> None:
    values = "SELECT * { VALUES ?x { %s } }"
    assert ">3 rows</p>" in page(release, "/sparql", values % "1 2 3", page_rows=3).replace("\n", "")
    assert "4 rows; the first 3 are shown" in page(release, "/sparql", values % "1 2 3 4", page_rows=3)


def test_limit_offset(release: Path) -> None:
    limits = Limits(workers=1, offset=3)
    with blocking(release, limits) as engine:
        text = "#+ summary: x\n#+ columns: {x: integer}\nSELECT ?x { VALUES ?x { 1 2 3 4 5 } } ORDER BY ?x\n"
        query = read_query(text, "it", Path("it.rq"), "explore", "it.rq")
        client = create_app(engine, Catalogue({"it": query}), limits).test_client()
        with client.get("/queries/it.csv?offset=3") as fits:
            assert fits.text == "x\r\n4\r\n5\r\n"
        refused = client.get("/queries/it.csv?offset=4")
        assert refused.status_code == 400
        assert "give a whole number from 0 to 3." in refused.json["detail"]


def test_limit_page_bytes(release: Path) -> None:
    query = "SELECT * { VALUES ?x { '%s' } }"
    with blocking(release, Limits(workers=1)) as engine:
        size = len(engine.ask(Request(query % "")).read())
    fits = 1024 - size
    assert "1 row" in page(release, "/sparql", query % ("x" * fits), page_bytes=1024)
    assert "too large for a page" in page(release, "/sparql", query % ("x" * (fits + 1)), page_bytes=1024)


def test_limit_statements(release: Path) -> None:
    known = page(release, "/id/body/committee", statements=3)
    few = page(release, "/id/body/committee", statements=1)
    assert known.count("<dt>") != few.count("<dt>") or len(known) > len(few)


def supposed(release: Path, **limits: float) -> tuple[int, str]:
    """Suppose something, in an application with these limits; return the status and the detail."""
    found = replace(Limits(workers=1), **cast("Any", limits))
    with blocking(release, found) as engine:
        client = create_app(engine, Catalogue({}), found).test_client()
        query = {"kind": "accede", "on": "2012-01-01", "state": "RUR", "treaty": "pact"}
        response = client.get("/what-if", query_string=query, headers={"Accept": "application/json"})
        return response.status_code, str(response.json["detail"])


COMPUTED = (400, "The release holds no record of a depositary: nothing can be supposed of consents.")
"""What comes of it over the invented world, in about a second, if the process has time and memory."""


def test_limit_supposition_deadline(release: Path) -> None:
    assert supposed(release, supposition_deadline=30) == COMPUTED
    begun = time.monotonic()
    status, detail = supposed(release, supposition_deadline=0.05)
    assert (status, detail[:46]) == (504, "The supposition took longer than 0.05 seconds:")
    assert time.monotonic() - begun < 3


def test_limit_supposition_memory(release: Path) -> None:
    assert supposed(release, supposition_memory=1024) == COMPUTED
    status, detail = supposed(release, supposition_memory=1)
    assert (status, detail) == (503, "The process that computed the supposition was lost: try again.")


def must_wait(engine: LocalEngine, client: str) -> int:
    """Return the seconds that a client is told to wait."""
    try:
        must_have_share(engine.shares, client)
    except OveruseError as error:
        return error.retry_after
    return 0


def used(release: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> LocalEngine:
    """Return an engine of which a client may use 100 seconds at once, and 30 more each minute."""
    engine = LocalEngine(find_release(release), Limits(client_burst=100, client_seconds=30))
    monkeypatch.setattr(engine.shares, "_clock", clock)
    return engine


def test_limit_client_burst(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def main() -> list[int]:
        engine = used(release, Clock(), monkeypatch)
        engine.shares.add(FIRST, 100)
        engine.shares.add(SECOND, 100.5)
        return [must_wait(engine, client) for client in (FIRST, SECOND, THIRD)]

    assert asyncio.run(main()) == [0, 1, 0]


def test_limit_client_seconds(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever used the time of one more minute than may be used at once has to wait for one minute."""

    async def main() -> list[int]:
        clock = Clock()
        engine = used(release, clock, monkeypatch)
        engine.shares.add(FIRST, 130)
        found = []
        for seconds in (0, 59.9, 0.1):
            clock.now += seconds
            found.append(must_wait(engine, FIRST))
        return found

    assert asyncio.run(main()) == [60, 1, 0]


def test_a_client_that_used_its_seconds_is_refused_and_others_are_not(release: Path) -> None:
    async def main() -> None:
        async with opened(release, client_burst=0.2, client_seconds=1, deadline=0.5) as engine:
            CLIENT.set(FIRST)
            assert await asked(engine, SLOW) == "deadline"
            with pytest.raises(OveruseError, match="used more than their share of time") as caught:
                await engine.ask(Request("ASK {}"))
            assert 1 <= caught.value.retry_after <= 20
            CLIENT.set(SECOND)
            assert await asked(engine, "ASK {}") == "true"

    asyncio.run(main())


def statuses(limits: Limits, error: Exception, clients: list[str]) -> list[int]:
    """Return what requests that fail so are told, one after the other."""

    async def main() -> list[int]:
        async with front(limits, answers(error=error)) as opened:
            return [(await opened.request(client)).status for client in clients]

    return asyncio.run(main())


def test_limit_client_errors() -> None:
    error = Problem("syntax", "It is none.")
    clients = [FIRST] * 4 + [SECOND]
    assert statuses(Limits(client_errors=3), error, clients) == [400, 400, 400, 429, 400]


@pytest.mark.parametrize("code", ["not-found", "overuse", "busy", "unavailable", "endpoint"])
def test_what_is_not_the_fault_of_a_client_is_forgiven(code: str) -> None:
    error = Problem(code, "It is so.")
    assert statuses(Limits(client_errors=3), error, [FIRST] * 10) == [error.kind.status] * 10


class Barrier:
    """Handlers whose answers wait until it is opened."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.inside = 0

    async def in_loop(self, _call: Call) -> HttpResponse:
        """Answer in the event loop."""
        self.inside += 1
        while not self.open.is_set():
            await asyncio.sleep(0.005)
        return HttpResponse(b"ok")

    def in_thread(self, _call: Call) -> HttpResponse:
        """Answer in a thread for pages."""
        self.inside += 1
        self.open.wait(10)
        return HttpResponse(b"ok")


def held(limits: Limits, clients: list[str], late: str) -> tuple[Reply, list[int]]:
    """Hold a request of each client and send one more; the latter's reply, and those of the others."""

    async def main() -> tuple[Reply, list[int]]:
        barrier = Barrier()
        async with front(limits, barrier.in_loop) as opened:
            tasks = [asyncio.create_task(opened.request(client)) for client in clients]
            await until(lambda: barrier.inside == len(clients))
            task = asyncio.create_task(opened.request(late))
            await asyncio.sleep(0.05)
            barrier.open.set()
            return await task, [(await item).status for item in tasks]

    return asyncio.run(main())


def test_limit_client_requests() -> None:
    limits = Limits(client_requests=3)
    reply, others = held(limits, [FIRST] * 3, FIRST)
    assert (reply.status, reply.problem, reply.headers["retry-after"]) == (429, "overuse", "1")
    assert others == [200] * 3
    assert held(limits, [FIRST] * 2, FIRST)[0].status == 200
    assert held(limits, [FIRST] * 3, SECOND)[0].status == 200


def test_limit_requests() -> None:
    limits, clients = Limits(requests=3), [FIRST, SECOND, THIRD]
    reply, others = held(limits, clients, "192.0.2.9")
    assert (reply.status, reply.problem, reply.headers["retry-after"]) == (503, "busy", "2")
    assert others == [200] * 3
    assert held(limits, clients[:2], "192.0.2.9")[0].status == 200


@pytest.mark.parametrize(
    ("clients", "inside"), [([FIRST, SECOND, THIRD, "192.0.2.4"], 3), ([FIRST] * 4, OF_A_CLIENT)]
)
def test_limit_page_threads(clients: list[str], inside: int) -> None:
    async def main() -> tuple[int, list[int]]:
        barrier = Barrier()
        async with front(Limits(page_threads=3), barrier.in_thread) as opened:
            tasks = [asyncio.create_task(opened.request(client)) for client in clients]
            await until(lambda: barrier.inside == inside)
            await asyncio.sleep(0.1)
            found = barrier.inside
            barrier.open.set()
            return found, [(await item).status for item in tasks]

    assert asyncio.run(main()) == (inside, [200] * 4)


def test_limit_proxies() -> None:
    """So many proxies are believed, the nearest first; what a client adds itself says nothing."""
    hops = b"X-Forwarded-For: 198.51.100.7, 192.0.2.5, 10.0.0.2\r\n"
    split = b"X-Forwarded-For: 6.6.6.6\r\nX-Forwarded-For: 192.0.2.5\r\n"

    async def who(_call: Call) -> HttpResponse:
        return HttpResponse(CLIENT.get().encode())

    async def seen(proxies: int, headers: bytes) -> str:
        async with front(Limits(proxies=proxies), who) as opened:
            return (await opened.ask(HEAD + headers + b"\r\n")).body.decode()

    for proxies, headers, client in (
        (0, hops, "127.0.0.1"),
        (1, hops, "10.0.0.2"),
        (2, hops, "192.0.2.5"),
        (3, hops, "198.51.100.7"),
        (9, hops, "198.51.100.7"),
        (1, split, "192.0.2.5"),
        (1, b"", "127.0.0.1"),
        (1, b"X-Forwarded-For:\r\n", "127.0.0.1"),
        (1, b"X-Forwarded-For: unknown\r\n", "127.0.0.1"),
        (1, b"X-Forwarded-For: <script>\r\n", "127.0.0.1"),
    ):
        assert asyncio.run(seen(proxies, headers)) == client, (proxies, headers)


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::", "2001:db8:1:2::"),
    ],
)
def test_a_client_has_one_name_however_its_address_is_written(address: str, client: str) -> None:
    assert client_of(network(address), {}, 0) == client
    assert client_of("10.0.0.1", {"x-forwarded-for": address}, 1) == client


def test_limit_log_queries(capfd: pytest.CaptureFixture[str]) -> None:
    entry = Entry("192.0.2.1", "GET", "/sparql\r\n\x1b[31m", query="SELECT 'secret\x00'")
    for queries in (False, True):
        log = Access(queries=queries)
        log.write(entry)
        log.close()
    without, with_text = capfd.readouterr().err.splitlines()
    assert "secret" not in without
    assert "192.0.2.1" not in without + with_text
    assert without.isascii()
    assert without.isprintable()
    first, second = json.loads(without), json.loads(with_text)
    assert first["query"] == second["query"]
    assert len(first["query"]) == 32
    assert first["path"] == "/sparql\r\n\x1b[31m"
    assert second["text"] == entry.query


def test_limit_release_check(tmp_path: Path) -> None:
    """A new release is noticed within that time; with 0 never."""
    out = make_release(tmp_path / "a")
    for setting, noticed in (("0.2", True), ("0", False)):
        first = (out / "current").resolve().name
        with serving("--release", str(out), environment={"SURPLACE_RELEASE_CHECK": setting}) as service:
            assert json.loads(service.get("/health").body)["release"] == first
            second = make_release(out, more="GRAPH graph:provenance { source:report a sur:Document . }")
            name = (second / "current").resolve().name
            assert name != first

            def changed(name: str = name) -> bool:
                return json.loads(service.get("/health").body)["release"] == name

            assert eventually(changed, 5 if noticed else 1) is noticed
        make_release(out)
