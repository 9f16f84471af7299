"""The sources stage: the files of data/ become named graphs, one a passage and one a claim."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Quad, Triple

from surplace.build import foreign
from surplace.build.literals import literal_faults
from surplace.build.report import Origins, Violation
from surplace.engine.limits import Limits
from surplace.errors import SurplaceError
from surplace.folders import TURTLE, files_below
from surplace.namespaces import CLAIM, HOME, PREFIXES, PROVENANCE, REJECTED, SOURCE, compact

_PASSAGE = re.compile(re.escape(SOURCE) + r"[^/\s]+/\S+")
_NAMED_ONCE = re.compile(f"(?:{re.escape(CLAIM)}|{re.escape(REJECTED)})" + r"[^/\s]+")
_PREFIX = re.compile(r"^\s*@?prefix\s+([\w-]*):\s*<([^<>\s]*)>", re.IGNORECASE | re.MULTILINE)
_TOP = 16384
"""Characters of a file in which its prefixes are looked for."""
_PROVENANCE = NamedNode(PROVENANCE)


@dataclass
class Sources:
    """What the files say, before anything is concluded from it."""

    quads: list[Quad]
    """All named graphs: passages, claims, rejected triples, provenance."""
    knowledge: set[Triple]
    """The triples of all passages, minus the rejected ones."""
    origins: Origins
    violations: list[Violation] = field(default_factory=list)
    misled: list[Violation] = field(default_factory=list)
    """The prefixes that lead past our names: all that is written with them is at fault."""

    @property
    def passages(self) -> int:
        """The number of passages that state something."""
        return len({graph_of(quad) for quad in self.quads if graph_of(quad).startswith(SOURCE)})

    def graph(self, iri: str) -> Iterator[Quad]:
        """Yield the quads of one named graph."""
        name = NamedNode(iri)
        return (quad for quad in self.quads if quad.graph_name == name)


def read_sources(directories: Iterable[Path], additions: Iterable[Path] = ()) -> Sources:
    """Read every Turtle and TriG file below *directories* and *additions* and merge them.

    Messages name a file by its path below its folder, of *additions* with the folder as it is given.

    Blank nodes, misplaced graphs and literals that no file may hold are reported in `violations`.

    Raises SurplaceError for a file that cannot be read or parsed.
    """
    origins = Origins()
    quads: dict[Quad, None] = {}
    violations: list[Violation] = []
    misled: list[Violation] = []
    files = [
        *(file for directory in directories for file in _files(directory, directory.resolve().name)),
        *(file for directory in additions for file in _files(directory, str(directory))),
    ]
    for (path, name), parsed in zip(files, foreign.read(files, Limits.load()), strict=True):
        stated = [_placed(quad, path) for quad in parsed]
        misled += _prefix_faults(path, name)
        violations += [*literal_faults(path, name, parsed), *_file_faults(stated, name)]
        origins.add(name, stated, path)
        quads.update(dict.fromkeys(stated))
    rejected = {quad.triple for quad in quads if graph_of(quad).startswith(REJECTED)}
    knowledge = {quad.triple for quad in quads if graph_of(quad).startswith(SOURCE)} - rejected
    return Sources(list(quads), knowledge, origins, violations, misled)


def _files(directory: Path, shown: str) -> list[foreign.File]:
    """Return the files of a folder, sorted, with the names that messages give them below *shown*."""
    if not directory.is_dir():
        raise SurplaceError(f"{directory} is not a folder: name a folder laid out like data/.")
    return files_below(directory, shown, TURTLE)


def _placed(quad: Quad, path: Path) -> Quad:
    """Put the triples of a Turtle file, which has no graphs, into the provenance graph."""
    if path.suffix == ".ttl" and isinstance(quad.graph_name, DefaultGraph):
        return Quad(quad.subject, quad.predicate, quad.object, _PROVENANCE)
    return quad


def graph_of(quad: Quad) -> str:
    """Return the IRI of the graph of *quad*, or ""."""
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""


def is_passage(iri: str) -> bool:
    """Tell whether *iri* has the form of a passage's name: source/DOCUMENT/PASSAGE."""
    return bool(_PASSAGE.fullmatch(iri))


def _prefix_faults(path: Path, file: str) -> Iterator[Violation]:
    """Report each prefix of ours that stands for an address of Surplace that is none of its namespaces."""
    with path.open(encoding="utf-8-sig") as text:
        top = text.read(_TOP)
    for match in _PREFIX.finditer(top):
        label, iri = match[1], match[2]
        if label in PREFIXES and iri != PREFIXES[label] and HOME in iri:
            line = top.count("\n", 0, match.start(1)) + 1
            message = f"{file}, line {line}: {other_prefix(label, iri)}"
            yield Violation("violation", "sources", "", file, message)


def other_prefix(label: str, iri: str) -> str:
    """Say that a prefix of ours stands for another namespace than its own."""
    return f"the prefix {label}: stands for <{iri}>: write <{PREFIXES[label]}>, as everywhere."


def _is_data_graph(iri: str) -> bool:
    """Tell whether data may write to the graph *iri*."""
    return iri == PROVENANCE or is_passage(iri) or bool(_NAMED_ONCE.fullmatch(iri))


def _file_faults(quads: Iterable[Quad], file: str) -> list[Violation]:
    """Report blank nodes and misplaced graphs, once for each subject or graph."""
    found: dict[str, Violation] = {}
    # named subjects first: they are what a blank node is best found by
    for quad in sorted(quads, key=lambda quad: not isinstance(quad.subject, NamedNode)):
        graph = graph_of(quad)
        if not graph and not isinstance(quad.graph_name, BlankNode):
            found.setdefault(
                "",
                fault(
                    file,
                    str(quad.subject),
                    f"what it says of {shown(quad.subject)} stands in no graph: "
                    "put it inside GRAPH <…> { } with the IRI of the passage that states it.",
                ),
            )
        elif not _is_data_graph(graph):
            found.setdefault(
                str(quad.graph_name),
                fault(
                    file,
                    str(quad.graph_name),
                    f"{shown(quad.graph_name)} is not the name of a graph for data: use "
                    "source/DOCUMENT/PASSAGE, claim/NAME, graph/rejected/NAME or graph/provenance.",
                ),
            )
        for node in (quad.subject, quad.object):
            if not isinstance(node, BlankNode):
                continue
            known = quad.subject if isinstance(quad.subject, NamedNode) else quad.predicate
            found.setdefault(
                str(node),
                fault(
                    file,
                    known.value,
                    f"a blank node stands beside {shown(known)} in {shown(quad.graph_name)}: "
                    "give the thing an IRI of its own.",
                ),
            )
    return list(found.values())


def fault(file: str, subject: str, message: str) -> Violation:
    """Make the violation of a rule about the files themselves."""
    return Violation("violation", "sources", subject, file, f"{file}: {message}")


def shown(node: object) -> str:
    """Return a node as people read it."""
    return compact(node.value) if isinstance(node, NamedNode) else str(node)
