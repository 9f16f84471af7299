"""Search by name: labels, articles, symbols of documents, ISO codes and words, in memory.

A text is cut into words without accents, plurals and cases, so that `art 33` and `Articles 33` meet. A thing
is found where each word of the search is one of its own or begins one; numbers fit whole. What is closest
comes first: a code, the whole name, its beginning or end, its words in a row; then what people look for most.
A passage is found by the names of the things that it speaks of, too; that comes last.
"""

from __future__ import annotations

import re
import threading
import unicodedata
import weakref
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from surplace.engine.knowledge import Knowledge
from surplace.namespaces import BASE, SUR, sparql_prologue
from surplace.rdf.terms import text_of
from surplace.web.cells import passage_name
from surplace.web.kinds.disputed import disagreements
from surplace.words.order import legal_key

LONGEST: Final = 200
"""Characters of a search that are looked at."""
LOOSE, ABOUT = 5, 6
"""How close a name is that has the words somewhere, and a passage that only speaks of such a thing."""
MOST: Final = 50
"""Things that a page of what is found names."""
FEW: Final = 12
"""Where no more is found, what has some of the words is named too."""
NEAR: Final = 12
"""Things with some of the words that are named."""

KINDS: Final = (
    *("State", "Treaty", "LegalInstrument", "Provision", "Finding", "Claim", "Recommendation", "Reservation"),
    *("Disagreement", "OpenQuestion", "UnBody", "Person", "Group", "Organization", "Population", "Measure"),
    *("Norm", "Exception", "ProtectionGround", "Document", "Source", "Passage", "ConsentToBeBound", "Agent"),
    *("Rule", "Contradiction", "Tension", "Conclusion"),
)
"""Classes that say what a thing is, the ones that people look for first; the first that fits is shown."""

_TOKEN: Final = re.compile(r"[0-9]+|[^\W\d_]+")
_SHORT: Final = {"art": "article", "arts": "article", "para": "paragraph", "sent": "sentence", "no": "number"}
_NAMES: Final = f"""{sparql_prologue()}SELECT ?item ?name ?is WHERE {{
    VALUES (?property ?is) {{
        (skos:prefLabel "label") (skos:altLabel "other") (sur:hasIsoCode "code") (sur:hasSymbol "code")
    }}
    ?item ?property ?name
    FILTER(STRSTARTS(STR(?item), "{BASE}"))
    FILTER NOT EXISTS {{ ?item a sur:Standing }}
}}"""
_CLASSES: Final = f"""{sparql_prologue()}SELECT ?item ?class WHERE {{
    VALUES ?class {{ {" ".join(f"sur:{name}" for name in KINDS)} }} ?item a ?class
    FILTER NOT EXISTS {{ ?item a sur:Standing }}
}}"""
_NOTES: Final = f"""{sparql_prologue()}SELECT ?item ?note ?by WHERE {{
    {{ ?item sur:isClaimedBy ?who BIND("speaker" AS ?note) ?who skos:prefLabel ?by }}
    UNION {{ ?found a sur:Contradiction ; sur:opposesClaim ?item ; sur:opposes ?other .
             ?other skos:prefLabel ?by BIND("against" AS ?note) }}
    UNION {{ ?item skos:definition ?by BIND("meaning" AS ?note) }}
}}"""


_STATED: Final = f"""{sparql_prologue()}SELECT DISTINCT ?item ?thing WHERE {{
    ?item sur:isPassageOf ?source
    {{ GRAPH ?item {{ ?thing ?p ?o }} }}
    UNION {{ GRAPH ?item {{ ?s ?p ?thing FILTER(isIRI(?thing) && ?p != rdf:type) }} }}
}}"""


@dataclass(frozen=True)
class Hit:
    """A thing that was found: what it is called, what kind of thing it is, and what to know of it at once."""

    iri: str
    label: str
    kind: str
    note: str = ""
    disputed: tuple[str, ...] = ()


@dataclass
class _Entry:
    label: str = ""
    kind: str = ""
    words: list[tuple[str, ...]] = field(default_factory=list)
    codes: set[tuple[str, ...]] = field(default_factory=set)
    notes: Mapping[str, list[str]] = field(default_factory=dict)
    about: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """What a passage speaks of: names, with their words."""


class Index:
    """The names of a release, ready to be searched."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Ask for all names; raises EngineError."""
        self.entries: dict[str, _Entry] = defaultdict(_Entry)
        self._by_word: dict[str, set[str]] = defaultdict(set)
        for row in knowledge.select(_NAMES).rows:
            self._name(text_of(row["item"]), text_of(row["name"]), text_of(row["is"]))
        for row in knowledge.select(_STATED).rows:
            passage, thing = text_of(row["item"]), text_of(row["thing"])
            if thing in self.entries and self.entries[thing].words:
                self._speaks(passage, self.entries[thing].label)
        order = {f"{SUR}{name}": (number, name) for number, name in enumerate(KINDS)}
        best: dict[str, tuple[int, str]] = {}
        for row in knowledge.select(_CLASSES).rows:
            item, ranked = text_of(row["item"]), order[text_of(row["class"])]
            best[item] = min(ranked, best.get(item, ranked))
        labels = knowledge.labels(f"{SUR}{name}" for name in KINDS)
        notes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for row in knowledge.select(_NOTES).rows:
            notes[text_of(row["item"])][text_of(row["note"])].append(text_of(row["by"]))
        for one in disagreements(knowledge).values():
            for thing in one.things:
                notes[thing]["disputed"].append(one.name.text)
        for iri, entry in self.entries.items():
            name = best[iri][1] if iri in best else ""
            entry.kind = labels.get(f"{SUR}{name}", name) if name else _space(iri)
            entry.notes = notes.get(iri, {})
            entry.label = entry.label or iri.removeprefix(BASE)
        self._ranks = {iri: number for iri, (number, _) in best.items()}

    def _name(self, iri: str, name: str, kind: str) -> None:
        words = tokens(name)
        entry = self.entries[iri]
        if kind == "label":
            entry.label = name
        entry.words.append(words)
        if kind != "label":
            entry.codes.add(words)
        for word in words:
            self._by_word[word].add(iri)

    def _speaks(self, passage: str, name: str) -> None:
        words = tokens(name)
        entry = self.entries[passage]
        entry.label = entry.label or passage_name(passage) or ""
        entry.about.append((name, words))
        for word in words:
            self._by_word[word].add(passage)

    def find(self, text: str) -> list[Hit]:
        """Return what is found, the closest first."""
        sought = tokens(text[:LONGEST])
        if not sought:
            return []
        found = set.intersection(*(self._with(word) for word in dict.fromkeys(sought)))
        ranked = sorted(
            found, key=lambda iri: (*self._distance(iri, sought), legal_key(self.entries[iri].label), iri)
        )
        return [self._hit(iri, sought) for iri in ranked]

    def near(self, text: str, most: int = NEAR) -> list[Hit]:
        """Return what has some words of a text and not all, most of them first; nothing for a single word."""
        sought = tuple(dict.fromkeys(tokens(text[:LONGEST])))
        counted = Counter(iri for word in sought for iri in self._with(word))
        some = [iri for iri, number in counted.items() if number < len(sought)]
        last = len(KINDS)
        ranked = sorted(
            some,
            key=lambda iri: (
                -counted[iri],
                bool(self.entries[iri].about),
                self._ranks.get(iri, last),
                legal_key(self.entries[iri].label),
                iri,
            ),
        )
        return [self._hit(iri, sought) for iri in ranked[:most]]

    def _with(self, word: str) -> set[str]:
        if _is_whole(word):
            return self._by_word.get(word, set())
        return set().union(*(items for known, items in self._by_word.items() if known.startswith(word)))

    def _distance(self, iri: str, sought: tuple[str, ...]) -> tuple[int, int, int]:
        entry = self.entries[iri]
        how = min((_how(words, sought, words in entry.codes) for words in entry.words), default=ABOUT)
        if how == LOOSE and not fits(sum(entry.words, ()), sought):
            how = ABOUT
        return how, self._ranks.get(iri, len(KINDS)), min(map(len, entry.words), default=0)

    def _hit(self, iri: str, sought: tuple[str, ...]) -> Hit:
        entry = self.entries[iri]
        if entry.about and not fits(sum(entry.words, ()), sought):
            nearest = max(
                sorted(entry.about), key=lambda each: sum(fits(each[1], (word,)) for word in sought)
            )
            return Hit(iri, entry.label, entry.kind, f"speaks of: {nearest[0]}")
        said = entry.notes.get("speaker", [])
        note = (
            f"claimed by {', '.join(sorted(said))}" if said else "".join(entry.notes.get("meaning", [])[:1])
        )
        against = [f"contradicted by: {name}" for name in sorted(set(entry.notes.get("against", [])))]
        disputed = [f"disputed: {name}" for name in sorted(set(entry.notes.get("disputed", [])))]
        return Hit(iri, entry.label, entry.kind, note, (*against, *disputed))


def fits(words: tuple[str, ...], sought: Iterable[str]) -> bool:
    """Tell whether each word that is sought is one of *words* or begins one; numbers fit whole."""
    return all(
        word in words if _is_whole(word) else any(known.startswith(word) for known in words)
        for word in sought
    )


def _is_whole(word: str) -> bool:
    return word.isdecimal() or len(word) < 3


def _how(words: tuple[str, ...], sought: tuple[str, ...], code: bool) -> int:
    """Say how close a name is, from 0: the same code, the same, an end of it, in a row, in order, not so."""
    if words == sought:
        return 0 if code else 1
    size = len(sought)
    if words[:size] == sought or words[-size:] == sought:
        return 2
    if any(words[start : start + size] == sought for start in range(len(words) - size)):
        return 3
    rest = iter(words)
    return 4 if all(word in rest for word in sought) else LOOSE


def tokens(text: str) -> tuple[str, ...]:
    """Cut a text into words as they are compared."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return tuple(_stem(_SHORT.get(word, word)) for word in _TOKEN.findall(plain))


def _stem(word: str) -> str:
    """Take off the mark of a plural."""
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _space(iri: str) -> str:
    """Say what a thing is by the first part of its path, where no class says it."""
    space = iri.removeprefix(BASE).partition("/")[0]
    known = {"id": "thing", "vocab": "term of a vocabulary", "ontology": "term of the ontology"}
    return known.get(space, space)


_INDEXES: weakref.WeakKeyDictionary[Knowledge, Index] = weakref.WeakKeyDictionary()
_LOCK: Final = threading.Lock()


def index_of(knowledge: Knowledge) -> Index:
    """Return the index of a release, made once; of another endpoint, which may change, made each time."""
    if knowledge.engine.release is None:
        return Index(knowledge)
    with _LOCK:
        if knowledge not in _INDEXES:
            _INDEXES[knowledge] = Index(knowledge)
        return _INDEXES[knowledge]


def by_kind(hits: Sequence[Hit]) -> Iterator[tuple[str, int]]:
    """Yield each kind with the number of its things, as they come."""
    counts: dict[str, int] = {}
    for hit in hits:
        counts[hit.kind] = counts.get(hit.kind, 0) + 1
    yield from counts.items()


def shown(hits: Iterable[Hit], kind: str) -> list[Hit]:
    """Keep what is of a kind; of no kind, all."""
    return [hit for hit in hits if not kind or hit.kind == kind]
