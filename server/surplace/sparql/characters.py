"""Characters that no query may have where they stand: blanks of other kinds, and escapes in texts."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from surplace.sparql.fault import Fault
from surplace.sparql.lexer import TERMS, Token

_BLANKS: Final = re.compile(r"[^\S \t\r\n]|[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b-\u200f\u2060\ufeff]")
"""White space and characters of no width that are no blanks of SPARQL."""
_ESCAPE: Final = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_CODE_POINT: Final = re.compile(r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})")
_ESCAPES: Final = frozenset("tbnrf\\\"'")
_BEGUN: Final = re.compile(r"<[A-Za-z][\w+.-]*:[^\s<>]+")
_BEGUN_BELOW_BASE: Final = re.compile(r"<[\w#./-][^\s<>\"{}|^`\\]*")
_BARE: Final = re.compile(r"(?<!<)([A-Za-z][A-Za-z0-9+.-]*:)//[^\s<>\"{}|^`\\]*[^\s<>\"{}|^`\\.,;()]")
_FORBIDDEN: Final = re.compile(r"[ \t{}|^`\\]")
# a blank is in the IRI if what follows it is neither a variable nor a bracket, text, sign or comment
_WHOLE: Final = re.compile(r"<[A-Za-z](?:[^\s<>\"]|[ \t](?=[^\s?$({\[.;,\"'#<>}\])]))*+>")


def of_blanks(query: str) -> Fault | None:
    """Find the first blank of another kind that is in no text, IRI or comment."""
    if not _BLANKS.search(query):
        return None
    end = 0
    for match in TERMS.finditer(query):
        if found := _BLANKS.search(query, end, match.start()):
            return _of_blank(found)
        end = match.end()
    found = _BLANKS.search(query, end)
    return _of_blank(found) if found else None


def _of_blank(found: re.Match[str]) -> Fault:
    sign = found[0]
    name = f"U+{ord(sign):04X} ({unicodedata.name(sign, 'a control character').lower()})"
    if sign.isspace():
        return Fault(found.start(), sign, f"the blank here is {name}: write a plain one.", " ")
    return Fault(found.start(), sign, f"here is a character that cannot be seen, {name}: leave it out.")


def of_escapes(token: Token) -> Fault | None:
    """Find the first escape in a text that stands for no character."""
    if token.kind != "string" or "\\" not in token.text:
        return None
    for match in _ESCAPE.finditer(token.text):
        escape = match[0]
        start = token.start + match.start()
        if len(escape) > 2:
            number = int(escape[2:], 16)
            if number > 0x10FFFF or 0xD800 <= number < 0xE000:
                return Fault(start, escape, f"{escape} stands for no character: leave it out.")
        elif escape[1] in "uU":
            digits = "four" if escape[1] == "u" else "eight"
            return Fault(start, escape, f"after {escape} come {digits} hexadecimal digits: write them.")
        elif escape[1] not in _ESCAPES:
            sentence = f"a text has no escape {escape}: for a backslash write two, \\{escape}."
            return Fault(start, escape, sentence, f"\\{escape}")
    return None


def of_code_points(query: str, found: Sequence[Token]) -> Fault | None:
    """Find the first escape of a character outside of texts and IRIs, where the engine reads none."""
    for token in found:
        if token.text == "\\" and (escape := _CODE_POINT.match(query, token.start)):
            number = int(escape[0][2:], 16)
            sign = chr(number) if number < 0x110000 and chr(number).isprintable() else ""
            do = f"write {sign} for it" if sign else "leave it out"
            sentence = f"a character is escaped in texts and IRIs only, and not here: {do}."
            return Fault(token.start, escape[0], sentence, sign)
    return None


def of_iri(query: str, token: Token, opened: Sequence[str]) -> Fault | None:
    """Find an IRI without brackets or without an end, or with a blank or a sign in it which none may have."""
    if token.kind == "name" and (bare := bare_iri(query, token)):
        return Fault(token.start, bare, f"an IRI stands in < and >: write <{bare}>.", f"<{bare}>")
    if token.text != "<" or opened[-1:] == ["("]:
        return None
    if whole := _WHOLE.match(query, token.start):
        sign = _FORBIDDEN.search(whole[0], 1)
        if sign is not None:
            named = "a blank" if sign[0].isspace() else f'"{sign[0]}"'
            instead = f"%{ord(sign[0]):02X}"
            sentence = f"the IRI {whole[0]} has {named} in it: write {instead} for it, or leave it out."
            return Fault(token.start, whole[0], sentence, _FORBIDDEN.sub(_percent, whole[0]))
    begun = _BEGUN.match(query, token.start) or _BEGUN_BELOW_BASE.match(query, token.start)
    if begun and query[token.start - 1 : token.start] != "<":
        return Fault(token.start, begun[0], f'the IRI "{begun[0]}" has no end: write > there.')
    return None


def bare_iri(query: str, token: Token) -> str:
    """Return the IRI without brackets that a token begins, which looks like a prefix; else nothing."""
    found = _BARE.match(query, token.start)
    return found[0] if found is not None and found.end(1) == token.end else ""


def _percent(match: re.Match[str]) -> str:
    return f"%{ord(match[0]):02X}"
