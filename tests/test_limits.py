"""Every limit: what is just within it passes, one more is refused."""

from __future__ import annotations

import asyncio
import io
import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlsplit

import pytest

import test_limits_of_size
import test_limits_of_the_engine
from engines import blocking, pool_of
from fronts import Reply, answers, ask, front
from service import eventually, make_release, serving
from surplace.catalogue import Catalogue
from surplace.catalogue.reading import read_query
from surplace.engine.blocking import Blocking
from surplace.engine.clients import CLIENT
from surplace.engine.limits import Limits
from surplace.engine.protocol import Request
from surplace.web.access import Access, Entry
from surplace.web.admission import client_of
from surplace.web.app import create_app
from surplace.web.service import body_limit

pytestmark = pytest.mark.alone


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_release(tmp_path_factory.mktemp("release"))


def test_every_limit_is_tripped_here() -> None:
    names = [*globals(), *vars(test_limits_of_size), *vars(test_limits_of_the_engine)]
    tests = {name.removeprefix("test_limit_") for name in names if name.startswith("test_limit_")}
    assert tests == {item.name for item in fields(Limits)}


@contextmanager
def opened(release: Path, **limits: float) -> Iterator[Blocking]:
    """Open an engine with these limits, one query at a time unless they say otherwise."""
    with blocking(release, replace(Limits(workers=1), **cast("Any", limits))) as engine:
        yield engine


def page(release: Path, path: str, query: str | None = None, **limits: float) -> str:
    """Return a page of the application with these limits."""
    with opened(release, **limits) as engine:
        app = create_app(engine, Catalogue({}), pool_of(engine).limits)
        arguments = {"query_string": {"query": query}} if query else {}
        return app.test_client().get(path, headers={"Accept": "text/html"}, **arguments).text


def test_limit_page_rows(release: Path) -> None:
    values = "SELECT * { VALUES ?x { %s } }"
    assert ">3 rows</p>" in page(release, "/sparql", values % "1 2 3", page_rows=3).replace("\n", "")
    assert "4 rows; the first 3 are shown" in page(release, "/sparql", values % "1 2 3 4", page_rows=3)


def test_limit_offset(release: Path) -> None:
    with opened(release, offset=3) as engine:
        text = "#+ summary: x\n#+ columns: {x: integer}\nSELECT ?x { VALUES ?x { 1 2 3 4 5 } } ORDER BY ?x\n"
        query = read_query(text, "it", Path("it.rq"), "explore", "it.rq")
        client = create_app(engine, Catalogue({"it": query}), pool_of(engine).limits).test_client()
        with client.get("/queries/it.csv?offset=3") as fits:
            assert fits.text == "x\r\n4\r\n5\r\n"
        refused = client.get("/queries/it.csv?offset=4")
        assert refused.status_code == 400
        assert "give a whole number from 0 to 3." in refused.json["detail"]


def test_limit_page_bytes(release: Path) -> None:
    query = "SELECT * { VALUES ?x { '%s' } }"
    with opened(release) as engine:
        size = len(engine.ask(Request(query % "")).read())
    fits = 1024 - size
    assert "1 row" in page(release, "/sparql", query % ("x" * fits), page_bytes=1024)
    assert "too large for a page" in page(release, "/sparql", query % ("x" * (fits + 1)), page_bytes=1024)


def test_limit_statements(release: Path) -> None:
    known = page(release, "/id/body/committee", statements=3)
    few = page(release, "/id/body/committee", statements=1)
    assert known.count("<dt>") != few.count("<dt>") or len(known) > len(few)


def test_limit_client_errors() -> None:
    async def main() -> list[int]:
        with front(Limits(client_errors=3), answers(400, noted="syntax")) as opened:
            found = [(await ask(opened)).status for _ in range(4)]
            return [*found, (await ask(opened, client="192.0.2.2")).status]

    assert asyncio.run(main()) == [400, 400, 400, 429, 400]


def test_links_that_lead_nowhere_are_forgiven() -> None:
    async def main() -> list[int]:
        with front(Limits(client_errors=3), answers(404, noted="not-found")) as opened:
            return [(await ask(opened)).status for _ in range(10)]

    assert asyncio.run(main()) == [404] * 10


class Gate:
    """An application whose answers wait until it is opened."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.inside = 0

    def __call__(self, _environ: dict[str, Any], start: Any) -> list[bytes]:
        self.inside += 1
        self.open.wait(10)
        start("200 OK", [])
        return [b""]


def held(limits: Limits, number: int, more: dict[str, Any], clients: int = 1) -> tuple[Reply, list[int], int]:
    """Hold *number* requests at the gate and send one more; the latter's reply, and those of the others."""

    async def main() -> tuple[Reply, list[int], int]:
        gate = Gate()
        with front(limits, gate) as opened:
            tasks = [
                asyncio.create_task(ask(opened, client=f"192.0.2.{turn % clients}")) for turn in range(number)
            ]
            while gate.inside < min(number, limits.thread_count):
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.1)
            inside = gate.inside
            late = asyncio.create_task(ask(opened, **more))
            await asyncio.sleep(0.1)
            gate.open.set()
            return await late, [(await task).status for task in tasks], inside

    return asyncio.run(main())


def test_limit_client_requests() -> None:
    limits = Limits(client_requests=3)
    reply, others, _ = held(limits, 3, {"client": "192.0.2.0"})
    assert (reply.status, reply.problem, reply.headers["retry-after"]) == (429, "overuse", "1")
    assert others == [200] * 3
    assert held(limits, 2, {"client": "192.0.2.0"})[0].status == 200
    assert held(limits, 3, {"client": "192.0.2.9"})[0].status == 200


def test_limit_requests() -> None:
    limits = Limits(requests=3)
    reply, others, _ = held(limits, 3, {"client": "192.0.2.9"}, clients=3)
    assert (reply.status, reply.problem, reply.headers["retry-after"]) == (503, "busy", "2")
    assert others == [200] * 3
    assert held(limits, 2, {"client": "192.0.2.9"}, clients=3)[0].status == 200


def test_limit_body_bytes() -> None:
    """What is held at once, by whomever, is within the limit; it is free again afterwards."""
    limits = Limits(body_bytes=1_200_000)
    most = body_limit(limits)
    assert most == 1_200_000

    async def main() -> list[int]:
        gate = Gate()
        with front(limits, gate) as opened:
            first = asyncio.create_task(ask(opened, [b"x" * (most - 10)]))
            while not gate.inside:
                await asyncio.sleep(0.01)
            over = await ask(opened, [b"x" * 11])
            fits = asyncio.create_task(ask(opened, [b"x" * 10]))
            await asyncio.sleep(0.05)
            gate.open.set()
            found = [(await first).status, over.status, (await fits).status]
            return [*found, (await ask(opened, [b"x" * most])).status, opened.admission.bodies]

    assert asyncio.run(main()) == [200, 503, 200, 200, 0]


def test_a_body_may_be_as_large_as_a_query_may_be_and_no_larger() -> None:
    async def main() -> list[str]:
        with front(Limits(query_length=100), answers()) as opened:
            told = [(b"content-length", b"1201")]
            replies = [
                await ask(opened, [b"x" * 1200]),
                await ask(opened, [b"x" * 1200, b"x"]),
                await ask(opened, [b""], headers=told),
            ]
            return [reply.problem or str(reply.status) for reply in replies]

    assert asyncio.run(main()) == ["200", "too-large", "too-large"]


def test_limit_body_time() -> None:
    async def main() -> list[tuple[int, str]]:
        with front(Limits(body_time=0.3), answers()) as opened:
            fast = await ask(opened, [b"x"] * 5, pause=0.03)
            slow = await ask(opened, [b"x"] * 5, pause=0.1)
            return [(reply.status, reply.problem) for reply in (fast, slow)]

    assert asyncio.run(main()) == [(200, ""), (408, "timeout")]


def test_limit_send_time() -> None:
    """A client must take 64 KiB in that time; of one that does not, the answer ends before its length."""

    async def main() -> list[tuple[bool, int]]:
        with front(Limits(send_time=0.3), answers(body=b"x" * 300_000)) as opened:
            replies = [await ask(opened, take=0.1), await ask(opened, take=0.4)]
            return [(reply.complete, len(reply.body)) for reply in replies]

    assert asyncio.run(main()) == [(True, 300_000), (False, 0)]


def test_limit_proxies() -> None:
    """So many proxies are believed, the nearest first; what a client adds itself says nothing."""
    hops = [(b"x-forwarded-for", b"198.51.100.7, 192.0.2.5, 10.0.0.2")]
    split = [(b"x-forwarded-for", b"6.6.6.6"), (b"x-forwarded-for", b"192.0.2.5")]

    def who(_environ: dict[str, Any], start: Any) -> list[bytes]:
        start("200 OK", [])
        return [CLIENT.get().encode()]

    async def seen(proxies: int, headers: list[tuple[bytes, bytes]]) -> str:
        with front(Limits(proxies=proxies), who) as opened:
            return (await ask(opened, client="10.0.0.1", headers=headers)).body.decode()

    for proxies, headers, client in (
        (0, hops, "10.0.0.1"),
        (1, hops, "10.0.0.2"),
        (2, hops, "192.0.2.5"),
        (3, hops, "198.51.100.7"),
        (9, hops, "198.51.100.7"),
        (1, split, "192.0.2.5"),
        (1, [], "10.0.0.1"),
        (1, [(b"x-forwarded-for", b"")], "10.0.0.1"),
        (1, [(b"x-forwarded-for", b"unknown")], "10.0.0.1"),
        (1, [(b"x-forwarded-for", b"<script>")], "10.0.0.1"),
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
    assert client_of({"client": (address, 1), "headers": []}, 0) == client


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


def connection(url: str) -> socket.socket:
    parts = urlsplit(url)
    assert parts.hostname is not None
    assert parts.port is not None
    return socket.create_connection((parts.hostname, parts.port), timeout=10)


def closed_after(waiting: socket.socket) -> float:
    """Wait until the other side closes; return the seconds."""
    begun = time.monotonic()
    with io.BytesIO() as kept:
        while data := waiting.recv(4096):
            kept.write(data)
    return time.monotonic() - begun


def test_limit_header_time(release: Path) -> None:
    """The head of a request has its time; one that takes longer is left."""
    with serving("--release", str(release), environment={"SURPLACE_HEADER_TIME": "1"}) as service:
        with connection(service.url) as slow:
            slow.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n")
            assert 0.8 < closed_after(slow) < 2
        with connection(service.url) as steady:
            steady.sendall(b"GET /health HTTP/1.1\r\nHost: a\r\n")
            time.sleep(0.5)
            steady.sendall(b"Connection: close\r\n\r\n")
            assert steady.recv(20).startswith(b"HTTP/1.1 200")


def test_limit_connections(release: Path) -> None:
    """Of more connections than there may be, the last is served when one of the others is closed."""
    head = b"GET /health HTTP/1.1\r\nHost: a\r\n"
    with serving("--release", str(release), environment={"SURPLACE_CONNECTIONS": "16"}) as service:
        taken = [connection(service.url) for _ in range(16)]
        try:
            for item in taken:
                item.sendall(head)
            taken[0].sendall(b"\r\n")
            assert taken[0].recv(20).startswith(b"HTTP/1.1 200")
            with connection(service.url) as late:
                late.sendall(head + b"\r\n")
                late.settimeout(1)
                with pytest.raises(TimeoutError):
                    late.recv(20)
                taken.pop().close()
                late.settimeout(5)
                assert late.recv(20).startswith(b"HTTP/1.1 200")
        finally:
            for item in taken:
                item.close()


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
