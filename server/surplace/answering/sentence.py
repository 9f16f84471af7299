"""The sentence above an answer: what a question found, for pages, terminals, previews and programs.

It is written where the answer is made, and goes with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final, Protocol

from pyoxigraph import Literal, NamedNode

from surplace.namespaces import BASE, SOURCE, SUR, VOCAB, compact, last_segment, treaty_of
from surplace.rdf.terms import Term, text_of
from surplace.words.days import day_before, days_in_words, in_words
from surplace.words.english import joined, the
from surplace.words.said import LONGEST, NOTHING, Said
from surplace.words.sentence import write
from surplace.words.standings import Horizons

HORIZONS: Final = f"""
SELECT DISTINCT ?day ?release WHERE {{
    {{ ?source <{SUR}hasHorizon> ?day ; <{SUR}hasSourceKind> <{VOCAB}source-kind/depositary-record> }}
    UNION
    {{ ?standing <{SUR}hasStandingKind> <{VOCAB}standing-kind/continued> ; <{SUR}holdsBefore> ?release }}
}}
"""
"""Asks for the last days of records of depositaries, and the days from which a notice could have effect."""


def horizons_of(rows: Iterable[Mapping[str, Term]]) -> Horizons:
    """Read the rows of `HORIZONS`."""
    found = [{name: text_of(term) for name, term in row.items()} for row in rows]
    return Horizons(
        frozenset(row["day"] for row in found if "day" in row),
        frozenset(day_before(row["release"]) for row in found if "release" in row),
    )


class Known(Protocol):
    """What sentences need to know of a release."""

    def labels(self, iris: Iterable[str]) -> Mapping[str, str]:
        """Return the texts of the labels of those IRIs that have one; raises EngineError."""

    def horizons(self) -> Horizons:
        """Return the last days of what is known; raises EngineError."""


@dataclass(frozen=True)
class Summing:
    """What the sentence above an answer is made of, besides its rows.

    *name* is that of the question, for messages; *columns* are those that the *template* names, each with the
    column of its labels, or nothing; *terms* are the values of the parameters, None for any. *apart* are the
    parameters with several values for each of which there is a sentence: the template speaks of one, so what
    is true of that would be said of all.
    """

    name: str
    template: str
    columns: Mapping[str, str]
    terms: Mapping[str, tuple[NamedNode | Literal | None, ...]]
    apart: tuple[str, ...] = ()

    def sentence(self, rows: Sequence[Mapping[str, Term]], known: Known) -> str:
        """Return the sentence that sums up *rows*, all of an answer, with the bound variables only.

        There is one for each combination of the values that are told apart, one after the other.
        Raises EngineError, and SurplaceError for a template that cannot be filled.
        """
        return " ".join(
            replace(self, terms={**self.terms, **{name: (term,) for name, term in one.items()}})._of_one(
                [row for row in rows if all(row.get(name) == term for name, term in one.items())], known
            )
            for one in self._combinations()
        )

    def _combinations(self) -> Iterator[dict[str, NamedNode | Literal | None]]:
        for terms in product(*(self.terms[name] for name in self.apart)):
            yield dict(zip(self.apart, terms, strict=True))

    def _of_one(self, rows: Sequence[Mapping[str, Term]], known: Known) -> str:
        # of long answers with many columns, most of the work would be for those of which it says nothing
        iris = {
            term.value
            for terms in (*([row.get(name) for name in self.columns] for row in rows), *self.terms.values())
            for term in terms
            if isinstance(term, NamedNode) and term.value.startswith(BASE)
        }
        named = known.labels(iris | {treaty for iri in iris if (treaty := treaty_of(iri))})
        labels = {iri: days_in_words(label) for iri, label in named.items()}
        saying = [
            {name: _column(row, name, label, labels) for name, label in self.columns.items()} for row in rows
        ]
        values, silent = {}, []
        for name, terms in self.terms.items():
            seen = {row[name] for row in rows if name in row} if len(terms) > 1 else set()
            having = tuple(term for term in terms if term in seen)
            values[name] = _value(having or terms, labels)
            silent += [the(said(term, labels)) for term in terms if having and term not in seen and term]
        end = f" For {joined(silent, 3, 'or')} nothing of the kind is recorded." if silent else ""
        room = LONGEST - len(end)
        return write(self.template, values, saying, known.horizons(), self.name, room) + end


def _column(row: Mapping[str, Term], name: str, labelled: str, labels: Mapping[str, str]) -> Said:
    term = row.get(name)
    if term is None:
        return NOTHING
    label = row.get(labelled)
    return said(term, labels, "" if label is None else text_of(label))


def _value(terms: tuple[Term | None, ...], labels: Mapping[str, str]) -> Said:
    """Return the value of a parameter: several are one text, and have no key; any value is nothing."""
    given = tuple(said(term, labels) for term in terms if term is not None)
    return given[0] if len(given) == 1 else Said(joined(given), parts=given)


def said(term: Term, labels: Mapping[str, str], label: str = "") -> Said:
    """Return a term as a sentence has it: its *label*, else that in *labels*, or the day in words."""
    if isinstance(term, NamedNode):
        path = term.value.rstrip("/")
        key = path.removeprefix(SOURCE) if path.startswith(SOURCE) else last_segment(path)
        of = labels.get(treaty_of(term.value), "")
        return Said(label or labels.get(term.value) or compact(term.value), key, term.value, of)
    text = text_of(term)
    if isinstance(term, Literal) and term.datatype.value.rpartition("#")[2] in ("date", "gYearMonth"):
        return Said(in_words(text), text)
    return Said(text, text)
