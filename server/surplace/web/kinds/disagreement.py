"""The page of a disagreement: the passages that differ, the one that prevails and why, what is rejected."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pyoxigraph import NamedNode

from surplace.engine.knowledge import Knowledge
from surplace.web.cells import cell
from surplace.web.kinds.asking import rows_of, shown, text, unique
from surplace.web.kinds.disputed import Disputed, disagreements
from surplace.words.sentence import capitalized, count

_PASSAGES: Final = """
    ?this sur:isBetween|sur:prefers ?item OPTIONAL { ?item skos:prefLabel ?itemLabel }
    BIND(EXISTS { ?this sur:prefers ?item } AS ?prevails)
"""


def view(iri: str, name: str, knowledge: Knowledge) -> Mapping[str, Any]:
    """Return what the page of a disagreement shows."""
    about = disagreements(knowledge).get(iri)
    rows = unique(rows_of(knowledge, _PASSAGES, "itemLabel", "item", "prevails", this=iri), "item")
    passages = [(shown(row, "item"), text(row, "prevails") == "true") for row in rows]
    passages.sort(key=lambda item: not item[1])
    things = sorted(about.things) if about else []
    labels = knowledge.labels(things)
    rejected = about.rejected if about else []
    best = next((item for item, prevails in passages if prevails and item), None)
    parts = [
        f"{count(len(passages), 'passage')} differ",
        f"{best.text} prevails" if best else "none prevails",
        f"{count(len(rejected), 'statement')} {'is' if len(rejected) == 1 else 'are'} rejected"
        if rejected
        else "nothing is rejected",
    ]
    sentence = f"{'; '.join(parts)}."
    return {
        "heading": name,
        "sentence": capitalized(sentence),
        "reason": about.reason if about else "",
        "passages": passages,
        "rejected": rejected,
        "things": [cell(NamedNode(thing), labels) for thing in things],
        "disputed": Disputed(iri),
    }
