"""Brackets of expressions: what is missing in them, or too much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from surplace.sparql.data_block import TRUTH, of_data_block
from surplace.sparql.fault import Fault, place_of, quoted
from surplace.sparql.following import AGGREGATES
from surplace.sparql.keywords import KEYWORDS, WORDS
from surplace.sparql.lexer import Token
from surplace.words.english import count, number_in_words

_MANY: Final = 1000
"""More arguments than a query has."""
_ARGUMENTS: Final[Mapping[str, tuple[int, int]]] = {
    **dict.fromkeys(("NOW", "RAND", "STRUUID", "UUID"), (0, 0)),
    **dict.fromkeys(("COALESCE", "CONCAT"), (0, _MANY)),
    "BNODE": (0, 1),
    "ADJUST": (1, 2),
    **dict.fromkeys(("CONTAINS", "LANGMATCHES", "SAMETERM", "SAMEVALUE", "STRAFTER", "STRBEFORE"), (2, 2)),
    **dict.fromkeys(("STRDT", "STRENDS", "STRLANG", "STRSTARTS"), (2, 2)),
    **dict.fromkeys(("REGEX", "SUBSTR"), (2, 3)),
    **dict.fromkeys(("IF", "STRLANGDIR", "TRIPLE"), (3, 3)),
    "REPLACE": (3, 4),
}
"""How many arguments functions take at least and at most; those that are not here take one."""
_FUNCTIONS: Final = WORDS.keys() - KEYWORDS.keys()
_EXPRESSIONS: Final = frozenset(("FILTER", "HAVING", "ASC", "DESC"))
_CLAUSES: Final = frozenset(("SELECT", "BY", "HAVING"))
"""The words after which brackets hold expressions, until a group begins."""
_OPERANDS: Final = frozenset(("variable", "name", "string", "number"))


@dataclass
class _Bracket:
    """A bracket that is open at a token, and what it holds: *kind* is `call`, `expression` or `list`.

    `named` holds an expression and the name of its value, and `other` holds no expression. *name* is the
    function, and *commas* are those between its arguments.
    """

    number: int
    kind: str
    name: Token | None = None
    commas: int = 0

    @property
    def is_read(self) -> bool:
        """Whether operands in it stand apart."""
        return self.kind in ("call", "expression", "list")


def of_calls(query: str, found: Sequence[Token], end: int) -> Fault | None:
    """Find the first bracket at fault, up to the end of the group that was read as far as *end*."""
    limit = next((token.start for token in found if token.text == "}" and token.start >= end), len(query))
    opened: list[_Bracket] = []
    clause, number = False, 0
    while number < len(found) and found[number].start <= limit:
        token = found[number]
        if token.is_word("VALUES"):
            fault, number = of_data_block(found, number)
            if fault is not None:
                return fault
            continue
        if fault := _of_token(query, found, number, opened):
            return fault
        if token.text in ("(", "{", "["):
            opened.append(_opened(found, number, opened, clause=clause))
        elif token.text in (")", "}", "]"):
            if not opened or (token.text == ")") != (found[opened[-1].number].text == "("):
                return None
            if fault := _of_arguments(found, opened.pop(), number):
                return fault
        clause = token.text.upper() in _CLAUSES or (clause and token.text not in ("{", "}"))
        number += 1
    return None


def _opened(found: Sequence[Token], number: int, opened: Sequence[_Bracket], *, clause: bool) -> _Bracket:
    """Tell what a bracket holds from what stands before it, and from the bracket that it is in."""
    before = found[number - 1] if number else None
    if found[number].text != "(" or before is None:
        return _Bracket(number, "other")
    word = before.text.upper() if before.kind == "word" else ""
    if word in _FUNCTIONS:
        return _Bracket(number, "call", before)
    if word in _EXPRESSIONS or word == "IN":
        return _Bracket(number, "list" if word == "IN" else "expression")
    within = opened[-1] if opened else None
    if within is not None and (within.is_read or within.kind == "named"):
        if before.text == "<":
            return _Bracket(number, "other")  # a triple term
        return _Bracket(number, "list" if before.kind in ("name", "iri") else "expression")
    return _Bracket(number, "named" if word == "BIND" or clause else "other")


def _of_token(query: str, found: Sequence[Token], number: int, opened: Sequence[_Bracket]) -> Fault | None:
    """Find what is wrong with a token in the innermost bracket, for what stands before it."""
    if not opened or opened[-1].kind == "other" or not number:
        return None
    token, before, within = found[number], found[number - 1], opened[-1]
    if within.kind == "named" and found[number - 2].is_word("AS") and token.text not in ("}", ")"):
        sentence = f'after "AS {before.text}" comes ")": write it before "{token.text}".'
        return Fault(token.start, token.text, sentence) if before.kind == "variable" else None
    if token.text == "{" and not before.is_word("EXISTS"):
        if within.kind == "named":
            sentence = 'what is computed needs a name: write AS ?name and ")" before this "{".'
            return Fault(token.start, token.text, sentence)
        return _still_open(query, found[within.number], token, 'this "{"')
    if token.is_word("AS") and within.kind != "named" and any(each.kind == "named" for each in opened):
        return _still_open(query, found[within.number], token, "AS")
    if within.name is not None and within.name.is_word("GROUP_CONCAT"):
        return _of_separator(found, number)
    if token.text == ",":
        within.commas += 1
    if within.is_read and _ends_operand(before) and _begins_operand(token, before):
        sentence = f"a comma or an operator is missing here: write it before {quoted(token)}."
        return Fault(token.start, token.text, sentence)
    return None


def _of_separator(found: Sequence[Token], number: int) -> Fault | None:
    """Find what is wrong with how the separator of GROUP_CONCAT is given, as SEPARATOR="…"."""
    token, before = found[number], found[number - 1]
    if token.text == ",":
        sentence = 'a separator is given after ";" and SEPARATOR=: write "; SEPARATOR=" instead of ",".'
        return Fault(token.start, token.text, sentence, "; SEPARATOR=")
    if before.text == ";" and not token.is_word("SEPARATOR"):
        return Fault(token.start, token.text, f'after ";" comes SEPARATOR=: write it before {quoted(token)}.')
    if before.is_word("SEPARATOR") and token.text != "=":
        return Fault(token.start, token.text, f'after SEPARATOR comes "=": write it before {quoted(token)}.')
    return None


def _of_arguments(found: Sequence[Token], bracket: _Bracket, closing: int) -> Fault | None:
    """Find a function that has more arguments than it takes, or fewer."""
    name = bracket.name
    if name is None:
        return None
    first = bracket.number + 1 + found[bracket.number + 1].is_word("DISTINCT")
    word = name.text.upper()
    least, most = _ARGUMENTS.get(word, (1, 1))
    given = bracket.commas + 1 if first < closing else 0
    if least <= given <= most:
        return None
    takes = (
        count(least, "argument")
        if least == most
        else f"{number_in_words(least)} or {count(most, 'argument')}"
    )
    here = f"{'is' if given < 2 else 'are'} {number_in_words(given) if given else 'none'}"
    do = "write what is missing" if given < least else "leave out what is too much"
    shown = word if word in AGGREGATES else WORDS[word]
    return Fault(name.start, name.text, f"{shown} takes {takes}, and here {here}: {do}.")


def _ends_operand(token: Token) -> bool:
    return token.kind in _OPERANDS or token.kind == "tag" or token.text == ")" or token.text.upper() in TRUTH


def _begins_operand(token: Token, before: Token) -> bool:
    if token.text == "(":
        return before.kind != "name"
    return token.kind in _OPERANDS or (token.kind == "word" and token.text.upper() in _FUNCTIONS | TRUTH)


def _still_open(query: str, opening: Token, token: Token, shown: str) -> Fault:
    line, column = place_of(query, opening.start)
    sentence = f'the "(" in line {line}, column {column}, is still open: write ")" before {shown}.'
    return Fault(token.start, token.text, sentence)
