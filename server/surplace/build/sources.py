"""The sources stage: the files of data/ become named graphs, one a passage and one a claim."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Triple

from surplace.build.report import Origins, Violation
from surplace.errors import SurplaceError
from surplace.namespaces import CLAIM, PROVENANCE, RDF, REJECTED, SOURCE, SUR, compact
from surplace.turtle import FORMATS, read

_PASSAGE = re.compile(re.escape(SOURCE) + r"[^/\s]+/\S+")
_NAMED_ONCE = re.compile(f"(?:{re.escape(CLAIM)}|{re.escape(REJECTED)})" + r"[^/\s]+")
_TYPE = NamedNode(RDF + "type")
_PROVENANCE = NamedNode(PROVENANCE)
PASSAGE_CLASSES = {
    SUR + name
    for name in (
        "Passage",
        "TextPassage",
        "RecordPassage",
        "ProvisionPassage",
        "DocumentPassage",
        "EditorialPassage",
    )
}


@dataclass
class Sources:
    """What the files say, before anything is concluded from it."""

    quads: list[Quad]
    """All named graphs: passages, claims, rejected triples, provenance."""
    knowledge: set[Triple]
    """The triples of all passages, minus the rejected ones."""
    origins: Origins
    violations: list[Violation] = field(default_factory=list)

    @property
    def passages(self) -> int:
        """The number of passages that state something."""
        return len({_graph(quad) for quad in self.quads if _graph(quad).startswith(SOURCE)})

    def graph(self, iri: str) -> Iterator[Quad]:
        """Yield the quads of one named graph."""
        name = NamedNode(iri)
        return (quad for quad in self.quads if quad.graph_name == name)


def read_sources(directories: Iterable[Path]) -> Sources:
    """Read every Turtle and TriG file below *directories* and merge them; faults are in `violations`.

    Raises SurplaceError for a file that cannot be read or parsed.
    """
    origins = Origins()
    quads: dict[Quad, None] = {}
    violations: list[Violation] = []
    for directory in directories:
        if not directory.is_dir():
            raise SurplaceError(f"{directory} is not a folder: name a folder laid out like data/.")
        for path in sorted(path for path in directory.rglob("*") if path.suffix in FORMATS):
            name = f"{directory.resolve().name}/{path.relative_to(directory).as_posix()}"
            stated = [_placed(quad, path) for quad in read(path, shown=name)]
            violations += _file_faults(stated, name)
            origins.add(name, stated)
            quads.update(dict.fromkeys(stated))
    rejected = {quad.triple for quad in quads if _graph(quad).startswith(REJECTED)}
    knowledge = {quad.triple for quad in quads if _graph(quad).startswith(SOURCE)} - rejected
    sources = Sources(list(quads), knowledge, origins, violations)
    records = Records(sources)
    sources.violations += [
        *_unrecorded_passages(sources, records),
        *_unattributed_claims(sources),
        *_faulty_rejections(sources, records),
        *_changed_digests(sources, records),
    ]
    return sources


def _placed(quad: Quad, path: Path) -> Quad:
    """Put the triples of a Turtle file, which has no graphs, into the provenance graph."""
    if path.suffix == ".ttl" and isinstance(quad.graph_name, DefaultGraph):
        return Quad(quad.subject, quad.predicate, quad.object, _PROVENANCE)
    return quad


def _graph(quad: Quad) -> str:
    """Return the IRI of the graph of *quad*, or ""."""
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""


def _is_data_graph(iri: str) -> bool:
    """Tell whether data may write to the graph *iri*."""
    return iri == PROVENANCE or bool(_PASSAGE.fullmatch(iri) or _NAMED_ONCE.fullmatch(iri))


def _file_faults(quads: Iterable[Quad], file: str) -> list[Violation]:
    """Report blank nodes and misplaced graphs, once for each subject or graph."""
    found: dict[str, Violation] = {}
    # named subjects first: they are what a blank node is best found by
    for quad in sorted(quads, key=lambda quad: not isinstance(quad.subject, NamedNode)):
        graph = _graph(quad)
        if not graph and not isinstance(quad.graph_name, BlankNode):
            found.setdefault(
                "",
                _fault(
                    file,
                    str(quad.subject),
                    f"what it says of {_shown(quad.subject)} stands in no graph: "
                    "put it inside GRAPH <…> { } with the IRI of the passage that states it.",
                ),
            )
        elif not _is_data_graph(graph):
            found.setdefault(
                str(quad.graph_name),
                _fault(
                    file,
                    str(quad.graph_name),
                    f"{_shown(quad.graph_name)} is not the name of a graph for data: use "
                    "source/DOCUMENT/PASSAGE, claim/NAME, graph/rejected/NAME or graph/provenance.",
                ),
            )
        for node in (quad.subject, quad.object):
            if not isinstance(node, BlankNode):
                continue
            known = quad.subject if isinstance(quad.subject, NamedNode) else quad.predicate
            found.setdefault(
                str(node),
                _fault(
                    file,
                    known.value,
                    f"a blank node stands beside {_shown(known)} in {_shown(quad.graph_name)}: "
                    "give the thing an IRI of its own.",
                ),
            )
    return list(found.values())


def _fault(file: str, subject: str, message: str) -> Violation:
    """Make the violation of a rule about the files themselves."""
    return Violation("violation", "sources", subject, file, f"{file}: {message}")


def _shown(node: object) -> str:
    """Return a node as people read it."""
    return compact(node.value) if isinstance(node, NamedNode) else str(node)


class Records:
    """The provenance graph, indexed by subject and predicate."""

    def __init__(self, sources: Sources) -> None:
        self._values: dict[tuple[str, str], list[str]] = defaultdict(list)
        for quad in sources.graph(PROVENANCE):
            if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode | Literal):
                self._values[quad.subject.value, quad.predicate.value].append(quad.object.value)

    def values(self, subject: str, name: str) -> list[str]:
        """Return the values of the term *name* (a local name, or `type`) of *subject*, sorted."""
        predicate = RDF + "type" if name == "type" else SUR + name
        return sorted(self._values.get((subject, predicate), []))

    def subjects(self, name: str) -> list[str]:
        """Return the subjects that have the term *name*, sorted."""
        predicate = RDF + "type" if name == "type" else SUR + name
        return sorted(subject for subject, known in self._values if known == predicate)

    def passages(self) -> dict[str, list[str]]:
        """Return the passages of each source, in the order of the text, or of their IRIs."""
        passages: dict[str, list[str]] = defaultdict(list)
        for passage in self.subjects("isPassageOf"):
            for source in self.values(passage, "isPassageOf"):
                passages[source].append(passage)
        return {source: sorted(passages[source], key=self._order) for source in sorted(passages)}

    def _order(self, passage: str) -> tuple[int, float, str]:
        """Sort passages of a text by their order, and before records."""
        orders = self.values(passage, "hasOrder")
        try:
            return 0, int(orders[0]), passage
        except (IndexError, ValueError):
            return 1, 0, passage


def passages_digest(digests: Iterable[str]) -> str:
    """Return the SHA-256, in hexadecimal, of digests that are in order."""
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def _unrecorded_passages(sources: Sources, records: Records) -> Iterator[Violation]:
    """Report each passage graph that the provenance graph does not describe."""
    recorded = {s for s in records.subjects("type") if PASSAGE_CLASSES & set(records.values(s, "type"))}
    graphs = {_graph(quad) for quad in sources.quads if _PASSAGE.fullmatch(_graph(quad))}
    for graph in sorted(graphs - recorded):
        yield _fault(
            sources.origins.of_graph(graph),
            graph,
            f"the graph {compact(graph)} has no record of its passage: describe it in graph/provenance "
            "as a sur:TextPassage, RecordPassage, ProvisionPassage, DocumentPassage or EditorialPassage.",
        )


def _unattributed_claims(sources: Sources) -> Iterator[Violation]:
    """Report each claim's content that no passage attributes to anybody."""
    described = {
        triple.subject.value for triple in sources.knowledge if isinstance(triple.subject, NamedNode)
    }
    claims = {_graph(quad) for quad in sources.quads if _graph(quad).startswith(CLAIM)}
    for claim in sorted(claims - described):
        yield _fault(
            sources.origins.of_graph(claim),
            claim,
            f"the content of {compact(claim)} belongs to no claim: say in the graph of a passage "
            f"who claims it ({compact(claim)} a sur:Claim ; sur:isClaimedBy …).",
        )


def _faulty_rejections(sources: Sources, records: Records) -> Iterator[Violation]:
    """Report rejections without a disagreement, or of what nobody or the preferred passage says."""
    stated: dict[Triple, set[str]] = defaultdict(set)
    for quad in sources.quads:
        if _graph(quad).startswith(SOURCE):
            stated[quad.triple].add(_graph(quad))
    preferred: dict[str, set[str]] = defaultdict(set)
    for disagreement in records.subjects("rejects"):
        for graph in records.values(disagreement, "rejects"):
            preferred[graph] |= set(records.values(disagreement, "prefers"))
    rejected = sorted((q for q in sources.quads if _graph(q).startswith(REJECTED)), key=str)
    for graph in sorted({_graph(quad) for quad in rejected} - set(preferred)):
        yield _fault(
            sources.origins.of_graph(graph),
            graph,
            f"no sur:Disagreement rejects {compact(graph)}: describe in graph/provenance which passage "
            "is preferred to it, and why.",
        )
    for quad in rejected:
        graph = _graph(quad)
        file = sources.origins.of_graph(graph)
        triple = " ".join(_shown(node) for node in quad.triple)
        if not stated[quad.triple]:
            yield _fault(
                file,
                _shown(quad.subject),
                f"{compact(graph)} rejects “{triple}”, which no passage states: correct or remove that line.",
            )
        for passage in sorted(stated[quad.triple] & preferred[graph]):
            yield _fault(
                file,
                _shown(quad.subject),
                f"{compact(graph)} rejects “{triple}”, which the preferred passage {compact(passage)} "
                "states itself: remove that line from one of the two.",
            )


def _changed_digests(sources: Sources, records: Records) -> Iterator[Violation]:
    """Report each source whose passages' digests are not those that its own digest was made of."""
    for source, passages in records.passages().items():
        digests = [digest for passage in passages for digest in records.values(passage, "hasDigest")]
        recorded = records.values(source, "hasPassagesDigest")
        if not digests and not recorded:
            continue
        computed = passages_digest(digests)
        if recorded == [computed]:
            continue
        files = sources.origins.of(source, SUR + "hasPassagesDigest") or sources.origins.of(source)
        said = recorded[0][:12] + "…" if recorded else "none"
        yield _fault(
            files,
            source,
            f"the digests of the passages of {sources.origins.describe(source)} have changed: their common "
            f"digest (sur:hasPassagesDigest) is {computed}, and the source records {said}; check the "
            "passages with `surplace verify-source`, then restore the digest or record the new one.",
        )
