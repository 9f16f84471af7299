"""What a pick-list calls its choices, so that they can be told apart in the width of a phone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from surplace.catalogue import Instance
from surplace.engine.knowledge import Knowledge
from surplace.namespaces import sparql_prologue
from surplace.rdf.terms import text_of

ROOM: Final = 34
"""Characters of a choice that a phone shows."""
_PARTS: Final = (": ", ", ")
"""After what a part of a name begins, before which a name is parted rather than between words."""
_BETWEEN: Final = " :,"
_INITIALS: Final = f"""{sparql_prologue()}SELECT ?treaty ?short {{
    ?treaty a sur:Treaty ; skos:altLabel ?short FILTER(UCASE(STR(?short)) = STR(?short)) }}"""


def in_lists(choices: Sequence[Instance], knowledge: Knowledge) -> list[Instance]:
    """Return the choices as a list calls them: a long treaty by its initials first, what is alike by its end.

    Raises EngineError.
    """
    names = [item.label or item.key for item in choices]
    if all(len(name) <= ROOM for name in names):
        return list(map(Instance, (item.iri for item in choices), names))
    rows = knowledge.remembered(_INITIALS).rows
    initials = {text_of(row["treaty"]): text_of(row["short"]) for row in rows}
    begun = [
        f"{initials[item.iri]}: {name}" if item.iri in initials and len(name) > ROOM else name
        for item, name in zip(choices, names, strict=True)
    ]
    return list(map(Instance, (item.iri for item in choices), told_apart(begun)))


def told_apart(names: Sequence[str]) -> list[str]:
    """Put first in what the names differ that begin alike, and after it what one shares with another.

    `China: reservation to CAT, Article 20` and `… Article 30(1)` begin with the articles. Names that would
    not be told apart by that stay as they are.
    """
    alike: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        alike.setdefault(name[:ROOM], []).append(name)
    said: dict[str, str] = {}
    for those in alike.values():
        turned = {name: _turned(name, [other for other in those if other != name]) for name in those}
        if len({name[:ROOM] for name in turned.values()}) == len(those):
            said |= turned
    return [said.get(name, name) for name in names]


def _turned(name: str, others: Sequence[str]) -> str:
    """Put what a name shares with another at its end, where they part between parts of the name."""
    head = max((_shared(name, other) for other in others), key=len, default="")
    rest = name.removeprefix(head).lstrip(_BETWEEN)
    return f"{rest} – {head.rstrip(_BETWEEN)}" if head and rest else name


def _shared(name: str, other: str) -> str:
    """Return with what both begin, up to where a part of a name, or else a word, ends outside brackets."""
    size = next((at for at, pair in enumerate(zip(name, other, strict=False)) if pair[0] != pair[1]), None)
    head = name[:size] if size is not None else min(name, other, key=len)
    if head in (name, other):
        return head
    for breaks in (_PARTS, (" ",)):
        places = (at + len(mark) for mark in breaks for at in range(len(head)) if head.startswith(mark, at))
        whole = [at for at in places if head.count("(", 0, at) == head.count(")", 0, at)]
        if whole:
            return head[: max(whole)]
    return ""
