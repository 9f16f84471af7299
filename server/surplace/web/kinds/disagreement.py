"""The page of a disagreement: the passages that differ, the one that prevails and why, what is rejected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pyoxigraph import NamedNode

from surplace.engine.knowledge import Knowledge
from surplace.web.cells import Cell, cell
from surplace.web.kinds.disputed import Disputed
from surplace.web.kinds.rejecting import Disagreement, disagreements
from surplace.words.english import capitalized, count, joined, verb


def view(iri: str, name: str, knowledge: Knowledge) -> Mapping[str, Any]:
    """Return what the page of a disagreement shows."""
    about = disagreements(knowledge).get(iri) or Disagreement(iri, Cell(name), "")
    things = sorted(about.things)
    labels = knowledge.labels(things)
    return {
        "heading": name,
        "sentence": _sentence(about),
        "found": about,
        "things": [cell(NamedNode(thing), labels) for thing in things],
        "disputed": Disputed(iri),
    }


def _sentence(about: Disagreement) -> str:
    """Say what is rejected of which passages and what stands against them, or which passages differ."""

    def of(role: str) -> list[str]:
        return [item.text for item, found in about.passages if found == role]

    best = joined(of("prevails"))
    if not of("rejected"):
        differ = capitalized(f"{count(about.passages, 'passage')} differ")
        return f"{differ}; {best or 'none'} prevails; nothing is rejected."
    number = len(about.passages) - len(of("rejected"))
    against = f"{count(number, 'passage')} {verb(number, 'stands', 'stand')} against that"
    prevails = f", of which {best} prevails" if number > 1 else f": {best}, which prevails"
    said = (
        f"{count(about.wrong, 'statement')} of {joined(of('rejected'))} "
        f"{verb(about.wrong, 'is', 'are')} rejected"
    )
    return f"{capitalized(said)}; {against}{prevails if best else ''}."
