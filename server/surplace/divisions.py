"""The divisions of an article by their marks: "2.", "(2)", "B.", "(b)" or "(iv)".

A mark counts at the start, after a blank line, a stop, or "and" and "or" after a stop; and only in its turn:
"(c)" after "(b)". So a reference in the running text cuts nothing. A copy without stops is cut at its lines.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from typing import Final

_LABEL: Final = (
    r"(?:\((?P<round>[0-9]{1,2}|[a-z]{1,5}|[A-Z])\)"
    r"|(?P<plain>[0-9]{1,2}|[a-z]{1,4}|[A-Z])[ ]?[.)](?=\s|[\"“(]|[A-Z]))"
)
_BEFORE: Final = r"(?:\A|\n[ \t]*\n|(?<=[.;:,?!)\"”—–])|(?<=[;,]\sand)|(?<=[;,]\sor))[\s*_-]*"
MARK: Final = re.compile(_BEFORE + _LABEL)
_LOOSE: Final = re.compile(rf"(?:{_BEFORE}|^[ \t*_-]*){_LABEL}", re.MULTILINE)
_ROMAN: Final = (
    *((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I")),
)
_MOST: Final = 99
"""Articles of a treaty by Roman numbers, or divisions of one kind, that there may be."""


def division(text: str, label: str) -> str | None:
    """Return the division of a text that has a label: a number, letter or Roman number, in its turn."""
    for pattern in (MARK, _LOOSE):
        for labels in _orders(label):
            for style in ("round", "plain"):
                marks = list(_in_turn(pattern, text, style, labels))
                at = labels.index(label)
                if len(marks) > at:
                    end = marks[at + 1].start() if len(marks) > at + 1 else len(text)
                    return text[marks[at].end() : end]
    return _unmarked(text, label)


def paragraphs(text: str) -> list[str]:
    """Cut at blank lines; where there are none, at lines that end as a sentence does."""
    blocks = [block for block in re.split(r"\n[ \t]*\n", text.strip()) if block.strip()]
    return blocks if len(blocks) > 1 else re.split(r"(?<=[.;])[ \t]*\n(?=[ \t]*[A-Z])", text.strip())


def roman(number: int) -> str:
    """Write a number in capital Roman numerals."""
    written = ""
    for value, sign in _ROMAN:
        written += sign * (number // value)
        number %= value
    return written


def other_writing(number: str) -> str:
    """Return a Roman number in figures, and the reverse; nothing for what is neither."""
    if number.isdecimal():
        return roman(int(number))
    return next((str(value) for value in range(1, _MOST) if roman(value) == number), "")


def _orders(label: str) -> Iterator[list[str]]:
    """Yield the orders in which a label may stand, each from its first on."""
    romans = [roman(number).lower() for number in range(1, _MOST)]
    numbers = [str(number) for number in range(1, _MOST)]
    for order in (numbers, romans, list(string.ascii_lowercase), list(string.ascii_uppercase)):
        if label in order:
            yield order


def _in_turn(pattern: re.Pattern[str], text: str, style: str, labels: list[str]) -> Iterator[re.Match[str]]:
    """Yield the marks of a style that stand in the order of the labels."""
    wanted = iter(labels)
    label = next(wanted)
    for match in pattern.finditer(text):
        if match[style] == label:
            yield match
            label = next(wanted, "")


def _unmarked(text: str, label: str) -> str | None:
    """Return the paragraph of that number, of a copy that has dropped the numbers."""
    if not label.isdecimal() or MARK.search(text):
        return None
    found = paragraphs(text)
    return found[int(label) - 1] if 1 < len(found) >= int(label) > 0 else None
