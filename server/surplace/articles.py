"""The text of a treaty, cut by its headings and marks, and the piece of it that a locator names.

An article begins at a heading on a line of its own ("Article 33", "ARTICLE IV. Disputes"). Within it, a mark
such as "2.", "(2)", "B.", "(b)" or "(iv)" begins a division at the start of a line or after a stop, only in
its turn: "(c)" after "(b)". So a reference in the running text cuts nothing.
"""

from __future__ import annotations

import hashlib
import re
import string
import unicodedata
from collections.abc import Callable, Iterator
from typing import Final

from surplace.segments import sentences
from surplace.sourcetext import normalised

_HEADING: Final = re.compile(
    r"^[ \t#*_]*(?:Article|ARTICLE|Art\.|ART\.)[ \t]+(?P<number>\d{1,3}|[IVXLC]{1,8})\b[*_]*"
    r"(?:[ \t]*[.:–—-][ \t]*|[ \t]+(?=[(\"“A-Z])|[ \t]*$(?!\n[a-z]))(?P<rest>.*)$",
    re.MULTILINE,
)
_DIVISION: Final = re.compile(
    r"^[ \t#*_]*(?i:(?:part|chapter|section|title)[ \t]+(?:\d{1,2}|[IVXLC]+)\b(?-i:(?![ \t]*[a-z,;)]))"
    r"|(?:annex|schedule|appendix)[ \t.:]*[IVXA-F\d]*[ \t*_]*$"
    r"|in[ \t]+(?:witness|faith)[ \t]+whereof|done[ \t]+at\b)",
    re.MULTILINE,
)
"""Lines with which an article has come to its end."""
_MARK: Final = re.compile(
    r"(?:^[ \t*_-]*|(?<=[.;:,?!)\"”—–])[ \t]*|(?<=[;,] and)[ \t]*|(?<=[;,] or)[ \t]*)"
    r"(?:\((?P<round>[0-9]{1,2}|[a-z]{1,5}|[A-Z])\)"
    r"|(?P<plain>[0-9]{1,2}|[a-z]{1,4}|[A-Z])[ ]?[.)](?=\s|[\"“(]|[A-Z]))",
    re.MULTILINE,
)
_LOCATOR: Final = re.compile(
    r"Article (?P<article>\d+|[IVXLC]+)(?P<section>[A-Z]?)"
    r"(?P<divisions>(?:\(\w+\))*)(?P<parts>(?:, \w+ \w+)*)"
)
_ORDINALS: Final = (
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
)
_ROMAN: Final = (
    (100, "C"),
    (90, "XC"),
    (50, "L"),
    (40, "XL"),
    (10, "X"),
    (9, "IX"),
    (5, "V"),
    (4, "IV"),
    (1, "I"),
)
_MOST: Final = 99  # divisions of one kind that an article may have


class Articles:
    """The articles of a treaty by their numbers as its headings write them."""

    def __init__(self, text: str) -> None:
        """Cut a text; where a number heads two pieces, as in a table of contents, the longer one is meant."""
        self._articles: dict[str, str] = {}
        text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
        headings = list(_HEADING.finditer(text))
        for heading, following in zip(headings, [*headings[1:], None], strict=True):
            body = text[heading.end() : following.start() if following else len(text)]
            end = _DIVISION.search(body)
            piece = _untitled(heading["rest"], body[: end.start()] if end else body)
            if len(piece) > len(self._articles.get(heading["number"], "")):
                self._articles[heading["number"]] = piece

    def __len__(self) -> int:
        return len(self._articles)

    def piece(self, locator: str) -> str | None:
        """Return the words at a locator such as `Article 17(2)(a)` or `Article 7, second sentence`.

        White space and quotation marks are normalised.

        None where the text has no such article or division, or the locator names more, or another part,
        than articles, divisions, paragraphs and sentences.
        """
        named = _LOCATOR.fullmatch(locator)
        if named is None:
            return None
        number = named["article"]
        found = self._articles.get(number) or self._articles.get(_other_writing(number))
        for mark in [*named["section"], *re.findall(r"\w+", named["divisions"])]:
            found = found and _division(found, mark)
        for part in named["parts"].split(", ")[1:]:
            found = found and _part(found, *part.split(" "))
        return normalised(found) if found else None


def wording_digest(words: str) -> str:
    """Return the SHA-256, in hexadecimal, of the letters and figures of a piece of a treaty, less its marks.

    Copies of a treaty differ in spaces, hyphens, quotation marks and in how divisions are marked; these are
    not counted, nor are capitals.
    """
    bare = unicodedata.normalize("NFC", _MARK.sub("", words)).lower()
    return hashlib.sha256("".join(sign for sign in bare if sign.isalnum()).encode()).hexdigest()


def _untitled(rest: str, body: str) -> str:
    """Return an article without its title: what follows the heading up to the first line that is no title."""
    lines = body.split("\n")
    if rest and not _is_title(rest):
        return "\n".join([rest, *lines])
    while lines and (
        not lines[0].strip() or (_is_title(lines[0]) and any(line.strip() for line in lines[1:]))
    ):
        lines.pop(0)
    return "\n".join(lines)


def _is_title(line: str) -> bool:
    """Tell whether a line is short, unmarked, and does not end as a sentence or a part of one does."""
    bare = line.strip(' \t*_#"“”')
    return len(bare) < 90 and not _MARK.match(line) and not re.search(r"[.;:,]$|^[a-z]", bare)


def _division(text: str, label: str) -> str | None:
    """Return the division of a text that has a label: a number, letter or Roman number, in its turn."""
    for labels in _orders(label):
        for style in ("round", "plain"):
            marks = list(_in_turn(text, style, labels))
            at = labels.index(label)
            if len(marks) > at:
                end = marks[at + 1].start() if len(marks) > at + 1 else len(text)
                return text[marks[at].end() : end]
    return _unmarked(text, label)


def _orders(label: str) -> Iterator[list[str]]:
    """Yield the orders in which a label may stand, each from its first on."""
    orders: tuple[list[str], ...] = (
        [str(number) for number in range(1, _MOST)],
        [_roman(number).lower() for number in range(1, _MOST)],
        list(string.ascii_lowercase),
        list(string.ascii_uppercase),
    )
    yield from (order for order in orders if label in order and (label != "i" or order is orders[1]))


def _in_turn(text: str, style: str, labels: list[str]) -> Iterator[re.Match[str]]:
    """Yield the marks of a style that stand in the order of the labels."""
    wanted = iter(labels)
    label = next(wanted)
    for match in _MARK.finditer(text):
        if match[style] == label:
            yield match
            label = next(wanted, "")


def _part(text: str, ordinal: str, kind: str) -> str | None:
    """Return a paragraph or a sentence of a text by its ordinal."""
    cut = _PARTS.get(kind)
    if cut is None or ordinal not in _ORDINALS:
        return None
    parts, at = cut(text), _ORDINALS.index(ordinal)
    return parts[at] if at < len(parts) else None


def _unmarked(text: str, label: str) -> str | None:
    """Return the paragraph of that number, of a copy that has dropped the numbers."""
    if not label.isdecimal() or _MARK.search(text):
        return None
    paragraphs = _paragraphs(text)
    return paragraphs[int(label) - 1] if 1 < len(paragraphs) >= int(label) > 0 else None


def _paragraphs(text: str) -> list[str]:
    """Cut at blank lines; where there are none, at lines that end as a sentence does."""
    blocks = [block for block in re.split(r"\n[ \t]*\n", text.strip()) if block.strip()]
    return blocks if len(blocks) > 1 else re.split(r"(?<=[.;])[ \t]*\n(?=[ \t]*[A-Z])", text.strip())


def _sentences(text: str) -> list[str]:
    return list(sentences(normalised(text)))


_PARTS: Final[dict[str, Callable[[str], list[str]]]] = {"paragraph": _paragraphs, "sentence": _sentences}


def _other_writing(number: str) -> str:
    """Return a Roman number in figures, and the reverse."""
    if number.isdecimal():
        return _roman(int(number))
    return next((str(value) for value in range(1, _MOST) if _roman(value) == number), "")


def _roman(number: int) -> str:
    written = ""
    for value, sign in _ROMAN:
        written += sign * (number // value)
        number %= value
    return written
