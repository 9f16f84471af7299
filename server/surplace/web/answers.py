"""The answer to a question on a page: exceptions first, the rule folded, what is the same said once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode

from surplace.catalogue import Query
from surplace.catalogue.query import LABEL
from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row, Table
from surplace.namespaces import BASE, treaty_of
from surplace.rdf.terms import Term, text_of
from surplace.web.cells import Cell, cell, in_plain_words
from surplace.web.common import in_common, listed
from surplace.web.laws import as_it, laws_of
from surplace.words.columns import title
from surplace.words.days import days_in_words, in_words
from surplace.words.order import legal_key
from surplace.words.sentence import in_full
from surplace.words.standings import LEGEND, Horizons, Mark, ending

REASONS: Final = ("conclusion", "finding", "opposition")
"""Columns whose things say why: they become a link at the end of the row."""
ENDS: Final = ("before",)
"""Columns with the first day on which something no longer held."""
HOW_LONG: Final = "how long"
"""What such a column is called where it is put in words, which may be that it is still so."""
_CAVEAT: Final = "caveat"
"""The column for which a row comes again where several things are to be said."""
LONG: Final = 60
"""Characters of the texts of a column, in the mean, from which on they stand below the line."""
WIDTH: Final = 124
"""Characters that a line of a table holds at 1,440 pixels, two of them for the space after each cell."""
_NORM: Final = "norm"
"""The column of norms, which say themselves what a provision is about."""
_AGAIN: Final = "as above"
"""Stands for a long text that the line above has too: nothing would read as if there were none."""
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
_REPLIED: Final = "repliedOn"
"""The day of a reply, which stands with its name."""

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


def in_order(query: Query, rows: Sequence[Row]) -> list[Row]:
    """Put rows in the order of the query, with the numbers of law as numbers."""
    order = query.layout.order
    if not order:
        return list(rows)
    return sorted(rows, key=lambda row: tuple(_key(row.get(name)) for name in order))


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
            return _part(names, lines, len(rows), name)
        return _grouped(query, names, rows, lines, name)

    folded = None
    if usual and unusual:
        told = together(query, usual)
        folded = replace(part(usual, _name(query, told)), told=len(told))
    shown = part(unusual if folded else table.rows)
    return AnswerPage(shown, folded, _legend(shown, folded), total, table.cut, offset)


def _grouped(
    query: Query, names: Sequence[str], rows: Sequence[Row], lines: Sequence[Line], name: str
) -> Part:
    """Put rows under headings, by the columns that the query names, and say first what all of them say."""
    heads = [names.index(column) for column in query.by]
    same = [place for place in _same(lines, len(names)) if place not in heads]
    left = [place for place in range(len(names)) if place not in (*heads, *same)]
    groups: dict[tuple[object, ...], list[int]] = {}
    for number, row in enumerate(rows):
        groups.setdefault(tuple(_key(row.get(column)) for column in query.by), []).append(number)
    titles = [names[place] for place in left]
    headed = []
    for _, numbers in sorted(groups.items()):
        head = tuple((heading(names[place]), found) for place in heads if (found := lines[numbers[0]][place]))
        headed.append((head, [_under(head, [lines[number][place] for place in left]) for number in numbers]))
    parts = [replace(_part(titles, those, len(those), ""), head=head) for head, those in headed]
    # what is long under one heading stands below its line under all, so that all have the same columns
    below = {title for part in parts if len(part.lines) > 1 for title in part.below}
    if any(below.intersection(part.titles) for part in parts):
        parts = [replace(_part(titles, those, len(those), "", below), head=head) for head, those in headed]
    return Part(
        tuple((heading(names[place]), found) for place in same if (found := lines[0][place])),
        (),
        (),
        (),
        len(rows),
        name,
        groups=tuple(_told_once(parts)),
    )


def _told_once(parts: Iterable[Part]) -> Iterator[Part]:
    """Leave out of the long texts that all rows of a part have those that a part before it has."""
    said: dict[str, set[str]] = defaultdict(set)
    for part in parts:
        same = []
        for name, found in part.same:
            texts = [one for one in found.parts or (found,) if not one.href and len(one.text) > LONG]
            left = [one for one in found.parts or (found,) if one not in texts or one.text not in said[name]]
            if len(left) < len(found.parts or (found,)):
                again = (Cell(_AGAIN), *left)
                found = replace(found, text="; ".join(one.text for one in again), parts=again if left else ())
            said[name].update(one.text for one in texts)
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


def together(query: Query, rows: Iterable[Row]) -> list[Row]:
    """Put rows together that differ in their caveats only, which then are the lines of one text."""
    if _CAVEAT not in query.columns:
        return list(rows)
    groups: dict[tuple[Term | None, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row.get(name) for name in query.columns if name != _CAVEAT), []).append(row)
    found = []
    for first, *others in groups.values():
        caveats = [text_of(row[_CAVEAT]) for row in (first, *others) if _CAVEAT in row]
        found.append({**first, _CAVEAT: Literal("\n".join(caveats))} if others else first)
    return found


def is_usual(query: Query, row: Row) -> bool:
    """Tell whether a row is the rule: every column that the query names has one of the values it gives."""
    if not query.usual:
        return False
    return all(_last(row.get(name)) in values for name, values in query.usual.items())


def _last(term: Term | None) -> str:
    if term is None:
        return ""
    return term.value.rpartition("/")[2] if isinstance(term, NamedNode) else text_of(term)


def _key(term: Term | None) -> tuple[tuple[int, int, str], ...]:
    return () if term is None else legal_key(text_of(term).removeprefix(BASE))


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


def kind_of(row: Row) -> str:
    """Return the name of the standing that a row tells, or nothing: how it ended depends on it."""
    return text_of(row["standing"]).rpartition("/standing-kind/")[2] if "standing" in row else ""


def _cell(row: Row, name: str, labels: Mapping[str, str], known: Horizons) -> Cell | None:
    term = row.get(name)
    if term is None:
        return None
    label = row.get(name + LABEL)
    found = cell(term, labels if label is None else {text_of(term): text_of(label)})
    found = replace(found, iri="")  # a page shows none beside a label, and it would weigh as much as that
    if isinstance(term, Literal):
        text = in_words(found.text)
        if name in ENDS:
            text = ending(text_of(term), known, kind_of(row))
        return replace(found, text=days_in_words(text))
    if name in REASONS and found.href:
        return replace(found, text="Why", says=f"Why: {found.text}", kind="why")
    return in_plain_words(found)


def _part(
    names: Sequence[str], lines: Sequence[Line], rows: int, name: str, low: Collection[str] = ()
) -> Part:
    """Drop what no row has, say once what all rows say, and put lines together that differ in one place.

    Columns with a title among *low* stand below the line, whatever their width.
    """
    places = [place for place in range(len(names)) if any(line[place] for line in lines)]
    same = _same(lines, len(names))
    differing = [place for place in places if place not in same]
    if not differing and same:  # rows that say the same on a page
        differing = [same.pop(0)]
    merged = _merged([tuple(line[place] for place in differing) for line in lines])
    common, merged = _said_once(merged)
    titles = [heading(names[place]) for place in differing]
    below = _below(titles, merged)
    below += [place for place, title in enumerate(titles) if title in low and place and place not in below]
    kept = [place for place in range(len(differing)) if any(line[place] for line in merged)]
    below = [place for place in below if place in kept]
    beside = [place for place in kept if place not in below]
    return Part(
        (
            *((heading(names[place]), found) for place in same if (found := lines[0][place])),
            *((titles[place], found) for place, found in common.items()),
        ),
        tuple(titles[place] for place in beside),
        tuple(titles[place] for place in below),
        _once([tuple(line[place] for place in (*beside, *below)) for line in merged], len(beside)),
        rows,
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


def heading(name: str) -> str:
    """Return what the column of that name is called where people read it."""
    if name in REASONS:
        return "why"
    return HOW_LONG if name in ENDS else title(name)


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


def _name(query: Query, rows: Sequence[Row]) -> str:
    """Say how many rows of which kind are folded: `94 not party, 53 binding`, `17 blocked (not party)`."""
    counts: dict[str, int] = {}
    for row in rows:
        words = []
        for name in query.usual:
            term = row.get(name)
            if term is not None:
                words.append(text_of(row.get(name + LABEL, term)) if name + LABEL in row else _last(term))
        kind = (
            " ".join((*words[:1], *(f"({word})" for word in words[1:])))
            or f"without {' and '.join(map(title, query.usual))}"
        )
        counts[kind] = counts.get(kind, 0) + 1
    return ", ".join(
        f"{number} {kind}".strip()
        for kind, number in sorted(counts.items(), key=lambda item: -item[1])
        if kind
    )


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
