"""The answer to a question on a page: exceptions first, the rule folded, each cell as it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import Literal, NamedNode

from surplace.catalogue import Query
from surplace.catalogue.query import LABEL
from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row, Table
from surplace.namespaces import BASE, XSD, treaty_of
from surplace.rdf.terms import Term, text_of
from surplace.web.answer_parts import Part, as_part, grouped
from surplace.web.answer_rows import ENDS, REASONS, is_usual, kind_of, last_part, together
from surplace.web.cells import Cell, cell, in_plain_words
from surplace.web.laws import as_it, laws_of
from surplace.words.days import days_in_words, in_words
from surplace.words.standings import LEGEND, Horizons, Mark, ending
from surplace.words.treaties import in_full

_NORM: Final = "norm"
"""The column of norms, which say themselves what a provision is about."""
_PLACES: Final = ("paragraph", "sentence")
"""Columns that say again what the name of the passage says."""
_OF_PASSAGE: Final = "Source"
"""How the column ends that says of which source the passage in another is, to which that leads."""
_REASON: Final = "reason"
"""The column of texts that name what stands in the row, or above it."""
_DOCUMENT: Final = "document"
_OF_DOCUMENT: Final = ("symbol", "documentParagraph")
"""Columns that most often say again what the name of the document says."""
_REPLY: Final = "reply"
_TRUTH: Final = {"true": "yes", "false": "no"}
_REPLIED: Final = "repliedOn"
"""The day of a reply, which stands with its name."""


@dataclass(frozen=True)
class AnswerPage:
    """The rows that a page shows, of *total*; *cut* if there are more than the service sends."""

    shown: Part
    folded: Part | None
    legend: tuple[Mark, ...]
    total: int
    cut: bool = False
    offset: int = 0

    @property
    def rows(self) -> int:
        """How many rows of the answer the page shows."""
        return self.shown.rows + (self.folded.rows if self.folded else 0)


def lay_out(query: Query, table: Table, knowledge: Knowledge, total: int, offset: int = 0) -> AnswerPage:
    """Lay out the rows of a table, which are *total* in the whole answer and begin after *offset*."""
    names = _columns(query, table.columns)
    labels = knowledge.labels(
        iri
        for row in table.rows
        for name in names
        if isinstance(term := row.get(name), NamedNode)
        for iri in (
            treaty_of(term.value) if name in query.by else "",
            term.value if name + LABEL not in row else "",
        )
        if iri.startswith(BASE)
    )
    names = [name for name in names if not _is_told(name, table.rows, labels)]
    beneath = {name: [one for one in query.beneath.get(name, ()) if one in names] for name in names}
    names = [name for name in names if not any(name in those for those in beneath.values())]
    known = knowledge.horizons()
    about = () if _NORM in names else (names[0], *query.by)
    laws = laws_of(knowledge) if about else {}
    usual = [row for row in table.rows if is_usual(query, row)]
    unusual = [row for row in table.rows if not is_usual(query, row)]

    named = [column for column in about if column in names]
    seen: dict[tuple[object, ...], Cell | None] = {}

    def shown_as(row: Row, column: str) -> Cell | None:
        """Make the cell of a term in a column once, for most come in many rows."""
        day = row.get(_REPLIED) if column == _REPLY else None
        it = _provision(row, named, labels) if column == _REASON else ""
        under = [(one, row[one]) for one in beneath.get(column, ()) if one in row]
        kind = kind_of(row) if column in ENDS else ""
        key = (column, row.get(column), kind or it or day or row.get(column + LABEL), *under)
        if key not in seen:
            found = _cell(row, column, labels, known)
            if found and it:
                found = replace(found, text=as_it(found.text, it))
            if found and day:
                found = replace(found, text=f"{found.text} ({in_words(text_of(day))})")
            if found and isinstance(term := row.get(column), NamedNode):
                if column in about:
                    found = replace(found, about=laws.get(term.value, ""))
                if column in query.by:
                    found = replace(found, text=in_full(found.text, labels.get(treaty_of(term.value), "")))
            if found and column in query.beneath:
                small = (shown_as(row, one) for one, _ in under)
                found = replace(found, beneath=tuple(one for one in small if one), side=True)
            seen[key] = found
        return seen[key]

    def part(rows: Sequence[Row], name: str = "") -> Part:
        lines = [tuple(shown_as(row, column) for column in names) for row in rows]
        if not query.by:
            return as_part(names, lines, name, query.heads)
        return grouped(query, names, rows, lines, name)

    folded = None
    if usual and unusual:
        told = together(query, usual)
        folded = replace(part(usual, _name(query, told)), told=len(told))
    shown = part(unusual if folded else table.rows)
    return AnswerPage(shown, folded, _legend(shown, folded), total, table.cut, offset)


def _columns(query: Query, columns: Sequence[str]) -> list[str]:
    """Return the columns to show: labels go with their things, places with passages, reasons come last."""
    shown = [name for name in columns if name not in query.labels]
    if "passage" in shown:
        shown = [name for name in shown if name not in _PLACES]
    shown = [
        name for name in shown if not name.endswith(_OF_PASSAGE) or name[: -len(_OF_PASSAGE)] not in shown
    ]
    if _REPLY in shown:
        shown = [name for name in shown if name != _REPLIED]
    return sorted(shown, key=lambda name: name in REASONS)


def _is_told(name: str, rows: Sequence[Row], labels: Mapping[str, str]) -> bool:
    """Tell whether the name of the document says all that a column has."""
    if name not in _OF_DOCUMENT:
        return False
    having = [row for row in rows if name in row]
    return all(_DOCUMENT in row and text_of(row[name]) in _named(row[_DOCUMENT], labels) for row in having)


def _named(term: Term, labels: Mapping[str, str]) -> str:
    return labels.get(text_of(term), "")


def _provision(row: Row, columns: Sequence[str], labels: Mapping[str, str]) -> str:
    """Return what the provision is called that a row is about, by the first of *columns* that has one."""
    for column in columns:
        term = row.get(column)
        if isinstance(term, NamedNode) and treaty_of(term.value):
            label = row.get(column + LABEL)
            return labels.get(term.value, "") if label is None else text_of(label)
    return ""


def _cell(row: Row, name: str, labels: Mapping[str, str], known: Horizons) -> Cell | None:
    term = row.get(name)
    if term is None:
        return None
    label = row.get(name + LABEL)
    found = cell(term, labels if label is None else {text_of(term): text_of(label)})
    found = replace(found, iri="")  # a page shows none beside a label, and it would weigh as much as that
    if isinstance(term, Literal):
        is_truth = term.datatype.value == f"{XSD}boolean"
        text = _TRUTH.get(found.text, found.text) if is_truth else in_words(found.text)
        if name in ENDS:
            text = ending(text_of(term), known, kind_of(row))
        return replace(found, text=days_in_words(text))
    if name in REASONS and found.href:
        return replace(found, text="Why", says=f"Why: {found.text.removeprefix('id/')}", kind="why")
    return in_plain_words(found)


def _name(query: Query, rows: Sequence[Row]) -> str:
    """Say how many rows of which kind are folded: `94 not party, 53 binding`, `17 blocked (not party)`."""
    counts: dict[str, int] = {}
    for row in rows:
        words = []
        for name, values in query.usual.items():
            part = last_part(row.get(name))
            words.append(values[part] or (text_of(row[name + LABEL]) if name + LABEL in row else part))
        first, *others = filter(None, words)
        kind = " ".join((first, *(f"({word})" for word in others)))
        counts[kind] = counts.get(kind, 0) + 1
    return ", ".join(f"{number} {kind}" for kind, number in sorted(counts.items(), key=lambda item: -item[1]))


def _legend(*parts: Part | None) -> tuple[Mark, ...]:
    """Return the marks that a page shows, in one order."""
    seen = {found.mark for part in parts if part for found in _cells(part) if found.mark}
    return tuple(mark for mark in LEGEND if mark in seen)


def _cells(part: Part) -> Iterator[Cell]:
    heads = (found for _, found in (*part.head, *part.same))
    for one in (*heads, *(found for line in part.lines for found in line)):
        if one is not None:
            yield from one.parts or (one,)
    for group in part.groups:
        yield from _cells(group)
