"""What changed between two releases: statements by kind of graph, terms, and findings."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import asdict, dataclass, replace
from itertools import zip_longest
from typing import Any, Final, Literal, TypeAlias

from pyoxigraph import NamedNode, Quad, RdfFormat, Triple, parse

from surplace.engine.release import DUMP, Release
from surplace.errors import SurplaceError
from surplace.namespaces import (
    ALIGNMENTS,
    AXIOM,
    CLAIM,
    DCTERMS,
    ID,
    KNOWLEDGE,
    ONTOLOGY,
    PROVENANCE,
    REJECTED,
    RULE,
    SHAPES,
    SKOS,
    SOURCE,
    SUR,
    VOCAB,
)

BLOCK: Final = 1024 * 1024
"""Bytes of a dump that are compared at once."""
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

TERMS: Final = "terms"
CONCLUDED: Final = ("conclusions", "inferences")
"""The kinds of change that touch terms, and those that touch findings."""
FINDING: Final = ID + "finding/"
_LABEL, _SUCCESSOR, _VERDICT = SKOS + "prefLabel", DCTERMS + "isReplacedBy", SUR + "hasVerdict"
_Values: TypeAlias = Mapping[str, str]
"""The first value of each property of a thing."""

How: TypeAlias = Literal["added", "removed", "changed"]


@dataclass(frozen=True, order=True)
class Change:
    """A statement that one release has and the other has not."""

    kind: str
    graph: str
    statement: str
    """Subject, predicate and object as N-Triples writes them."""
    added: bool
    """Whether the later release has it."""

    @property
    def subject(self) -> str:
        """The IRI of what it is said of; for what has none, no IRI."""
        return self.statement[1:].partition("> ")[0]


@dataclass(frozen=True, order=True)
class Term:
    """A term that came, went, or is described otherwise."""

    iri: str
    how: How
    label: str
    successor: str
    """The term to use instead, if the earlier or the later release names one."""


@dataclass(frozen=True, order=True)
class Finding:
    """A finding that came, went, or is described otherwise."""

    iri: str
    how: How
    label: str
    before: str
    """Its verdict in the earlier release, an IRI; nothing if it was not there."""
    after: str


@dataclass(frozen=True)
class ReleaseDifference:
    """All that two releases do not have in common."""

    added: Set[bytes]
    """Lines of N-Quads that only the later release has; with *removed*, a patch of its dump."""
    removed: Set[bytes]
    changes: list[Change]
    """The same, sorted, without the default graph and graph/knowledge: they repeat what others hold."""
    terms: list[Term]
    findings: list[Finding]

    def of(self, kinds: Collection[str]) -> ReleaseDifference:
        """Return the part that is of these kinds of change."""
        return replace(
            self,
            changes=[change for change in self.changes if change.kind in kinds],
            terms=self.terms if TERMS in kinds else [],
            findings=self.findings if set(CONCLUDED) & set(kinds) else [],
        )

    def summary(self) -> dict[str, Any]:
        """Return what changed for programs, without the statements themselves."""
        return {
            "quads": {"added": len(self.added), "removed": len(self.removed)},
            "counts": {kind: {"added": a, "removed": r} for kind, (a, r) in counts(self.changes).items()},
            "terms": [asdict(term) for term in self.terms],
            "findings": [asdict(finding) for finding in self.findings],
        }


def differences(before: Release, after: Release) -> ReleaseDifference:
    """Compare two releases; raises SurplaceError for one whose dump is missing or was changed."""
    removed, added = _apart(_lines(before), _lines(after))
    changes = sorted([*_changes(removed, added=False), *_changes(added, added=True)])
    terms = {
        change.subject
        for change in changes
        if change.kind == TERMS and change.subject.startswith((SUR, VOCAB))
    }
    findings = {
        change.subject
        for change in changes
        if change.kind in CONCLUDED and change.subject.startswith(FINDING)
    }
    was, now = (_described(release, terms | findings) for release in (before, after))
    return ReleaseDifference(
        added,
        removed,
        changes,
        sorted(_term(name, was.get(name), now.get(name)) for name in terms),
        sorted(_finding(name, was.get(name), now.get(name)) for name in findings),
    )


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


def _lines(release: Release) -> Iterator[list[bytes]]:
    """Yield the lines of the dump of a release, sorted, some at a time."""
    path, digest = release.path / DUMP, hashlib.sha256()
    try:
        with path.open("rb") as dump:
            while lines := dump.readlines(BLOCK):
                digest.update(b"".join(lines))
                yield lines
    except OSError as error:
        raise SurplaceError(
            f"The dump of the release {release.path} cannot be read ({error.strerror}): build it again."
        ) from None
    if digest.hexdigest() != release.manifest.get("release"):
        raise SurplaceError(f"{path} is not the dump that its manifest describes: build the release again.")


def _apart(old: Iterator[list[bytes]], new: Iterator[list[bytes]]) -> tuple[set[bytes], set[bytes]]:
    """Return the lines that only *old* has, and those that only *new* has; both are sorted."""
    removed: set[bytes] = set()
    added: set[bytes] = set()
    for was, now in zip_longest(old, new, fillvalue=()):
        # a line stands apart from the same one in the other dump by what was added or removed before it
        removed.update(was)
        added.update(now)
        common = removed & added
        removed -= common
        added -= common
    return removed, added


def _changes(lines: Set[bytes], *, added: bool) -> Iterator[Change]:
    """Yield the changes that lines of N-Quads stand for."""
    for quad in _parsed(lines):
        graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
        if graph and graph != KNOWLEDGE:
            yield Change(_kind(graph), graph, _statement(quad), added)


def _parsed(lines: Iterable[bytes]) -> Iterator[Quad]:
    return parse(b"".join(lines), format=RdfFormat.N_QUADS, lenient=True)


def _kind(graph: str) -> str:
    """Return what kind of graph it is."""
    return next((kind for kind, starts in KINDS.items() if graph.startswith(starts)), "records")


def _statement(quad: Quad) -> str:
    """Write the triple of a quad."""
    return f"{quad.subject} {quad.predicate} {quad.object}"


def _described(release: Release, names: Set[str]) -> dict[str, _Values]:
    """Return what a release says of those of *names* that it describes."""
    subjects = {f"<{name}>".encode() for name in names}
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for lines in _lines(release) if names else ():
        for quad in _parsed(line for line in lines if line.partition(b" ")[0] in subjects):
            if isinstance(quad.subject, NamedNode) and not isinstance(quad.object, Triple):
                found[quad.subject.value].setdefault(quad.predicate.value, quad.object.value)
    return dict(found)


def _how(was: _Values | None, now: _Values | None) -> How:
    if was is None:
        return "added"
    return "removed" if now is None else "changed"


def _term(name: str, was: _Values | None, now: _Values | None) -> Term:
    known = {**(was or {}), **(now or {})}
    return Term(name, _how(was, now), known.get(_LABEL, ""), known.get(_SUCCESSOR, ""))


def _finding(name: str, was: _Values | None, now: _Values | None) -> Finding:
    label = {**(was or {}), **(now or {})}.get(_LABEL, "")
    return Finding(name, _how(was, now), label, (was or {}).get(_VERDICT, ""), (now or {}).get(_VERDICT, ""))
