"""How terms and tables look on pages: labels with links, never a link that is not http, nothing unescaped."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote, urlsplit

from markupsafe import Markup, escape
from pyoxigraph import BlankNode, Literal, NamedNode

from surplace.catalogue.query import LABEL
from surplace.engine.knowledge import Knowledge
from surplace.engine.limits import Limits
from surplace.engine.table import Row, Table
from surplace.http.message import at
from surplace.namespaces import BASE, SOURCE, VOCAB, XSD, compact
from surplace.rdf.terms import Term, text_of
from surplace.words.columns import title
from surplace.words.days import days_in_words, in_words
from surplace.words.properties import GRAPHS, KINDS, PROPERTIES
from surplace.words.standings import Mark, mark_of

_SENTENCE = re.compile(r"(?P<source>[^/]+)/p(?P<paragraph>[0-9]+)/s(?P<sentence>[0-9]+)")
_STEP: Final = re.compile(r"(?<![/:])/(?=[^/\s])|\?(?=\S)|&amp;(?=\S)")
"""What ends a step of an address in HTML: a slash, but for those before a host, or the sign before values."""
_NOTE = re.compile(r"(?P<source>[^/]+)/n(?P<note>[0-9]+)")
_KINDS: Final = {
    **{XSD + name: "number" for name in ("integer", "decimal", "double", "nonNegativeInteger")},
    **{XSD + name: "date" for name in ("date", "gYearMonth", "gYear", "dayTimeDuration")},
}


@dataclass(frozen=True)
class Cell:
    """A term on a page: its text, where it links to, and its IRI in short where the text is a label."""

    text: str
    href: str | None = None
    iri: str = ""
    language: str = ""
    kind: str = "text"
    """`iri`, `number`, `date`, `why` or `text`."""
    parts: tuple[Cell, ...] = ()
    """The members of a list."""
    mark: Mark | None = None
    """The mark of a verdict or standing."""
    says: str = ""
    """What to read aloud where the text alone says too little."""
    about: str = ""
    """What a provision is about, or what a class means."""
    beneath: tuple[Cell, ...] = ()
    """What stands beneath it, in small: who says a claim, and where."""
    side: bool = False
    """Whether it is a side of its row, which stands beside the other in every row."""


@dataclass(frozen=True)
class Page:
    """A table on a page: titles, rows of cells, and how many rows there are; *cut* if there are more.

    The rows are those after *offset*.
    """

    titles: tuple[str, ...]
    rows: Sequence[Sequence[Cell | None]]
    total: int
    cut: bool = False
    offset: int = 0


def local_path(iri: str) -> str | None:
    """Return where an IRI leads from a page: our own on this host, http and https elsewhere, else nowhere."""
    if iri.startswith(BASE):
        path = quote(iri.removeprefix(BASE), safe="/:@!$&'()*+,;=-._~#")
        return None if path.startswith("/") else at(f"/{path}")  # what begins with // names another host
    try:
        return iri if urlsplit(iri).scheme in ("http", "https") else None
    except ValueError:
        return None


def sentence_place(iri: str) -> tuple[str, str] | None:
    """Return of which source a sentence is, by the key of that, and in which paragraph; None of others."""
    match = _SENTENCE.fullmatch(iri.removeprefix(SOURCE)) if iri.startswith(SOURCE) else None
    return (match["source"], match["paragraph"]) if match else None


def passage_name(iri: str) -> str | None:
    """Name a sentence or note of a source from its IRI: `cohen-2010, paragraph 6, sentence 2`."""
    path = iri.removeprefix(SOURCE)
    if match := _SENTENCE.fullmatch(path):
        return f"{match['source']}, paragraph {match['paragraph']}, sentence {match['sentence']}"
    if match := _NOTE.fullmatch(path):
        return f"{match['source']}, note {match['note']}"
    return None


def cell(term: Term, labels: Mapping[str, str]) -> Cell:
    """Show a term; *labels* has the labels of IRIs that are known."""
    if isinstance(term, NamedNode):
        short = compact(term.value)
        label = labels.get(term.value) or passage_name(term.value)
        mark = mark_of(term.value) if term.value.startswith(VOCAB) else None
        return Cell(
            days_in_words(label) if label else short,
            local_path(term.value),
            short if label else "",
            kind="iri",
            mark=mark,
        )
    if isinstance(term, Literal):
        kind = _KINDS.get(term.datatype.value, "text")
        text = in_words(term.value) if kind == "date" else term.value
        return Cell(text, language=term.language or "", kind=kind)
    return Cell("something without a name" if isinstance(term, BlankNode) else text_of(term))


def breaking(text: str) -> Markup:
    """Write a text as HTML in which an address may go on in another line after each step of it."""
    return Markup(_STEP.sub(r"\g<0><wbr>", str(escape(text))))


def in_plain_words(shown: Cell) -> Cell:
    """Call a name of a general vocabulary, or a graph, by words; leave any other cell as it is."""
    words = PROPERTIES.get(shown.text) or KINDS.get(shown.text) or GRAPHS.get(shown.text)
    return replace(shown, text=words, iri=shown.text) if words else shown


def most_rows(limits: Limits, columns: int) -> int:
    """Return how many rows a table with so many columns may have on a page."""
    return max(1, min(limits.page_rows, limits.page_cells // max(1, columns)))


def page(table: Table, knowledge: Knowledge, limits: Limits, columns: Sequence[str] | None = None) -> Page:
    """Lay out a table as far as *limits* allow: the given *columns* (or all), labels merged with IRIs."""
    shown = [name for name in columns or table.columns if name in table.columns]
    labelled = {name: name + LABEL for name in shown if name + LABEL in table.columns}
    hidden = set(labelled.values())
    rows = table.rows[: most_rows(limits, len(shown))]
    labels = knowledge.labels(
        term.value
        for row in rows
        for name in shown
        if name not in labelled
        and isinstance(term := row.get(name), NamedNode)
        and term.value.startswith(BASE)
    )
    names = [name for name in shown if name not in hidden or name.removesuffix(LABEL) not in shown]
    cells = [[_labelled(row, name, labelled.get(name), labels) for name in names] for row in rows]
    return Page(tuple(title(name) for name in names), cells, len(table.rows), table.cut)


def _labelled(row: Row, name: str, label: str | None, labels: Mapping[str, str]) -> Cell | None:
    term = row.get(name)
    if term is None:
        return None
    if isinstance(term, NamedNode) and label is not None and label in row:
        return cell(term, {term.value: text_of(row[label])})
    return cell(term, labels)
