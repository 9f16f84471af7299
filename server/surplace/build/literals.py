"""Literals that no file may hold: each is a fault of its line.

The store keeps numbers, booleans, days and durations by value: it writes them in one form, and has one type
for all integers. What it would change is asked of the store itself.

A day, month or year with a time zone is another value than the one without, and can be compared with no day
of the record. Some readers drop the zone, so that nothing after the file can tell. What is no day of the
calendar, as 30 February, is a text to the store, and begins or ends nothing.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, parse

from surplace.build.report import Violation
from surplace.namespaces import XSD, compact
from surplace.rdf.turtle import literal
from surplace.rdf.turtle_lexer import DIRECTIVES, lex

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_NODE = NamedNode("urn:x")
_SHOWN = 60
_CALENDAR = {
    XSD + name: period
    for name, period in {
        "date": "day",
        "gYear": "year",
        "gYearMonth": "month",
        "gMonth": "month",
        "gMonthDay": "day",
        "gDay": "day",
    }.items()
}
_DATED = (XSD + "gYear", XSD + "gYearMonth", XSD + "date")
"""What a year, a year with its month, and one with month and day is of."""
_PARTS = re.compile(r"-?[0-9]{4,}(?:-[0-9]{2}){0,2}")
_ZONE = re.compile(r"(.*[0-9])(?:Z|[+-][0-9]{2}:[0-9]{2})\s*", re.DOTALL)


def literal_faults(path: Path, name: str, quads: Iterable[Quad]) -> list[Violation]:
    """Return a violation for each place in a file where a literal stands that it may not hold.

    *quads* are what the file says, *name* is the file's name in messages. The file may be Turtle, TriG or
    SPARQL, which write literals alike.
    """
    literals = {quad.object for quad in quads if isinstance(quad.object, Literal)}
    faults = {term: _changed(after) for term, after in _changes(literals).items()}
    faults |= {term: _misdated(term) for term in literals if _is_misdated(term)}
    faults |= {term: _zoned(term, bare) for term in literals if (bare := _without_zone(term))}
    if not faults:
        return []
    places = _places(path.read_text(encoding="utf-8-sig"), set(faults))
    return [_violation(name, line, written, term, faults[term]) for line, written, term in places]


def _changes(literals: Iterable[Literal]) -> dict[Literal, Literal]:
    """Return what the store gives back for each of *literals* that it changes."""
    store = Store()
    given = {NamedNode(f"urn:{number}"): term for number, term in enumerate(literals)}
    store.extend(Quad(node, _NODE, term) for node, term in given.items())
    return {given[quad.subject]: quad.object for quad in store if given[quad.subject] != quad.object}


def _places(text: str, sought: set[Literal]) -> Iterator[tuple[int, str, Literal]]:
    """Yield line, text and term of each literal of *sought* that stands in a valid file."""
    values = {term.value for term in sought}
    for prologue, line, value, written in _literals(text):
        # only what may be sought is parsed; a text with an escape may be anything
        if value not in values and "\\" not in value:
            continue
        for quad in parse(f"{prologue}\n<urn:x> <urn:x> {written} .", format=RdfFormat.TURTLE):
            if quad.object in sought:
                yield line, written, quad.object


def _literals(text: str) -> Iterator[tuple[str, int, str, str]]:
    """Yield each bare number and each literal with a datatype: prologue, line, value and whole text."""
    prologue = ""
    directive: list[str] = []
    value, begins = "", 0
    written = ""
    for kind, part, line, _ in lex(text):
        if kind in {"comment", "break"}:
            continue
        if directive or part.lower() in DIRECTIVES:
            directive.append(part)
            if kind == "iri":
                prologue += " ".join(directive).lstrip("@") + "\n"
                directive = []
        elif kind == "text":
            written, begins = part, line
            value = part[3:-3] if part.startswith(('"""', "'''")) else part[1:-1]
        elif written and (part.startswith("^^") or written.endswith("^^")):
            written += part
            if part != "^^":
                yield prologue, begins, value, written
                written = ""
        else:
            written = ""
            if kind == "word" and _NUMBER.fullmatch(part):
                yield prologue, line, part, part


def _without_zone(term: Literal) -> Literal | None:
    """Return a day, month or year without its time zone, or nothing if it has none."""
    match = _ZONE.fullmatch(term.value) if term.datatype.value in _CALENDAR else None
    return Literal(match[1], datatype=term.datatype) if match else None


def _is_misdated(term: Literal) -> bool:
    """Tell whether a literal is said to be a day, month or year with its year, and is none."""
    return term.datatype.value in _DATED and _kind_of_date(term.value) != term.datatype.value


def _kind_of_date(text: str) -> str:
    """Return the datatype of which a text is a day, month or year of the calendar; "" if it is none."""
    if not _PARTS.fullmatch(text):
        return ""
    year, *rest = map(int, text.removeprefix("-").split("-"))
    month, day = (*rest, 1, 1)[:2]
    # the calendar repeats itself after 400 years
    valid = 1 <= month <= 12 and 1 <= day <= monthrange(2000 + year % 400, month)[1]
    return _DATED[len(rest)] if valid else ""


def _changed(after: Literal) -> str:
    kind = compact(after.datatype.value)
    return (
        f"the store would turn {{}} into the {kind} {after.value}: write {literal(after, compact)} instead."
    )


def _zoned(term: Literal, bare: Literal) -> str:
    period = _CALENDAR[term.datatype.value]
    return f"{{}} has a time zone: write the {period} without a time zone, {literal(bare, compact)}."


def _misdated(term: Literal) -> str:
    period = _CALENDAR[term.datatype.value]
    if kind := _kind_of_date(term.value):
        right = literal(Literal(term.value, datatype=NamedNode(kind)), compact)
        return f"{{}} is no {period}, but a {_CALENDAR[kind]}: write {right}."
    return f"{{}} is no {period} of the calendar: correct it."


def _violation(file: str, line: int, written: str, term: Literal, fault: str) -> Violation:
    """Make the violation of a line; *fault* is its sentence with `{}` for the literal as written."""
    shown = " ".join(written.split())
    shown = shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "…"
    return Violation(
        "violation", "sources", str(term), file, f"{file}, line {line}: {fault.replace('{}', shown)}"
    )
