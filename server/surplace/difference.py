"""What changed between two releases, statement by statement, sorted by what kind of graph it stands in."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from surplace.engine.release import DUMP, Release
from surplace.errors import SurplaceError
from surplace.namespaces import (
    ALIGNMENTS,
    AXIOM,
    CLAIM,
    KNOWLEDGE,
    ONTOLOGY,
    PROVENANCE,
    REJECTED,
    RULE,
    SHAPES,
    SOURCE,
)

KINDS: Final = {
    "facts": (SOURCE,),
    "claims": (CLAIM,),
    "rejected": (REJECTED,),
    "conclusions": (RULE,),
    "inferences": (AXIOM,),
    "terms": (ONTOLOGY, ALIGNMENTS),
    "shapes": (SHAPES,),
    "records": (PROVENANCE,),
}
"""Kinds of change, and how the graphs begin in which they stand."""


@dataclass(frozen=True, order=True)
class Change:
    """A statement that one release has and the other has not."""

    kind: str
    graph: str
    statement: str
    """Subject, predicate and object as N-Triples writes them."""
    added: bool
    """Whether the later release has it."""


def differences(before: Release, after: Release) -> list[Change]:
    """Return the statements that two releases do not have in common, sorted.

    The default graph and graph/knowledge are left out: they repeat what the other graphs hold. Raises
    SurplaceError for a release whose dump is missing or was changed.
    """
    old, new = _lines(before), _lines(after)
    found = [*_changes(old - new, added=False), *_changes(new - old, added=True)]
    return sorted(found)


def counts(changes: list[Change]) -> dict[str, tuple[int, int]]:
    """Return how many statements of each kind were added and removed; kinds without a change are left out."""
    return {
        kind: (
            sum(c.added for c in changes if c.kind == kind),
            sum(not c.added for c in changes if c.kind == kind),
        )
        for kind in KINDS
        if any(change.kind == kind for change in changes)
    }


def _lines(release: Release) -> set[bytes]:
    """Return the lines of the dump of a release."""
    path: Path = release.path / DUMP
    try:
        dump = path.read_bytes()
    except OSError as error:
        raise SurplaceError(
            f"The dump of the release {release.path} cannot be read ({error.strerror}): build it again."
        ) from None
    if hashlib.sha256(dump).hexdigest() != release.manifest.get("release"):
        raise SurplaceError(f"{path} is not the dump that its manifest describes: build the release again.")
    return set(dump.splitlines())


def _changes(lines: set[bytes], *, added: bool) -> Iterator[Change]:
    """Yield the changes that lines of N-Quads stand for."""
    for quad in parse(b"\n".join(lines) + b"\n", format=RdfFormat.N_QUADS):
        graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
        if graph and graph != KNOWLEDGE:
            yield Change(_kind(graph), graph, _statement(quad), added)


def _kind(graph: str) -> str:
    """Return what kind of graph it is."""
    return next((kind for kind, starts in KINDS.items() if graph.startswith(starts)), "records")


def _statement(quad: Quad) -> str:
    """Write the triple of a quad."""
    return f"{quad.subject} {quad.predicate} {quad.object}"
