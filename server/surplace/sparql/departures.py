"""Where answers differ from SPARQL 1.1: what departures.yaml says, and which of it a query shows signs of."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Final, TypeAlias

import yaml

from surplace.sparql.inspection import KEPT, bare_text
from surplace.sparql.lexer import tokens

Rows: TypeAlias = list[list[str | None]]
REFUSED: Final = "refused"
"""What stands for the rows of a query that is refused."""
_MAY_SHOW: Final = re.compile(
    r"[|\\]|!\s*[?$]|&&|~~|GRAPH|FILTER\s*\(\s*[?$]\w+\s*\)|IF\s*\(\s*[?$\"'0-9]|-\[|\[\[:|\(\?|[*+?}]\+|BNODE|DURATION|COUNT\s*\((?!\*)|UNDEF|OPTIONAL|_CONCAT"
    r"|[\w>:)][*?][\s/|^)]|[<>]=?\s*(?:TRUE|FALSE)|(?:TRUE|FALSE)\s*[<>]|STRING\b>?\s*\(|[SMIQ\"']X|REPLACE"
)
"""What any query has, in upper case, that shows a sign: looking for it is quicker than reading the query."""
_NEGATED: Final = re.compile(r"!\s*\([^()]*\)")
_ARGUMENTS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "REGEX": ((), ("patterns",), ("flags",)),
    "REPLACE": ((), ("patterns", "replaced"), ("replacements",), ("flags",)),
}
"""The functions whose texts are regular expressions, and what each argument is."""


@dataclass(frozen=True)
class Departure:
    """A difference: what the standard *says* in a *section*, what is done *here*, and a query that shows it.

    *standard* are the rows that the standard asks for, or None where it leaves the choice; *here* are those
    that are given. A term is written as in Turtle, and None is an unbound variable.
    """

    name: str
    title: str
    section: str
    says: str
    does: str
    query: str
    here: Rows | str
    standard: Rows | None = None
    sign: re.Pattern[str] | None = None
    sign_with: re.Pattern[str] | None = None
    """What the query has besides, in a term or a comment, where *sign* alone does not tell."""
    sign_in: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    """Signs in the texts that are arguments of regular expressions, by what the argument is."""

    def shows_in(self, query: str, bare: str, texts: Mapping[str, str]) -> bool:
        """Tell whether a query shows a sign of it; *bare* is it without its terms, *texts* are arguments."""
        return bool(
            (
                self.sign
                and self.sign.search(bare)
                and (self.sign_with is None or self.sign_with.search(query))
            )
            or any(place in texts and sign.search(texts[place]) for place, sign in self.sign_in.items())
        )


@cache
def departures() -> tuple[Departure, ...]:
    """Return all differences, in the order in which they are shown."""
    return tuple(_departure(fields) for fields in _read()["departures"])


def data() -> str:
    """Return the statements, in TriG, that the queries of the differences are asked over."""
    return str(_read()["data"])


def signs_of(query: str) -> tuple[Departure, ...]:
    """Return the differences that a query shows signs of; others show in its answer alone.

    A query of KEPT characters or more is not looked at: it would hold up the event loop.
    """
    return _signs_of(query) if len(query) < KEPT else ()


@lru_cache(maxsize=32)
def _signs_of(query: str) -> tuple[Departure, ...]:
    if not _MAY_SHOW.search(query.upper()):
        return ()
    bare = bare_text(query)
    texts = _arguments(query) if any(name in bare.upper() for name in _ARGUMENTS) else {}
    # in a negated set, | is no alternative
    bare = _NEGATED.sub(lambda match: match[0].replace("|", ","), bare)
    return tuple(each for each in departures() if each.shows_in(query, bare, texts))


def _arguments(query: str) -> dict[str, str]:
    """Return the texts that are arguments of regular expressions, a line each, by what the argument is.

    Where one is a variable, the texts elsewhere in the query may be its value.
    """
    found: dict[str, list[str]] = {}
    elsewhere: list[str] = []
    bound: set[str] = set()
    opened: list[tuple[str, int]] = []
    """The function of each open bracket, or nothing, and the place of its argument."""
    before = ""
    for token in tokens(query):
        if token.text == "(":
            opened.append((before if before in _ARGUMENTS else "", 0))
        elif token.text == ")" and opened:
            opened.pop()
        elif token.text == "," and opened:
            opened[-1] = (opened[-1][0], opened[-1][1] + 1)
        elif token.kind in ("string", "variable"):
            name, place = next((one for one in reversed(opened) if one[0]), ("", 0))
            arguments = _ARGUMENTS[name][place : place + 1] if name else ()
            for argument in arguments[0] if arguments else ():
                if token.kind == "string":
                    found.setdefault(argument, []).append(token.text)
                else:
                    bound.add(argument)
            if not name and token.kind == "string":
                elsewhere.append(token.text)
        before = token.text.upper() if token.kind == "word" else ""
    return {
        name: "\n".join((*found.get(name, ()), *(elsewhere if name in bound else ())))
        for name in {*found, *bound}
    }


@cache
def _read() -> Any:
    return yaml.safe_load((files("surplace.sparql") / "departures.yaml").read_text(encoding="utf-8"))


def _departure(fields: dict[str, Any]) -> Departure:
    signs: dict[str, Any] = {
        name.replace("-", "_"): re.compile(fields[name]) for name in ("sign", "sign-with") if name in fields
    }
    signs["sign_in"] = {place: re.compile(sign) for place, sign in fields.get("sign-in", {}).items()}
    return Departure(**{name: value for name, value in fields.items() if "sign" not in name}, **signs)


def departures_table() -> str:
    """Return the differences as a Markdown table."""
    lines = ["| where answers differ | SPARQL 1.1 | here |", "|---|---|---|"]
    for each in departures():
        cells = (f"[{each.title}]({each.section})", each.says, each.does)
        lines.append(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |")
    return "\n".join(lines) + "\n"
