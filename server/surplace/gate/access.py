"""The log: one line of JSON a request, with no address, no query and no parameter in it."""

from __future__ import annotations

import hashlib
import json
import logging
import queue
import secrets
import sys
import threading
from dataclasses import dataclass
from datetime import UTC, datetime
from logging.handlers import QueueHandler
from typing import Any, Final

from surplace.engine.protocol import digest
from surplace.routes.message import HttpResponse

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
class Entry:
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

    @property
    def outcome(self) -> str:
        """One word: answered, cut, or the code of the problem."""
        return self.problem or ("answered" if self.cut is None else "cut")


class Access:
    """Writes the log to standard error, in a thread of its own: a log that nobody reads stops nobody."""

    def __init__(self, *, queries: bool) -> None:
        """Begin a log; with *queries*, their texts are in it."""
        self.queries = queries
        waiting: queue.Queue[logging.LogRecord] = queue.Queue(WAITING)
        self.handler = _Handler(waiting)
        out = logging.StreamHandler(sys.stderr)
        out.setFormatter(_Lines())
        self.writer = _Writer(waiting, out)
        self.logger = logging.getLogger(LOGGER)
        self.logger.setLevel(logging.INFO)
        self.logger.propagate = False
        self.logger.addHandler(self.handler)
        self._secret = secrets.token_bytes(16)
        self.writer.start()

    def write(self, entry: Entry) -> None:
        """Write the line of a request."""
        fields: dict[str, Any] = {
            # tells clients apart until the service stops, and tells nobody who they are
            "client": hashlib.blake2b(entry.client.encode(), key=self._secret, digest_size=8).hexdigest(),
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
        self.logger.info("request", extra={"fields": fields})

    @property
    def lost(self) -> int:
        """How many lines were lost."""
        return self.handler.lost

    def close(self) -> None:
        """Write what waits."""
        self.logger.removeHandler(self.handler)
        self.writer.stop()


class _Handler(QueueHandler):
    """Hands lines to the thread that writes them."""

    def __init__(self, waiting: queue.Queue[Any]) -> None:
        super().__init__(waiting)
        self.lost = 0

    def prepare(self, record: logging.LogRecord) -> logging.LogRecord:
        return record

    def enqueue(self, record: logging.LogRecord) -> None:
        try:
            super().enqueue(record)
        except queue.Full:
            self.lost += 1


class _Writer(threading.Thread):
    """Hands on the lines that wait, those of one pause together."""

    def __init__(self, waiting: queue.Queue[logging.LogRecord], out: logging.Handler) -> None:
        super().__init__(name="surplace-log", daemon=True)
        self.waiting, self.out = waiting, out
        self._stop_now = threading.Event()

    def run(self) -> None:
        stopped = False
        while not stopped:
            stopped = self._stop_now.wait(PAUSE)
            for _ in range(self.waiting.qsize()):
                self.out.handle(self.waiting.get_nowait())

    def stop(self) -> None:
        """Write what waits, and end."""
        self._stop_now.set()
        self.join()


class _Lines(logging.Formatter):
    """Makes a line of JSON of a record, in ASCII: no control character gets through."""

    def format(self, record: logging.LogRecord) -> str:
        moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        fields: dict[str, Any] = {"time": moment, "event": record.getMessage()}
        fields |= getattr(record, "fields", {})
        if record.exc_info:
            fields["trace"] = self.formatException(record.exc_info)
        return json.dumps(fields)
