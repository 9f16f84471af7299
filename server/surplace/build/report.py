"""What a build has to say: faults in the data, each a sentence, and in which file to look."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from surplace.errors import SurplaceError
from surplace.folders import QUERY
from surplace.namespaces import BASE, CLAIM, REJECTED, RULE, SKOS, compact
from surplace.rdf.places import line_in_query, line_of
from surplace.words.english import count, verb

_IRI = re.compile(rf"<?({re.escape(BASE)}[^\s<>\"'“”,;{{}}]*[^\s<>\"'“”,;{{}}.:)])>?")
_PRINTED = 40
_LABEL = NamedNode(SKOS + "prefLabel")


@dataclass(frozen=True, order=True)
class Violation:
    """One fault. *message* is a whole sentence that names file, subject and remedy."""

    severity: str
    """`violation` stops the build, `warning` is only reported."""
    check: str
    """The stage, shape or check that found it."""
    subject: str
    file: str
    message: str


@dataclass
class Report:
    """What a build did: seconds and counts by stage, what it warns of, and the release if it wrote one."""

    seconds: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    warnings: list[Violation] = field(default_factory=list)
    release: str = ""
    folder: Path | None = None
    unchanged: bool = False
    """Whether nothing has changed since the last build, so that its release was used again."""


class BuildStopped(SurplaceError):  # noqa: N818 - it is an outcome, and reads as one
    """The data have faults; the former release stays as it is."""

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = sorted(v for v in violations if v.severity == "violation")
        sentences = [violation.message for violation in self.violations[:_PRINTED]]
        if rest := self.violations[_PRINTED:]:
            sentences.append(f"{count(rest, 'more fault')} {verb(rest, 'is', 'are')} listed with --json.")
        super().__init__("\nsurplace: ".join(sentences))


class Origins:
    """Remembers which file states what, and how things are called, so that a fault can be found."""

    def __init__(self) -> None:
        self._graphs: dict[str, set[str]] = defaultdict(set)
        self._stated: list[tuple[str, Sequence[Quad]]] = []
        self._subjects: dict[str, dict[str, None]] = defaultdict(dict)
        self._statements: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        self._mentions: dict[str, dict[str, None]] = defaultdict(dict)
        self._labels: dict[str, str] = {}
        self._paths: dict[str, Path] = {}

    def add(self, file: str, quads: Sequence[Quad], path: Path | None = None) -> None:
        """Note that *file*, which can be read at *path*, states *quads*; without a path it concludes them."""
        if path is not None:
            self.add_names(file, quads, path)
        for quad in quads:
            graph = "" if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name.value
            if graph:
                self._graphs[graph].add(file)
            if not isinstance(quad.subject, NamedNode):
                continue
            subject = quad.subject.value
            # a fault of the knowledge is put right where it is stated, and else in the rule that concludes it
            if graph.startswith((CLAIM, REJECTED, RULE)):
                self._mentions[subject][file] = None
            else:
                self._subjects[subject][file] = None
                self._statements[subject, quad.predicate.value].append((str(quad.object), file))
            vouched = not graph.startswith((CLAIM, REJECTED))
            if vouched and quad.predicate == _LABEL and isinstance(quad.object, Literal):
                self._labels.setdefault(subject, quad.object.value)

    def add_names(self, file: str, quads: Sequence[Quad], path: Path) -> None:
        """Note that *file*, which can be read at *path*, names what *quads* do, and where."""
        self._paths[file] = path
        self._stated.append((file, quads))

    def of_graph(self, graph: str, naming: str = "") -> str:
        """Name the files that write to a graph: those whose statements there name *naming*, else all."""
        return self.of_graphs([graph], naming)

    def of_graphs(self, graphs: Iterable[str], naming: str = "") -> str:
        """Name the files that write to any of *graphs*: of each those that name *naming* there, else all."""
        found: set[str] = set()
        for graph in graphs:
            naming_it = self._naming.get((graph, naming), set()) if naming else set()
            found |= naming_it or self._graphs.get(graph, set())
        return _listed(found)

    def naming(self, iri: str, graph: str) -> str:
        """Name the files whose statements in a graph name an IRI; "" if none does."""
        return _listed(self._naming.get((graph, iri), ()))

    @cached_property
    def _naming(self) -> dict[tuple[str, str], set[str]]:
        """The files that name an IRI in a graph, be it a datatype.

        Made for the first fault, since most builds have none.
        """
        found: dict[tuple[str, str], set[str]] = defaultdict(set)
        for file, quads in self._stated:
            for quad in quads:
                graph = "" if isinstance(quad.graph_name, DefaultGraph) else quad.graph_name.value
                for term in quad.triple:
                    name = term.datatype if isinstance(term, Literal) else term
                    if isinstance(name, NamedNode):
                        found[graph, name.value].add(file)
        return found

    def of(self, subject: str, predicate: str = "", value: str = "") -> str:
        """Name the files that state that value, else that predicate, else anything, of *subject*.

        *value* is a term as N-Triples writes it. Returns "" for a subject that no file describes.
        """
        statements = self._statements.get((subject, predicate), [])
        files = {file for term, file in statements if term == value} or {file for _, file in statements}
        return _listed(files or self._subjects.get(subject) or self._mentions.get(subject, {}))

    def describe(self, iri: str) -> str:
        """Return the label of *iri* with the shortened IRI in brackets."""
        label = self._labels.get(iri)
        return f"“{label}” ({compact(iri)})" if label else compact(iri)

    def with_lines(self, violation: Violation) -> Violation:
        """Add to each file of a fault the line on which it speaks of the subject, where that is known."""
        start = f"{violation.file}: "
        if not violation.message.startswith(start):
            return violation
        places = "; ".join(self._place(file, violation.subject) for file in violation.file.split(", "))
        return replace(violation, message=f"{places}: {violation.message.removeprefix(start)}")

    def _place(self, file: str, subject: str) -> str:
        """Return a file with the line on which it speaks of a subject first, if it does."""
        path = self._paths.get(file)
        if path is None:
            return file
        find = line_in_query if path.suffix in QUERY else line_of
        line = find(path.read_text(encoding="utf-8-sig"), subject.strip("<>"))
        return file if line is None else f"{file}, line {line}"

    def with_labels(self, text: str) -> str:
        """Put labels beside the IRIs of Surplace that stand in a text."""
        return _IRI.sub(lambda match: self.describe(match[1]), text)


def _listed(files: Iterable[str]) -> str:
    """List file names, to be parted at the commas again; where two are left after three, they are counted."""
    first, rest = sorted(files)[:3], sorted(files)[3:]
    return ", ".join([*first, *(rest if len(rest) < 2 else [f"{len(rest)} more"])])
