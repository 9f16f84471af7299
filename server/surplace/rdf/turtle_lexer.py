"""The lexer of Turtle and TriG: tokens with their lines, comments and blank lines among them."""

from __future__ import annotations

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
    |(?P<iri><(?:[^<>"{}|^`\\\s]|\\[uU][0-9A-Fa-f]+)*>)
    |(?P<text>\"{3}(?:[^"\\]|\\.|"(?!""))*\"{3} | '{3}(?:[^'\\]|\\.|'(?!''))*'{3}
       |"(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*')
    |(?P<space>\s+)
    |(?P<word>(?:[^\s<>"'\#;,\[\](){}\\]|\\.)+)
    |(?P<sign>.)""",
    re.VERBOSE | re.DOTALL,
)
DIRECTIVES = {"prefix", "@prefix", "base", "@base"}
"""The words that begin a directive, in lower case."""


def lex(text: str) -> Iterator[tuple[str, str, int, bool]]:
    """Yield kind, text, line, and whether nothing stands before it on its line; "break" is a blank line."""
    line = 1
    alone = True
    for match in _TOKEN.finditer(text):
        kind, part = match.lastgroup or "", match[0]
        if kind == "space":
            if part.count("\n") > 1:
                yield "break", "", line, True
            alone = alone or "\n" in part
        elif kind == "word" and len(part) > 1 and part.endswith("."):
            yield kind, part.rstrip("."), line, alone
            yield "sign", ".", line, False
            alone = False
        else:
            yield kind, part, line, alone
            alone = False
        line += part.count("\n")
