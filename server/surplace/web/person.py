"""The page of a described person: the form by themes with definitions, and the answer as cards with marks."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, TypeAlias

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.namespaces import last_segment
from surplace.suppose import reach
from surplace.suppose.description import CLASSES, PersonDescription
from surplace.suppose.used import NO_GROUND, NOT_ENOUGH
from surplace.web.kinds.asking import rows_of, text, unique
from surplace.words.days import in_words
from surplace.words.english import capitalized, joined, the
from surplace.words.order import legal_key
from surplace.words.standings import AGAINST, HOLDS, MARKS, PART, UNKNOWN, Mark

_PATTERN: Final = f"""
    VALUES ?class {{ {" ".join(f"sur:{name}" for name in CLASSES)} }}
    ?item a ?class ; skos:prefLabel ?label .
    OPTIONAL {{ ?item skos:definition ?definition }}
    OPTIONAL {{ ?item skos:broader|skos:broadMatch ?above . ?above skos:prefLabel ?aboveLabel }}
    OPTIONAL {{ ?item sur:hasTheme ?theme .
        ?theme skos:prefLabel ?title ; skos:definition ?note ; sur:hasPlaceAmongThemes ?place }}
"""
_REST: Final = ("Other circumstances", "What no theme holds.")
PROTECTION: Final = {
    reach.PROTECTS: HOLDS,
    **dict.fromkeys((reach.IN_PART, *reach.PERHAPS), PART),
    **dict.fromkeys((reach.UNKNOWN, reach.NO_STATE), UNKNOWN),
}
"""The marks of what a norm does for a person; all others do nothing."""
_NAMED: Final = 2
"""Facts that are named of those of which one is enough."""
HELPING: Final = (*reach.HOLDING, reach.NO_STATE)
"""What is said of norms that protect, or that would if a state were named."""
UNBOUND: Final = (reach.NOT_BOUND, reach.UNKNOWN)
"""What is said of norms by how the state stands to them, whatever is known of the person."""


@dataclass(frozen=True)
class Choice:
    """A circumstance on the form: its key, IRI, label, definition, and the label of what it is a kind of.

    *follows* is the label of one that is given and is a kind of it, if any is.
    """

    key: str
    iri: str
    label: str
    definition: str
    above: str
    follows: str = ""


Family: TypeAlias = tuple[Choice, tuple["Family", ...]]
"""A circumstance and those of its theme that are kinds of it, each with its own kinds."""


@dataclass(frozen=True)
class Theme:
    """Circumstances that the form asks for together, and how many of them are answered."""

    title: str
    note: str
    choices: tuple[Choice, ...]
    answered: int

    @property
    def families(self) -> tuple[Family, ...]:
        """The circumstances, each with its kinds, in the order of the choices."""
        labels = {choice.label for choice in self.choices}

        def of(above: str) -> tuple[Family, ...]:
            return tuple((choice, of(choice.label)) for choice in self.choices if choice.above == above)

        heads = [choice for choice in self.choices if choice.above not in labels]
        return tuple((choice, of(choice.label)) for choice in heads)


def themes(knowledge: Knowledge, given: PersonDescription, wrong: str = "") -> tuple[Theme, ...]:
    """Return all circumstances that can be described, by theme; one that is a kind of another follows it.

    A theme is open if something in it is answered, or *wrong*: the key of a circumstance.
    """
    names = ("place", "label", "item", "definition", "title", "note", "above", "aboveLabel")
    every = rows_of(knowledge, _PATTERN, *names)
    follows = _following(every, given.yes)
    rows = unique(every, "item")
    rows.sort(
        key=lambda row: (
            _place(row),
            legal_key(text(row, "aboveLabel") or text(row, "label")),
            "above" in row,
        )
    )
    told = {*given.yes, *given.no, wrong}
    found = []
    for _, part in groupby(rows, _place):
        group = list(part)
        title, note = (text(group[0], name) for name in ("title", "note"))
        iris = [text(row, "item") for row in group]
        choices = tuple(
            Choice(
                last_segment(iri),
                iri,
                text(row, "label"),
                text(row, "definition"),
                text(row, "aboveLabel"),
                follows.get(iri, ""),
            )
            for iri, row in zip(iris, group, strict=True)
        )
        named = (capitalized(title), f"{capitalized(note)}.") if title else _REST
        found.append(Theme(*named, choices, sum(choice.key in told for choice in choices)))
    return tuple(found)


def _following(rows: Sequence[Row], yes: Sequence[str]) -> dict[str, str]:
    """Return the circumstances that follow from those given, each with the label of one that does it."""
    labels = {text(row, "item"): text(row, "label") for row in rows}
    above: dict[str, set[str]] = {}
    for row in rows:
        if "above" in row:
            above.setdefault(text(row, "item"), set()).add(text(row, "above"))
    found: dict[str, str] = {}
    for iri in (iri for key in yes for iri in labels if last_segment(iri) == key):
        reached = set(above.get(iri, ()))
        while further := {wider for one in reached for wider in above.get(one, ())} - reached:
            reached |= further
        for wider in reached:
            found.setdefault(wider, labels[iri])
    return found


def _place(row: Row) -> int:
    """Return the place of a theme; what has none comes last."""
    return int(text(row, "place") or sys.maxsize)


def marks() -> Mapping[str, Mark]:
    """Return the marks of what may be said of norms, grounds and their elements."""
    return {
        **dict.fromkeys(reach.RESULTS, AGAINST),
        **PROTECTION,
        **MARKS["ground-result"],
        **MARKS["element-result"],
    }


def told(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Say in words what was described: the fact, and what became of it unless it is used."""
    ways = {"origin": "from", "stay": "staying in", "nationality": "national of"}
    without = {NOT_ENOUGH: "not enough alone", NO_GROUND: "bears on no ground here"}
    said = []
    for fact in found["facts"]:
        label, answer = the(fact["label"]), fact["answer"]
        name = f"{ways[answer]} {label}" if answer in ways else fact["label"]
        if answer not in (*ways, "yes"):
            name = f"{name}: {in_words(answer)}"
        said.append((name, without.get(fact["outcome"], "")))
    return said


def near_grounds(found: Mapping[str, Any]) -> dict[str, str]:
    """Say of each open ground that one fact would make out which do, as what follows “if the person”."""
    words: dict[str, list[str]] = {}
    for question in found["missing_facts"]:
        for ground in question["makes_out"]:
            words.setdefault(ground, []).append(question["words"])
    return {ground: joined(facts, most=_NAMED, word="or") for ground, facts in words.items()}


def harm_groups(found: Mapping[str, Any]) -> list[tuple[str, list[str], bool]]:
    """Return heads of harms, as “risked, if the person …”, their labels, and whether one fact suffices.

    The order is that of the harms; a harm is not repeated as conditional where it is not, nor in a group.
    """
    says = {question["label"]: question["words"] for question in found["missing_facts"]}
    whole = {(harm["label"], harm["likelihood"]) for harm in found["harms"] if not harm["wanting"]}
    groups: dict[tuple[str, bool], dict[str, None]] = {}
    for harm in found["harms"]:
        wanting = harm["wanting"]
        if wanting and (harm["label"], harm["likelihood"]) in whole:
            continue
        facts = joined([says.get(fact, f"is described by “{fact}”") for fact in wanting])
        head = f"{harm['likelihood']}, if the person {facts}" if wanting else harm["likelihood"]
        groups.setdefault((head, len(wanting) < 2), {})[harm["label"]] = None
    return [(head, list(labels), near) for (head, near), labels in groups.items()]
