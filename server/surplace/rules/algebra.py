"""The algebra of a query: what its patterns are joined by, without what it calculates.

Terms are written as in N-Triples, variables as `?name`; a path as in `patterns`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from surplace.rules.patterns import Path

Term: TypeAlias = str
Triple: TypeAlias = tuple[Term, Path, Term]


class Exists(NamedTuple):
    """What an expression asks to be there; *required*: if nothing but && and || is around it."""

    group: Node
    required: bool


class Expression(NamedTuple):
    """What matters of an expression: what it asks for, and the IRI that it is if it is no more than that."""

    asks: tuple[Exists, ...] = ()
    constant: Term = ""


@dataclass(frozen=True)
class Triples:
    """Triple patterns."""

    triples: tuple[Triple, ...] = ()


@dataclass(frozen=True)
class Join:
    """Answers of two nodes that fit each other."""

    one: Node
    other: Node


@dataclass(frozen=True)
class Union:
    """Answers of either of two nodes."""

    one: Node
    other: Node


@dataclass(frozen=True)
class LeftJoin:
    """Answers of one node, with those of another that fit and pass a test."""

    one: Node
    other: Node
    test: Expression


@dataclass(frozen=True)
class Minus:
    """Answers of one node that fit none of another."""

    one: Node
    other: Node


@dataclass(frozen=True)
class Filter:
    """Answers that pass tests."""

    inner: Node
    tests: tuple[Expression, ...]


@dataclass(frozen=True)
class Extend:
    """Answers in which a variable, named without its sign, is given the value of an expression."""

    inner: Node
    variable: str
    value: Expression


@dataclass(frozen=True)
class Graph:
    """Answers from a named graph."""

    inner: Node
    name: Term


@dataclass(frozen=True)
class Values:
    """A table: for each variable, named without its sign, the value in each row, None for UNDEF."""

    columns: Mapping[str, tuple[Term | None, ...]]


@dataclass(frozen=True)
class Project:
    """Answers of a SELECT: what it shows, None for all."""

    inner: Node
    variables: frozenset[Term] | None


@dataclass(frozen=True)
class Aggregate:
    """What is counted or compared among answers."""

    inner: Node


@dataclass(frozen=True)
class Limited:
    """Some of the answers by their order: LIMIT, OFFSET."""

    inner: Node


Node: TypeAlias = (
    Triples
    | Join
    | Union
    | LeftJoin
    | Minus
    | Filter
    | Extend
    | Graph
    | Values
    | Project
    | Aggregate
    | Limited
)


@dataclass(frozen=True)
class Construct:
    """A CONSTRUCT query."""

    template: tuple[Triple, ...]
    body: Node
    where: str
    """The text of the outermost group, without its braces."""


def joined(one: Node, other: Node) -> Node:
    """Join two nodes; triple patterns beside each other are one node."""
    if isinstance(one, Triples):
        if not one.triples:
            return other
        if isinstance(other, Triples):
            return Triples((*one.triples, *other.triples))
    return Join(one, other)
