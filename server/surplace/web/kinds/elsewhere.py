"""Where the words of a source or treaty can be read that the service does not hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlsplit

from surplace.engine.knowledge import Knowledge
from surplace.web.cells import Cell, local_path
from surplace.web.kinds.asking import rows_as, rows_of, text, unique
from surplace.words.days import in_words
from surplace.words.english import joined, the

SYMBOLS: Final = "https://undocs.org/"
"""Where the United Nations show a document of theirs, by its symbol."""
_OF: Final[Mapping[str, str]] = {
    "source": "BIND(?this AS ?source) OPTIONAL { ?source sur:isCopyOf ?work }",
    "treaty": "?source sur:isCopyOf ?this BIND(?this AS ?work)",
    "provision": "?this sur:isPartOf ?work . ?source sur:isCopyOf ?work",
}
"""How the source and the work that it is a copy of are found from a thing, by its kind."""
_PATTERN: Final = """
    { ?source rdfs:seeAlso|dcterms:source ?item BIND("address" AS ?as) }
    UNION { ?work sur:hasSymbol ?item BIND("symbol" AS ?as) }
    UNION { ?work sur:isRegisteredAs ?item BIND("registered" AS ?as) }
    UNION { ?work dcterms:title ?item BIND("title" AS ?as) }
    UNION { ?work sur:isAuthoredBy ?item BIND("author" AS ?as) }
    UNION { ?work sur:isPublishedBy ?item BIND("publisher" AS ?as) }
    UNION { ?work sur:isPublishedOn ?item BIND("day" AS ?as) }
    OPTIONAL { ?item skos:prefLabel ?itemLabel }
"""


@dataclass(frozen=True)
class Elsewhere:
    """Where words can be read: *addresses* on the web, and *known_as* what to look for in a library."""

    addresses: tuple[Cell, ...] = ()
    known_as: str = ""


def elsewhere_of(iri: str, kind: str, knowledge: Knowledge) -> Elsewhere:
    """Say where to read a source, a treaty, or the treaty of a provision; *kind* says which of them it is."""
    pattern = f"{_OF[kind]} {_PATTERN}"
    rows = unique(rows_of(knowledge, pattern, "as", "itemLabel", "item", this=iri), "item")

    def of(role: str) -> list[str]:
        return [text(row, "itemLabel") or text(row, "item") for row in rows_as(rows, role)]

    addresses = {text(row, "item"): local_path(text(row, "item")) for row in rows_as(rows, "address")}
    web = [Cell(urlsplit(one).hostname or one, href, kind="iri") for one, href in addresses.items() if href]
    web += [Cell(symbol, f"{SYMBOLS}{quote(symbol)}", kind="iri") for symbol in of("symbol")]
    return Elsewhere(
        tuple(web),
        _known_as(of("author"), of("title"), of("publisher"), of("day"), of("registered")),
    )


def _known_as(
    authors: list[str], titles: list[str], publishers: list[str], days: list[str], registered: list[str]
) -> str:
    """Write what a work is looked for by: authors, title, publishers, day, number in a series."""
    parts = [joined(authors)] if authors else []
    parts += [f"“{title}”" for title in titles[:1]]
    if publishers or days:
        by = f" by {joined(the(one) for one in publishers)}" if publishers else ""
        on = f", {in_words(days[0])}" if days else ""
        parts.append(f"published{by}{on}" if by else in_words(days[0]))
    return ", ".join([*parts, *registered])
