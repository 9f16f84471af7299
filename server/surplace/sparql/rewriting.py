"""Variants of a query: a part of its rows, their number, fewer columns, more triples.

Each is made at the tokens of the text, and what is put in is written here or by the RDF library.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Final

from surplace.rdf.terms import Statement, to_sparql
from surplace.sparql.inspection import inspect
from surplace.sparql.lexer import Token, prologue, tokens

_OPENING: Final = ("{", "(", "[")
_CLOSING: Final = ("}", ")", "]")


def pageable(text: str) -> bool:
    """Tell whether pages of the rows can be asked for: they have an order, and no LIMIT or OFFSET yet."""
    found = tokens(text)
    words = [token.text.upper() for token in _outside(found) if token.kind == "word"]
    return (
        inspect(text).form == "SELECT"
        and "ORDER" in words
        and not {"LIMIT", "OFFSET", "VALUES", "FROM"} & set(words)
    )


def paged(text: str, limit: int | None, offset: int) -> str:
    """Return the query for the rows after *offset*, at most *limit* of them; *text* must be `pageable`."""
    parts = [
        text,
        *([f"LIMIT {limit}"] if limit is not None else []),
        *([f"OFFSET {offset}"] if offset else []),
    ]
    return "\n".join(parts)


def counted(text: str) -> str:
    """Return the query for the number of rows of *text*, which must be `pageable`."""
    found = tokens(text)
    start = next(token.start for token in found if token.is_word("SELECT"))
    (number,) = _unused(found, "number")
    return f"{prologue(text, found)}\nSELECT (COUNT(*) AS {number}) WHERE {{ {{\n{text[start:]}\n}} }}"


def without(text: str, columns: Collection[str]) -> str:
    """Return a SELECT query with these columns taken out of its projection."""
    parts = []
    end = 0
    depth = 0
    for token in tokens(text):
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        if token.text == "{":
            break
        if depth == 0 and token.kind == "variable" and token.text[1:] in columns:
            parts.append(text[end : token.start].rstrip(" "))
            end = token.end
    return "".join([*parts, text[end:]])


def stating(text: str, statements: Iterable[Statement]) -> str:
    """Return a CONSTRUCT query that states *statements* besides what it finds, even if it finds nothing.

    It needs a template. A triple of that without variables would be stated then, too. Queries of other forms
    stay as they are.
    """
    found = tokens(text)
    if inspect(text).form != "CONSTRUCT":
        return text
    start = next(number for number, token in enumerate(found) if token.is_word("CONSTRUCT")) + 1
    group = next(number for number in range(_end(found, start), len(found)) if found[number].text == "{")
    names = " ".join(_unused(found, "subject", "predicate", "object"))
    rows = " ".join(f"({' '.join(map(to_sparql, statement))})" for statement in statements)
    opened, begun = found[start].end, found[group].start
    return (
        f"{text[:opened]} {names} .{text[opened:begun]}"
        f"{{ {{ VALUES ({names}) {{ {rows} }} }} UNION {{ SELECT * WHERE {text[begun:]}\n}} }}"
    )


def _outside(found: Sequence[Token]) -> Iterable[Token]:
    """Yield the tokens that stand in no brackets."""
    depth = 0
    for token in found:
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        if depth == 0:
            yield token


def _end(found: Sequence[Token], start: int) -> int:
    """Return the position after the bracket that closes the one at *start*."""
    depth = 0
    for number in range(start, len(found)):
        depth += (found[number].text in _OPENING) - (found[number].text in _CLOSING)
        if depth == 0:
            return number + 1
    return len(found)


def _unused(found: Sequence[Token], *names: str) -> list[str]:
    """Return variables that are like *names* and do not occur in the query."""
    used = {token.text[1:] for token in found if token.kind == "variable"}
    mark = ""
    while any(name + mark in used for name in names):
        mark += "_"
    return [f"?{name}{mark}" for name in names]
