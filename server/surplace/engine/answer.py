"""A complete answer, in memory while it is small and in a temporary file when it is not."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from typing import Final

from surplace.engine.cutting import Cut
from surplace.engine.formats import Format, Kind
from surplace.engine.protocol import TooLargeError

IN_MEMORY: Final = 256 * 1024
"""Bytes of an answer that are kept in memory."""
PIECE: Final = 64 * 1024
"""Bytes that are handed on at once."""


class Answer:
    """An answer that is there to its last byte: what is sent on is never cut short by a failing query.

    Nothing is sent before all is known to be well, so every failure gets its status. Iterate over the bytes,
    then close it; *size* is their number, and *cut* tells how many rows there are if there should be more.
    """

    def __init__(self, kind: Kind, form: Format, most: int) -> None:
        """Begin an answer of at most *most* bytes."""
        self.kind, self.format, self.most = kind, form, most
        self.size = 0
        self.cut: int | None = None
        self._mark = (0, b"")
        self._file = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 (closed by close)

    def write(self, data: bytes) -> None:
        """Add bytes; raises TooLargeError, and closes the answer, when there are too many."""
        self.size += len(data)
        if self.size > self.most:
            self.close()
            raise TooLargeError(
                f"The answer is larger than {self.most / 1024 / 1024:g} MiB: add a LIMIT, or ask for less."
            )
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
