"""What can be seen of a query without parsing it: its form, telling words, its size. Time is linear."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from surplace.sparql.lexer import FORMS

_OPENING: Final = frozenset("({[")
_CLOSING: Final = frozenset(")}]")
_BEFORE: Final = frozenset("!^-+")
_OPERATORS: Final = frozenset("!^-+*/|&=<>?")
_ENDING: Final = frozenset(".;,")
_PROLOGUE: Final = frozenset(("BASE", "PREFIX", "VERSION"))

# The scanner's tokens again, but signs are left where they stand: there may be a hundred thousand of them.
_PARTS: Final = re.compile(
    r"""
      (?P<nothing>[\s\ufeff]+|\#[^\n\r]*)
    | (?P<iri><[^<>"{}|^`\\\x00-\x20]*>)
    | \"{3}(?:[^"\\]|\\.|\"{1,2}(?!\"))*+(?:\"{3})? | '{3}(?:[^'\\]|\\.|'{1,2}(?!'))*+(?:'{3})?
    | "(?:[^"\\\n\r]|\\.)*+"? | '(?:[^'\\\n\r]|\\.)*+'?
    | [?$]\w+
    | (?:[^\W\d_][\w.-]*+)?:(?:[\w:-]|\.(?=[\w:.%\\-])|%[0-9A-Fa-f]{2}|\\.)*+
    | (?P<word>[^\W\d_][\w.-]*+ | [^\W\d]\w*+)
    | @[A-Za-z0-9-]+
    | \d+(?:\.\d*)?(?:[eE][+-]?\d+)?
    """,
    re.VERBOSE | re.DOTALL,
)
_WORD: Final = re.compile(r"[^\W\d]\w*")
_SERVICE: Final = re.compile(r"\bSERVICE\b", re.IGNORECASE)
_CODE_POINT: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")


@dataclass(frozen=True)
class Outline:
    """The *form* (SELECT, ASK, CONSTRUCT, DESCRIBE or none), the words, and sizes.

    *depth* counts open brackets and signs before a term, *patterns* what ends with . ; , or }.
    """

    form: str | None
    words: frozenset[str]
    depth: int
    operators: int
    patterns: int


@lru_cache(maxsize=64)
def outline(query: str) -> Outline:
    """Look at a query as SPARQL reads it: with \\u escapes resolved, and nothing seen in texts and names."""
    bare = _PARTS.sub(_shown, _CODE_POINT.sub(_code_point, query))
    words = [word.upper() for word in _WORD.findall(bare)]
    first = next((word for word in words if word not in _PROLOGUE), "")
    depth, operators, patterns = _sizes(bare)
    return Outline(first if first in FORMS else None, frozenset(words), depth, operators, patterns)


def _shown(match: re.Match[str]) -> str:
    """Return words as they are, a digit for any other term, and nothing for what says nothing."""
    if match["word"] is not None:
        return f" {match['word']} "
    if match["iri"] is not None and ("(" in match["iri"] or ")" in match["iri"]):
        return _doubtful(match["iri"])
    return "" if match["nothing"] is not None else "0"


def _doubtful(iri: str) -> str:
    """Return what else an IRI may be: in `FILTER(1<2)SERVICE#>` the signs compare, and a comment begins.

    Then brackets may be open, and SERVICE may follow where one closes; an IRI has such things seldom.
    """
    opened = iri.count("(")
    hidden = " SERVICE " if _SERVICE.search(iri.partition(")")[2]) else ""
    return "0" + "(" * opened + ")" * opened + hidden


def _sizes(bare: str) -> tuple[int, int, int]:
    deepest = row = operators = patterns = 0
    opened: list[str] = []
    for sign in bare:
        if sign in _OPERATORS:
            operators += 1
            row = row + 1 if sign in _BEFORE else 0
            deepest = max(deepest, len(opened) + row)
            continue
        row = 0
        if sign in _OPENING:
            opened.append(sign)
            deepest = max(deepest, len(opened))
        elif sign in _CLOSING:
            if opened:
                opened.pop()
            patterns += sign == "}"
        elif sign in _ENDING and (not opened or opened[-1] != "("):
            patterns += 1
    return deepest, operators, patterns


def _code_point(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    return chr(number) if number < 0x110000 else "\ufffd"


def varies(query: str) -> bool:
    return bool(outline(query).words & {"NOW", "RAND", "UUID", "STRUUID", "BNODE"})
