"""What makes the web process hold bytes of a client's choice: after each attack it has the memory it had."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import quote, urlsplit

from abuse.queries import send_hostile
from abuse.scales import Scales
from abuse.target import Result, query, send, target
from service import Service, eventually

MIB = 2**20
ALLOWED = 1.25
"""How much of its memory with a full cache the web process may have after an attack."""
LEVEL = 1.1
"""How much of what it had after the first round it may have after the last."""
MOST = 300
"""MiB that the web process may have at any time."""
ADDRESS, HEAD, SIGNS = 60_000, 120_000, 99_000
"""How long an address, an unfinished head and a query are."""


def attack(
    release: Path,
    *,
    addresses: int,
    heads: int,
    posts: int,
    hostile: int,
    rest: float,
    rounds: int = 3,
    deadline: float = 5.0,
    **settings: object,
) -> Result:
    """Fill the cache, then do each attack so many *rounds*, with at most *rest* seconds after each."""
    result = Result()
    with target(release, deadline=deadline, **settings) as service, Scales(service) as scales:
        filled = fill_cache(service)
        time.sleep(rest)
        warm = scales.now()[0]
        result.figures |= {"cache MiB": round(filled / MIB, 1), "web process MiB, warm": round(warm / MIB)}
        attacks: dict[str, Callable[[], object]] = {
            f"{addresses} addresses of {ADDRESS} characters": lambda: send_addresses(service.url, addresses),
            f"{heads} unfinished heads of {HEAD} bytes": lambda: send_heads(service.url, heads),
            f"40 connections, {posts} times {SIGNS} signs each": lambda: send_signs(service.url, posts),
            f"{hostile} hostile queries": lambda: len(send_hostile(service.url, hostile, deadline)),
        }
        for title, run in attacks.items():
            after, most, came = [], 0, None
            for _ in range(rounds):
                scales.most_web = 0
                came = run()
                most = max(most, scales.most_web)
                allowed = min(ALLOWED * warm, LEVEL * after[0] if after else warm)
                eventually(lambda allowed=allowed: scales.now()[0] <= allowed, rest)  # type: ignore[misc]
                after.append(scales.now()[0])
            shown = ", ".join(f"{item / MIB:4.0f}" for item in after)
            result.figures[f"{title:46}"] = f"{shown} MiB, most {most / MIB:4.0f}; came to {came}"
            result.expect(
                max(after) <= ALLOWED * warm, f"{title}: {shown} MiB are left, {warm / MIB:.0f} were there"
            )
            result.expect(
                after[-1] <= LEVEL * after[0], f"{title}: memory grows with each round: {shown} MiB"
            )
            result.expect(most <= MOST * MIB, f"{title}: the web process had {most / MIB:.0f} MiB")
        result.expect(len(scales.webs) == 1, "the web process was started anew")
    return result


def fill_cache(service: Service) -> int:
    """Ask for answers, each another, until the kept ones do not become more; return their bytes."""
    size, turn = -1, 0
    while (now := _cached(service)) > size:
        size = now
        for _ in range(20):
            turn += 1
            text = quote(f"SELECT * {{ ?s ?p ?o }} LIMIT {4000 + turn}")
            source = f"127.0.12.{1 + turn % 200}"
            for _ in range(5):  # beside other work a second may not do
                reply = send(
                    service.url, "GET", f"/sparql?query={text}", None, {"Accept": "text/csv"}, source
                )
                if reply.status != 504:
                    break
            assert reply.status == 200, (reply.status, reply.broken, reply.body[:200])
    return now


def _cached(service: Service) -> int:
    found = re.search(r"(?m)^surplace_cache_bytes (.*)$", service.get("/metrics").text)
    assert found, "/metrics does not tell the size of the cache"
    return int(float(found[1]))


def send_addresses(url: str, number: int) -> dict[str, int]:
    """Ask for long addresses, each another, from two clients with two connections each."""
    came: Counter[str] = Counter()

    def ask(client: int, part: range) -> None:
        connection = _connection(url, f"127.0.13.{client}")
        for turn in part:
            try:
                connection.request("GET", f"/sparql?query=ASK%7B%7D%23{turn}{'a' * ADDRESS}")
                response = connection.getresponse()
                response.read()
                came[str(response.status)] += 1
            except (OSError, HTTPException):
                came["broken"] += 1
                connection.close()
        connection.close()

    _at_once([lambda turn=turn: ask(1 + turn % 2, range(turn, number, 4)) for turn in range(4)])  # type: ignore[misc]
    return dict(came)


def send_heads(url: str, number: int) -> dict[str, int]:
    """Send heads without an end from one address, and hold their connections until all are sent."""
    came: Counter[str] = Counter()
    held: list[socket.socket] = []
    head = b"GET / HTTP/1.1\r\nHost: a\r\nX-Long: " + b"a" * HEAD

    def hold(part: int) -> None:
        for _ in range(part):
            item = socket.socket()
            held.append(item)
            with suppress(OSError):
                item.settimeout(5)
                item.bind(("127.0.14.1", 0))
                item.connect((urlsplit(url).hostname, urlsplit(url).port))
                item.sendall(head)
                came["sent"] += 1
                continue
            item.close()
            came["turned away"] += 1

    _at_once([lambda: hold(number // 4)] * 4)
    time.sleep(0.5)
    for item in held:
        item.close()
    return dict(came)


def send_signs(url: str, posts: int) -> dict[str, int]:
    """Post the sign < many times over as a query, from 40 addresses at once."""
    came: Counter[str] = Counter()

    def post(client: int) -> None:
        for _ in range(posts):
            reply = query(url, "<" * SIGNS, source=f"127.0.15.{client}")
            came[f"{reply.status} {reply.problem or reply.broken}".strip()] += 1

    _at_once([lambda client=client: post(client) for client in range(1, 41)])  # type: ignore[misc]
    return dict(came)


def _connection(url: str, source: str) -> HTTPConnection:
    return HTTPConnection(urlsplit(url).netloc, timeout=30, source_address=(source, 0))


def _at_once(works: list[Callable[[], None]]) -> None:
    threads = [threading.Thread(target=work) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
