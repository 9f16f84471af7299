"""What the page of a name shows: what its graph holds, what is said and claimed of it, findings, mentions."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from pyoxigraph import BlankNode, NamedNode

from surplace.namespaces import (
    AXIOM,
    BASE,
    CLAIM,
    DCTERMS,
    RDFS,
    REJECTED,
    RULE,
    SOURCE,
    SUR,
    compact,
)
from surplace.rdf.terms import Term, text_of
from surplace.web.cells import Cell, cell, in_plain_words, passage_name
from surplace.web.facts import DEFINITION, LABEL, PASSAGE_OF, TYPE, Facts, text
from surplace.web.lists import members_of
from surplace.web.named import Named
from surplace.web.statements import Around, Slice, SourcedStatement
from surplace.words.days import days_in_words
from surplace.words.properties import COUNTEREXAMPLE

PLACES: Final = (
    ("Paragraph", "hasParagraphNumber"),
    ("Sentence", "hasSentenceNumber"),
    ("Note", "hasNoteNumber"),
    ("Place", "hasLocator"),
)
"""What says where in its source a passage stands."""
_AT_THE_HEAD: Final = (TYPE, LABEL, RDFS + "label")
"""What the title and the line above it say."""
_DEFINING: Final = (DEFINITION, DCTERMS + "description")
"""What the line below the title says, the first that there is."""


@dataclass(frozen=True)
class Line:
    """A statement on a page with the graphs that make it; *standing* is `held`, `claimed` or `rejected`."""

    cells: tuple[Cell, ...]
    graphs: tuple[Cell, ...] = ()
    standing: str = "held"
    said: bool = False
    """Whether the head of the page says it: what the thing is called, its kinds, and its definition."""


@dataclass(frozen=True)
class StatementGroup:
    """A list on a page: lines *first* to *final* of *total*, counted from 1."""

    title: str
    note: str
    titles: tuple[str, ...]
    lines: tuple[Line, ...]
    first: int
    total: int

    @property
    def final(self) -> int:
        """The number of the last line that is shown."""
        return self.first + len(self.lines) - 1


@dataclass(frozen=True)
class ThingDescription:
    """A name with everything that its page shows."""

    iri: str
    name: str
    definition: str
    types: tuple[Cell, ...]
    passage: tuple[tuple[str, Cell], ...]
    groups: tuple[StatementGroup, ...]
    explained: bool
    """Whether the knowledge says anything of it, which can be explained."""


def describe(
    about: Around, named: Named, labels: Mapping[str, str], *, defined: bool = True
) -> ThingDescription:
    """Lay out what is around a name; *defined* is whether the head of the page has its definition."""
    facts = named.facts
    head = {*_AT_THE_HEAD, *(next(([name] for name in _DEFINING if name in facts), ()) if defined else ())}
    members = members_of(statement.terms for statement in about.lists)
    seen: dict[Term, Cell] = {}

    def shown(term: Term) -> Cell:
        """Make the cell of a term once, for predicates and graphs come in most lines."""
        if term not in seen:
            seen[term] = _listed(term, labels, members)
        return seen[term]

    first = (about.number - 1) * about.size + 1
    own = (0, 1, 2)

    def group(title: str, note: str, part: Slice, places: tuple[int, ...]) -> StatementGroup:
        titles = ("thing", "property", "value")
        ordered = sorted(part.statements, key=_place)
        lines = tuple(_line(statement, places, shown, about.iri, head) for statement in ordered)
        return StatementGroup(title, note, tuple(titles[place] for place in places), lines, first, part.total)

    groups = (
        group(*_inside_title(about.iri), about.content, own),
        group("What is said of it", "", about.outgoing, (1, 2)),
        group(
            "What is claimed of it", "Somebody says this; the graph does not vouch for it.", about.claims, own
        ),
        StatementGroup(
            "Findings",
            "",
            ("finding", "verdict", "how this is part of it"),
            tuple(Line(tuple(map(shown, terms))) for terms in about.findings),
            first,
            about.all_findings,
        ),
        group("Where it is mentioned", "", about.incoming, (0, 1)),
    )
    return ThingDescription(
        iri=about.iri,
        name=title_of(about.iri, facts),
        definition=next((text(facts, name) for name in _DEFINING if name in facts), ""),
        types=tuple(in_plain_words(cell(term, labels)) for term in facts.get(TYPE, ())),
        passage=_passage(facts, labels),
        groups=tuple(group for group in groups if group.lines),
        explained=named.known,
    )


def title_of(iri: str, facts: Facts) -> str:
    """Return what a name is called: its label or title, its place in its source, or its IRI in short."""
    return (
        days_in_words(text(facts, LABEL))
        or text(facts, DCTERMS + "title")
        or passage_name(iri)
        or compact(iri)
    )


def neighbours(about: Around) -> set[str]:
    """Return the names of Surplace in the statements around a name, without itself."""
    parts = (*about.slices(), Slice(about.lists))
    terms = (term for part in parts for statement in part.statements for term in statement.terms)
    return _ours(terms) - {about.iri}


def names(about: Around, facts: Facts) -> set[str]:
    """Return every name of Surplace that the page shows."""
    parts = (*about.slices(), about.content)
    statements = [statement for part in parts for statement in part.statements]
    graphs = {graph for statement in statements for graph in statement.graphs}
    inside = _ours(term for statement in statements for term in statement.terms)
    found = _ours(term for terms in about.findings for term in terms)
    return (
        neighbours(about)
        | graphs
        | inside
        | found
        | _ours(term for terms in facts.values() for term in terms)
    )


def _ours(terms: Iterable[Term]) -> set[str]:
    return {term.value for term in terms if isinstance(term, NamedNode) and term.value.startswith(BASE)}


def _line(
    statement: SourcedStatement,
    places: tuple[int, ...],
    shown: Callable[[Term], Cell],
    iri: str,
    head: Collection[str],
) -> Line:
    graphs = [graph for graph in statement.graphs if not graph.startswith(REJECTED)] or statement.graphs
    cells = tuple(
        in_plain_words(shown(statement.terms[place])) if place == 1 else shown(statement.terms[place])
        for place in places
    )
    if 2 in places and text_of(statement.terms[2]).startswith(COUNTEREXAMPLE):
        *subject_, property_, value_ = cells
        value_ = replace(value_, text=value_.text.removeprefix(COUNTEREXAMPLE))
        cells = (*subject_, replace(property_, text="not an example"), value_)
    own = list(graphs) == [iri]
    sources = () if own else tuple(in_plain_words(shown(NamedNode(graph))) for graph in graphs)
    subject, predicate, _ = statement.terms
    said = text_of(subject) == iri and text_of(predicate) in head and statement.standing == "held"
    return Line(cells, sources, statement.standing, said)


def _place(statement: SourcedStatement) -> tuple[bool, bool]:
    """Put what a general vocabulary says last, and of that the examples of what is not meant."""
    _, predicate, value = statement.terms
    return _is_general(predicate), text_of(value).startswith(COUNTEREXAMPLE)


def _is_general(predicate: Term) -> bool:
    """Tell whether a property is of a general vocabulary, and so says what the page says anyway."""
    return compact(text_of(predicate)).startswith(("rdf:", "rdfs:", "owl:", "skos:"))


def _listed(term: Term, labels: Mapping[str, str], members: Mapping[Term, tuple[Term, ...]]) -> Cell:
    """Show a term; a list by its members, one a line."""
    shown = cell(term, labels)
    if isinstance(term, BlankNode) and term in members:
        return replace(shown, text="a list", parts=tuple(cell(item, labels) for item in members[term]))
    return replace(shown, text=days_in_words(shown.text)) if shown.language else shown  # only prose has one


def _passage(facts: Facts, labels: Mapping[str, str]) -> tuple[tuple[str, Cell], ...]:
    """Return what identifies a passage: source, place, first and last words; nothing for other things."""
    if PASSAGE_OF not in facts:
        return ()
    lines = [("Source", cell(facts[PASSAGE_OF][0], labels))]
    lines += [(title, cell(facts[SUR + name][0], labels)) for title, name in PLACES if SUR + name in facts]
    begin, end = text(facts, SUR + "beginsWith"), text(facts, SUR + "endsWith")
    if begin and end:
        lines.append(("Words", Cell(f"“{begin} … {end}”")))
    return tuple(lines)


def _inside_title(iri: str) -> tuple[str, str]:
    """Return title and note of the statements that stand in the graph of a name."""
    if iri.startswith(CLAIM):
        return "What is claimed", "The graph does not vouch for this: it is what the speaker says."
    if iri.startswith(AXIOM):
        return (
            "What follows from this axiom",
            "An axiom is a sentence of the ontology on all things of a sort.",
        )
    if iri.startswith(RULE):
        return "What this rule concludes", ""
    if iri.startswith(REJECTED):
        return "What is rejected", "A better source contradicts this: it is not part of the knowledge."
    return ("What this passage states" if iri.startswith(SOURCE) else "What this graph holds"), ""
