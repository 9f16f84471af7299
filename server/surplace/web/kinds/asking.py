"""What pages of kinds ask: rows of one query, with their cells."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from pyoxigraph import NamedNode

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.namespaces import last_segment, sparql_prologue
from surplace.rdf.terms import text_of
from surplace.web.cells import Cell, cell
from surplace.words.order import legal_key

BY_US: Final = "by our reading"
"""Marks what no source says but the editors of this project, as `read_by_us` finds."""


def read_by_us(said: str, mark: str) -> str:
    """Return the pattern that binds *mark* where only editors' passages state the triple pattern *said*."""
    return (
        f"OPTIONAL {{ GRAPH ?{mark}In {{ {said} }} ?{mark}In a sur:EditorialPassage . FILTER NOT EXISTS {{ "
        f"GRAPH ?told {{ {said} }} ?told sur:isPassageOf ?of "
        f"FILTER NOT EXISTS {{ ?told a sur:EditorialPassage }} }} BIND(true AS ?{mark}) }}"
    )


def rows_of(knowledge: Knowledge, pattern: str, *names: str, this: str = "") -> list[Row]:
    """Return the rows of a pattern, in the order of law; `?this` in it stands for the thing."""
    bound = f"VALUES ?this {{ {NamedNode(this)} }} " if this else ""
    columns = " ".join(f"?{name}" for name in names)
    table = knowledge.select(f"{sparql_prologue()}SELECT DISTINCT {columns} WHERE {{ {bound}{pattern} }}")
    return sorted(table.rows, key=lambda row: tuple(legal_key(text(row, name)) for name in names))


def text(row: Row, name: str) -> str:
    """Return the text of a value, or nothing."""
    return text_of(row[name]) if name in row else ""


def key(row: Row, name: str) -> str:
    """Return the key of a thing, or nothing."""
    return last_segment(text(row, name))


def holds(row: Row, day: str) -> bool:
    """Tell whether a standing holds on a day, from the days `from` and `before`, which may be open."""
    return text(row, "from") <= day and ("before" not in row or day < text(row, "before"))


def shown(row: Row, name: str) -> Cell | None:
    """Return the cell of a value, with the label beside it in the column `nameLabel`."""
    if name not in row:
        return None
    label = text(row, name + "Label")
    return cell(row[name], {text(row, name): label} if label else {})


def unique(rows: Sequence[Row], name: str) -> list[Row]:
    """Keep the first row of each value of a column."""
    return list({text(row, name): row for row in reversed(rows)}.values())[::-1]


def rows_as(rows: Iterable[Row], *roles: str) -> list[Row]:
    """Keep the rows of things that are around another in one of these roles, which the column `as` has."""
    return [row for row in rows if text(row, "as") in roles]


def cells_of(rows: Sequence[Row], name: str) -> tuple[Cell, ...]:
    """Return the values of a column, each once."""
    return tuple(found for row in unique(rows, name) if (found := shown(row, name)) is not None)


def values(name: str, iris: Iterable[str]) -> str:
    """Write the VALUES clause that binds a variable to things."""
    return f"VALUES ?{name} {{ {' '.join(str(NamedNode(iri)) for iri in sorted(iris))} }} "
