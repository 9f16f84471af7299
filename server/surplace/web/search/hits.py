"""What is shown of a thing that was found: what to know of it at once, and what disputes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from surplace.namespaces import SOURCE
from surplace.web.cells import local_path, sentence_place
from surplace.web.search.entries import Entries
from surplace.web.search.matching import fits, fitting, in_a_row, tokens
from surplace.words.english import joined
from surplace.words.order import legal_key

SPOKEN: Final = 2
"""Things that a passage is said to speak of, those with the longest names, which say most."""
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


def hits_of(entries: Entries, ranked: Iterable[str], sought: tuple[str, ...]) -> list[Hit]:
    """Show what is found; before what is rejected comes what it is about and stands."""
    hits: dict[str, Hit] = {}
    for iri in ranked:
        hit = _hit(entries, iri, sought)
        if hit.rejected:
            dispute = entries.by_iri[iri].rejected[_spoken(entries, iri, sought)[0]]
            standing = sorted(thing for thing in dispute.things - dispute.gone if thing in entries.ranks)
            hits |= {thing: _hit(entries, thing, sought) for thing in standing if thing not in hits}
        hits.setdefault(iri, hit)
    return list(hits.values())


def paragraph_of(hits: Sequence[Hit], sought: str) -> tuple[str, str] | None:
    """Return the name of the paragraph that is sought, and its path, if the first that is found is in it."""
    place = sentence_place(hits[0].iri) if hits else None
    words = tokens(sought)
    if place is None or "sentence" in words or not in_a_row(words, ("paragraph", place[1])):
        return None
    return hits[0].label.rpartition(", ")[0], f"{local_path(SOURCE + place[0])}?part=p{place[1]}"


def by_kind(hits: Sequence[Hit]) -> Iterator[tuple[str, int]]:
    """Yield each kind with the number of its things, as they come."""
    counts: dict[str, int] = {}
    for hit in hits:
        counts[hit.kind] = counts.get(hit.kind, 0) + 1
    yield from counts.items()


def shown(hits: Iterable[Hit], kind: str) -> list[Hit]:
    """Keep what is of a kind; of no kind, all."""
    return [hit for hit in hits if not kind or hit.kind == kind]


def _spoken(entries: Entries, iri: str, sought: tuple[str, ...]) -> tuple[str, tuple[str, ...]]:
    """Return by what it speaks of a passage or claim is found, if it is, with the words of that."""
    own = entries.own(iri)
    left = [word for word in sought if not fits(own, (word,))]
    about = [each for each in sorted(entries.by_iri[iri].about) if fitting(each[1], left)]
    return max(about, key=lambda each: fitting(each[1], sought), default=("", ()))


def _hit(entries: Entries, iri: str, sought: tuple[str, ...]) -> Hit:
    entry = entries.by_iri[iri]
    notes = [
        f"{words} {', '.join(sorted(set(entry.notes[name])))}" for name, words in _SAID if name in entry.notes
    ] or entry.notes.get("meaning", [])[:1]
    if "scheme" in entry.notes:  # many concepts are called as classes are
        notes = [f"one of the {', '.join(sorted(set(entry.notes['scheme'])))}", *notes]
    if "norm" in entry.notes:  # the aside of its name is the provision that is shown
        ordered = sorted(entry.notes["norm"], key=lambda name: legal_key(name.partition(" (")[2]))
        norms = dict.fromkeys(name.partition(" (")[0] for name in ordered)
        notes = [f"lays down: {joined(norms, SPOKEN, comma=';')}", *notes]
    spoken = _spoken(entries, iri, sought)
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
