"""Search by name: labels, articles, symbols of documents, ISO codes and words, in memory.

A thing is found where each word of the search is one of its own, or of its kind, its year, its author or
addressee, or begins one; numbers fit whole. Any name of an instrument stands for the one by which its
provisions are called. What is closest comes first: a code, the whole name, its beginning or end, its words
in a row; then what people look for most. A passage or claim is found by the names of the things that it
speaks of, too, and a norm by its terms; that comes last, with what is named after others: oppositions and
conclusions. Words in quotation marks must stand in a row. A passage that is found by what is rejected of it
is marked so, and what stands comes before it.
"""

from __future__ import annotations

import difflib
import re
import threading
import weakref
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from surplace.engine.knowledge import Knowledge
from surplace.namespaces import BASE, QUERY, SOURCE, SUR, VOCAB
from surplace.rdf.terms import text_of
from surplace.web.cells import local_path, passage_name, sentence_place
from surplace.web.kinds.rejecting import Disagreement, disagreements
from surplace.web.matching import (
    IN_A_ROW,
    LOOSE,
    closeness,
    fits,
    fitting,
    in_a_row,
    is_whole,
    out_of_place,
    tokens,
)
from surplace.web.search_queries import (
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
from surplace.words.english import joined
from surplace.words.order import legal_key

LONGEST: Final = 200
"""Characters of a search that are looked at."""
ABOUT: Final = LOOSE + 1
"""How close what only speaks of such a thing is."""
Distance: TypeAlias = tuple[int, int, int, bool, int]
"""How close the name, numbers out of place, the rank of the kind, whether it is a note, words of the name."""
MOST: Final = 50
"""Things that a page of what is found names."""
FEW: Final = 12
"""Where no more is found, what has some of the words is named too."""
SPOKEN: Final = 2
"""Things that a passage is said to speak of, those with the longest names, which say most."""
TERM: Final = "term of the ontology"
"""The kind of a class or property."""
READINGS: Final = 24
"""Ways in which a search is read where nothing is called by its own words."""
NEAR: Final = 12
"""Things with some of the words that are named."""

_COMPOSED: Final = range(KINDS.index("Contradiction"), len(KINDS))
"""Places of the kinds of what is called by the names of what it is about."""

MISSPELLED: Final = 0.85
"""How alike two words must be, from 0 to 1, for one to be the other misspelled."""
_AROUND: Final = ".,;:?!\"'“”"
"""Signs around a word that are none of it."""
_WRITTEN: Final = re.compile(r"[^\W\d_]{4,}")
"""A word of a name as it is spelled, if it is long enough for another to be taken for it."""
_PHRASE: Final = re.compile('["“]([^"”]+)["”]')
_ASIDE: Final = re.compile(r", (note|header)\b")
"""Passages beside the text of a document, which come after it."""
_PLACES: Final = frozenset(("paragraph", "note"))
"""Words by which a passage is sought."""
_COPY: Final = re.compile(r" \((?:copy|extract)\)")
"""What a source is of a document, beside whose symbol it stands."""
_SAID: Final = (
    ("speaker", "claimed by"),
    ("doubter", "questioned by"),
    ("title", "a record, passage by passage, of"),
    ("verdict", "verdict:"),
)
_RECORD: Final = "the passage of the source: what is recorded from it, and where it is published"


@dataclass(frozen=True)
class Hit:
    """A thing that was found: what it is called, what kind of thing it is, and what to know of it at once."""

    iri: str
    label: str
    kind: str
    note: str = ""
    disputed: tuple[str, ...] = ()
    rejected: bool = False
    """Whether what it is found by is rejected."""


@dataclass
class _Entry:
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


class Index:
    """The names of a release, ready to be searched."""

    def __init__(self, knowledge: Knowledge) -> None:
        """Ask for all names; raises EngineError."""
        self.entries: dict[str, _Entry] = defaultdict(_Entry)
        self._by_word: dict[str, set[str]] = defaultdict(set)
        self._by_kind: dict[str, set[str]] = defaultdict(set)
        self._spelled: dict[str, None] = {}
        for row in knowledge.select(NAMES).rows:
            self._name(text_of(row["item"]), text_of(row["name"]), text_of(row["is"]))
        acts: dict[str, tuple[str, ...]] = defaultdict(tuple)
        for row in knowledge.select(ACTS).rows:
            acts[text_of(row["item"])] += tokens(text_of(row["word"]))
        for row in knowledge.select(STATED).rows:
            speaker, thing = text_of(row["item"]), text_of(row["thing"])
            if thing in self.entries and thing != speaker:
                entry, more = self.entries[thing], acts.get(thing, ())
                self._speaks(speaker, [(entry.label, (*words, *more)) for words in entry.words])
        gone: dict[str, str] = {}
        for row in knowledge.select(REJECTED).rows:
            thing, name = text_of(row["thing"]), text_of(row["name"])
            gone[thing] = name
            self._speaks(text_of(row["item"]), [(name, (*tokens(name), *acts.get(thing, ())))])
        for row in knowledge.select(TERMS).rows:
            self._speaks(text_of(row["item"]), [(text_of(row["text"]), tokens(text_of(row["text"])))])
        order = {f"{SUR}{name}": (number, name) for number, name in enumerate(KINDS)}
        best: dict[str, tuple[int, str]] = {}
        for row in knowledge.select(CLASSES).rows:
            item, ranked = text_of(row["item"]), order[text_of(row["class"])]
            best[item] = min(ranked, best.get(item, ranked))
        beside: dict[str, dict[str, None]] = defaultdict(dict)
        for row in knowledge.select(BESIDE).rows:
            beside[text_of(row["item"])].update(dict.fromkeys(tokens(text_of(row["word"]))))
        labels = knowledge.labels(f"{SUR}{name}" for name in KINDS)
        notes: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
        for row in knowledge.select(NOTES).rows:
            notes[text_of(row["item"])][text_of(row["note"])].append(text_of(row["by"]))
        for one in disagreements(knowledge).values():
            for thing in one.things:
                notes[thing]["disputed"].append(one.name.text)
            for said in (said for thing in one.corrected for said in thing.struck):
                for passage in said.said_by:
                    called = [gone.get(term) or self._label(term) for term in (said.thing, said.value)]
                    self.entries[passage].rejected |= {label: one for label in called if label}
        for iri, entry in self.entries.items():
            name = best[iri][1] if iri in best else ""
            entry.kind = labels.get(f"{SUR}{name}", name) if name else _space(iri)
            entry.called = (*(tokens(entry.kind) if name else ()), *beside.get(iri, ()))
            for word in entry.called:
                self._by_kind[word].add(iri)
            entry.notes = notes.get(iri, {})
            entry.label = entry.label or iri.removeprefix(BASE)
        self.kinds = sorted({entry.kind for entry in self.entries.values()})
        self._personal = {text_of(row["item"]) for row in knowledge.select(CIRCUMSTANCES).rows}
        self._ranks = {iri: number for iri, (number, _) in best.items()}
        self._called: dict[tuple[str, ...], list[tuple[str, ...]]] = defaultdict(list)
        for entry in self.entries.values():
            label = tokens(entry.label)
            for words in sorted((entry.codes | entry.hidden) - {label}):
                self._called[words].append(label)
        self._in_provisions: dict[tuple[str, ...], tuple[str, ...]] = {}
        for row in knowledge.select(PARTS).rows:
            short = tokens(text_of(row["label"]).partition(", ")[0])
            for words in (short, *self.entries[text_of(row["whole"])].words):
                self._in_provisions[tuple(sorted(words))] = short

    def _name(self, iri: str, name: str, kind: str) -> None:
        words = tokens(name)
        entry = self.entries[iri]
        if kind == "label" or (kind == "title" and not entry.label and iri.startswith(f"{BASE}ontology")):
            entry.label = name
        entry.words += dict.fromkeys((words, tokens(_COPY.sub("", name))))
        if kind in ("other", "code"):
            entry.codes.add(words)
        if kind == "hidden":
            entry.hidden.add(words)
        for word in words:
            self._by_word[word].add(iri)
        self._spelled.update(dict.fromkeys(_WRITTEN.findall(name.casefold())))

    def _label(self, iri: str) -> str:
        return self.entries[iri].label if iri in self.entries else ""

    def _speaks(self, speaker: str, told: Iterable[tuple[str, tuple[str, ...]]]) -> None:
        entry = self.entries[speaker]
        entry.label = entry.label or passage_name(speaker) or ""
        for label, words in told:
            entry.about.append((label, words))
            for word in words:
                self._by_word[word].add(speaker)

    def find(self, text: str) -> list[Hit]:
        """Return what is found, the closest first."""
        sought = tokens(text[:LONGEST])
        phrases = [tokens(phrase) for phrase in _PHRASE.findall(text[:LONGEST])]
        readings = self._readings(sought)
        best = self._nearness(readings, phrases)
        if all(distance[0] >= ABOUT for distance in best.values()):
            readings += self._in_other_words(sought)
            best = self._nearness(readings, phrases)
        ranked = sorted(best, key=lambda iri: (*best[iri], legal_key(self.entries[iri].label), iri))
        return self._hits(ranked, tuple(dict.fromkeys(sum(readings, ()))))

    def _nearness(
        self, readings: Iterable[tuple[str, ...]], phrases: Sequence[tuple[str, ...]]
    ) -> dict[str, Distance]:
        """Return how close each thing is that has all words of a reading, and each phrase in a row."""
        best: dict[str, Distance] = {}
        for words in readings:
            for iri in self._having(words):
                if all(self._says(iri, phrase) for phrase in phrases):
                    distance = self._distance(iri, words)
                    best[iri] = min(distance, best.get(iri, distance))
        return best

    def _readings(self, sought: tuple[str, ...]) -> list[tuple[str, ...]]:
        """Return what is sought, and the same as provisions are cited: `1951 convention article 33`."""
        cited = self._cited(sought)
        if "article" in cited:  # "article 33, paragraph 2" is called "Article 33(2)"
            cited = tuple(word for word in cited if word != "paragraph")
        return list(dict.fromkeys(words for words in (sought, cited) if words))

    def _in_other_words(self, sought: tuple[str, ...]) -> list[tuple[str, ...]]:
        """Return what is sought with the label of a thing for another name of it, such as `deported`."""
        readings = {sought: None}
        for start in range(len(sought)):
            for size in range(1, len(sought) - start + 1):
                words = sought[start : start + size]
                for reading in list(readings):
                    for other in self._called.get(words, ()):
                        if len(readings) <= READINGS and in_a_row(reading, words):
                            readings[_replaced(reading, words, other)] = None
        return [cited for words in readings for cited in self._readings(words) if words != sought]

    def _cited(self, sought: tuple[str, ...]) -> tuple[str, ...]:
        """Write for the longest name of an instrument what its provisions call it, if more is sought."""
        for size in range(len(sought) - 1, 0, -1):
            for start in range(len(sought) - size + 1):
                named = tuple(sorted(sought[start : start + size]))
                if short := self._in_provisions.get(named):
                    return (*short, *sought[:start], *sought[start + size :])
        return sought

    def _having(self, sought: tuple[str, ...]) -> set[str]:
        """Return what has each word that is sought, at least one of them in a name or two beside it."""
        named = [self._with(word) for word in dict.fromkeys(sought)]
        kinds = [self._by_kind.get(word, set()) for word in dict.fromkeys(sought)]
        found = set.intersection(*map(set.union, named, kinds))
        any_named = set().union(*named)
        if len(named) == 1:
            return found & any_named
        return {iri for iri in found if iri in any_named or not iri.startswith(QUERY)}

    def near(self, text: str, most: int = NEAR) -> list[Hit]:
        """Return what has some words of a text and not all; nothing for a single word.

        What is named whole by its symbol comes first, then what has most of the words.
        """
        whole = tokens(text[:LONGEST])
        sought = tuple(dict.fromkeys(self._readings(whole)[-1])) if whole else ()
        having = [self._with_or_called(word) for word in sought]
        counted = Counter(iri for found in having for iri in found)
        telling: dict[str, float] = defaultdict(float)
        for found in having:  # a word that few things have says more of what is sought
            for iri in found:
                telling[iri] += 1 / len(found)
        some = [iri for iri, number in counted.items() if number < len(sought)]
        last = len(KINDS)
        ranked = sorted(
            some,
            key=lambda iri: (
                -self._named(iri, whole),
                -counted[iri],
                -telling[iri],
                not any(fits(self._own(iri), (word,)) for word in sought),
                self._ranks.get(iri, last),
                legal_key(self.entries[iri].label),
                iri,
            ),
        )
        return self._hits(ranked[:most], sought)

    def unknown(self, text: str) -> list[str]:
        """Return the words of a text that nothing has in any name or beside it."""
        sought = set(tokens(text[:LONGEST]))
        words = {word.strip(_AROUND): tokens(word) for word in text[:LONGEST].split()}
        return [
            word
            for word, compared in words.items()
            if sought.issuperset(compared)
            and not any(self._with_or_called(one) or self._by_kind.get(one) for one in compared)
        ]

    def spelled(self, text: str) -> str:
        """Return a text with the nearest spelling for each word that nothing has; "" if one has none."""
        words = []
        unknown = set(self.unknown(text))
        for word in text[:LONGEST].split():
            bare = word.strip(_AROUND)
            near = difflib.get_close_matches(bare.casefold(), self._spelled, n=1, cutoff=MISSPELLED)
            if bare in unknown and not near:
                return ""
            words.append(near[0] if bare in unknown else word)
        return " ".join(words) if unknown else ""

    def circumstances(self, text: str) -> list[str]:
        """Return the labels of the circumstances of a person that a text names, two at most.

        At least half of the words are those of a name of it, and half of those of that name.
        """
        sought = set(tokens(text[:LONGEST]))
        known: dict[str, int] = {}
        for iri in self._personal:
            for name in self.entries[iri].words:
                met = sum(any(fits((own,), (word,)) for own in name) for word in sought)
                if met and 2 * met >= max(len(sought), len(set(name))):
                    known[iri] = max(met, known.get(iri, 0))
        some = sorted(known, key=lambda iri: (-known[iri], len(self.entries[iri].label), iri))
        return [self.entries[iri].label for iri in some[:2]]

    def _named(self, iri: str, sought: tuple[str, ...]) -> int:
        """Return how many words the code of a thing has that is a part of what is sought."""
        codes = self.entries[iri].codes
        return max((len(code) for code in codes if len(code) > 1 and in_a_row(sought, code)), default=0)

    def _with(self, word: str) -> set[str]:
        if is_whole(word):
            return self._by_word.get(word, set())
        return set().union(*(items for known, items in self._by_word.items() if known.startswith(word)))

    def _with_or_called(self, word: str) -> set[str]:
        """Return what has a word, or that by which a thing is called which has this word for a name."""
        others = {other[0] for other in self._called.get((word,), ()) if len(other) == 1}
        return set().union(*map(self._with, (word, *others)))

    def _how(self, iri: str, words: tuple[str, ...], sought: tuple[str, ...]) -> int:
        """Say how close a name of a thing is; a term of a vocabulary is close by its label alone."""
        entry = self.entries[iri]
        how = closeness(words, sought, words in entry.codes)
        if iri.startswith(VOCAB) and (how > 1 or words != tokens(entry.label)):
            return max(how, ABOUT)
        if how == 2 and _PLACES.intersection(sought) and iri.startswith(SOURCE):
            return 1  # a sentence of the paragraph that is sought
        return max(how, IN_A_ROW) if words in entry.hidden and words != sought else how

    def _distance(self, iri: str, sought: tuple[str, ...]) -> Distance:
        entry = self.entries[iri]
        own = self._own(iri)
        kind = tuple(word for word in sought if word in entry.called and not fits(own, (word,)))
        words_sought = tuple(word for word in sought if word not in kind)
        if not words_sought:
            return ABOUT, 0, self._ranks.get(iri, len(KINDS)), False, min(map(len, entry.words), default=0)
        ways = ((self._how(iri, words, words_sought), words) for words in entry.words)
        how, parted = min(((how, out_of_place(words, sought)) for how, words in ways), default=(ABOUT, 0))
        rank = self._ranks.get(iri, len(KINDS))
        if "record" in entry.notes:  # what a provision says stands on its own page
            how = max(how, IN_A_ROW)
        aside = rank in _COMPOSED or (kind and iri.startswith(QUERY))
        if aside or (how == LOOSE and not fits(own, words_sought)):
            how = ABOUT
        return how, parted, rank, bool(_ASIDE.search(entry.label)), min(map(len, entry.words), default=0)

    def _own(self, iri: str) -> tuple[str, ...]:
        """Return all words of the names of a thing."""
        return sum(self.entries[iri].words, ())

    def _says(self, iri: str, phrase: tuple[str, ...]) -> bool:
        """Tell whether a name of a thing, or of what it speaks of, has these words in a row."""
        entry = self.entries[iri]
        return any(in_a_row(words, phrase) for words in (*entry.words, *(words for _, words in entry.about)))

    def _hits(self, ranked: Iterable[str], sought: tuple[str, ...]) -> list[Hit]:
        """Show what is found; before what is rejected comes what it is about and stands."""
        hits: dict[str, Hit] = {}
        for iri in ranked:
            hit = self._hit(iri, sought)
            if hit.rejected:
                dispute = self.entries[iri].rejected[self._spoken(iri, sought)[0]]
                standing = sorted(thing for thing in dispute.things - dispute.gone if thing in self._ranks)
                hits |= {thing: self._hit(thing, sought) for thing in standing if thing not in hits}
            hits.setdefault(iri, hit)
        return list(hits.values())

    def _spoken(self, iri: str, sought: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
        """Return by what it speaks of a passage or claim is found, if it is, with the words of that."""
        own = self._own(iri)
        left = [word for word in sought if not fits(own, (word,))]
        about = [each for each in sorted(self.entries[iri].about) if fitting(each[1], left)]
        return max(about, key=lambda each: fitting(each[1], sought), default=("", ()))

    def _hit(self, iri: str, sought: tuple[str, ...]) -> Hit:
        entry = self.entries[iri]
        notes = [
            f"{words} {', '.join(sorted(set(entry.notes[name])))}"
            for name, words in _SAID
            if name in entry.notes
        ] or entry.notes.get("meaning", [])[:1]
        if "scheme" in entry.notes:  # many concepts are called as classes are
            notes = [f"one of the {', '.join(sorted(set(entry.notes['scheme'])))}", *notes]
        if "norm" in entry.notes:  # the aside of its name is the provision that is shown
            ordered = sorted(entry.notes["norm"], key=lambda name: legal_key(name.partition(" (")[2]))
            norms = dict.fromkeys(name.partition(" (")[0] for name in ordered)
            notes = [f"lays down: {joined(norms, SPOKEN, comma=';')}", *notes]
        spoken = self._spoken(iri, sought)
        rejected = spoken[0] in entry.rejected
        if spoken[0]:
            notes = [*notes, f"speaks of: {spoken[0]}"]
        elif not notes and entry.about:
            of = sorted({name for name, _ in entry.about if name}, key=lambda name: (-len(name), name))
            notes = [f"speaks of: {'; '.join(of[:SPOKEN])}"]
        if "record" in entry.notes:  # it is called the text of what it is the place of
            notes = [_RECORD, *notes]
        against = [
            f"{how}: {name}"
            for how in ("contradicted by", "in tension with", "disputed")
            for name in sorted(set(entry.notes.get(how, ())))
        ]
        if rejected:
            against.insert(0, f"rejected: {entry.rejected[spoken[0]].name.text}")
        return Hit(iri, entry.label, entry.kind, "; ".join(notes), tuple(against), rejected)


def _replaced(text: tuple[str, ...], words: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """Write *other* for the first *words* in a row of a text that has them."""
    size = len(words)
    start = next(at for at in range(len(text)) if text[at : at + size] == words)
    return (*text[:start], *other, *text[start + size :])


def paragraph_of(hits: Sequence[Hit], sought: str) -> tuple[str, str] | None:
    """Return the name of the paragraph that is sought, and its path, if the first that is found is in it."""
    place = sentence_place(hits[0].iri) if hits else None
    words = tokens(sought)
    if place is None or "sentence" in words or not in_a_row(words, ("paragraph", place[1])):
        return None
    return hits[0].label.rpartition(", ")[0], f"{local_path(SOURCE + place[0])}?part=p{place[1]}"


def _space(iri: str) -> str:
    """Say what a thing is by the first part of its path, where no class says it."""
    space = _PARTS.split(iri.removeprefix(BASE), 1)[0]
    known = {"id": "thing", "vocab": "term of a vocabulary", "ontology": TERM, "query": "question"}
    return known.get(space, space)


_PARTS: Final = re.compile("[/#]")
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
