"""What has to follow a word of SPARQL: a bracket, another word, a variable, a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from surplace.sparql.fault import Fault
from surplace.sparql.lexer import Token

AGGREGATES: Final = frozenset(("AVG", "COUNT", "GROUP_CONCAT", "MAX", "MIN", "SAMPLE", "SUM"))
_NUMBER: Final = "a whole number"
_VARIABLE: Final = "a variable"
_MOST: Final = 2**64 - 1
"""The largest number that is read after LIMIT and OFFSET."""
_FOLLOWING: Final[Mapping[str, str]] = {
    **dict.fromkeys(("WHERE", "OPTIONAL", "UNION", "MINUS", "EXISTS"), "{"),
    **dict.fromkeys(("IN", "BIND"), "("),
    **dict.fromkeys(("GROUP", "ORDER"), "BY"),
    **dict.fromkeys(("LIMIT", "OFFSET"), _NUMBER),
    "AS": _VARIABLE,
}
_LAST: Final[Mapping[str, str]] = {
    "ASK": '"{"',
    "CONSTRUCT": '"{"',
    "DESCRIBE": "a name, a variable or *",
    **dict.fromkeys(("SELECT", "DISTINCT", "REDUCED"), "a variable, or * for all"),
    **dict.fromkeys(("FROM", "NAMED"), "the name of a graph"),
    "PREFIX": 'a prefix, which ends in ":"',
    "BASE": "an IRI, in < and >",
    **dict.fromkeys(("HAVING", "ASC", "DESC"), '"("'),
    "BY": _VARIABLE,
    "VALUES": _VARIABLE,
}
"""What comes after words with which no query ends."""
_MODIFIERS: Final = frozenset(("HAVING", "ORDER", "LIMIT", "OFFSET", "VALUES"))


def of_following(query: str, found: Sequence[Token], number: int) -> Fault | None:
    """Find what follows a word and may not; *number* is that of the token, or of the end of the query."""
    word = found[number - 1] if number else None
    if word is None or word.kind != "word":
        return None
    name = word.text.upper()
    token = found[number] if number < len(found) else Token("end", "", len(query), len(query))
    if name == "PREFIX" and token.kind == "word":
        sentence = f'a prefix ends in a colon: write "{token.text}:".'
        return Fault(token.start, token.text, sentence, f"{token.text}:")
    if name in _LAST and (token.kind == "end" or (name == "BY" and token.text.upper() in (*_MODIFIERS, "}"))):
        whole = f"{found[number - 2].text.upper()} BY" if name == "BY" and number > 1 else name
        return Fault(token.start, token.text, f"after {whole} comes {_LAST[name]}: write it {_where(token)}.")
    if name == "SELECT":
        return _of_selected(token, found[number + 1 : number + 2]) or _of_unnamed(found, number)
    if name == "BIND" and token.text == "(":
        return _of_bracket_without_name(found, number)[0]
    if name == "FILTER" and token.kind in ("variable", "string", "number", "end"):
        return Fault(token.start, token.text, f'after FILTER comes "(": write it {_where(token)}.')
    if name == "NOT" and token.text.upper() not in ("EXISTS", "IN"):
        return Fault(token.start, token.text, f"after NOT comes EXISTS or IN: write it {_where(token)}.")
    if name == "GRAPH" and token.text == "{":
        return Fault(token.start, token.text, 'after GRAPH comes a name or a variable: write it before "{".')
    wanted = _FOLLOWING.get(name, "")
    if not wanted or _fits(token, wanted):
        return None
    if wanted == _NUMBER and token.kind == "number" and token.text.isdigit():
        return Fault(token.start, token.text, f"the number after {name} is too large: write at most {_MOST}.")
    if wanted == _VARIABLE and token.kind == "word":
        written = f"?{token.text}"
        return Fault(token.start, token.text, f"after AS comes a variable: did you mean {written}?", written)
    if wanted in (_NUMBER, _VARIABLE):
        instead = "here" if token.kind == "end" else f'instead of "{token.text}"'
        return Fault(token.start, token.text, f"after {name} comes {wanted}: write it {instead}.")
    if wanted == "BY":
        return Fault(word.start, word.text, f"after {name} comes BY: write {name} BY.", f"{name} BY")
    return Fault(token.start, token.text, f'after {name} comes "{wanted}": write it {_where(token)}.')


def _of_selected(token: Token, following: Sequence[Token]) -> Fault | None:
    """Find a SELECT that names nothing, or an aggregate without brackets and name."""
    if token.text == "{" or token.is_word("WHERE") or token.is_word("FROM"):
        sentence = f'SELECT names no variable: write some, or * for all, before "{token.text}".'
        return Fault(token.start, token.text, sentence)
    if token.text.upper() in AGGREGATES and [each.text for each in following] == ["("]:
        called = token.text.upper()
        sentence = f"what is counted or summed up needs brackets and a name: ({called}(…) AS ?name)."
        return Fault(token.start, token.text, sentence)
    return None


def _of_unnamed(found: Sequence[Token], number: int) -> Fault | None:
    """Find the first bracket after SELECT that has no AS with a variable at its end."""
    while number < len(found):
        if found[number].text == "(":
            fault, number = _of_bracket_without_name(found, number)
            if fault is not None:
                return fault
        elif found[number].kind != "variable" and not _is_modifier(found[number]):
            return None
        number += 1
    return None


def _is_modifier(token: Token) -> bool:
    return token.is_word("DISTINCT") or token.is_word("REDUCED")


def _of_bracket_without_name(found: Sequence[Token], number: int) -> tuple[Fault | None, int]:
    """Find what a bracket lacks that computes a value and does not name it; and the place where it closes."""
    depth, named = 0, False
    for place in range(number, len(found)):
        token = found[place]
        depth += (token.text == "(") - (token.text == ")")
        named = named or (depth == 1 and token.is_word("AS"))
        if token.text in ("{", "}"):
            break
        if depth == 0:
            last = found[place - 1]
            if named or place == number + 1:
                return None, place
            if last.kind == "variable" and found[place - 2].text == ")":
                written = f"AS {last.text}"
                return Fault(
                    last.start, last.text, f"what is computed is named by AS: write {written}.", written
                ), place
            return Fault(
                token.start, ")", 'what is computed needs a name: write AS ?name before this ")".'
            ), place
    return None, len(found)


def _fits(token: Token, wanted: str) -> bool:
    if wanted == _NUMBER:
        return token.kind == "number" and token.text.isdigit() and int(token.text[:30]) <= _MOST
    if wanted == _VARIABLE:
        return token.kind == "variable"
    return token.text.upper() == wanted


def _where(token: Token) -> str:
    if token.kind == "end":
        return "here"
    return f"before {token.text}" if token.kind == "string" else f'before "{token.text}"'
