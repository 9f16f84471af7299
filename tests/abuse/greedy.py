"""One greedy client beside nine modest ones: the nine are served, the greedy one is told to wait."""

from __future__ import annotations

import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from abuse.target import Reply, Result, percentile, query, target

HEAVY = "SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(?c = ?f && {turn} > 0) }}"
MODEST = (
    "SELECT ?s ?label {{ ?s a <https://w3id.org/surplace/ontology/State> ; "
    "<http://www.w3.org/2004/02/skos/core#prefLabel> ?label }} LIMIT {turn}"
)
GREEDY_AT_ONCE = 32


def attack(release: Path, *, seconds: float, **settings: object) -> Result:
    """Let them ask for so many seconds, the modest ones twice a second, the greedy one without a pause."""
    result = Result()
    stop = threading.Event()
    modest: list[Reply] = []
    greedy: Counter[str] = Counter()

    def ask_modestly(number: int) -> None:
        turn = 0
        while not stop.wait(0.5):
            turn += 1
            modest.append(
                query(service.url, MODEST.format(turn=1 + turn % 12), "csv", f"127.0.4.{number}", 30)
            )

    def ask_greedily(number: int) -> None:
        turn = number
        while not stop.is_set():
            turn += GREEDY_AT_ONCE
            reply = query(service.url, HEAVY.format(turn=turn), "csv", "127.0.5.1", 30)
            greedy[f"{reply.status} {reply.problem}".strip()] += 1
            if reply.status == 429:
                time.sleep(0.05)

    with target(release, **settings) as service, ThreadPoolExecutor(GREEDY_AT_ONCE + 9) as several:
        begun = [several.submit(ask_greedily, number) for number in range(GREEDY_AT_ONCE)]
        begun += [several.submit(ask_modestly, number) for number in range(1, 10)]
        time.sleep(seconds)
        stop.set()
        for item in begun:
            item.result()
    right = sum(reply.status == 200 for reply in modest)
    share = 100 * right / max(1, len(modest))
    p95 = percentile([reply.seconds for reply in modest], 0.95)
    result.figures |= {
        "seconds": seconds,
        "modest requests": len(modest),
        "modest answered %": round(share, 2),
        "modest p95 ms": round(1000 * p95),
        "greedy": dict(greedy.most_common()),
    }
    result.expect(share >= 95, f"only {share:.1f} % of modest requests were answered")
    result.expect(p95 <= 2, f"the modest clients' p95 is {p95:.2f} s")
    result.expect(greedy["429 overuse"], "the greedy client saw no 429")
    return result
