"""What passages state, in words: things and what is said of them, struck where another source prevails."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import NamedNode

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.namespaces import BASE, CLAIM, DCTERMS, ID, RDF, SKOS, SUR, last_segment
from surplace.rdf.terms import text_of
from surplace.web.cells import Cell, cell
from surplace.web.kinds.asking import rows_of, shown, text, values
from surplace.web.kinds.rejecting import wrong_statements
from surplace.words.days import days_in_words
from surplace.words.english import count, is_plural, joined, the
from surplace.words.order import Key, legal_key
from surplace.words.properties import leading_to, of_many, without_echo

_STATED: Final = """
    GRAPH ?graph { ?thing ?property ?value }
"""
_COLUMNS: Final = ("graph", "thing", "property", "value")
_AGAINST: Final = """
    { ?found sur:opposesClaim ?claim ; sur:opposes ?other }
    UNION { ?found sur:opposes ?claim ; sur:opposesClaim ?other }
    ?found a ?kind ; sur:givesReason ?reason .
    VALUES (?kind ?how) { (sur:Contradiction "contradicted by") (sur:Tension "in tension with") }
    OPTIONAL { ?other skos:prefLabel ?otherLabel }
    OPTIONAL { ?other sur:isClaimedBy ?who . ?who skos:prefLabel ?whoLabel }
"""
_NAMING: Final = frozenset((RDF + "type", SKOS + "prefLabel", SKOS + "altLabel", DCTERMS + "title"))
"""Properties that say what a thing is called, or of which kind it is, and nothing of it."""
_SPEAKERS: Final = (SUR + "isClaimedBy", SUR + "isIssuedBy", SUR + "isSpokenBy", SUR + "isGivenInReplyBy")
_LEADING: Final = tuple(
    SUR + name
    for name in ("isTakenBy", "performsAction", "refrainsFrom", "isTakenTowards", "isGivenBy", "isMadeBy")
)
"""Properties that say who does what to whom, which a reader wants to know first."""
_MANY: Final = f"{ID}population/"
"""How the IRIs of those begin who are many."""
_PERHAPS_MANY: Final = (f"{ID}group/", f"{ID}organ/")
"""How the IRIs of those begin who are many where their name is a plural."""
_NAMED: Final = 3
"""Speakers that a sentence names."""
_ROLES: Final = {
    "Claim": "claim",
    "Assessment": "claim",
    "Recommendation": "request",
    "Reply": "reply",
    "Statement": "statement",
}


@dataclass(frozen=True)
class Phrase:
    """What is said of a thing: a property in words, and its values, each with whether it is rejected."""

    words: str
    values: tuple[tuple[Cell, bool], ...]


@dataclass(frozen=True)
class Against:
    """What a claim is contradicted by, or in tension with, and why."""

    how: str
    other: Cell
    other_iri: str
    who: str
    reason: str
    found: Cell


@dataclass(frozen=True)
class Stated:
    """A thing of which a passage states something; *role* is claim, request, reply, statement or fact."""

    name: Cell
    iri: str
    kind: str
    role: str
    speakers: tuple[Cell, ...]
    phrases: tuple[Phrase, ...]
    against: tuple[Against, ...] = ()

    @property
    def tellers(self) -> tuple[Cell, ...]:
        """Who says it, but for those whom its name names."""
        return tuple(one for one in self.speakers if one.text.partition(" (")[0] not in self.name.text)

    @property
    def rejected(self) -> bool:
        """Whether something of it is rejected."""
        return any(rejected for phrase in self.phrases for _, rejected in phrase.values)

    @property
    def stands(self) -> bool:
        """Whether something of it is not rejected."""
        return not all(rejected for phrase in self.phrases for _, rejected in phrase.values)


def stated(graphs: Collection[str], knowledge: Knowledge) -> dict[str, tuple[Stated, ...]]:
    """Return what each graph states, thing by thing: claims and requests first, then facts."""
    if not graphs:
        return {}
    rows = rows_of(knowledge, values("graph", graphs) + _STATED, *_COLUMNS)
    labels = _labels(rows, knowledge)
    claims = {iri for row in rows if (iri := text(row, "thing")).startswith(CLAIM)}
    against = opposed(claims, knowledge) if claims else {}
    wrong = wrong_statements(knowledge)
    by_graph: dict[str, dict[str, list[Row]]] = {graph: {} for graph in graphs}
    for row in rows:
        by_graph[text(row, "graph")].setdefault(text(row, "thing"), []).append(row)
    return {
        graph: tuple(_in_order(_stated(those, labels, against, wrong) for those in things.values()))
        for graph, things in by_graph.items()
    }


def opposed(claims: Iterable[str], knowledge: Knowledge) -> dict[str, tuple[Against, ...]]:
    """Return what is against each claim, contradictions first."""
    names = ("how", "claim", "otherLabel", "other", "who", "whoLabel", "reason", "found")
    found: dict[str, dict[tuple[str, str], Against]] = {}
    for row in rows_of(knowledge, values("claim", claims) + _AGAINST, *names):
        other, opposition = shown(row, "other"), shown(row, "found")
        assert other is not None  # noqa: S101 (the pattern binds it)
        assert opposition is not None  # noqa: S101 (so it does this)
        one = Against(
            text(row, "how"),
            other,
            text(row, "other"),
            text(row, "whoLabel"),
            days_in_words(text(row, "reason")),
            opposition,
        )
        found.setdefault(text(row, "claim"), {}).setdefault((one.how, text(row, "other")), one)
    return {claim: tuple(those.values()) for claim, those in found.items()}


def against_in_words(against: Iterable[Against]) -> str:
    """Say by whom something is contradicted, and with whom it is in tension; nothing if with nobody."""
    by: dict[str, list[Against]] = {}
    for one in against:
        by.setdefault(one.how, []).append(one)
    return joined([f"{how} {_others(by[how])}" for how in sorted(by)])


def _others(against: Sequence[Against]) -> str:
    speakers = list(dict.fromkeys(the(one.who) for one in against if one.who))
    others = len({one.other_iri for one in against if not one.who})
    more = len(speakers) - _NAMED
    return joined(
        [
            *speakers[:_NAMED],
            *([count(more, "other")] if more > 0 else []),
            *([count(others, "finding or fact", "findings or facts")] if others else []),
        ]
    )


def _labels(rows: Sequence[Row], knowledge: Knowledge) -> dict[str, str]:
    """Return the labels of all that the rows name; those of rejected things are among their values alone."""
    own = {
        text(row, "thing"): text(row, "value") for row in rows if text(row, "property") == SKOS + "prefLabel"
    }
    terms = (row[name] for row in rows for name in ("thing", "property", "value"))
    ours = {term.value for term in terms if isinstance(term, NamedNode)}
    return own | knowledge.labels(iri for iri in ours if iri.startswith((BASE, SKOS, DCTERMS)))


def _stated(
    rows: list[Row],
    labels: Mapping[str, str],
    against: Mapping[str, tuple[Against, ...]],
    wrong: Collection[tuple[str, ...]],
) -> Stated:
    thing = rows[0]["thing"]
    iri = text_of(thing)
    said: dict[str, dict[str, tuple[Cell, bool]]] = {}
    for row in rows:
        statement = tuple(text(row, name) for name in ("thing", "property", "value"))
        value = cell(row["value"], labels)
        if not value.href:  # a text stands within a row, where a full stop would end it
            value = replace(value, text=value.text.removesuffix("."))
        shown_value = (value, statement in wrong)
        said.setdefault(text(row, "property"), {})[text(row, "value")] = shown_value
    types = said.get(RDF + "type", {}).values()
    kinds = [found.text for found, gone in types if not gone]
    speakers = [found for name in _SPEAKERS for found, _ in said.get(name, {}).values()]
    many = iri.startswith(_MANY) or (iri.startswith(_PERHAPS_MANY) and is_plural(labels.get(iri, "")))
    phrases = [
        Phrase(
            _leading(many, name, those, labels.get(name) or _words(name), said.get(RDF + "type", ())),
            tuple(sorted(those.values(), key=_by_text)),
        )
        for name, those in sorted(said.items(), key=lambda item: _first(item[0]))
        if name not in _NAMING and name not in _SPEAKERS
    ]
    rejected = tuple((found, True) for found, gone in types if gone)
    if rejected:
        phrases.insert(0, Phrase("is", rejected))
    return Stated(
        cell(thing, labels),
        iri,
        ", ".join(kinds),
        _role(iri, rows),
        tuple(speakers),
        tuple(phrases),
        against.get(iri, ()),
    )


def _leading(
    many: bool, name: str, those: Mapping[str, tuple[Cell, bool]], label: str, kinds: Collection[str]
) -> str:
    """Write a property so that a thing, or *many*, goes before its words and the values after them."""
    value, (shown_value, _) = next(iter(those.items()))
    words = without_echo(leading_to(value, name, label, kinds), shown_value.text)
    return of_many(words) if many else words


def _role(iri: str, rows: Iterable[Row]) -> str:
    types = (text(row, "value") for row in rows if text(row, "property") == RDF + "type")
    found = (role for name in types if (role := _ROLES.get(name.removeprefix(SUR))))
    return next(found, "claim" if iri.startswith(CLAIM) else "fact")


def _first(name: str) -> tuple[int, str]:
    return (_LEADING.index(name) if name in _LEADING else len(_LEADING)), name


def _by_text(value: tuple[Cell, bool]) -> Key:
    return legal_key(value[0].text)


def _words(iri: str) -> str:
    return last_segment(iri).rpartition("#")[2]


def _in_order(found: Iterable[Stated]) -> Iterator[Stated]:
    """Put what is said by somebody first, what is merely named last."""
    yield from sorted(found, key=lambda one: (one.role == "fact", not one.phrases, legal_key(one.name.text)))
