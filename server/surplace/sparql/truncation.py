"""Cuts the answer of a SELECT query after a number of rows, or of bytes, so that it still parses.

A cut answer carries a mark: JSON and XML as `link` in their head, which is the standard's place for what
there is to know about an answer; CSV and TSV as a last line in words; plain rows have no place for one. The
line is for people, since a cell of the data may hold the same words; what a program reads is the header of
the response.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final
from xml.sax.saxutils import quoteattr

ABOUT: Final = "/problems#cut"
"""Where the mark of JSON and XML leads."""


@dataclass(frozen=True)
class Cut:
    """How to cut bytes that were written: keep *length* of them, add *end*, and at *place* insert *mark*."""

    rows: int
    length: int
    end: str
    place: int
    mark: str


def leading_to(cut: Cut, form: str, address: str) -> Cut:
    """Return the cut with a mark that leads to *address* as well, a URL, where the rows go on."""
    if form == "json":
        return replace(cut, mark=f',"link":["{ABOUT}","{address}"]')
    if form == "xml":
        return replace(cut, mark=f'<link href="{ABOUT}"/><link href={quoteattr(address)}/>')
    return replace(cut, end=cut.end.replace('rows."', f'rows; they go on at {address}"'))


@dataclass(frozen=True)
class _Shape:
    """How a format writes rows. A *sign* follows each row, in JSON only where another row comes after it."""

    sign: bytes
    kept: int
    """Bytes of the sign that belong to the row before it."""
    end: str
    head: bytes = b""
    """What follows the place of the mark; empty where the mark is a last line."""
    mark: str = ""
    header: int = 0
    """Signs before the first row."""
    quoted: bool = False
    """Whether the sign may occur within quotes, where it is none."""
    last: bool = True
    """Whether the sign follows the last row too."""


_LINE: Final = '"CUT: the answer has more than these {rows} rows."'
_SHAPES: Final = {
    "json": _Shape(b"},{", 1, "]}}", b'},"results"', f',"link":["{ABOUT}"]', quoted=True, last=False),
    "rows": _Shape(b"},{", 1, "]", quoted=True, last=False),
    "xml": _Shape(b"</result>", 9, "</results></sparql>", b"</head>", f'<link href="{ABOUT}"/>'),
    "csv": _Shape(b"\r\n", 2, _LINE + "\r\n", header=1, quoted=True),
    "spreadsheet": _Shape(b"\r\n", 2, _LINE + "\r\n", header=1, quoted=True),
    "tsv": _Shape(b"\n", 1, _LINE + "\n", header=1),
}
_JSON: Final = ("json", "rows")
_ESCAPE: Final = re.compile(rb"\\.", re.DOTALL)
_HEAD: Final = 1024 * 1024
"""Bytes at the beginning in which the head has to end."""


class Rows:
    """Counts the rows of an answer as its bytes are written, and says how to cut it if it has too many."""

    def __init__(self, form: str, most_rows: int, most_bytes: int) -> None:
        """Look at an answer in the format of that name; bytes are counted without the mark."""
        self.form, self.shape = form, _SHAPES[form]
        self.most_rows, self.most_bytes = most_rows, most_bytes
        self.signs = 0
        self.position = 0
        self._inside = False
        self._rest = b""
        self._first = b""
        self._recent: tuple[int, int, list[bytes], bool] | None = None
        self._kept = 0  # where the last row ends that both limits allow
        self._rows_kept = 0

    def fits(self, answer: bytes) -> bool:
        """Tell at a glance that a whole answer needs no cut; what may need one is looked at."""
        return len(answer) <= self.most_bytes and answer.count(self.shape.sign) < self.most_rows

    def look(self, data: bytes) -> Cut | None:
        """Take in the next bytes of the answer."""
        if len(self._first) < _HEAD:
            self._first += data[: _HEAD - len(self._first)]
        piece = self._rest + data
        whole = len(piece) - self._halves(piece)
        self._rest = piece[whole:]
        return self._scan(piece[:whole])

    def finish(self) -> Cut | None:
        """Look at what was held back, at the end of the answer."""
        piece, self._rest = self._rest, b""
        return self._scan(piece)

    def _halves(self, piece: bytes) -> int:
        """Return how many bytes at the end may be half a sign or half an escape: they wait for the rest."""
        if self.form in _JSON:
            if (len(piece) - len(piece.rstrip(b"\\"))) % 2:
                return 1
            return 2 if piece.endswith(b"},") else 1 if piece.endswith(b"}") else 0
        if self.form == "xml":
            start = piece.rfind(b"<")
            return len(piece) - start if start >= 0 and len(piece) - start < len(self.shape.sign) else 0
        return 1 if self.shape.sign == b"\r\n" and piece.endswith(b"\r") else 0

    def _scan(self, piece: bytes) -> Cut | None:
        parts, count, inside = self._split(piece)
        over = self.position + len(piece) + len(self._rest) > self.most_bytes
        wanted = self.most_rows + self.shape.header
        if over or self.signs + count >= wanted:
            if over and self._recent is not None:
                self._locate(*self._recent, wanted)
            self._locate(self.position, self.signs, parts, self._inside, wanted)
        elif count:
            self._recent = (self.position, self.signs, parts, self._inside)
        self.signs += count
        self.position += len(piece)
        self._inside = inside
        if self.signs >= wanted + self.shape.last:
            return self._cut(self.most_rows)
        return self._cut(self._rows_kept) if over else None

    def _split(self, piece: bytes) -> tuple[list[bytes], int, bool]:
        """Split at quotes: the parts, the signs outside of quotes, and whether the end is inside."""
        if not self.shape.quoted:
            return [piece], piece.count(self.shape.sign), False
        if self.form in _JSON:
            piece = _ESCAPE.sub(b"__", piece)
        parts = piece.split(b'"')
        outside = parts[1::2] if self._inside else parts[0::2]
        count = b'"'.join(outside).count(self.shape.sign)
        return parts, count, self._inside ^ (len(parts) % 2 == 0)

    def _locate(self, position: int, signs: int, parts: list[bytes], inside: bool, wanted: int) -> None:
        """Find the last row in *parts* that both limits allow."""
        for offset in _places(parts, self.shape.sign, inside):
            end = position + offset + self.shape.kept
            signs += 1
            if signs > wanted or end > self.most_bytes:
                return
            if signs > self.shape.header:
                self._kept, self._rows_kept = end, signs - self.shape.header

    def _cut(self, rows: int) -> Cut | None:
        """Return the cut; None if no row fits, or the head is too large to be marked."""
        shape = self.shape
        place = self._first.find(shape.head) if shape.head else 0
        if not self._rows_kept or place < 0:
            return None
        return Cut(rows, self._kept, shape.end.replace("{rows}", str(rows)), place, shape.mark)


def _places(parts: list[bytes], sign: bytes, inside: bool) -> Iterator[int]:
    """Yield where *sign* begins in the parts outside of quotes, counted from the first part."""
    offset = 0
    for number, part in enumerate(parts):
        if bool(number % 2) == inside:
            found = part.find(sign)
            while found >= 0:
                yield offset + found
                found = part.find(sign, found + len(sign))
        offset += len(part) + 1
