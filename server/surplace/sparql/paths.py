"""Paths that lack a step, or have a variable for one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from surplace.sparql.fault import Fault
from surplace.sparql.lexer import Token

_STEPS: Final = ("iri", "name")
_BEGINNING: Final = ("(", "^", "!")
_ENDING: Final = (")", "*", "+", "?")
_REPEATING: Final = ("*", "+", "?")
_NOTHING: Final = Token("end", "", -1, -1)


def of_path(query: str, found: Sequence[Token], number: int) -> Fault | None:
    """Find what is wrong at a token of a path, which is not within an expression."""
    token = found[number]
    before = found[number - 1] if number else _NOTHING
    after = found[number + 1] if number + 1 < len(found) else _NOTHING
    if (
        token.text == "{"
        and before.end == token.start
        and (before.kind in _STEPS or before.text in (")", "a"))
    ):
        return _of_times(query, found, number)
    if token.text in _REPEATING and before.kind == "variable" and before.end == token.start:
        return None if query[token.end : token.end + 1].isdigit() else _of_variable(before)
    if token.text not in ("/", "|", "^", "!") or "^^" in (before.text + token.text, token.text + after.text):
        return None
    if token.text == "|" and (before.text == "{" or after.text == "}"):
        return None  # an annotation
    if before.kind == "variable" and before.end == token.start and token.text in ("/", "|"):
        return _of_variable(before)
    if after.kind == "variable" and after.start == token.end:
        return _of_variable(after)
    if token.text in ("/", "|") and not (_is_step(before) or before.text in _ENDING):
        return Fault(token.start, token.text, f'before this "{token.text}" comes a step of the path, a name.')
    if not (_is_step(after) or after.text in _BEGINNING):
        return Fault(token.start, token.text, f'after this "{token.text}" comes a step of the path, a name.')
    return None


def _is_step(token: Token) -> bool:
    return token.kind in _STEPS or token.text == "a"


def _of_variable(token: Token) -> Fault:
    sentence = (
        f"a path is made of names, and {token.text} is a variable: write a name, or the variable alone."
    )
    return Fault(token.start, token.text, sentence)


def _of_times(query: str, found: Sequence[Token], number: int) -> Fault | None:
    """Find how often a step is to be taken, as drafts of SPARQL 1.1 had it: `{2}`, `{1,2}`, `{,2}`."""
    for token in found[number + 1 : number + 5]:
        if token.text == "}" and token is not found[number + 1]:
            text = query[found[number].start : token.end]
            sentence = (
                f'SPARQL has no "{text}" in paths: write the steps one by one, with "/", or "*", "+", "?".'
            )
            return Fault(found[number].start, text, sentence)
        if token.kind != "number" and token.text != ",":
            return None
    return None
