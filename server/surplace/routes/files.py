"""Files as the bodies of responses: in pieces, from where a client left off, never held in memory."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, Final

from surplace.routes.message import PIECE
from surplace.routes.problems import Problem

GZIP: Final = "application/gzip"


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


def open_file(path: Path, size: int) -> FileBody:
    """Open a file that should have *size* bytes; raises Problem if it is gone."""
    gone = Problem(
        "not-found", f"The file {path.name} is not here any more: look at /dumps/ for those that are."
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
