"""How slow the machine is, against that on which the limits of wall-clock time were set.

What takes the processor all the time takes as much longer on a slower machine, whatever the service does.
"""

from __future__ import annotations

import time
from functools import cache

TURNS = 2_000_000
REFERENCE = 0.041
"""Seconds that so many turns of a loop take where the limits were set, as the times of a build tell."""


@cache
def slowness() -> float:
    """Return by what limits of time are to be multiplied here: 1 on a machine as fast, or faster."""
    return max(1.0, min(_loop() for _ in range(5)) / REFERENCE)


def _loop() -> float:
    start, total = time.perf_counter(), 0
    for turn in range(TURNS):
        total += turn
    return time.perf_counter() - start
