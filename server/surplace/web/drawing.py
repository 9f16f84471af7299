"""A drawing of statements: things as boxes from left to right, with a line for each of their properties.

A line whose value is a thing of its own leads to the box of that; others have their value in words. The same
statements are the same drawing. The measures are in pixels; texts are taken to be as wide as a wide typeface
makes them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from pyoxigraph import BlankNode, NamedNode, Triple

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Table
from surplace.namespaces import BASE, RDFS, SKOS
from surplace.rdf.terms import Term
from surplace.web.cells import cell
from surplace.web.terms.diagram import Text
from surplace.words.columns import title

BOXES: Final = 60
LINES: Final = 12
"""Lines of a box; what is beyond them is counted in one more."""
LETTERS: Final = 44
"""Characters of a line; longer ones are cut."""
_NAMING: Final = (NamedNode(SKOS + "prefLabel"), NamedNode(RDFS + "label"))
"""What a box has as its title."""
_LINE, _HEAD, _PAD, _GAP, _STEP = 18, 26, 10, 14, 56
_WIDE, _NARROW = 9.4, 7.2


class DrawnStatement(NamedTuple):
    """A thing, what is said of it (an IRI, or words), and the value."""

    subject: Term
    property: NamedNode | str
    value: Term


@dataclass(frozen=True)
class Thing:
    """The box of a thing: its name, then a line for each property."""

    x: float
    y: float
    width: float
    height: float
    lines: tuple[Text, ...]


@dataclass(frozen=True)
class GraphDrawing:
    """Boxes and the arrows between them, how much room they need, and how many things are left out."""

    width: float
    height: float
    things: tuple[Thing, ...]
    arrows: tuple[str, ...]
    """Paths, each from a line to the box of its value."""
    left_out: int


def of_triples(triples: Iterable[Triple]) -> list[DrawnStatement]:
    """Return triples as statements."""
    return [DrawnStatement(triple.subject, triple.predicate, triple.object) for triple in triples]


def of_rows(table: Table) -> list[DrawnStatement]:
    """Take each row for statements about what its first column has; nothing where that is no thing."""
    if len(table.columns) < 2:
        return []
    first, *others = table.columns
    return [
        DrawnStatement(row[first], title(name), row[name])
        for row in table.rows
        if isinstance(row.get(first), NamedNode | BlankNode)
        for name in others
        if name in row
    ]


def draw(statements: Sequence[DrawnStatement], knowledge: Knowledge) -> GraphDrawing | None:
    """Draw statements, as far as there is room; None if there are none."""
    about: dict[Term, dict[DrawnStatement, None]] = {}
    for statement in statements:
        about.setdefault(statement.subject, {})[statement] = None
    if not about:
        return None
    columns = _columns(about)
    shown = [thing for column in _kept(columns) for thing in column]
    count = sum(map(len, columns))
    labels = knowledge.labels(_ours(shown, about))
    texts = {thing: _texts(thing, list(about.get(thing, ())), set(shown), labels) for thing in shown}
    places: dict[Term, Thing] = {}
    x = 2.0
    for column in _kept(columns):
        y = 2.0
        width = max(_width([text for text, _, _ in texts[thing]]) for thing in column)
        for thing in column:
            places[thing] = _box(x, y, width, texts[thing])
            y += places[thing].height + _GAP
        x += width + _STEP
    arrows = tuple(
        _arrow(places[thing], number, places[target])
        for thing in shown
        for number, (_, _, target) in enumerate(texts[thing])
        if target is not None
    )
    height = max(box.y + box.height for box in places.values())
    return GraphDrawing(x - _STEP + 24, height + 4, tuple(places.values()), arrows, count - len(shown))


def _columns(about: Mapping[Term, Mapping[DrawnStatement, None]]) -> list[list[Term]]:
    """Put each thing one column to the right of the first that leads to it."""
    led_to = {each.value for said in about.values() for each in said if each.value != each.subject}
    order = sorted(about, key=lambda thing: (thing in led_to, -len(about[thing]), str(thing)))
    column_of: dict[Term, int] = {}
    for start in order:
        level = [start] if start not in column_of else []
        depth = 0
        while level:
            for thing in level:
                column_of[thing] = depth
            following = (each.value for thing in level for each in about.get(thing, ()))
            level = [
                thing
                for thing in dict.fromkeys(following)
                if isinstance(thing, NamedNode | BlankNode) and thing not in column_of
            ]
            depth += 1
    columns: list[list[Term]] = [[] for _ in range(max(column_of.values()) + 1)]
    for thing, number in column_of.items():
        columns[number].append(thing)
    return columns


def _kept(columns: Sequence[Sequence[Term]]) -> list[list[Term]]:
    """Keep as many things as there may be boxes, from the left."""
    kept, left = [], BOXES
    for column in columns:
        if left > 0:
            kept.append(list(column[:left]))
            left -= len(kept[-1])
    return kept


def _ours(shown: Iterable[Term], about: Mapping[Term, Mapping[DrawnStatement, None]]) -> set[str]:
    """Return the IRIs of ours whose labels are shown."""
    terms = {part for thing in shown for each in about.get(thing, ()) for part in each}
    return {
        term.value for term in {*terms, *shown} if isinstance(term, NamedNode) and term.value.startswith(BASE)
    }


def _texts(
    thing: Term, said: Sequence[DrawnStatement], shown: set[Term], labels: Mapping[str, str]
) -> list[tuple[str, str | None, Term | None]]:
    """Return the lines of a box: the text, where it links to, and the thing it leads to if that is shown."""
    name = cell(thing, labels)
    said = [each for each in said if each.property not in _NAMING]
    lines: list[tuple[str, str | None, Term | None]] = [(_cut(name.text), name.href, None)]
    fitting = LINES if len(said) > LINES + 1 else LINES + 1  # a count takes the room of one
    for statement in said[:fitting]:
        what = statement.property
        words = what if isinstance(what, str) else cell(what, labels).text
        value, leads = cell(statement.value, labels), statement.value in shown
        text = f"{words} {'→ ' if leads else ''}{value.text}"
        lines.append((_cut(text), value.href, statement.value if leads else None))
    if rest := said[fitting:]:
        lines.append((f"and {len(rest)} more", None, None))
    return lines


def _cut(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LETTERS else f"{text[: LETTERS - 1]}…"


def _width(texts: Sequence[str]) -> float:
    return max([len(texts[0]) * _WIDE, *(len(text) * _NARROW for text in texts[1:])]) + 2 * _PAD


def _box(x: float, y: float, width: float, texts: Sequence[tuple[str, str | None, Term | None]]) -> Thing:
    lines = tuple(
        Text(text, x + _PAD, y + (18 if number == 0 else _HEAD + (number - 1) * _LINE + 14), href)
        for number, (text, href, _) in enumerate(texts)
    )
    return Thing(x, y, width, _HEAD + (len(texts) - 1) * _LINE + (_PAD if len(texts) > 1 else 0), lines)


def _arrow(box: Thing, number: int, target: Thing) -> str:
    """Lead from the right end of a line to the head of a box; a box to the left is reached from its right."""
    start, level = box.x + box.width, box.lines[number].y - 4
    top = target.y + _HEAD / 2
    if target.x > box.x:
        end, out, head = target.x, -1, "h6l-7-4m7 4l-7 4"
    else:
        end, out, head = target.x + target.width, 1, "h-6l7-4m-7 4l7 4"
    bend = _STEP / 2
    curve = f"C{start + bend:g} {level:g} {end + out * bend:g} {top:g} {end + out * 6:g} {top:g}"
    return f"M{start:g} {level:g}{curve}{head}"
