"""What a parser of Turtle says of a fault, in words that say what to do."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable
from typing import Final

from surplace.namespaces import PREFIXES

_ALIKE: Final = 0.7
_WORDS: Final = ("PREFIX", "BASE", "GRAPH", "@prefix", "@base")
_QUOTES: Final = "“”„‘’«»"
_ELSE: Final = "this is not valid Turtle, so correct the statement that ends or begins there"


def remedied(reason: str) -> str:
    """Return what a parser says, with what to do, as the end of a sentence."""
    for pattern, say in _KNOWN:
        if found := pattern.search(reason):
            said = say(reason, *found.groups())
            return f"{said}{'?' if ': did you mean' in said else '.'}"
    return f"{reason}: {_ELSE}."


def _undeclared(_: str, prefix: str) -> str:
    if prefix in PREFIXES:
        line = f"PREFIX {prefix}: <{PREFIXES[prefix]}>"
        return f"the prefix {prefix}: is not declared: add the line {line} at the top"
    near = difflib.get_close_matches(prefix, sorted(PREFIXES), n=1, cutoff=_ALIKE)
    remedy = f"did you mean {near[0]}:" if near else "correct it, or add its PREFIX line at the top"
    return f"the prefix {prefix}: is not declared: {remedy}"


def _no_subject(reason: str, word: str) -> str:
    if word.upper() == "GRAPH":
        return "graphs stand in TriG alone: give the file the suffix .trig"
    near = difflib.get_close_matches(word.upper(), _WORDS, n=1, cutoff=_ALIKE)
    if near:
        return f"{reason}: did you mean {near[0]}"
    return f"{reason}: write ; between statements about one thing, and a comma only between values"


_KNOWN: Final[tuple[tuple[re.Pattern[str], Callable[..., str]], ...]] = (
    (re.compile(r"[Tt]he prefix (\S*): has not been declared"), _undeclared),
    (
        re.compile(r"^(?:GRAPH|PREFIX|BASE) is not a valid RDF subject"),
        lambda _: "the graph before is not closed: write } at its end",
    ),
    (re.compile(r"^(.+) is not a valid (?:subject or graph name|RDF subject)"), _no_subject),
    (
        re.compile(f"'([{_QUOTES}])' is not allowed"),
        lambda _, mark: f'{mark} is no quotation mark of Turtle: write " around a text',
    ),
    (
        re.compile("Unexpected end of file"),
        lambda _: (
            "what begins here is open where the file ends: write the full stop, bracket or quotation mark "
            "that closes it"
        ),
    ),
    (
        re.compile("Line jumps are not allowed in string literals"),
        lambda _: (
            "the text on this line has no end: write its second quotation mark, "
            "or three of them on each side of a text of several lines"
        ),
    ),
    (
        re.compile("expected at the end of a graph block"),
        lambda _: (
            "a ; or . is missing before this: write ; between statements about one thing, "
            "and . after the last"
        ),
    ),
)
