"""CSV: the standard form, and one that a spreadsheet can open without taking a cell for a formula.

The library's own CSV leaves an IRI with a comma unquoted, so that its row has a cell too many; the csv module
does not. It costs 3 µs more a row.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Sequence
from io import StringIO
from itertools import chain, islice
from typing import IO, Final

from pyoxigraph import Literal, NamedNode, QueryBoolean, QuerySolutions

from surplace.rdf.terms import Term

BOM: Final = "\ufeff"
"""Tells a spreadsheet that the file is UTF-8."""
BATCH: Final = 128
"""Rows that are joined at once, and looked at together for what needs quotes: seldom does any."""
PIECE: Final = 16384
"""Characters that are collected before they are handed on."""

# What a spreadsheet may drop before it looks for a formula, and the characters that begin one (the wide forms
# are those of East Asian keyboards); a tab or a line end at the very beginning is dropped with what it hides.
_FORMULA: Final = re.compile("[\\s\\x00-\\x20\"'`\u200b-\u200f\u2060\ufeff]*[=+\\-@＝＋－＠]|[\t\r\n]")
_VALUED: Final = frozenset((NamedNode, Literal))
_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")


def write_csv(results: QuerySolutions, sink: IO[bytes]) -> None:
    """Write SPARQL 1.1 Query Results CSV: UTF-8, CRLF, quotes only where they are needed."""
    rows = iter(_rows(results))
    while batch := list(islice(rows, BATCH)):
        text = "\r\n".join([",".join(row) for row in batch]) + "\r\n"
        if not _is_plain(text, len(batch), len(batch[0])):
            quoted = StringIO(newline="")
            csv.writer(quoted).writerows(batch)
            text = quoted.getvalue()
        sink.write(text.encode())


def _is_plain(text: str, rows: int, cells: int) -> bool:
    """Tell whether rows that were just joined are the CSV that they should be: no cell needs quotes."""
    return (
        cells > 1  # an empty cell that is alone in its row is quoted
        and '"' not in text
        and text.count(",") == rows * (cells - 1)
        and text.count("\n") == text.count("\r") == rows
    )


def write_spreadsheet(results: QuerySolutions | QueryBoolean, sink: IO[bytes]) -> None:
    """Write CSV with a byte order mark, every cell in quotes and none that is a formula."""
    guard([[str(bool(results)).lower()]] if isinstance(results, QueryBoolean) else _rows(results), sink)


def guard(rows: Iterable[Sequence[str]], sink: IO[bytes]) -> None:
    """Write *rows* of plain cells, the header first, for a spreadsheet."""
    text = _Utf8(sink)
    text.write(BOM)
    # all cells in quotes: where ; separates cells, an unquoted a;=1 would end in a formula
    writer = csv.writer(text, quoting=csv.QUOTE_ALL)
    writer.writerows([as_text(cell) for cell in row] for row in rows)
    text.flush()


def as_text(cell: str) -> str:
    """Put an apostrophe before a cell that a spreadsheet would take for a formula; numbers stay numbers."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBER.fullmatch(cell) else cell


def _rows(results: QuerySolutions) -> Iterable[list[str]]:
    """Return the header and the rows of *results* as plain cells."""
    header = [variable.value for variable in results.variables]
    cells = ([term.value if type(term) in _VALUED else _other(term) for term in row] for row in results)
    return chain([header], cells)


def _other(term: Term | None) -> str:
    """Return the cell of what is no IRI and no literal."""
    return "" if term is None else str(term)


class _Utf8:
    """Hands text on as UTF-8, in pieces of a useful size."""

    def __init__(self, sink: IO[bytes]) -> None:
        self.sink = sink
        self.parts: list[str] = []
        self.length = 0

    def write(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)
        if self.length >= PIECE:
            self.flush()

    def flush(self) -> None:
        """Hand on what is left."""
        self.sink.write("".join(self.parts).encode())
        self.parts, self.length = [], 0
