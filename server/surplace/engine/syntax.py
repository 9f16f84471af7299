"""What is looked at before an engine sees a query, and what is said about one that it cannot read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from surplace.engine.limits import Limits
from surplace.engine.protocol import (
    NotOfferedError,
    QuerySyntaxError,
    QueryTooLongError,
    RefusedError,
    no_service,
)
from surplace.namespaces import PREFIXES
from surplace.rdf.formats import Kind, formats_of
from surplace.sparql.inspection import KIND_OF, inspect
from surplace.sparql.lexer import Token, tokens
from surplace.sparql.naming import names_in

UPDATES: Final = frozenset(
    ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
)
NEAR: Final = 40
"""Characters of the query that an error shows."""
_BRACKETS: Final = {"{": "}", "(": ")", "[": "]"}

_SENTENCES = re.compile(r"(?:expected(?: one of)? )?((?:Prefix|The|An?|Invalid|No|Only|Unexpected)\b[^,\[]*)")


def check(query: str, limits: Limits) -> None:
    """Refuse a query that is too long or too deep, an update, or one with SERVICE.

    This spares the workers and gives reasons; what keeps SERVICE from working is that they can open no
    socket, and what keeps depth from harm is that they may die. Time is linear in the length of the text.
    """
    if len(query) > limits.query_length:
        raise QueryTooLongError(f"The query has {len(query)} characters: send at most {limits.query_length}.")
    seen = inspect(query)
    if "SERVICE" in seen.words:
        raise no_service()
    if seen.form is None and UPDATES.intersection(seen.words):
        raise RefusedError(
            "This endpoint is read-only and refuses updates: send SELECT, ASK, CONSTRUCT or DESCRIBE."
        )
    if seen.depth > limits.query_nesting:
        raise RefusedError(
            f"The query has {seen.depth} levels of nesting, and {limits.query_nesting} are allowed: "
            "make it simpler, or split it."
        )


def named_graphs(query: str) -> list[str]:
    """Return the IRIs of the graphs in FROM and FROM NAMED, resolved against the base."""
    if "FROM" not in inspect(query).words:
        return []
    found = tokens(query)
    names = {name.position: name.iri for name in names_in(found)}
    graphs = []
    for position, token in enumerate(found):
        if token.is_word("FROM"):
            following = found[position + 1 : position + 2]
            place = position + 2 if following and following[0].is_word("NAMED") else position + 1
            if place in names:
                graphs.append(names[place])
    return graphs


def kind_of(query: str) -> Kind | None:
    """Tell what kind of answer a query has, without evaluating it; None if that cannot be seen."""
    form = inspect(query).form
    return None if form is None else KIND_OF[form]


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
            paste = f"PREFIX {label}: <{PREFIXES[label]}>" if label in PREFIXES else ""
            return QuerySyntaxError(
                f'Line {line}, column {column}: the prefix of "{name}" is not declared: '
                f"add a line {paste or f'PREFIX {label}: <…>'} at the top.",
                line,
                column,
                name,
                paste,
            )
    lines = query.split("\n")
    rest = lines[line - 1][column - 1 :] if 0 < line <= len(lines) else ""
    near = rest.strip()[:NEAR]
    if not near:
        later = [text.strip() for text in lines[line:] if text.strip()]
        near = later[0][:NEAR] if later else ""
    place = f'"{near}"' if near else "the end of the query"
    why = f" ({sentence[1].strip()})" if sentence else ""
    if not near and (opened := _unclosed(query)) is not None:
        at, after = _line_and_column(query, opened.start)
        why = f' (the "{opened.text}" in line {at}, column {after}, is not closed)'
    return QuerySyntaxError(
        f"Line {line}, column {column}: the query cannot be read at {place}{why}: "
        "correct it there or just before.",
        line,
        column,
        near,
    )


def _unclosed(query: str) -> Token | None:
    """Find the last bracket that nothing closes."""
    opened: list[Token] = []
    for token in tokens(query):
        if token.text in _BRACKETS:
            opened.append(token)
        elif token.text in _BRACKETS.values() and opened and _BRACKETS[opened[-1].text] == token.text:
            opened.pop()
    return opened[-1] if opened else None


def _line_and_column(query: str, start: int) -> tuple[int, int]:
    """Return the line and column of a character, both counted from 1."""
    before = query[:start]
    return before.count("\n") + 1, start - before.rfind("\n")


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
            return *_line_and_column(query, token.start), token.text
    return None
