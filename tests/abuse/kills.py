"""Workers that die at any moment: nobody is told anything wrong, and others take their place."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path

from abuse.target import Canary, Result, target
from service import eventually


def attack(release: Path, *, kills: int) -> Result:
    """Kill a worker every 50 ms while the canary sings; what it asks takes a millisecond."""
    result = Result()
    chosen = random.Random(9)
    with target(release, client_burst=1_000_000) as service:
        idle = len(service.workers())
        with Canary(service.url, pause=0.01) as canary:
            done = 0
            while done < kills:
                workers = service.workers()
                if workers:
                    with suppress(ProcessLookupError):
                        os.kill(chosen.choice(workers), signal.SIGKILL)
                        done += 1
                time.sleep(0.05)
        threads = threading.active_count()
        back = eventually(lambda: len(service.workers()) == idle)
    lost = len(canary.wrong)
    unexpected = [item for item in canary.wrong if not item.startswith("503 too-complex")]
    result.figures |= {
        "workers killed": done,
        "asked": len(canary.seconds),
        "queries lost with their worker": lost,
        "all workers back": back,
        "threads of the attacker": threads,
    }
    result.expect(not unexpected, f"{len(unexpected)} answers were wrong: {unexpected[:3]}")
    result.expect(lost <= done // 10 + 2, f"{lost} queries were lost for {done} kills")
    result.expect(back, f"fewer than {idle} workers came back")
    return result
