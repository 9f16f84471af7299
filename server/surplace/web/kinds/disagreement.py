"""The page of a disagreement: the passages that differ, the one that prevails and why, what is rejected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pyoxigraph import NamedNode

from surplace.engine.knowledge import Knowledge
from surplace.web.cells import Cell, cell
from surplace.web.kinds.asking import rows_of, shown, text, unique
from surplace.web.kinds.disputed import Disputed, disagreements
from surplace.words.sentence import capitalized, count, joined, verb

_PASSAGES: Final = """
    ?this sur:isBetween|sur:prefers ?item OPTIONAL { ?item skos:prefLabel ?itemLabel }
    BIND(EXISTS { ?this sur:prefers ?item } AS ?prevails)
"""


def view(iri: str, name: str, knowledge: Knowledge) -> Mapping[str, Any]:
    """Return what the page of a disagreement shows."""
    about = disagreements(knowledge).get(iri)
    rows = unique(rows_of(knowledge, _PASSAGES, "itemLabel", "item", "prevails", this=iri), "item")
    rejected = about.rejected if about else []
    gone = {one.href for said in rejected for one in said.passages}
    passages = [
        (item, "prevails" if text(row, "prevails") == "true" else "rejected" if item.href in gone else "")
        for row in rows
        if (item := shown(row, "item"))
    ]
    passages.sort(key=lambda item: (not item[1], item[1] == "rejected"))
    things = sorted(about.things) if about else []
    labels = knowledge.labels(things)
    return {
        "heading": name,
        "sentence": _sentence(passages, len(rejected)),
        "reason": about.reason if about else "",
        "passages": passages,
        "rejected": rejected,
        "things": [cell(NamedNode(thing), labels) for thing in things],
        "disputed": Disputed(iri),
    }


def _sentence(passages: Sequence[tuple[Cell, str]], rejected: int) -> str:
    """Say what is rejected of which passages and what stands against them, or which passages differ."""

    def of(role: str) -> list[str]:
        return [item.text for item, found in passages if found == role]

    best = joined(of("prevails"))
    if not of("rejected"):
        parts = (f"{count(passages, 'passage')} differ", f"{best or 'none'} prevails", "nothing is rejected")
        return f"{capitalized('; '.join(parts))}."
    number = len(passages) - len(of("rejected"))
    against = f"{count(number, 'passage')} {verb(number, 'stands', 'stand')} against that"
    prevails = f", of which {best} prevails" if number > 1 else f": {best}, which prevails"
    said = (
        f"{count(rejected, 'statement')} of {joined(of('rejected'))} {verb(rejected, 'is', 'are')} rejected"
    )
    return f"{capitalized(said)}; {against}{prevails if best else ''}."
