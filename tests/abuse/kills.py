"""Workers that die at any moment, and what forks them: nobody is told anything wrong, all come back."""

from __future__ import annotations

import json
import os
import random
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path

import psutil

from abuse.target import Canary, Result, target
from service import Service, command_line, descendants, eventually

EVERY = 10
"""Of so many kills, one is of the process that the workers are forked from; they die with it."""
PATIENCE = 5.0
"""Seconds a kill, on the average, until a worker must be ready again."""


def fork_servers(service: Service) -> list[int]:
    """Return the process that workers are forked from; for a moment there may be none."""
    forked = {pid for pid in descendants(service.process.pid) if "forkserver" in command_line(pid)}
    found = []
    for pid in forked:
        with suppress(psutil.NoSuchProcess):
            if psutil.Process(pid).ppid() not in forked:
                found.append(pid)
    return found


def ready(service: Service) -> int:
    """Return how many workers there are to answer."""
    return int(json.loads(service.get("/health").body)["workers"])


def attack(release: Path, *, kills: int) -> Result:
    """Kill a worker, or what forks them, while the canary sings: every 50 ms, whenever one is ready.

    As long as none is, the service is left to start one: how fast it can is not the question here.
    """
    result = Result()
    chosen = random.Random(9)
    with target(release, client_burst=1_000_000) as service:
        idle = len(service.workers())
        with Canary(service.url, pause=0.01) as canary:
            done = servers = 0
            end = time.monotonic() + PATIENCE * kills
            while done < kills and time.monotonic() < end:
                is_server = done % EVERY == EVERY - 1
                found = fork_servers(service) if is_server else service.workers()
                if found and ready(service):
                    with suppress(ProcessLookupError):
                        os.kill(chosen.choice(found), signal.SIGKILL)
                        done += 1
                        servers += is_server
                time.sleep(0.05)
        threads = threading.active_count()
        back = eventually(lambda: len(service.workers()) >= idle)
    lost = len(canary.wrong)
    # where all workers are gone at once, that nobody is free is the truth
    unexpected = [item for item in canary.wrong if not item.startswith(("503 too-complex", "503 busy"))]
    result.figures |= {
        "processes killed": done,
        "of them what forks workers": servers,
        "asked": len(canary.seconds),
        "queries lost with their worker, or told to retry": lost,
        "slowest answer s": round(max(canary.seconds), 2),
        "all workers back": back,
        "threads of the attacker": threads,
    }
    result.expect(done == kills, f"only {done} processes could be killed: no others took their place")
    result.expect(servers == kills // EVERY, f"what forks workers was killed {servers} times")
    result.expect(not unexpected, f"{len(unexpected)} answers were wrong: {unexpected[:3]}")
    result.expect(lost <= done // 10 + 2, f"{lost} queries were lost for {done} kills")
    result.expect(back, f"fewer than {idle} workers came back")
    return result
