"""Releases change under load: no request fails, and no answer mixes two of them."""

from __future__ import annotations

import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from urllib.parse import quote

from abuse.target import Reply, Result, percentile, send, target
from service import make_release

NAMES = "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT ?label { <%s> skos:prefLabel ?label }"
STATE = "https://w3id.org/surplace/id/state/%s"
KINDS = ("rows", "graph", "page")
WITHIN = 15.0
"""Seconds in which answers of all kinds must come from a new release."""
CHANGED = ("RUR", "GRA")
"""States that have one further name in each release, the same for both: a mixture would show."""


def world(number: int) -> str:
    """Return what a release says that no other does."""
    named = " ".join(f'state:{code} skos:altLabel "release {number}" .' for code in CHANGED)
    return f"GRAPH <https://w3id.org/surplace/source/surplace/states> {{ {named} }}"


def attack(_release: Path, *, changes: int, per_second: int, pause: float = 1.5) -> Result:
    """Switch *changes* times between small releases while so many requests are sent every second."""
    result = Result()
    with tempfile.TemporaryDirectory() as folder:
        out = make_release(Path(folder), world(0))
        numbers = {(out / "current").resolve().name: 0}
        settings = {"release_check": 0.2, "client_requests": 1000, "client_burst": 1_000_000}
        with target(out, **settings) as service:
            replies: list[tuple[str, Reply]] = []
            stop = threading.Event()
            senders = 8
            threads = [
                threading.Thread(target=_ask, args=(service.url, replies, stop, senders / per_second, turn))
                for turn in range(senders)
            ]
            begun = time.monotonic()
            for thread in threads:
                thread.start()
            for number in range(1, changes + 1):
                time.sleep(pause)
                make_release(out, world(number))
                name = (out / "current").resolve().name
                numbers[name] = number
                _wait(replies, name)
            stop.set()
            for thread in threads:
                thread.join()
            seconds = time.monotonic() - begun
    _judge(result, replies, numbers, changes, seconds)
    return result


def _wait(replies: list[tuple[str, Reply]], name: str) -> None:
    """Wait until an answer of all kinds has come from a release, but not for ever."""
    until, read, missing = time.monotonic() + WITHIN, len(replies), set(KINDS)
    while missing and time.monotonic() < until:
        time.sleep(0.05)
        new = replies[read:]
        read += len(new)
        missing -= {kind for kind, reply in new if reply.headers.get("surplace-release") == name}


def _ask(url: str, replies: list[tuple[str, Reply]], stop: threading.Event, pause: float, turn: int) -> None:
    query = (
        "PREFIX skos: <http://www.w3.org/2004/02/skos/core#> SELECT ?name "
        f"{{ VALUES ?s {{ {' '.join(f'<{STATE % code}>' for code in CHANGED)} }} ?s skos:altLabel ?name }}"
    )
    paths = (
        f"/sparql?format=csv&query={quote(query)}",
        "/id/state/RUR.nt",
        "/id/state/RUR.html",
    )
    due = time.monotonic()
    while not stop.is_set():
        turn += 1
        kind = KINDS[turn % 3]
        headers = {"Accept": "text/html"} if kind == "page" else {}
        path = paths[turn % 3].removesuffix(".html")
        replies.append((kind, send(url, "GET", path, headers=headers, source="127.0.1.7")))
        due += pause
        time.sleep(max(0.0, due - time.monotonic()))


def _judge(
    result: Result, replies: list[tuple[str, Reply]], numbers: dict[str, int], changes: int, seconds: float
) -> None:
    seen: Counter[int] = Counter()
    failed, mixed = [], []
    for kind, reply in replies:
        if reply.status != 200:
            failed.append(f"{kind}: {reply.status} {reply.problem or reply.broken}")
            continue
        number = numbers[reply.headers["surplace-release"]]
        seen[number] += 1
        mark = f"release {number}"
        text = reply.body.decode()
        others = [other for other in numbers.values() if other != number and _has(text, f"release {other}")]
        if others or text.count(mark) < (2 if kind == "rows" else 1):
            mixed.append(f"{kind} of release {number} has {others}")
    taken = [reply.seconds for _, reply in replies]
    result.figures |= {
        "changes": changes,
        "releases seen in answers": len(seen),
        "requests": len(replies),
        "requests a second": round(len(replies) / seconds),
        "failed": len(failed),
        "of two releases": len(mixed),
        "p50 ms, p99 ms": [round(1000 * percentile(taken, share)) for share in (0.5, 0.99)],
    }
    result.expect(not failed, f"{len(failed)} requests failed: {Counter(failed).most_common(3)}")
    result.expect(not mixed, f"{len(mixed)} answers were mixed: {mixed[:3]}")
    result.expect(len(seen) == changes + 1, f"answers came from {len(seen)} releases, not {changes + 1}")


def _has(text: str, mark: str) -> bool:
    """Tell whether *mark* is in *text*, and not only as the beginning of a longer number."""
    return any(not part[:1].isdigit() for part in text.split(mark)[1:])
