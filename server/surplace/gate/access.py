"""The log: one line of JSON a request, with no address, no query and no parameter in it."""

from __future__ import annotations

import hashlib
import json
import logging
import secrets
import sys
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from cachetools import LRUCache

from surplace.engine.protocol import digest
from surplace.http.message import HttpResponse

LOGGER: Final = "surplace"
WAITING: Final = 10_000
"""Lines that wait to be written; if whoever reads the log does not, further ones are lost, and counted."""
PAUSE: Final = 0.05
"""Seconds between two looks at the lines that wait: to wake a thread for each would take longer."""
METHOD: Final = 20
"""Characters of a method that are logged."""
PATH: Final = 500
"""Characters of a path that are logged."""


@dataclass
class LogEntry:
    """What there is to say about a request."""

    client: str
    method: str
    path: str
    status: int = 0
    bytes: int = 0
    seconds: float = 0.0
    release: str = ""
    problem: str = ""
    query: str = ""
    cut: int | None = None

    def take(self, response: HttpResponse) -> None:
        """Take in what a response says of itself."""
        self.status, self.problem, self.cut = response.status, response.problem, response.cut
        self.query = response.query

    @property
    def outcome(self) -> str:
        """One word: answered, cut, or the code of the problem."""
        return self.problem or ("answered" if self.cut is None else "cut")


class Access:
    """Writes the log to standard error, in a thread of its own: a log that nobody reads stops nobody."""

    def __init__(self, *, queries: bool) -> None:
        """Begin a log; with *queries*, their texts are in it."""
        self.queries = queries
        self.lost = 0
        """How many lines were lost."""
        self._waiting: deque[str] = deque()
        self._secret = secrets.token_bytes(16)
        self._names: LRUCache[str, str] = LRUCache(1000)
        self._handler = _Handler(self._put)
        self._handler.setFormatter(_LogLines())
        self._logger = logging.getLogger(LOGGER)
        self._logger.setLevel(logging.INFO)
        self._logger.propagate = False
        self._logger.addHandler(self._handler)
        self._stopped = threading.Event()
        self._writer = threading.Thread(target=self._run, name="surplace-log", daemon=True)
        self._writer.start()

    def write(self, entry: LogEntry) -> None:
        """Write the line of a request; called in the event loop alone."""
        fields: dict[str, Any] = {
            "client": self._name(entry.client),
            "method": entry.method[:METHOD],
            "path": entry.path[:PATH],
            "status": entry.status,
            "outcome": entry.outcome,
            "bytes": entry.bytes,
            "ms": round(entry.seconds * 1000, 1),
            "release": entry.release,
        }
        if entry.query:
            fields["query"] = digest(entry.query)
            if self.queries:
                fields["text"] = entry.query
        if entry.cut is not None:
            fields["rows"] = entry.cut
        self._put(_line(time.time(), fields, "request"))

    def close(self) -> None:
        """Write what waits."""
        self._logger.removeHandler(self._handler)
        self._stopped.set()
        self._writer.join()

    def _name(self, client: str) -> str:
        """Return what tells a client apart until the service stops, and tells nobody who it is."""
        found = self._names.get(client)
        if found is None:
            found = hashlib.blake2b(client.encode(), key=self._secret, digest_size=8).hexdigest()
            self._names[client] = found
        return found

    def _put(self, line: str) -> None:
        if len(self._waiting) < WAITING:
            self._waiting.append(line)
        else:
            self.lost += 1

    def _run(self) -> None:
        """Write the lines that wait, those of one pause together.

        They are made where the request was answered: many at once would keep the event loop from the
        interpreter for milliseconds.
        """
        stopped = False
        while not stopped:
            stopped = self._stopped.wait(PAUSE)
            lines = [self._waiting.popleft() for _ in range(len(self._waiting))]
            if lines:
                try:
                    sys.stderr.write("\n".join(lines) + "\n")
                    sys.stderr.flush()
                except (OSError, ValueError):  # nobody takes them, and nobody is to be told
                    self.lost += len(lines)


class _Handler(logging.Handler):
    """Hands lines on what the program says to the thread that writes them."""

    def __init__(self, put: Callable[[str], None]) -> None:
        super().__init__()
        self.put = put

    def emit(self, record: logging.LogRecord) -> None:
        self.put(self.format(record))


class _LogLines(logging.Formatter):
    """Makes a line of a record of the program."""

    def format(self, record: logging.LogRecord) -> str:
        try:
            fields = dict(getattr(record, "fields", {}))
            if record.exc_info:
                fields["trace"] = self.formatException(record.exc_info)
            return _line(record.created, fields, record.getMessage())
        except Exception:  # noqa: BLE001 (a record that cannot be written ends no log)
            return _line(record.created, {"record": repr(record.msg)}, "unreadable")


def _line(created: float, fields: dict[str, Any], event: str) -> str:
    """Return a line of JSON, in ASCII: no control character gets through."""
    moment = datetime.fromtimestamp(created, UTC).isoformat(timespec="milliseconds")
    return json.dumps({"time": moment, "event": event, **fields})
