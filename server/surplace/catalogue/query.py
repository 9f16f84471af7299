"""One query of the catalogue: what its file says, checked, and the text with values bound."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from surplace.catalogue.header import Parameter
from surplace.catalogue.scanner import tokens, values_blocks
from surplace.catalogue.values import Choices, ParameterError, Term, to_sparql, to_term


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
    def is_check(self) -> bool:
        """Whether this is a check: no row means no defect."""
        return self.message is not None

    def bind(self, values: Mapping[str, str | Sequence[str]], choices: Choices | None = None) -> str:
        """Return the text with the VALUES blocks of the given parameters replaced.

        A value is text as a person types it; several values of one parameter are a list. *choices* gives the
        instances of a class, so that keys such as CHN are understood; without it, only IRIs are.
        Raises ParameterError.
        """
        replacements: dict[str, str] = {}
        for name, given in values.items():
            if name not in self.params:
                known = list(self.params)
                remedy = f"it takes {', '.join(known)}" if known else "it takes none"
                raise ParameterError(name, f'{self.name} has no parameter "{name}": {remedy}.', known)
            texts = [given] if isinstance(given, str) else list(given)
            if not texts:
                continue
            terms = [to_term(self.params[name], text, choices) for text in texts]
            replacements[name] = _values_clause(name, terms)
        return _replace(self.text, replacements)


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
