"""The page of what others refer to, a concept, people, a document: what it is, and where it comes up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.namespaces import SUR, last_segment
from surplace.web.kinds.asking import rows_as, rows_of, text
from surplace.web.kinds.laying import Item, facts_of, items_of, kinds_of, sections, stated_in
from surplace.words.days import days_in_words
from surplace.words.english import capitalized, count, joined

_WHAT: Final = """
    { ?this skos:definition|dcterms:description|sur:asks|sur:appliesIf ?item BIND("what" AS ?as) }
    UNION { ?this skos:broader ?item BIND("wider" AS ?as) }
    UNION { ?item skos:broader ?this BIND("narrower" AS ?as) }
    UNION { ?item sur:isCopyOf ?this BIND("copy" AS ?as) }
    UNION { ?this skos:scopeNote|skos:note ?item BIND("note" AS ?as) }
    UNION { ?item sur:concernsTerritory ?this BIND("apart" AS ?as) }
    OPTIONAL { ?item skos:prefLabel ?itemLabel }
"""
_PLACES: Final = {
    "Norm": ("norm", "Norms"),
    "Provision": ("provision", "Provisions"),
    "Exception": ("exception", "Exceptions"),
    "Measure": ("measure", "What is done or left undone"),
    "Finding": ("finding", "Findings"),
    "Recommendation": ("request", "Requests"),
    "Claim": ("claim", "Claims"),
    "Statement": ("statement", "Statements"),
    "Population": ("group of people", "People"),
    "GroundElement": ("element of a ground", "Elements of grounds"),
    "ProtectionGround": ("ground of protection", "Grounds of protection"),
    "OpenQuestion": ("open question", "Open questions"),
    "Conclusion": ("other conclusion", "Other conclusions"),
    "Act": ("act", "Acts"),
    "Document": ("document", "Documents"),
    "DocumentPart": ("part of a document", "Parts of documents"),
    "Citation": ("citation", "Citations"),
}
"""Classes of what refers to things, in the order of a reader's interest, and what they are called.

Standings are in none of them: there are thousands of a kind, and the page of each state has its own.
"""
_MENTIONS: Final = f"""
    ?item ?property ?this . FILTER(STRSTARTS(STR(?property), "{SUR}"))
    FILTER(?property != sur:isCopyOf && ?item != ?this)
    FILTER NOT EXISTS {{ ?item a sur:Standing }}
    OPTIONAL {{ ?item a ?class FILTER(?class IN ({", ".join(f"sur:{name}" for name in _PLACES)})) }}
    OPTIONAL {{ ?item skos:prefLabel ?itemLabel }}
"""
_PLURALS: Final = {
    "part of a document": "parts of documents",
    "element of a ground": "elements of grounds",
}
_APART: Final = "treaties apply there by declarations of its own"
LONG: Final = 240
"""Characters of a definition that sums a page up."""


def view(iri: str, name: str, knowledge: Knowledge) -> Mapping[str, Any]:
    """Return what the page of such a thing shows."""
    rows = rows_of(knowledge, _WHAT, "as", "itemLabel", "item", this=iri)

    def of(kind: str) -> list[Row]:
        return rows_as(rows, kind)

    places = _places(rows_of(knowledge, _MENTIONS, "itemLabel", "item", "class", this=iri))
    told = [days_in_words(text(row, "item")) for row in of("what")]
    short = next((one for one in told if len(one) <= LONG), "")
    return {
        "heading": name,
        "sentence": _sentence(name, short or (_APART if of("apart") else ""), places),
        "territory": last_segment(iri) if of("apart") else "",
        "trail": kinds_of(iri, knowledge),
        "notes": [*(one for one in told if one != short), *(text(row, "item") for row in of("note"))],
        "facts": facts_of(iri, knowledge, (), ("asks", "appliesIf")),
        "sections": sections(
            ("Read here, passage by passage", items_of(of("copy"), "item")),
            ("Stated in", stated_in(iri, knowledge)),
            ("Wider", items_of(of("wider"), "item")),
            ("Narrower", items_of(of("narrower"), "item")),
            *((_PLACES[place][1] if place else "Elsewhere", items) for place, items in places.items()),
        ),
    }


def _places(rows: Sequence[Row]) -> dict[str, tuple[Item, ...]]:
    """Return what refers to a thing, by the first class of `_PLACES` that it has; the last is of none."""
    classes: dict[str, set[str]] = {}
    for row in rows:
        classes.setdefault(text(row, "item"), set()).add(text(row, "class").removeprefix(SUR))
    of = {item: next((place for place in _PLACES if place in those), "") for item, those in classes.items()}
    places = {
        place: items_of([row for row in rows if of[text(row, "item")] == place], "item")
        for place in (*_PLACES, "")
    }
    return {place: items for place, items in places.items() if items}


def _sentence(name: str, definition: str, places: Mapping[str, Sequence[Item]]) -> str:
    """Say what it is, and among how many things of which kind it comes up."""
    told = [
        count(items, noun, _PLURALS.get(noun, ""))
        for place, items in places.items()
        if place and (noun := _PLACES[place][0])
    ]
    what = f"{name}: {definition}" if definition else name
    more = f" Comes up in {joined(told)}." if told else ""
    return f"{capitalized(what).rstrip('.')}{'' if what.endswith('?') else '.'}{more}"
