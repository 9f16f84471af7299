"""The page of a conclusion: what follows, by which rule, from what, what qualifies it, what rests on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.web.kinds.asking import cells_of, rows_as, rows_of, text
from surplace.web.kinds.laying import ItemSection, facts_of, items_of, kinds_of, sections
from surplace.words.days import dated, days_in_words, in_words
from surplace.words.english import capitalized, joined, the, verb

_AROUND: Final = """
    { ?this sur:usesPremise|sur:dependsOn ?item BIND("premise" AS ?as)
      OPTIONAL { ?item sur:givesReason ?note } }
    UNION { ?this sur:hasCaveat ?item BIND("caveat" AS ?as) }
    UNION { ?this sur:givesReason ?item BIND("reason" AS ?as) }
    UNION { ?this sur:follows ?item BIND("rule" AS ?as) }
    UNION { ?item sur:usesPremise|sur:dependsOn ?this BIND("rests" AS ?as)
      OPTIONAL { ?item ?as_ ?mark . ?mark skos:prefLabel ?markLabel
        FILTER(?as_ IN (sur:hasVerdict, sur:hasOutcome, sur:hasGroundResult, sur:hasStandingKind)) } }
    UNION { ?item sur:isOpenAbout ?this BIND("open" AS ?as) }
    UNION { ?this sur:hasOutcome|sur:hasGroundResult|sur:hasElementResult ?item BIND("result" AS ?as)
      OPTIONAL { ?item skos:definition ?note } }
    UNION { ?this sur:hasOutcome follow-up-outcome:open ; sur:concernsState ?state ; sur:followsUp ?request .
      ?request sur:asksFor/sur:refrainsFrom ?ended .
      ?item sur:performsAction/skos:broader* ?ended ; sur:isTakenBy/sur:isAttributedTo ?state .
      FILTER NOT EXISTS { ?item sur:isLaterThan ?request } BIND("before" AS ?as)
      OPTIONAL { ?item sur:isObservedOn ?on BIND(CONCAT("reported as of ", STR(?on)) AS ?note) }
      OPTIONAL { ?request sur:isAskedNoLaterThan ?asked } }
    UNION { ?this sur:hasOutcome follow-up-outcome:open ; sur:concernsState ?item BIND("asked" AS ?as) }
    UNION { ?this sur:followsUp ?request ; sur:usesPremise ?item FILTER(?item != ?request)
      { GRAPH ?passage { ?item sur:isObservedOn ?on } BIND("seen" AS ?mark) }
      UNION { GRAPH ?passage { ?item sur:startsOn ?on } BIND("begun" AS ?mark) }
      ?passage sur:isPassageOf/skos:prefLabel ?note BIND("shown" AS ?as) }
    OPTIONAL { ?item skos:prefLabel ?itemLabel }
"""
_COLUMNS: Final = ("as", "itemLabel", "item", "mark", "markLabel", "note", "asked", "on")
SHORT: Final = 240
"""Characters of a reason that sums a page up."""
_TOLD: Final = (
    *("usesPremise", "dependsOn", "hasCaveat", "givesReason", "follows"),
    *("hasOutcome", "hasGroundResult", "hasElementResult"),
)
"""Properties that the parts of the page tell."""


def view(iri: str, name: str, knowledge: Knowledge) -> Mapping[str, Any]:
    """Return what the page of a conclusion shows."""
    around = around_of(iri, knowledge)
    results = cells_of(rows_as(around, "result"), "item")
    told = [cell.text for cell in results if not name.endswith(f": {cell.text}")]
    facts = facts_of(iri, knowledge, (), _TOLD)
    why = reasons(around)
    named = {cell.href for _, cells in facts for cell in cells}
    why["premises"] = tuple(item for item in why["premises"] if item.note or item.name.href not in named)
    means = [
        f"{text(row, 'itemLabel')}: {text(row, 'note')}"
        for row in rows_as(around, "result")
        if "note" in row and not told
    ]
    means = _followed(around) or means
    return {
        "heading": name,
        "sentence": _sentence(": ".join((name, *told)), why["reasons"] or means),
        "trail": kinds_of(iri, knowledge),
        "marks": results,
        "facts": facts,
        **why,
        "sections": rests(around),
    }


def _sentence(name: str, given: Sequence[str]) -> str:
    """Give the reason where it is one and short, else the name and the result."""
    said = given[0] if len(given) == 1 and len(given[0]) <= SHORT else name
    return f"{capitalized(said).rstrip('.')}."


def _followed(around: Sequence[Row]) -> list[str]:
    """Say what a follow-up rests on: conduct, when seen and who reports it, or that none is later."""
    outcome = next((text(row, "itemLabel") for row in rows_as(around, "result")), "")
    shown: dict[str, dict[str, None]] = {}
    for row in rows_as(around, "shown"):
        seen = shown.setdefault(text(row, "itemLabel"), {})
        seen[f"{text(row, 'mark')} {in_words(text(row, 'on'))}, as {text(row, 'note')} reports"] = None
    if shown:
        told = [f"{name} ({', and '.join(seen)})" for name, seen in shown.items()]
        return [f"{outcome}: {'; '.join(told)}"]
    state = next((the(text(row, "itemLabel")) for row in rows_as(around, "asked")), "")
    if not state:
        return []
    before = cells_of(rows_as(around, "before"), "item")
    if not before:
        none = f"no conduct of {state} on what was asked is on record as later than the request"
        return [f"{outcome}: {none}, which is not to say that there was none"]
    named = joined([f"“{one.text}”" for one in before], 2)
    known = f"{verb(before, 'is', 'are')} not known to be later than the request{_by(around)}"
    return [f"{outcome}: {named} {known} and cannot show what followed; nothing later is on record"]


def _by(around: Sequence[Row]) -> str:
    """Return in brackets the latest day on which a request may have been made, if it is known."""
    return next((f" (made {dated('', text(row, 'asked'))})" for row in around if "asked" in row), "")


def around_of(iri: str, knowledge: Knowledge) -> list[Row]:
    """Return what is around a conclusion; *as* says in which way: a premise, a caveat, what rests on it."""
    return rows_of(knowledge, _AROUND, *_COLUMNS, this=iri)


def reasons(around: Sequence[Row]) -> dict[str, Any]:
    """Return why a conclusion follows: reasons, caveats, the rule and the premises with theirs."""
    return {
        "reasons": [days_in_words(text(row, "item")) for row in rows_as(around, "reason")],
        "caveats": [days_in_words(text(row, "item")) for row in rows_as(around, "caveat")],
        "rules": cells_of(rows_as(around, "rule"), "item"),
        "premises": items_of(rows_as(around, "premise"), "item", note="note"),
    }


def rests(around: Sequence[Row]) -> list[ItemSection]:
    """Return what rests on a conclusion, and what is open about it."""
    before = rows_as(around, "before")
    return sections(
        (
            f"Conduct of this kind, not known to be later than the request{_by(around)}",
            items_of(before, "item", note="note"),
        ),
        ("What rests on it", items_of(rows_as(around, "rests"), "item", "mark")),
        ("Open questions about it", items_of(rows_as(around, "open"), "item")),
    )
