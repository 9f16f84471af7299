"""The text of a treaty: articles and divisions by their locators, and digests of its provision passages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from conftest import World
from surplace import resources
from surplace.articles import Articles, wording_digest
from surplace.cli import main

LEDGER = """THE LEDGER TREATY

Contents
Article 1
Article 2. On copying
Article III

PART I. OF LEDGERS

Article 1
Use of words

A. A ledger means:
(1) A book of sums, kept under article 2;
(2) A roll (a) of hide, or a sheet.
Where it is torn, see
Article 2 of this Treaty.

A second scribe signs. A third one looks on.

B. (1) Nothing else counts. (2) Save what paragraph (1) of section A says.

Article 2. On copying
1. Scribes copy:(a) by day; or
(b)by night, if
(i) the lamp is lit, and (ii) the ink is dry.
2 . Part II of this Treaty binds them. No scribe reads aloud.

PART II
LAST WORDS

ARTICLE III: Entry

It enters into force at once.

It stays in force.

In witness whereof the scribes have signed.
ANNEX
Article 99
"""


@pytest.mark.parametrize(
    ("locator", "words"),
    [
        ("Article 1A(1)", "A book of sums, kept under article 2;"),
        (
            "Article 1A(2)",
            "A roll (a) of hide, or a sheet. Where it is torn, see Article 2 of this Treaty. "
            "A second scribe signs. A third one looks on.",
        ),
        ("Article 1A(2), second paragraph", "A second scribe signs. A third one looks on."),
        ("Article 1A(2), second paragraph, second sentence", "A third one looks on."),
        ("Article 1B(2)", "Save what paragraph (1) of section A says."),
        ("Article 2(1)(a)", "by day; or"),
        ("Article 2(1)(b)(ii)", "the ink is dry."),
        ("Article 2(2)", "Part II of this Treaty binds them. No scribe reads aloud."),
        ("Article 2(2), first sentence", "Part II of this Treaty binds them."),
        ("Article III", "It enters into force at once. It stays in force."),
        ("Article 3(2)", "It stays in force."),
        ("Article 2(3)", None),
        ("Article 2(1)(c)", None),
        ("Article 4", None),
        ("Article 2(1), first half", None),
        ("Articles 1 to 3", None),
        ("title", None),
    ],
)
def test_a_locator_names_a_piece(locator: str, words: str | None) -> None:
    assert Articles(LEDGER).piece(locator) == words


def test_headings_in_small_letters_or_on_two_lines_are_told_from_references() -> None:
    articles = Articles(
        "Part I\narticle\n1\nScribes copy by day.\narticle Iv. last words\n"
        "What is named in\narticle 1.\nends here.\n"
    )
    assert (len(articles), articles.piece("Article 1")) == (2, "Scribes copy by day.")
    assert articles.piece("Article 4") == "What is named in article 1. ends here."


def test_where_a_title_ends_is_told_by_the_digest() -> None:
    articles = Articles("Article 1\nDisputes over\nthe reading of ledgers\nScribes settle them.\n")
    assert articles.piece("Article 1") == "Disputes over the reading of ledgers Scribes settle them."
    words = "Scribes settle them."
    assert articles.piece("Article 1", wording_digest(words)) == words


def test_which_of_two_pieces_is_meant_is_told_by_the_digest() -> None:
    articles = Articles("Article 1\n\nWe, the scribes, want one law.\n\nArticle 1\nIt stands.\n")
    assert articles.piece("Article 1") == "We, the scribes, want one law."
    assert articles.piece("Article 1", wording_digest("It stands.")) == "It stands."


def test_a_text_without_headings_has_no_article() -> None:
    assert len(Articles("Nothing of the kind; see Article 2 of the Ledger Treaty.")) == 0


@pytest.mark.parametrize(
    ("written", "otherwise"),
    [
        ("\n", "\r\n"),
        ("Article 2.", "Article\N{NO-BREAK SPACE}2."),
        ("Article 2. On copying", "Article 2 [3]"),
    ],
)
def test_a_copy_from_elsewhere_is_cut_alike(written: str, otherwise: str) -> None:
    assert Articles(LEDGER.replace(written, otherwise)).piece("Article 2(1)(a)") == "by day; or"


def test_copies_that_differ_in_spaces_marks_and_signs_have_one_digest() -> None:
    digest = wording_digest('1. A "scribe" re-reads: (a) sums; (b) names.')
    assert wording_digest("(1) A “scribe” rereads:\n(a)sums; (b)names") == digest
    assert wording_digest("A 'Scribe' re-reads: sums; names.") == digest
    assert wording_digest('1. A "scribe" reads: (a) sums; (b) names.') != digest


PASSAGES = """
GRAPH graph:provenance {
    source:text-ledger a sur:Source ; skos:prefLabel "Text of the Ledger Treaty"@en .
    <https://w3id.org/surplace/source/text-ledger/2/1> a sur:ProvisionPassage ;
        sur:isPassageOf source:text-ledger ; sur:hasLocator "Article 2(1)" .
    <https://w3id.org/surplace/source/text-ledger/III> a sur:ProvisionPassage ;
        sur:isPassageOf source:text-ledger ; sur:hasLocator "Article III" .
    <https://w3id.org/surplace/source/text-ledger/title> a sur:ProvisionPassage ;
        sur:isPassageOf source:text-ledger ; sur:hasLocator "title" .
}
"""
UNREAD = "No piece of the text, and no digest, for “title”.\n"


@pytest.fixture
def ledger(small_world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return a copy of the treaty, of which the small world has passages."""
    small_world.add("reference/ledger.trig", PASSAGES)
    monkeypatch.setattr(resources, "data_dir", lambda: small_world.inputs.data)
    copy = tmp_path / "ledger.txt"
    copy.write_text(LEDGER, encoding="utf-8")
    return copy


def verify(copy: Path, *options: str) -> Result:
    arguments = ("verify-source", "text-ledger", "--text", str(copy), *options)
    return CliRunner().invoke(main, arguments)


def test_digests_of_provisions_are_recorded_and_checked(ledger: Path, small_world: World) -> None:
    without = verify(ledger)
    assert (without.exit_code, without.stderr.count("has no digest yet")) == (1, 2)
    assert verify(ledger, "--write").exit_code == 0
    written = (small_world.inputs.data / "reference/ledger.trig").read_text(encoding="utf-8")
    assert wording_digest("It enters into force at once. It stays in force.") in written
    assert (written.count("hasDigest"), written.count("hasPassagesDigest")) == (2, 0)
    again = verify(ledger)
    assert (again.exit_code, again.output) == (0, f"2 of 3 passages found, 2 of them unchanged.\n{UNREAD}")


def test_a_copy_that_differs_is_told_apart_from_another_text(ledger: Path) -> None:
    verify(ledger, "--write")
    ledger.write_text(LEDGER.replace("at once", "in May"), encoding="utf-8")
    differing = verify(ledger, "--json")
    assert differing.exit_code == 1
    (problem,) = json.loads(differing.stdout)["problems"]
    assert problem.startswith("source/text-ledger/III differs from the copy that was read: its text gives")
    ledger.write_text(LEDGER.replace("ARTICLE III", "Last article"), encoding="utf-8")
    missing = verify(ledger, "--write")
    assert missing.exit_code == 1
    assert missing.stderr.startswith("source/text-ledger/III is missing: the text has no “Article III” under")
    ledger.write_text("Article 1\nNo ledger at all.\n", encoding="utf-8")
    other = verify(ledger, "--write")
    assert other.stderr == (
        f"surplace: {ledger} is not the text of text-ledger (0 of its 2 passages are in it): "
        "name the right text with --text.\n"
    )


def test_of_pieces_under_one_number_the_longest_is_meant() -> None:
    """A table of contents has the same headings, and comes before or after."""
    text = "Article 1\nAll who are far from home\nArticle 2\nOn duties\n"
    assert Articles(f"Article 1\nPersons\n{text}").piece("Article 1") == "All who are far from home"
    assert Articles(f"{text}Article 1\nPersons\n").piece("Article 1") == "All who are far from home"


def test_a_paragraph_may_have_a_high_number() -> None:
    text = "Article 1\n" + "\n".join(f"{number}. It says {number}." for number in range(1, 61))
    assert Articles(text).piece("Article 1(60)") == "It says 60."
