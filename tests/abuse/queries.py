"""Hostile queries, eight at once from 64 addresses: each gets its answer in time, and the canary sings on."""

from __future__ import annotations

import threading
from collections import Counter
from pathlib import Path

from abuse.hostile import families, mixed
from abuse.scales import Scales
from abuse.target import Canary, Reply, Result, query, target

AT_ONCE = 8
ADDRESSES = 64
OVER = 0.5
"""Seconds after the deadline when every query must have been answered."""


def attack(
    release: Path, *, number: int, deadline: float, checked: bool = True, quick: float = 1.0
) -> Result:
    """Send *number* hostile queries; without *checked*, none is turned away before a worker sees it.

    The canary's p99 must be at most *quick* seconds.
    """
    settings: dict[str, object] = {"deadline": deadline}
    if not checked:
        settings["query_nesting"] = 10_000_000
    result = Result()
    with target(release, **settings) as service:
        scales = Scales(service)
        with scales, Canary(service.url) as canary:
            replies = send_hostile(service.url, number, deadline)
        scales.report(result, 512 * 1024 * 1024)
    canary.report(result, quick)
    _judge(result, replies, deadline)
    return result


def send_hostile(url: str, number: int, deadline: float) -> list[tuple[str, str, Reply]]:
    """Send *number* hostile queries, eight at once; return family, text and reply of each."""
    waiting = list(mixed(number))
    lock = threading.Lock()
    replies: list[tuple[str, str, Reply]] = []

    def attacker(turn: int) -> None:
        while True:
            with lock:
                if not waiting:
                    return
                family, text = waiting.pop()
                address = f"127.0.2.{1 + (turn + AT_ONCE * len(waiting)) % ADDRESSES}"
            reply = query(url, text, source=address, timeout=deadline + 20)
            with lock:
                replies.append((family, text, reply))

    threads = [threading.Thread(target=attacker, args=(turn,)) for turn in range(AT_ONCE)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return replies


def _judge(result: Result, replies: list[tuple[str, str, Reply]], deadline: float) -> None:
    outcomes: Counter[str] = Counter()
    for family, text, reply in replies:
        outcomes[f"{reply.status} {reply.problem}".strip()] += 1
        proper = reply.status == 200 or reply.problem
        shown = f"{family} ({len(text)} characters: {text[:60]!r})"
        result.expect(proper, f"{shown}: {reply.status} {reply.broken} {reply.body[:80]!r}")
        result.expect(reply.status != 500, f"{shown}: 500")
        result.expect(reply.seconds <= deadline + OVER, f"{shown}: {reply.seconds:.2f} s")
    result.figures |= {
        "queries": len(replies),
        "families": len(families()),
        "slowest s": round(max(reply.seconds for *_, reply in replies), 2),
        "outcomes": dict(outcomes.most_common()),
    }
