"""What is seen of a query without parsing it: whether its answer varies, and what cannot be hidden."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from surplace.sparql import inspection
from surplace.sparql.inspection import inspect, varies

EVALUATE = """
import json, sys
from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions, RdfFormat, Store
store = Store.read_only(sys.argv[1])
answers = []
for query in json.load(sys.stdin):
    found = store.query(query)
    rows = isinstance(found, QuerySolutions | QueryBoolean)
    data = found.serialize(format=QueryResultsFormat.JSON if rows else RdfFormat.N_TRIPLES)
    answers.append(data.decode())
json.dump(answers, sys.stdout)
"""

VARYING = (
    "SELECT (NOW() AS ?x) {}",
    "select (nOw() as ?x) {}",
    "SELECT (RAND() AS ?x) {}",
    "SELECT (UUID() AS ?x) {}",
    "SELECT (STRUUID() AS ?x) {}",
    "SELECT (BNODE() AS ?x) {}",
    "SELECT ?x { BIND(RAND# a comment\n() AS ?x) }",
    "SELECT ((1<2&&STRLEN(STR(RAND()))>0) AS ?y) (STRUUID() AS ?x) {}",
    "CONSTRUCT { _:a <urn:p> 1 } {}",
    "CONSTRUCT { [] <urn:p> 1 } {}",
    "CONSTRUCT { <urn:s> <urn:p> [ <urn:p> 1 ] } {}",
    "CONSTRUCT { <urn:s> <urn:p> ( 1 2 ) } {}",
    "PREFIX x: <urn:now(a)> CONSTRUCT { <urn:s> <urn:p> _:a } {}",
    "CONSTRUCT { << <urn:s> <urn:p> 1 >> <urn:p> 2 } {}",
    "CONSTRUCT { <urn:s> <urn:p> 1 {| <urn:p> 2 |} } {}",
    "CONSTRUCT { <urn:s> <urn:p> 1 ~ } {}",
    "CONSTRUCT WHERE { _:a <urn:n> 1 }",
)
"""One for each way in which an answer is another at each evaluation."""

FUNCTIONS = (
    "STR(1)",
    "LANG('a'@en)",
    "LANGMATCHES('en', '*')",
    "DATATYPE(1)",
    "IRI('urn:a')",
    "URI('urn:a')",
    "ABS(-1)",
    "CEIL(1.5)",
    "FLOOR(1.5)",
    "ROUND(1.5)",
    "CONCAT('a', 'b')",
    "STRLEN('a')",
    "UCASE('a')",
    "LCASE('A')",
    "ENCODE_FOR_URI('é')",
    "CONTAINS('ab', 'a')",
    "STRSTARTS('ab', 'a')",
    "STRENDS('ab', 'b')",
    "STRBEFORE('ab', 'b')",
    "STRAFTER('ab', 'a')",
    "YEAR(?day)",
    "MONTH(?day)",
    "DAY(?day)",
    "HOURS(?day)",
    "MINUTES(?day)",
    "SECONDS(?day)",
    "TIMEZONE(?day)",
    "TZ(?day)",
    "MD5('a')",
    "SHA1('a')",
    "SHA256('a')",
    "SHA384('a')",
    "SHA512('a')",
    "COALESCE(?unbound, 1)",
    "IF(true, 1, 2)",
    "STRLANG('a', 'en')",
    "STRDT('a', <urn:t>)",
    "SAMETERM(1, 1)",
    "ISIRI(<urn:a>)",
    "ISURI(<urn:a>)",
    "ISBLANK(1)",
    "ISLITERAL(1)",
    "ISNUMERIC(1)",
    "SUBSTR('abc', 2)",
    "REPLACE('abc', 'b', 'x')",
    "REGEX('abc', 'b')",
    "BOUND(?day)",
    "EXISTS { ?s ?p ?o }",
    "NOT EXISTS { ?s ?p ?o }",
    "TRIPLE(<urn:s>, <urn:p>, 1)",
    "SUBJECT(TRIPLE(<urn:s>, <urn:p>, 1))",
    "PREDICATE(TRIPLE(<urn:s>, <urn:p>, 1))",
    "OBJECT(TRIPLE(<urn:s>, <urn:p>, 1))",
    "ISTRIPLE(1)",
    "LANGDIR('a')",
    "HASLANG('a')",
    "HASLANGDIR('a')",
    "STRLANGDIR('a', 'en', 'ltr')",
)
"""A call of every function of the grammar that is not said to vary."""
AGGREGATES = (
    "COUNT(?o)",
    "SUM(?o)",
    "MIN(?o)",
    "MAX(?o)",
    "AVG(?o)",
    "SAMPLE(?o)",
    "GROUP_CONCAT(?o)",
)
DAY = "BIND('2010-09-13T10:11:12Z'^^<http://www.w3.org/2001/XMLSchema#dateTime> AS ?day)"
STABLE = (
    *(f"SELECT ({call} AS ?x) {{ {DAY} }}" for call in FUNCTIONS),
    *(f"SELECT ?s ({call} AS ?x) {{ ?s ?p ?o }} GROUP BY ?s" for call in AGGREGATES),
    "SELECT * { ?s ?p ?o }",
    "SELECT DISTINCT ?p ?o { ?s ?p ?o }",
    "SELECT * { ?s <urn:p>* ?o }",
    "SELECT * { ?s <urn:b> [] }",
    "SELECT ?now { ?now <urn:n> 1 FILTER(STR(?now) != 'NOW()') } # RAND()",
    "PREFIX now: <urn:> SELECT * { ?s now:UUID ?o }",
    "ASK { ?s ?p ?o }",
    "DESCRIBE <urn:s1>",
    "CONSTRUCT { ?s ?p ?o } { ?s ?p ?o . ?s <urn:b> [] }",
    "CONSTRUCT WHERE { ?s <urn:b> ?o }",
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    held = Store(folder)
    names = {name: NamedNode(f"urn:{name}") for name in ("p", "n", "b")}
    for number in range(100):
        subject = NamedNode(f"urn:s{number}")
        held.add(Quad(subject, names["n"], Literal(number % 7)))
        held.add(Quad(subject, names["p"], NamedNode(f"urn:s{number * 7 % 100}")))
        held.add(Quad(subject, names["b"], BlankNode()))
    held.flush()
    return folder


def evaluated(store: Path, queries: tuple[str, ...]) -> list[str]:
    """Evaluate queries in a process of their own."""
    done = subprocess.run(
        [sys.executable, "-c", EVALUATE, str(store)],
        input=json.dumps(queries),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    answers: list[str] = json.loads(done.stdout)
    return answers


def test_what_is_said_to_vary_does_and_what_is_not_does_not(store: Path) -> None:
    first, second = (evaluated(store, (*VARYING, *STABLE)) for _ in range(2))
    differing = [
        query for query, *both in zip((*VARYING, *STABLE), first, second, strict=True) if both[0] != both[1]
    ]
    assert differing == list(VARYING)
    assert [query for query in (*VARYING, *STABLE) if varies(query)] == list(VARYING)


def test_the_functions_of_the_grammar_are_all_looked_at() -> None:
    assert varies("SELECT (BNODE('a') AS ?x) {}")  # which happens to be the same, and need not be
    calls = {call.partition("(")[0] for call in (*FUNCTIONS, *AGGREGATES)}
    assert len(calls | inspection.VARYING) == len(FUNCTIONS) + len(AGGREGATES) + 5


@pytest.mark.parametrize("word", [r"\u004eOW", r"R\U00000041ND", r"\u0075uid"])
def test_a_word_in_escapes_is_seen_for_engines_that_resolve_them_first(word: str) -> None:
    assert varies(f"SELECT ({word}() AS ?x) {{}}")


@pytest.mark.parametrize(
    "query",
    [
        "ASK { FILTER(1<NOW()#>\n) }",
        "ASK { FILTER(1<2&&(2)<RAND()#>\n) }",
        "ASK { FILTER(1<RAND#>\n()) }",
        r"ASK { FILTER('\u0027#' = '' || RAND() < 1) }",
        r"ASK { FILTER(<urn:\u0061#b> = '\u0027#' || RAND() < 1) }",
    ],
)
def test_a_function_behind_a_sign_an_escape_or_a_comment_counts(query: str) -> None:
    assert isinstance(Store().query(query).__bool__(), bool)
    assert varies(query)


@pytest.mark.parametrize(
    ("query", "depth"),
    [
        ("ASK {}", 1),
        ("ASK { ( [ } ] )", 3),
        ("ASK { << ?s ?p <<( ?s ?p ?o )>> >> ?p ?o {| ?p ?o |} }", 4),
        ("ASK { ?s ?p '((((' . <urn:((((> ?p ?o } # ((((", 5),
        ("ASK { <urn:(a)> ?p <urn:(b)> }", 2),
        ("ASK { FILTER(1<((2>1)<((2>1))))}", 5),
        (")))) ASK {}", 1),
    ],
)
def test_brackets_are_counted_where_they_may_be_some(query: str, depth: int) -> None:
    assert inspect(query).depth == depth


PIECES = [
    "a ",
    "1 ",
    "{}",
    "(",
    "<<",
    "!",
    "[] ",
    "\\u0041",
    '"',
    "<",
    ":a.",
    "a-",
    "'''\\'",
    "?a<b",
    "<(>",
    "_:a ",
]


@pytest.mark.parametrize("piece", PIECES)
def test_a_query_is_looked_at_in_linear_time(piece: str) -> None:
    begun = time.process_time()
    inspect(piece * (100_000 // len(piece)))
    assert time.process_time() - begun < 0.3


def test_what_was_seen_of_long_queries_is_not_kept() -> None:
    inspection._kept.cache_clear()
    for number in range(100):
        inspect(f"ASK {{}} # {number}")
        inspect(f"ASK {{}} # {number}".ljust(inspection.KEPT))
    assert inspection._kept.cache_info().currsize == 32
    assert inspection._kept.cache_info().misses == 100
