"""What each client uses: a leaky bucket a client, and the client of the request that is worked on."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final

from surplace.engine.query_errors import OveruseError

CLIENT: Final[ContextVar[str]] = ContextVar("client", default="")
"""Who asks: an address, or nothing where Surplace itself or the command line does."""

MOST: Final = 10_000
"""Clients that are remembered; of more, those that used least are forgotten."""


class Buckets:
    """What clients used fills their buckets, which drain at a steady rate.

    A client whose bucket is full has to wait. Amounts are of any one unit: seconds, errors.
    All of it is called in one thread.
    """

    def __init__(
        self, per_minute: float, size: float, clock: Callable[[], float] = time.monotonic, most: int = MOST
    ) -> None:
        self.rate, self.size, self.most = per_minute / 60, size, most
        self._clock = clock
        self._levels: dict[str, tuple[float, float]] = {}

    def level(self, client: str) -> float:
        """Return what is in the bucket of *client* now."""
        return self._level(client, self._clock())

    def add(self, client: str, amount: float) -> None:
        """Put *amount* into the bucket; it may overflow by the last of what was begun before it was full."""
        now = self._clock()
        self._levels[client] = (self._level(client, now) + amount, now)
        if len(self._levels) > self.most:
            levels = {name: self._level(name, now) for name in self._levels}
            kept = sorted(levels, key=levels.__getitem__, reverse=True)[: self.most // 2]
            self._levels = {name: (levels[name], now) for name in kept}

    def wait(self, client: str, amount: float = 0) -> float:
        """Return the seconds until the bucket has room for *amount*, 0 if it has."""
        return max(0.0, self.level(client) + amount - self.size) / self.rate

    def _level(self, client: str, now: float) -> float:
        level, since = self._levels.get(client, (0.0, now))
        return max(0.0, level - (now - since) * self.rate)


def must_have_share(buckets: Buckets, client: str) -> None:
    """Raise OveruseError if a client used more than its share of seconds."""
    wait = math.ceil(buckets.wait(client)) if client else 0
    if wait:
        raise OveruseError(
            f"Your queries used more than their share of time: try again in {wait} seconds.", wait
        )
