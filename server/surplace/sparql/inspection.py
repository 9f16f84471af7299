"""What can be seen of a query without parsing it: its form, telling words, its depth. Time is linear."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from surplace.rdf.formats import Kind
from surplace.sparql.lexer import TERMS, WORD, Token, tokens, with_code_points

KEPT: Final = 8192
"""Characters of a query from which on what was seen of it is not kept."""
KIND_OF: Final[Mapping[str, Kind]] = {
    "SELECT": "bindings",
    "ASK": "boolean",
    "CONSTRUCT": "graph",
    "DESCRIBE": "graph",
}
"""What kind of answer a query of each form has."""
VARYING: Final = frozenset(("NOW", "RAND", "UUID", "STRUUID", "BNODE"))
"""The functions of SPARQL whose value is another at each evaluation."""

_FOLLOWING: Final = ("SERVICE", "FROM")
"""Keywords that may follow where a bracket closes."""
_BEFORE_THE_FORM: Final = frozenset(("BASE", "PREFIX", "VERSION", *VARYING, *_FOLLOWING))
"""Words of the prologue, and what its IRIs may seem to hide."""
_BRACKET: Final = re.compile(r"(<<|\{\||[({\[])|>>|\|\}|[)}\]]")
_TEMPLATE: Final = re.compile(r"\bCONSTRUCT\b([^}]*)", re.IGNORECASE)
# what makes a blank node in a template: _:label, [ ], a list, a statement or annotation without a name
_BLANK: Final = re.compile(r"\b_\b|[\[(~]|<<|\{\|")
_CALLS: Final = re.compile(rf"\b(?:{'|'.join(sorted(VARYING))})\b", re.IGNORECASE)
_FOLLOWS: Final = re.compile(rf"\b(?:{'|'.join(_FOLLOWING)})\b", re.IGNORECASE)
_DOUBTFUL: Final = re.compile(rf"[()]|\b(?:{'|'.join(sorted(VARYING))})#", re.IGNORECASE)


@dataclass(frozen=True)
class Inspection:
    """The *form* (SELECT, ASK, CONSTRUCT, DESCRIBE or none), the words in upper case, and the *depth*.

    *depth* is how many brackets are open at once. *varies* tells whether two evaluations over the same data
    may differ.
    """

    form: str | None
    words: frozenset[str]
    depth: int
    varies: bool

    @property
    def kind(self) -> Kind | None:
        """What kind of answer the query has, if that can be seen."""
        return None if self.form is None else KIND_OF[self.form]


def inspect(query: str) -> Inspection:
    """Look at a query as SPARQL reads it, and see nothing in texts and names.

    Some engines resolve \\u escapes first, as the standard has it, some in texts and IRIs only. So an escaped
    quote may end a text or not: what either sees counts.
    """
    return _kept(query) if len(query) < KEPT else _inspect(query)


def varies(query: str) -> bool:
    """Tell whether two evaluations of a query over the same data may give different bytes.

    They do with functions such as NOW and RAND, and where a template makes blank nodes. It is never told of a
    query that varies that it does not; of some that do not vary it is told that they do.
    """
    return inspect(query).varies


def bare_text(query: str) -> str:
    """Return a query without comments, with a digit for each text, name, number and IRI."""
    return TERMS.sub(_shown, query)


def tokens_of(query: str) -> tuple[Token, ...]:
    """Return the tokens of a query, which several look at one after the other."""
    return _kept_tokens(query) if len(query) < KEPT else tuple(tokens(query))


def _inspect(query: str) -> Inspection:
    seen = _inspect_as_it_is(query)
    resolved = with_code_points(query)
    if resolved == query:
        return seen
    other = _inspect_as_it_is(resolved)
    return Inspection(
        other.form if seen.form is None else seen.form,
        seen.words | other.words,
        max(seen.depth, other.depth),
        seen.varies or other.varies,
    )


def _inspect_as_it_is(query: str) -> Inspection:
    bare = bare_text(query)
    words = WORD.findall(bare.upper())
    first = next((word for word in words if word not in _BEFORE_THE_FORM), "")
    known = frozenset(words)
    return Inspection(
        first if first in KIND_OF else None,
        known,
        _depth(bare),
        not VARYING.isdisjoint(known) or (first == "CONSTRUCT" and _makes_blank_nodes(bare)),
    )


_kept = lru_cache(maxsize=32)(_inspect)
_kept_tokens = lru_cache(maxsize=32)(lambda query: tuple(tokens(query)))


def _shown(match: re.Match[str]) -> str:
    """Return words as they are, a digit for any other term, and a blank for a comment."""
    kind = match.lastgroup
    if kind == "word":
        return f" {match[0]} "
    if kind == "iri" and _DOUBTFUL.search(match[0]):
        return _doubtful(match[0])
    return " " if kind == "comment" else "0"


def _doubtful(iri: str) -> str:
    """Return what else an IRI may be: in `FILTER(1<2)SERVICE#>` the signs compare, and a comment begins.

    Then brackets may be open, functions be called, also with the bracket after the comment, and keywords
    follow where a bracket closes. An IRI has such things seldom, and counts for the more that it may be.
    """
    opened, closed = iri.count("("), iri.count(")")
    words = [*_CALLS.findall(iri), *_FOLLOWS.findall(iri.partition(")")[2])]
    return f"0{'(' * opened}{')' * min(opened, closed)} {' '.join(words)} "


def _depth(bare: str) -> int:
    deepest = depth = 0
    for opening in _BRACKET.findall(bare):
        if opening:
            depth += 1
            if depth > deepest:
                deepest = depth
        elif depth:
            depth -= 1
    return deepest


def _makes_blank_nodes(bare: str) -> bool:
    """Tell whether the template of a CONSTRUCT query makes blank nodes: others in each answer."""
    template = _TEMPLATE.search(bare)
    return template is not None and _BLANK.search(template[1]) is not None
