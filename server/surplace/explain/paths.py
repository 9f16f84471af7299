"""Property paths, resolved into the statements that they walk."""

from __future__ import annotations

from collections.abc import Mapping

import rdflib
from pyoxigraph import NamedNode
from rdflib.paths import AlternativePath, InvPath, MulPath, Path, SequencePath
from rdflib.term import Variable

from surplace.engine.knowledge import Knowledge
from surplace.explain.statements import Statement
from surplace.rdf.terms import Term

MOST_STEPS = 50
"""How many statements a path may walk."""


def resolve(
    start: Term,
    path: object,
    end: Term,
    solution: Mapping[str, Term],
    knowledge: Knowledge,
    steps: int = MOST_STEPS,
) -> list[Statement]:
    """Return the statements by which a property or path leads from *start* to *end*; none if it does not."""
    if isinstance(path, Variable):
        predicate = solution.get(str(path))
        return [Statement(start, predicate, end)] if predicate is not None else []
    if isinstance(path, rdflib.URIRef):
        return [Statement(start, NamedNode(str(path)), end)]
    if steps <= 0:
        return []
    if isinstance(path, InvPath):
        return resolve(end, path.arg, start, solution, knowledge, steps)
    if isinstance(path, AlternativePath):
        branch = next((arg for arg in path.args if _leads(start, arg, end, knowledge)), None)
        return resolve(start, branch, end, solution, knowledge, steps - 1) if branch is not None else []
    if isinstance(path, SequencePath):
        rest = path.args[1] if len(path.args) == 2 else SequencePath(*path.args[1:])
        return _through(start, path.args[0], rest, end, solution, knowledge, steps)
    if isinstance(path, MulPath):
        if path.zero and start == end:
            return []
        if not path.more:
            return resolve(start, path.path, end, solution, knowledge, steps - 1)
        again = MulPath(path.path, "*")
        return _through(start, path.path, again, end, solution, knowledge, steps)
    return []


def _through(
    start: Term,
    first: object,
    rest: object,
    end: Term,
    solution: Mapping[str, Term],
    knowledge: Knowledge,
    steps: int,
) -> list[Statement]:
    """Return the statements of a path in two parts, by way of the first thing between them that there is."""
    where = f"{start} {_text(first)} ?m . ?m {_text(rest)} {end}"
    query = f"SELECT DISTINCT ?m WHERE {{ {where} }} ORDER BY ?m LIMIT 1"
    for row in knowledge.select(query).rows:
        return [
            *resolve(start, first, row["m"], solution, knowledge, steps - 1),
            *resolve(row["m"], rest, end, solution, knowledge, steps - 1),
        ]
    return []


def _leads(start: Term, path: object, end: Term, knowledge: Knowledge) -> bool:
    """Tell whether a path leads from *start* to *end*."""
    return knowledge.ask(f"ASK {{ {start} {_text(path)} {end} }}")


def _text(path: object) -> str:
    """Write a path for a query."""
    return f"({path.n3()})" if isinstance(path, Path) else f"<{path}>"
