"""What is at fault in a query that cannot be read: its place, and what to do."""

from __future__ import annotations

import re

import pytest
from pyoxigraph import Store

from surplace.engine.protocol import QuerySyntaxError
from surplace.engine.syntax import bad_query

OPEN = 'the "{" in line 1, column 10, is still open: write "}" before'


def refused(query: str) -> QuerySyntaxError:
    """Return what is said of a query, from what the engine says of it."""
    with pytest.raises(SyntaxError) as caught:
        Store().query(query)
    told = re.match(r"error at (\d+):(\d+): (.*)", str(caught.value.msg), re.DOTALL)
    assert told is not None
    return bad_query(query, int(told[1]), int(told[2]), told[3])


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT * {\n  ?s ?p ?o .\nLIMIT 2", f"Line 3, column 1: {OPEN} LIMIT."),
        (
            "SELECT * {\n  ?s ?p ?o\n  OPTIONAL { ?s ?q ?r\n}\nORDER BY ?s\nLIMIT 5",
            f"Line 5, column 1: {OPEN} ORDER BY.",
        ),
        (
            "SELECT * {\n  { SELECT ?s { ?s ?p ?o LIMIT 3 }\n  ?s ?q ?r\n}",
            'Line 2, column 26: the "{" in line 2, column 15, is still open: write "}" before LIMIT.',
        ),
        (
            "SELECT * { { SELECT ?s { ?s ?p ?o } LIMIT 3 }\n?s ?p }",
            'Line 2, column 1: the query cannot be read at "?s ?p }"',
        ),
        (
            "SELECT * { ?s ?p ?o ORDER BY ?s }",
            'Line 1, column 21: ORDER BY stands inside the "{" in line 1, column 10: write it after its "}".',
        ),
        ("SELECT * {\n  ?s ?p ?o }\nLIMIT 2}", 'Line 3, column 8: this "}" closes nothing: leave it out.'),
        ("SELECT * { ?s ?p ?o } }\nORDER BY ?s", 'Line 1, column 23: this "}" closes nothing'),
        ("SELECT * { ?s ?p ?o\n  FILTER(?o > 3)) }", 'Line 2, column 17: this ")" closes nothing'),
        (
            'SELECT * { ?s ?p ?o\n  FILTER(STR(?o) = "a" }',
            'Line 2, column 24: the "(" in line 2, column 9, is still open: write ")" before this "}".',
        ),
        (
            "SELECT * {\n  ?s ?p [ ?q ?r .\n}",
            'Line 2, column 17: the "[" in line 2, column 9, is still open: write "]" before this ".".',
        ),
        ("SELECT * {\n  ?s ?p ?o OPTIONAL { ?s ?q ?r }\n", 'Line 1, column 10: the "{" is not closed'),
        ("SELECT * {\n  ?s <urn:p ?o .\n}", 'Line 2, column 6: the IRI "<urn:p" has no end: write > there.'),
        (
            'SELECT * {\n  ?s ?p "a\n}',
            'Line 2, column 9: the text that begins here has no end: write " there.',
        ),
        ("SELECT ?a, ?b { ?a ?p ?b }", "Line 1, column 10: no comma stands between variables: leave it out."),
        (
            "SELECT * { ?s a State }",
            'Line 1, column 17: SPARQL has no word "State": a variable is written ?State, a name with its',
        ),
        ("SELECT * {\n  ?s ?p ?o\n  ?s ?q ?r\n}", 'Line 3, column 3: the query cannot be read at "?s ?q ?r"'),
        (
            "SELECT * {\n  ?s a <urn:a>\n  <urn:p> ?o\n}",
            'Line 3, column 3: the query cannot be read at "<urn:p> ?o": if another statement begins there, '
            'write ";" (of the same thing) or "." before it; else correct it',
        ),
        ("SELECT ?s { ?s ?p ?o } GROUP ?s", "Line 1, column 24: after GROUP comes BY: write GROUP BY."),
        ("SELECT ?s { ?s ?p ?o }\nLIMIT ten", "Line 2, column 7: LIMIT takes a whole number"),
        ("SELECT ?s { ?s ?p ?o }\nOFFSET", "Line 2, column 7: OFFSET takes a whole number"),
        ("SELECT ?s WHERE\n  ?s ?p ?o }", 'Line 2, column 3: after WHERE comes "{": write it here.'),
        ("SELECT WHERE { ?s ?p ?o }", "Line 1, column 8: SELECT names no variable: write * or"),
        ("SELECT { ?s ?p ?o }", "Line 1, column 8: SELECT names no variable: write * or"),
        (
            "SELECT * { ?s srr:a ?o }",
            'Line 1, column 15: the prefix of "srr:a" is not declared: did you mean',
        ),
    ],
)
def test_a_fault_is_named_at_its_place(query: str, message: str) -> None:
    assert str(refused(query)).startswith(message)


@pytest.mark.parametrize(
    ("query", "line", "column", "instead"),
    [
        ("SELCT * WHERE { ?s ?p ?o }", 1, 1, "SELECT"),
        ("PREFX a: <urn:a>\nSELECT * { ?s ?p ?o }", 1, 1, "PREFIX"),
        ("PREFIX a: <urn:a>\nCONSTRUC { ?s ?p ?o } WHERE { ?s ?p ?o }", 2, 1, "CONSTRUCT"),
        ("SELECT ?s WHER { ?s ?p ?o }", 1, 11, "WHERE"),
        ("SELECT (COUTN(?s) AS ?n) { ?s ?p ?o }", 1, 9, "COUNT"),
        ("SELECT * {\n  ?s ?p ?o\n  OPTINAL { ?s ?q ?r }\n}", 3, 3, "OPTIONAL"),
        ("SELECT * { ?s ?p ?o FILTER(?o > 3 AND ?o < 5) }", 1, 35, "&&"),
        ("SELECT * { ?s ?p ?o }\nLIMT 5", 2, 1, "LIMIT"),
        ("SELECT * { ?s ?p ?o FILTER(?o == 3) }", 1, 31, "="),
    ],
)
def test_a_word_that_is_misspelt_has_the_nearest(query: str, line: int, column: int, instead: str) -> None:
    error = refused(query)
    assert (error.line, error.column, error.instead) == (line, column, instead)
    assert re.search(rf'"?{re.escape(error.near)}"?: did you mean {re.escape(instead)}\?$', str(error))


def test_quotation_marks_of_prose_are_named() -> None:
    error = refused("SELECT * { ?s ?p “a” }")
    assert (error.near, error.instead, str(error)[-18:]) == ("“", '"', ' “: write " there.')
