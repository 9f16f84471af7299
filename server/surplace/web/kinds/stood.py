"""The page of a standing: how a state stands to a treaty or provision, since when, why, before and after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.web.cells import Cell
from surplace.web.kinds.asking import cells_of, key, rows_of, shown, text, unique
from surplace.web.kinds.conclusion import around_of, reasons, rests
from surplace.web.kinds.laying import facts_of
from surplace.words.days import in_words
from surplace.words.english import capitalized, the
from surplace.words.standings import Horizons, ending
from surplace.words.treaties import in_short, treaty

_STANDINGS: Final = """
    ?this sur:isStandingOf ?state ; sur:isStandingTo ?law . ?state skos:prefLabel ?stateLabel .
    ?law skos:prefLabel ?lawLabel .
    ?why sur:isStandingOf ?state ; sur:isStandingTo ?law ; sur:hasStandingKind ?kind .
    ?kind skos:prefLabel ?kindLabel
    OPTIONAL { ?why skos:prefLabel ?whyLabel }
    OPTIONAL { ?why sur:holdsFrom ?from } OPTIONAL { ?why sur:holdsBefore ?before }
    OPTIONAL { ?why sur:runsThrough ?through . ?through skos:prefLabel ?throughLabel }
"""
_COLUMNS: Final = (
    *("from", "before", "through", "throughLabel", "kind", "kindLabel", "why", "whyLabel"),
    *("state", "stateLabel", "law", "lawLabel"),
)
_TOLD: Final = (
    *("isStandingOf", "isStandingTo", "hasStandingKind", "holdsFrom", "holdsBefore", "runsThrough"),
    *("usesPremise", "hasCaveat", "givesReason", "follows"),
)
"""Properties that the parts of the page tell."""


@dataclass(frozen=True)
class Stretch:
    """A stretch of time in which a state stood so, through which treaty; *here* is that of the page."""

    mark: Cell
    since: str
    until: str
    through: Cell | None
    name: Cell
    here: bool


def view(iri: str, name: str, knowledge: Knowledge) -> Mapping[str, Any]:
    """Return what the page of a standing shows."""
    known = knowledge.horizons()
    rows = unique(rows_of(knowledge, _STANDINGS, *_COLUMNS, this=iri), "why")
    rows.sort(key=lambda row: (text(row, "from") or ("0" if "before" in row else "9"), text(row, "through")))
    periods = [_period(row, iri, known) for row in rows]
    around = around_of(iri, knowledge)
    here = next((period for period in periods if period.here), None)
    return {
        "heading": name,
        "sentence": _sentence(next(row for row in rows if text(row, "why") == iri), here)
        if here
        else f"{name}.",
        "trail": [*cells_of(rows, "state"), *cells_of(rows, "law")],
        "marks": [here.mark] if here else [],
        "facts": facts_of(iri, knowledge, (), _TOLD),
        "periods": periods,
        **reasons(around),
        "sections": rests(around),
    }


def _period(row: Row, iri: str, known: Horizons) -> Stretch:
    mark, why = shown(row, "kind"), shown(row, "why")
    assert mark is not None  # noqa: S101 (the pattern binds it)
    assert why is not None  # noqa: S101 (so it does this)
    kind = key(row, "kind")
    return Stretch(
        mark,
        in_words(text(row, "from")),
        ending(text(row, "before"), known, kind),
        shown(row, "through"),
        why,
        text(row, "why") == iri,
    )


def _sentence(row: Row, here: Stretch) -> str:
    """Say how the state stands to the law, through which treaty, since and until when."""
    law = text(row, "lawLabel")
    whole = in_short(law)
    parts = [
        f"{the(text(row, 'stateLabel'))} and {whole}: {here.mark.text}",
        *(
            [f"through {treaty(here.through.text)}"]
            if here.through and not text(row, "law").startswith(f"{text(row, 'through')}/")
            else []
        ),
        *([f"since {here.since}"] if here.since else []),
        *([here.until] if here.until else []),
    ]
    return f"{capitalized(', '.join(parts))}."
