"""Running text becomes passages: header, sentences of numbered and plain paragraphs, points, notes."""

from __future__ import annotations

import pytest

from surplace import resources
from surplace.build.sources import read_sources
from surplace.segments import Segment, segments, sentences
from surplace.skeleton import path
from surplace.sourcetext import digest, text_passages
from test_source_document import TEXT, needs_text

REPORT = """A/AAA/1
Committee on Everything
Distr.: General. Original: English.

1. The Committee met in St. Aland on 3 Jan. 2001 (see paras. 4 and 5). It read
A/AAA/2, para. 7.[1] “It is so.” Nobody spoke.

4. It welcomes:
(b) The Law of 2000, art. 3;
(c) The U.S. Act. It came late.

What it regrets

5. The U.S. The reply of Mr. B. Boe, cf. No. 6, is no reply! Is it? [2]
6 of 7 members agreed.

[1] See the Law. It is long.
[2] Ibid.
"""


def test_a_report_with_numbered_paragraphs() -> None:
    assert [(path(segment), segment.letter, segment.text) for segment in segments(REPORT)] == [
        ("header/1", "", "A/AAA/1"),
        ("header/2", "", "Committee on Everything"),
        ("header/3", "", "Distr.: General. Original: English."),
        ("p1/s1", "", "1. The Committee met in St. Aland on 3 Jan. 2001 (see paras. 4 and 5)."),
        ("p1/s2", "", "It read A/AAA/2, para. 7.[1]"),
        ("p1/s3", "", '"It is so."'),
        ("p1/s4", "", "Nobody spoke."),
        ("p4/s1", "", "4. It welcomes:"),
        ("p4/s2", "b", "(b) The Law of 2000, art. 3;"),
        ("p4/s3", "c", "(c) The U.S. Act."),
        ("p4/s4", "c", "It came late."),
        ("header/4", "", "What it regrets"),
        ("p5/s1", "", "5. The U.S."),
        ("p5/s2", "", "The reply of Mr. B. Boe, cf. No. 6, is no reply!"),
        ("p5/s3", "", "Is it? [2]"),
        ("p5/s4", "", "6 of 7 members agreed."),
        ("n1", "", "[1] See the Law. It is long."),
        ("n2", "", "[2] Ibid."),
    ]


def test_plain_paragraphs_are_counted_and_a_list_stays_in_its_paragraph() -> None:
    text = "A title\n\nOne.\n\nTwo:\n1. first;\n2. second.\n\n3. Third. And on."
    assert [path(segment) for segment in segments(text)] == [
        *("header/1", "p1/s1", "p2/s1", "p2/s2", "p2/s3", "p3/s1", "p3/s2"),
    ]


def test_the_header_may_be_counted_by_hand() -> None:
    text = "A line that goes\non here.\n\nAnd ends."
    assert segments(text)[0] == Segment("A line that goes", header=1)
    assert [segment.text for segment in segments(text, 0)] == ["A line that goes on here.", "And ends."]


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("It is in the U.S. He left.", 2),
        ("The U.S. Government left.", 1),
        ("He said no. He left.", 2),
        ("See no. 5 there.", 1),
        ("She came, i.e. Ann came.", 1),
        ("It rose to 3.5 million. Then it fell.", 2),
        ("He asked: “Why?” “Because.”", 2),
        ("See Art. IV of it.", 1),
        ("Wait... Who?", 2),
        ("At 5 p.m. Bob left.", 1),
    ],
)
def test_sentences(text: str, count: int) -> None:
    assert len(list(sentences(text.translate(str.maketrans("“”", '""'))))) == count


def test_no_word_is_lost() -> None:
    assert " ".join(segment.text for segment in segments(REPORT)).split() == (
        REPORT.translate(str.maketrans("“”", '""')).split()
    )


@needs_text
def test_the_source_document_is_cut_as_it_is_recorded() -> None:
    recorded = text_passages(read_sources([resources.data_dir()]), "cohen-2010")
    found = segments(TEXT.read_text(encoding="utf-8"))
    assert [path(segment) for segment in found] == [item.iri.partition("cohen-2010/")[2] for item in recorded]
    assert [digest(segment.text) for segment in found] == [item.digest for item in recorded]
