"""A complete answer, in memory while it is small and in a temporary file when it is not."""

from __future__ import annotations

import asyncio
import logging
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, Final

from surplace.engine.clients import CLIENT
from surplace.engine.query_errors import BusyError, TooLargeError, UnavailableError
from surplace.rdf.formats import Format, Kind
from surplace.sparql.truncation import Cut, leading_to

LOG: Final = logging.getLogger("surplace.pool")
IN_MEMORY: Final = 64 * 1024
"""Bytes of an answer that are kept in memory."""
PIECE: Final = 64 * 1024
"""Bytes that are handed on at once."""


class Room:
    """Counts the bytes of all answers that are held, of which one client may have a quarter.

    All of it is called in one thread.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self._held: Counter[str] = Counter()
        self._all = 0

    def take(self, client: str, size: int) -> None:
        """Count *size* bytes more; raises BusyError if there is no room for them."""
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
        self._all -= size
        self._held[client] -= size
        if not self._held[client]:
            del self._held[client]


def _size(number: int) -> str:
    mebibytes = number / 1024 / 1024
    return f"{mebibytes:.3g} MiB" if mebibytes >= 1 else f"{number} bytes"


class Answer:
    """An answer that is there to its last byte: what is sent on is never cut short by a failing query.

    Nothing is sent before all is known to be well, so every failure gets its status. Iterate over the bytes,
    then close it; *size* is their number, and *cut* tells how many rows there are if there should be more.
    *summary* is the sentence that sums it up, where one was asked for; *unsummed* why it cannot be written.
    """

    def __init__(
        self, kind: Kind, form: Format, most: int, room: Room | None = None, client: str | None = None
    ) -> None:
        """Begin an answer of at most *most* bytes, which are counted in *room* until it is closed."""
        self.kind, self.format, self.most = kind, form, most
        self.size = 0
        self.cut: int | None = None
        self.summary = self.unsummed = ""
        self._room, self._client, self._counted = room, CLIENT.get() if client is None else client, 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._mark = (0, b"")
        self._shortened: Cut | None = None
        self._parts: list[bytes] = []
        self._file: IO[bytes] | None = None

    def write(self, data: bytes) -> None:
        """Add bytes; raises TooLargeError when there are too many, BusyError or UnavailableError.

        After an error the answer is of no more use, and closed.
        """
        self.size += len(data)
        try:
            if self.size > self.most:
                raise TooLargeError(
                    f"The answer is larger than {_size(self.most)}: add a LIMIT, or ask for less."
                )
            if self._room is not None:
                self._room.take(self._client, len(data))
                self._counted += len(data)
            self._keep(data)
        except BaseException:
            self.close()
            raise

    def _keep(self, data: bytes) -> None:
        if self._file is None and self.size <= IN_MEMORY:
            self._parts.append(data)
            return
        try:
            if self._file is None:
                self._file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by close)
                self._file.write(b"".join(self._parts))
                self._parts = []
            self._file.write(data)
            self._file.flush()
        except OSError as error:
            LOG.error("A large answer could not be kept (%s): make room for temporary files", error)
            raise UnavailableError(
                f"The service has no room for large answers ({error.strerror}): ask for less, or try again "
                "when whoever runs it has made some."
            ) from None

    def shorten(self, cut: Cut) -> None:
        """Cut the answer, and mark it as cut; raises UnavailableError."""
        end = cut.end.encode()
        self._mark = (cut.place, cut.mark.encode())
        self.size = cut.length + len(end) + len(self._mark[1])
        self.cut = cut.rows
        self._shortened = cut
        if self._file is None:
            self._parts = [b"".join(self._parts)[: cut.length], end]
            return
        self._file.seek(cut.length)
        self._file.truncate()
        self._keep(end)

    def lead_to(self, address: str) -> None:
        """Let the mark of an answer that was cut here lead to *address*, where its rows go on."""
        if self._shortened is not None:
            self.shorten(leading_to(self._shortened, self.format.name, address))

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes from the beginning."""
        place, mark = self._mark
        if self._file is None:
            whole = b"".join(self._parts)
            if whole or mark:
                yield whole[:place] + mark + whole[place:] if mark else whole
            return
        self._file.seek(0)
        if mark:
            yield self._file.read(place) + mark
        while piece := self._file.read(PIECE):
            yield piece

    def read(self) -> bytes:
        """Return all bytes, and close the answer."""
        data = b"".join(self)
        self.close()
        return data

    def leave(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let the answer be used, and closed, in another thread than that of *loop*, where it was made."""
        self._loop = loop

    def close(self) -> None:
        """Let go of memory or file."""
        self._parts = []
        if self._file is not None:
            with suppress(OSError):  # the rest cannot be written, and nobody wants it
                self._file.close()
        counted, self._counted = self._counted, 0
        if self._room is None or not counted:
            return
        if self._loop is None:
            self._room.free(self._client, counted)
        else:
            with suppress(RuntimeError):  # the loop has ended, and nothing is counted any more
                self._loop.call_soon_threadsafe(self._room.free, self._client, counted)
