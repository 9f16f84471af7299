"""The words of provisions, from the copies of treaties that are at hand."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from surplace.engine.knowledge import Knowledge
from surplace.texts import Quote, Texts
from surplace.web.kinds.asking import rows_of, text, values

_PASSAGES: Final = """
    ?provision sur:hasNumber ?number BIND(CONCAT("Article ", ?number) AS ?locator)
    OPTIONAL { GRAPH ?passage { ?provision sur:hasNumber ?number }
               ?passage a sur:ProvisionPassage ; sur:hasLocator ?locator ; sur:hasDigest ?digest }
"""


def wordings_of(provisions: Collection[str], knowledge: Knowledge, texts: Texts) -> dict[str, Quote]:
    """Return the words of each provision that a copy has, by its IRI."""
    held = [iri for iri in provisions if texts.of_treaty(iri) is not None]
    if not held:
        return {}
    rows = rows_of(knowledge, values("provision", held) + _PASSAGES, "provision", "locator", "digest")
    found = {
        text(row, "provision"): texts.provision(
            text(row, "provision"), text(row, "locator"), text(row, "digest")
        )
        for row in rows
    }
    return {iri: quote for iri, quote in found.items() if quote is not None}
