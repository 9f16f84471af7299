"""Triples that are not whole: without object, without end, or with a text where none may be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from surplace.sparql.fault import Fault
from surplace.sparql.lexer import Token

ENDS: Final = frozenset((".", ";", ",", "}", "]"))
"""What ends a triple, or the part of one that follows its subject or its predicate."""
_WHOLE: Final = {"{": 3, "}": 3, ".": 3, ";": 2, "[": 2, ",": 1}
"""How many terms make up a triple after each sign."""
_TERMS: Final = frozenset(("variable", "iri", "name", "string", "number"))
_WORDS: Final = frozenset(("a", "true", "false"))


def of_triple(found: Sequence[Token], number: int, opened: Sequence[int]) -> Fault | None:
    """Find what is wrong with the triple that the token with that *number* ends, if it is one of plain terms.

    *opened* are the numbers of the brackets that are open there.
    """
    token = found[number]
    if token.text not in ENDS or not opened or found[opened[-1]].text == "(":
        return None
    parts = _terms(found, number)
    if parts is None or _is_data(found, opened[-1]):
        return None
    start, terms = parts
    whole = _WHOLE[start]
    if not terms:
        if start == ",":
            sentence = f'a comma leads to another object: write one before "{token.text}", or leave it out.'
            return Fault(token.start, token.text, sentence)
        if whole == 3 and token.text in (";", ","):
            return Fault(token.start, token.text, f'no triple stands before "{token.text}": leave it out.')
        return None
    for predicate in terms[whole - 2 : whole - 1] if whole > 1 else ():
        if predicate.kind == "blank":
            sentence = "a blank node is no predicate: write a name with its prefix, or a variable."
            return Fault(predicate.start, predicate.text, sentence)
        if predicate.kind in ("string", "number"):
            sentence = "a text or number is no predicate: write a name with its prefix, or a variable."
            return Fault(predicate.start, predicate.text, sentence)
    if len(terms) > whole:
        extra = terms[whole]
        sign = '";" (more of the same thing)' if (len(terms) - whole) % 3 == 2 else '"."'
        sentence = f'the triple before this has no end: write {sign} before "{extra.text}".'
        return Fault(extra.start, extra.text, sentence)
    if len(terms) < whole:
        missing = "object" if whole - len(terms) == 1 else "predicate and object"
        sentence = f"this triple has no {missing}: write {'it' if missing == 'object' else 'them'} "
        return Fault(token.start, token.text, f'{sentence}before the "{token.text}".')
    return None


def _terms(found: Sequence[Token], number: int) -> tuple[str, list[Token]] | None:
    """Return the sign after which a triple begins and its terms; None if it has anything but plain terms."""
    terms: list[Token] = []
    place = number - 1
    while place >= 0:
        token = found[place]
        if token.text in _WHOLE:
            return token.text, terms[::-1]
        if token.kind == "number" and token.text.endswith(".") and terms:  # a full stop that a number took
            return ".", terms[::-1]
        if token.kind == "tag":
            pass
        elif token.kind in _TERMS or (token.kind == "word" and token.text in _WORDS):
            if [each.text for each in found[max(place - 2, 0) : place]] == ["^", "^"]:
                place -= 2  # the type of the text before
            else:
                terms.append(token)
        elif token.text == "_" and terms and terms[-1].start == token.end:  # which begins a blank node
            name = terms.pop()
            terms.append(Token("blank", f"_{name.text}", token.start, name.end))
        else:
            return None
        place -= 1
    return None


def _is_data(found: Sequence[Token], opening: int) -> bool:
    """Tell whether a bracket holds the values of VALUES."""
    place = opening - 1
    while place >= 0 and (found[place].kind == "variable" or found[place].text in ("(", ")")):
        place -= 1
    return place >= 0 and found[place].is_word("VALUES")
