"""An answer as a spreadsheet: the rows on one sheet, what they are an answer to and the IRIs on others.

Nothing is ever a formula, and the same answer of the same release has the same bytes.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

import xlsxwriter
from pyoxigraph import Literal, NamedNode
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from surplace.catalogue.query import LABEL
from surplace.namespaces import RDF, XSD, compact
from surplace.rdf.terms import Term, text_of
from surplace.words.columns import title
from surplace.words.days import days_in_words
from surplace.words.properties import PROPERTIES

ROWS: Final = 1_048_575
"""Rows that a sheet has below its first one."""
LINKS: Final = 65_530
"""Links that a sheet may have."""
LONGEST: Final = 32_767
"""Characters that a cell may have."""
_LONGEST_LINK: Final = 2_079
_EXACT: Final = 10**15
"""Whole numbers below this are kept to their last digit; the others are text."""
_NO_DAY: Final = date(1980, 1, 1)
"""Stands for the day of a release that is not known: a file must have one."""
_FIRST_DAY: Final = date(1900, 3, 1)
"""The first day on which all spreadsheets agree: some take 1900 for a leap year."""
_NUMBERS: Final = frozenset(
    XSD + name
    for name in (
        *("integer", "decimal", "double", "float", "int", "long", "short", "byte", "nonNegativeInteger"),
        *("positiveInteger", "negativeInteger", "nonPositiveInteger", "unsignedInt", "unsignedLong"),
    )
)

_TEXTS: Final = frozenset((XSD + "string", RDF + "langString"))

Row: TypeAlias = Mapping[str, Term]
Value: TypeAlias = str | float | bool | date


@dataclass(frozen=True)
class Written:
    """A cell: its value, and where it leads to, empty if nowhere."""

    value: Value
    link: str = ""


def workbook(
    columns: Sequence[str],
    rows: Sequence[Row],
    labels: Mapping[str, str],
    about: Iterable[tuple[str, str]],
    day: date | None,
    aside: Sequence[str] = (),
    called: Callable[[str], str] = title,
) -> bytes:
    """Return a file of XLSX with the sheets Answer and About, and Addresses if there is something for it.

    *columns* are those of *rows*; one that is called as another with Label behind it holds its labels.
    *labels* are those of further IRIs. *about* are pairs of title and text. *day* is the day that the file
    bears. *called* gives a column of Answer its title. Addresses has, row by row, the IRIs of what Answer
    calls by labels, and the columns set *aside*.
    """
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    made_on = day or _NO_DAY
    # the day of the release, for the file says nothing of when it was taken
    book.set_properties({"created": datetime(made_on.year, made_on.month, made_on.day, tzinfo=UTC)})
    forms = {
        "title": book.add_format({"bold": True, "text_wrap": True, "valign": "top"}),
        "text": book.add_format({"text_wrap": True, "valign": "top"}),
        "day": book.add_format({"num_format": "d mmmm yyyy", "align": "left", "valign": "top"}),
        "link": book.add_format({"text_wrap": True, "valign": "top", "font_color": "#1a4f8b"}),
    }
    shown = _shown(columns)
    read = [name for name in shown if name not in aside]
    things = names_in(columns, rows)
    _Sheet(book.add_worksheet("Answer"), forms).fill(
        [called(name) for name in read],
        [[_written(row.get(name), row.get(name + LABEL), labels) for name in read] for row in rows],
    )
    _about(_Sheet(book.add_worksheet("About"), forms), about)
    if things or aside:
        _Sheet(book.add_worksheet("Addresses"), forms).fill(
            [*(f"{called(name)} (IRI)" for name in things), *map(title, aside)],
            [
                [
                    *(_name(row.get(name)) for name in things),
                    *(_written(row.get(name), None, {}) for name in aside),
                ]
                for row in rows
            ],
        )
    book.close()
    return made.getvalue()


def _shown(columns: Sequence[str]) -> list[str]:
    """Return the columns without those that hold labels of others."""
    labelled = {name for name in columns if name + LABEL in columns}
    return [name for name in columns if not (name.endswith(LABEL) and name.removesuffix(LABEL) in labelled)]


def names_in(columns: Sequence[str], rows: Sequence[Row]) -> list[str]:
    """Return the columns in which IRIs are."""
    return [name for name in _shown(columns) if any(isinstance(row.get(name), NamedNode) for row in rows)]


def _written(term: Term | None, label: Term | None, labels: Mapping[str, str]) -> Written | None:
    """Return a term as it is read: a label that leads to the thing, a number, a day, a text."""
    if term is None:
        return None if label is None else Written(text_of(label))
    if isinstance(term, NamedNode):
        name = labels.get(term.value, "") if label is None else text_of(label)
        short = compact(term.value)
        return Written(days_in_words(name) or PROPERTIES.get(short, short), _web(term.value))
    return Written(_value(term) if isinstance(term, Literal) else text_of(term))


def _name(term: Term | None) -> Written | None:
    return Written(term.value) if isinstance(term, NamedNode) else None


def _value(term: Literal) -> Value:
    """Return a literal as a spreadsheet has it; what it cannot hold exactly stays text."""
    kind, text = term.datatype.value, term.value
    if kind == XSD + "boolean" and text in ("true", "false"):
        return text == "true"
    if kind == XSD + "date":
        try:
            found = date.fromisoformat(text)
        except ValueError:
            return text
        return found if found >= _FIRST_DAY else text
    if kind in _NUMBERS:
        try:
            number = float(text)
        except ValueError:
            return text
        digits = sum(character.isdigit() for character in text.lower().partition("e")[0].lstrip("+-0."))
        return number if abs(number) < _EXACT and digits <= 15 else text
    return days_in_words(text) if kind in _TEXTS else text


def _web(iri: str) -> str:
    """Return an IRI that a browser may open; nothing for another."""
    try:
        scheme = urlsplit(iri).scheme
    except ValueError:
        return ""
    return iri if scheme in ("http", "https") and len(iri) <= _LONGEST_LINK else ""


class _Sheet:
    """Writes cells by the kind of their values, so that no text is ever taken for something else."""

    def __init__(self, sheet: Worksheet, forms: Mapping[str, Format]) -> None:
        self.sheet, self.forms, self.links = sheet, forms, 0

    def fill(self, titles: Sequence[str], lines: Sequence[Sequence[Written | None]]) -> None:
        """Write a table with its titles in the first row, which stays in sight."""
        for column, name in enumerate(titles):
            self.sheet.write_string(0, column, name, self.forms["title"])
            lengths = [len(str(cell.value)) for line in lines[:200] if (cell := line[column])]
            self.sheet.set_column(column, column, max(10, min(60, max([len(name), *lengths]) + 2)))
        for number, line in enumerate(lines[:ROWS], 1):
            for column, cell in enumerate(line):
                if cell is not None:
                    self.put(number, column, cell)
        self.sheet.freeze_panes(1, 0)
        if titles:
            self.sheet.autofilter(0, 0, max(1, min(len(lines), ROWS)), len(titles) - 1)

    def put(self, row: int, column: int, cell: Written) -> None:
        """Write a cell."""
        value: Any = cell.value
        if isinstance(value, bool):
            self.sheet.write_boolean(row, column, value, self.forms["text"])
        elif isinstance(value, float):
            self.sheet.write_number(row, column, value, self.forms["text"])
        elif isinstance(value, date):
            self.sheet.write_datetime(row, column, value, self.forms["day"])
        elif cell.link and self.links < LINKS:
            self.links += 1
            self.sheet.write_url(row, column, cell.link, self.forms["link"], fitting(value))
        else:
            self.sheet.write_string(row, column, fitting(value), self.forms["text"])


def fitting(text: str) -> str:
    """Return a text as a cell can hold it: its end is left out, and marked, where it is too long."""
    # what is counted are units of UTF-16
    if len(text.encode("utf-16-le")) // 2 <= LONGEST:
        return text
    return text.encode("utf-16-le")[: 2 * (LONGEST - 1)].decode("utf-16-le", "ignore") + "…"


def _about(sheet: _Sheet, about: Iterable[tuple[str, str]]) -> None:
    """Write what the rows are an answer to, a line each."""
    sheet.sheet.set_column(0, 0, 24)
    sheet.sheet.set_column(1, 1, 100)
    for number, (name, text) in enumerate(about):
        sheet.sheet.write_string(number, 0, name, sheet.forms["title"])
        sheet.put(number, 1, Written(text, "" if " " in text else _web(text)))
