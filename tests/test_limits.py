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
from fronts import Reply, answers, ask, front
from service import SLOW, eventually, make_release, serving
from surplace.catalogue import Catalogue
from surplace.catalogue.reading import read_query
from surplace.engine.clients import CLIENT, Buckets
from surplace.engine.embedded import EmbeddedEngine
from surplace.engine.limits import Limits
from surplace.engine.pool import Pool
from surplace.engine.process import WorkerProcess
from surplace.engine.protocol import (
    BusyError,
    DeadlineError,
    EngineError,
    OveruseError,
    QueryTooLongError,
    RefusedError,
    Request,
    TooComplexError,
    TooLargeError,
)
from surplace.engine.queue import Queue
from surplace.engine.release import find_release
from surplace.sparql.syntax import check
from surplace.web.access import Access, Entry
from surplace.web.admission import client_of
from surplace.web.app import create_app
from surplace.web.service import body_limit

pytestmark = pytest.mark.alone

CSV = {"bindings": "csv", "boolean": "csv", "graph": "nt"}


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_release(tmp_path_factory.mktemp("release"))


@contextmanager
def opened(release: Path, **limits: float) -> Iterator[EmbeddedEngine]:
    """Open an engine with these limits, one query at a time unless they say otherwise."""
    engine = EmbeddedEngine(find_release(release), replace(Limits(workers=1), **cast("Any", limits)))
    try:
        yield engine
    finally:
        engine.close()


def asked(engine: EmbeddedEngine, query: str) -> str:
    """Answer a query as CSV, or name the problem."""
    try:
        return engine.ask(Request(query, cast("Any", CSV))).read().decode()
    except EngineError as error:
        return error.code


class Clock:
    """A clock that stands until it is set."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


class Idle:
    """A worker for a queue that starts none."""

    doomed = False


def queue_of(limits: Limits, workers: int) -> Queue:
    queue = Queue(limits, Buckets(60, 60))
    for _ in range(workers):
        queue.offer(cast("WorkerProcess", Idle()))
    return queue


def test_every_limit_is_tripped_here() -> None:
    names = [*globals(), *vars(test_limits_of_size)]
    tests = {name.removeprefix("test_limit_") for name in names if name.startswith("test_limit_")}
    assert tests == {item.name for item in fields(Limits)}


def test_limit_workers() -> None:
    queue = queue_of(Limits(workers=2, queue_wait=0.05), 3)
    for _ in range(2):
        queue.turn("", time.monotonic() + 1, is_long=False)
    with pytest.raises(BusyError, match="no process became free in time"):
        queue.turn("", time.monotonic() + 1, is_long=False)


def test_limit_queue() -> None:
    queue = queue_of(Limits(workers=1, queue=2, queue_wait=0.5), 1)
    turn = queue.turn("", time.monotonic() + 1, is_long=False)
    granted: list[bool] = []

    def wait() -> None:
        queue.end(queue.turn("", time.monotonic() + 1, is_long=False), keep=True)
        granted.append(True)

    waiting = [threading.Thread(target=wait) for _ in range(2)]
    for thread in waiting:
        thread.start()
    assert eventually(lambda: queue.waiting() == 2)
    with pytest.raises(BusyError, match="too many queries are waiting"):
        queue.turn("", time.monotonic() + 1, is_long=False)
    queue.end(turn, keep=True)
    for thread in waiting:
        thread.join()
    assert granted == [True, True]


def test_limit_queue_wait() -> None:
    queue = queue_of(Limits(workers=1, queue_wait=0.3), 1)
    queue.turn("", time.monotonic() + 5, is_long=False)
    begun = time.monotonic()
    with pytest.raises(BusyError):
        queue.turn("", time.monotonic() + 5, is_long=False)
    assert 0.3 <= time.monotonic() - begun < 0.6


def test_limit_deadline(release: Path) -> None:
    with opened(release, deadline=0.8) as engine:
        assert asked(engine, "ASK {}") == "true"
        begun = time.monotonic()
        with pytest.raises(DeadlineError, match=r"longer than 0\.8 seconds"):
            engine.ask(Request(SLOW))
        assert 0.8 <= time.monotonic() - begun < 1.3


def test_limit_quick(release: Path) -> None:
    """Of two workers one is for what is quick; a second long query waits, and a quick one does not."""
    with opened(release, workers=2, deadline=3.0, quick=0.2) as engine:
        assert eventually(lambda: len(engine.pool.processes()) == 2)
        outcomes: list[str] = []
        threads = [threading.Thread(target=lambda: outcomes.append(asked(engine, SLOW))) for _ in range(2)]
        threads[0].start()
        time.sleep(0.1)
        assert engine.pool.queue.running_long == 0
        assert eventually(lambda: engine.pool.queue.running_long == 1, 2)
        threads[1].start()
        assert eventually(lambda: engine.pool.queue.waiting() == 1, 2)
        assert engine.pool.queue.running == 1
        assert engine.pool.ended["put-off"] == 1
        begun = time.monotonic()
        assert asked(engine, "ASK {}") == "true"
        assert time.monotonic() - begun < 0.5
        for thread in threads:
            thread.join()
        assert outcomes[0] == "deadline"


def test_limit_worker_memory(release: Path) -> None:
    """Of texts of 1 MiB, a process holds as many as it has MiB, less a few for what evaluates the query.

    How many those are (5 where this was written) depends on allocator and library: hence the 8.
    """
    doubled = " ".join(f"BIND(CONCAT(?x{n}, ?x{n}) AS ?x{n + 1})" for n in range(16))

    def holding(number: int) -> str:
        held = " ".join(f"BIND(CONCAT(?x16, '{n}') AS ?y{n})" for n in range(number))
        return f"SELECT (STRLEN(?y0) AS ?n) {{ BIND('0123456789abcdef' AS ?x0) {doubled} {held} }}"

    for memory in (64, 128):
        with opened(release, worker_memory=memory) as engine:
            assert asked(engine, holding(memory - 8)) == f"n\r\n{2**20 + 1}\r\n"
            with pytest.raises(TooComplexError, match="probably because the query is too complex"):
                engine.ask(Request(holding(memory)))


def test_limit_refusal(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A query that ended its process is refused for that time, and one that differs in a blank is not."""
    clock, query = Clock(), Request("ASK " + "{" * 3000 + "}" * 3000)
    with opened(release, refusal=90, query_nesting=4000, query_patterns=4000) as engine:
        monkeypatch.setattr(engine.pool.refusals, "_clock", clock)
        for _ in range(2):
            with pytest.raises(TooComplexError, match="The process that evaluated this query was lost"):
                engine.ask(query)
            clock.now += 89
            with pytest.raises(TooComplexError, match="refused for another 1 seconds"):
                engine.ask(query)
            assert asked(engine, "ASK {}") == "true"
            clock.now += 1


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
    with opened(release, answer_rows=3) as engine:
        assert asked(engine, values % "1 2 3") == "x\r\n1\r\n2\r\n3\r\n"
        answer = engine.ask(Request(values % "1 2 3 4", {"bindings": "json"}))
        assert answer.cut == 3
        document = json.loads(answer.read())
        assert len(document["results"]["bindings"]) == 3
        assert document["head"]["link"] == ["/problems#cut"]


def test_limit_answer_bytes(release: Path) -> None:
    query = "CONSTRUCT { <urn:s> <urn:p> ?x } { VALUES ?x { '%s' } }"
    exact = 1024 - len('<urn:s> <urn:p> "" .\n')
    with opened(release, answer_bytes=1024) as engine:
        assert len(asked(engine, query % ("x" * exact))) == 1024
        with pytest.raises(TooLargeError, match=r"larger than 0\.000976562 MiB"):
            engine.ask(Request(query % ("x" * (exact + 1)), {"graph": "nt"}))
        rows = "SELECT * { VALUES ?x { %s } }"
        cells = ["a" * 510, "b" * 507]
        assert len(asked(engine, rows % " ".join(f"'{cell}'" for cell in cells))) == 1024
        cut = asked(engine, rows % f"'{cells[0]}' '{cells[1]}b'")
        assert cut == f'x\r\n{cells[0]}\r\n"CUT: the answer has more than these 1 rows."\r\n'


def page(release: Path, path: str, query: str | None = None, **limits: float) -> str:
    """Return a page of the application with these limits."""
    with opened(release, **limits) as engine:
        app = create_app(engine, Catalogue({}), engine.limits)
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
        client = create_app(engine, Catalogue({"it": query}), engine.limits).test_client()
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


def supposed(release: Path, **limits: float) -> tuple[int, str]:
    """Suppose something, in an application with these limits; return the status and the detail."""
    with opened(release, **limits) as engine:
        client = create_app(engine, Catalogue({}), engine.limits).test_client()
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


@contextmanager
def asking(pool: Pool, client: str) -> Iterator[None]:
    """Let *client* do something that is charged; raises OveruseError."""
    token = CLIENT.set(client)
    try:
        with pool.charged(1):
            yield
    finally:
        CLIENT.reset(token)


def test_limit_client_burst(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pool = Pool(release, Limits(client_burst=100, client_seconds=30))
    monkeypatch.setattr(pool.buckets, "_clock", Clock())
    pool.buckets.add("192.0.2.1", 100)
    with asking(pool, "192.0.2.1"):
        pass
    pool.buckets.add("192.0.2.2", 100.5)
    with pytest.raises(OveruseError) as caught, asking(pool, "192.0.2.2"):
        pass
    assert caught.value.retry_after == 1
    with asking(pool, "192.0.2.3"):
        pass


def test_limit_client_seconds(release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever used the time of one more minute than may be used at once has to wait for one minute."""
    clock, pool = Clock(), Pool(release, Limits(client_burst=100, client_seconds=30))
    monkeypatch.setattr(pool.buckets, "_clock", clock)
    pool.buckets.add("192.0.2.1", 130)
    clock.now += 59.9
    with pytest.raises(OveruseError), asking(pool, "192.0.2.1"):
        pass
    clock.now += 0.1
    with asking(pool, "192.0.2.1"):
        pass


def test_a_client_that_used_its_seconds_is_refused_and_others_are_not(release: Path) -> None:
    with opened(release, client_burst=0.2, client_seconds=1, deadline=0.5) as engine:
        token = CLIENT.set("192.0.2.1")
        try:
            assert asked(engine, SLOW) == "deadline"
            with pytest.raises(OveruseError, match="used more than their share of time") as caught:
                engine.ask(Request("ASK {}"))
            assert 1 <= caught.value.retry_after <= 20
            CLIENT.set("192.0.2.2")
            assert asked(engine, "ASK {}") == "true"
        finally:
            CLIENT.reset(token)


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


def test_limit_web_threads() -> None:
    reply, others, inside = held(Limits(web_threads=2), 3, {"client": "192.0.2.9"}, clients=3)
    assert (reply.status, others, inside) == (200, [200] * 3, 2)


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
