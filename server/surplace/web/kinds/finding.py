"""The page of a finding, which explains it: reason, premises, what qualifies it, who agrees."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.web.cells import Cell
from surplace.web.kinds.asking import BY_US, cells_of, key, read_by_us, rows_of, shown, text
from surplace.web.kinds.laying import Item
from surplace.web.kinds.qualifying import qualified
from surplace.words.days import days_in_words
from surplace.words.english import as_subject, capitalized, joined
from surplace.words.treaties import in_short

_FINDING: Final = """
    ?this sur:hasVerdict ?verdict ; sur:concludes ?thing . ?verdict skos:prefLabel ?verdictLabel
    OPTIONAL { ?thing skos:prefLabel ?thingLabel }
    OPTIONAL { ?this sur:appliesProvision ?provision . ?provision skos:prefLabel ?provisionLabel }
    OPTIONAL { ?this sur:concernsState ?state . ?state skos:prefLabel ?stateLabel }
    OPTIONAL { ?this sur:isConditionalOn ?who . ?who skos:prefLabel ?whoLabel }
    OPTIONAL { ?this sur:givesReason ?reason }
    OPTIONAL { ?this sur:follows ?rule . ?rule skos:prefLabel ?ruleLabel }
"""
_PARTS: Final = {
    "premises": "?this sur:usesPremise ?item OPTIONAL { ?item skos:prefLabel ?itemLabel } "
    "OPTIONAL { GRAPH ?passage { ?item a ?class } ?passage a sur:Passage "
    "OPTIONAL { ?passage skos:prefLabel ?passageLabel } "
    "OPTIONAL { ?passage a sur:ProvisionPassage BIND(true AS ?law) } } "
    "OPTIONAL { ?item sur:givesReason ?reason }",
    "exceptions": "?this sur:leavesOpen ?item OPTIONAL { ?item skos:prefLabel ?itemLabel }",
    "agree": "{ ?this sur:agreesWith ?item } UNION { ?this sur:isCorroboratedBy ?item } "
    "OPTIONAL { ?item skos:prefLabel ?itemLabel }",
}
_BESIDE: Final = f"""
    ?this sur:appliesProvision ?provision ; sur:concernsState ?state .
    ?item sur:appliesProvision ?provision ; sur:concernsState ?state ; sur:hasVerdict ?verdict ;
        sur:concludes ?thing .
    ?verdict skos:prefLabel ?verdictLabel
    OPTIONAL {{ ?item skos:prefLabel ?itemLabel }}
    OPTIONAL {{ ?thing sur:performsAction|sur:refrainsFrom ?action . ?action skos:prefLabel ?actionLabel }}
    OPTIONAL {{ ?thing sur:isTakenTowards ?towards . ?towards skos:prefLabel ?towardsLabel }}
    OPTIONAL {{ ?thing sur:isObservedOn ?seen {read_by_us("?thing sur:isObservedOn ?seen", "seenByUs")} }}
    OPTIONAL {{ ?thing ^sur:continues+ ?later . ?later sur:isObservedOn ?again
        OPTIONAL {{ ?thing ^sur:continues* ?one . ?other sur:continues ?one . ?later sur:continues* ?other
            {read_by_us("?other sur:continues ?one", "joinedByUs")} }} }}
"""
"""The findings on the same provision and state, each with what tells its conduct apart."""
_SEEN: Final = ("seen", "again", "seenByUs", "joinedByUs")
_SENTENCE: Final = re.compile(r"(?<=\.) (?=[A-Z])")
_COLUMNS: Final = (
    *("verdict", "verdictLabel", "thing", "thingLabel", "provision", "provisionLabel", "state", "stateLabel"),
    *("who", "whoLabel", "reason", "rule", "ruleLabel"),
)
_VERDICTS: Final = {
    "conflict": "conflicts with",
    "no-conflict-shown": "is not shown to conflict with",
    "undetermined": "may or may not conflict with",
    "unfulfilled-in-part": "leaves unfulfilled a part of",
}


def view(iri: str, name: str, knowledge: Knowledge) -> Mapping[str, Any]:
    """Return what the page of a finding shows."""
    found = rows_of(knowledge, _FINDING, *_COLUMNS, this=iri)
    parts = {title: _items(pattern, iri, knowledge) for title, pattern in _PARTS.items()}
    caveats = [
        days_in_words(text(row, "caveat"))
        for row in rows_of(knowledge, "?this sur:hasCaveat ?caveat", "caveat", this=iri)
    ]
    row: Row = found[0] if found else {}
    reason = days_in_words(text(row, "reason"))
    parts["premises"] = [
        (item, passages, _unsaid(note, " ".join((reason, *caveats))))
        for item, passages, note in parts["premises"]
    ]
    own, beside = _beside(iri, knowledge)
    return {
        "heading": name,
        "sentence": _sentence(row, name),
        "verdict": shown(row, "verdict"),
        "who": cells_of(found, "who"),
        "state": shown(row, "state"),
        "provision": shown(row, "provision"),
        "provisions": [text(row, "provision")],
        "reason": reason,
        "rule": shown(row, "rule"),
        "qualified": qualified(caveats, [item for item, _, _ in parts["exceptions"] if item]),
        "iri": iri,
        "conduct": own,
        "beside": beside,
        **parts,
    }


def _items(pattern: str, iri: str, knowledge: Knowledge) -> list[tuple[Cell | None, list[Cell], str]]:
    """Return things with the passages that state what they are, the law's own first, and their notes."""
    columns = ("item", "itemLabel", "passage", "passageLabel", "law", "reason")
    by: dict[str, list[Row]] = {}
    for row in sorted(rows_of(knowledge, pattern, *columns, this=iri), key=lambda row: "law" not in row):
        by.setdefault(text(row, "item"), []).append(row)
    return [
        (shown(rows[0], "item"), list(cells_of(rows, "passage")), days_in_words(text(rows[0], "reason")))
        for rows in by.values()
    ]


def _unsaid(note: str, said: str) -> str:
    """Return the sentences of a note that do not stand in what is said already, in whichever letters."""
    known = said.casefold()
    sentences = _SENTENCE.split(note)
    return " ".join(one for one in sentences if one.rstrip(".").casefold() not in known)


def _beside(iri: str, knowledge: Knowledge) -> tuple[str, list[Item]]:
    """Say what tells the conduct of a finding apart, and list those on the same provision and state."""
    columns = ("itemLabel", "item", "verdictLabel", "verdict", "actionLabel", "towardsLabel", *_SEEN)
    found: dict[str, list[Row]] = {}
    for row in rows_of(knowledge, _BESIDE, *columns, this=iri):
        found.setdefault(text(row, "item"), []).append(row)
    notes = {item: _conduct(rows) for item, rows in found.items()}
    items = [
        Item(name, shown(rows[0], "verdict"), notes[item])
        for item, rows in found.items()
        if item != iri and (name := shown(rows[0], "item"))
    ]
    return notes.get(iri, ""), items


def _conduct(rows: Sequence[Row]) -> str:
    """Say what is done, towards whom, and as of when it is reported, as far as a finding is on conduct."""
    done, whom, seen, again = (
        joined(list(dict.fromkeys(found for row in rows if (found := text(row, name)))))
        for name in ("actionLabel", "towardsLabel", "seen", "again")
    )
    by_us = f"{BY_US}, " if any("seenByUs" in row for row in rows) else ""
    joined_by_us = f", {BY_US}," if any("joinedByUs" in row for row in rows) else ""
    parts = (
        done,
        f"towards {whom}" if whom else "",
        f"{by_us}reported as of {days_in_words(seen)}" if seen else "",
        f"the same conduct{joined_by_us} is reported again as of {days_in_words(again)}" if again else "",
    )
    return "; ".join(part for part in parts if part)


def _sentence(row: Row, name: str) -> str:
    """Say the finding: what conflicts with which provision, and for whom."""
    thing, provision = text(row, "thingLabel"), text(row, "provisionLabel")
    verb = _VERDICTS.get(key(row, "verdict"))
    if not (thing and provision and verb):
        return f"{capitalized(name)}."
    law = in_short(provision)
    who = f", for those in the category “{text(row, 'whoLabel')}”" if "who" in row else ""
    return f"{capitalized(as_subject(thing))} {verb} {law}{who}."
