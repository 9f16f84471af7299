"""Files as the bodies of responses: in pieces, from where a client left off, never held in memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

from surplace.http.message import PIECE, at
from surplace.http.problems import Problem

GZIP: Final = "application/gzip"
ZIPPED: Final = ".gz"


class FileBody:
    """The bytes of a file that is open."""

    def __init__(self, file: IO[bytes], size: int) -> None:
        self.file, self.size = file, size

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes from the beginning."""
        self.file.seek(0)
        while piece := self.file.read(PIECE):
            yield piece

    def close(self) -> None:
        """Close the file."""
        self.file.close()


class UnpackedBody:
    """What is in a gzip file that is open, unpacked piece by piece: at most 4 GiB, as gzip counts."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file = file
        file.seek(-4, 2)
        self.size = int.from_bytes(file.read(4), "little")

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes from the beginning."""
        self.file.seek(0)
        unpacker = zlib.decompressobj(wbits=31)
        while packed := unpacker.unconsumed_tail or self.file.read(PIECE):
            yield unpacker.decompress(packed, PIECE)
        yield unpacker.flush()

    def close(self) -> None:
        """Close the file."""
        self.file.close()


def open_file(path: Path, size: int) -> FileBody:
    """Open a file that should have *size* bytes; raises Problem if it is gone."""
    gone = Problem(
        "not-found", f"The file {path.name} is not here any more: look at {at('/dumps/')} for those that are."
    )
    try:
        file = path.open("rb")
    except OSError:
        raise gone from None
    if path.stat().st_size != size:
        file.close()
        raise gone
    return FileBody(file, size)


def content_type(record: Mapping[str, Any]) -> str:
    """Return the media type of the file of a record: of the gzip file itself, not of what is in it."""
    media_type = str(record["media_type"])
    return GZIP if record["gzip"] else f"{media_type}; charset=utf-8"
