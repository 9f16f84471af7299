"""`surplace verify-source`: every passage is found in the text, and what changed is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from conftest import SENTENCES, TEXT, World, sha256
from surplace.build.pipeline import Inputs
from surplace.build.records import Records, passages_digest
from surplace.build.sources import read_sources
from surplace.errors import SurplaceError
from surplace.namespaces import SOURCE
from surplace.sourcetext import Passage, Verification, digest, normalised, read_text, text_passages, verify

BASE = SOURCE + "tale/"

TALE = ("One day it rained.", "It rained a lot.", "Then it stopped, as it does.")


def passage(number: int, text: str) -> Passage:
    """Make the record of a passage from its text."""
    words = normalised(text).split()
    return Passage(f"{BASE}s{number}", " ".join(words[:2]), " ".join(words[-2:]), digest(text))


def tale(*sentences: str) -> list[Passage]:
    """Make the records of a text."""
    return [passage(number, text) for number, text in enumerate(sentences, 1)]


def problems(text: str, passages: list[Passage] | None = None) -> list[str]:
    """Return what is wrong with a text."""
    return verify(normalised(text), tale(*TALE) if passages is None else passages).problems


def test_quotes_spaces_and_composition_do_not_count() -> None:
    assert normalised(" a\u00a0“b”\n‘c’  e\u0301 ") == "a \"b\" 'c' \u00e9"
    assert digest("“a”\n b") == sha256('"a" b')


def test_a_text_as_recorded_has_no_problems() -> None:
    outcome = verify(normalised("\n\n".join(TALE)), tale(*TALE))
    assert outcome.problems == []
    assert [place.passage.iri for place in outcome.found] == [f"{BASE}s{number}" for number in (1, 2, 3)]


def test_a_changed_passage_comes_with_its_new_digest() -> None:
    assert problems("One day it rained. It rained and poured a lot. Then it stopped, as it does.") == [
        f"source/tale/s2 has changed: its text gives the digest {sha256('It rained and poured a lot.')}, its "
        f"record {sha256(TALE[1])}; restore the text, or correct what is stated and let --write record the "
        "new one."
    ]


def test_a_change_does_not_reach_into_the_next_passage() -> None:
    sentences = ("He saw it. He did.", "He knew it. He did.", "Yes it is.")
    changed = ("He saw it, he saw. He did.", *sentences[1:])
    (problem,) = problems(" ".join(changed), tale(*sentences))
    assert sha256(changed[0]) in problem


def test_a_missing_passage_is_named() -> None:
    assert problems(f"{TALE[0]} {TALE[2]}") == [
        "source/tale/s2 is missing: its first words “It rained” are not in the text; restore the text, or "
        "correct the record of the passage."
    ]


def test_a_passage_in_another_place_is_named() -> None:
    found = problems(f"{TALE[1]} {TALE[0]} {TALE[2]}")
    assert found[0].startswith("source/tale/s2 does not stand where its sur:hasOrder puts it")
    assert found[1].startswith("No passage covers 4 words of the text, from “It rained a lot.” on")
    assert len(found) == 2


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_text_that_no_passage_covers_is_reported(number: int) -> None:
    sentences = [*TALE[:number], "Nobody ever wrote down this one here.", *TALE[number:]]
    assert problems(" ".join(sentences)) == [
        "No passage covers 7 words of the text, from “Nobody ever wrote down this …” on: record a passage "
        "for them, or correct the words where its neighbours begin and end."
    ]


def test_words_are_found_whole() -> None:
    assert problems(
        "Other. The end of it. The rend of", [passage(1, "Other."), passage(2, "The end of it.")]
    )[0].startswith("No passage covers 3 words of the text, from “The rend of” on")


def test_the_common_digest_is_compared() -> None:
    passages = tale(*TALE)
    text = normalised(" ".join(TALE))
    common = passages_digest(item.digest for item in passages)
    assert verify(text, passages, common).problems == []
    assert verify(text, passages, "f").problems == [
        f"The common digest of the passages is {common}, the source records f: "
        "record the new one as sur:hasPassagesDigest, or let --write do it."
    ]
    assert verify(text, passages, "0" * 64).problems == [
        "The source has no digest of its passages together yet: let --write record it."
    ]


def outcome_for(inputs: Inputs, document: str, text: Path) -> Verification:
    """Verify a text against the data of *inputs*."""
    sources = read_sources([inputs.data])
    recorded = Records(sources.quads).values(SOURCE + document, "hasPassagesDigest")
    return verify(read_text(text), text_passages(sources, document), recorded[0])


def test_passages_come_from_the_data(small_world: World, tmp_path: Path) -> None:
    (tmp_path / "text").write_text(TEXT, encoding="utf-8")
    outcome = outcome_for(small_world.inputs, "article", tmp_path / "text")
    assert outcome.problems == []
    assert len(outcome.found) == len(SENTENCES)


def test_an_unknown_source_names_those_with_text(small_world: World) -> None:
    with pytest.raises(SurplaceError) as caught:
        text_passages(read_sources([small_world.inputs.data]), "untc")
    assert str(caught.value) == 'No source "untc" has passages of text: use article.'


def test_an_incomplete_record_is_named(small_world: World) -> None:
    small_world.change("documents/article.trig", 'sur:endsWith "the Accord." ;', "")
    with pytest.raises(
        SurplaceError, match=r"source/article/p1/s1 needs one sur:beginsWith, one sur:endsWith"
    ):
        text_passages(read_sources([small_world.inputs.data]), "article")


@pytest.mark.parametrize(
    ("content", "expected"), [(b"\xff", "is not UTF-8 (byte 0)"), (None, "cannot be read (No such file")]
)
def test_a_file_that_is_no_text_is_named(tmp_path: Path, content: bytes | None, expected: str) -> None:
    if content is not None:
        (tmp_path / "text").write_bytes(content)
    with pytest.raises(SurplaceError) as caught:
        read_text(tmp_path / "text")
    assert expected in str(caught.value)
