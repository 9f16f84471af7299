"""A complete answer, in memory while it is small and in a temporary file when it is not."""

from __future__ import annotations

import tempfile
import threading
from collections import Counter
from collections.abc import Iterator
from typing import Final

from surplace.engine.clients import CLIENT
from surplace.engine.protocol import BusyError, TooLargeError
from surplace.rdf.formats import Format, Kind
from surplace.sparql.truncation import Cut, leading_to

IN_MEMORY: Final = 64 * 1024
"""Bytes of an answer that are kept in memory."""
PIECE: Final = 64 * 1024
"""Bytes that are handed on at once."""


class Room:
    """Counts the bytes of all answers that are held, of which one client may have a quarter."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._held: Counter[str] = Counter()
        self._all = 0
        self._lock = threading.Lock()

    def take(self, client: str, size: int) -> None:
        """Count *size* bytes more; raises BusyError if there is no room for them."""
        with self._lock:
            full = self._all + size > self.most
            if full or (client and self._held[client] + size > self.most // 4):
                whose = "all clients" if full else "yours"
                raise BusyError(
                    f"The answers that are being taken ({whose}) leave no room for this one: "
                    "take them faster, or try again in 5 seconds.",
                    5,
                )
            self._held[client] += size
            self._all += size

    def free(self, client: str, size: int) -> None:
        """Count *size* bytes less."""
        with self._lock:
            self._all -= size
            self._held[client] -= size
            if not self._held[client]:
                del self._held[client]


class Answer:
    """An answer that is there to its last byte: what is sent on is never cut short by a failing query.

    Nothing is sent before all is known to be well, so every failure gets its status. Iterate over the bytes,
    then close it; *size* is their number, and *cut* tells how many rows there are if there should be more.
    """

    def __init__(self, kind: Kind, form: Format, most: int, room: Room | None = None) -> None:
        """Begin an answer of at most *most* bytes, which are counted in *room* until it is closed."""
        self.kind, self.format, self.most = kind, form, most
        self.size = 0
        self._room, self._client, self._counted = room, CLIENT.get(), 0
        self.cut: int | None = None
        self._mark = (0, b"")
        self._shortened: Cut | None = None
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (closed by close)

    def write(self, data: bytes) -> None:
        """Add bytes; raises TooLargeError, and closes the answer, when there are too many."""
        self.size += len(data)
        if self.size > self.most:
            self.close()
            raise TooLargeError(
                f"The answer is larger than {self.most / 1024 / 1024:g} MiB: add a LIMIT, or ask for less."
            )
        if self._room is not None:
            self._room.take(self._client, len(data))
            self._counted += len(data)
        self._file.write(data)

    def shorten(self, cut: Cut) -> None:
        """Cut the answer, and mark it as cut."""
        self._file.seek(cut.length)
        self._file.truncate()
        end = cut.end.encode()
        self._file.write(end)
        self._mark = (cut.place, cut.mark.encode())
        self.size = cut.length + len(end) + len(self._mark[1])
        self.cut = cut.rows
        self._shortened = cut

    def lead_to(self, address: str) -> None:
        """Let the mark of an answer that was cut here lead to *address*, where its rows go on."""
        if self._shortened is not None:
            self.shorten(leading_to(self._shortened, self.format.name, address))

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes from the beginning."""
        self._file.seek(0)
        place, mark = self._mark
        if mark:
            yield self._file.read(place) + mark
        while piece := self._file.read(PIECE):
            yield piece

    def read(self) -> bytes:
        """Return all bytes, and close the answer."""
        data = b"".join(self)
        self.close()
        return data

    def close(self) -> None:
        """Let go of memory or file."""
        self._file.close()
        if self._room is not None:
            self._room.free(self._client, self._counted)
        self._counted = 0
