"""The sentence above an answer: what a question found, for pages, terminals, previews and programs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from pyoxigraph import Literal, NamedNode

from surplace.catalogue.asked import BoundQuestion
from surplace.catalogue.query import LABEL
from surplace.engine.knowledge import Knowledge, Table
from surplace.namespaces import BASE, SOURCE, SUR, compact
from surplace.rdf.terms import Term, text_of
from surplace.words.days import in_words
from surplace.words.sentence import NOTHING, Said, cut, write

_HORIZONS: Final = f"SELECT DISTINCT ?day WHERE {{ ?source <{SUR}hasHorizon> ?day }}"


def sentence_of(asked: BoundQuestion, table: Table, knowledge: Knowledge) -> str:
    """Return the sentence that sums up *table*, all rows of an answer; nothing where the file has none.

    Raises EngineError, and SurplaceError for a template that cannot be filled.
    """
    query = asked.query
    if not query.answer:
        return ""
    if table.cut:
        return cut(len(table.rows))
    # of long answers with many columns, most of the work would be for those of which it says nothing
    named = [name for name in query.columns if name not in query.labels and name in query.answer]
    iris = {
        term.value
        for terms in (*([row.get(name) for name in named] for row in table.rows), *asked.terms.values())
        for term in terms
        if isinstance(term, NamedNode) and term.value.startswith(BASE)
    }
    labels = knowledge.labels(iris)
    rows = [{name: _column(row, name, labels) for name in named} for row in table.rows]
    values = {name: _value(terms, labels) for name, terms in asked.terms.items()}
    return write(query.answer, values, rows, horizons(knowledge), query.name)


def horizons(knowledge: Knowledge) -> frozenset[str]:
    """Return the last days of the records of the release."""
    return frozenset(text_of(row["day"]) for row in knowledge.remembered(_HORIZONS).rows)


def _column(row: Mapping[str, Term], name: str, labels: Mapping[str, str]) -> Said:
    term = row.get(name)
    if term is None:
        return NOTHING
    label = row.get(name + LABEL)
    return said(term, labels if label is None else {text_of(term): text_of(label)})


def _value(terms: tuple[Term | None, ...], labels: Mapping[str, str]) -> Said:
    """Return the value of a parameter: several are one text, and have no key; any value is nothing."""
    given = [said(term, labels) for term in terms if term is not None]
    if len(given) == 1:
        return given[0]
    return Said(" and ".join(given))


def said(term: Term, labels: Mapping[str, str]) -> Said:
    """Return a term as a sentence has it: its label, or the day in words."""
    if isinstance(term, NamedNode):
        path = term.value.rstrip("/")
        key = path.removeprefix(SOURCE) if path.startswith(SOURCE) else path.rpartition("/")[2]
        return Said(labels.get(term.value) or compact(term.value), key, term.value)
    text = text_of(term)
    if isinstance(term, Literal) and term.datatype.value.rpartition("#")[2] in ("date", "gYearMonth"):
        return Said(in_words(text), text)
    return Said(text, text)
