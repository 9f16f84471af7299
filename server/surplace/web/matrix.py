"""States by provisions of a treaty on a day: exceptions first, on both sides; all of it as CSV.

A row is a state and the treaty through which the provisions could bind it. Rows and columns without an
exception are folded: states that stand alike to every provision into one line for each standing, provisions
of which nothing is concluded by itself into the last column. A paragraph to which each state stands as to its
article is folded into the column of that.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from surplace.web.cells import Cell
from surplace.web.kinds.standing import Stand, Standings, TreatyPart, mark_cell


@dataclass(frozen=True)
class MatrixCell:
    """A cell: the mark, the reason, and the conclusion that explains it; none beyond reach."""

    mark: Cell | None
    reason: str = ""
    why: str = ""


@dataclass(frozen=True)
class MatrixRow:
    """A state with an exception, the treaty through which it is bound if another, its cells, and the rest."""

    name: Cell
    through: str
    places: tuple[MatrixCell, ...]
    others: MatrixCell


@dataclass(frozen=True)
class AlikeStates:
    """States that stand alike to every provision that the treaty reaches."""

    mark: Cell
    through: str
    stands: tuple[Stand, ...]


@dataclass(frozen=True)
class Matrix:
    """A treaty on a day: the provisions with an exception, the lines, and what is folded."""

    parts: tuple[TreatyPart, ...]
    within: tuple[int, ...]
    """For each of these, how many of its own parts stand alike."""
    others: int
    """How many provisions stand in the last column."""
    lines: tuple[MatrixRow, ...]
    folds: tuple[AlikeStates, ...]


def matrix_of(found: Standings) -> Matrix:
    """Lay out how each state stands to each provision."""
    excepted = {provision for _, _, provision in found.special}
    apart = {(state, through) for state, through, _ in found.special}
    stands = [stand for stand in found.states if (stand.state, stand.through) in apart]
    columns = {
        part: tuple(_place(found, stand, part) for stand in stands)
        for part in found.parts
        if part.iri in excepted
    }
    whole = {part: _alike_whole(part, columns) for part in columns}
    parts = tuple(part for part in columns if whole[part] is None)
    within = Counter(each for each in whole.values() if each is not None)
    lines = tuple(
        MatrixRow(
            stand.name,
            _through(found, stand),
            tuple(columns[part][number] for part in parts),
            MatrixCell(mark_cell(stand.usual), stand.reason, stand.why),
        )
        for number, stand in enumerate(stands)
    )
    folds: dict[tuple[str, str], list[Stand]] = {}
    for stand in found.states:
        if (stand.state, stand.through) not in apart:
            folds.setdefault((_through(found, stand), stand.usual), []).append(stand)
    return Matrix(
        parts,
        tuple(within[part] for part in parts),
        len(found.parts) - len(columns),
        lines,
        tuple(
            AlikeStates(mark_cell(kind), through, tuple(those))
            for (through, kind), those in sorted(folds.items())
        ),
    )


def _alike_whole(part: TreatyPart, columns: Mapping[TreatyPart, tuple[MatrixCell, ...]]) -> TreatyPart | None:
    """Return the widest provision around a part to which each state stands as to that; None for none."""
    marks = [cell.mark for cell in columns[part]]
    around = (one for one in columns if part.iri.startswith(f"{one.iri}/"))
    alike = (one for one in around if [cell.mark for cell in columns[one]] == marks)
    return min(alike, key=lambda one: len(one.iri), default=None)


def rows(found: Standings) -> Iterator[tuple[str, ...]]:
    """Yield a row for each state, treaty through which it could be bound, and provision that this reaches."""
    for stand in found.states:
        for part in found.parts:
            place = _place(found, stand, part)
            if place.mark is not None:
                through = found.names[stand.through].text
                yield stand.name.text, through, part.name.text, place.mark.text, place.reason, place.why


COLUMNS: Final = ("state", "through", "provision", "standing", "reason", "conclusion")


def as_csv(found: Standings) -> bytes:
    """Write all cells as CSV."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows(found))
    return out.getvalue().encode()


def _through(found: Standings, stand: Stand) -> str:
    return "" if stand.through == found.treaty else found.short(stand.through)


def _place(found: Standings, stand: Stand, part: TreatyPart) -> MatrixCell:
    if not found.covers(stand, part):
        return MatrixCell(None)
    apart = found.apart(stand, part)
    if apart is not None:
        return MatrixCell(apart.mark, apart.reason, apart.why)
    return MatrixCell(mark_cell(stand.usual), stand.reason, stand.why)
