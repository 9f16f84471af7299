"""Where a passage and another differ, and which questions it raises: one entry a dispute."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from surplace.engine.knowledge import Knowledge
from surplace.web.cells import Cell
from surplace.web.kinds.asking import rows_of, shown, text
from surplace.words.days import days_in_words
from surplace.words.english import parted

_DISPUTES: Final = """
    ?passage sur:isPassageOf ?source .
    { ?dispute a sur:Disagreement ; sur:isBetween ?passage
      OPTIONAL { ?dispute sur:hasReason ?reason }
      OPTIONAL { ?dispute sur:prefers ?prefers OPTIONAL { ?prefers skos:prefLabel ?prefersLabel } }
      OPTIONAL { ?dispute sur:rejects ?rejects GRAPH ?rejects { ?thing ?property ?value }
                 GRAPH ?passage { ?thing ?property ?value } } }
    UNION { ?dispute a sur:OpenQuestion ; sur:isRaisedBy ?passage ; sur:asks ?reason BIND(true AS ?open) }
    ?dispute skos:prefLabel ?disputeLabel
"""
_COLUMNS: Final = (
    *("passage", "disputeLabel", "dispute", "reason", "prefers", "prefersLabel", "rejects", "open"),
)


@dataclass(frozen=True)
class Dispute:
    """A disagreement on what a passage states, or a question that it leaves open."""

    name: Cell
    reason: tuple[str, str] | None
    """The reason: its first sentence, and the rest."""
    prefers: Cell | None
    rejects: bool
    """Whether something that the passage states is rejected."""
    yields: bool
    """Whether another passage prevails over this one."""
    open: bool


def disputes_of(source: str, knowledge: Knowledge) -> dict[str, tuple[Dispute, ...]]:
    """Return the disputes over each passage of a source, by the IRI of the passage."""
    found: dict[str, dict[str, Dispute]] = {}
    pattern = _DISPUTES.replace("?source", "?this")
    for row in rows_of(knowledge, pattern, *_COLUMNS, this=source):
        passage, name = text(row, "passage"), shown(row, "dispute")
        assert name is not None  # noqa: S101 (the pattern binds it)
        prefers = text(row, "prefers")
        found.setdefault(passage, {})[text(row, "dispute")] = Dispute(
            name,
            parted(days_in_words(text(row, "reason"))) if "reason" in row else None,
            shown(row, "prefers"),
            "rejects" in row,
            bool(prefers) and prefers != passage,
            "open" in row,
        )
    return {passage: tuple(those.values()) for passage, those in found.items()}
