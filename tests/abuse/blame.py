"""Workers that are ended by a signal: from outside, no query is blamed; a fault of its own, it is told so."""

from __future__ import annotations

import os
import signal
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil

from abuse.target import Reply, Result, query, target
from service import Service, eventually

FROM_OUTSIDE = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL)
FAULTS = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL)
LONG = (
    "SELECT (COUNT(*) AS ?n) {{ {{ SELECT ?c {{ ?a ?b ?c }} LIMIT 450 }} "
    "{{ SELECT ?f {{ ?d ?e ?f }} LIMIT 450 }} FILTER(?c = ?f) }} # {name}"
)
"""A query that takes about half a second."""
USED = 0.1
"""Seconds of processor time by which the worker that has the query is told from the others."""


def attack(release: Path, *, times: int) -> Result:
    """End the worker of a query by each signal so many times, and ask the same query again each time."""
    result = Result()
    with target(release, client_burst=1_000_000, client_errors=1_000_000, deadline=30) as service:
        for number in (*FROM_OUTSIDE, *FAULTS):
            came: Counter[str] = Counter()
            for turn in range(times):
                text = LONG.format(name=f"{number.name} {turn}")
                first = _struck(service, text, number)
                again = query(service.url, text, source="127.0.17.2")
                came[f"{_shown(first)}, then {_shown(again)}"] += 1
                wanted = (200, "") if number in FROM_OUTSIDE else (503, "too-complex")
                result.expect(
                    (first.status, first.problem) == wanted, f"{number.name}: the query got {_shown(first)}"
                )
                result.expect(again.status == 200, f"{number.name}: the same query again got {_shown(again)}")
            result.figures[number.name] = dict(came)
    return result


def _struck(service: Service, text: str, number: signal.Signals) -> Reply:
    """Ask a query, and send a signal to the worker that has it."""
    assert eventually(lambda: service.workers(), 30), "there is no worker"
    before = _used_at_rest(service)
    with ThreadPoolExecutor(1) as one:
        asked = one.submit(query, service.url, text, "json", "127.0.17.1")
        end = time.monotonic() + 10
        while not asked.done() and time.monotonic() < end:
            busy = [pid for pid, used in _used(service).items() if used - before.get(pid, used) >= USED]
            if busy:
                with suppress(ProcessLookupError):
                    os.kill(busy[0], number)
                return asked.result()
            time.sleep(0.01)
        reply = asked.result()
    raise AssertionError(f"no worker was busy with the query: {_shown(reply)} after {reply.seconds:.2f} s")


def _used_at_rest(service: Service) -> dict[int, float]:
    """Wait until no worker uses processor time, as a new one does; return what each has used."""
    used = _used(service)
    while time.sleep(0.1) or used != (now := _used(service)):
        used = now
    return used


def _used(service: Service) -> dict[int, float]:
    found = {}
    for pid in service.workers():
        with suppress(psutil.Error):
            found[pid] = sum(psutil.Process(pid).cpu_times()[:2])
    return found


def _shown(reply: Reply) -> str:
    return f"{reply.status} {reply.problem or reply.broken}".strip()
