"""Which IRIs the names in a query stand for, by its own PREFIX and BASE lines."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple
from urllib.parse import urljoin

from surplace.namespaces import BASE
from surplace.sparql.lexer import Token, with_code_points

_ESCAPED: Final = re.compile(r"\\(.)")
_ABSOLUTE: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class NamedToken(NamedTuple):
    """A name in a query: its place among the tokens, the token, and the IRI it stands for."""

    position: int
    token: Token
    iri: str


def names_in(found: Sequence[Token]) -> Iterator[NamedToken]:
    """Yield the names among the tokens of a query with their IRIs; PREFIX and BASE lines have none.

    Names with an undeclared prefix are left out.
    """
    base, prefixes = BASE, dict[str, str]()
    prologue = set[int]()
    for position, token in enumerate(found):
        rest = found[position + 1 : position + 3]
        if token.is_word("BASE") and rest and rest[0].kind == "iri":
            base = resolved(rest[0], base)
            prologue.add(position + 1)
        elif token.is_word("PREFIX") and len(rest) == 2 and rest[1].kind == "iri":
            prefixes[rest[0].text.rstrip(":")] = resolved(rest[1], base)
            prologue |= {position + 1, position + 2}
        if position in prologue:
            continue
        if token.kind == "iri":
            yield NamedToken(position, token, resolved(token, base))
        elif token.kind == "name":
            prefix, _, local = token.text.partition(":")
            if prefix in prefixes:
                yield NamedToken(position, token, prefixes[prefix] + _ESCAPED.sub(r"\1", local))


def prefixes_in(found: Sequence[Token]) -> set[str]:
    """Return the prefixes that a query declares, without their colons."""
    return {after.text.rstrip(":") for token, after in pairwise(found) if token.is_word("PREFIX")}


def resolved(iri: Token, base: str) -> str:
    """Return the IRI of a token; one that cannot be resolved is left as it is, for the engine to refuse."""
    text = with_code_points(iri.text[1:-1])
    try:
        return text if _ABSOLUTE.match(text) else urljoin(base, text)
    except ValueError:
        return text
