"""Where the text of a query is cut, and the variants that are put together from its pieces.

The text is lexed once. The variants are made at the places that were found then, also in a text in which
VALUES blocks were replaced: these stand behind all the other places.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from surplace.rdf.terms import Statement, to_sparql
from surplace.sparql.inspection import inspect
from surplace.sparql.lexer import Token, ValuesBlock, prologue, tokens, values_blocks
from surplace.sparql.variables import visible_in

_OPENING: Final = ("{", "(", "[")
_UPWARDS: Final = ("ASC", "COALESCE", "STR")
"""Words that may stand around a variable that rows are ordered by without changing what it is."""
_CLOSING: Final = ("}", ")", "]")


class Column(NamedTuple):
    """A variable of the projection, and where it stands."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class Layout:
    """The places at which a query is cut, as numbers of characters.

    *start* is at its form. Of a CONSTRUCT query, *template* is behind the bracket that opens its template,
    and *group* at the one that opens its pattern; else both are 0. *pageable* tells whether pages of the
    rows can be asked for: they have an order, and no LIMIT or OFFSET yet.
    """

    text: str
    form: str | None
    prologue: str
    pageable: bool
    start: int
    columns: tuple[Column, ...]
    blocks: tuple[ValuesBlock, ...]
    template: int
    group: int
    variables: frozenset[str]
    order: tuple[str, ...] = ()
    """The variables that the rows are ordered by, upwards; empty where they are ordered in another way."""
    pattern: tuple[int, int] = (0, 0)
    """Where the pattern of a SELECT query that groups nothing begins and ends; else 0 and 0."""
    keys: int = 0
    """Where what the rows are ordered by begins, counted from the end of the text; 0 without any."""
    visible: frozenset[str] = frozenset()
    """The variables of that pattern that its solutions may bind, and not a query within it alone."""

    def bound(self, clauses: Mapping[str, str]) -> str:
        """Return the text with the VALUES blocks of these variables replaced, all else byte for byte."""
        parts = []
        end = 0
        for block in self.blocks if clauses else ():
            if block.variable in clauses:
                parts += [self.text[end : block.start], clauses[block.variable]]
                end = block.end
        return "".join([*parts, self.text[end:]])

    def counted(self, text: str) -> str:
        """Return the query for the number of rows of *text*: this one, bound; it must be pageable."""
        (number,) = self._unused("number")
        return f"{self.prologue}\nSELECT (COUNT(*) AS {number}) WHERE {{ {{\n{text[self.start :]}\n}} }}"

    def without(self, text: str, columns: Collection[str]) -> str:
        """Return *text*, this SELECT query, bound, with these columns taken out of its projection."""
        parts = []
        end = 0
        for column in self.columns:
            if column.name in columns:
                parts.append(text[end : column.start].rstrip(" "))
                end = column.end
        return "".join([*parts, text[end:]])

    def showing(self, text: str, variables: Iterable[str]) -> str:
        """Return *text*, this SELECT query, bound, with *variables*, which are `visible`, as last columns.

        Its rows are ordered by them first.
        """
        added = "".join(f" ?{name}" for name in variables)
        end, keys = self.columns[-1].end, len(text) - self.keys
        first = f"{added[1:]} " if self.keys else ""
        return f"{text[:end]}{added}{text[end:keys]}{first}{text[keys:]}"

    def stating(self, text: str, statements: Iterable[Statement]) -> str:
        """Return *text*, this CONSTRUCT query, bound, which then states *statements* besides what it finds.

        It does so even if it finds nothing, and needs a template. A triple of that without variables would be
        stated then, too. Queries of other forms stay as they are.
        """
        if self.form != "CONSTRUCT":
            return text
        names = " ".join(self._unused("subject", "predicate", "object"))
        rows = " ".join(f"({' '.join(map(to_sparql, statement))})" for statement in statements)
        return (
            f"{text[: self.template]} {names} .{text[self.template : self.group]}"
            f"{{ {{ VALUES ({names}) {{ {rows} }} }} UNION {{ SELECT * WHERE {text[self.group :]}\n}} }}"
        )

    def values(self, text: str, variable: str) -> str:
        """Return the query for the values that *variable* has in the solutions of this query, or nothing.

        That is nothing where the query groups its solutions.
        """
        start, end = self.pattern
        if not end:
            return ""
        return f"{self.prologue}\nSELECT DISTINCT ?{variable} WHERE {text[start:end]}"

    def _unused(self, *names: str) -> list[str]:
        """Return variables that are like *names* and do not occur in the query."""
        mark = ""
        while any(name + mark in self.variables for name in names):
            mark += "_"
        return [f"?{name}{mark}" for name in names]


def layout(text: str, found: Sequence[Token] | None = None) -> Layout:
    """Find the places at which a query is cut. Time is linear in the length of the text.

    *found* are its tokens, if they are known already.
    """
    found = tokens(text) if found is None else found
    form = inspect(text).form
    words = [token.text.upper() for token in _outside(found) if token.kind == "word"]
    template, group = _construct(found) if form == "CONSTRUCT" else (0, 0)
    return Layout(
        text=text,
        form=form,
        prologue=prologue(text, found),
        pageable=form == "SELECT"
        and "ORDER" in words
        and not {"LIMIT", "OFFSET", "VALUES", "FROM"} & set(words),
        start=next((token.start for token in found if form is not None and token.is_word(form)), 0),
        columns=tuple(_columns(found)),
        blocks=tuple(values_blocks(found)),
        template=template,
        group=group,
        variables=frozenset(token.text[1:] for token in found if token.kind == "variable"),
        order=_order(found),
        keys=len(text) - _keys(found)[0].start if form == "SELECT" and _keys(found) else 0,
        pattern=_pattern(found) if form == "SELECT" and "GROUP" not in words else (0, 0),
        visible=visible_in(found) if form == "SELECT" and "GROUP" not in words else frozenset(),
    )


def paged(text: str, limit: int | None, offset: int) -> str:
    """Return the query for the rows after *offset*, at most *limit* of them; *text* must be pageable."""
    parts = [
        text,
        *([f"LIMIT {limit}"] if limit is not None else []),
        *([f"OFFSET {offset}"] if offset else []),
    ]
    return "\n".join(parts)


def _columns(found: Sequence[Token]) -> Iterator[Column]:
    """Yield the variables that stand in no brackets before the pattern."""
    depth = 0
    for token in found:
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        if token.text == "{":
            return
        if depth == 0 and token.kind == "variable":
            yield Column(token.text[1:], token.start, token.end)


def _pattern(found: Sequence[Token]) -> tuple[int, int]:
    """Return where the first group begins and ends."""
    depth, start = 0, -1
    for token in found:
        if token.text == "{" and start < 0:
            start = token.start
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        if start >= 0 and depth == 0:
            return start, token.end
    return 0, 0


def _order(found: Sequence[Token]) -> tuple[str, ...]:
    """Return the variables after the last ORDER BY, where it orders by these upwards and nothing else."""
    keys = _keys(found)
    if any(token.kind == "word" and token.text.upper() not in _UPWARDS for token in keys):
        return ()
    return tuple(token.text[1:] for token in keys if token.kind == "variable")


def _keys(found: Sequence[Token]) -> Sequence[Token]:
    """Return what comes after the last ORDER BY that stands in no brackets."""
    depth = 0
    for number in range(len(found) - 1, -1, -1):
        depth += (found[number].text in _CLOSING) - (found[number].text in _OPENING)
        if depth == 0 and found[number].is_word("ORDER"):
            return found[number + 2 :]
    return ()


def _construct(found: Sequence[Token]) -> tuple[int, int]:
    """Return where the template of a CONSTRUCT query begins, and where its pattern does."""
    start = next(number for number, token in enumerate(found) if token.is_word("CONSTRUCT")) + 1
    opened = next((number for number in range(start, len(found)) if found[number].text == "{"), len(found))
    depth = 0
    for number in range(opened, len(found)):
        depth += (found[number].text in _OPENING) - (found[number].text in _CLOSING)
        if depth == 0 and (group := next((t.start for t in found[number:] if t.text == "{"), 0)):
            return found[opened].end, group
    return 0, 0


def _outside(found: Sequence[Token]) -> Iterator[Token]:
    """Yield the tokens that stand in no brackets."""
    depth = 0
    for token in found:
        depth += (token.text in _OPENING) - (token.text in _CLOSING)
        if depth == 0:
            yield token
