"""Rows of terms: what a SELECT query found, as Surplace itself works with it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from pyoxigraph import QueryResultsFormat, QuerySolutions, parse_query_results

from surplace.engine.query_errors import EngineError, UnwritableAnswerError
from surplace.rdf.terms import Term

Row: TypeAlias = Mapping[str, Term]
"""A row: the bound variables only."""

NESTED: Final = 16
"""How deep triples inside triples are shown."""


@dataclass(frozen=True)
class Table:
    """The answer to a SELECT query."""

    columns: tuple[str, ...]
    rows: Sequence[Row]
    cut: bool = False
    """Whether there are more rows than the service sends."""
    summary: str = ""
    """The sentence that sums it up, where one was asked for."""


def table_of(solutions: QuerySolutions, *, cut: bool = False, summary: str = "") -> Table:
    """Return the rows that the library found or read."""
    columns = tuple(variable.value for variable in solutions.variables)
    rows = [
        {name: term for name, term in zip(columns, solution, strict=True) if term is not None}
        for solution in solutions
    ]
    return Table(columns, rows, cut, summary)


def read_table(data: bytes, *, cut: bool = False, summary: str = "") -> Table:
    """Read rows that were written as JSON; raises EngineError for what are none."""
    _check_depth(data)
    found = parse_query_results(data, format=QueryResultsFormat.JSON)
    if not isinstance(found, QuerySolutions):
        raise EngineError("A SELECT query was expected here: write SELECT.")
    return table_of(found, cut=cut, summary=summary)


def _check_depth(data: bytes) -> None:
    """Refuse rows with triples nested so deep that reading them would end this process.

    Only they can be nested at all; Python's own reader of JSON stops in time, the library's does not.
    """
    if b'"triple"' not in data:
        return
    try:
        rows = json.loads(data)["results"]["bindings"]
    except RecursionError:
        rows = None
    level = [term for row in rows or () for term in row.values()]
    depth = 0
    while level:
        depth += 1
        level = [part for term in level if term["type"] == "triple" for part in term["value"].values()]
    if rows is None or depth > NESTED:
        raise UnwritableAnswerError(
            f"The answer has triples inside triples, more than {NESTED} deep: download it, or ask for less."
        )
