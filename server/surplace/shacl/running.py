"""Asks the queries of the constraints, and makes a violation of each row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import cast

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, QuerySolution, QuerySolutions, Store, Variable

from surplace.parallel import in_order
from surplace.rdf.terms import Term, text_of
from surplace.shacl.compiling import Constraint
from surplace.shacl.shapes import ShapeError

Graphs = list[NamedNode | BlankNode | DefaultGraph]

_PLACEHOLDER = re.compile(r"\{[?$]([A-Za-z_][A-Za-z0-9_]*)\}")
_THIS = Variable("this")


@dataclass(frozen=True)
class Result:
    """One violation: of which constraint, by which node, by which of its values."""

    constraint: Constraint
    focus: Term
    value: Term | None
    message: str


def run(store: Store, graphs: Graphs, constraints: Iterable[Constraint]) -> Iterator[Result]:
    """Yield each violation of *constraints* by the union of *graphs*.

    Raises ShapeError for a query that fails.
    """
    yield from chain.from_iterable(in_order(lambda one: list(_violations(store, graphs, one)), constraints))


def _violations(store: Store, graphs: Graphs, constraint: Constraint) -> Iterator[Result]:
    """Yield each violation of a constraint."""
    try:
        for row in _rows(store, graphs, constraint):
            focus, value = cast(Term, row["this"]), _bound(row, "value")
            if value is None and constraint.on_focus:
                value = focus
            yield Result(constraint, focus, value, _filled(constraint.message, row))
    except (SyntaxError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise ShapeError(constraint.shape, f"has a query that fails, {reason}: correct it.") from None


def _rows(store: Store, graphs: Graphs, constraint: Constraint) -> Iterator[QuerySolution]:
    """Yield the rows of a constraint."""
    if not constraint.targets:
        yield from cast(QuerySolutions, store.query(constraint.query, default_graph=graphs))
        return
    for focus in list(cast(QuerySolutions, store.query(constraint.targets, default_graph=graphs))):
        given = {_THIS: focus["this"]}
        yield from cast(
            QuerySolutions, store.query(constraint.query, default_graph=graphs, substitutions=given)
        )


def _filled(message: str, row: QuerySolution) -> str:
    """Put what a row binds into a message."""

    def written(match: re.Match[str]) -> str:
        term = _bound(row, match[1])
        return match[0] if term is None else text_of(term)

    return _PLACEHOLDER.sub(written, message)


def _bound(row: QuerySolution, name: str) -> Term | None:
    """Return what a row binds a variable to, None if nothing or if there is no such variable."""
    try:
        return cast("Term | None", row[name])
    except KeyError:
        return None
