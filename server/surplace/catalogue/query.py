"""One query of the catalogue: what its file says, checked, and the text with values bound."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Final

from surplace.catalogue.header import QueryParameter
from surplace.catalogue.values import Choices, ParameterError, Term, to_term
from surplace.namespaces import QUERY
from surplace.rdf.formats import Kind
from surplace.rdf.terms import to_sparql
from surplace.sparql.inspection import KIND_OF, Inspection, inspect
from surplace.sparql.rewriting import Layout, paged

LABEL: Final = "Label"
"""A column `x` of IRIs may come with the column `xLabel` of their labels."""


@dataclass(frozen=True)
class Query:
    """A query file.

    *category* is the folder it lies in, *form* is SELECT, ASK, CONSTRUCT or DESCRIBE, *columns* maps each
    projected variable to its type (empty for graphs and ASK), *message* is the sentence of a check with
    `{variable}` for the values of a row. *outcome* says what the rows are; with the values of *example*, the
    answer *shows* this.
    """

    name: str
    path: Path
    category: str
    summary: str
    description: str
    tags: tuple[str, ...]
    params: Mapping[str, QueryParameter]
    columns: Mapping[str, str]
    form: str
    layout: Layout = field(repr=False)
    message: str | None = None
    severity: str = "violation"
    outcome: str = ""
    example: Mapping[str, str] = field(default_factory=dict)
    shows: str = ""
    answer: str = ""
    """The template of the sentence that sums an answer up; empty where the file has none."""
    usual: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Values of columns that make a row the rule, so that the others are shown first, and words for it."""
    by: tuple[str, ...] = ()
    """Columns by which a page puts rows under headings."""
    beneath: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The sides of a row, each with the columns that a page puts beneath it."""
    words: Mapping[str, str] = field(default_factory=dict)
    """What words with which a text of the answer begins mean, for its key."""
    heads: Mapping[str, str] = field(default_factory=dict)
    """What columns are called where people read them, if not by their names."""
    sought: tuple[str, ...] = ()
    """Other words by which people look for the question."""
    related: tuple[str, ...] = ()
    """The names of questions that it is easily taken for, to which its page leads."""
    group: str = ""
    """The name of its group, as `GROUPS` has it; empty where the file names none."""

    @property
    def is_check(self) -> bool:
        """Whether this is a check: no row means no defect."""
        return self.message is not None

    @property
    def iri(self) -> str:
        """The IRI of the query."""
        return QUERY + self.name

    @property
    def text(self) -> str:
        """The text of the file, which is a query with its defaults."""
        return self.layout.text

    @property
    def kind(self) -> Kind:
        """What kind of answer the query has."""
        return KIND_OF[self.form]

    @property
    def pageable(self) -> bool:
        """Whether pages of the rows can be asked for."""
        return self.layout.pageable

    @cached_property
    def inspection(self) -> Inspection:
        """What is to be seen of the text without parsing it."""
        return inspect(self.text)

    @property
    def varies(self) -> bool:
        """Whether two evaluations over the same data may differ."""
        return self.inspection.varies

    @cached_property
    def version(self) -> str:
        """The version of the query: the beginning of the SHA-256 of its file, 16 hexadecimal digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    @cached_property
    def body(self) -> str:
        """The query without the header of its file."""
        return without_header(self.text)

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The columns that hold the labels of another column."""
        return tuple(name + LABEL for name in self.columns if name + LABEL in self.columns)

    @cached_property
    def summed(self) -> Mapping[str, str]:
        """The columns that the sentence is made of, each with that of its labels, or with nothing."""
        return {
            name: name + LABEL if name + LABEL in self.columns else ""
            for name in self.columns
            if name not in self.labels and name in self.answer
        }

    def bind(self, values: Mapping[str, str | Sequence[str]], choices: Choices | None = None) -> str:
        """Return the text with the VALUES blocks of the given parameters replaced.

        A value is text as a person types it; several values of one parameter are a list. *choices* gives the
        instances of a class, so that keys such as CHN are understood; without it, only IRIs are.
        Raises ParameterError.
        """
        return self.bind_terms(self.terms(values, choices))

    def terms(
        self, values: Mapping[str, str | Sequence[str]], choices: Choices | None = None
    ) -> dict[str, tuple[Term, ...]]:
        """Return the terms that *values* stand for, each once, as `bind` does; any value is all of them."""
        found: dict[str, tuple[Term, ...]] = {}
        faults: list[ParameterError] = []
        for name, given in values.items():
            if name not in self.params:
                known = list(self.params)
                remedy = f"it takes {', '.join(known)}" if known else "it takes none"
                raise ParameterError(name, f'{self.name} has no parameter "{name}": {remedy}.', known)
            texts = [given] if isinstance(given, str) else list(given)
            if not texts:
                continue
            read: dict[Term, None] = {}
            for text in texts:
                try:
                    read[to_term(self.params[name], text, choices)] = None
                except ParameterError as error:
                    faults.append(error)
            # two spellings of one value, or a value beside any, would give the same rows again
            found[name] = (None,) if None in read else tuple(read)
        if faults:  # all at once, so that all can be mended at once
            raise ParameterError(faults[0].parameter, " ".join(map(str, faults)), faults[0].allowed)
        return found

    def bind_terms(self, terms: Mapping[str, Sequence[Term]]) -> str:
        """Return the text with *terms* in the VALUES blocks of their parameters.

        Where one has several terms, its column tells them apart.
        """
        text = self.layout.bound({name: _values_clause(name, given) for name, given in terms.items()})
        told = self.told_apart(terms)
        return self.layout.showing(text, told) if told else text

    @cached_property
    def told(self) -> Mapping[str, str]:
        """The columns that come where a parameter has several values, with their types."""
        return {
            name: parameter.type
            for name, parameter in self.params.items()
            if name not in self.columns and name in self.layout.visible
        }

    def told_apart(self, terms: Mapping[str, Sequence[Term]]) -> tuple[str, ...]:
        """Return the parameters that are no columns and have several terms, which their rows have to tell."""
        return tuple(name for name, given in terms.items() if len(given) > 1 and name in self.told)

    def paged(self, text: str, limit: int | None, offset: int) -> str:
        """Return the query for the rows after *offset*, at most *limit* of them.

        *text* is this query, which must be `pageable`, bound and perhaps `without` columns.
        """
        return paged(text, limit, offset)

    def counted(self, text: str) -> str:
        """Return the query for the number of rows of *text*, which is one as `paged` takes it."""
        return self.layout.counted(text)

    def without(self, text: str, columns: Collection[str]) -> str:
        """Return *text*, this query, bound, with these columns taken out of its projection."""
        return self.layout.without(text, columns)


def without_header(text: str) -> str:
    """Return the text of a query without the lines of its header."""
    return "\n".join(line for line in text.split("\n") if not line.startswith("#+")).strip()


def _values_clause(name: str, terms: Sequence[Term]) -> str:
    return f"VALUES ?{name} {{ {' '.join(to_sparql(term) for term in terms)} }}"
