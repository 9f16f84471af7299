"""What has to follow a word of SPARQL: a bracket, another word, a variable, a number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from surplace.sparql.fault import Fault
from surplace.sparql.lexer import Token

AGGREGATES: Final = frozenset(("AVG", "COUNT", "GROUP_CONCAT", "MAX", "MIN", "SAMPLE", "SUM"))
_NUMBER: Final = "a whole number"
_VARIABLE: Final = "a variable"
_FOLLOWING: Final[Mapping[str, str]] = {
    **dict.fromkeys(("WHERE", "OPTIONAL", "UNION", "MINUS", "EXISTS"), "{"),
    **dict.fromkeys(("IN", "BIND"), "("),
    **dict.fromkeys(("GROUP", "ORDER"), "BY"),
    **dict.fromkeys(("LIMIT", "OFFSET"), _NUMBER),
    "AS": _VARIABLE,
}


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
    if name == "SELECT":
        return _of_selected(token, found[number + 1 : number + 2])
    if name == "FILTER" and token.kind in ("variable", "string", "number", "end"):
        return Fault(token.start, token.text, f'after FILTER comes "(": write it {_where(token)}.')
    if name == "NOT" and token.text.upper() not in ("EXISTS", "IN"):
        return Fault(token.start, token.text, f"after NOT comes EXISTS or IN: write it {_where(token)}.")
    if name == "GRAPH" and token.text == "{":
        return Fault(token.start, token.text, 'after GRAPH comes a name or a variable: write it before "{".')
    wanted = _FOLLOWING.get(name, "")
    if not wanted or _fits(token, wanted):
        return None
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


def _fits(token: Token, wanted: str) -> bool:
    if wanted == _NUMBER:
        return token.kind == "number"
    if wanted == _VARIABLE:
        return token.kind == "variable"
    return token.text.upper() == wanted


def _where(token: Token) -> str:
    if token.kind == "end":
        return "here"
    return f"before {token.text}" if token.kind == "string" else f'before "{token.text}"'
