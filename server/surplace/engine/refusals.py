"""Queries that ended the process which evaluated them: refused for a while, with the reason."""

from __future__ import annotations

import hashlib
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from surplace.engine.protocol import Request, TooComplexError

MOST: Final = 10_000
"""Queries that are remembered; of more, the oldest are forgotten."""


def digest(query: str) -> str:
    """Return the name of a query in logs: the first half of its SHA-256."""
    return hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest()[:32]


class Refusals:
    """Remembers queries by their hash, for *seconds*."""

    def __init__(self, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.seconds = seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._until: OrderedDict[bytes, float] = OrderedDict()

    def note(self, request: Request) -> None:
        """Remember a request that ended its process."""
        with self._lock:
            self._until[_key(request)] = self._clock() + self.seconds
            while len(self._until) > MOST:
                self._until.popitem(last=False)

    def check(self, request: Request) -> None:
        """Refuse a request that is remembered: raises TooComplexError."""
        with self._lock:
            left = self._until.get(_key(request), 0.0) - self._clock()
        if left > 0:
            raise TooComplexError(
                "This query ended the process that evaluated it: it is refused for another "
                f"{math.ceil(left)} seconds; make it simpler, or split it.",
                math.ceil(left),
            )


def _key(request: Request) -> bytes:
    parts = [request.query, *request.default_graphs, "", *request.named_graphs]
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).digest()
