"""Connections that send nothing, or a body byte by byte: others are served as before."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from abuse.target import Result, percentile, send, target

HALF = b"GET /queries/ HTTP/1.1\r\nHost: a\r\n"
SLOW = (
    b"POST /sparql HTTP/1.1\r\nHost: a\r\n"
    b"Content-Type: application/sparql-query\r\nContent-Length: 5000\r\n\r\n"
)


def attack(release: Path, *, half_open: int, slow: int, seconds: float) -> Result:
    """Keep that many connections for so many seconds, opened anew when the service closes them."""
    result = Result()
    with target(release) as service:
        stop = threading.Event()
        opened = [0, 0]
        threads = [
            threading.Thread(target=_hold, args=(service.url, part, HALF, stop, opened, 0))
            for part in _parts(half_open, 4)
        ]
        threads += [
            threading.Thread(target=_hold, args=(service.url, part, SLOW, stop, opened, 1))
            for part in _parts(slow, 2)
        ]
        for thread in threads:
            thread.start()
        end = time.monotonic() + seconds
        taken: list[float] = []
        wrong = 0
        while time.monotonic() < end:
            reply = send(service.url, "GET", "/queries/", headers={"Accept": "text/html"}, source="127.0.1.9")
            taken.append(reply.seconds)
            wrong += reply.status != 200
            time.sleep(0.1)
        stop.set()
        for thread in threads:
            thread.join()
    p99 = percentile(taken, 0.99)
    result.figures |= {
        "half-open connections held": half_open,
        "slow bodies held": slow,
        "opened in all (half-open, slow)": opened,
        "seconds": seconds,
        "normal requests": len(taken),
        "p50 ms": round(1000 * percentile(taken, 0.5)),
        "p99 ms": round(1000 * p99),
        "failed": wrong,
    }
    result.expect(not wrong, f"{wrong} of {len(taken)} normal requests failed")
    result.expect(p99 <= 2, f"p99 is {p99:.2f} s")
    result.expect(opened[0] >= half_open, "fewer connections than that could be opened")
    return result


def _parts(number: int, by: int) -> list[int]:
    return [number // by + (turn < number % by) for turn in range(by)]


def _hold(url: str, number: int, first: bytes, stop: threading.Event, opened: list[int], kind: int) -> None:
    """Hold *number* connections, each with a byte every two seconds, and replace those that were closed."""
    address = (urlsplit(url).hostname or "", urlsplit(url).port or 0)
    held: list[socket.socket] = []
    turn = 0
    while not stop.is_set():
        while len(held) < number and not stop.is_set():
            turn += 1
            item = socket.socket()
            with suppress(OSError):
                item.settimeout(5)
                item.bind((f"127.0.{10 + kind}.{1 + turn % 200}", 0))
                item.connect(address)
                item.sendall(first)
                item.setblocking(False)
                opened[kind] += 1
                held.append(item)
                continue
            item.close()
            time.sleep(0.01)
        kept = []
        for item in held:
            try:
                item.send(b"X" if kind == 0 else b"#")
                if item.recv(4096) == b"":
                    raise OSError
            except BlockingIOError:
                kept.append(item)
            except OSError:
                item.close()
            else:
                item.close()
        held = kept
        stop.wait(2)
    for item in held:
        item.close()
