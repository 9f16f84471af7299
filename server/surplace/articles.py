"""The text of a treaty, cut by its headings, and the piece of it that a locator names.

An article begins at a heading on a line of its own ("Article 33", "ARTICLE IV. Disputes"), and ends at the
next, at the heading of a part or an annex, or where the signatures begin. Its title is no part of it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Final

from surplace.divisions import MARK, division, other_writing, paragraphs
from surplace.segments import sentences
from surplace.sourcetext import normalised

_HEADING: Final = re.compile(
    r"^[ \t#*_]*(?P<word>[Aa]rticle|ARTICLE|Art\.|ART\.)(?:[ \t]+|[ \t]*\n[ \t]*)"
    r"(?P<number>\d{1,3}|[IVXLCivxlc]{1,8})\b[*_]*"
    r"(?:[ \t]*[.:–—-][ \t]*|[ \t]+(?=[(\"“A-Z])|[ \t]*(?:\[?\d{1,2}\]?|[†‡])?[ \t]*$)(?P<rest>.*)$",
    re.MULTILINE,
)
_DIVISION: Final = re.compile(
    r"^[ \t#*_]*(?i:(?:part|chapter|section|title)[ \t]+(?:\d{1,2}|[IVXLC]+)\b(?-i:(?![ \t]*[a-z,;)]))"
    r"|(?:annex|schedule|appendix)[ \t.:]*[IVXA-F\d]*[ \t*_]*$"
    r"|in[ \t]+(?:witness|faith)[ \t]+whereof|done[ \t]+at\b)",
    re.MULTILINE,
)
"""Lines with which an article has come to its end."""
_NO_TITLE: Final = re.compile(
    r"[.;:,]$|\b(?:shall|may)\b|\b(?:an?|and|by|for|from|in|of|on|or|the|this|to|with)$"
)
_TITLE_LINES: Final = 3
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


class Articles:
    """The articles of a treaty by their numbers as its headings write them."""

    def __init__(self, text: str) -> None:
        """Cut a text. A number may head several pieces, as in a table of contents: the longest is meant."""
        self._articles: dict[str, list[str]] = defaultdict(list)
        text = re.sub(r"[^\S\n]", " ", re.sub(r"\r\n?|\f", "\n", unicodedata.normalize("NFC", text)))
        headings = [heading for heading in _HEADING.finditer(text) if not _is_reference(text, heading)]
        ends = [*(heading.start() for heading in headings[1:]), len(text)]
        for heading, limit in zip(headings, ends, strict=False):
            body = text[heading.end() : limit]
            end = _DIVISION.search(body)
            piece = heading["rest"] + (body[: end.start()] if end else body)
            self._articles[heading["number"].upper()].append(piece.strip())
        for pieces in self._articles.values():
            pieces.sort(key=len, reverse=True)

    def __len__(self) -> int:
        return len(self._articles)

    def piece(self, locator: str, digest: str = "") -> str | None:
        """Return the words at a locator such as `Article 17(2)(a)` or `Article 7, second sentence`.

        White space and quotation marks are normalised. Where it is not certain how much is title, or which of
        two pieces is meant, the words that fit the *digest* are. None where the text has no such article or
        division, or the locator names more, or another part, than articles, divisions, paragraphs and
        sentences.
        """
        named = _LOCATOR.fullmatch(locator)
        if named is None:
            return None
        number = named["article"]
        pieces = self._articles.get(number) or self._articles.get(other_writing(number)) or []
        found = [
            normalised(words)
            for piece in pieces
            for body in _bodies(piece)
            if (words := _within(body, named))
        ]
        fitting = (words for words in found if digest and wording_digest(words) == digest)
        return next(fitting, found[0] if found else None)


def wording_digest(words: str) -> str:
    """Return the SHA-256, in hexadecimal, of the letters and figures of a piece of a treaty, less its marks.

    Copies of a treaty differ in spaces, hyphens, quotation marks and in how divisions are marked; these are
    not counted, nor are capitals.
    """
    bare = unicodedata.normalize("NFC", MARK.sub("", normalised(words))).lower()
    return hashlib.sha256("".join(sign for sign in bare if sign.isalnum()).encode()).hexdigest()


def _is_reference(text: str, heading: re.Match[str]) -> bool:
    """Tell whether a heading is a reference that a line break has put on a line of its own."""
    before = text[: heading.start()].rpartition("\n")[0].rpartition("\n")[2].strip()
    if not before or re.search(r"[.;:!?]\W*$", before) or _DIVISION.match(before):
        return False
    return heading["word"] == "article" or (not heading["rest"] and text[heading.end() + 1 :][:1].islower())


def _bodies(piece: str) -> Iterator[str]:
    """Yield an article without what seems to be its title, then with it, then with less and less."""
    lines = piece.split("\n")
    titled = len(lines) > 1 and _is_title(lines[0], lines[1])
    for start in sorted(range(min(_TITLE_LINES + 1, len(lines))), key=lambda start: start != titled):
        yield "\n".join(lines[start:])


def _within(body: str, named: re.Match[str]) -> str | None:
    """Return what a locator names within an article."""
    found: str | None = body
    for label in [*named["section"], *re.findall(r"\w+", named["divisions"])]:
        found = found and division(found, label)
    for part in named["parts"].split(", ")[1:]:
        found = found and _part(found, *part.split(" "))
    return found


def _is_title(line: str, following: str) -> bool:
    """Tell whether a line is short, unmarked, no clause, and not continued on the line below."""
    bare = line.strip(' \t*_#"“”')
    if len(bare) > 120 or MARK.match(bare) or _NO_TITLE.search(bare):
        return False
    return not following.strip() or bool(re.match(r"\W*[A-Z\d]", following) and len(bare.split()) <= 20)


def _part(text: str, ordinal: str, kind: str) -> str | None:
    """Return a paragraph or a sentence of a text by its ordinal."""
    cut = _PARTS.get(kind)
    if cut is None or ordinal not in _ORDINALS:
        return None
    parts, at = cut(text), _ORDINALS.index(ordinal)
    return parts[at] if at < len(parts) else None


def _sentences(text: str) -> list[str]:
    return list(sentences(normalised(text)))


_PARTS: Final[dict[str, Callable[[str], list[str]]]] = {"paragraph": paragraphs, "sentence": _sentences}
