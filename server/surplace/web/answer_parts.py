"""The lines of an answer: put together where they differ in one place, what is the same said once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from surplace.catalogue import Query
from surplace.engine.table import Row
from surplace.web.answer_rows import heading, place_in_law
from surplace.web.cells import Cell
from surplace.web.common import in_common, listed

LONG: Final = 60
"""Characters of the texts of a column, in the mean, from which on they stand below the line."""
WIDTH: Final = 124
"""Characters that a line of a table holds at 1,440 pixels, two of them for the space after each cell."""
_AGAIN: Final = "as above"
"""Stands for a long text that the line above has too: nothing would read as if there were none."""

Line: TypeAlias = tuple[Cell | None, ...]


@dataclass(frozen=True)
class Part:
    """Some rows of an answer: what all of them say, then a line for each with what differs."""

    same: tuple[tuple[str, Cell], ...]
    titles: tuple[str, ...]
    below: tuple[str, ...]
    """The titles of what stands below a line, because it is long."""
    lines: tuple[Line, ...]
    rows: int
    """How many rows of the answer these lines stand for."""
    name: str = ""
    """What the rows are, in words, where they are folded."""
    told: int = 0
    """How many rows these are, those with several caveats once, where they are folded."""
    head: tuple[tuple[str, Cell], ...] = ()
    """Title and cell of each column under whose values the rows stand."""
    groups: tuple[Part, ...] = ()
    """The rows under headings, where there are any; there are no lines besides."""

    @property
    def entries(self) -> int:
        """How many lines there are, those under headings with them."""
        return len(self.lines) + sum(group.entries for group in self.groups)


def grouped(
    query: Query, names: Sequence[str], rows: Sequence[Row], lines: Sequence[Line], name: str
) -> Part:
    """Put rows under headings, by the columns that the query names, and say first what all of them say."""
    heads = query.heads
    above = [names.index(column) for column in query.by]
    same = [place for place in _same(lines, len(names)) if place not in above]
    left = [place for place in range(len(names)) if place not in (*above, *same)]
    groups: dict[tuple[object, ...], list[int]] = {}
    for number, row in enumerate(rows):
        groups.setdefault(tuple(place_in_law(row.get(column)) for column in query.by), []).append(number)
    titles = [names[place] for place in left]
    headed = []
    for _, numbers in sorted(groups.items()):
        head = tuple(
            (heading(names[place], heads), found) for place in above if (found := lines[numbers[0]][place])
        )
        headed.append((head, [_under(head, [lines[number][place] for place in left]) for number in numbers]))
    parts = [replace(as_part(titles, those, "", heads), head=head) for head, those in headed]
    # what is long under one heading stands below its line under all, so that all have the same columns
    below = {title for part in parts if len(part.lines) > 1 for title in part.below}
    if any(below.intersection(part.titles) for part in parts):
        parts = [replace(as_part(titles, those, "", heads, below), head=head) for head, those in headed]
    return Part(
        tuple((heading(names[place], heads), found) for place in same if (found := lines[0][place])),
        (),
        (),
        (),
        len(rows),
        name,
        groups=tuple(_without_repeats(parts)),
    )


def _without_repeats(parts: Iterable[Part]) -> Iterator[Part]:
    """Leave out of the long texts that all rows of a part have those that a part before it has."""
    said: dict[str, set[str]] = defaultdict(set)
    for part in parts:
        same = []
        for name, found in part.same:
            texts = found.parts or (found,)
            long = {one.text for one in texts if not one.href and len(one.text) > LONG}
            left = [one for one in texts if one.text not in long & said[name]]
            if len(left) < len(texts):
                again = (Cell(_AGAIN), *left)
                found = replace(found, text="; ".join(one.text for one in again), parts=again if left else ())
            said[name] |= long
            same.append((name, found))
        yield replace(part, same=tuple(same))


def _under(head: Sequence[tuple[str, Cell]], line: Sequence[Cell | None]) -> Line:
    """Leave out of the name of a line what stands in brackets at its end and is the heading above it."""
    first, *rest = line or (None,)
    for _, found in head:
        if first and not first.parts and first.text.endswith(")"):
            text = first.text.removesuffix(f" ({found.text})").replace(f" ({found.text}, ", " (")
            first = replace(first, text=text)
    return (first, *rest)[: len(line)]


def _same(lines: Sequence[Line], width: int) -> list[int]:
    """Return the places where all of several lines have the same cell, which is no side of them."""
    return [
        place
        for place in range(width)
        if len(lines) > 1
        and (first := lines[0][place])
        and not first.side
        and all(line[place] == first for line in lines)
    ]


def _repeated(lines: Sequence[Line], places: Sequence[int]) -> dict[int, int]:
    """Return the places that say in each of several lines what an earlier one says, with that."""
    found: dict[int, int] = {}
    if len(lines) > 1:
        for number, place in enumerate(places):
            for first in places[:number]:
                if all(line[place] == line[first] and line[place] for line in lines):
                    found.setdefault(place, first)
    return found


def as_part(
    names: Sequence[str],
    lines: Sequence[Line],
    name: str,
    heads: Mapping[str, str],
    low: Collection[str] = (),
) -> Part:
    """Drop what no row has, say once what all rows say, and put lines together that differ in one place.

    The *heads* are those of the query. Columns with a title among *low* stand below the line, whatever their
    width.
    """
    places = [place for place in range(len(names)) if any(line[place] for line in lines)]
    same = _same(lines, len(names))
    differing = [place for place in places if place not in same]
    if not differing and same:  # rows that say the same on a page
        differing = [same.pop(0)]
    repeated = _repeated(lines, differing)
    differing = [place for place in differing if place not in repeated]
    merged = _merged([tuple(line[place] for place in differing) for line in lines])
    common, merged = _said_once(merged)
    titles = [heading(names[place], heads) for place in differing]
    below = _below(titles, merged)
    below += [place for place, title in enumerate(titles) if title in low and place and place not in below]
    kept = [place for place in range(len(differing)) if any(line[place] for line in merged)]
    below = [place for place in below if place in kept]
    beside = [place for place in kept if place not in below]
    return Part(
        (
            *((heading(names[place], heads), found) for place in same if (found := lines[0][place])),
            *(
                (heading(names[place], heads), Cell(f"the same as {heading(names[first], heads)}"))
                for place, first in repeated.items()
            ),
            *((titles[place], found) for place, found in common.items()),
        ),
        tuple(titles[place] for place in beside),
        tuple(titles[place] for place in below),
        _once([tuple(line[place] for place in (*beside, *below)) for line in merged], len(beside)),
        len(lines),
        name,
    )


def _said_once(lines: Sequence[Line]) -> tuple[dict[int, Cell], list[Line]]:
    """Take what the texts of a column have in common out of the lines; it is returned by its place."""
    common: dict[int, Cell] = {}
    columns = []
    for place, column in enumerate(zip(*lines, strict=True)):
        found, rest = in_common(column) if place else (None, list(column))
        if found is not None:
            common[place] = found
        columns.append(rest)
    return common, list(zip(*columns, strict=True))


def _once(lines: Sequence[Line], beside: int) -> tuple[Line, ...]:
    """Say *as above* of what a line has below it, after *beside* cells, and the line above has too.

    It is said all through a column, if some of its texts are long. Both lines are about the same thing then:
    they begin with the same cell.
    """
    found: list[Line] = []
    above: Line | None = None
    long = [any(one and len(one.text) > LONG for one in column) for column in zip(*lines, strict=True)]
    for line in lines:
        rest: Iterable[Cell | None] = line[beside:]
        if above is not None and above[0] == line[0]:
            triples = zip(line[beside:], above[beside:], long[beside:], strict=True)
            rest = (_again(one) if one and one == other and far else one for one, other, far in triples)
        found.append((*line[:beside], *rest))
        above = line
    return tuple(found)


def _again(found: Cell) -> Cell:
    """Say of a cell that it is as above; a thing is still a link away."""
    return Cell(_AGAIN, found.href, says=f"{_AGAIN}: {found.text}" if found.href else "")


def _below(titles: Sequence[str], lines: Sequence[Line]) -> list[int]:
    """Choose what stands below its line: long texts, then the widest columns until a line holds the rest.

    The first column, which names the row, stays, and so do verdicts and the last, if it says why. Without any
    below, some rows may take two lines.
    """
    columns = [[line[place] for line in lines] for place in range(len(titles))]
    widths = [_width(title, cells) for title, cells in zip(titles, columns, strict=True)]
    movable = [place for place in range(1, len(titles)) if not _stays(columns[place])]
    below = [place for place in movable if _is_long(columns[place])]
    if not below and sum(widths) <= WIDTH * 5 // 4:
        return []
    for place in sorted(movable, key=lambda place: -widths[place]):
        if sum(widths) - sum(widths[other] for other in below) <= WIDTH:
            break
        if place not in below:
            below.append(place)
    return sorted(below, key=lambda place: (_is_long(columns[place]), place))


def _width(title: str, cells: Sequence[Cell | None]) -> int:
    """Return the characters that three of four cells of a column have at most, and its title."""
    lengths = sorted(len(found.text) + (3 if found.mark else 0) if found else 1 for found in cells)
    return max(len(title), lengths[len(lengths) * 3 // 4] if lengths else 0) + 2


def _stays(cells: Sequence[Cell | None]) -> bool:
    return any(found.kind == "why" or found.mark or found.side for found in cells if found)


def _is_long(cells: Sequence[Cell | None]) -> bool:
    """Tell whether a column has texts or lists that make tall rows of narrow cells."""
    lengths = [
        len(found.text) for found in cells if found is not None and (found.kind == "text" or found.parts)
    ]
    return bool(lengths) and sum(lengths) > LONG * len(lengths)


def _merged(lines: list[Line]) -> list[Line]:
    """Put lines together that differ in one column only, which then lists its values; nothing is lost."""
    while lines and lines[0]:
        numbers: dict[Cell | None, int] = {}  # cells are many and long, and numbers quick to compare
        coded = [tuple(numbers.setdefault(one, len(numbers)) for one in line) for line in lines]
        left = [
            len({(*line[:place], *line[place + 1 :]) for line in coded}) for place in range(len(lines[0]))
        ]
        if min(left) == len(lines):
            break
        lines = _joined(lines, left.index(min(left)))
    return lines


def _joined(lines: Sequence[Line], place: int) -> list[Line]:
    groups: dict[Line, list[Cell | None]] = {}
    for line in lines:
        groups.setdefault((*line[:place], *line[place + 1 :]), []).append(line[place])
    return [(*rest[:place], _listed(cells), *rest[place:]) for rest, cells in groups.items()]


def _listed(cells: Iterable[Cell | None]) -> Cell | None:
    found = list(dict.fromkeys(part for one in cells if one for part in (one.parts or (one,))))
    return listed(_short(found))


def _short(parts: Sequence[Cell]) -> tuple[Cell, ...]:
    """Name what provisions are part of only once: `1951 Convention, Article 1`, then `Article 2`."""
    heads = {one.text.partition(", ")[0] for one in parts}
    if len(parts) < 3 or len(heads) > 1 or not all(one.href and ", " in one.text for one in parts):
        return tuple(parts)
    return (parts[0], *(replace(one, text=one.text.partition(", ")[2]) for one in parts[1:]))
