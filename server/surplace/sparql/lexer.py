"""Finds the parts of a SPARQL text that matter here, without mistaking comments, strings or IRIs for them.

This is a lexer, not a parser: the engine judges the grammar. Time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

FORMS: Final = ("SELECT", "ASK", "CONSTRUCT", "DESCRIBE")

# Quantifiers are possessive and strings need no end: a text that never closes what it opens is read once.
_TOKEN = re.compile(
    r"""
      (?P<space>[\s\ufeff]+)
    | (?P<comment>\#[^\n\r]*)
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | (?P<string>\"{3}(?:[^"\\]|\\.|\"{1,2}(?!\"))*+(?:\"{3})? | '{3}(?:[^'\\]|\\.|'{1,2}(?!'))*+(?:'{3})?
        | "(?:[^"\\\n\r]|\\.)*+"? | '(?:[^'\\\n\r]|\\.)*+'?)
    | (?P<variable>[?$]\w+)
    | (?P<name>(?:[^\W\d_][\w.-]*+)?:(?:[\w:-]|\.(?=[\w:.%\\-])|%[0-9A-Fa-f]{2}|\\.)*+ | [^\W\d_][\w.-]*+)
    | (?P<tag>@[A-Za-z0-9-]+)
    | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)
    | (?P<word>[^\W\d]\w*)
    | (?P<other>.)
    """,
    re.VERBOSE | re.DOTALL,
)
_WORD = re.compile(r"[^\W\d]\w*|.")


class Token(NamedTuple):
    """A piece of the text: its kind, its characters, and where it begins and ends."""

    kind: str
    text: str
    start: int
    end: int

    def is_word(self, word: str) -> bool:
        """Tell whether this is the keyword *word* (upper case), in any case."""
        return self.kind == "word" and self.text.upper() == word


def tokens(text: str) -> list[Token]:
    """Split *text* into tokens, leaving out white space and comments."""
    found = []
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        if kind == "name" and ":" not in match.group():
            # keywords and full stops without a colon after them: `true.FILTER`
            found += [_word(piece, match.start()) for piece in _WORD.finditer(match.group())]
        elif kind not in ("space", "comment"):
            found.append(Token(kind, match.group(), match.start(), match.end()))
    return found


def _word(match: re.Match[str], offset: int) -> Token:
    kind = "word" if match.group() not in ".-" and not match.group()[0].isdigit() else "other"
    return Token(kind, match.group(), offset + match.start(), offset + match.end())


@dataclass(frozen=True)
class ValuesBlock:
    """`VALUES ?variable { … }`: *start* is at VALUES, *end* is after the closing brace."""

    variable: str
    start: int
    end: int
    terms: tuple[Token, ...]


def query_form(found: Sequence[Token]) -> str | None:
    """Return SELECT, ASK, CONSTRUCT or DESCRIBE, whichever the query is, or None if it is none of them."""
    position = _after_prologue(found)
    if position < len(found) and found[position].kind == "word":
        word = found[position].text.upper()
        return word if word in FORMS else None
    return None


def prologue(text: str, found: Sequence[Token]) -> str:
    """Return the BASE and PREFIX lines of the query."""
    end = _after_prologue(found)
    return "\n".join(text[token.start : token.end] for token in found[:end])


def projection(found: Sequence[Token]) -> tuple[str, ...] | None:
    """Return the names of the columns of a SELECT query, in order; None for `SELECT *`."""
    names = []
    depth = 0
    for number, token in enumerate(found[_after_prologue(found) + 1 :], _after_prologue(found) + 1):
        if token.text == "(":
            depth += 1
        elif token.text == ")":
            depth -= 1
        elif depth == 0 and token.text == "*":
            return None
        elif depth == 0 and (token.text == "{" or token.is_word("WHERE") or token.is_word("FROM")):
            break
        elif token.kind == "variable" and (depth == 0 or (depth == 1 and found[number - 1].is_word("AS"))):
            names.append(token.text[1:])
    return tuple(names)


def values_blocks(found: Sequence[Token]) -> list[ValuesBlock]:
    """Return the VALUES blocks of one variable written without brackets, in the order of the text."""
    blocks = []
    for number, token in enumerate(found[:-2]):
        variable, brace = found[number + 1], found[number + 2]
        if not token.is_word("VALUES") or variable.kind != "variable" or brace.text != "{":
            continue
        terms: list[Token] = []
        for inner in found[number + 3 :]:
            if inner.text == "}":
                blocks.append(ValuesBlock(variable.text[1:], token.start, inner.end, tuple(terms)))
                break
            terms.append(inner)
    return blocks


def _after_prologue(found: Sequence[Token]) -> int:
    """Return the position of the first token after BASE and PREFIX lines."""
    position = 0
    while position < len(found):
        if found[position].is_word("BASE"):
            position += 2
        elif found[position].is_word("PREFIX"):
            position += 3
        else:
            break
    return min(position, len(found))
