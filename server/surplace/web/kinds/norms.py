"""Norms in words: who must, must not or may do what towards whom, on which terms, but for what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.web.cells import Cell
from surplace.web.kinds.asking import cells_of, rows_of, shown, text

_NORMS: Final = """
    OPTIONAL { ?norm skos:prefLabel ?normLabel }
    OPTIONAL { VALUES (?class ?kind) { (sur:Prohibition "prohibition") (sur:Obligation "obligation")
        (sur:Permission "permission") } ?norm a ?class }
    OPTIONAL { ?norm sur:isBorneBy ?bearer . ?bearer skos:prefLabel ?bearerLabel }
    OPTIONAL { ?norm sur:concernsAction ?action . ?action skos:prefLabel ?actionLabel }
    OPTIONAL { ?norm sur:protects|sur:concernsPopulation ?towards . ?towards skos:prefLabel ?towardsLabel }
    OPTIONAL { ?norm sur:appliesIf ?condition } OPTIONAL { ?norm sur:isAbsolute ?absolute }
    OPTIONAL { ?exception sur:isExceptionTo ?norm ; skos:prefLabel ?exceptionLabel }
    OPTIONAL { ?norm sur:restsOnReading ?reading . ?reading skos:prefLabel ?readingLabel
               OPTIONAL { ?reading sur:isSpokenBy ?reader . ?reader skos:prefLabel ?readerLabel } }
"""
_COLUMNS: Final = (
    *("normLabel", "norm", "kind", "bearer", "bearerLabel", "action", "actionLabel"),
    *("towards", "towardsLabel", "condition", "absolute", "exception", "exceptionLabel"),
    *("reading", "readingLabel", "reader", "readerLabel"),
)
_DETAILS: Final = (
    *(("who bears it", "bearer"), ("what", "action"), ("towards", "towards"), ("if", "condition")),
    *(("except", "exception"), ("by a reading of", "reading")),
)
"""Parts of a norm, by what they are called and the column that has them."""


@dataclass(frozen=True)
class Norm:
    """A norm in words: what is to be done or not, by whom, towards whom, on which terms, but for what."""

    name: Cell
    kind: str
    """`prohibition`, `obligation`, `permission`, or nothing."""
    details: tuple[tuple[str, tuple[Cell, ...]], ...]
    absolute: bool
    readers: tuple[Cell, ...] = ()
    """Those whose reading of a provision it is, where it is one."""

    def of(self, title: str) -> tuple[Cell, ...]:
        """Return the parts of it that are called so."""
        return next((cells for name, cells in self.details if name == title), ())


def norms_of(pattern: str, iri: str, knowledge: Knowledge) -> list[Norm]:
    """Return the norms that a pattern on `?this` binds to `?norm`."""
    by: dict[str, list[Row]] = {}
    for row in rows_of(knowledge, pattern + _NORMS, *_COLUMNS, this=iri):
        by.setdefault(text(row, "norm"), []).append(row)
    return [_norm(rows) for rows in by.values()]


def _norm(rows: Sequence[Row]) -> Norm:
    name = shown(rows[0], "norm")
    assert name is not None  # noqa: S101 (the pattern binds it)
    return Norm(
        name,
        text(rows[0], "kind"),
        tuple((title, cells) for title, column in _DETAILS if (cells := cells_of(rows, column))),
        text(rows[0], "absolute") == "true",
        cells_of(rows, "reader"),
    )
