"""The forms of a query: that there is one, and that it has the groups which it needs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from surplace.sparql.fault import Fault
from surplace.sparql.lexer import Token, after_prologue

_TERMS: Final = frozenset(("A", "TRUE", "FALSE", "_"))
"""The words of which triples are made."""


def of_form(query: str, found: Sequence[Token]) -> Fault | None:
    """Find that there is no query, that it ends too early, or has more than triples in its short form."""
    start = after_prologue(found)
    if start == len(found):
        return _of_prologue(query, found)
    form = found[start].text.upper()
    groups = [number for number, token in enumerate(found) if token.text == "{"]
    if not groups and form in ("SELECT", "ASK") and found[-1].kind != "word":
        return Fault(
            len(query), "", f'after {form} comes what is asked for, in "{{" and "}}": write it here.'
        )
    if form != "CONSTRUCT":
        return None
    if groups[:1] == [start + 1]:
        return _of_template(query, found, start + 1)
    return _of_short_form(found, groups[0]) if groups and found[groups[0] - 1].is_word("WHERE") else None


def _of_prologue(query: str, found: Sequence[Token]) -> Fault | None:
    """Find that nothing comes after a prologue, or that it ends with a prefix."""
    if found and found[-1].kind == "name":
        sentence = f'after "{found[-1].text}" comes an IRI, in < and >: write it here.'
        return Fault(len(query), "", sentence)
    if found and found[-1].kind != "iri":
        return None
    sentence = "there is no query here: write SELECT, ASK, CONSTRUCT or DESCRIBE."
    return Fault(len(query), "", sentence)


def _of_template(query: str, found: Sequence[Token], opening: int) -> Fault | None:
    """Find that a query ends after its template, which opens there."""
    closing = next((number for number in range(opening, len(found)) if found[number].text == "}"), len(found))
    if closing + 1 != len(found):
        return None
    sentence = "after the triples to be made comes where to take them from: write WHERE { … } here."
    return Fault(len(query), "", sentence)


def _of_short_form(found: Sequence[Token], opening: int) -> Fault | None:
    """Find the first that is no triple in the group that opens there, which is the template as well."""
    for number in range(opening + 1, len(found)):
        token, following = found[number], [each.text for each in found[number + 1 : number + 2]]
        if token.text == "}":
            return None
        is_group = token.text == "{" and following != ["|"]
        if is_group or token.text == "/" or (token.kind == "word" and token.text.upper() not in _TERMS):
            sentence = "CONSTRUCT WHERE takes triples alone: write CONSTRUCT { … } WHERE { … }."
            return Fault(token.start, token.text, sentence)
    return None
