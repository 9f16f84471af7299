"""What pages of kinds are laid out from: facts of a thing in words, and sections of things around it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Final

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.namespaces import RDF, SUR
from surplace.web.cells import Cell
from surplace.web.kinds.asking import BY_US, cells_of, read_by_us, rows_of, shown, text, unique
from surplace.words.days import days_in_words
from surplace.words.english import capitalized, joined, the
from surplace.words.properties import leading_to

_OWN: Final = f"""
    ?this ?property ?value . FILTER(STRSTARTS(STR(?property), "{SUR}") || ?property = rdf:type)
    FILTER(!sameTerm(?value, ?this))
    OPTIONAL {{ ?property skos:prefLabel ?propertyLabel }} OPTIONAL {{ ?value skos:prefLabel ?valueLabel }}
    {read_by_us("?this ?property ?value", "ours")}
"""
_KINDS: Final = f"""
    ?this a ?kind . FILTER(STRSTARTS(STR(?kind), "{SUR}")) OPTIONAL {{ ?kind skos:prefLabel ?kindLabel }}
    OPTIONAL {{ ?kind rdfs:subClassOf ?wider }} OPTIONAL {{ ?kind skos:definition ?about }}
"""
_PASSAGES: Final = """
    GRAPH ?item { ?this a ?class } ?item a sur:Passage OPTIONAL { ?item skos:prefLabel ?itemLabel }
"""
_SPEAKING: Final = """
    { GRAPH ?item { ?this ?says ?what } } UNION { GRAPH ?item { ?what ?says ?this } }
    ?item sur:isPassageOf ?source . ?source skos:prefLabel ?sourceLabel
    OPTIONAL { ?item skos:prefLabel ?itemLabel }
"""


@dataclass(frozen=True)
class Item:
    """A line of a list: what it is, how it stands, what to know of it, and where the reasons are."""

    name: Cell
    mark: Cell | None
    note: str = ""
    why: Cell | None = None
    parts: tuple[Item, ...] = ()
    """What is part of it and stands alike."""


@dataclass(frozen=True)
class ItemSection:
    """A part of a page: things under a heading; *cards* where each has a mark or a note."""

    title: str
    items: tuple[Item, ...]

    @property
    def cards(self) -> bool:
        """Whether its things are told apart by more than their names."""
        return any(item.mark or item.note for item in self.items)


Fact = tuple[str, tuple[Cell, ...]]
"""A property in words, and its values."""
_FACTS: Final = 5
_VALUES: Final = 3
"""How many facts sum a thing up, and how many values one may have for that."""
_TRUTHS: Final = {"true": "yes", "false": "no"}


def facts_of(iri: str, knowledge: Knowledge, first: Sequence[str], but: Collection[str] = ()) -> list[Fact]:
    """Return what is said of a thing in terms of the ontology: the properties *first*, then others by label.

    Both lists are of names of properties without their namespace; those in *but* are left out.
    What only the editors say is a fact of its own, marked so.
    """
    by: dict[tuple[str, bool], list[Row]] = {}
    kinds = set()
    names = ("property", "propertyLabel", "valueLabel", "value", "ours")
    for row in rows_of(knowledge, _OWN, *names, this=iri):
        if text(row, "property") == RDF + "type":
            kinds.add(text(row, "value"))
        else:
            by.setdefault((text(row, "property").removeprefix(SUR), "ours" in row), []).append(row)
    order = {name: place for place, name in enumerate(first)}
    facts = []
    for (name, ours), rows in sorted(
        by.items(), key=lambda item: (order.get(item[0][0], len(order)), item[0])
    ):
        if name not in but:
            label = text(rows[0], "propertyLabel") or name
            title = leading_to(text(rows[0], "value"), SUR + name, label, kinds)
            facts.append((f"{title}, {BY_US}" if ours else title, cells_of(rows, "value")))
    return facts


def in_short(name: str, iri: str, facts: Sequence[Fact], knowledge: Knowledge) -> str:
    """Sum a thing up by its classes and facts; nothing where these say no more than its name."""
    stated = ("stated in", tuple(item.name for item in stated_in(iri, knowledge)))
    own = [fact for fact in (*facts, stated) if any(cell.text != name for cell in fact[1])]
    few = [fact for fact in own if len(fact[1]) <= _VALUES] or own[:1]
    if not few:
        return ""
    classes = [kind.text for kind in kinds_of(iri, knowledge) if kind.text.lower() not in name.lower()]
    told = "; ".join([*([joined(classes)] if classes else []), *map(_in_words, few[:_FACTS])])
    if name.endswith("?"):
        return f"{capitalized(name)} {capitalized(told)}."
    return f"{capitalized(name)}{' –' if ':' in name else ':'} {told}."


def _in_words(fact: Fact) -> str:
    """Say a fact without its verb, where that is no more than *is* or *has*: `membership of China`."""
    words, ours, _ = fact[0].partition(f", {BY_US}")
    words = words.removeprefix("is ").removeprefix("has ")
    values = [_named(cell.text) for cell in fact[1]]
    if len(values) > 1:
        return f"{words} {joined(values, _VALUES)}{ours}"
    return f"{words}: {_TRUTHS[values[0]]}{ours}" if values[0] in _TRUTHS else f"{words} {values[0]}{ours}"


def _named(value: str) -> str:
    """Put an article before a name that takes one; a sentence, or what is said of a thing, is none."""
    return the(value) if not value[:1].islower() and not re.search("[:(]", value) else value


def kinds_of(iri: str, knowledge: Knowledge) -> tuple[Cell, ...]:
    """Return the classes that a thing has, with what they mean, without those that are wider than another."""
    rows = rows_of(knowledge, _KINDS, "kindLabel", "kind", "wider", "about", this=iri)
    wider = {text(row, "wider") for row in rows if text(row, "wider") != text(row, "kind")}
    return tuple(
        replace(found, about=text(row, "about"))
        for row in unique([row for row in rows if text(row, "kind") not in wider], "kind")
        if (found := shown(row, "kind")) is not None
    )


def items_of(rows: Sequence[Row], name: str, mark: str = "", note: str = "") -> tuple[Item, ...]:
    """Return the things of a column, each once, with the mark and the notes that other columns have."""
    notes: dict[str, dict[str, None]] = {}
    for row in rows:
        if note in row:
            notes.setdefault(text(row, name), {})[days_in_words(text(row, note))] = None
    return tuple(
        Item(found, shown(row, mark) if mark else None, "; ".join(notes.get(text(row, name), ())))
        for row in unique(rows, name)
        if (found := shown(row, name)) is not None
    )


def without(words: str, items: Sequence[Item], instead: str = "") -> tuple[Item, ...]:
    """Leave out of the names what the page has said."""
    return tuple(
        replace(item, name=replace(item.name, text=item.name.text.replace(words, instead, 1)))
        if item.name.text != words
        else item
        for item in items
    )


def sections(*parts: tuple[str, Sequence[Item]]) -> list[ItemSection]:
    """Return the sections that have something in them."""
    return [ItemSection(title, tuple(items)) for title, items in parts if items]


def stated_in(iri: str, knowledge: Knowledge) -> tuple[Item, ...]:
    """Return the passages that state what a thing is."""
    return items_of(rows_of(knowledge, _PASSAGES, "itemLabel", "item", this=iri), "item")


def speaking_of(iri: str, knowledge: Knowledge) -> list[tuple[Cell, tuple[Item, ...]]]:
    """Return the sources that speak of a thing, each with the passages that do, those with the most first."""
    by_source: dict[str, list[Row]] = {}
    for row in rows_of(knowledge, _SPEAKING, "sourceLabel", "source", "itemLabel", "item", this=iri):
        by_source.setdefault(text(row, "source"), []).append(row)
    found = [(shown(rows[0], "source"), items_of(rows, "item")) for rows in by_source.values()]
    named = [(source, passages) for source, passages in found if source is not None]
    return sorted(named, key=lambda each: -len(each[1]))
