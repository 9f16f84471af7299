"""One query of the catalogue: what its file says, checked, and the text with values bound."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from surplace.catalogue.header import Parameter
from surplace.catalogue.values import Choices, ParameterError, Term, to_term
from surplace.namespaces import QUERY
from surplace.rdf.terms import to_sparql
from surplace.sparql.lexer import tokens, values_blocks

LABEL: Final = "Label"
"""A column `x` of IRIs may come with the column `xLabel` of their labels."""


@dataclass(frozen=True)
class Query:
    """A query file.

    *category* is the folder it lies in, *form* is SELECT, ASK, CONSTRUCT or DESCRIBE, *columns* maps each
    projected variable to its type (empty for graphs and ASK), *message* is the sentence of a check with
    `{variable}` for the values of a row.
    """

    name: str
    path: Path
    category: str
    summary: str
    description: str
    tags: tuple[str, ...]
    params: Mapping[str, Parameter]
    columns: Mapping[str, str]
    form: str
    text: str
    message: str | None = None
    severity: str = "violation"

    @property
    def kind(self):
        from surplace.sparql.syntax import kind_of
        return kind_of(self.text) or "bindings"
    varies = False
    @property
    def pageable(self):
        from surplace.sparql.rewriting import pageable
        return pageable(self.text)
    def paged(self, text, limit, offset):
        from surplace.sparql.rewriting import paged
        return paged(text, limit, offset)
    def counted(self, text):
        from surplace.sparql.rewriting import counted
        return counted(text)
    def without(self, text, columns):
        from surplace.sparql.rewriting import without
        return without(text, columns)

    @property
    def is_check(self) -> bool:
        """Whether this is a check: no row means no defect."""
        return self.message is not None

    @property
    def iri(self) -> str:
        """The IRI of the query."""
        return QUERY + self.name

    @property
    def version(self) -> str:
        """The version of the query: the beginning of the SHA-256 of its file, 16 hexadecimal digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    @property
    def body(self) -> str:
        """The query without the header of its file."""
        return without_header(self.text)

    @property
    def labels(self) -> tuple[str, ...]:
        """The columns that hold the labels of another column."""
        return tuple(name + LABEL for name in self.columns if name + LABEL in self.columns)

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
        """Return the terms that *values* stand for, as `bind` does."""
        found: dict[str, tuple[Term, ...]] = {}
        for name, given in values.items():
            if name not in self.params:
                known = list(self.params)
                remedy = f"it takes {', '.join(known)}" if known else "it takes none"
                raise ParameterError(name, f'{self.name} has no parameter "{name}": {remedy}.', known)
            texts = [given] if isinstance(given, str) else list(given)
            if not texts:
                continue
            found[name] = tuple(to_term(self.params[name], text, choices) for text in texts)
        return found

    def bind_terms(self, terms: Mapping[str, Sequence[Term]]) -> str:
        """Return the text with *terms* in the VALUES blocks of their parameters."""
        return _replace(self.text, {name: _values_clause(name, given) for name, given in terms.items()})


def without_header(text: str) -> str:
    """Return the text of a query without the lines of its header."""
    return "\n".join(line for line in text.split("\n") if not line.startswith("#+")).strip()


def _values_clause(name: str, terms: Sequence[Term]) -> str:
    return f"VALUES ?{name} {{ {' '.join(to_sparql(term) for term in terms)} }}"


def _replace(text: str, replacements: Mapping[str, str]) -> str:
    """Put the new VALUES blocks in place of the old; everything else stays byte for byte."""
    parts = []
    end = 0
    for block in values_blocks(tokens(text)) if replacements else ():
        if block.variable in replacements:
            parts += [text[end : block.start], replacements[block.variable]]
            end = block.end
    return "".join([*parts, text[end:]])
