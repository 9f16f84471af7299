"""How often the rows of a long answer say what, with links to those rows where the question has them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode

from surplace.catalogue.asked import BoundQuestion
from surplace.engine.table import Row
from surplace.http.message import at
from surplace.rdf.terms import text_of
from surplace.words.columns import title

LONG: Final = 20
"""Rows from which on an answer is long."""
MOST: Final = 12
"""Values of a column that are counted; a column with more says nothing at a glance."""


@dataclass(frozen=True)
class Facet:
    """A column with its values: text, number of rows, and where those rows are, empty if nowhere."""

    title: str
    values: tuple[tuple[str, int, str], ...]


def facets_of(asked: BoundQuestion, rows: Sequence[Row], labels: Mapping[str, str]) -> tuple[Facet, ...]:
    """Count the values of columns of things in *rows*, all rows of an answer, the most frequent first.

    A value leads to its rows where the question has a parameter of that name which may have any value now.
    """
    if len(rows) < LONG:
        return ()
    found = []
    for name in asked.columns:
        counts = Counter(term for row in rows if isinstance(term := row.get(name), NamedNode))
        if 2 <= len(counts) <= MOST:
            ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0].value))
            values = tuple(
                (labels.get(term.value, text_of(term)), number, _narrowed(asked, name, term))
                for term, number in ordered
            )
            found.append(Facet(asked.query.heads.get(name) or title(name), values))
    return tuple(found)


def _narrowed(asked: BoundQuestion, name: str, term: NamedNode) -> str:
    parameter = asked.query.params.get(name)
    if parameter is None or asked.terms[name] != (None,):
        return ""
    return at("/" + replace(asked, terms={**asked.terms, name: (term,)}).path)
