"""The page of a measure, what a state or body does or leaves undone: what, when, who says so, findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.web.kinds.asking import BY_US, cells_of, key, read_by_us, rows_as, rows_of, text, unique
from surplace.web.kinds.laying import facts_of, items_of, sections, stated_in, without
from surplace.words.days import in_words, preposition
from surplace.words.english import capitalized, count

_AROUND: Final = f"""
    {{ ?this sur:isTakenBy ?item BIND("by" AS ?as) }}
    UNION {{ ?item sur:concludes ?this ; sur:hasVerdict ?mark . ?mark skos:prefLabel ?markLabel
      OPTIONAL {{ ?item sur:isConditionalOn/skos:prefLabel ?who
                 BIND(CONCAT("for those in the category “", STR(?who), "”") AS ?note) }}
      BIND("finding" AS ?as) }}
    UNION {{ ?finding sur:concludes ?this ; sur:agreesWith|sur:isCorroboratedBy ?item BIND("agrees" AS ?as) }}
    UNION {{ ?item sur:concerns ?this BIND("said" AS ?as)
      OPTIONAL {{ ?item sur:isSpokenBy/skos:prefLabel ?note }} }}
    UNION {{ ?item a sur:FollowUp ; sur:usesPremise ?this ; sur:hasOutcome ?mark .
      ?mark skos:prefLabel ?markLabel OPTIONAL {{ ?item sur:givesReason ?note }} BIND("asked" AS ?as) }}
    UNION {{ ?item sur:continues ?this BIND("later" AS ?as)
      {read_by_us("?item sur:continues ?this", "ours")} BIND(IF(?ours, "{BY_US}", ?none) AS ?note) }}
    UNION {{ ?item sur:leadsTo ?this BIND("cause" AS ?as) }}
    UNION {{ ?item sur:isOpenAbout ?this BIND("open" AS ?as) }}
    UNION {{ VALUES (?property ?as) {{ (sur:isObservedOn "reported as of") (sur:isKnownTo "known by")
        (sur:startsOn "begun") (sur:endsOn "ended") }} ?this ?property ?item
        {read_by_us("?this ?property ?item", "ours")} BIND(IF(?ours, "{BY_US}, ", ?none) AS ?note) }}
    OPTIONAL {{ ?item skos:prefLabel ?itemLabel }}
"""
_COLUMNS: Final = ("as", "mark", "itemLabel", "item", "markLabel", "note")
_FIRST: Final = (
    *("isTakenBy", "performsAction", "refrainsFrom", "hasExtent", "isTakenTowards", "isForBenefitOf"),
    *("isObservedOn", "isKnownTo", "startsOn", "endsOn", "isSetInCircumstance", "isSetInEvent"),
    *("isAppliedUnder", "leadsTo", "enables", "prevents", "continues"),
)
"""What a reader wants to know first of a measure."""
_BESIDE: Final = ("meetsStanding", "mayMeetStanding", "isLaterThan", "mayBeLaterThan")
"""What rules conclude of the time of a measure, for other rules."""
_VERDICTS: Final = {
    "conflict": ("finding of conflict", "findings of conflict"),
    "unfulfilled-in-part": ("duty left undone in part", "duties left undone in part"),
    "no-conflict-shown": ("finding of no conflict shown", "findings of no conflict shown"),
    "undetermined": ("finding undetermined", "findings undetermined"),
}
_DAYS: Final = ("begun", "reported as of", "known by", "ended")
"""What is said of a day, in the order of time."""


def view(iri: str, name: str, knowledge: Knowledge) -> Mapping[str, Any]:
    """Return what the page of a measure shows."""
    around = rows_of(knowledge, _AROUND, *_COLUMNS, this=iri)

    def of(kind: str) -> list[Row]:
        return rows_as(around, kind)

    facts = facts_of(iri, knowledge, _FIRST, _BESIDE)
    return {
        "heading": name,
        "sentence": _sentence(name, around),
        "trail": cells_of(of("by"), "item"),
        "facts": facts,
        "sections": sections(
            ("Stated in", stated_in(iri, knowledge)),
            (
                "Findings that judge it",
                without(f"{name} and ", items_of(of("finding"), "item", "mark", "note")),
            ),
            ("Who says the same of it", items_of(of("agrees"), "item")),
            ("Said of it", items_of(of("said"), "item", note="note")),
            ("What it shows of requests", items_of(of("asked"), "item", "mark", "note")),
            ("What continues it", items_of(of("later"), "item", note="note")),
            ("What leads to it", items_of(of("cause"), "item")),
            ("Open questions about it", items_of(of("open"), "item")),
        ),
    }


def _sentence(name: str, around: Sequence[Row]) -> str:
    """Say on which days it is known, how it was judged, and how much is said of it."""
    verdicts = Counter(key(row, "mark") for row in unique(rows_as(around, "finding"), "item"))
    judged = [count(verdicts[verdict], *nouns) for verdict, nouns in _VERDICTS.items() if verdicts[verdict]]
    said = len({text(row, "item") for row in rows_as(around, "said")})
    parts = [
        *(
            f"{text(row, 'note')}{how} {_on(text(row, 'item'), how)}"
            for how in _DAYS
            for row in rows_as(around, how)
        ),
        ", ".join(judged) or "no finding judges it",
        *([f"{count(said, 'claim or statement is', 'claims and statements are')} about it"] if said else []),
    ]
    return f"{capitalized(name)}: {'; '.join(parts)}."


def _on(day: str, how: str) -> str:
    """Write a day, month or year after a word that says what was then."""
    return in_words(day) if how.endswith((" by", " of")) else f"{preposition(day)} {in_words(day)}"
