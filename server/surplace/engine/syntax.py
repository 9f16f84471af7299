"""What is looked at before an engine sees a query, and what is said about one that it cannot read."""

from __future__ import annotations

import difflib
import re
from dataclasses import replace
from typing import Final

from pyoxigraph import Store

from surplace.engine.limits import Limits
from surplace.engine.protocol import Request
from surplace.engine.query_errors import (
    NotOfferedError,
    QuerySyntaxError,
    QueryTooLongError,
    RefusedError,
    no_service,
)
from surplace.namespaces import PREFIXES
from surplace.rdf.formats import formats_of
from surplace.sparql.characters import bare_iri
from surplace.sparql.fault import place_of, said_of
from surplace.sparql.faults import find_fault
from surplace.sparql.lexer import tokens
from surplace.sparql.naming import names_in
from surplace.sparql.variables import find_misused

UPDATES: Final = frozenset(
    ("INSERT", "DELETE", "LOAD", "CLEAR", "DROP", "CREATE", "ADD", "MOVE", "COPY", "WITH")
)
NEAR: Final = 40
"""Characters of the query that an error shows."""
_SENTENCES = re.compile(r"(?:expected(?: one of)? )?((?:Prefix|The|An?|Invalid|No|Only|Unexpected)\b[^,\[]*)")
_QUOTED: Final = re.compile(r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\[^'])+'|'''?")
_TERMS: Final = frozenset(("variable", "name", "iri", "string", "number"))
_ENDS: Final = frozenset((".", ";", ",", "{", "}"))
"""What a triple ends with, or begins after."""
_WORDS: Final = re.compile(r"\b[A-Za-z_]{2,}\b")


def check(request: Request, limits: Limits) -> None:
    """Refuse a query of a client that is too long, one that is too deep, an update, or one with SERVICE.

    This spares the workers and gives reasons; what keeps SERVICE from working is that they can open no
    socket, and what keeps depth from harm is that they may die. Time is linear in the length of the text.
    """
    length = len(request.query)
    if length > limits.query_length and request.by_client:
        raise QueryTooLongError(f"The query has {length} characters: send at most {limits.query_length}.")
    seen = request.inspection
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


def with_dataset(request: Request) -> Request:
    """Return a request that names the graphs of FROM and FROM NAMED itself, resolved against the base.

    One that has graphs already stays as it is: they take the place of those.
    """
    if request.default_graphs or request.named_graphs or "FROM" not in request.inspection.words:
        return request
    found = tokens(request.query)
    names = {name.position: name.iri for name in names_in(found)}
    defaults, named = [], []
    for position, token in enumerate(found):
        if token.is_word("FROM"):
            following = found[position + 1 : position + 2]
            if following and following[0].is_word("NAMED"):
                named.append(names.get(position + 2))
            else:
                defaults.append(names.get(position + 1))
    graphs = tuple(filter(None, defaults)), tuple(filter(None, named))
    return replace(request, default_graphs=graphs[0], named_graphs=graphs[1])


def must_fit(request: Request) -> None:
    """Refuse a query whose kind of answer has none of the formats that are wanted."""
    kind = request.inspection.kind
    if kind is not None and kind not in request.formats:
        raise NotOfferedError(kind, formats_of(kind))


def unreadable(query: str) -> QuerySyntaxError | None:
    """Return why the engine cannot read a query that asks no other endpoint; None if it can."""
    try:
        Store().query(query)
    except SyntaxError as error:
        return bad_query(query, *said_of(error))
    return None


def bad_query(query: str, line: int, column: int, reason: str) -> QuerySyntaxError:
    """Describe the place where a query stops being SPARQL; line and column count characters from 1."""
    sentence = _SENTENCES.match(reason)
    prefix = _unknown_prefix(query)
    if prefix and sentence and sentence[1].strip() == "Prefix not found":
        return _undeclared(*prefix)
    end = sum(len(text) + 1 for text in query.split("\n")[: line - 1]) + column - 1
    fault = find_fault(query, end)
    if (
        prefix
        and _is_read(query, end, prefix)
        and (fault is None or place_of(query, fault.start) > prefix[:2])
    ):
        return _undeclared(*prefix)
    fault = fault or find_misused(query, end)
    if fault is not None:
        line, column = place_of(query, fault.start)
        near = fault.text.partition("\n")[0][:NEAR]
        message = f"Line {line}, column {column}: {fault.sentence}"
        return QuerySyntaxError(message, line, column, near, instead=fault.instead, append=fault.append)
    start = _begin(query, end, reason)
    line, column = place_of(query, start)
    near = query[start:].strip().partition("\n")[0][:NEAR]
    place = f'"{near}"' if near else "the end of the query"
    why = f" ({sentence[1].strip()})" if sentence else ""
    return QuerySyntaxError(
        f"Line {line}, column {column}: the query cannot be read at {place}{why}: "
        f"{_advice(query, start)}correct it there or just before.",
        line,
        column,
        near,
    )


def undeclared(query: str) -> QuerySyntaxError | None:
    """Describe the first name in a query whose prefix has no PREFIX line; None if all have."""
    prefix = _unknown_prefix(query)
    return _undeclared(*prefix) if prefix else None


def _is_read(query: str, end: int, name: tuple[int, int, str]) -> bool:
    """Tell whether an engine that got as far as *end* may have stumbled over the name there.

    It goes back to the beginning of a triple that it cannot read.
    """
    begun = next((token for token in tokens(query) if token.start >= end and token.text in _ENDS), None)
    return name[:2] <= place_of(query, begun.start if begun else len(query))


def _undeclared(line: int, column: int, name: str) -> QuerySyntaxError:
    """Describe a name whose prefix has no PREFIX line."""
    label = name.partition(":")[0]
    paste = f"PREFIX {label}: <{PREFIXES[label]}>" if label in PREFIXES else ""
    alike = [] if paste else difflib.get_close_matches(label, PREFIXES, n=1)
    instead = name.replace(label, alike[0], 1) if alike and label else ""
    return QuerySyntaxError(
        f'Line {line}, column {column}: the prefix of "{name}" is not declared: '
        f"{f'did you mean {instead}? Else ' if instead else ''}"
        f"add a line {paste or f'PREFIX {label}: <…>'} at the top.",
        line,
        column,
        name,
        paste,
        instead,
    )


def _advice(query: str, start: int) -> str:
    """Say what to write before a term that follows another, as that of a new statement does."""
    found = tokens(query)
    place = next((number for number, token in enumerate(found) if token.start == start), 0)
    pair = found[place - 1 : place + 1] if place else []
    if len(pair) == 2 and all(token.kind in _TERMS for token in pair):
        return 'if another statement begins there, write ";" (of the same thing) or "." before it; else '
    return ""


def _begin(query: str, end: int, reason: str) -> int:
    """Return where the token begins that an engine could not read, which got as far as *end*.

    Where it looked for words, it gets as many characters further as one of them has; for a sign, no further.
    """
    found = tokens(query)
    starts = {*(token.start for token in found), len(query)}
    tried = [end - len(word) for word in _WORDS.findall(_QUOTED.sub("", reason))]
    tried += [end] if _QUOTED.search(reason) else []
    likely = [start for start in tried if start in starts]
    if likely:
        return max(likely)
    return next((token.start for token in found if end < token.end), end)


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
        if token.text.partition(":")[0] not in declared and not bare_iri(query, token):
            return *place_of(query, token.start), token.text
    return None
