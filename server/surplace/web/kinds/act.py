"""The page of an act of a state about a treaty: a consent, a signature, a reservation, a declaration.

What was done, on which days, what follows from it, and who says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from surplace.engine.knowledge import Knowledge
from surplace.web.cells import Cell
from surplace.web.kinds.asking import cells_of, key, rows_as, rows_of, shown, text, unique
from surplace.web.kinds.disputed import Disputed, disputed
from surplace.web.kinds.laying import kinds_of
from surplace.words.days import days_in_words, in_words
from surplace.words.english import capitalized, the
from surplace.words.standings import ending
from surplace.words.treaties import short, treaty

_DAYS: Final = {
    "isSignedOn": "signed on",
    "isDepositedOn": "deposited on",
    "isDeclaredOn": "declared on",
    "isGivenOn": "given in",
    "entersIntoForceOn": "in force for it since",
    "isWithdrawnOn": "withdrawn on",
    "isWithdrawnNoEarlierThan": "withdrawn no earlier than",
    "isWithdrawnNoLaterThan": "withdrawn no later than",
    "ceasesToHaveEffectOn": "without effect since",
    "isNotifiedOn": "notified on",
    "takesEffectOn": "in effect since",
    "startsOn": "from",
    "endsOn": "over on",
}
"""Properties of days, as the sentence says them."""
_EFFECTS: Final = {
    "excludes": "excludes",
    "modifies": "modifies",
    "conditions": "makes conditional",
    "interprets": "interprets",
    "acceptsUnder": "accepts under",
    "derogatesFrom": "derogates from",
}
"""What an act does to provisions."""
_ABOUT: Final = "affects"
"""What an act is about, where it does nothing to that."""
_TO: Final = ("accession", "succession", "reservation", "declaration", "statement")
"""With what ends the name of an act that is one to a treaty, and not of it."""
_BOUNDS: Final = {"isWithdrawnNoEarlierThan": -1, "isWithdrawnNoLaterThan": 0}
"""Which of the days between which something was done, in their order, says most."""
_ASKED: Final = (*_EFFECTS, _ABOUT, *_DAYS)
_WHAT: Final = f"""
    {{ ?this sur:isDoneBy|sur:isMadeBy ?item BIND("state" AS ?as) }}
    UNION {{ ?this (sur:isMadeUpon)?/sur:concernsTreaty ?item BIND("treaty" AS ?as) }}
    UNION {{ ?this sur:isMadeUpon ?item BIND("upon" AS ?as) }}
    UNION {{ ?item sur:isMadeUpon ?this BIND("statement" AS ?as) }}
    UNION {{ VALUES (?property ?as) {{ {" ".join(f'(sur:{name} "{name}")' for name in _ASKED)}
        (sur:setsCondition "condition") (skos:note "note") }} ?this ?property ?item }}
    UNION {{ GRAPH ?item {{ ?this a ?class }} ?item a sur:Passage BIND("passage" AS ?as) }}
    UNION {{ ?item sur:isOpenAbout ?this BIND("open" AS ?as) }}
    OPTIONAL {{ ?item skos:prefLabel ?itemLabel }}
"""
_FOLLOWS: Final = """
    ?why sur:isDueTo ?this ; sur:isStandingTo ?provision ; sur:hasStandingKind ?kind ;
        sur:givesReason ?reason .
    ?provision skos:prefLabel ?provisionLabel . ?kind skos:prefLabel ?kindLabel
    OPTIONAL { ?why sur:holdsFrom ?from } OPTIONAL { ?why sur:holdsBefore ?before }
    OPTIONAL { ?why sur:hasCaveat ?caveat }
"""


def view(iri: str, name: str, knowledge: Knowledge) -> Mapping[str, Any]:
    """Return what the page of an act shows."""
    rows = rows_of(knowledge, _WHAT, "as", "itemLabel", "item", this=iri)

    def of(kind: str) -> tuple[Cell, ...]:
        return cells_of(rows_as(rows, kind), "item")

    days = [(words, cell.text) for name_, words in _DAYS.items() for cell in _telling(name_, of(name_))]
    effects = [(words, _outermost(of(name_))) for name_, words in _EFFECTS.items() if of(name_)]
    if not effects and of(_ABOUT):
        effects = [("is about", _outermost(of(_ABOUT)))]
    points = disputed(iri, knowledge)
    return {
        "heading": name,
        "sentence": _sentence(kinds_of(iri, knowledge), of("state"), of("treaty"), days, effects, points),
        "trail": [*of("treaty"), *of("state"), *of("upon")],
        "days": days,
        "effects": effects,
        "conditions": [cell.text for cell in of("condition")],
        "notes": [days_in_words(cell.text) for cell in of("note")],
        "follows": _follows(iri, knowledge),
        "disputed": points,
        "open": of("open"),
        "statements": of("statement"),
        "passages": of("passage"),
    }


def _telling(name: str, days: Sequence[Cell]) -> Sequence[Cell]:
    """Keep of several bounds of a day the one that says most; *days* are in their order."""
    return [days[_BOUNDS[name]]] if name in _BOUNDS and days else days


def _outermost(cells: Sequence[Cell]) -> list[Cell]:
    """Leave out provisions of which a whole is there too."""
    paths = [cell.href or "" for cell in cells]
    return [
        cell for cell in cells if not any((cell.href or "").startswith(f"{path}/") for path in paths if path)
    ]


def _follows(iri: str, knowledge: Knowledge) -> list[dict[str, Any]]:
    """Return how the act lets provisions stand: the mark, since and until when, why, and caveats."""
    names = (
        *("provisionLabel", "provision", "from", "before", "kind", "kindLabel"),
        *("why", "reason", "caveat"),
    )
    rows, known = rows_of(knowledge, _FOLLOWS, *names, this=iri), knowledge.horizons()
    return [
        {
            "provision": shown(row, "provision"),
            "mark": shown(row, "kind"),
            "since": in_words(text(row, "from")),
            "until": ending(text(row, "before"), known, key(row, "kind")),
            "reason": days_in_words(text(row, "reason")),
            "why": text(row, "why"),
            "caveats": [
                days_in_words(text(one, "caveat"))
                for one in rows
                if "caveat" in one and text(one, "why") == text(row, "why")
            ],
        }
        for row in unique(rows, "why")
    ]


def _sentence(
    kinds: Sequence[Cell],
    states: Sequence[Cell],
    treaties: Sequence[Cell],
    days: Sequence[tuple[str, str]],
    effects: Sequence[tuple[str, Sequence[Cell]]],
    points: Disputed,
) -> str:
    """Say what was done, by whom, when and to what effect, and whether a source says otherwise."""
    what = kinds[0].text if kinds else "act"
    who = f" by {the(states[0].text)}" if states else ""
    under = {_EFFECTS["acceptsUnder"], _EFFECTS["derogatesFrom"]}
    accepted = any(words in under for words, _ in effects)
    link = "under" if accepted else "to" if what.endswith(_TO) else "of"
    of = f" {link} {treaty(treaties[0].text)}" if treaties else ""
    does = [f"it {words} {short([cell.text for cell in cells], 4)}" for words, cells in effects]
    parts = [f"{capitalized(what)}{who}{of}", *(f"{words} {day}" for words, day in days), *does]
    number = sum(1 for point in points.points if point.how == "itself" and point.rejected)
    said = [
        "",
        " On one point a source says otherwise, which is rejected.",
        " Sources say otherwise, which is rejected.",
    ]
    return f"{'; '.join(parts)}.{said[min(number, 2)]}"
