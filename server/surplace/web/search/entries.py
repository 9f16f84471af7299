"""What a search knows of each thing: its names, its kind, what it speaks of, what disputes it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from surplace.engine.knowledge import Knowledge
from surplace.namespaces import BASE, SUR
from surplace.rdf.terms import text_of
from surplace.web.cells import passage_name
from surplace.web.kinds.rejecting import Disagreement, disagreements
from surplace.web.search.lookups import (
    ACTS,
    BESIDE,
    CIRCUMSTANCES,
    CLASSES,
    KINDS,
    NAMES,
    NOTES,
    PARTS,
    REJECTED,
    STATED,
    TERMS,
)
from surplace.web.search.matching import is_whole, tokens

TERM: Final = "term of the ontology"
"""The kind of a class or property."""
_WRITTEN: Final = re.compile(r"[^\W\d_]{4,}")
"""A word of a name as it is spelled, if it is long enough for another to be taken for it."""
_COPY: Final = re.compile(r" \((?:copy|extract)\)")
"""What a source is of a document, beside whose symbol it stands."""
_PARTS: Final = re.compile("[/#]")


@dataclass
class Entry:
    label: str = ""
    kind: str = ""
    words: list[tuple[str, ...]] = field(default_factory=list)
    codes: set[tuple[str, ...]] = field(default_factory=set)
    hidden: set[tuple[str, ...]] = field(default_factory=set)
    """Names that it is found by and not called: unless it is sought by all of one, no more than near."""
    called: tuple[str, ...] = ()
    """The words of its kind, year, author and addressee, which a search may add to those of its names."""
    notes: Mapping[str, list[str]] = field(default_factory=dict)
    about: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    """What a passage or claim speaks of: what that is called, with the words of its names."""
    rejected: dict[str, Disagreement] = field(default_factory=dict)
    """What a passage says wrongly, by what that is called, with the disagreement that rejects it."""


class Entries:
    """The names of a release, and what stands beside them."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Ask for all names; raises EngineError."""
        self.by_iri: dict[str, Entry] = defaultdict(Entry)
        self.by_kind: dict[str, set[str]] = defaultdict(set)
        """What is called by a word besides its names."""
        self.spelled: dict[str, None] = {}
        """The words of all names as they are spelled."""
        self.called: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
        """The labels of what another name stands for, both in words."""
        self.in_provisions: dict[tuple[str, ...], tuple[str, ...]] = {}
        """What provisions call their instrument, by the sorted words of each name of it."""
        self._by_word: dict[str, set[str]] = defaultdict(set)
        for row in knowledge.select(NAMES).rows:
            self._name(text_of(row["item"]), text_of(row["name"]), text_of(row["is"]))
        gone = self._add_speakers(knowledge)
        self._add_notes(knowledge, gone)
        self.ranks: dict[str, int] = {}
        """The places of their kinds among KINDS."""
        self._add_kinds(knowledge)
        self.kinds = sorted({entry.kind for entry in self.by_iri.values()})
        self.personal = {text_of(row["item"]) for row in knowledge.select(CIRCUMSTANCES).rows}
        """The circumstances of persons."""
        for entry in self.by_iri.values():
            label = tokens(entry.label)
            for words in sorted((entry.codes | entry.hidden) - {label}):
                self.called[words].append(label)
        for row in knowledge.select(PARTS).rows:
            short = tokens(text_of(row["label"]).partition(", ")[0])
            for words in (short, *self.by_iri[text_of(row["whole"])].words):
                self.in_provisions[tuple(sorted(words))] = short

    def own(self, iri: str) -> tuple[str, ...]:
        """Return all words of the names of a thing."""
        return sum(self.by_iri[iri].words, ())

    def having(self, word: str) -> set[str]:
        """Return what has a word in a name of its own, or of what it speaks of."""
        if is_whole(word):
            return self._by_word.get(word, set())
        return set().union(*(items for known, items in self._by_word.items() if known.startswith(word)))

    def having_or_called(self, word: str) -> set[str]:
        """Return what has a word, or that by which a thing is called which has this word for a name."""
        others = {other[0] for other in self.called.get((word,), ()) if len(other) == 1}
        return set().union(*map(self.having, (word, *others)))

    def _name(self, iri: str, name: str, kind: str) -> None:
        words = tokens(name)
        entry = self.by_iri[iri]
        if kind == "label" or (kind == "title" and not entry.label and iri.startswith(f"{BASE}ontology")):
            entry.label = name
        entry.words += dict.fromkeys((words, tokens(_COPY.sub("", name))))
        if kind in ("other", "code"):
            entry.codes.add(words)
        if kind == "hidden":
            entry.hidden.add(words)
        for word in words:
            self._by_word[word].add(iri)
        self.spelled.update(dict.fromkeys(_WRITTEN.findall(name.casefold())))

    def _add_speakers(self, knowledge: Knowledge) -> dict[str, str]:
        """Read what passages, claims and norms speak of; return the names of what only they speak of."""
        acts: dict[str, tuple[str, ...]] = defaultdict(tuple)
        for row in knowledge.select(ACTS).rows:
            acts[text_of(row["item"])] += tokens(text_of(row["word"]))
        for row in knowledge.select(STATED).rows:
            speaker, thing = text_of(row["item"]), text_of(row["thing"])
            if thing in self.by_iri and thing != speaker:
                entry, more = self.by_iri[thing], acts.get(thing, ())
                self._speaks(speaker, [(entry.label, (*words, *more)) for words in entry.words])
        gone: dict[str, str] = {}
        for row in knowledge.select(REJECTED).rows:
            thing, name = text_of(row["thing"]), text_of(row["name"])
            gone[thing] = name
            self._speaks(text_of(row["item"]), [(name, (*tokens(name), *acts.get(thing, ())))])
        for row in knowledge.select(TERMS).rows:
            self._speaks(text_of(row["item"]), [(text_of(row["text"]), tokens(text_of(row["text"])))])
        return gone

    def _speaks(self, speaker: str, told: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        entry = self.by_iri[speaker]
        entry.label = entry.label or passage_name(speaker) or ""
        for label, words in told:
            entry.about.append((label, words))
            for word in words:
                self._by_word[word].add(speaker)

    def _add_notes(self, knowledge: Knowledge, gone: Mapping[str, str]) -> None:
        """Read what is to be known of a thing at once, and what of passages is rejected."""
        notes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for row in knowledge.select(NOTES).rows:
            notes[text_of(row["item"])][text_of(row["note"])].append(text_of(row["by"]))
        for one in disagreements(knowledge).values():
            for thing in one.things:
                notes[thing]["disputed"].append(one.name.text)
            for said in (said for thing in one.corrected for said in thing.struck):
                for passage in said.said_by:
                    called = [gone.get(term) or self._label(term) for term in (said.thing, said.value)]
                    self.by_iri[passage].rejected |= {label: one for label in called if label}
        for iri, entry in self.by_iri.items():
            entry.notes = notes.get(iri, {})

    def _label(self, iri: str) -> str:
        return self.by_iri[iri].label if iri in self.by_iri else ""

    def _add_kinds(self, knowledge: Knowledge) -> None:
        """Read what kind of thing each is, and the words beside its names."""
        order = {f"{SUR}{name}": number for number, name in enumerate(KINDS)}
        for row in knowledge.select(CLASSES).rows:
            item, rank = text_of(row["item"]), order[text_of(row["class"])]
            self.ranks[item] = min(rank, self.ranks.get(item, rank))
        beside: dict[str, dict[str, None]] = defaultdict(dict)
        for row in knowledge.select(BESIDE).rows:
            beside[text_of(row["item"])].update(dict.fromkeys(tokens(text_of(row["word"]))))
        labels = knowledge.labels(order)
        for iri, entry in self.by_iri.items():
            name = KINDS[self.ranks[iri]] if iri in self.ranks else ""
            entry.kind = labels.get(f"{SUR}{name}", name) if name else _space(iri)
            entry.called = (*(tokens(entry.kind) if name else ()), *beside.get(iri, ()))
            for word in entry.called:
                self.by_kind[word].add(iri)
            entry.label = entry.label or iri.removeprefix(BASE)


def _space(iri: str) -> str:
    """Say what a thing is by the first part of its path, where no class says it."""
    space = _PARTS.split(iri.removeprefix(BASE), 1)[0]
    known = {"id": "thing", "vocab": "term of a vocabulary", "ontology": TERM, "query": "question"}
    return known.get(space, space)
