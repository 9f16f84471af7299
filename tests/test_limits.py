"""Every limit: what is just within it passes, one more is refused."""

from __future__ import annotations

import asyncio
import gc
import json
import threading
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, cast

import pytest

import test_limits_of_connections
import test_limits_of_size
import test_limits_of_the_engine
from engines import blocking
from fronts import HEAD, Reply, answers, front, until
from service import eventually, make_release, serving
from surplace.catalogue import Catalogue
from surplace.catalogue.reading import read_query
from surplace.engine.clients import CLIENT, Buckets
from surplace.engine.limits import Limits
from surplace.engine.local import LocalEngine
from surplace.engine.protocol import (
    Request,
)
from surplace.engine.release import find_release
from surplace.gate.access import Access, LogEntry
from surplace.gate.admission import client_of, network
from surplace.http.call import Call
from surplace.http.message import HttpResponse
from surplace.http.problems import Problem
from surplace.http.threads import OF_A_CLIENT, PageThreads
from surplace.http.waiting import Awaited
from surplace.routes.app import create_app
from test_queue import Clock

FIRST, SECOND, THIRD = "192.0.2.1", "192.0.2.2", "192.0.2.3"


def test_every_limit_is_tripped_here() -> None:
    modules = (test_limits_of_size, test_limits_of_connections, test_limits_of_the_engine)
    names = [*globals(), *(name for module in modules for name in vars(module))]
    tests = {name.removeprefix("test_limit_") for name in names if name.startswith("test_limit_")}
    assert tests == {item.name for item in fields(Limits)}


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


def used(release: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> LocalEngine:
    """Return an engine of which a client may use 100 seconds at once, and 30 more each minute."""
    engine = LocalEngine(find_release(release), Limits(client_burst=100, client_seconds=30))
    monkeypatch.setattr(engine.shares, "_clock", clock)
    return engine


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


def test_what_waits_holds_no_thread() -> None:
    """More clients wait for something than there are threads; pages are made meanwhile."""

    async def main() -> tuple[bytes, list[bytes]]:
        release = asyncio.Event()

        def view(call: Call) -> HttpResponse | Awaited:
            if call.request.method == "GET":
                return HttpResponse(b"a page")
            return Awaited(release.wait, lambda found: HttpResponse(f"after {found}".encode()))

        async with front(Limits(page_threads=2), view) as opened:
            tasks = [asyncio.create_task(opened.request(f"192.0.2.{n}", "POST")) for n in range(1, 6)]
            page = await asyncio.wait_for(opened.request("192.0.2.9"), 5)
            assert not any(task.done() for task in tasks)
            release.set()
            return page.body, [(await task).body for task in tasks]

    assert asyncio.run(main()) == (b"a page", [b"after True"] * 5)


def test_a_page_is_made_for_whoever_used_least() -> None:
    async def main() -> list[str]:
        threads, shares, order = PageThreads(1), Buckets(1, 100), list[str]()
        shares.add(FIRST, 9)
        shares.add(SECOND, 1)

        async def ask(client: str) -> None:
            CLIENT.set(client)
            await threads.run(lambda: order.append(client), shares)

        begun = threading.Event()
        holding = asyncio.create_task(threads.run(begun.wait, shares))
        await asyncio.sleep(0)
        tasks = [asyncio.create_task(ask(client)) for client in (FIRST, FIRST, SECOND, THIRD)]
        await asyncio.sleep(0)
        begun.set()
        await asyncio.gather(holding, *tasks)
        threads.close()
        return order

    assert asyncio.run(main()) == [THIRD, SECOND, FIRST, FIRST]


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
    entry = LogEntry("192.0.2.1", "GET", "/sparql\r\n\x1b[31m", query="SELECT 'secret\x00'")
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


def test_limit_warm_time(release: Path) -> None:
    """Before the first request, queries have been put for the pages; with 0 none."""
    for setting, asked in (("3", True), ("0", False)):
        with serving("--release", str(release), environment={"SURPLACE_WARM_TIME": setting}) as service:
            assert ("\nsurplace_queries_total{" in service.get("/metrics").text) is asked


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


def test_an_answer_leaves_nothing_that_holds_itself() -> None:
    async def main() -> int:
        async with front(Limits(), answers()) as opened:
            for _ in range(5):
                await opened.request(FIRST)
            gc.collect()
            for _ in range(100):
                await opened.request(FIRST)
            return gc.collect()

    assert asyncio.run(main()) < 100, "looking for it would stop the event loop again and again"
