"""What is at fault in a query that cannot be read: its place, and what to do."""

from __future__ import annotations

import re
import time
from contextlib import suppress
from pathlib import Path

import pytest
from pyoxigraph import Store

from surplace.engine.query_errors import QuerySyntaxError
from surplace.engine.syntax import bad_query
from surplace.sparql.calls import of_calls
from surplace.sparql.fault import mended
from surplace.sparql.faults import find_fault
from surplace.sparql.lexer import tokens
from surplace.sparql.variables import find_misused

ROOT = Path(__file__).resolve().parent.parent
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
            'Line 2, column 7: this triple has no object: write it before the "}".',
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
        (
            "SELECT * {\n  ?s a <urn:a>\n  <urn:p> ?o\n}",
            'Line 3, column 3: the triple before this has no end: write ";" (more of the same thing) before',
        ),
        (
            "SELECT * {\n  ?s <urn:a>/<urn:b> ?o\n  <urn:p> ?o\n}",
            'Line 3, column 3: the query cannot be read at "<urn:p> ?o": if another statement begins there, '
            'write ";" (of the same thing) or "." before it; else correct it',
        ),
        ("SELECT ?s { ?s ?p ?o } GROUP ?s", "Line 1, column 24: after GROUP comes BY: write GROUP BY."),
        (
            "SELECT ?s { ?s ?p ?o }\nLIMIT ten",
            "Line 2, column 7: after LIMIT comes a whole number: write it",
        ),
        (
            "SELECT ?s { ?s ?p ?o }\nOFFSET",
            "Line 2, column 7: after OFFSET comes a whole number: write it",
        ),
        ("SELECT ?s WHERE\n  ?s ?p ?o }", 'Line 2, column 3: after WHERE comes "{": write it before "?s".'),
        ("SELECT WHERE { ?s ?p ?o }", "Line 1, column 8: SELECT names no variable: write some, or *"),
        ("SELECT { ?s ?p ?o }", "Line 1, column 8: SELECT names no variable: write some, or *"),
        (
            "SELECT * { ?s srr:a ?o }",
            'Line 1, column 15: the prefix of "srr:a" is not declared: did you mean',
        ),
        (
            "SELECT * {\n  ?s ?p ?o\n  ?s ?q ?r\n}",
            'Line 3, column 3: the triple before this has no end: write "." before "?s".',
        ),
        ("SELECT * {\n  ?s ?p .\n}", 'Line 2, column 9: this triple has no object: write it before the ".".'),
        (
            "SELECT * { ?s ?p ?o ; ?q }",
            'Line 1, column 26: this triple has no object: write it before the "}".',
        ),
        (
            "SELECT * { ?s ?p ?o .\n  ?s . }",
            'Line 2, column 6: this triple has no predicate and object: write them before the ".".',
        ),
        ("SELECT * { ?s ?p ?o , . }", "Line 1, column 23: a comma leads to another object: write one before"),
        ("SELECT * { ; ?s ?p ?o }", 'Line 1, column 12: no triple stands before ";": leave it out.'),
        ('SELECT * { ?s "p" ?o }', "Line 1, column 15: a text or number is no predicate: write a name"),
        ('SELECT * { ?s ?p "a"^<urn:t> }', "Line 1, column 21: the type of a text stands after two signs"),
        ("SELECT COUNT(?s) { ?s ?p ?o }", "Line 1, column 8: what is counted or summed up needs brackets"),
        (
            "SELECT (COUNT(?s) AS n) { ?s ?p ?o }",
            "Line 1, column 22: after AS comes a variable: did you mean",
        ),
        ("SELECT * { ?s ?p ?o FILTER ?o > 3 }", 'Line 1, column 28: after FILTER comes "(": write it before'),
        (
            'SELECT * { ?s ?p ?o FILTER(?o IN "a") }',
            'Line 1, column 34: after IN comes "(": write it before "a"',
        ),
        ("SELECT * { FILTER NOT { ?s ?p ?o } }", "Line 1, column 23: after NOT comes EXISTS or IN: write it"),
        ("SELECT * { GRAPH { ?s ?p ?o } }", "Line 1, column 18: after GRAPH comes a name or a variable"),
        ("PREFIX a <urn:a> SELECT * { ?s ?p ?o }", 'Line 1, column 8: a prefix ends in a colon: write "a:".'),
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


UNGROUPED = "is not grouped: add it to GROUP BY, or select an aggregate of it: (SAMPLE("
TAKEN = "has a value already: name another variable after AS."


@pytest.mark.parametrize(
    ("query", "column", "near", "sentence"),
    [
        ("SELECT ?x WHERE {?x a ?y} GROUP BY ?y", 8, "?x", f"?x {UNGROUPED}?x) AS …)."),
        ("SELECT ?y (COUNT(?x) AS ?n) {?x a ?y}", 8, "?y", f"?y {UNGROUPED}?y) AS …)."),
        ("SELECT ?x {?x a ?y} ORDER BY COUNT(?y)", 8, "?x", f"?x {UNGROUPED}?x) AS …)."),
        ("SELECT (STR(?x) AS ?z) {?x a ?y} GROUP BY STR(?x)", 13, "?x", f"?x {UNGROUPED}?x) AS …)."),
        ("SELECT (MAX(?y) + ?y AS ?z) {?x a ?y} GROUP BY ?x", 19, "?y", f"?y {UNGROUPED}?y) AS …)."),
        ("ASK {{SELECT ?x {?x a ?y} GROUP BY (?y) LIMIT 3}}", 14, "?x", f"?x {UNGROUPED}?x) AS …)."),
        (
            "SELECT * {?x a ?y} GROUP BY ?x",
            8,
            "*",
            "SELECT * cannot stand with GROUP BY: name what is grouped, and aggregates of the rest.",
        ),
        (
            "SELECT * {?x a ?y} HAVING(COUNT(?x) > 1)",
            8,
            "*",
            "SELECT * cannot stand with COUNT: name what is grouped, and aggregates of the rest.",
        ),
        (
            "SELECT (COUNT(?x) AS ?n) (?n + 1 AS ?m) {?x a ?y}",
            27,
            "?n",
            "?n is calculated in this SELECT, which has groups: write its expression again.",
        ),
        ("SELECT ?x {?x a ?y BIND(1 AS ?y)}", 30, "?y", f"?y {TAKEN}"),
        ("SELECT ?x {?x a ?y ; a [ a ?z ] BIND(1 AS ?z)} ORDER BY ?x", 43, "?z", f"?z {TAKEN}"),
        ("SELECT ?x {{?x a ?y} UNION {?x a ?z} BIND(1 AS ?z)}", 48, "?z", f"?z {TAKEN}"),
        ("SELECT ?x {VALUES (?y) {(1)} BIND(1 AS ?y)}", 40, "?y", f"?y {TAKEN}"),
        ("CONSTRUCT {?x a _:b} {?x a ?y BIND(1 AS ?x)}", 41, "?x", f"?x {TAKEN}"),
        ("SELECT ?x {FILTER EXISTS {?x a ?y BIND(1 AS ?y)}}", 45, "?y", f"?y {TAKEN}"),
        ("SELECT ?x (1 AS ?x) {?x a ?y}", 17, "?x", f"?x {TAKEN}"),
        ("SELECT (1 AS ?y) {?x a ?y}", 14, "?y", f"?y {TAKEN}"),
        ("SELECT (1 AS ?y) (2 AS ?y) {?x a ?z}", 24, "?y", f"?y {TAKEN}"),
        ("SELECT (?x AS ?y) {?x a ?z} VALUES ?y {1}", 15, "?y", f"?y {TAKEN}"),
        ("SELECT (COUNT(?x) AS ?y) {?x a ?y} GROUP BY ?y", 22, "?y", f"?y {TAKEN}"),
        ("SELECT ?x ?x {?x a ?y}", 11, "?x", "?x is selected already: leave it out here."),
        (
            "SELECT ?x {?x a ?y FILTER(COUNT(?y) > 1)}",
            27,
            "COUNT",
            "COUNT stands in SELECT, HAVING or ORDER BY, not in FILTER: move it there.",
        ),
    ],
)
def test_a_variable_that_may_not_stand_there_is_named(
    query: str, column: int, near: str, sentence: str
) -> None:
    error = refused(query)
    assert str(error) == f"Line 1, column {column}: {sentence}"
    assert (error.line, error.column, error.near) == (1, column, near)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?x {?x a ?y FILTER(?z > 1) MINUS {?x a ?z} FILTER NOT EXISTS {?x a ?z} BIND(1 AS ?z)}",
        "SELECT ?x {?x a ?y {SELECT ?x {?x a ?z}} . {BIND(1 AS ?y)} BIND(1 AS ?z)}",
        "SELECT ?x ?n (STR(?x) AS ?s) {?x a ?y} GROUP BY (?x) (STR(?y) AS ?n) HAVING(COUNT(?y) > 1)",
        "SELECT (COUNT(?x) AS ?x) {?x a ?y} GROUP BY ?y",
        "SELECT ?x {?x a ?y FILTER(?y IN (1)) {SELECT (MAX(?z) AS ?m) {?q a ?z}}}",
    ],
)
def test_a_variable_that_may_stand_there_is_none(query: str) -> None:
    Store().query(query)
    assert find_misused(query, len(query)) is None


@pytest.mark.parametrize(
    ("query", "column", "sentence"),
    [
        # an IRI without brackets, wherever it stands
        ("PREFIX sur: http://x/ SELECT * {?s ?p sur:a}", 13, "an IRI stands in < and >: write <http://x/>."),
        ("BASE http://x/ SELECT * {?s ?p ?o}", 6, "an IRI stands in < and >: write <http://x/>."),
        ("SELECT * { ?s ?p http://x/#a . }", 18, "an IRI stands in < and >: write <http://x/#a>."),
        (
            "SELECT * FROM NAMED https://x/g { ?s ?p ?o }",
            21,
            "an IRI stands in < and >: write <https://x/g>.",
        ),
        # rows of values
        (
            "SELECT * {VALUES (?a ?b) {(1)}}",
            27,
            "this row has one value for two variables: write one for each",
        ),
        ("SELECT * {VALUES (?a ?b) {(1 2) (1 UNDEF 3)}}", 33, "this row has three values for two variables"),
        (
            'SELECT * {} VALUES (?a) {("1"^^<x:t>) ("x"@en -1)}',
            39,
            "this row has two values for one variable",
        ),
        (
            "SELECT * {VALUES (?a ?b) { 1 2 }}",
            28,
            'a row of values stands in brackets: write "(" before "1".',
        ),
        ("SELECT * {VALUES ?a { (1) }}", 23, "values of one variable that has no brackets have none either"),
        (
            "SELECT * {VALUES ?x { <<( <a:b> <a:c> 1 )>> } ?s ?p }",
            53,
            'this triple has no object: write it before the "}".',
        ),
        (
            "SELECT * {VALUES ?x { 1 <<(<a:b> <a:c> <<(<a:b> <a:c> 1)>>)>> } FILTER(?x = ) }",
            77,
            'the query cannot be read at ") }"',
        ),
        ("SELECT * {VALUES ?x { <<( <a:b> <a:c> 1 )>> (1) } }", 45, "values of one variable that has no"),
        ("SELECT * {VALUES (?x) { <<( <a:b> <a:c> 1 )>> }}", 25, 'write "(" before "<".'),
        (
            "SELECT * {VALUES (?x ?y) { (<<( <a:b> <a:c> 1 )>>) }}",
            28,
            "this row has one value for two variables",
        ),
        # what there has to be besides
        ("", 1, "there is no query here: write SELECT, ASK, CONSTRUCT or DESCRIBE."),
        ("# only comment", 15, "there is no query here: write SELECT, ASK, CONSTRUCT or DESCRIBE."),
        (
            "BASE <x:y> PREFIX x: <x:>",
            26,
            "there is no query here: write SELECT, ASK, CONSTRUCT or DESCRIBE.",
        ),
        ("PREFIX x:", 10, 'after "x:" comes an IRI, in < and >: write it here.'),
        ("PREFIX", 7, 'after PREFIX comes a prefix, which ends in ":": write it here.'),
        ("SELECT", 7, "after SELECT comes a variable, or * for all: write it here."),
        ("SELECT DISTINCT", 16, "after DISTINCT comes a variable, or * for all: write it here."),
        ("SELECT * FROM <x:y>", 20, 'after SELECT comes what is asked for, in "{" and "}": write it here.'),
        ("SELECT * FROM NAMED", 20, "after NAMED comes the name of a graph: write it here."),
        ("ASK", 4, 'after ASK comes "{": write it here.'),
        ("DESCRIBE", 9, "after DESCRIBE comes a name, a variable or *: write it here."),
        ("CONSTRUCT {?s ?p ?o}", 21, "comes where to take them from: write WHERE { … } here."),
        ("SELECT * {?s ?p ?o} ORDER BY", 29, "after ORDER BY comes a variable: write it here."),
        ("SELECT * {?s ?p ?o} ORDER BY DESC", 34, 'after DESC comes "(": write it here.'),
        (
            "SELECT * {?s ?p ?o} ORDER BY LIMIT 3",
            30,
            'after ORDER BY comes a variable: write it before "LIMIT".',
        ),
        ("SELECT ?s {?s ?p ?o} GROUP BY", 30, "after GROUP BY comes a variable: write it here."),
        ("SELECT ?s {?s ?p ?o} GROUP BY ?s HAVING", 40, 'after HAVING comes "(": write it here.'),
        ("SELECT * {?s ?p ?o} VALUES", 27, "after VALUES comes a variable: write it here."),
        # arguments
        (
            "SELECT (STRLEN() AS ?x) {}",
            9,
            "STRLEN takes one argument, and here is none: write what is missing.",
        ),
        ("ASK { FILTER(STRLEN(1, 2) > 1) }", 14, "STRLEN takes one argument, and here are two: leave out"),
        ('ASK { FILTER(regex("a")) }', 14, "REGEX takes two or three arguments, and here is one: write"),
        ("SELECT * { BIND(NOW(1) AS ?x) }", 17, "NOW takes no arguments, and here is one: leave out"),
        ("SELECT * { BIND(IF(true, 1) AS ?x) }", 17, "IF takes three arguments, and here are two: write"),
        ("SELECT (COUNT(DISTINCT) AS ?n) {}", 9, "COUNT takes one argument, and here is none"),
        ("SELECT (COUNT(?x, ?y) AS ?z) {?x ?p ?y}", 9, "COUNT takes one argument, and here are two"),
        # what is missing between brackets and words
        ("SELECT (COUNT(?x) {?x ?p ?o}", 19, 'needs a name: write AS ?name and ")" before this "{".'),
        ("SELECT (COUNT(?x) AS ?n {?x ?p ?o}", 25, 'after "AS ?n" comes ")": write it before "{".'),
        ("SELECT (COUNT(?x AS ?n) {?x ?p ?o}", 18, 'column 14, is still open: write ")" before AS.'),
        ("SELECT (1 AS ?x ?y) {}", 17, 'after "AS ?x" comes ")": write it before "?y".'),
        ("SELECT (1 AS ?x, 2 AS ?y) {}", 16, 'after "AS ?x" comes ")": write it before ",".'),
        (
            'ASK { ?s ?p ?o FILTER regex(?o "x") }',
            32,
            'a comma or an operator is missing here: write it before "x".',
        ),
        (
            'ASK { FILTER(CONTAINS("a"@en STR(1))) }',
            30,
            'an operator is missing here: write it before "STR".',
        ),
        ("ASK { ?s ?p ?o FILTER(?o IN (1 2)) }", 32, 'an operator is missing here: write it before "2".'),
        ("ASK { ?s ?p ?o FILTER(?o (1)) }", 26, 'an operator is missing here: write it before "(".'),
        ('SELECT (GROUP_CONCAT(?x, ",") AS ?y) {}', 24, 'write "; SEPARATOR=" instead of ",".'),
        ('SELECT (GROUP_CONCAT(?x; ",") AS ?y) {}', 26, 'after ";" comes SEPARATOR=: write it before ",".'),
        (
            'SELECT (GROUP_CONCAT(?x; SEPARATOR ",") AS ?y) {}',
            36,
            'after SEPARATOR comes "=": write it before ",".',
        ),
        # half a text, and more than a number
        (
            "SELECT * { ?s ?p @en }",
            18,
            "@en is the language of a text: write the text, in quotes, before it.",
        ),
        (
            "SELECT * { ?s ?p 1.2.3 . }",
            18,
            'the number "1.2.3" has two points: leave one out, or write a text',
        ),
        ("ASK { ?s ?p ?o FILTER(?o = 1.2.3) }", 28, 'the number "1.2.3" has two points'),
        # no word is near
        (
            "ASK { ?s ?p ?o FILTER(foo(?s)) }",
            23,
            'SPARQL has no function "foo": write one that it has, or the IRI',
        ),
        ("ASK { ?s ?p ?o }\0", 17, "here is a character that cannot be seen, U+0000 (a control character)"),
        (
            "ASK { ?s ?p ?o } \x07",
            18,
            "here is a character that cannot be seen, U+0007 (a control character)",
        ),
    ],
)
def test_what_is_missing_is_named_where_it_is_missing(query: str, column: int, sentence: str) -> None:
    error = refused(query)
    assert str(error).startswith(f"Line 1, column {column}: ")
    assert sentence in str(error)


@pytest.mark.parametrize(
    ("query", "column"),
    [
        ("CONSTRUCT WHERE { ?s ?p ?o OPTIONAL {?s ?q ?r} }", 28),
        ("CONSTRUCT WHERE { ?s ?p ?o FILTER(?o > 1) }", 28),
        ("CONSTRUCT FROM <a:b> WHERE { ?s ?p ?o . VALUES ?s { 1 } }", 41),
        ("CONSTRUCT WHERE { { ?s ?p ?o } UNION { ?s ?q ?o } }", 19),
        ("CONSTRUCT WHERE { GRAPH ?g { ?s ?p ?o } }", 19),
        ("CONSTRUCT WHERE { ?s <a:b>/<a:c> ?o }", 27),
    ],
)
def test_construct_without_a_template_takes_triples_alone(query: str, column: int) -> None:
    sentence = "CONSTRUCT WHERE takes triples alone: write CONSTRUCT { … } WHERE { … }."
    assert str(refused(query)) == f"Line 1, column {column}: {sentence}"


def test_what_is_mended_as_it_is_told_can_be_read() -> None:
    for query in ('SELECT (GROUP_CONCAT(?x, ",") AS ?y) {?x ?p ?o}', "ASK { ?s ?p http://x/#a }"):
        error = refused(query)
        Store().query(mended(query, error.line, error.column, error.near, instead=error.instead))


@pytest.mark.parametrize(
    "query",
    [
        "PREFIX e: <x:> SELECT * { ?s e:p (1 2), (?a (?b)) ; e:q/(e:r|^e:s)* ?o }",
        "PREFIX e: <x:> ASK { ?s ?p ?o FILTER(e:f(?s, ?o) && <x:g>() && ?o NOT IN (1, -2, .5)) }",
        "ASK { ?s ?p ?o FILTER(?s<?o&&?o>?s || EXISTS { ?s ?p (1 2) } && true) }",
        "SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT *) AS ?m) (COALESCE() AS ?c) { FILTER(!BOUND(?s)) }",
        'SELECT (GROUP_CONCAT(DISTINCT ?o; SEPARATOR=", ") AS ?a) { ?s ?p ?o } GROUP BY (STR(?s) AS ?t) ?p',
        'SELECT * { VALUES (?a ?b) { (UNDEF "x"@en) ("1"^^<x:t> -1) (true 1.5) } VALUES ?c { 1 } }',
        "SELECT * { VALUES () { () } ?s ?p ?o }",
        "SELECT ?o { ?s ?p ?o } GROUP BY ?o HAVING(COUNT(?s) > 1) (?o > 2) ORDER BY DESC(?o) (?o + 1)",
        "SELECT * { ?s ?p ?o } VALUES (?o) { (1) }",
        'ASK { BIND(BNODE() AS ?b) BIND(IF(1 < 2, "a"@en, STRDT("b", <x:t>)) AS ?c) }',
        'ASK { FILTER(REGEX("a", "b", "i")) }',
        "ASK { FILTER(1<(2)) ?s ?p 1.5 . ?t ?q 1 . }",
    ],
)
def test_nothing_is_at_fault_in_brackets_that_can_be_read(query: str) -> None:
    with suppress(RuntimeError):  # a function that is not there
        Store().query(query)
    assert find_fault(query, len(query)) is None
    assert all(of_calls(query, tokens(query), end) is None for end in range(len(query)))


def test_brackets_are_looked_at_in_linear_time() -> None:
    for query in (
        "ASK { FILTER(" + "STR(" * 8000 + ")" * 8000 + ") }",
        "ASK {" + " VALUES (?a ?b) { (1 2) (1" * 4000,
    ):
        begun = time.process_time()
        of_calls(query, tokens(query), len(query))
        assert time.process_time() - begun < 2


def test_quotation_marks_of_prose_are_named() -> None:
    error = refused("SELECT * { ?s ?p “a” }")
    assert (error.near, error.instead, str(error)[-18:]) == ("“", '"', ' “: write " there.')


def test_nothing_is_at_fault_in_queries_that_can_be_read() -> None:
    texts = {path: path.read_text(encoding="utf-8") for path in sorted(ROOT.rglob("*.rq"))}
    assert len(texts) > 300
    assert [path.name for path, text in texts.items() if find_fault(text, len(text))] == []
    assert [path.name for path, text in texts.items() if find_misused(text, len(text))] == []


SUR = "PREFIX sur: <https://w3id.org/surplace/ontology/>"
XSD = "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>"


@pytest.mark.parametrize(
    ("query", "name", "paste"),
    [
        ("SELECT * { ?s a ?c FILTER(?c = sur:State) }", "sur:State", SUR),
        ("SELECT * { ?s a ?c FILTER(?c != sur:State) }", "sur:State", SUR),
        ("SELECT * { ?s a ?c FILTER(STR(sur:State) = 'a') }", "sur:State", SUR),
        ("SELECT * { ?s a ?c FILTER(SAMETERM(?c,sur:State)) }", "sur:State", SUR),
        ("SELECT * { ?s a ?c FILTER(DATATYPE(?c) = xsd:date) }", "xsd:date", XSD),
        ("SELECT * { ?s a ?c FILTER(?c = 1 && sur:a = ?s) }", "sur:a", SUR),
        ("SELECT * { ?s :p ?o }", ":p", ""),
        ("SELECT * { ?s ?q ?o ; :p ?o }", ":p", ""),
        ("SELECT * { ?s sur:a/b ?o }", "sur:a", SUR),
        ("SELECT * { ?s sur:a/sur:b* ?o }", "sur:a", SUR),
        ("SELECT * { ?s ?p ?o } ORDER BY sur:f(?s)", "sur:f", SUR),
        ("SELECT * { ?s ?p '1'^^xsd:date }", "xsd:date", XSD),
        ("SELECT * { VALUES ?x { sur:a } }", "sur:a", SUR),
    ],
)
def test_a_prefix_that_is_missing_is_named_wherever_the_name_stands(
    query: str, name: str, paste: str
) -> None:
    error = refused(query)
    assert (error.near, error.paste) == (name, paste)
    column = query.index(name) + 1
    assert str(error).startswith(
        f'Line 1, column {column}: the prefix of "{name}" is not declared: add a line'
    )


def test_what_is_wrong_before_a_missing_prefix_is_told_first() -> None:
    assert str(refused("SELECT * { ?s ?p* ?o . ?x sur:a ?y }")).startswith(
        "Line 1, column 15: a path is made of"
    )


@pytest.mark.parametrize(
    ("query", "column", "sentence", "instead"),
    [
        (
            "SELECT (COUNT(*)) { ?s ?p ?o }",
            17,
            'what is computed needs a name: write AS ?name before this ")".',
            "",
        ),
        ("SELECT ?p (STR(?s)) { ?s ?p ?o }", 19, "what is computed needs a name", ""),
        ("SELECT * { BIND(1 + 1) }", 22, "what is computed needs a name", ""),
        ("SELECT * { { SELECT (MAX(?o)) { ?s ?p ?o } } }", 29, "what is computed needs a name", ""),
        ("SELECT (COUNT(*) ?n) { ?s ?p ?o }", 18, "what is computed is named by AS: write AS ?n.", "AS ?n"),
        (
            "SELECT * { ?s <urn:x y> ?o }",
            15,
            "the IRI <urn:x y> has a blank in it: write %20 for it, or leave it out.",
            "<urn:x%20y>",
        ),
        (
            "SELECT * { ?s <urn:{x}> ?o }",
            15,
            'the IRI <urn:{x}> has "{" in it: write %7B for it',
            "<urn:%7Bx%7D>",
        ),
        ("SELECT * { ?s <urn:p ?o FILTER(?o > 3) }", 15, 'the IRI "<urn:p" has no end: write > there.', ""),
        (
            "SELECT * { ?s <urn:p>{0} ?o }",
            22,
            'SPARQL has no "{0}" in paths: write the steps one by one, with "/", or "*", "+", "?".',
            "",
        ),
        ("SELECT * { ?s (<urn:p>/a){1,2} ?o }", 26, 'SPARQL has no "{1,2}" in paths', ""),
        (
            r'SELECT * { ?s ?p "a\q" }',
            20,
            r"a text has no escape \q: for a backslash write two, \\q.",
            r"\\q",
        ),
        (r'SELECT * { ?s ?p "\uD800" }', 19, r"\uD800 stands for no character: leave it out.", ""),
        (r'SELECT * { ?s ?p "\u12" }', 19, r"after \u come four hexadecimal digits: write them.", ""),
        (
            "SELECT * {\u00a0?s ?p ?o }",
            11,
            "the blank here is U+00A0 (no-break space): write a plain one.",
            " ",
        ),
        ("SELECT * { ?s ?p ?o\u3000}", 20, "the blank here is U+3000 (ideographic space)", " "),
        (
            "SELECT * { ?s\u200b ?p ?o }",
            14,
            "here is a character that cannot be seen, U+200B (zero width space): leave it out.",
            "",
        ),
        ("SELECT * { ?s ?p <abc }", 18, 'the IRI "<abc" has no end: write > there.', ""),
        ("SELECT * { ?s ?p <id/state/CHN . }", 18, 'the IRI "<id/state/CHN" has no end: write >', ""),
        ("SELECT * { ?s a <#x }", 17, 'the IRI "<#x" has no end: write > there.', ""),
        (
            r"SELECT (N\u004FW() AS ?n) {}",
            10,
            "a character is escaped in texts and IRIs only, and not here: write O for it.",
            "O",
        ),
        (r"SELECT \u003Fx {}", 8, "a character is escaped in texts and IRIs only", "?"),
        (r"SELECT ?\U00000078 { ?x ?p ?o }", 9, "a character is escaped in texts and IRIs only", "x"),
        (r"SELECT * { ?s ?p '\u007D' \u007D", 27, "a character is escaped in texts and IRIs only", "}"),
        ("SELECT * { ?s ?p ?o } LIMIT 1;", 30, 'no ";" ends a query or a part of it: leave it out.', ""),
        ("SELECT * { ?s ?p ?o } LIMIT 1.5", 29, "after LIMIT comes a whole number", ""),
        ("SELECT * { ?s ?p ?o } LIMIT 1 OFFSET 1e3", 38, "after OFFSET comes a whole number", ""),
        (
            "SELECT * { ?s ?p ?o } LIMIT 18446744073709551616",
            29,
            "the number after LIMIT is too large: write at most 18446744073709551615.",
            "",
        ),
        ("SELECT * { ?s _:p ?o }", 15, "a blank node is no predicate", ""),
        ("SELECT * { ?s !?p ?o }", 16, "a path is made of names, and ?p is a variable", ""),
        ("SELECT * { ?s ?p* ?o }", 15, "a path is made of names, and ?p is a variable", ""),
        ("SELECT * { ?s a/?p ?o }", 17, "a path is made of names, and ?p is a variable", ""),
        ("SELECT * { ?s ^?p ?o }", 16, "a path is made of names, and ?p is a variable", ""),
        ("SELECT * { ?s a//a ?o }", 16, 'after this "/" comes a step of the path, a name.', ""),
        ("SELECT * { ?s (a|) ?o }", 17, 'after this "|" comes a step of the path, a name.', ""),
        ("SELECT * { ?s (|a) ?o }", 16, 'before this "|" comes a step of the path, a name.', ""),
        ("SELECT * { ?s a| ?o }", 16, 'after this "|" comes a step of the path, a name.', ""),
        ("SELECT * { ?s ^ ?o }", 15, 'after this "^" comes a step of the path, a name.', ""),
        (
            'SELECT * { ?s ?p "a"@ }',
            21,
            "after @ comes the tag of a language, such as en: write it there.",
            "",
        ),
        (
            "SELECT * { ?s ?p True }",
            18,
            "this word is read in small letters only: did you mean true?",
            "true",
        ),
        ("ASK { ?s ?p ?o FILTER(?o = FALSE) }", 28, "this word is read in small letters only", "false"),
        ("SELECT * { ?s A ?o }", 15, "this word is read in small letters only: did you mean a?", "a"),
        ("SELECT * { ?s ?p ?o FILTER(?s <> 1) }", 31, "SPARQL has no sign <>: did you mean !=?", "!="),
    ],
)
def test_a_fault_is_found_where_it_is(query: str, column: int, sentence: str, instead: str) -> None:
    error = refused(query)
    assert str(error).startswith(f"Line 1, column {column}: {sentence}")
    assert (error.column, error.instead) == (column, instead)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * { ?s ^a/(a|^a)*/!(a|^a)/a? ?o }",
        "SELECT * { ?s ?p +1 , 'a'^^<urn:t> , '\\u00e9\\t' }",
        "SELECT (?a/?b*?c AS ?d) { ?s ?a ?b FILTER(!?a || EXISTS { ?s a ?c } || !BOUND(?b)) ?s a/a ?c }",
        "SELECT * { ?s ?p <> . ?s ?q (<> <>) }",
        "SELECT * { ?s ?p ?o FILTER(?o <5 && ?o<?s) << ?s ?p ?o >> ?q <id/state/CHN> }",
        "CONSTRUCT WHERE { [] a <x> ; ?p ( 1 _:b true ) {| ?q 'a' |} . } LIMIT 1",
        "SELECT * { VALUES (?x) {(1)} VALUES ?y {1 2} ?s ?p 'a\u00a0b' } # \u200b",
        "SELECT * { ?s ?p ?o {| <urn:a> 1 |} } ORDER BY (?s) LIMIT 18446744073709551615",
        "SELECT DISTINCT (1 AS ?x) ?s (STR(?s) AS ?y) { ?s a ?o BIND(IF(?o, 1, 2) AS ?z) }",
    ],
)
def test_nothing_is_at_fault_in_what_looks_alike(query: str) -> None:
    Store().query(query, base_iri="urn:base:")
    assert find_fault(query, len(query)) is None
