"""Limits of connections: their number, what they hold, and the time of each thing that is waited for."""

from __future__ import annotations

import asyncio
import socket
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from fronts import GET, HEAD, Line, answers, front, post, until
from service import serving
from surplace.engine.limits import Limits
from surplace.gate.connection import PIPELINED
from surplace.gate.reader import HEADERS
from surplace.http.call import Call
from surplace.http.message import PIECE, HttpResponse

pytestmark = pytest.mark.quiet

OK = (200, "")


async def told(line: Line, data: bytes = GET) -> tuple[int, str]:
    """Send something; return the status and the problem that come back."""
    reply = await line.ask(data)
    return reply.status, reply.problem


def test_limit_connections() -> None:
    """One connection too many is told so; it may be opened when one of the others is closed."""

    async def main() -> None:
        async with front(Limits(connections=3), answers()) as opened:
            lines = [await opened.connect() for _ in range(3)]
            assert [await told(line) for line in lines] == [OK] * 3
            late = await opened.connect()
            reply = await late.reply()
            assert (reply.status, reply.problem, reply.headers["retry-after"]) == (503, "busy", "2")
            assert await late.is_closed(1)
            await lines[0].close()
            await late.close()
            await until(lambda: len(opened.gate.connections) == 2)
            assert await told(await opened.connect()) == OK
            assert [await told(line) for line in lines[1:]] == [OK] * 2

    asyncio.run(main())


def test_limit_client_connections() -> None:
    """One address has no more; others have theirs, and a proxy has as many as there may be."""

    async def main(proxies: int) -> list[tuple[int, str]]:
        async with front(Limits(client_connections=2, proxies=proxies), answers()) as opened:
            lines = [await opened.connect() for _ in range(3)] + [await opened.connect("127.0.0.2")]
            return [await told(line) for line in lines]

    assert asyncio.run(main(0)) == [OK, OK, (429, "overuse"), OK]
    assert asyncio.run(main(1)) == [OK] * 4


def test_limit_unfinished_bytes() -> None:
    """Of what is held together one address holds a quarter at most; all of it is free again at the end."""

    async def main() -> None:
        async with front(Limits(unfinished_bytes=4000), answers()) as opened:
            counted = opened.gate.connections
            lines = [await opened.connect(f"127.0.0.{number}") for number in (1, 2, 3, 4)]
            lines[0].send(HEAD + b"X-Long: " + b"x" * (1000 - len(HEAD) - 8))
            await until(lambda: counted.held == 1000)
            more = await opened.connect()
            assert await told(more, HEAD) == (429, "overuse")
            for line in lines[1:]:
                line.send(post(b"x" * 780, length=900))
            head = len("/HostaContent-Typetext/plainContent-Length900")
            await until(lambda: counted.held == 1000 + 3 * (head + 780))
            rest = 4000 - counted.held
            last = await opened.connect("127.0.0.5")
            last.send(HEAD + b"X-Long: " + b"x" * (rest - len(HEAD) - 8))
            await until(lambda: counted.held == 4000)
            last.send(b"x")
            reply = await last.reply()
            assert (reply.status, reply.problem) == (503, "busy")
            assert await told(await opened.connect("127.0.0.6")) == OK, "what is whole at once is not held"
            for line in lines[1:]:
                assert await told(line, b"x" * 120) == OK
            assert await told(lines[0], b"\r\n\r\n") == OK
            assert counted.held == 0

    asyncio.run(main())


def test_what_a_proxy_holds_is_not_limited_to_a_quarter() -> None:
    async def main() -> tuple[int, str]:
        async with front(Limits(unfinished_bytes=4000, proxies=1), answers()) as opened:
            line = await opened.connect()
            line.send(post(b"x" * 3000, length=3001))
            await until(lambda: opened.gate.connections.held > 3000)
            return await told(line, b"x")

    assert asyncio.run(main()) == OK


def test_limit_header_time() -> None:
    """The head of a request has its time, also one that begins while another is answered."""

    async def main() -> None:
        async with front(Limits(header_time=0.4), answers()) as opened:
            silent, slow, steady, second = [await opened.connect() for _ in range(4)]
            begun = time.monotonic()
            slow.send(HEAD)
            steady.send(HEAD)
            assert await told(second, GET + HEAD) == OK
            await asyncio.sleep(0.2)
            assert await told(steady, b"\r\n") == OK
            for line in (slow, second):
                reply = await line.reply()
                assert (reply.status, reply.problem) == (408, "timeout")
                assert reply.detail == "The request took longer than 0.4 seconds: send it faster."
            assert await silent.is_closed(0.3), "who sends nothing at all is told nothing"
            assert 0.4 <= time.monotonic() - begun < 0.8
            assert not await steady.is_closed(0.1), "the time of its head is over, and it has none to send"

    asyncio.run(main())


def test_limit_body_time() -> None:
    async def main() -> list[tuple[int, str]]:
        async with front(Limits(body_time=0.3), answers()) as opened:
            found = []
            for pause in (0.02, 0.12):
                line = await opened.connect()
                line.send(post(b"", length=5))
                for _ in range(5):
                    await asyncio.sleep(pause)
                    line.send(b"x")
                reply = await line.reply()
                found.append((reply.status, reply.problem))
            return found

    assert asyncio.run(main()) == [OK, (408, "timeout")]


def test_limit_idle_time() -> None:
    """A connection stays open for so long after an answer, and is closed without a word then."""

    async def main() -> None:
        async with front(Limits(idle_time=0.3), answers()) as opened:
            line = await opened.connect()
            for _ in range(3):
                assert await told(line) == OK
                await asyncio.sleep(0.2)
            assert await line.is_closed(0.3)
            assert len(opened.gate.connections) == 0

    asyncio.run(main())


async def slowly(line: Line, step: int, pause: float) -> int:
    """Take an answer step by step; return how many bytes came before it ended."""
    line.send(HEAD + b"Connection: close\r\n\r\n")
    taken = 0
    try:
        while data := await line.reader.read(step):
            taken += len(data)
            await asyncio.sleep(pause)
    except ConnectionError:
        pass
    return taken


async def narrow(port: int) -> Line:
    """Open a connection of which the system of this side keeps few bytes."""
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plain.setblocking(False)
    await asyncio.get_running_loop().sock_connect(plain, ("127.0.0.1", port))
    return Line(*await asyncio.open_connection(sock=plain, limit=2048))


def test_limit_send_time() -> None:
    """A client that takes nothing is left after that time; one that takes its answer is not."""
    body = b"x" * (8 * 1024 * 1024)

    async def main() -> None:
        async with front(Limits(send_time=0.4, send_rate=10**9), answers(body)) as opened:
            assert (await opened.ask()).body == body
            line = await narrow(opened.port)
            opened.lines.append(line)
            line.send(GET)
            begun = time.monotonic()
            await until(lambda: opened.gate.admission.requests == 0 and len(opened.gate.connections) == 1)
            await until(lambda: len(opened.gate.connections) == 0)
            assert 0.4 <= time.monotonic() - begun < 0.8

    asyncio.run(main())


def test_limit_send_rate() -> None:
    """An answer has the time that its size takes at that rate, besides the time for sending."""
    body = b"x" * (24 * 1024 * 1024)

    async def main(rate: int) -> int:
        async with front(Limits(send_time=0.2, send_rate=rate), answers(body)) as opened:
            return await slowly(await opened.connect(), 2 * PIECE, 0.005)

    assert asyncio.run(main(2_000_000)) > len(body)
    assert asyncio.run(main(10**9)) < len(body)


@pytest.mark.parametrize("size", [1000, PIECE])
def test_who_asks_again_and_again_and_takes_nothing_is_left(size: int) -> None:
    """Answers that are small do not gather for a client that takes none of them."""

    async def main() -> None:
        async with front(Limits(send_time=0.4, send_rate=10**9), answers(b"x" * size)) as opened:
            line = await narrow(opened.port)
            opened.lines.append(line)
            await until(lambda: len(opened.gate.connections) == 1)
            (connection,) = opened.gate.connections._open
            most = 0
            for _ in range(300_000_000 // size):
                if line.writer.transport.is_closing() or not len(opened.gate.connections):
                    break
                line.send(GET * 4)
                await asyncio.sleep(0)
                most = max(most, connection.transport.get_write_buffer_size())
                if line.writer.transport.get_write_buffer_size() > 100_000:
                    break
            await until(lambda: len(opened.gate.connections) == 0)
            assert most < 3 * PIECE

    asyncio.run(main())


def test_limit_head_bytes() -> None:
    limits = Limits(head_bytes=8192)

    def head(size: int, more: bytes = b"") -> bytes:
        return b"GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + b"x" * size + b"\r\n" + more + b"\r\n"

    async def main() -> list[tuple[int, str]]:
        async with front(limits, answers()) as opened:
            requests = [
                head(8192 - len("/HostaX-Long")),
                head(8192 - len("/HostaX-Long") + 1),
                head(200_000),
                b"GET /?" + b"x" * 8000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
                b"GET /?" + b"x" * 8200 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
                b"GET /?" + b"x" * 200_000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
                b"GET /?a HTTP/1.1\r\nX: " + b"x" * 200_000 + b"\r\nHost: a\r\n\r\n",
                b"GET /?" + b"x" * 7000 + b" HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
                head(1, b"A: 1\r\n" * (HEADERS - 2)),
                head(1, b"A: 1\r\n" * (HEADERS - 1)),
            ]
            return [await told(await opened.connect(), data) for data in requests]

    assert asyncio.run(main()) == [
        OK,
        (431, "head-too-large"),
        (431, "head-too-large"),
        OK,
        (414, "address-too-long"),
        (414, "address-too-long"),
        (431, "head-too-large"),
        (431, "head-too-large"),
        OK,
        (431, "head-too-large"),
    ]


def test_a_body_may_be_as_large_as_a_query_may_be_and_no_larger() -> None:
    """What is too large is refused before it is sent, where its length is told."""
    chunked = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"

    async def main() -> list[tuple[int, str]]:
        async with front(Limits(query_length=100), answers()) as opened:
            requests = [
                post(b"x" * 1200),
                post(b"x" * 1201),
                post(b"", length=1201),
                chunked + b"4b0\r\n" + b"x" * 1200 + b"\r\n0\r\n\r\n",
                chunked + b"4b0\r\n" + b"x" * 1200 + b"\r\n1\r\nx\r\n0\r\n\r\n",
            ]
            return [await told(await opened.connect(), data) for data in requests]

    assert asyncio.run(main()) == [OK, (413, "too-large"), (413, "too-large"), OK, (413, "too-large")]


def test_a_body_that_is_asked_about_first_is_waited_for_only_if_it_may_come() -> None:
    async def main() -> None:
        async with front(Limits(query_length=100), answers()) as opened:
            line = await opened.connect()
            line.send(post(b"", length=5).replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n"))
            assert await line.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            assert await told(line, b"12345") == OK
            large = post(b"", length=5000).replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n")
            assert await told(await opened.connect(), large) == (413, "too-large")

    asyncio.run(main())


@pytest.mark.parametrize(
    "offer",
    [
        b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAAA\r\n",
        b"Connection: Upgrade\r\nUpgrade: websocket\r\n",
    ],
)
def test_who_offers_another_protocol_is_answered_in_this_one(offer: bytes) -> None:
    async def echo(call: Call) -> HttpResponse:
        return HttpResponse(call.request.body or b"none", "text/plain")

    async def main() -> None:
        async with front(Limits(), echo) as opened:
            line = await opened.connect()
            requests = [
                HEAD + offer + b"\r\n",
                post(b"hello").replace(b"\r\n\r\n", b"\r\n" + offer + b"\r\n"),
            ]
            for data, body in zip([*requests, b"".join(requests)], (b"none", b"hello", b"none"), strict=True):
                reply = await line.ask(data)
                assert (reply.status, reply.body) == (200, body)
            assert (await line.reply()).body == b"hello"
            head, body = requests[1][:-5], requests[1][-5:]
            line.send(head)
            await asyncio.sleep(0.05)
            assert (await line.ask(body)).body == b"hello"
            assert (await line.ask()).status == 200
            connecting = requests[1].replace(b"POST /", b"CONNECT a:80")
            assert await told(line, connecting) == (400, "bad-request")

    asyncio.run(main())


def test_requests_that_wait_for_answers_before_them_are_answered_in_order_and_are_few() -> None:
    async def main() -> None:
        async with front(Limits(), answers()) as opened:
            line = await opened.connect()
            most = 1 + PIPELINED  # one is being answered
            line.send(GET * most)
            assert [(await line.reply()).status for _ in range(most)] == [200] * most
            line.send(GET * (most + 1))
            found = [(await line.reply()).status for _ in range(most + 2)]
            assert found == [200] * (most + 1) + [400]
            assert await line.is_closed(1)

    asyncio.run(main())


@pytest.mark.parametrize(
    "head",
    [
        HEAD + b"Connection: close\r\n\r\n",
        HEAD + b"Connection: CLOSE\r\n\r\n",
        HEAD + b"Connection: Keep-Alive, close\r\n\r\n",
        HEAD + b"Connection: keep-alive\r\nConnection: close\r\n\r\n",
        HEAD + b"Connection: close, Upgrade\r\nUpgrade: h2c\r\n\r\n",
        b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx",
    ],
)
@pytest.mark.parametrize("more", [GET, GET * (PIPELINED + 2), b"nonsense\r\n\r\n", b"\r\n", b""])
@pytest.mark.parametrize("pause", [0.0, 0.05])
def test_after_the_request_that_closes_a_connection_nothing_is_answered(
    head: bytes, more: bytes, pause: float
) -> None:
    asked = 0

    async def handler(_call: Call) -> HttpResponse:
        nonlocal asked
        asked += 1
        await asyncio.sleep(2 * pause)
        return HttpResponse(b"ok")

    async def main() -> None:
        async with front(Limits(), handler) as opened:
            line = await opened.connect()
            line.send(GET + head + more if not pause else GET + head)
            await asyncio.sleep(pause)
            line.send(more if pause else b"")
            replies = [await line.reply(), await line.reply()]
            assert [reply.status for reply in replies] == [200, 200]
            assert [reply.headers.get("connection") for reply in replies] == [None, "close"]
            assert await line.is_closed(1)

    asyncio.run(main())
    assert asked == 2


@pytest.mark.parametrize(
    ("data", "detail"),
    [
        (b"nonsense\r\n\r\n", "The request is not HTTP/1.1: send it as the standard has it."),
        (b"GET / HTTP/1.1\r\n\r\n", "The header Host names no host: send that of this service."),
        *(
            (
                b"GET / HTTP/1.1\r\nHost: %b\r\n\r\n" % host,
                "The header Host names no host: send that of this service.",
            )
            for host in (
                b"a b",
                b"x:99999",
                b"x:8a",
                b"a..b",
                b".a",
                b"%41",
                b"[::1",
                b"[1::2::3]",
                b"a" * 64,
            )
        ),
        (HEAD + b"Host: b\r\n\r\n", "The request has two hosts: send one header Host."),
        (
            b"GET /%FF HTTP/1.1\r\nHost: a\r\n\r\n",
            "The address cannot be read: encode it as UTF-8 with %XX.",
        ),
    ],
)
def test_what_cannot_be_read_is_a_problem_and_ends_the_connection(data: bytes, detail: str) -> None:
    async def main() -> None:
        async with front(Limits(), answers()) as opened:
            line = await opened.connect()
            reply = await line.ask(data)
            assert (reply.status, reply.problem, reply.detail) == (400, "bad-request", detail)
            assert reply.headers["x-content-type-options"] == "nosniff"
            assert reply.headers["cache-control"] == "no-store"
            assert await line.is_closed(1)

    asyncio.run(main())


def test_a_client_of_http_1_0_has_its_answer_and_the_end_of_the_connection() -> None:
    async def main() -> None:
        async with front(Limits(), answers()) as opened:
            line = await opened.connect()
            reply = await line.ask(b"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            assert (reply.status, reply.headers["connection"]) == (200, "close")
            assert await line.is_closed(1)

    asyncio.run(main())


def test_a_client_of_http_1_0_is_not_told_to_continue() -> None:
    async def main() -> None:
        async with front(Limits(), answers()) as opened:
            line = await opened.connect()
            data = post(b"12345").replace(b"HTTP/1.1", b"HTTP/1.0")
            assert await told(line, data.replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n")) == OK

    asyncio.run(main())


@pytest.mark.parametrize(
    ("request_", "statuses"),
    [
        (b"GET / HTTP/1.2\r\nHost: a\r\n\r\n", [200]),
        (b"POST / HTTP/1.9\r\nHost: a\r\nContent-Length: 5\r\n\r\n12345", [200]),
        (b"GET / HTTP/1.2\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", [200, 200]),
        (b"GET / HTTP/1.2\r\nHost: a\r\nnot a header\r\n\r\n", [400]),
        (b"GET / HTTP/1.2\r\n\r\n", [400]),
        (b"GET / HTTP/1.1\r\nHost: a\r\nnot a header\r\n\r\n", [400]),
        (b"GET / HTTP/1.12\r\nHost: a\r\n\r\n", [400]),
        (b"GET / HTTP/2.5\r\nHost: a\r\n\r\n", [505]),
        (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", [505]),
        (b"GET / HTTP/0.9\r\nHost: a\r\n\r\n", [505]),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [505]),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\nabc", [501]),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", [501]),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n", [200]),
    ],
)
def test_another_version_and_another_coding_are_told_from_what_is_no_http(
    request_: bytes, statuses: list[int]
) -> None:
    async def handler(_call: Call) -> HttpResponse:
        return HttpResponse(b"ok")

    async def main() -> None:
        async with front(Limits(), handler) as opened:
            line = await opened.connect()
            line.send(request_)
            assert [(await line.reply()).status for _ in statuses] == statuses

    asyncio.run(main())


@pytest.mark.parametrize(
    ("head", "status", "host"),
    [
        (b"GET http://b.example:81 HTTP/1.1\r\nHost: a\r\n", 200, "b.example:81"),
        (b"GET / HTTP/1.1\r\nHost: a\r\n", 200, "a"),
        (b"GET / HTTP/1.0\r\n", 200, "127.0.0.1:"),
        (b"GET / HTTP/1.1\r\nHost: X.Example.:0080\r\n", 200, "x.example.:80"),
        (b"GET / HTTP/1.1\r\nHost: X.Example:\r\n", 200, "x.example"),
        (b"GET / HTTP/1.1\r\nHost: [0:0::00A1]:65535\r\n", 200, "[::a1]:65535"),
        (b"GET http://B.Example/ HTTP/1.1\r\nHost: a\r\n", 200, "b.example"),
        (b"GET http://b.example:65536/ HTTP/1.1\r\nHost: a\r\n", 400, ""),
        (b"GET http://u@b.example/ HTTP/1.1\r\nHost: a\r\n", 400, ""),
        (b"GET ftp://b.example/ HTTP/1.1\r\nHost: a\r\n", 400, ""),
        (b"OPTIONS * HTTP/1.1\r\nHost: a\r\n", 200, ""),
        (b"GET * HTTP/1.1\r\nHost: a\r\n", 400, ""),
        (b"FROB / HTTP/1.1\r\nHost: a\r\n", 501, ""),
        (b"get / HTTP/1.1\r\nHost: a\r\n", 501, ""),
    ],
)
def test_the_host_is_that_of_the_target_of_the_header_or_of_this_end(
    head: bytes, status: int, host: str
) -> None:
    hosts = []

    async def handler(call: Call) -> HttpResponse:
        hosts.append(call.request.origin.host)
        return HttpResponse(b"ok")

    async def main() -> None:
        async with front(Limits(), handler) as opened:
            reply = await (await opened.connect()).ask(head + b"\r\n")
            assert reply.status == status
            assert ("GET, HEAD" in reply.headers.get("allow", "")) == head.startswith(b"OPTIONS")

    asyncio.run(main())
    assert [found if host[-1:] != ":" else found[: len(host)] for found in hosts] == [host] * bool(host)


def test_the_settings_of_the_environment_are_those_of_the_connections(release: Path) -> None:
    settings = {"SURPLACE_HEADER_TIME": "1", "SURPLACE_IDLE_TIME": "0.5", "SURPLACE_HEAD_BYTES": "8192"}
    with serving("--release", str(release), environment=settings) as service:
        port = urlsplit(service.url).port

        async def main() -> None:
            async def connect() -> Line:
                return Line(*await asyncio.open_connection("127.0.0.1", port))

            lines = [await connect() for _ in range(3)]
            asked = b"GET /health HTTP/1.1\r\nHost: a\r\n"
            lines[0].send(asked)
            assert (await lines[1].ask(asked + b"X: " + b"x" * 9000 + b"\r\n\r\n")).status == 431
            assert (await lines[2].ask(asked + b"\r\n")).status == 200
            begun = time.monotonic()
            assert await lines[2].is_closed(2)
            assert 0.4 < time.monotonic() - begun < 1.2
            assert (await lines[0].reply()).status == 408
            for line in lines:
                await line.close()

        asyncio.run(main())
