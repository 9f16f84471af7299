"""A drawing of a module: its classes as boxes from left to right, with their properties inside.

A class stands to the right of its first superclass; a further one is named in its box. A property stands in
the box of its domain, with its range behind an arrow. Boxes of other modules are there if something of this
one hangs on them. The measures are in pixels; texts are taken to be as wide as a wide typeface makes them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from surplace.namespaces import OWL, RDFS, compact
from surplace.web.cells import local_path
from surplace.web.facts import TYPE
from surplace.web.terms.definitions import Properties, names
from surplace.web.terms.module import DOMAIN, RANGES
from surplace.words.english import joined

NOWHERE: Final = ""
"""Stands for the domain of properties that have none."""

_SUBCLASS: Final = RDFS + "subClassOf"
_LINE, _HEAD, _PAD = 18, 26, 10
_GAP, _STEP = 14, 44
_WIDE, _NARROW = 9.8, 7.4
"""Pixels of a character in the title of a box, and in the lines below it."""


@dataclass(frozen=True)
class Text:
    """A line in a box, at its baseline; it links to a term if *href* is given."""

    text: str
    x: float
    y: float
    href: str | None = None


@dataclass(frozen=True)
class Box:
    """A class, with its properties; *foreign* if another module defines it."""

    x: float
    y: float
    width: float
    height: float
    texts: tuple[Text, ...]
    """The title, and a line for each property."""
    foreign: bool


@dataclass(frozen=True)
class Edge:
    """A line from a class to the one above it, whose end the triangle is at."""

    path: str
    triangle: str


@dataclass(frozen=True)
class Drawing:
    """Boxes and edges, how much room they need, and what they show, in words."""

    width: float
    height: float
    boxes: tuple[Box, ...]
    edges: tuple[Edge, ...]
    words: str


def draw(terms: Mapping[str, Properties]) -> Drawing:
    """Draw the classes and properties of a module."""
    own = [term for term, values in terms.items() if OWL + "Class" in names(values[TYPE])]
    held = _held(terms)
    parents = {term: names(terms[term].get(_SUBCLASS, ())) for term in own}
    shown = dict.fromkeys([*own, *(above for found in parents.values() for above in found), *held])
    below: dict[str, list[str]] = defaultdict(list)
    for term in own:
        if parents[term]:
            below[parents[term][0]].append(term)
    tops = sorted((term for term in shown if not parents.get(term)), key=_order)
    places: dict[str, tuple[float, float]] = {}
    sizes = {term: _size(term, _texts(term, held, parents)) for term in shown}
    height = 0.0
    for top in tops:
        columns: dict[int, list[str]] = defaultdict(list)
        _sort(top, 0, below, columns)
        height = _place(top, 0, height, below, sizes, _lefts(columns, sizes), places)
    boxes = {
        term: _box(term, place, sizes[term], _texts(term, held, parents), foreign=term not in terms)
        for term, place in places.items()
    }
    edges = [
        _edge(boxes[above], boxes[term]) for above, found in below.items() for term in found if above in boxes
    ]
    right = max((box.x + box.width for box in boxes.values()), default=0)
    count = sum(map(len, held.values()))
    words = (
        f"Classes of this module: {len(own)}; boxes of others: {len(boxes) - len(own)}; properties: {count}. "
        "Classes stand to the right of the class above them. Everything shown is listed below in words."
    )
    bottom = max((box.y + box.height for box in boxes.values()), default=0)
    return Drawing(right + 2, bottom + 2, tuple(boxes.values()), tuple(edges), words)


def _held(terms: Mapping[str, Properties]) -> dict[str, list[tuple[str, str]]]:
    """Return the properties of each class: the IRI, and the line to write."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for term, values in terms.items():
        if {OWL + "ObjectProperty", OWL + "DatatypeProperty"} & set(names(values[TYPE])):
            ranges = [_short(name) for known in RANGES for name in names(values.get(known, ()))]
            # a range of any literal says less than the types that are meant
            ranges = [name for name in ranges if name != "rdfs:Literal" or len(ranges) == 1]
            domains = names(values.get(DOMAIN, ())) or (NOWHERE,)
            line = " → ".join([_short(term), joined(ranges, word="or")] if ranges else [_short(term)])
            for domain in domains:
                found[domain].append((term, line))
    return found


def _short(iri: str) -> str:
    return compact(iri).removeprefix("sur:")


def _title(term: str) -> str:
    return _short(term) if term else "anything"


def _order(term: str) -> tuple[bool, str]:
    return term == NOWHERE, term


def _texts(
    term: str, held: Mapping[str, list[tuple[str, str]]], parents: Mapping[str, tuple[str, ...]]
) -> list[tuple[str, str | None]]:
    """Return the lines below the title of a box, with where they lead."""
    further = [(f"also below {_short(name)}", local_path(name)) for name in parents.get(term, ())[1:]]
    return [*further, *((line, local_path(iri)) for iri, line in held.get(term, ()))]


def _size(term: str, texts: list[tuple[str, str | None]]) -> tuple[float, float]:
    """Return the width and height of a box."""
    width = max([len(_title(term)) * _WIDE, *(len(text) * _NARROW for text, _ in texts)])
    return width + 2 * _PAD, _HEAD + (len(texts) * _LINE + _PAD if texts else 0)


def _sort(term: str, column: int, below: Mapping[str, list[str]], columns: dict[int, list[str]]) -> None:
    """Sort a class and what is below it into columns."""
    columns[column].append(term)
    for child in below.get(term, ()):
        _sort(child, column + 1, below, columns)


def _lefts(columns: Mapping[int, list[str]], sizes: Mapping[str, tuple[float, float]]) -> list[float]:
    """Return where each column begins."""
    lefts = [2.0]
    for column in sorted(columns):
        lefts.append(lefts[-1] + max(sizes[term][0] for term in columns[column]) + _STEP)
    return lefts


def _place(
    term: str,
    column: int,
    y: float,
    below: Mapping[str, list[str]],
    sizes: Mapping[str, tuple[float, float]],
    lefts: list[float],
    places: dict[str, tuple[float, float]],
) -> float:
    """Place a class and what is below it; return where the next one may begin."""
    places[term] = (lefts[column], y + 2)
    end = y
    for child in sorted(below.get(term, ())):
        end = _place(child, column + 1, end, below, sizes, lefts, places)
    return max(end, y + sizes[term][1] + _GAP)


def _box(
    term: str,
    place: tuple[float, float],
    size: tuple[float, float],
    texts: list[tuple[str, str | None]],
    *,
    foreign: bool,
) -> Box:
    x, y = place
    title = Text(_title(term), x + _PAD, y + 18, local_path(term) if term else None)
    lines = (
        Text(text, x + _PAD, y + _HEAD + number * _LINE + 14, href)
        for number, (text, href) in enumerate(texts)
    )
    return Box(x, y, *size, (title, *lines), foreign)


def _edge(above: Box, below: Box) -> Edge:
    """Lead from the left side of a class to the title line of the one above it."""
    start, end = above.x + above.width, below.x
    top, level = above.y + _HEAD / 2, below.y + _HEAD / 2
    middle = start + _STEP / 2
    path = f"M{end:g} {level:g}H{middle:g}V{top:g}H{start + 9:g}"
    return Edge(path, f"{start:g},{top:g} {start + 9:g},{top - 5:g} {start + 9:g},{top + 5:g}")
