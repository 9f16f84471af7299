"""Finds what is wrong in a query that an engine has refused: a word, a bracket or a text, at its place.

An engine says how far it has looked, which may be a few words after the fault. So what is before that place
is looked at here: words that SPARQL does not have, brackets that do not match, texts without an end.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from typing import Final

from surplace.sparql.calls import of_calls
from surplace.sparql.characters import of_blanks, of_code_points, of_escapes, of_iri
from surplace.sparql.fault import Fault, place_of
from surplace.sparql.following import of_following
from surplace.sparql.forms import of_form
from surplace.sparql.keywords import ELSEWHERE, KEYWORDS, WORDS
from surplace.sparql.lexer import Token, tokens
from surplace.sparql.paths import of_path
from surplace.sparql.triples import ENDS, of_triple

CLOSING: Final = {"{": "}", "(": ")", "[": "]"}
MODIFIERS: Final = frozenset(("GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET"))
"""The words that begin a solution modifier, which stands after the group that it modifies."""
QUOTES: Final = frozenset("“”„‘’‚«»")
"""Quotation marks of prose, which text processors put in the place of those of SPARQL."""
ALIKE: Final = 0.7
"""How alike two words must be, from 0 to 1, for one to be offered for the other."""
_PATHS: Final = frozenset("{}[].;")
"""After these begins what may be a path, and after a word an expression."""
_POINTS: Final = re.compile(r"[0-9]+\.[0-9]+(?:\.[0-9]+)+")
_CASED: Final = ("A", "TRUE", "FALSE")
"""Words that count in small letters only."""


def find_fault(query: str, end: int) -> Fault | None:
    """Return the first fault that begins at *end*, counted in characters from 0, or before; None if none."""
    found = tokens(query)
    faults = (
        _first_fault(query, found, end),
        of_calls(query, found, end),
        of_blanks(query),
        of_form(query, found),
    )
    first = min((each for each in faults if each), key=lambda each: each.start, default=None)
    # what is escaped may be a bracket or a word that seems to be missing
    return of_code_points(query, found) or first


def _first_fault(query: str, found: Sequence[Token], end: int) -> Fault | None:
    opened: list[int] = []
    in_path = False
    for number, token in enumerate(found):
        if token.start > end:
            return _of_begun(query, found, number, opened, in_path=in_path)
        fault = (
            of_following(query, found, number)
            or _of_word(query, found, number)
            or _of_text(token)
            or _of_sign(query, found, number, [found[place].text for place in opened[-1:]])
            or (of_path(query, found, number) if in_path else _of_unequal(found, number))
            or _of_type(found, number)
            or _of_bracket(query, found, opened, number)
            or of_triple(found, number, opened)
        )
        if fault is not None:
            return fault
        if token.text in CLOSING:
            opened.append(number)
        elif opened and token.text == CLOSING[found[opened[-1]].text]:
            opened.pop()
        in_path = _is_in_path(token, in_path=in_path)
        if token.text == "}" and opened and found[opened[-1]].text == "(":
            in_path = False  # it ends the group of an EXISTS
    if fault := of_following(query, found, len(found)):
        return fault
    if not opened:
        return None
    last = found[opened[-1]]
    closing = CLOSING[last.text]
    every = "".join(CLOSING[found[place].text] for place in reversed(opened))
    whole = f"{query}\n{every}"
    return Fault(
        last.start,
        last.text,
        f'the "{last.text}" is not closed: write "{closing}" where it is to end.',
        append="" if find_fault(whole, len(whole)) else every,
    )


def _of_begun(
    query: str, found: Sequence[Token], number: int, opened: Sequence[int], *, in_path: bool
) -> Fault | None:
    """Find what is wrong with the triple or modifier that goes on at the token with that number."""
    for place in range(number, len(found)):
        token = found[place]
        fault = (
            _of_text(token)
            or _of_sign(query, found, place, [found[opening].text for opening in opened[-1:]])
            or (of_path(query, found, place) if in_path else None)
        )
        if fault is not None:
            return fault
        if token.text in ENDS:
            return of_triple(found, place, opened)
        if token.text in "{[" or (token.text in "()" and not in_path):
            return None
        in_path = _is_in_path(token, in_path=in_path)
    return None


def _is_in_path(token: Token, *, in_path: bool) -> bool:
    """Tell whether after a token a path may stand, and no expression; before it, *in_path*."""
    if token.text in _PATHS:
        return True
    return in_path and (token.kind != "word" or token.text in ("a", "_"))


def _of_word(query: str, found: Sequence[Token], number: int) -> Fault | None:
    """Find a word that SPARQL does not have; `_` begins a blank node."""
    token = found[number]
    word = token.text.upper()
    if word in _CASED and token.text != word.lower() and query[token.end : token.end + 1] != ":":
        sentence = f"this word is read in small letters only: did you mean {word.lower()}?"
        return Fault(token.start, token.text, sentence, word.lower())
    if token.kind != "word" or word in WORDS or query[token.end : token.end + 1] == ":":
        return None
    if query[token.start - 1 : token.start] == "\\" or query[token.end : token.end + 1] == "\\":
        return None  # a part of it is escaped
    called = [each.text for each in found[number + 1 : number + 2]] == ["("]
    # in a short word, some letters of a longer one are no likeness
    alike = [each for each in (WORDS if called else KEYWORDS) if abs(len(each) - len(word)) <= len(word) / 3]
    near = difflib.get_close_matches(word, alike, n=1, cutoff=ALIKE)
    instead = ELSEWHERE.get(word) or (WORDS[near[0]] if near else "")
    kind, do = "word", f"a variable is written ?{token.text}, a name with its prefix, a text in quotes."
    if instead:
        do = f"did you mean {instead}?"
    elif called:
        kind, do = "function", "write one that it has, or the IRI of another."
    return Fault(token.start, token.text, f'SPARQL has no {kind} "{token.text}": {do}', instead)


def _of_text(token: Token) -> Fault | None:
    """Find a text that nothing ends, or an escape in it that is none."""
    if token.kind != "string":
        return None
    quote = token.text[:3] if token.text[:3] in ('"""', "'''") else token.text[0]
    if len(token.text) >= 2 * len(quote) and token.text.endswith(quote):
        return of_escapes(token)
    return Fault(token.start, token.text, f"the text that begins here has no end: write {quote} there.")


def _of_sign(query: str, found: Sequence[Token], number: int, opened: Sequence[str]) -> Fault | None:
    """Find a sign of another language, one outside of all brackets, half a text or number, and no whole IRI.

    *opened* has the innermost bracket that is open, if there is one.
    """
    token = found[number]
    if token.text in QUOTES:
        return Fault(token.start, token.text, f'SPARQL has no sign {token.text}: write " there.', '"')
    if query.startswith("==", token.start):
        return Fault(token.start, "==", "SPARQL has no sign ==: did you mean =?", "=")
    if token.text == "," and not opened:
        return Fault(token.start, token.text, "no comma stands between variables: leave it out.")
    if token.text == ";" and not opened:
        return Fault(token.start, token.text, 'no ";" ends a query or a part of it: leave it out.')
    if token.text == "@" and number and found[number - 1].kind == "string":
        return Fault(token.start, "@", "after @ comes the tag of a language, such as en: write it there.")
    if token.kind == "tag" and (not number or found[number - 1].kind != "string"):
        sentence = f"{token.text} is the language of a text: write the text, in quotes, before it."
        return Fault(token.start, token.text, sentence)
    if token.kind == "number" and (points := _POINTS.match(query, token.start)):
        sentence = f'the number "{points[0]}" has two points: leave one out, or write a text, in quotes.'
        return Fault(token.start, points[0], sentence)
    return of_iri(query, token, opened)


def _of_unequal(found: Sequence[Token], number: int) -> Fault | None:
    """Find the sign of other languages for what is unequal, which SPARQL reads as an IRI."""
    token = found[number]
    if token.text != "<>" or not number:
        return None
    before = found[number - 1]
    if before.kind not in ("variable", "number", "string", "tag") and before.text != ")":
        return None
    return Fault(token.start, "<>", "SPARQL has no sign <>: did you mean !=?", "!=")


def _of_type(found: Sequence[Token], number: int) -> Fault | None:
    """Find the one ^ after a text, where a type has two."""
    around = [each.text for each in found[number - 1 : number + 2] if each.text == "^"]
    if len(around) != 1 or found[number].text != "^" or not number or found[number - 1].kind != "string":
        return None
    return Fault(found[number].start, "^", "the type of a text stands after two signs: write ^^ here.", "^^")


def _of_bracket(query: str, found: Sequence[Token], opened: Sequence[int], number: int) -> Fault | None:
    """Find a bracket that closes nothing, or a word or bracket before which another has to be closed."""
    token = found[number]
    ends = token.text in CLOSING.values()
    if ends and token.text not in [CLOSING[found[place].text] for place in opened]:
        return Fault(token.start, token.text, f'this "{token.text}" closes nothing: leave it out.')
    if not opened:
        return None
    last = found[opened[-1]]
    closing = CLOSING[last.text]
    line, column = place_of(query, last.start)
    where = f'the "{last.text}" in line {line}, column {column}'
    before = f'{where}, is still open: write "{closing}" before'
    if (ends and token.text != closing) or (last.text != "{" and _is_stop(query, token)):
        return Fault(token.start, token.text, f'{before} this "{token.text}".')
    if token.kind != "word" or token.text.upper() not in MODIFIERS or found[opened[-1] + 1].is_word("SELECT"):
        return None
    name = " ".join(each.text for each in found[number : number + 2] if each is token or each.is_word("BY"))
    signs = [each.text for each in found]
    if last.text == "{" and signs.count("{") == signs.count("}"):
        return Fault(token.start, token.text, f'{name} stands inside {where}: write it after its "}}".')
    return Fault(token.start, token.text, f"{before} {name}.")


def _is_stop(query: str, token: Token) -> bool:
    """Tell whether a token ends a triple, and does not begin a number."""
    return token.text == "." and not query[token.end : token.end + 1].isdigit()
