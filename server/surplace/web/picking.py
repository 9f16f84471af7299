"""What a pick-list calls its choices, so that they can be told apart in the width of a phone."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence, Set
from typing import Final

from surplace.catalogue import Instance
from surplace.engine.knowledge import Knowledge
from surplace.namespaces import SUR, sparql_prologue
from surplace.rdf.terms import text_of
from surplace.words.order import legal_key

ROOM: Final = 34
"""Characters of a choice that a phone shows."""
_PARTS: Final = (": ", ", ")
"""After what a part of a name begins, before which a name is parted rather than between words."""
_BETWEEN: Final = " :,"
_RELATIVE: Final = re.compile(r" (?:that|which|who|whom|whose) \Z")
"""Words that stay with what comes after them: `High Commissioner who spoke` and `… who wrote`."""
_OTHERS: Final = f"""{sparql_prologue()}SELECT ?class ?thing ?other {{
    VALUES ?class {{ sur:State sur:Treaty }} ?thing a ?class ; skos:altLabel ?other
}} ORDER BY DESC(STR(?other))"""


_APPLIED: Final = f"""{sparql_prologue()}SELECT DISTINCT ?finding ?provision {{
    ?finding a sur:Finding ; sur:appliesProvision/skos:prefLabel ?provision
}}"""
_JOINT: Final = " and "
"""What stands in the name of a finding between the conduct or law and the provision."""


def by_conduct(choices: Sequence[Instance], knowledge: Knowledge) -> dict[str, tuple[str, str]]:
    """Part the name of each finding, by its IRI, into the conduct or law, and the provision.

    Raises EngineError.
    """
    names = {item.iri: item.label for item in choices}
    parted = {}
    for row in knowledge.remembered(_APPLIED).rows:
        iri, provision = text_of(row["finding"]), text_of(row["provision"])
        conduct, joint, _ = names.get(iri, "").partition(_JOINT + provision)
        if joint:
            parted[iri] = conduct, names[iri].removeprefix(conduct + _JOINT)
    return parted


def in_lists(choices: Sequence[Instance], knowledge: Knowledge) -> list[Instance]:
    """Return the choices as a list calls them: a long treaty by its initials first, what is alike by its end.

    States are called, and sorted, by the name under which people look for them. Raises EngineError.
    """
    names = {item.iri: item.label or item.key for item in choices}
    states = False
    for row in knowledge.remembered(_OTHERS).rows:
        thing, other = text_of(row["thing"]), text_of(row["other"])
        if thing not in names:
            continue
        if text_of(row["class"]) == SUR + "State":
            states = True
            names[thing] = commonly(names[thing], other)
        elif other == other.upper() and len(names[thing]) > ROOM:
            names[thing] = f"{other}: {names[thing]}"
    called = list(names.values())
    if any(len(name) > ROOM for name in called):
        called = told_apart(called)
    found = list(map(Instance, names, called))
    return sorted(found, key=lambda item: legal_key(item.label)) if states else found


def commonly(name: str, common: str) -> str:
    """Put before a name another that is common, unless the name itself begins like it.

    `North Korea (Democratic People's Republic of Korea)`, but `Russian Federation` and `Viet Nam`.
    """
    whole, begin = (text.replace(" ", "").casefold() for text in (name, common))
    return name if whole.startswith(begin) else f"{common} ({name})"


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
        ordered, known = sorted(those), set(those)
        turned = {name: _turned(name, _nearest(at, ordered, known)) for at, name in enumerate(ordered)}
        if len({name[:ROOM] for name in turned.values()}) == len(those):
            said |= turned
    return [said.get(name, name) for name in names]


def _nearest(at: int, ordered: Sequence[str], known: Set[str]) -> list[str]:
    """Return the names that may share most with the one *at* a place: those beside it, and what begins it."""
    name = ordered[at]
    begun = (name[:size] for size in range(len(name) - 1, 0, -1) if name[:size] in known)
    return [*ordered[max(at - 1, 0) : at], *ordered[at + 1 : at + 2], *itertools.islice(begun, 1)]


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
        whole = [
            at
            for at in places
            if head.count("(", 0, at) == head.count(")", 0, at) and not _RELATIVE.search(head, 0, at)
        ]
        if whole:
            return head[: max(whole)]
    return ""
