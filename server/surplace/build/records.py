"""The provenance graph as records: sources, their passages in order, disagreements."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable

from pyoxigraph import Literal, NamedNode, Quad

from surplace.namespaces import PROVENANCE, RDF, SUR

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


class Records:
    """The provenance graph, indexed by subject and predicate."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._values: dict[tuple[str, str], list[str]] = defaultdict(list)
        provenance = NamedNode(PROVENANCE)
        for quad in (quad for quad in quads if quad.graph_name == provenance):
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
