"""Finds the parts of a SPARQL text that matter here, without mistaking comments, strings or IRIs for them.

This is a lexer, not a parser: the engine judges the grammar. Time is linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

# Quantifiers are possessive and strings need no end: a text that never closes what it opens is read once.
# What it leaves out are white space and signs.
TERMS: Final = re.compile(
    r"""
      (?P<comment>\#[^\n\r]*)
    | (?P<iri><(?:[^<>"{}|^`\\\x00-\x20]++|\\u[0-9A-Fa-f]{4}|\\U[0-9A-Fa-f]{8})*+>)
    | (?P<string>\"{3}(?:[^"\\]|\\.|\"{1,2}(?!\"))*+(?:\"{3})? | '{3}(?:[^'\\]|\\.|'{1,2}(?!'))*+(?:'{3})?
        | "(?:[^"\\\n\r]|\\.)*+"? | '(?:[^'\\\n\r]|\\.)*+'?)
    | (?P<variable>[?$]\w+)
    | (?P<name>(?:[^\W\d_][\w.-]*+)?:(?:[\w:-]|\.(?=[\w:.%\\-])|%[0-9A-Fa-f]{2}|\\.)*+)
    | (?P<word>[^\W\d_][\w.-]*+ | [^\W\d]\w*+)
    | (?P<tag>@[A-Za-z0-9-]+)
    | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?)
    """,
    re.VERBOSE | re.DOTALL,
)
"""The terms, keywords and comments of a text. A `word` may be several, with full stops: `true.FILTER`."""

WORD: Final = re.compile(r"[^\W\d]\w*")
"""One keyword."""

_CODE_POINT: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SIGN: Final = re.compile(r"[^\s\ufeff]")
_WORD_OR_SIGN: Final = re.compile(rf"{WORD.pattern}|.")


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
    found: list[Token] = []
    end = 0
    for match in TERMS.finditer(text):
        found += _signs(text, end, match.start())
        end = match.end()
        kind = match.lastgroup or "comment"
        if kind == "word":
            found += [_word(piece) for piece in _WORD_OR_SIGN.finditer(text, match.start(), end)]
        elif kind != "comment":
            found.append(Token(kind, match.group(), match.start(), end))
    found += _signs(text, end, len(text))
    return found


def with_code_points(text: str) -> str:
    """Return a text with the characters that its \\u escapes stand for."""
    return _CODE_POINT.sub(_code_point, text) if "\\" in text else text


def _code_point(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    return chr(number) if number < 0x110000 else "\ufffd"


def _signs(text: str, start: int, end: int) -> Iterator[Token]:
    """Yield what stands between terms: signs, each a token."""
    return (Token("other", match.group(), *match.span()) for match in _SIGN.finditer(text, start, end))


def _word(match: re.Match[str]) -> Token:
    kind = "word" if match.group() not in ".-" and not match.group()[0].isdigit() else "other"
    return Token(kind, match.group(), *match.span())


@dataclass(frozen=True)
class ValuesBlock:
    """`VALUES ?variable { … }`: *start* is at VALUES, *end* is after the closing brace."""

    variable: str
    start: int
    end: int
    terms: tuple[Token, ...]


def prologue(text: str, found: Sequence[Token]) -> str:
    """Return the BASE and PREFIX lines of the query."""
    end = after_prologue(found)
    return "\n".join(text[token.start : token.end] for token in found[:end])


def projection(found: Sequence[Token]) -> tuple[str, ...] | None:
    """Return the names of the columns of a SELECT query, in order; None for `SELECT *`."""
    names = []
    depth = 0
    for number, token in enumerate(found[after_prologue(found) + 1 :], after_prologue(found) + 1):
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


def after_prologue(found: Sequence[Token]) -> int:
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
