"""A running text, cut into what becomes its passages: lines of the header, sentences, notes.

A blank line parts paragraphs; so does a line that begins with the number of a paragraph (`46.`), a letter of
a list (`(b)`), a bullet or the number of a note (`[3]`). Other line breaks are those of the copy and count as
spaces. The rules are kept here, not taken from a library: the names of passages are made from them, and must
not change with the version of somebody else's list of abbreviations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from surplace.sourcetext import normalised

_MARK = re.compile(r"(?:(?P<number>\d{1,4})\.|\((?P<letter>[a-z]{1,4})\)|\[(?P<note>\d{1,4})\]|[•▪–—*-])\s+")
_END = re.compile(r"[.?!…]+(?P<closing>[\"')\]]*)(?:\s?\[\d+\])*\s+(?=[\"'(\[]*[^\W_a-z])")
_CLOSED = re.compile(r"[.?!…:;][\"')\]]*(?:\s?\[\d+\])*$")
_REFERENCE = re.compile(r"\[(\d{1,4})\]")
_NEVER = re.compile(
    r"mr|mrs|ms|dr|prof|st|gen|sen|rep|gov|hon|messrs|cf|vs?|eds?|viz|i\.e|e\.g|approx|ca|op", re.IGNORECASE
)
"""Abbreviations that no sentence ends with."""
_NUMBERED = re.compile(
    r"nos?|arts?|pp?|vol|paras?|sect?|ch|figs?|nn?|add|corr|rev|res|doc|ser|al|col|line|"
    r"jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec",
    re.IGNORECASE,
)
"""Abbreviations that no sentence ends with if a number or a bracket follows."""
_OPENERS = re.compile(
    r"The|This|That|These|Those|There|He|She|It|They|We|His|Her|Its|Their|In|On|At|If|When|While|As|But|And|"
    r"However|Moreover|Furthermore|Because|Although|An?|No|Some|Many"
)
"""Words that begin a sentence when they follow an abbreviation made of letters and points, such as U.S."""


@dataclass(frozen=True)
class Segment:
    """A stretch of a text that becomes a passage. Of *header*, *paragraph* and *note* one is not 0."""

    text: str
    """Normalised: straight quotation marks, single spaces."""
    header: int = 0
    """The number of a line of the header, or of a heading."""
    paragraph: int = 0
    sentence: int = 0
    letter: str = ""
    """The letter of the list item in which the sentence stands, without brackets."""
    note: int = 0

    @property
    def references(self) -> list[int]:
        """The numbers of the notes that a sentence refers to, such as 3 for `[3]`."""
        return [] if self.note else [int(number) for number in _REFERENCE.findall(self.text)]


@dataclass
class _Block:
    """Lines that belong together, and the mark that they begin with."""

    lines: list[str]
    mark: re.Match[str] | None

    @property
    def text(self) -> str:
        return normalised(" ".join(self.lines))

    def is_heading(self) -> bool:
        """Tell whether no line of an unmarked block ends as a sentence does."""
        return self.mark is None and not any(_CLOSED.search(normalised(line)) for line in self.lines)


def segments(text: str, header: int | None = None) -> list[Segment]:
    """Cut *text* into segments, in order and without a gap.

    The header is its first *header* lines; if that is None, what stands above the first blank line, unless
    it is one sentence or a marked paragraph, with the blocks after it of which no line ends as a sentence
    does. Such blocks further down are headings, and numbered on with the header.
    """
    lines = text.splitlines()
    found: list[Segment] = []
    if header is not None:
        kept = [number for number, line in enumerate(lines) if line.strip()][:header]
        found += [Segment(normalised(lines[number]), header=place) for place, number in enumerate(kept, 1)]
        lines = lines[kept[-1] + 1 :] if kept else lines
    lines_of_header = len(found)
    paragraph = sentence = 0
    numbered = False
    letter = ""
    for number, block in enumerate(_blocks(lines)):
        mark = block.mark
        title = header is None and number == 0 and mark is None and len(block.lines) > 1
        if title or block.is_heading():
            for line in block.lines:
                lines_of_header += 1
                found.append(Segment(normalised(line), header=lines_of_header))
            continue
        if mark and mark["note"]:
            found.append(Segment(block.text, note=int(mark["note"])))
            continue
        if mark and mark["number"] and int(mark["number"]) > paragraph:
            paragraph, sentence, numbered, letter = int(mark["number"]), 0, True, ""
        elif mark is None and not numbered:
            paragraph, sentence, letter = paragraph + 1, 0, ""
        elif mark is None or mark["letter"]:
            letter = mark["letter"] if mark else ""
        paragraph = paragraph or 1  # a list before the first paragraph
        for part in sentences(block.text):
            sentence += 1
            found.append(Segment(part, paragraph=paragraph, sentence=sentence, letter=letter))
    return found


def _blocks(lines: list[str]) -> Iterator[_Block]:
    """Gather lines between blank lines and marks."""
    block: _Block | None = None
    for line in lines:
        mark = _MARK.match(line.lstrip())
        if block and (mark or not line.strip()):
            yield block
            block = None
        if line.strip():
            block = block or _Block([], mark)
            block.lines.append(line)
    if block:
        yield block


def sentences(text: str) -> Iterator[str]:
    """Cut a normalised paragraph into sentences, which may keep the mark that the paragraph begins with."""
    start = 0
    for match in _END.finditer(text):
        if _is_end(text, start, match):
            yield text[start : match.end()].rstrip()
            start = match.end()
    if text[start:]:
        yield text[start:]


def _is_end(text: str, start: int, match: re.Match[str]) -> bool:
    """Tell whether a stop that a capital, a figure or a bracket follows ends a sentence."""
    if not match[0].startswith(".") or match[0][1:2] == "." or match["closing"]:
        return True
    before = text[start : match.start()]
    word = before.rpartition(" ")[2].lstrip("\"'([")
    following = text[match.end() :]
    if word.isdigit() and before.strip() == word:
        return False  # the number of the paragraph
    if _NEVER.fullmatch(word) or re.fullmatch(r"[A-Z]", word):
        return False
    if _NUMBERED.fullmatch(word):
        return not re.match(r"[\d(\[§]|[IVXLC]+\b", following)
    if re.fullmatch(r"[A-Za-z](?:\.[A-Za-z])+", word):
        return bool(_OPENERS.fullmatch(re.split(r"\W", following, maxsplit=1)[0]))
    return True
