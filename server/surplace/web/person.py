"""The page of a described person: the form by themes with definitions, and the answer as cards with marks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from surplace.engine.knowledge import Knowledge
from surplace.namespaces import SUR
from surplace.suppose import reach
from surplace.suppose.description import CLASSES, PersonDescription
from surplace.web.kinds.asking import rows_of, text, unique
from surplace.words.days import in_words
from surplace.words.standings import AGAINST, HOLDS, MARKS, PART, UNKNOWN, Mark

_THEMES: Final = {
    "life": ("Who the person is, and what happened", "The person, family, journey and contacts."),
    "fear": ("What the person fears, and why", "What the elements of the grounds ask for."),
    "motive": ("Why the person left", "A motive excludes no ground: who leaves in want may be a refugee."),
    "withholds": (
        "What may take protection away",
        "What exclusion, cessation and exceptions ask for.",
    ),
}
_PATTERN: Final = f"""
    VALUES ?class {{ {" ".join(f"sur:{name}" for name in CLASSES)} }}
    ?item a ?class ; skos:prefLabel ?label .
    OPTIONAL {{ ?item skos:definition ?definition }}
    BIND(EXISTS {{ ?item skos:broader* ?whole . ?clause sur:requiresCircumstance ?whole }} AS ?withholds)
    BIND(?class = sur:LegalCircumstance && EXISTS {{
        ?element sur:isIndicatedBy|sur:isSupportedBy ?item
        FILTER NOT EXISTS {{ ?item sur:placesUnder ?category }}
    }} AS ?feared)
"""
PROTECTION: Final = {
    reach.PROTECTS: HOLDS,
    **dict.fromkeys((reach.IN_PART, reach.MAY), PART),
    **dict.fromkeys((reach.UNKNOWN, reach.NO_STATE), UNKNOWN),
}
"""The marks of what a norm does for a person; all others do nothing."""
HELPING: Final = (reach.PROTECTS, reach.IN_PART, reach.MAY, reach.NO_STATE)
"""What is said of norms that protect, or that would if a state were named."""


@dataclass(frozen=True)
class Choice:
    """A circumstance on the form: its key, IRI, label and definition."""

    key: str
    iri: str
    label: str
    definition: str


@dataclass(frozen=True)
class Theme:
    """Circumstances that the form asks for together, and how many of them are answered."""

    title: str
    note: str
    choices: tuple[Choice, ...]
    answered: int


def themes(knowledge: Knowledge, given: PersonDescription) -> tuple[Theme, ...]:
    """Return all circumstances that can be described, by what asks for them."""
    names = ("label", "item", "class", "definition", "withholds", "feared")
    parts: dict[str, list[Choice]] = {name: [] for name in _THEMES}
    for row in unique(rows_of(knowledge, _PATTERN, *names), "item"):
        iri = text(row, "item")
        choice = Choice(iri.rpartition("/")[2], iri, text(row, "label"), text(row, "definition"))
        if text(row, "class") == SUR + "Motive":
            parts["motive"].append(choice)
        elif text(row, "withholds") == "true":
            parts["withholds"].append(choice)
        else:
            parts["fear" if text(row, "feared") == "true" else "life"].append(choice)
    told = {*given.yes, *given.no}
    return tuple(
        Theme(*_THEMES[name], tuple(choices), sum(1 for choice in choices if choice.key in told))
        for name, choices in parts.items()
        if choices
    )


def marks() -> Mapping[str, Mark]:
    """Return the marks of what may be said of norms, grounds and their elements."""
    return {
        **dict.fromkeys(reach.RESULTS, AGAINST),
        **PROTECTION,
        **MARKS["ground-result"],
        **MARKS["element-result"],
    }


def told(found: Mapping[str, Any]) -> list[tuple[str, str, bool]]:
    """Say in words what was described: the fact, the answer, and whether it is used."""
    ways = {"origin": "country of origin", "stay": "country of stay", "nationality": "a nationality"}
    return [
        (
            fact["label"],
            ways.get(fact["answer"]) or in_words(fact["answer"]),
            fact["outcome"] == "used",
        )
        for fact in found["facts"]
    ]
