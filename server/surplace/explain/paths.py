"""Property paths, resolved into the statements that they walk."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import cache
from typing import Final

from pyoxigraph import NamedNode

from surplace.explain.asking import Question
from surplace.explain.statements import Statement
from surplace.rdf.terms import Term
from surplace.rules.patterns import Path

MOST_STEPS: Final = 50
"""How many statements a path may walk."""
_MANY: Final = 1000
"""How many statements are looked at to find a path."""


@cache
def ways(path: Path) -> Question:
    """Ask for the statements on all ways by which a path leads from ?from to ?to."""
    groups = []
    for before, predicate, after in _steps(_normal(path)):
        start, end = "?a" if before else "?from", "?b" if after else "?to"
        first = f"?from {written(before)} ?a . " if before else ""
        last = f" ?b {written(after)} ?to ." if after else ""
        if isinstance(predicate, tuple):
            start, predicate, end = end, str(predicate[1]), start
        middle = f"{start} {predicate} {end} ."
        groups.append(f"{first}{middle}{last} BIND({start} AS ?s) BIND({predicate} AS ?p) BIND({end} AS ?o)")
    return Question(tuple(groups), ("from", "to"), _MANY)


def resolve(start: Term, path: Path, end: Term, known: Collection[Statement]) -> list[Statement]:
    """Return the statements, of those that are *known*, by which a path leads from *start* to *end*.

    Of several ways the one by the things that come first is taken.
    """
    return _resolve(start, _normal(path), end, known, MOST_STEPS)


def _resolve(start: Term, path: Path, end: Term, known: Collection[Statement], most: int) -> list[Statement]:
    if isinstance(path, str):
        return [Statement(start, NamedNode(path[1:-1]), end)]
    sign, parts = _split(path)
    if most <= 0 or sign == "!":
        return []
    if sign == "^":
        return _resolve(end, parts[0], start, known, most)
    if sign == "|":
        branch = next((part for part in parts if end in _reached({start}, part, known)), None)
        return [] if branch is None else _resolve(start, branch, end, known, most - 1)
    if sign in "*?" and start == end:
        return []
    if sign == "?":
        return _resolve(start, parts[0], end, known, most - 1)
    first, rest = (parts[0], _sequence(*parts[1:])) if sign == "/" else (parts[0], ("*", parts[0]))
    if rest is None:
        return _resolve(start, first, end, known, most)
    for between in sorted(_reached({start}, first, known), key=str):
        if end in _reached({between}, rest, known):
            walked = _resolve(start, first, between, known, most - 1)
            return [*walked, *_resolve(between, rest, end, known, most - 1)]
    return []


def _reached(starts: set[Term], path: Path, known: Collection[Statement]) -> set[Term]:
    """Return where a path leads from any of *starts*."""
    if isinstance(path, str):
        return {s.object for s in known if s.subject in starts and str(s.predicate) == path}
    sign, parts = _split(path)
    if sign == "^":
        return {s.subject for s in known if s.object in starts and str(s.predicate) == parts[0]}
    if sign == "|":
        return set().union(*(_reached(starts, part, known) for part in parts))
    if sign == "/":
        for part in parts:
            starts = _reached(starts, part, known)
        return starts
    if sign == "?":
        return starts | _reached(starts, parts[0], known)
    found = set(starts) if sign == "*" else set()
    new = _reached(starts, parts[0], known)
    while new - found:
        found |= new
        new = _reached(new, parts[0], known)
    return found


def _split(path: Path) -> tuple[str, list[Path]]:
    """Return the sign of a path, and what it is applied to."""
    return str(path[0]), list(path[1:])


def _normal(path: Path, *, back: bool = False) -> Path:
    """Return a path in which only properties are inverse."""
    if isinstance(path, str):
        return ("^", path) if back else path
    sign, parts = _split(path)
    if sign == "^":
        return _normal(parts[0], back=not back)
    if sign == "/" and back:
        parts.reverse()
    return (sign, *(_normal(part, back=back) for part in parts))


def _steps(path: Path) -> Iterator[tuple[Path | None, Path, Path | None]]:
    """Yield each property of a path with what leads to it and what leads on from it."""
    if isinstance(path, str) or path[0] == "^":
        yield None, path, None
        return
    sign, parts = _split(path)
    for number, part in enumerate(parts):
        for before, predicate, after in _steps(part):
            if sign == "/":
                yield _sequence(*parts[:number], before), predicate, _sequence(after, *parts[number + 1 :])
            elif sign in "*+":
                again = ("*", part)
                yield _sequence(again, before), predicate, _sequence(after, again)
            else:
                yield before, predicate, after


def _sequence(*paths: Path | None) -> Path | None:
    """Return one path for several, one after another."""
    there = [path for path in paths if path is not None]
    return ("/", *there) if len(there) > 1 else there[0] if there else None


def written(path: Path) -> str:
    """Write a path for a query."""
    if isinstance(path, str):
        return path
    sign, parts = _split(path)
    if sign in "/|":
        return f"({sign.join(map(written, parts))})"
    return f"(^{written(parts[0])})" if sign == "^" else f"({written(parts[0])}{sign})"
