"""The statements around a name, page by page, each with the graphs that make it and how it stands."""

from __future__ import annotations

import typing
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, TypeAlias

from surplace.namespaces import CLAIM, REJECTED, SOURCE
from surplace.rdf.terms import Term

Standing: TypeAlias = typing.Literal["held", "claimed", "rejected"]
"""Held true here, only claimed by somebody, or contradicted by a better source."""

DEFAULT: Final = "-"
"""Stands for the default graph among the graphs of a statement."""


@dataclass(frozen=True)
class SourcedStatement:
    """A triple with the named graphs that make it; none if only the default graph has it."""

    terms: tuple[Term, Term, Term]
    graphs: tuple[str, ...]
    standing: Standing


@dataclass(frozen=True)
class Slice:
    """A page of a list of statements, and how many the whole list has."""

    statements: tuple[SourcedStatement, ...] = ()
    total: int = 0


@dataclass(frozen=True)
class Around:
    """What is said of a name and with it, as far as page *number* of *size* statements of each kind goes."""

    iri: str
    number: int
    size: int
    outgoing: Slice
    incoming: Slice
    claims: Slice
    content: Slice
    lists: tuple[SourcedStatement, ...]
    """The statements that make up the RDF lists among the objects."""
    findings: tuple[tuple[Term, Term, Term], ...] = ()
    """The findings that the name is part of: finding, verdict, how it is."""
    all_findings: int = 0
    """How many there are."""

    @property
    def last(self) -> int:
        """The number of the last page, 1 at least."""
        totals = (part.total for part in (self.outgoing, self.incoming, self.claims, self.content))
        return max(1, -(-max(totals) // self.size))

    def slices(self) -> tuple[Slice, Slice, Slice]:
        """Return the statements that the name is part of: outgoing, incoming, claimed."""
        return self.outgoing, self.incoming, self.claims


def standing(graphs: Iterable[str]) -> Standing:
    """Tell how a statement stands: what the default graph or a graph of the editors makes is held.

    A passage that states what the default graph has not is one that a better source contradicts.
    """
    known = list(graphs)
    if any(not graph.startswith((SOURCE, CLAIM, REJECTED)) for graph in known):
        return "held"
    return "claimed" if all(graph.startswith(CLAIM) for graph in known) else "rejected"
