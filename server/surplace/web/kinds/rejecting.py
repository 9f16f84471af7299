"""Where sources disagree: which statements are rejected, and what stands in their place.

A disagreement is about the things of which it rejects something; where it rejects nothing, about those of
which two of its passages state something; and about what the preferred passage has in the place of what is
rejected. What a thing is called is no statement of a source.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.namespaces import BASE, RDF, SKOS, last_segment, sparql_prologue
from surplace.web.cells import Cell, cell
from surplace.web.kinds.asking import shown, text
from surplace.words.days import days_in_words
from surplace.words.english import parted
from surplace.words.order import legal_key
from surplace.words.properties import leading_to

_DISAGREEMENTS: Final = f"""{sparql_prologue()}
SELECT DISTINCT ?how ?dispute ?disputeLabel ?reason ?thing ?property ?value ?other ?passage ?passageLabel
WHERE {{
    {{ ?dispute a sur:Disagreement ; sur:isBetween|sur:prefers ?passage
      BIND(IF(EXISTS {{ ?dispute sur:prefers ?passage }}, "prevails", "between") AS ?how)
      OPTIONAL {{ ?dispute skos:prefLabel ?disputeLabel }} OPTIONAL {{ ?dispute sur:hasReason ?reason }}
      OPTIONAL {{ ?passage skos:prefLabel ?passageLabel }} }}
    UNION {{ ?dispute a sur:Disagreement ; sur:rejects ?rejected
      GRAPH ?rejected {{ ?thing ?property ?value }}
      GRAPH ?passage {{ ?thing ?property ?value }} ?passage sur:isPassageOf ?source
      BIND("rejected" AS ?how) }}
    UNION {{ ?dispute a sur:Disagreement ; sur:isBetween ?one , ?next FILTER(STR(?one) < STR(?next))
      FILTER NOT EXISTS {{ ?dispute sur:rejects ?any }}
      GRAPH ?one {{ ?thing ?is ?as }} GRAPH ?next {{ ?thing ?was ?before }} BIND("differs" AS ?how) }}
    UNION {{ ?dispute a sur:Disagreement ; sur:rejects ?rejected ; sur:prefers ?prefers
      GRAPH ?rejected {{ ?gone a ?class }} GRAPH ?prefers {{ ?thing a ?class }}
      FILTER NOT EXISTS {{ GRAPH ?prefers {{ ?gone ?is ?as }} }} BIND("instead" AS ?how) }}
    UNION {{ ?dispute a sur:Disagreement ; sur:rejects ?rejected . GRAPH ?rejected {{ ?thing ?property ?any }}
      {{ ?thing ?property ?value BIND(?thing AS ?other) }}
      UNION {{ ?dispute sur:prefers ?prefers
        GRAPH ?rejected {{ ?thing a ?class }} GRAPH ?prefers {{ ?other a ?class }}
        FILTER NOT EXISTS {{ GRAPH ?prefers {{ ?thing ?is ?as }} }} ?other ?property ?value }}
      FILTER NOT EXISTS {{ ?other a ?narrow . ?narrow rdfs:subClassOf ?value FILTER(?narrow != ?value) }}
      BIND("held" AS ?how) }}
}}"""
"""Asks in one for passages, rejected statements, things, and what is held of those or in their place."""
_STATEMENT: Final = ("thing", "property", "value")
_Held: TypeAlias = Mapping[tuple[str, ...], Sequence[Row]]
"""What is held, by disagreement, thing and property."""


@dataclass(frozen=True)
class Rejected:
    """A statement that a disagreement rejects, with the passages that make it, and what *stands* instead.

    *alike* if what stands in the place of the thing has this value too, so that nothing of it is wrong.
    """

    thing: str
    property: str
    value: str
    cells: tuple[Cell, Cell, Cell]
    words: str
    """The property in words."""
    passages: tuple[Cell, ...]
    said_by: tuple[str, ...]
    """The IRIs of those passages."""
    stands: tuple[Cell, ...] = ()
    alike: bool = False


@dataclass(frozen=True)
class Corrected:
    """A thing of which something is rejected, and whether there is no such thing, and none in its place."""

    name: Cell
    gone: bool
    statements: tuple[Rejected, ...]

    @property
    def struck(self) -> tuple[Rejected, ...]:
        """What of it is wrong."""
        return tuple(one for one in self.statements if not one.alike)

    @property
    def alike(self) -> tuple[Rejected, ...]:
        """What holds of that which stands in its place as well."""
        return tuple(one for one in self.statements if one.alike)

    @property
    def passages(self) -> tuple[Cell, ...]:
        """The passages that say so."""
        return tuple(dict.fromkeys(passage for one in self.statements for passage in one.passages))


@dataclass
class Disagreement:
    """Where sources disagree: which passages, on which things, and which statements are rejected."""

    iri: str
    name: Cell
    reason: str
    things: set[str] = field(default_factory=set)
    rejected: list[Rejected] = field(default_factory=list)
    gone: set[str] = field(default_factory=set)
    """Things that are not held to be, and in whose place nothing stands."""
    passages: list[tuple[Cell, str]] = field(default_factory=list)
    """Each with `prevails`, `rejected` or nothing."""

    def objects(self) -> dict[str, set[str]]:
        """Return what is rejected of each thing, as far as it is about other things."""
        found: dict[str, set[str]] = {}
        for one in self.rejected:
            if one.property != RDF + "type" and one.value.startswith(BASE):
                found.setdefault(one.thing, set()).add(one.value)
        return found

    @property
    def anchor(self) -> str:
        """By what a link on the same page leads to it."""
        return last_segment(self.iri)

    @property
    def reason_parted(self) -> tuple[str, str]:
        """The reason: its first sentence, where it is long, and the rest."""
        return parted(self.reason)

    @property
    def corrected(self) -> list[Corrected]:
        """What is rejected, thing by thing."""
        by: dict[str, list[Rejected]] = {}
        for one in self.rejected:
            by.setdefault(one.thing, []).append(one)
        return [Corrected(those[0].cells[0], thing in self.gone, tuple(those)) for thing, those in by.items()]

    @property
    def wrong(self) -> int:
        """How many statements are wrong: one for a thing that is not, else those that do not hold."""
        return sum(1 if one.gone else len(one.struck) for one in self.corrected)


def disagreements(knowledge: Knowledge) -> dict[str, Disagreement]:
    """Return all disagreements by IRI; they are asked for once a release."""
    rows = knowledge.remembered(_DISAGREEMENTS).rows
    found: dict[str, Disagreement] = {}
    passages: dict[str, list[Row]] = defaultdict(list)
    held: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    statements: dict[str, dict[tuple[str, ...], list[Row]]] = defaultdict(dict)
    for row in rows:
        iri, how = text(row, "dispute"), text(row, "how")
        if how in ("prevails", "between"):
            name = shown(row, "dispute")
            if iri not in found and name is not None:
                found[iri] = Disagreement(iri, name, days_in_words(text(row, "reason")))
            passages[iri].append(row)
        elif how == "held":
            held[tuple(text(row, name) for name in ("dispute", *_STATEMENT[:2]))].append(row)
        elif how == "rejected" and text(row, "property") != SKOS + "prefLabel":
            statements[iri].setdefault(tuple(text(row, name) for name in _STATEMENT), []).append(row)
    labels = _labels(rows, knowledge)
    for row in rows:
        if text(row, "how") in ("rejected", "differs", "instead") and text(row, "dispute") in found:
            found[text(row, "dispute")].things.add(text(row, "thing"))
    for iri, one in found.items():
        rejected = [_rejected(same, labels, held) for same in statements[iri].values()]
        one.rejected = sorted(rejected, key=lambda said: (legal_key(said.cells[0].text), said.property))
        types = {said.thing for said in one.rejected if said.property == RDF + "type"}
        one.gone = {thing for thing in types if (iri, thing, RDF + "type") not in held}
        one.passages = _passages(passages[iri], one.rejected)
    return found


def wrong_statements(knowledge: Knowledge) -> set[tuple[str, str, str]]:
    """Return what is wrong of all that is rejected, as thing, property and value; the rest holds as well."""
    return {
        (said.thing, said.property, said.value)
        for one in disagreements(knowledge).values()
        for thing in one.corrected
        for said in thing.struck
    }


def _passages(rows: Iterable[Row], rejected: Iterable[Rejected]) -> list[tuple[Cell, str]]:
    """Return passages with their parts in it: first the one that prevails, last those that have no part."""
    wrong = {passage.href for said in rejected for passage in said.passages}
    found = [
        (one, "prevails" if text(row, "how") == "prevails" else "rejected" if one.href in wrong else "")
        for row in rows
        if (one := shown(row, "passage"))
    ]
    return sorted(found, key=lambda item: (not item[1], item[1] == "rejected", legal_key(item[0].text)))


def _labels(rows: Sequence[Row], knowledge: Knowledge) -> dict[str, str]:
    """Return the labels of all that is named; a rejected thing has its own among its statements alone."""
    terms = {text(row, name) for row in rows for name in (*_STATEMENT, "passage")}
    own = {
        text(row, "thing"): text(row, "value")
        for row in rows
        if text(row, "how") == "rejected" and text(row, "property") == SKOS + "prefLabel"
    }
    return own | knowledge.labels(term for term in terms if term.startswith(BASE))


def _rejected(rows: Sequence[Row], labels: Mapping[str, str], held: _Held) -> Rejected:
    row = rows[0]
    stands = held.get(tuple(text(row, name) for name in ("dispute", *_STATEMENT[:2])), ())
    if len({text(one, "other") for one in stands}) > 1:  # which of them stands in its place is not known
        stands = ()
    return Rejected(
        text(row, "thing"),
        text(row, "property"),
        text(row, "value"),
        (cell(row["thing"], labels), cell(row["property"], labels), cell(row["value"], labels)),
        "is"
        if text(row, "property") == RDF + "type"
        else leading_to(text(row, "value"), text(row, "property"), cell(row["property"], labels).text),
        tuple(cell(one["passage"], labels) for one in rows if "passage" in one),
        tuple(text(one, "passage") for one in rows if "passage" in one),
        tuple(cell(one["value"], labels) for one in stands),
        any(one["value"] == row["value"] for one in stands),
    )
