"""The rows of an answer: their order, which are the rule, and which differ in their caveats only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from pyoxigraph import Literal, NamedNode

from surplace.catalogue import Query
from surplace.engine.table import Row
from surplace.namespaces import BASE, last_segment
from surplace.rdf.terms import Term, text_of
from surplace.words.columns import title
from surplace.words.order import legal_key

REASONS: Final = ("conclusion", "finding", "opposition")
"""Columns whose things say why: they become a link at the end of the row."""
ENDS: Final = ("before",)
"""Columns with the first day on which something no longer held."""
HOW_LONG: Final = "how long"
"""What such a column is called where it is put in words, which may be that it is still so."""
_CAVEAT: Final = "caveat"
"""The column for which a row comes again where several things are to be said."""


def in_order(query: Query, rows: Sequence[Row]) -> list[Row]:
    """Put rows in the order of the query, with the numbers of law as numbers."""
    order = query.layout.order
    if not order:
        return list(rows)
    return sorted(rows, key=lambda row: tuple(place_in_law(row.get(name)) for name in order))


def together(query: Query, rows: Iterable[Row]) -> list[Row]:
    """Put rows together that differ in their caveats only, which then are the lines of one text."""
    if _CAVEAT not in query.columns:
        return list(rows)
    groups: dict[frozenset[tuple[str, Term]], list[Row]] = {}
    for row in rows:
        groups.setdefault(frozenset(item for item in row.items() if item[0] != _CAVEAT), []).append(row)
    found = []
    for first, *others in groups.values():
        caveats = [text_of(row[_CAVEAT]) for row in (first, *others) if _CAVEAT in row]
        found.append({**first, _CAVEAT: Literal("\n".join(caveats))} if others else first)
    return found


def is_usual(query: Query, row: Row) -> bool:
    """Tell whether a row is the rule: every column that the query names has one of the values it gives."""
    if not query.usual:
        return False
    return all(last_part(row.get(name)) in values for name, values in query.usual.items())


def last_part(term: Term | None) -> str:
    """Return what the IRI of a term ends in, or its text."""
    if term is None:
        return ""
    return last_segment(term.value) if isinstance(term, NamedNode) else text_of(term)


def place_in_law(term: Term | None) -> tuple[tuple[int, int, str], ...]:
    """Return what to sort a term by, so that articles come as numbers."""
    return () if term is None else legal_key(text_of(term).removeprefix(BASE))


def kind_of(row: Row) -> str:
    """Return the name of the standing that a row tells, or nothing: how it ended depends on it."""
    return text_of(row["standing"]).rpartition("/standing-kind/")[2] if "standing" in row else ""


def heading(name: str, heads: Mapping[str, str]) -> str:
    """Return what the column of that name is called where people read it; *heads* are those of its query."""
    if name in heads:
        return heads[name]
    if name in REASONS:
        return "why"
    return HOW_LONG if name in ENDS else title(name)
