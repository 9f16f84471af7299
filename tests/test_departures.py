"""Each difference from SPARQL 1.1 on the page is real, and a query that shows a sign of one is told so."""

from __future__ import annotations

import pytest
from pyoxigraph import QuerySolutions, RdfFormat, Store

from surplace.sparql.departures import REFUSED, Departure, Rows, data, departures, signs_of
from surplace.sparql.evaluation import evaluate

XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.fixture(scope="module")
def store() -> Store:
    filled = Store()
    filled.load(data().encode(), format=RdfFormat.TRIG)
    return filled


def answer(store: Store, query: str) -> Rows | str:
    try:
        found = evaluate(store, query)
    except SyntaxError:
        return REFUSED
    assert isinstance(found, QuerySolutions)
    return [[None if term is None else turtle(str(term)) for term in row] for row in found]


def turtle(term: str) -> str:
    return term.replace(f"<{XSD}", "xsd:").rstrip(">") if f"<{XSD}" in term else term


@pytest.mark.parametrize("departure", departures(), ids=lambda each: each.name)
def test_answers_are_as_the_page_says(store: Store, departure: Departure) -> None:
    assert answer(store, departure.query) == departure.here
    assert departure.here != departure.standard


@pytest.mark.parametrize(
    "departure",
    [
        pytest.param(each, marks=pytest.mark.xfail(strict=True, reason=each.title), id=each.name)
        for each in departures()
        if each.standard is not None
    ],
)
def test_the_standard_asks_for_another_answer(store: Store, departure: Departure) -> None:
    assert answer(store, departure.query) == departure.standard, "still so: it stays on the page"


@pytest.mark.parametrize("departure", departures(), ids=lambda each: each.name)
def test_its_own_query_shows_the_signs_that_it_has(departure: Departure) -> None:
    shown = departure in signs_of(departure.query)
    assert shown == bool(departure.sign or departure.sign_in)


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("SELECT * { ?s <a>|<b> ?o }", ["path-alternative"]),
        ("SELECT * { ?s (^<a>|<b>)+ ?o # |\n }", ["path-alternative"]),
        ("SELECT * { ?s !(<a>|<b>) ?o FILTER(?o = 1 || '|' = ?o) }", []),
        ("SELECT * { ?s !(^<a>|^<b>) ?o }", []),
        ("SELECT * { ?s ! ( a | ^skos:broader ) ?o }", ["negated-set-both-ways"]),
        ("SELECT * { ?s !(^<a>|^<b>|a)|<c> ?o }", ["path-alternative", "negated-set-both-ways"]),
        ("SELECT * { ?s ?p ?o FILTER(!(?o = 'x'^^xsd:token || '|' = ?o)) }", []),
        ("SELECT (?d + 'P1D'^^xsd:dayTimeDuration AS ?x) {}", ["date-plus-duration"]),
        ("SELECT (?a + ?b AS ?x) { ?s <duration> ?b }", ["date-plus-duration"]),
        ("SELECT (?d - '+P1D'^^xsd:dayTimeDuration AS ?x) {}", []),
        ("SELECT * { ?s ?p ?o {| ?a ?b |} }", []),
        ("SELECT (BNODE() AS ?b) {}", []),
        (f"SELECT * {{ ?s <a>|<b> ?o }} # {'long' * 2048}", []),
        ("SELECT (bnode (?x) AS ?b) {}", ["blank-node-by-label"]),
        ("SELECT * { GRAPH ?g { {SELECT DISTINCT ?p { ?s ?p ?o }} ?p a ?t } }", ["subquery-below-graph"]),
        (
            "SELECT * { GRAPH $g { ?s ?p ?o FILTER EXISTS {SELECT ?s {?s <q> ?l}} } }",
            ["subquery-below-graph"],
        ),
        ("SELECT * { GRAPH <g> { SELECT ?s { ?s ?p ?o } } }", []),
        ("SELECT * { GRAPH ?g { ?s ?p ?o } { SELECT ?s {?s <q> ?l} } }", []),
        ("SELECT * { GRAPH <g> { {VALUES (?x ?y) {(1 2) (UNDEF 3)} } } }", ["values-alone-below-graph"]),
        ("SELECT * { GRAPH ?g { VALUES ?x {1} ?x ?p ?o } }", []),
        ("SELECT * { ?s ?p ?o FILTER(!?o) }", ["truth-of-texts-with-a-language"]),
        ("SELECT (!?o AS ?x) { ?s ?p ?o }", ["truth-of-texts-with-a-language"]),
        ("SELECT * { ?s (!<a>)+ ?o . ?o !<b> ?x }", []),
        ("SELECT * { ?s ?p ?o FILTER(BOUND(?s) && ?o) }", ["truth-of-texts-with-a-language"]),
        ("SELECT * { ?s ?p ?o FILTER(BOUND(?s) && !BOUND(?o) && ?s != ?o || ?o = 1) }", []),
        (r"SELECT (REGEX(?o, '[a&&b]\\s') AS ?x) { ?s ?p ?o }", ["regex-blanks", "regex-intersection"]),
        (r"SELECT * { ?s ?p ?o FILTER(?o = '\\1') }", []),
        (
            r"SELECT * { ?s ?p ?o FILTER regex(?o, '(a)\\1[a-z-[y]]') }",
            ["regex-back-reference", "regex-subtraction"],
        ),
        (r"SELECT (REPLACE(?o, '\\w', '|') AS ?x) { ?s ?p ?o }", ["regex-word-characters"]),
        ("SELECT * { <n> skos:broader* ?x }", ["path-of-length-zero"]),
        ("SELECT * { ?x (a/^skos:broader?) <n> }", ["path-of-length-zero"]),
        ("SELECT * { sur:State ^a/<b>* ?x . ?x ?p ?o }", ["path-of-length-zero"]),
        ("SELECT * { ?x a/<b>* sur:State }", ["path-of-length-zero"]),
        ("SELECT * { ?x <b>? 'lit' }", ["path-of-length-zero"]),
        ("SELECT * { ?x (<a>/<b>*) 5 }", ["path-of-length-zero"]),
        ('SELECT * { "lit"@en <b>* ?x . "5"^^xsd:byte <c> ?x }', ["path-of-length-zero"]),
        ('SELECT (?a * 5 AS ?x) { ?s <p> ?a , "b" ; <q>* ?c FILTER(?a* "5"^^xsd:byte > 2) }', []),
        ("SELECT * { ?x a sur:State ; <b>* ?y }", []),
        ("SELECT * { ?x skos:broader* ?y FILTER(?y = <n>) }", []),
        ("SELECT * { <n> skos:broader+ ?x FILTER(?x*2 > 3 && 3* 4 = ?x) }", []),
        ("SELECT (?a * ?b AS ?x) { <n> <p> ?a ; <q> ?b }", []),
        ("SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?x) AS ?m) (COUNT( ?x ) AS ?o) { ?x ?p ?o }", []),
        ("SELECT (COUNT(DISTINCT STR(?x)) AS ?n) { ?x ?p ?o }", ["count-of-errors"]),
        ("SELECT (MAX(?x) AS ?m) { ?s ?p ?o OPTIONAL { ?s <p> ?x } }", ["aggregate-of-unbound"]),
        ("SELECT (MAX(?x) AS ?m) { ?s <p> ?x }", []),
        ("SELECT ?x { ?s ?p ?o OPTIONAL { ?s <p> ?x } }", []),
        (
            "SELECT (GROUP_CONCAT(DISTINCT ?x; SEPARATOR=',') AS ?m) { ?s <p> ?x }",
            ["texts-only-in-group-concat"],
        ),
        ("SELECT (GROUP_CONCAT(STR(?x)) AS ?m) { ?s <p> ?x }", []),
        ("SELECT * { ?s <p> ?x FILTER(?x >= true) }", ["order-of-truth-values"]),
        ("SELECT * { ?s <p> ?x FILTER(?x = true && ?y < 3) }", []),
        ("SELECT (xsd:string(?x) AS ?y) { ?s <p> ?x }", ["cast-of-large-numbers"]),
        ("SELECT * { ?s <p> ?x FILTER regex(?x, 'a b', 'ix') }", ["regex-flag-x"]),
        ("SELECT * { ?s <p> ?x FILTER regex(?x, 'ax', 'i') }", []),
        ("SELECT (REPLACE(?o, 'a', 'x') AS ?x) { ?s ?p ?o }", []),
        ("SELECT (REPLACE('x', 'x', ?o) AS ?x) { ?s ?p ?o }", []),
        ("SELECT (REPLACE(CONCAT('x', ?o), 'x', 'x', 'x') AS ?x) { ?s ?p ?o }", ["regex-flag-x"]),
        ("SELECT (REGEX(?o, ?r, ?f) AS ?x) { VALUES (?r ?f) { ('a#b' 'xi') } ?s ?p ?o }", ["regex-flag-x"]),
        ("SELECT * { ?s ?p ?o FILTER(REGEX(?o, 'a') && ?p = 'x' && ?s = '(?i)a') }", []),
        ("SELECT (REPLACE(?o, '(a)', '$1x') AS ?x) { ?s ?p ?o }", ["replace-group"]),
        ("SELECT (REPLACE(?o, '(a)', '$1 x') AS ?x) { ?s ?p ?o }", []),
        ("SELECT (REPLACE(?o, '(a)', '${1}x') AS ?x) { ?s ?p ?o }", ["replace-dollar"]),
        (r"SELECT (REPLACE(?o, '(a)', '\\$1') AS ?x) { ?s ?p ?o }", ["replace-escape"]),
        ("SELECT (REPLACE(?o, 'ab?', '') AS ?x) { ?s ?p ?o }", []),
        ("SELECT (REPLACE(?o, '^ *| +$', '') AS ?x) { ?s ?p ?o }", ["replace-nothing"]),
        ("SELECT (REPLACE(REPLACE(?o, 'a', 'b'), '[ab]*', '') AS ?x) { ?s ?p ?o }", ["replace-nothing"]),
        ("SELECT (REGEX(?o, '[ab]*') AS ?x) { ?s ?p ?o }", []),
        (r"SELECT * { ?s <p> ?x FILTER regex(?x, '^(?:a|b)\\d[+]\\.c') }", []),
        (r"SELECT * { ?s <p> ?x FILTER regex(?x, '\\bno\\b') }", ["regex-more-syntax"]),
        ("SELECT * { ?s <p> ?x FILTER regex(?x, '(?i)no') }", ["regex-more-syntax"]),
    ],
)
def test_signs_are_seen_where_they_mean_it(query: str, names: list[str]) -> None:
    assert [each.name for each in signs_of(query)] == names
