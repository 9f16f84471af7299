"""The rows of every question have one order and no ties, so that parts of an answer make up the whole.

Two rows tie if they differ, but not in what they are ordered by. The order is looked at in the text of the
query; its expressions are then asked for as columns.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from pathlib import Path
from typing import cast

import pytest
from pyoxigraph import Literal, QuerySolutions, Store

from surplace.catalogue import Query
from surplace.sparql.lexer import Token, tokens
from surplace.sparql.rewriting import paged
from two_engines import Engines, engines_over, questions

HERE = Path(__file__).parent
ORDERED = {query.name: query for query in questions() if query.form == "SELECT"}
NUMBERS = {"integer", "decimal", "double"}
"""Datatypes whose values are compared with each other."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Engines:
    """The invented world of test_competency."""
    folder = tmp_path_factory.mktemp("world")
    shutil.copy(HERE / "fixtures" / "world.trig", folder)
    return engines_over([folder])


def expressions(text: str, found: list[Token]) -> list[str]:
    """Return what the rows are ordered by, without directions."""
    position = max(number for number, token in enumerate(found) if token.is_word("ORDER")) + 2
    listed = []
    while position < len(found):
        start = position
        position += 1
        if found[start].kind != "variable":
            depth = 0
            while position == start + 1 or depth:
                depth += (found[position].text == "(") - (found[position].text == ")")
                position += 1
        expression = text[found[start].start : found[position - 1].end]
        listed.append(expression.removeprefix("DESC").removeprefix("ASC"))
    return listed


def with_keys(text: str) -> tuple[str, int]:
    """Let a query give what it orders by as well, in columns before its own; return their number too."""
    found = tokens(text)
    keys = expressions(text, found)
    select = next(number for number, token in enumerate(found) if token.is_word("SELECT"))
    end = found[select + found[select + 1].is_word("DISTINCT")].end
    columns = " ".join(f"({key} AS ?key{number})" for number, key in enumerate(keys))
    return f"{text[:end]} {columns} {text[end:]}", len(keys)


def ties(store: Store, text: str) -> list[set[tuple[str, ...]]]:
    """Return the rows that differ and have nothing to order them by."""
    asked, count = with_keys(text)
    rows = defaultdict(set)
    for solution in cast(QuerySolutions, store.query(asked)):
        row = tuple(str(term) for term in solution)
        rows[row[:count]].add(row[count:])
    assert rows or count
    return [tied for tied in rows.values() if len(tied) > 1]


def mixed(store: Store, text: str) -> set[str]:
    """Return what orders, where all before it is alike, by values that cannot be compared: days and years."""
    asked, count = with_keys(text)
    keys = expressions(text, tokens(text))
    types = defaultdict(set)
    for solution in cast(QuerySolutions, store.query(asked)):
        terms = list(solution)[:count]
        for number, (key, term) in enumerate(zip(keys, terms, strict=True)):
            if isinstance(term, Literal):
                name = term.datatype.value.rpartition("#")[2]
                before = tuple(str(term) for term in terms[:number])
                types[key, before].add("number" if name in NUMBERS else name)
    return {key for (key, _), names in types.items() if len(names) > 1}


def of_anything(query: Query) -> str:
    """Ask a question about all things at once, which is the most that can be asked for by several values."""
    return query.bind_terms({name: (None,) for name, item in query.params.items() if item.type == "iri"})


def test_there_are_questions_with_an_order() -> None:
    assert len(ORDERED) > 30
    assert all(query.pageable for query in ORDERED.values())
    text = 'SELECT ?a { } ORDER BY ?a DESC(?b) COALESCE(STR(?c), "")'
    assert expressions(text, tokens(text)) == ["?a", "(?b)", 'COALESCE(STR(?c), "")']


@pytest.mark.parametrize("name", ORDERED)
def test_no_two_rows_tie(name: str, world: Engines, real_store: Store) -> None:
    for store, text in ((world.store, of_anything(ORDERED[name])), (real_store, ORDERED[name].text)):
        assert ties(store, text) == []
        assert mixed(store, text) == set()


@pytest.mark.parametrize("name", ORDERED)
def test_parts_make_up_the_whole(name: str, world: Engines) -> None:
    text = of_anything(ORDERED[name])
    whole = world.oxigraph(text)
    size = len(whole) // 3 + 1
    parts = [row for number in range(4) for row in world.oxigraph(paged(text, size, number * size))]
    assert parts == whole
    assert world.oxigraph(ORDERED[name].counted(text)) == [(str(len(whole)),)]
