"""What the words of an answer mean: those of vocabularies, as they define them, and those of the question."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from pyoxigraph import Literal, NamedNode

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.namespaces import SKOS, VOCAB
from surplace.rdf.terms import text_of
from surplace.words.standings import LEGEND, Mark, mark_of


def meanings_of(rows: Sequence[Row], knowledge: Knowledge) -> tuple[tuple[Mark, str, str], ...]:
    """Return mark, word and definition of each concept with a mark in *rows*, in the order of the key.

    Raises EngineError.
    """
    return meanings_among(
        {term.value for row in rows for term in row.values() if isinstance(term, NamedNode)}, knowledge
    )


def meanings_among(iris: Iterable[str], knowledge: Knowledge) -> tuple[tuple[Mark, str, str], ...]:
    """Return the same of those of *iris* that are concepts with a mark; raises EngineError."""
    marks = {iri: mark for iri in iris if (mark := mark_of(iri))}
    if not marks:
        return ()
    concepts = " ".join(f"<{iri}>" for iri in sorted(marks))
    table = knowledge.remembered(
        f"SELECT ?concept ?word ?meaning {{ VALUES ?concept {{ {concepts} }} "
        f"?concept <{SKOS}prefLabel> ?word ; <{SKOS}definition> ?meaning }}"
    )
    found = [(text_of(row["concept"]), text_of(row["word"]), text_of(row["meaning"])) for row in table.rows]
    found.sort(key=lambda one: (LEGEND.index(marks[one[0]]), one[1]))
    return tuple((marks[concept], word, meaning) for concept, word, meaning in found)


def meanings_of_standings(kinds: Iterable[str], knowledge: Knowledge) -> tuple[tuple[Mark, str, str], ...]:
    """Return the same of ways to stand to a treaty or provision, by the names of their concepts."""
    return meanings_among({f"{VOCAB}standing-kind/{kind}" for kind in kinds}, knowledge)


def words_in(rows: Sequence[Row], words: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return those of *words*, with what they mean, with which a text of *rows* begins, in their order."""
    texts = {term.value for row in rows for term in row.values() if isinstance(term, Literal)}
    return tuple(
        (word, meaning)
        for word, meaning in words.items()
        if any(text == word or text.startswith(f"{word} ") for text in texts)
    )
