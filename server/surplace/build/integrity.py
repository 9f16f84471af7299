"""What must hold between the files: each passage is recorded, each rejection has its reason, digests fit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from pyoxigraph import NamedNode, Triple

from surplace.build.records import PASSAGE_CLASSES, Records, passages_digest
from surplace.build.report import Violation
from surplace.build.sources import Sources, fault, graph_of, is_passage, shown
from surplace.namespaces import CLAIM, REJECTED, SOURCE, SUR, compact


def faults(sources: Sources) -> list[Violation]:
    """Return what is wrong with the files, each by itself and all together."""
    if sources.misled:
        return sources.misled
    records = Records(sources.quads)
    return [
        *sources.violations,
        *_unrecorded_passages(sources, records),
        *_unattributed_claims(sources),
        *_faulty_rejections(sources, records),
        *_changed_digests(sources, records),
    ]


def _unrecorded_passages(sources: Sources, records: Records) -> Iterator[Violation]:
    """Report each passage graph that the provenance graph does not describe."""
    recorded = {s for s in records.subjects("type") if PASSAGE_CLASSES & set(records.values(s, "type"))}
    graphs = {graph_of(quad) for quad in sources.quads if is_passage(graph_of(quad))}
    for graph in sorted(graphs - recorded):
        yield fault(
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
    claims = {graph_of(quad) for quad in sources.quads if graph_of(quad).startswith(CLAIM)}
    for claim in sorted(claims - described):
        yield fault(
            sources.origins.of_graph(claim),
            claim,
            f"the content of {compact(claim)} belongs to no claim: say in the graph of a passage "
            f"who claims it ({compact(claim)} a sur:Claim ; sur:isClaimedBy …).",
        )


def _faulty_rejections(sources: Sources, records: Records) -> Iterator[Violation]:
    """Report rejections without a disagreement, or of what nobody or the preferred passage says."""
    stated: dict[Triple, set[str]] = defaultdict(set)
    for quad in sources.quads:
        if graph_of(quad).startswith(SOURCE):
            stated[quad.triple].add(graph_of(quad))
    preferred: dict[str, set[str]] = defaultdict(set)
    rejecting: dict[str, str] = {}
    for disagreement in records.subjects("rejects"):
        for graph in records.values(disagreement, "rejects"):
            rejecting[graph] = disagreement
            preferred[graph] |= set(records.values(disagreement, "prefers"))
    rejected = sorted((q for q in sources.quads if graph_of(q).startswith(REJECTED)), key=str)
    for graph in sorted({graph_of(quad) for quad in rejected} - set(preferred)):
        yield fault(
            sources.origins.of_graph(graph),
            graph,
            f"no sur:Disagreement rejects {compact(graph)}: describe in graph/provenance which passage "
            "is preferred to it, and why.",
        )
    for graph in sorted(set(preferred) - {graph_of(quad) for quad in rejected}):
        yield fault(
            sources.origins.of(rejecting[graph]),
            graph,
            f"the graph {compact(graph)}, which a sur:Disagreement rejects, is empty: write there what is "
            "rejected, or remove the disagreement.",
        )
    for quad in rejected:
        graph = graph_of(quad)
        file = sources.origins.of_graph(graph)
        triple = " ".join(shown(node) for node in quad.triple)
        if not stated[quad.triple]:
            yield fault(
                file,
                shown(quad.subject),
                f"{compact(graph)} rejects “{triple}”, which no passage states: correct or remove that line.",
            )
        for passage in sorted(stated[quad.triple] & preferred[graph]):
            yield fault(
                file,
                shown(quad.subject),
                f"{compact(graph)} rejects “{triple}”, which the preferred passage {compact(passage)} "
                "states itself: remove that line from one of the two.",
            )


def _changed_digests(sources: Sources, records: Records) -> Iterator[Violation]:
    """Report each source whose passages' digests are not those that its own digest was made of.

    What was read of a treaty is a part of its text, so provision passages have no digest together.
    """
    for source, passages in records.passages().items():
        covered = [
            passage
            for passage in passages
            if SUR + "ProvisionPassage" not in records.values(passage, "type")
            and not _is_further_row(sources, records, passage, source)
        ]
        digests = [digest for passage in covered for digest in records.values(passage, "hasDigest")]
        recorded = records.values(source, "hasPassagesDigest")
        if not digests and not recorded:
            continue
        computed = passages_digest(digests)
        if recorded == [computed]:
            continue
        files = sources.origins.of(source, SUR + "hasPassagesDigest") or sources.origins.of(source)
        said = recorded[0][:12] + "…" if recorded else "none"
        yield fault(
            files,
            source,
            f"the digests of the passages of {sources.origins.describe(source)} have changed: their common "
            f"digest (sur:hasPassagesDigest) is {computed}, and the source records {said}; check the "
            "passages with `surplace verify-source`, then restore the digest or record the new one.",
        )


def _is_further_row(sources: Sources, records: Records, passage: str, source: str) -> bool:
    """Tell whether *passage* is a row that another folder adds to a register.

    A register is never whole, unlike a text: its common digest covers the rows of the folder that records it.
    """
    if SUR + "RecordPassage" not in records.values(passage, "type"):
        return False
    recorded = _folders(sources.origins.of(source, SUR + "hasPassagesDigest"))
    return recorded.isdisjoint(_folders(sources.origins.of(passage, SUR + "isPassageOf")))


def _folders(files: str) -> set[str]:
    """Return the folders of files as `Origins` lists them."""
    return {file.partition("/")[0] for file in files.split(", ")}
