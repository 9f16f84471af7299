"""The connections that are open: how many, whose, what their unfinished requests hold, whose time is over."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Final

from surplace.engine.limits import Limits
from surplace.gate.admission import busy, overuse
from surplace.http.problems import Problem

if TYPE_CHECKING:
    from surplace.gate.connection import Connection

SHARE: Final = 4
"""One address may hold this part of what all unfinished requests may hold together."""


class Connections:
    """Counts connections and the bytes of unfinished requests, by address and in all.

    Behind proxies all connections are the proxy's, which has no limit of its own then.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.held = 0
        self._open: set[Connection] = set()
        self._by_address: Counter[str] = Counter()
        self._held: Counter[str] = Counter()

    def __len__(self) -> int:
        """Return how many connections are open."""
        return len(self._open)

    def enter(self, connection: Connection) -> Problem | None:
        """Count a connection; return the problem if there are too many."""
        self._open.add(connection)
        self._by_address[connection.address] += 1
        if len(self._open) > self.limits.connections:
            return busy("too many connections are open")
        if not self.limits.proxies and self._by_address[connection.address] > self.limits.client_connections:
            return overuse(
                f"More than {self.limits.client_connections} connections come from your address", 1
            )
        return None

    def leave(self, connection: Connection) -> None:
        """Count a connection no more."""
        self.release(connection)
        if connection in self._open:
            self._open.remove(connection)
            self._by_address[connection.address] -= 1
            if not self._by_address[connection.address]:
                del self._by_address[connection.address]

    def hold(self, connection: Connection, size: int) -> Problem | None:
        """Count bytes of an unfinished request; return the problem if they are too many."""
        connection.held += size
        self.held += size
        self._held[connection.address] += size
        most = self.limits.unfinished_bytes
        if self.held > most:
            return busy("too much is being sent to it at once")
        if not self.limits.proxies and self._held[connection.address] > most // SHARE:
            return overuse("Too much of what your address sends is unfinished", 1)
        return None

    def release(self, connection: Connection) -> None:
        """Count what a connection held no more."""
        if connection.held:
            self.held -= connection.held
            self._held[connection.address] -= connection.held
            if not self._held[connection.address]:
                del self._held[connection.address]
            connection.held = 0

    def sweep(self) -> None:
        """End the patience with those whose time is over."""
        now = time.monotonic()
        for connection in [item for item in self._open if item.due is not None and item.due < now]:
            connection.expire()

    def stop(self) -> None:
        """Close all connections, each after the answer that is being made."""
        for connection in list(self._open):
            connection.stop()
