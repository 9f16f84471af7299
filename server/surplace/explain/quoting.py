"""Sentences of a source for an explanation, from a text that the reader has at hand."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

from surplace.engine.knowledge import Knowledge
from surplace.errors import SurplaceError
from surplace.explain.explanation import Explanation, walk
from surplace.namespaces import PROVENANCE, SUR
from surplace.rdf.terms import text_of
from surplace.sourcetext import Passage, read_text, verify


def quoted(explanation: Explanation, paths: Iterable[Path], knowledge: Knowledge) -> Explanation:
    """Return the explanation with the sentences of its passages that stand unchanged in one of the files.

    Raises SurplaceError for a file that cannot be read, or that holds no passage of any source.
    """
    cited = {origin.graph for node in walk(explanation.trees) for origin in node.origins}
    sources = _passages(knowledge)
    quotes: dict[str, str] = {}
    for path in paths:
        text = read_text(path)
        found = [
            place
            for passages in sources.values()
            for place in verify(text, passages).found
            if place.unchanged
        ]
        if not found:
            raise SurplaceError(
                f"{path} holds no passage of any source as it was read: give the text of a source."
            )
        quotes |= {p.passage.iri: text[p.start : p.end] for p in found if p.passage.iri in cited}
    return replace(explanation, quotes=quotes)


def _passages(knowledge: Knowledge) -> dict[str, list[Passage]]:
    """Return the passages of running texts by source, in their order."""
    table = knowledge.select(
        f"SELECT ?source ?passage ?begins ?ends ?digest WHERE {{ GRAPH <{PROVENANCE}> {{ "
        f"?passage <{SUR}isPassageOf> ?source ; <{SUR}hasOrder> ?order ; <{SUR}beginsWith> ?begins ; "
        f"<{SUR}endsWith> ?ends ; <{SUR}hasDigest> ?digest }} }} ORDER BY ?source ?order"
    )
    sources: dict[str, list[Passage]] = {}
    for row in table.rows:
        passage, begins, ends, digest = (
            text_of(row[name]) for name in ("passage", "begins", "ends", "digest")
        )
        sources.setdefault(text_of(row["source"]), []).append(Passage(passage, begins, ends, digest))
    return sources
