"""What is wrong at a place of a query, and what to do there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from surplace.sparql.lexer import Token

_REFUSAL: Final = re.compile(r"error at ([0-9]+):([0-9]+): (.*)", re.DOTALL)


@dataclass(frozen=True)
class Fault:
    """What is wrong at *start*, a place counted in characters from 0, and what to do, in one sentence.

    *text* is what stands there, *instead* the word to write in its place, and *append* a line to write at the
    end of the query, each "" where that is not known.
    """

    start: int
    text: str
    sentence: str
    instead: str = ""
    append: str = ""


def said_of(error: SyntaxError) -> tuple[int, int, str]:
    """Return how far the engine got with a query that it cannot read, by line and column, and why."""
    match = _REFUSAL.fullmatch(error.msg or "")
    return (int(match[1]), int(match[2]), match[3]) if match else (1, 1, error.msg or "")


def mended(
    query: str, line: int, column: int, written: str, *, instead: str = "", paste: str = "", append: str = ""
) -> str:
    """Return a query with *instead* for what is *written* at a place, below *paste*, and above *append*."""
    lines = query.split("\n")
    if instead:
        before, after = lines[line - 1][: column - 1], lines[line - 1][column - 1 :]
        lines[line - 1] = before + after.replace(written, instead, 1)
    return "\n".join([*[paste] * bool(paste), *lines, *[append] * bool(append)])


def place_of(query: str, start: int) -> tuple[int, int]:
    """Return the line and column of a character, both counted from 1."""
    before = query[:start]
    return before.count("\n") + 1, start - before.rfind("\n")


def quoted(token: Token) -> str:
    """Return the text of a token in quotes, which a text has already."""
    return token.text if token.kind == "string" else f'"{token.text}"'
