"""The rows of VALUES, which the grammar calls a data block: whether each has a value for each variable."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from surplace.sparql.fault import Fault, quoted
from surplace.sparql.lexer import Token
from surplace.words.english import count

TRUTH: Final = frozenset(("TRUE", "FALSE"))
_VALUES: Final = frozenset(("name", "iri", "string", "number"))


def of_data_block(found: Sequence[Token], number: int) -> tuple[Fault | None, int]:
    """Find the first row at fault after the word VALUES, which is *number* in *found*.

    Return the number of the token after the block, or after what could be read of it.
    """
    in_brackets = _is(found, number + 1, "(")
    first = place = number + 1 + in_brackets
    while place < len(found) and found[place].kind == "variable":
        place += 1
    variables = place - first
    if in_brackets:
        if not _is(found, place, ")"):
            return None, number + 1
        place += 1
    if not _is(found, place, "{"):
        return None, number + 1
    place += 1
    while place < len(found) and found[place].text != "}":
        token = found[place]
        if not in_brackets and _begins_triple(found, place):
            if not (place := _after_triple(found, place)):
                return None, number + 1
            continue
        if in_brackets != (token.text == "("):
            sentence = (
                f'a row of values stands in brackets: write "(" before {quoted(token)}.'
                if in_brackets
                else "values of one variable that has no brackets have none either: leave this one out."
            )
            return Fault(token.start, token.text, sentence), place
        place += 1
        if in_brackets:
            values, place = _row(found, place)
            if values is None:
                return None, place
            if values != variables:
                has = f"this row has {count(values, 'value')} for {count(variables, 'variable')}"
                sentence = f"{has}: write one for each, UNDEF where it may be any."
                return Fault(token.start, token.text, sentence), place
    return None, place + 1


def _is(found: Sequence[Token], place: int, text: str) -> bool:
    return place < len(found) and found[place].text == text


def _begins_triple(found: Sequence[Token], place: int) -> bool:
    """Tell whether a triple term begins there, which is one value: `<<( … )>>`."""
    return [token.text for token in found[place : place + 3]] == ["<", "<", "("]


def _after_triple(found: Sequence[Token], place: int) -> int:
    """Return the place after the triple term that begins there; 0 if it has no end."""
    depth = 0
    while place < len(found):
        if _begins_triple(found, place):
            depth, place = depth + 1, place + 3
        elif [token.text for token in found[place : place + 3]] == [")", ">", ">"]:
            depth, place = depth - 1, place + 3
            if not depth:
                return place
        else:
            place += 1
    return 0


def _row(found: Sequence[Token], place: int) -> tuple[int | None, int]:
    """Count the values of a row, None if it holds anything else or has no end; return what follows too."""
    values = 0
    while place < len(found) and found[place].text != ")":
        token = found[place]
        if token.text == "^":
            place += 3  # the second sign, and the type
            continue
        if _begins_triple(found, place):
            values, after = values + 1, _after_triple(found, place)
            if not after:
                return None, place + 1
            place = after
            continue
        if token.kind in _VALUES or token.text.upper() in (*TRUTH, "UNDEF"):
            values += 1
        elif token.kind != "tag" and token.text not in ("+", "-"):
            return None, place
        place += 1
    return (values if place < len(found) else None), place + 1
