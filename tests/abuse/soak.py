"""Ten minutes of ordinary use with a few hostile queries among it: answers right, nothing grows."""

from __future__ import annotations

import hashlib
import random
import threading
import time
from collections import Counter
from pathlib import Path

import psutil

from abuse.hashes import of_a_quiet_day
from abuse.hostile import mixed
from abuse.scales import Scales
from abuse.target import Reply, Result, percentile, query, send, target

CLIENTS = 6
HOSTILE_SHARE = 0.02


def attack(release: Path, *, seconds: float) -> Result:
    """Let six clients ask without a pause, two of a hundred requests hostile."""
    result = Result()
    settings = {"client_burst": 1_000_000, "client_errors": 1_000_000, "deadline": 10.0}
    with target(release, **settings) as service, Scales(service) as scales:
        known = of_a_quiet_day(service.url, 1)
        hostile = mixed(10**9, 5_000)
        lock = threading.Lock()
        replies: Counter[str] = Counter()
        wrong: list[str] = []
        taken: list[float] = []
        levels: list[tuple[int, int, int]] = []
        end = time.monotonic() + seconds

        def ask(number: int) -> None:
            chosen = random.Random(number)
            while time.monotonic() < end:
                source = f"127.0.6.{1 + chosen.randrange(200)}"
                if chosen.random() < HOSTILE_SHARE:
                    with lock:
                        _, text = next(hostile)
                    _note("hostile", query(service.url, text, source=source))
                    continue
                path = chosen.choice(list(known))
                _note(path, send(service.url, "GET", path, source=source))

        def _note(path: str, reply: Reply) -> None:
            with lock:
                if path == "hostile":
                    replies["hostile"] += 1
                    return
                right = reply.status == 200 and hashlib.sha256(reply.body).hexdigest() == known[path]
                replies["right" if right else "wrong"] += 1
                taken.append(reply.seconds)
                if not right:
                    wrong.append(f"{path}: {reply.status} {reply.problem or reply.broken}")

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(CLIENTS)]
        for thread in threads:
            thread.start()
        while time.monotonic() < end:
            time.sleep(min(5.0, seconds / 12))
            levels.append(_levels(scales))
        for thread in threads:
            thread.join()
        time.sleep(3)
        levels.append(_levels(scales))
        scales.report(result, 512 * 1024 * 1024)
    share = 100 * replies["right"] / max(1, replies["right"] + replies["wrong"])
    third = max(1, len(levels) // 3)
    early, late = levels[third], levels[-1]
    result.figures |= {
        "seconds": seconds,
        "legitimate requests": replies["right"] + replies["wrong"],
        "right %": round(share, 3),
        "hostile requests": replies["hostile"],
        "p50 ms, p99 ms": [round(1000 * percentile(taken, part)) for part in (0.5, 0.99)],
        "web MiB, descriptors, processes after a third": early,
        "web MiB, descriptors, processes at the end": late,
    }
    result.expect(share >= 99.9, f"only {share:.3f} % were right: {Counter(wrong).most_common(5)}")
    result.expect(late[0] <= early[0] + 20, f"memory grew from {early[0]} to {late[0]} MiB")
    result.expect(late[1] <= early[1] + 20, f"descriptors grew from {early[1]} to {late[1]}")
    return result


def _levels(scales: Scales) -> tuple[int, int, int]:
    web, workers = scales.processes()
    try:
        return (
            sum(item.memory_info().rss for item in web) // 2**20,
            sum(item.num_fds() for item in web),
            len(workers),
        )
    except psutil.Error:
        return 0, 0, 0
