"""What is disputed of a thing: of itself, of what it rests on, and of what names it.

A disagreement is about the things of which it rejects something; where it rejects nothing, about those of
which two of its passages state something; and about what the preferred passage has in the place of what is
rejected. A conclusion is disputed with its premises, and where all that is rejected of a thing is its matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import NamedNode

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.namespaces import BASE, RDF, SKOS, SOURCE, sparql_prologue
from surplace.web.cells import Cell, cell
from surplace.web.kinds.asking import rows_of, text, values
from surplace.web.kinds.stating import Against, opposed
from surplace.words.days import days_in_words
from surplace.words.order import legal_key

_DISAGREEMENTS: Final = f"""{sparql_prologue()}SELECT DISTINCT ?dispute ?label ?reason ?how ?thing ?property
    ?value ?passage WHERE {{
    {{ ?dispute a sur:Disagreement ; sur:rejects ?rejected . GRAPH ?rejected {{ ?thing ?property ?value }}
      GRAPH ?passage {{ ?thing ?property ?value }} ?passage sur:isPassageOf ?source
      BIND("rejected" AS ?how) }}
    UNION {{ ?dispute a sur:Disagreement ; sur:isBetween ?one , ?other FILTER(STR(?one) < STR(?other))
      FILTER NOT EXISTS {{ ?dispute sur:rejects ?any }}
      GRAPH ?one {{ ?thing ?is ?as }} GRAPH ?other {{ ?thing ?was ?before }} BIND("differs" AS ?how) }}
    UNION {{ ?dispute a sur:Disagreement ; sur:rejects ?rejected ; sur:prefers ?prefers
      GRAPH ?rejected {{ ?gone a ?class }} GRAPH ?prefers {{ ?thing a ?class }}
      FILTER NOT EXISTS {{ GRAPH ?prefers {{ ?gone ?is ?as }} }} BIND("instead" AS ?how) }}
    OPTIONAL {{ ?dispute skos:prefLabel ?label }} OPTIONAL {{ ?dispute sur:hasReason ?reason }}
}}"""
_STATEMENT: Final = ("thing", "property", "value")
_ORDER: Final = ("itself", "premise", "names")
_NEAR: Final = """
    {{ ?this sur:usesPremise+ ?thing BIND("premise" AS ?as) }}
    UNION {{ ?this a sur:Conclusion ; ?about ?thing FILTER(isIRI(?thing)) BIND("matter" AS ?as) }}
    UNION {{ ?this a sur:Conclusion ; ?about ?whole . {objects} ?thing sur:isPartOf ?whole .
      ?whole a sur:Provision BIND("matter" AS ?as) }}
    UNION {{ {subjects} GRAPH ?passage {{ ?thing ?names ?this FILTER(?names != rdf:type) }}
      ?passage sur:isPassageOf ?source BIND("names" AS ?as) }}
    UNION {{ {subjects} ?thing sur:isExceptionTo/^sur:imposes ?this BIND("names" AS ?as) }}
    UNION {{ {either} ?thing sur:isPartOf|^sur:imposes ?this BIND("names" AS ?as) }}
"""


@dataclass(frozen=True)
class Rejected:
    """A statement that a disagreement rejects, with the passages that make it."""

    thing: str
    property: str
    value: str
    cells: tuple[Cell, Cell, Cell]
    passages: tuple[Cell, ...]


@dataclass
class Disagreement:
    """Where sources disagree: on which things, and which statements are rejected."""

    name: Cell
    reason: str
    things: set[str] = field(default_factory=set)
    rejected: list[Rejected] = field(default_factory=list)

    def objects(self) -> dict[str, set[str]]:
        """Return what is rejected of each thing, as far as it is about other things."""
        found: dict[str, set[str]] = {}
        for one in self.rejected:
            if one.property != RDF + "type" and one.value.startswith(BASE):
                found.setdefault(one.thing, set()).add(one.value)
        return found


@dataclass(frozen=True)
class Point:
    """A disagreement that bears on a thing; *via* is the thing that it is about, where that is another."""

    name: Cell
    reason: str
    how: str
    """`itself`, `premise` or `names`."""
    via: Cell | None
    rejected: tuple[Rejected, ...]


@dataclass(frozen=True)
class Disputed:
    """The disagreements that bear on a thing, and the claims that oppose it or what it rests on."""

    iri: str
    points: tuple[Point, ...] = ()
    against: tuple[Against, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether anything is disputed."""
        return bool(self.points or self.against)


def disputed(iri: str, knowledge: Knowledge, against: Sequence[Against] | None = None) -> Disputed:
    """Return what is disputed of a thing: of itself, of what it rests on, then of what names it.

    *against* is what opposes it, where that was asked. The disagreements that a passage is between are no
    matter of this.
    """
    known = {} if iri.startswith(SOURCE) else disagreements(knowledge)
    near = _near(iri, known.values(), knowledge)
    found = [(how, via, one) for one in known.values() for how, via in _bearing(iri, one, near)]
    found.sort(key=lambda item: (_ORDER.index(item[0]), legal_key(item[2].name.text)))
    labels = knowledge.labels(via for _, via, _ in found if via)
    if against is None:
        others = opposed({iri, *near.get("premise", ())}, knowledge)
        against = [one for name in sorted(others, key=lambda name: name != iri) for one in others[name]]
    return Disputed(
        iri,
        tuple(
            Point(
                one.name,
                one.reason,
                how,
                cell(NamedNode(via), labels) if via else None,
                tuple(said for said in one.rejected if iri in (said.thing, said.value)),
            )
            for how, via, one in found
        ),
        tuple(against),
    )


def disagreements(knowledge: Knowledge) -> dict[str, Disagreement]:
    """Return all disagreements by IRI; they are asked for once a release."""
    rows = knowledge.remembered(_DISAGREEMENTS).rows
    terms = {text(row, name) for row in rows for name in (*_STATEMENT, "passage")}
    own = {
        text(row, "thing"): text(row, "value") for row in rows if text(row, "property") == SKOS + "prefLabel"
    }
    labels = own | knowledge.labels(term for term in terms if term.startswith(BASE))
    found: dict[str, Disagreement] = {}
    statements: dict[str, dict[tuple[str, ...], list[Row]]] = defaultdict(dict)
    for row in rows:
        iri = text(row, "dispute")
        if iri not in found:
            name = cell(row["dispute"], {iri: text(row, "label")} if "label" in row else {})
            found[iri] = Disagreement(name, days_in_words(text(row, "reason")))
        found[iri].things.add(text(row, "thing"))
        if text(row, "how") == "rejected" and text(row, "property") != SKOS + "prefLabel":
            statements[iri].setdefault(tuple(text(row, name) for name in _STATEMENT), []).append(row)
    for iri, those in statements.items():
        found[iri].rejected = [_rejected(same, labels) for same in those.values()]
    return found


def _rejected(rows: Sequence[Row], labels: Mapping[str, str]) -> Rejected:
    row = rows[0]
    return Rejected(
        text(row, "thing"),
        text(row, "property"),
        text(row, "value"),
        (cell(row["thing"], labels), cell(row["property"], labels), cell(row["value"], labels)),
        tuple(cell(one["passage"], labels) for one in rows if "passage" in one),
    )


def _near(iri: str, all_: Iterable[Disagreement], knowledge: Knowledge) -> dict[str, set[str]]:
    """Return what is near a thing: premises, what a conclusion is about, what disputed things name it."""
    subjects = {thing for one in all_ for thing in one.things}
    objects = {value for one in all_ for those in one.objects().values() for value in those}
    if not subjects:
        return {}
    pattern = _NEAR.format(
        subjects=values("thing", subjects),
        objects=values("thing", objects),
        either=values("thing", subjects | objects),
    )
    found: dict[str, set[str]] = {}
    for row in rows_of(knowledge, pattern, "as", "thing", this=iri):
        found.setdefault(text(row, "as"), set()).add(text(row, "thing"))
    return found


def _bearing(iri: str, about: Disagreement, near: Mapping[str, set[str]]) -> list[tuple[str, str]]:
    """Return how a disagreement bears on a thing, and through which other, if through one; or nothing."""
    if iri in about.things or any(iri == one.value for one in about.rejected):
        return [("itself", "")]
    premises, names = near.get("premise", set()), near.get("names", set())
    reach = premises | near.get("matter", set())
    matter = [value for those in about.objects().values() if those <= reach for value in those]
    if through := sorted(about.things & premises):
        return [("premise", through[0])]
    if matter:
        return [("premise", matter[0] if len(matter) == 1 else "")]
    every = about.things.union(*about.objects().values())
    return [("names", through) for through in sorted(every & names)[:1]]
