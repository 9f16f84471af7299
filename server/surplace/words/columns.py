"""The names of columns as people read them."""

from __future__ import annotations

import re

_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def title(name: str) -> str:
    """Turn the name of a column into words: `documentParagraph` is `document paragraph`."""
    return " ".join(_HUMP.split(name.replace("_", " "))).lower()
