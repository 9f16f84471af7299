"""The page of a statement, neither claim nor request: who said what, where, of what, what opposes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.web.kinds.asking import cells_of, rows_as, rows_of, text, unique
from surplace.web.kinds.laying import facts_of, items_of, sections, stated_in
from surplace.words.days import in_words
from surplace.words.english import capitalized, joined, the

_AROUND: Final = """
    { ?this sur:isSpokenBy|sur:isGivenInReplyBy ?item BIND("by" AS ?as) }
    UNION { ?this sur:isMadeOn|sur:isMadeNoLaterThan ?item BIND("day" AS ?as) }
    UNION { ?this sur:expressesAttitude ?item BIND("tone" AS ?as) }
    UNION { ?this sur:concerns ?item BIND("about" AS ?as) }
    UNION { ?this sur:repliesTo ?item BIND("request" AS ?as) }
    UNION { ?this sur:concerns ?thing . ?item sur:concerns ?thing ; a sur:Statement FILTER(?item != ?this)
      OPTIONAL { ?item sur:isSpokenBy/skos:prefLabel ?note } BIND("beside" AS ?as) }
    UNION { ?item sur:usesPremise|sur:isOpenAbout ?this BIND("rests" AS ?as) }
    OPTIONAL { ?item skos:prefLabel ?itemLabel }
"""
_FIRST: Final = (
    *("isSpokenBy", "isGivenInReplyBy", "isAddressedTo", "isMadeOn", "expressesAttitude", "concerns"),
    *("invokes", "repliesTo", "isStatedIn", "isReportedBy"),
)


def view(iri: str, name: str, knowledge: Knowledge) -> Mapping[str, Any]:
    """Return what the page of a statement shows."""
    around = rows_of(knowledge, _AROUND, "as", "itemLabel", "item", "note", this=iri)

    def of(kind: str) -> list[Row]:
        return rows_as(around, kind)

    return {
        "heading": name,
        "sentence": _sentence(name, around),
        "trail": cells_of(of("by"), "item"),
        "facts": facts_of(iri, knowledge, _FIRST, ("isClaimedBy",)),
        "sections": sections(
            ("Stated in", stated_in(iri, knowledge)),
            ("Said of the same by others or elsewhere", items_of(of("beside"), "item", note="note")),
            ("What rests on it", items_of(of("rests"), "item")),
        ),
    }


def _sentence(name: str, around: Sequence[Row]) -> str:
    """Say who said it, on which day, in which tone, about what."""

    def told(kind: str) -> list[str]:
        rows = unique(rows_as(around, kind), "item")
        return [text(row, "itemLabel") or in_words(text(row, "item")) for row in rows]

    who = joined(the(one) for one in told("by")) or "somebody"
    about = told("about") or told("request")
    parts = [
        f"{who}{f', {days[0]}' if (days := told('day')) else ''}: {joined(told('tone')) or name}",
        *([f"about {joined([f'“{one}”' for one in about], 3)}"] if about else []),
    ]
    return f"{capitalized(', '.join(parts)).rstrip('.')}."
