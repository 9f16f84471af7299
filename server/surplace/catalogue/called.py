"""Which thing a value means that somebody typed: by its IRI, its key, or one of its names."""

from __future__ import annotations

import difflib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from pyoxigraph import NamedNode

from surplace.namespaces import PREFIXES, last_segment, sparql_prologue
from surplace.words.order import legal_key

SPELLED: Final = 4
"""Letters that a name has at least for another to be taken for it: codes are not alike."""
LONGEST: Final = 80
"""Characters of a text that are compared with names."""
MOST: Final = 3
"""Names that are offered."""
ALIKE: Final = 0.7
"""How alike two names must be, from 0 to 1, for one to be offered for the other."""
_MARKS: Final = str.maketrans("‘’ʼ`´‐‑‒–—−", "'" * 5 + "-" * 6)
"""Apostrophes and dashes as keyboards have them, and as names here do."""


class Instance(NamedTuple):
    """One entry of a pick-list: the IRI of an instance, its label, other names, and what it is found by."""

    iri: str
    label: str
    others: tuple[str, ...] = ()
    found_by: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The last segment of the IRI's path, which may stand for the IRI."""
        return last_segment(self.iri)

    @property
    def names(self) -> tuple[str, ...]:
        """All that it is called, by lists too: `Laos`, `Laos (Lao People's Democratic Republic)`."""
        return (
            self.label,
            *self.others,
            *(f"{other} ({self.label})" for other in self.others),
            *self.found_by,
        )


def listing(class_iri: str) -> str:
    """Write the query for the instances of a class, as `instances` reads its rows."""
    return (
        f"{sparql_prologue()}SELECT ?item (SAMPLE(?name) AS ?label) "
        '(GROUP_CONCAT(DISTINCT ?other; separator="\\n") AS ?others) '
        '(GROUP_CONCAT(DISTINCT ?hidden; separator="\\n") AS ?found_by) '
        f"WHERE {{ ?item a {NamedNode(class_iri)} OPTIONAL {{ ?item skos:prefLabel ?name }} "
        "OPTIONAL { ?item skos:altLabel ?other } OPTIONAL { ?item skos:hiddenLabel ?hidden } "
        "FILTER(isIRI(?item)) } GROUP BY ?item"
    )


def instances(rows: Iterable[Mapping[str, str]]) -> list[Instance]:
    """Read the rows of a listing, as text without what is unbound; sorted by label."""
    found = [
        Instance(
            row["item"],
            row.get("label", ""),
            tuple(sorted(row.get("others", "").splitlines())),
            tuple(sorted(row.get("found_by", "").splitlines())),
        )
        for row in rows
        if "item" in row
    ]
    return sorted(found, key=lambda one: legal_key(one.label or one.key))


def keys_of(choices: Sequence[Instance]) -> dict[str, str]:
    """Map each IRI to what stands for it in a form or an address: its key, or itself where keys collide."""
    called: dict[str, list[str]] = {}
    for item in choices:
        called.setdefault(item.key, []).append(item.iri)
    return {iri: key if len(iris) == 1 else iri for key, iris in called.items() for iri in iris}


def key_of(iri: str, choices: Sequence[Instance]) -> str:
    """Return what stands for one IRI among *choices*, without naming all others; an unknown one as it is."""
    ending = "/" + last_segment(iri)
    return keys_of([item for item in choices if item.iri.endswith(ending)]).get(iri, iri)


def in_full(text: str) -> str:
    """Write a name with one of the project's prefixes as an IRI; any other text stays as it is."""
    prefix, colon, local = text.partition(":")
    return PREFIXES[prefix] + local if colon and prefix in PREFIXES else text


def meant(known: Sequence[Instance], text: str) -> list[Instance]:
    """Return what *text* means among *known*: one thing, several where it is ambiguous, or none.

    An IRI, a prefixed name, a key or the end of a path goes before a name; of names, letters and accents may
    differ.
    """
    if not text:
        return []
    iri = in_full(text)
    ending = [item for item in known if item.iri == iri or item.iri.endswith("/" + text)]
    exact = [item for item in ending if item.iri == iri or item.key == text]
    if ending:
        return exact if len(exact) == 1 else ending
    sought = folded(text)
    return [item for item in known if sought in map(folded, (item.key, *item.names))] if sought else []


def near(known: Iterable[Instance], text: str) -> list[Instance]:
    """Return what *text* may be meant for, the likeliest first: by a word of its names, else by its spelling.

    A code is never guessed.
    """
    called = {
        plain: item
        for item in known
        for name in (*item.names, item.key)
        if len(plain := folded(name)) >= SPELLED
    }
    sought = folded(text[:LONGEST])
    words = len(sought) >= SPELLED
    within = [name for name in called if words and f" {sought} " in f" {name.replace('-', ' ')} "]
    alike = sorted(within, key=len) or difflib.get_close_matches(sought, called, n=MOST, cutoff=ALIKE)
    return list(dict.fromkeys(called[name] for name in alike))[:MOST]


def several(found: Sequence[Instance], text: str, name: str) -> str:
    """Say that *text* may mean several values of what is called *name*, and which to choose from."""
    keys = [item.key for item in found]
    listed = ", ".join(keys if len(set(keys)) == len(keys) else [item.iri for item in found])
    return f'"{text[:80]}" fits several values of "{name}": give one of {listed}.'


def folded(text: str) -> str:
    """Return a name without what people write in several ways: capitals, accents, quotes, dashes, spaces."""
    parted = unicodedata.normalize("NFKD", text.translate(_MARKS))
    letters = "".join(letter for letter in parted if not unicodedata.combining(letter))
    return " ".join(letters.casefold().split())
