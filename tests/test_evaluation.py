"""A function that is not known is an error of its expression, and of nothing else."""

from __future__ import annotations

import pytest
from pyoxigraph import QuerySolutions, Store

from surplace.sparql.evaluation import UNKNOWN, evaluate


def rows(query: str) -> list[list[str | None]]:
    found = evaluate(Store(), query, base_iri="urn:base:")
    assert isinstance(found, QuerySolutions)
    return [[None if term is None else term.value for term in row] for row in found]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("SELECT (<urn:f>(1) AS ?x) (2 AS ?y) {}", [[None, "2"]]),
        ("SELECT (COALESCE(<urn:f>(1), <urn:g>(), 3) AS ?x) {}", [["3"]]),
        ("PREFIX x: <urn:> SELECT ?x { VALUES ?x { 1 2 } FILTER(x:f(?x) || ?x = 2) }", [["2"]]),
        ("SELECT ?x { VALUES ?x { 1 2 } FILTER(!<urn:f>(?x)) }", []),
        ("SELECT (<http://www.w3.org/2001/XMLSchema#integer>('7') AS ?x) {}", [["7"]]),
    ],
)
def test_a_call_of_an_unknown_function_has_no_value(query: str, expected: list[list[str | None]]) -> None:
    assert rows(query) == expected


def test_there_may_not_be_any_number_of_them() -> None:
    def calls(number: int) -> str:
        return f"SELECT (COALESCE({', '.join(f'<urn:f{n}>()' for n in range(number))}, 1) AS ?x) {{}}"

    assert rows(calls(UNKNOWN)) == [["1"]]
    with pytest.raises(RuntimeError, match="The custom function <urn:f16> is not supported"):
        rows(calls(UNKNOWN + 1))
