"""What is looked at before an engine sees a query, and what is said about one that it cannot read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from surplace.catalogue.scanner import query_form, tokens
from surplace.engine.formats import Kind, formats_of
from surplace.engine.protocol import NotOfferedError, QuerySyntaxError, QueryTooLongError, RefusedError

UPDATES: Final = frozenset(
    ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
)
NEAR: Final = 40
"""Characters of the query that an error shows."""

_KINDS: Final[dict[str, Kind]] = {"SELECT": "bindings", "ASK": "boolean"}
_CODE_POINT = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SENTENCES = re.compile(r"(?:expected(?: one of)? )?((?:Prefix|The|An?|Invalid|No|Only|Unexpected)\b[^,\[]*)")


def check(query: str, length: int) -> None:
    """Refuse a query that is too long, an update, or one with SERVICE.

    This spares the workers; what keeps SERVICE from working is that they can open no socket.
    """
    if len(query) > length:
        raise QueryTooLongError(f"The query has {len(query)} characters: send at most {length}.")
    found = tokens(_CODE_POINT.sub(_code_point, query))
    words = [token.text.upper() for token in found if token.kind == "word"]
    if "SERVICE" in words:
        raise RefusedError(
            "SERVICE is not offered here: ask the other endpoint yourself and join the answers."
        )
    if query_form(found) is None and UPDATES.intersection(words):
        raise RefusedError(
            "This endpoint is read-only and refuses updates: send SELECT, ASK, CONSTRUCT or DESCRIBE."
        )


def kind_of(query: str) -> Kind | None:
    """Tell what kind of answer a query has, without evaluating it; None if that cannot be seen."""
    form = query_form(tokens(query))
    return None if form is None else _KINDS.get(form, "graph")


def must_fit(query: str, formats: Mapping[Kind, str]) -> None:
    """Refuse a query whose kind of answer has none of the formats that are wanted."""
    kind = kind_of(query)
    if kind is not None and kind not in formats:
        raise NotOfferedError(kind, formats_of(kind))


def bad_query(query: str, line: int, column: int, reason: str) -> QuerySyntaxError:
    """Describe the place where a query stops being SPARQL; line and column count characters from 1."""
    sentence = _SENTENCES.match(reason)
    if sentence and sentence[1].strip() == "Prefix not found":
        prefix = _unknown_prefix(query)
        if prefix is not None:
            line, column, name = prefix
            label = name.partition(":")[0]
            return QuerySyntaxError(
                f'Line {line}, column {column}: the prefix of "{name}" is not declared: '
                f"add a line PREFIX {label}: <…> at the top.",
                line,
                column,
                name,
            )
    lines = query.split("\n")
    rest = lines[line - 1][column - 1 :] if 0 < line <= len(lines) else ""
    near = rest.strip()[:NEAR]
    if not near:
        later = [text.strip() for text in lines[line:] if text.strip()]
        near = later[0][:NEAR] if later else ""
    place = f'"{near}"' if near else "the end of the query"
    why = f" ({sentence[1].strip()})" if sentence else ""
    return QuerySyntaxError(
        f"Line {line}, column {column}: the query cannot be read at {place}{why}: "
        "correct it there or just before.",
        line,
        column,
        near,
    )


def _unknown_prefix(query: str) -> tuple[int, int, str] | None:
    """Find the first name whose prefix has no PREFIX line: line, column and name."""
    found = tokens(query)
    declared = set()
    for position, token in enumerate(found):
        if position and found[position - 1].is_word("PREFIX"):
            declared.add(token.text.partition(":")[0])
    for position, token in enumerate(found):
        if token.kind != "name" or (position and found[position - 1].text in ("_", "PREFIX")):
            continue
        if token.text.partition(":")[0] not in declared:
            before = query[: token.start]
            return before.count("\n") + 1, token.start - before.rfind("\n"), token.text
    return None


def _code_point(match: re.Match[str]) -> str:
    number = int(match[1] or match[2], 16)
    return chr(number) if number < 0x110000 else "\ufffd"
