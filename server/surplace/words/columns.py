"""The names of columns as people read them."""

from __future__ import annotations

import re
from typing import Final

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_COLUMN = re.compile(r"(?<![\w:?/.-])[a-z]+(?:[A-Z][a-z0-9]+)+(?![\w:/])")
_OF_STATEMENTS: Final = {
    "subject": "thing",
    "predicate": "what is said of it",
    "object": "name or value",
    "graph": "stated in",
}
"""The parts of a statement, called so that nobody need know RDF."""
_IN_WORDS: Final = {
    "repliedTo": "reply to the document",
    "dealtWithIn": "reply to the request",
    "repliedOn": "reply made or issued on",
    "basis": "how that is known",
    "through": "through the treaty",
    "observedOn": "reported as of",
}
"""Columns whose names, taken alone, say less than they mean."""


def title(name: str) -> str:
    """Turn the name of a column into words: `documentParagraph` is `document paragraph`."""
    if found := _OF_STATEMENTS.get(name) or _IN_WORDS.get(name):
        return found
    return " ".join(_HUMP.split(name.replace("_", " "))).lower()


def titles_in(text: str) -> str:
    """Write every name of a column inside a text in words; names with a prefix or a `?` stay as they are."""
    return _COLUMN.sub(lambda match: f"“{title(match[0])}”", text)
