"""Where a text is cut of which a page shows the beginning: never inside a citation, nor near the end."""

from __future__ import annotations

import re
from typing import Final

_REFERENCE_BEGUN: Final = re.compile("&[^;]*$")
ROOM: Final = 60
"""Characters beyond those asked for that are still shown, for what is hidden must be worth a click."""
TITLE: Final = 160
"""Characters of the title of a page."""
_LAST_WORDS: Final = 3
"""Words that are too few to be left for after the cut."""
_NUMBER: Final = r"(?:[0-9]+|[IVXLC]+)\b[A-Z]?(?:\([0-9a-z]+\))*"
_CITATION: Final = re.compile(
    r"(?:(?:[0-9]{4} )?[A-Z][\w-]*(?: (?:against|and|for|of|on|relating|the|to|[A-Z][\w-]*))*,? )?"
    rf"(?:Articles?|[Pp]aragraphs?|[Ss]entences?|[Nn]otes?) {_NUMBER}"
    rf"(?:,? (?:and |or |to )?"
    rf"(?:{_NUMBER}|(?:first|second|third) sentence|(?:paragraph|sentence) {_NUMBER}))*"
    r"(?: of the (?:[0-9]{4} )?[A-Z][\w-]*(?: (?:against|on|[A-Z][\w-]*))*)?"
)
"""A provision or a place in a document, with what it is part of: `1951 Convention, Article 33(1)`."""
_LEADING_ON: Final = re.compile(r"(?: (?:a|an|and|as|at|by|for|from|in|of|on|or|that|the|to|under|with))+$")
"""Words that say nothing without the next one."""


def cut_after(text: str, most: int) -> tuple[str, str]:
    """Return the beginning of a text, of about *most* characters, and the rest; nothing where it is short."""
    if len(text) <= most + ROOM:
        return text, ""
    place = text.rfind(" ", 0, most + 1)
    for found in _CITATION.finditer(text):
        if found.start() < place < found.end():
            before = text.rfind(" ", 0, found.start())
            place = before if before > most // 3 else text.find(" ", found.end())
    head = _LEADING_ON.sub("", text[:place]) if place > 0 else text
    rest = text[len(head) :]
    return (head, rest) if len(rest.split()) > _LAST_WORDS else (text, "")


def as_title(text: str) -> str:
    """Cut what a tab or a bookmark shows of a page, in HTML; the name of the site at its end stays."""
    said, dot, site = text.rpartition(" · ")
    head = cut_after(said, TITLE)[0]
    if len(head) > 2 * TITLE:  # one long word
        head = _REFERENCE_BEGUN.sub("", head[:TITLE])
    return f"{head}…{dot}{site}" if head != said else text
