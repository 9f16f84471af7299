"""Query files: what a header may say, which defaults the text has, and that a bound value is only a value."""

from __future__ import annotations

import time
from pathlib import Path
from typing import cast

import pytest
import rdflib
from hypothesis import example, given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from surplace.catalogue import Instance, ParameterError, Query, load_catalogue
from surplace.catalogue.asked import ask
from surplace.catalogue.called import key_of
from surplace.catalogue.header import RESERVED
from surplace.catalogue.reading import read_query
from surplace.errors import SurplaceError
from surplace.namespaces import BASE
from surplace.resources import queries_dir
from surplace.sparql.inspection import inspect
from surplace.sparql.lexer import projection, tokens, values_blocks
from surplace.sparql.rewriting import layout, paged

HEADER = """\
#+ summary: What is said
#+ tags: [test]
#+ params:
#+   text: {type: string, description: A text}
#+ columns: {text: string}
"""
BODY = 'SELECT ?text WHERE { VALUES ?text { "as it is" } }\n'
UPPER = """\
SELECT ?upper
WHERE { VALUES ?text { "as it is" } BIND(UCASE(?text) AS ?upper) } ORDER BY ?upper
"""
ALL_TYPES = """\
#+ summary: Every type
#+ params:
#+   state: {type: iri, class: sur:State, description: A state}
#+   thing: {type: iri, description: Any IRI}
#+   number: {type: integer, description: A number}
#+   share: {type: decimal, description: A share}
#+   flag: {type: boolean, description: A flag}
#+   day: {type: date, description: A day}
#+   body: {type: iri, class: sur:UnBody, description: A body or any}
#+ columns: {state: iri, thing: iri, number: integer, share: decimal, flag: boolean, day: date, body: iri}
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
PREFIX state: <https://w3id.org/surplace/id/state/>
# VALUES ?state { <urn:in-a-comment> }
SELECT ?state ?thing ?number ?share ?flag ?day ?body WHERE {
    VALUES ?state { state:CHN <https://w3id.org/surplace/id/state/PRK> }
    VALUES ?thing { <urn:a#b> } VALUES ?number { -7 } VALUES ?share { 0.5 } VALUES ?flag { true }
    VALUES ?day { "2010-09-13"^^xsd:date } VALUES ?body { UNDEF }
    FILTER("VALUES ?state { 'in a string' }" != '''VALUES ?day { "}" }''')
}
"""
CHOICES = [
    Instance(BASE + "id/state/CHN", "China"),
    Instance(BASE + "id/state/PRK", "North Korea"),
    Instance(BASE + "id/instrument/cat/article/3/1", "CAT, Article 3(1)"),
    Instance(BASE + "id/instrument/crc/article/3/1", "CRC, Article 3(1)"),
]


def read(text: str, category: str = "explore") -> Query:
    return read_query(text, "it", Path("it.rq"), category, f"{category}/it.rq")


def rows(query: str) -> list[str]:
    return [row["text"].value for row in Store().query(query)]


@pytest.fixture
def query() -> Query:
    return read(HEADER + BODY)


def test_the_catalogue_of_surplace_can_be_read_and_is_not_empty() -> None:
    catalogue = load_catalogue(queries_dir())
    assert len(catalogue.questions()) >= 15
    for found in catalogue:
        bound = found.bind({name: [] for name in found.params})
        assert bound == found.text


def test_every_shipped_query_is_sparql() -> None:
    wrong = []
    for found in load_catalogue(queries_dir()):
        try:
            Store().query(found.text)
        except SyntaxError as error:
            wrong.append(f"{found.category}/{found.name}: {error}")
    assert not wrong


def test_a_header_becomes_a_query(query: Query) -> None:
    assert (query.name, query.category, query.form, query.summary) == (
        "it",
        "explore",
        "SELECT",
        "What is said",
    )
    assert query.tags == ("test",)
    assert query.columns == {"text": "string"}
    assert query.params["text"].defaults == (Literal("as it is"),)


def test_defaults_are_read_from_the_text_and_not_from_comments_or_strings() -> None:
    params = read(ALL_TYPES).params
    assert params["state"].defaults == (NamedNode(BASE + "id/state/CHN"), NamedNode(BASE + "id/state/PRK"))
    assert params["thing"].defaults == (NamedNode("urn:a#b"),)
    assert [str(params[name].defaults[0]) for name in ("number", "share", "flag", "day")] == [
        '"-7"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '"0.5"^^<http://www.w3.org/2001/XMLSchema#decimal>',
        '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>',
        '"2010-09-13"^^<http://www.w3.org/2001/XMLSchema#date>',
    ]
    assert params["body"].optional


@pytest.mark.parametrize(
    ("header", "body", "message"),
    [
        ("#+ summary: x\n#+ colour: red\n", BODY, 'unknown key "colour": use summary'),
        (
            "#+ summary: x\n#+ params: {text: {type: string, description: d, size: 3}}\n",
            BODY,
            'unknown key "size"',
        ),
        (
            "#+ summary: x\n#+ params: {text: {type: text, description: d}}\n",
            BODY,
            'is "text": use one of iri',
        ),
        ("#+ summary: x\n#+ params: {text: {type: string}}\n", BODY, "the description of the parameter"),
        (
            "#+ summary: x\n#+ params: {text: {type: string, class: sur:State, description: d}}\n",
            BODY,
            "is no IRI",
        ),
        (
            "#+ summary: x\n#+ params: {no: {type: string, description: d}}\n#+ columns: {text: string}\n",
            BODY,
            'parameter "no" has no default in the text: write VALUES ?no',
        ),
        *(
            (
                f"#+ summary: x\n#+ params: {{{name}: {{type: string, description: d}}}}\n",
                BODY,
                f'the parameter "{name}" has a name that every question gives a meaning: rename it',
            )
            for name in RESERVED
        ),
        ("#+ summary: x\n#+ words: {open: ''}\n", BODY, "the open of words is missing or not text"),
        ("#+ summary: x\n", "DESCRIBE <urn:a>\n", "leaves open what its graph holds: write CONSTRUCT"),
        ("#+ summary: x\n", "CONSTRUCT WHERE { ?s ?p ?o }\n", "leaves open what its graph holds"),
        (
            "#+ summary: x\n#+ params: {text: {type: date, description: d}}\n#+ columns: {text: string}\n",
            BODY,
            "is not of the type date",
        ),
        (
            "#+ summary: x\n#+ by: [clause]\n#+ columns: {text: string}\n",
            BODY,
            '"by" names "clause", which is no column',
        ),
        (
            "#+ summary: x\n#+ heads: {clause: article}\n#+ columns: {text: string}\n",
            BODY,
            '"heads" names "clause", which is no column',
        ),
        (
            "#+ summary: x\n#+ columns: {text: string, other: iri}\n",
            BODY,
            '"other" is declared, not selected',
        ),
        ("#+ summary: x\n#+ columns: {}\n", BODY, '"text" is selected, not declared'),
        ("#+ summary: x\n", BODY, "the header has no columns: declare text"),
        ("#+ summary: x\n", "SELECT * WHERE { ?s ?p ?o }", "SELECT * leaves the columns open"),
        ("#+ summary: x\n#+ columns: {a: iri}\n", "ASK { ?s ?p ?o }", "a ASK query has no columns"),
        ("#+ summary: x\n#+ columns: {text: string}\n#+ message: '{who} is wrong'\n", BODY, 'names "{who}"'),
        ("#+ summary: x\n#+ severity: bad\n", BODY, 'the severity is "bad": use one of violation, warning'),
        ("#+ summary: x\n#+ group: birds\n", BODY, 'the group is "birds": use one of bound, reserved,'),
        ("#+ tags: [a]\n", BODY, "the summary in the header is missing or not text: write #+ summary: and"),
        ("#+ summary: x\n#+ summary: y\n", BODY, 'line 2: "summary" is given twice in the header: keep one'),
        (
            "#+ summary: x\n#+ columns: {text: string, text: iri}\n",
            BODY,
            'line 2: "text" is given twice in the header: keep one of the two',
        ),
        (
            "#+ summary: x\n# group: bound\n#+ columns: {text: string}\n",
            BODY,
            "line 3: this line of the header comes after its end in line 2: begin each line",
        ),
        (
            "#+ summary: x\n#+ example: {who: a}\n#+ columns: {text: string}\n",
            BODY,
            'the example has an unknown key "who": it takes none',
        ),
        ("#+ summary: a: b\n", BODY, "the header is not YAML"),
        ("#+ summary: x\n", "INSERT DATA { <urn:a> <urn:b> <urn:c> }", "there is no query here"),
        (
            "#+ summary: x\n#+ columns: {text: string}\n#+ params: {text: {type: string, description: d}}\n",
            'SELECT ?text { { VALUES ?text { "a" } } UNION { VALUES ?text { "b" } } }',
            "blocks of ?text differ",
        ),
    ],
)
def test_a_faulty_file_is_refused_with_its_name_and_the_remedy(header: str, body: str, message: str) -> None:
    with pytest.raises(SurplaceError) as caught:
        read(header + body)
    assert str(caught.value).startswith("explore/it.rq")
    assert message in str(caught.value).replace("An ", "A ")


def test_a_check_needs_a_message_and_no_columns() -> None:
    check = read("#+ summary: x\n#+ message: '{text} is wrong'\n" + BODY, "checks/data")
    assert check.is_check
    with pytest.raises(SurplaceError, match="a check needs a message"):
        read("#+ summary: x\n" + BODY, "checks/data")


def test_a_related_question_that_is_none_is_refused(tmp_path: Path) -> None:
    related = HEADER.replace("#+ summary", "#+ related: [other]\n#+ summary", 1)
    (tmp_path / "it.rq").write_text(related + BODY, encoding="utf-8")
    with pytest.raises(SurplaceError, match=r'it\.rq: related names "other", which is no query'):
        load_catalogue(tmp_path)
    (tmp_path / "other.rq").write_text(HEADER + BODY, encoding="utf-8")
    assert load_catalogue(tmp_path)["it"].related == ("other",)


def test_a_query_of_another_suffix_is_refused(tmp_path: Path) -> None:
    (tmp_path / "it.sparql").write_text(HEADER + BODY, encoding="utf-8")
    with pytest.raises(SurplaceError, match=r"/it\.sparql is not read: call it it\.rq\."):
        load_catalogue(tmp_path)


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "same.rq").write_text(HEADER + BODY, encoding="utf-8")
    with pytest.raises(SurplaceError, match=r"/b/same\.rq and .+/a/same\.rq have the same name"):
        load_catalogue(tmp_path)


def test_a_wrong_name_gets_suggestions() -> None:
    with pytest.raises(SurplaceError, match=r'no query "who-claims": did you mean who-claims-what'):
        load_catalogue(queries_dir())["who-claims"]


def test_of_a_name_that_is_too_long_the_beginning_is_repeated() -> None:
    with pytest.raises(SurplaceError) as caught:
        load_catalogue(queries_dir())["x" * 9000]
    assert str(caught.value) == f'There is no query "{"x" * 80}": ask for the list of queries.'


def test_binding_replaces_the_block_and_nothing_else(query: Query) -> None:
    assert query.bind({}) == query.text
    assert query.bind({"text": "new"}) == query.text.replace('{ "as it is" }', '{ "new" }')
    assert rows(query.bind({"text": ["one", "two"]})) == ["one", "two"]


def test_every_block_of_a_parameter_is_replaced() -> None:
    twice = read(HEADER + 'SELECT ?text { { VALUES ?text { "x" } } UNION { VALUES ?text { "x" } } }')
    assert rows(twice.bind({"text": "y"})) == ["y", "y"]


def test_a_value_that_is_given_twice_counts_once_and_any_value_is_all_of_them(query: Query) -> None:
    assert rows(query.bind({"text": ["one", "two", "one"]})) == ["one", "two"]
    read_all = read(ALL_TYPES)
    assert read_all.terms({"body": [BASE + "id/body/cat", ""]}) == {"body": (None,)}
    spelt = read_all.terms({"state": ["CHN", BASE + "id/state/CHN"]}, lambda _: CHOICES)
    assert spelt == {"state": (NamedNode(BASE + "id/state/CHN"),)}


def test_rows_tell_of_which_of_several_values_they_are() -> None:
    query = read(HEADER.replace("#+ columns: {text", "#+ columns: {upper") + UPPER)
    assert ask(query, {"text": "a"}).text == query.bind({"text": "a"})
    assert ask(query, {"text": "a"}).columns == ("upper",)
    asked = ask(query, {"text": ["a", "b"]})
    assert asked.columns == ("upper", "text")
    assert "SELECT ?upper ?text\n" in asked.text
    found = cast(QuerySolutions, Store().query(asked.text))
    assert [(row["upper"].value, row["text"].value) for row in found] == [("A", "a"), ("B", "b")]


def test_the_rows_of_each_of_several_values_stand_together() -> None:
    query = read(HEADER.replace("#+ columns: {text", "#+ columns: {upper") + UPPER)
    assert query.layout.order == ("upper",)
    asked = ask(query, {"text": ["a", "b"]})
    assert "ORDER BY ?text ?upper" in asked.text
    assert asked.apart.layout.order == ("text", "upper")
    assert asked.apart.by == ("text",)
    one = ask(query, {"text": "a"})
    assert one.apart is query
    assert "ORDER BY ?upper" in one.text


@pytest.mark.parametrize(
    ("pattern", "visible"),
    [
        ("{ VALUES ?text { 'a' } ?upper ?p ?o }", {"text", "upper", "p", "o"}),
        (
            "{ { VALUES ?text { 'a' } } UNION { ?upper ?p 1 } OPTIONAL { ?upper ?q 2 } }",
            {"text", "upper", "p", "q"},
        ),
        ("{ { SELECT ?upper { VALUES ?text { 'a' } ?upper ?p { ?text } } } }", {"upper"}),
        ("{ { SELECT ?upper WHERE { VALUES ?text { 'a' } ?upper ?p 1 } } ?upper ?q 2 }", {"upper", "q"}),
        ("{ ?upper ?q 2 FILTER NOT EXISTS { ?upper ?p ?text } MINUS { ?upper ?r ?text } }", {"upper", "q"}),
        ("{ ?upper ?q 2 } GROUP BY ?upper", set()),
    ],
)
def test_what_a_query_within_or_a_filter_binds_is_not_visible(pattern: str, visible: set[str]) -> None:
    assert layout(f"SELECT ?upper WHERE {pattern}").visible == visible


def test_values_of_each_type() -> None:
    query = read(ALL_TYPES)
    values = {
        "state": ["CHN", BASE + "id/state/PRK", "state:CHN"],
        "thing": "urn:x",
        "number": "12",
        "share": "0.25",
        "flag": "false",
        "day": "2012-02-29",
        "body": "",
    }
    found = list(Store().query(query.bind(values, lambda _class: CHOICES)))
    assert [str(row["state"]) for row in found] == [f"<{BASE}id/state/{key}>" for key in ("CHN", "PRK")]
    assert found[0]["body"] is None
    assert [found[0][name].value for name in ("thing", "number", "share", "flag", "day")] == [
        "urn:x",
        "12",
        "0.25",
        "false",
        "2012-02-29",
    ]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        (
            {"colour": "red"},
            'it has no parameter "colour": it takes state, thing, number, share, flag, day, body.',
        ),
        ({"state": "CHM"}, '"CHM" is not a value for "state": allowed are China (CHN), North Korea (PRK)'),
        (
            {"state": BASE + "id/state/XXX"},
            "allowed are China (CHN), North Korea (PRK), CAT, Article 3(1) (1)",
        ),
        ({"state": ""}, '"" is not a value for "state"'),
        ({"state": "1"}, f"give one of {CHOICES[2].iri}, {CHOICES[3].iri}."),
        ({"thing": "no iri"}, "give a full IRI."),
        ({"thing": "urn:a> ?s ?p ?o . #"}, "give a full IRI."),
        ({"number": "1.5"}, "give a whole number such as 12."),
        ({"number": "١"}, "give a whole number such as 12."),
        ({"share": "1e3"}, "give a number such as 0.5."),
        ({"flag": "yes"}, "give true or false."),
        ({"day": "2011-02-29"}, "is not a day: give a day such as 2010-09-13 or 13 September 2010."),
        ({"day": "2011-2-9"}, "is not a day: give a day such as 2010-09-13 or 13 September 2010."),
        ({"day": ["2011-01-01", "soon"]}, '"soon" is not a day'),
    ],
)
def test_a_value_that_does_not_fit_is_refused(values: dict[str, str], message: str) -> None:
    with pytest.raises(ParameterError) as caught:
        read(ALL_TYPES).bind(values, lambda _class: CHOICES)
    assert message in str(caught.value)
    assert caught.value.parameter in values


NAMED = (
    Instance(BASE + "id/state/CIV", "Côte d'Ivoire", ("Ivory Coast",)),
    Instance(BASE + "id/state/PRK", "Democratic People's Republic of Korea", ("Korea", "North Korea")),
    Instance(BASE + "id/state/KOR", "Republic of Korea", ("Korea", "South Korea")),
)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("civ", "CIV"),
        (" CIV", "CIV"),
        ("cote d’ivoire", "CIV"),
        ("IVORY  COAST", "CIV"),
        ("north korea", "PRK"),
        ("North Korea (Democratic People's Republic of Korea)", "PRK"),
        ("Republic of Korea", "KOR"),
    ],
)
def test_a_name_in_whichever_letters_stands_for_the_one_thing_that_has_it(text: str, key: str) -> None:
    bound = read(ALL_TYPES).bind({"state": text}, lambda _: NAMED)
    assert f"VALUES ?state {{ <{BASE}id/state/{key}> }}" in bound


@pytest.mark.parametrize(
    "text", ["Guinea–Bissau", "Guinea‑Bissau", "guinea-bissau", "cote d‘ivoire", "Côte d`Ivoire"]
)
def test_dashes_and_apostrophes_of_every_form_are_alike(text: str) -> None:
    known = [*NAMED, Instance(BASE + "id/state/GNB", "Guinea-Bissau")]
    bound = read(ALL_TYPES).bind({"state": text}, lambda _: known)
    assert f"<{BASE}id/state/{'GNB' if text[0] in 'Gg' else 'CIV'}>" in bound


def test_a_name_of_several_things_is_refused_with_these() -> None:
    with pytest.raises(ParameterError) as caught:
        read(ALL_TYPES).bind({"state": "korea"}, lambda _: NAMED)
    assert caught.value.allowed == (NAMED[1].iri, NAMED[2].iri)
    assert str(caught.value).startswith('"korea" fits several values of "state": give one of ')


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("Ivory Cost", "did you mean Côte d'Ivoire (CIV)? Allowed are Côte d'Ivoire (CIV), Democratic"),
        ("democratic", "did you mean Democratic People's Republic of Korea (PRK)? Allowed are"),
        ("CIW", "allowed are Côte d'Ivoire (CIV)"),  # of a code the next one is another thing
        ("of", "allowed are Côte d'Ivoire (CIV)"),
    ],
)
def test_what_is_like_a_name_or_one_of_its_words_is_answered_with_it(text: str, hint: str) -> None:
    with pytest.raises(ParameterError) as caught:
        read(ALL_TYPES).bind({"state": text}, lambda _: NAMED)
    assert f'"{text}" is not a value for "state": {hint}' in str(caught.value)


def test_all_that_does_not_fit_is_told_at_once() -> None:
    with pytest.raises(ParameterError) as caught:
        read(ALL_TYPES).bind({"state": "Narnia", "day": "32 May"}, lambda _: NAMED)
    assert caught.value.parameter == "state"
    assert '"Narnia" is not a value for "state"' in str(caught.value)
    assert '"32 May" is not a day' in str(caught.value)


def test_what_a_thing_is_found_by_stands_for_it_too() -> None:
    known = (Instance(BASE + "id/state/CIV", "Côte d'Ivoire", (), ("RCI",)),)
    assert f"<{BASE}id/state/CIV>" in read(ALL_TYPES).bind({"state": "rci"}, lambda _: known)


def test_a_longer_key_settles_which_thing_is_meant() -> None:
    bound = read(ALL_TYPES).bind({"state": "cat/article/3/1"}, lambda _class: CHOICES)
    assert f"VALUES ?state {{ <{CHOICES[2].iri}> }}" in bound


def test_without_a_release_only_iris_are_taken() -> None:
    query = read(ALL_TYPES)
    assert "VALUES ?state { <urn:any> }" in query.bind({"state": "urn:any"})
    with pytest.raises(ParameterError, match="give a full IRI"):
        query.bind({"state": "CHN"})


NASTY = st.text(st.sampled_from("\\\"'{}<>#?u0041U\n\r\t\x00\x1b \u2028é😀"), max_size=30)


@given(st.one_of(st.text(), NASTY))
@example('" } ?s ?p ?o . VALUES ?x { "')
@example("\\u0022 } ?s ?p ?o #")
@example("\\\\u0022")
@example("\x0100220022")
@example("\\")
@example("'''\"\"\"")
@example("\x00\r\n\\r\\n")
def test_a_string_is_taken_literally_by_both_engines(value: str) -> None:
    bound = read(HEADER + BODY).bind({"text": value})
    assert rows(bound) == [value]
    assert [str(row[0]) for row in rdflib.Graph().query(bound)] == [value]


@given(st.one_of(st.text(), NASTY))
@example("SERVICE } NOW() {")
@example("((((((((((((((((((((")
def test_what_is_seen_of_a_question_is_seen_of_it_with_any_value(value: str) -> None:
    asked = ask(read(HEADER + BODY), {"text": value})
    assert asked.seen == (None if "\\" in str(Literal(value)) else inspect(asked.text))


@given(st.one_of(st.text(), NASTY).map(lambda text: "urn:" + text))
def test_an_iri_is_taken_literally_or_refused(value: str) -> None:
    query = read(
        HEADER.replace("string, desc", "iri, desc") + "SELECT ?text WHERE { VALUES ?text { <urn:x> } }"
    )
    try:
        bound = query.bind({"text": value})
    except ParameterError:
        return
    assert rows(bound) == [value]


@given(st.text(st.sampled_from("VALUES ?x{}\"'\\<>#:\n.,;@^")))
def test_the_lexer_loses_no_character_and_finds_its_blocks_inside_the_text(text: str) -> None:
    found = tokens(text)
    assert all(text[token.start : token.end] == token.text for token in found)
    assert all(text[block.end - 1] == "}" for block in values_blocks(found))


@pytest.mark.parametrize("piece", ['"\\', "a.", "<", '"""', "'''\\'", ":a.", "a-", "\\", "?a<b", '"""a""'])
def test_the_lexer_takes_linear_time(piece: str) -> None:
    start = time.perf_counter()
    tokens(piece * 50_000)
    assert time.perf_counter() - start < 5


NUMBERS = """\
PREFIX x: <urn:x#>
SELECT DISTINCT ?text (?number + 1 AS ?more) ?textLabel # SELECT ?text
WHERE { VALUES (?text ?number ?textLabel) { ("LIMIT 1" 1 "a") ("}" 2 "b") ("x" 3 "c") } }
ORDER BY DESC(?number) # LIMIT 1"""


def table(text: str) -> list[list[str]]:
    return [[term.value for term in solution] for solution in Store().query(text)]


def test_a_part_of_the_rows_and_their_number_can_be_asked_for() -> None:
    assert layout(NUMBERS).pageable
    assert [row[0] for row in table(paged(NUMBERS, 2, 1))] == ["}", "LIMIT 1"]
    assert [row[0] for row in table(paged(NUMBERS, None, 2))] == ["LIMIT 1"]
    assert paged(NUMBERS, None, 0) == NUMBERS
    assert table(layout(NUMBERS).counted(NUMBERS)) == [["3"]]
    others = NUMBERS.replace("?textLabel", "?number_").replace("?more", "?number__")
    assert table(layout(others).counted(others)) == [["3"]]
    for text in (
        NUMBERS.rpartition("ORDER")[0],
        NUMBERS + "\nLIMIT 2",
        NUMBERS + "\nOFFSET 2",
        NUMBERS + "\nVALUES ?text { 'x' }",
        NUMBERS.replace("\nWHERE", "\nFROM <urn:g> WHERE"),
        "ASK { } ORDER BY ?x",
    ):
        assert not layout(text).pageable


def test_columns_can_be_left_out() -> None:
    numbers = layout(NUMBERS)
    assert table(numbers.without(NUMBERS, ["textLabel"])) == [["x", "4"], ["}", "3"], ["LIMIT 1", "2"]]
    assert numbers.without(NUMBERS, ["more", "number"]) == NUMBERS
    for query in load_catalogue(queries_dir()).questions():
        left = [name for name in query.columns if name not in query.labels]
        if query.form == "SELECT":
            assert list(read_query_columns(query.without(query.text, query.labels))) == left, query.name
            assert len(query.labels) < len(left)


def read_query_columns(text: str) -> tuple[str, ...]:
    found = projection(tokens(text))
    assert found is not None
    return found


GRAPHS = (
    "CONSTRUCT { ?s <urn:p> ?o } WHERE { VALUES (?s ?o) { (<urn:s> 1) (<urn:s> 2) } }",
    "CONSTRUCT{?s <urn:p> ?o.}{ VALUES (?s ?o) { (<urn:s> 1) (<urn:s> 2) (<urn:s> 3) } }ORDER BY ?o LIMIT 2",
    "# CONSTRUCT {\nCONSTRUCT { ?s ?predicate ?o . } # }\nWHERE { VALUES (?s ?predicate ?o) "
    "{ (<urn:s> <urn:p> 1) (<urn:s> <urn:p> 2) } FILTER('}' != ?s) } # the end",
)


@pytest.mark.parametrize("text", GRAPHS)
@pytest.mark.parametrize("value", ["plain", "} \\u0022 UNION { \\", 'a "quote"\nand a line'])
def test_a_graph_can_state_more_than_it_finds(text: str, value: str) -> None:
    subject, predicate = NamedNode("urn:answer"), NamedNode("urn:from")
    more = [(subject, predicate, Literal(value)), (subject, predicate, NamedNode("urn:release"))]
    found = {tuple(triple) for triple in Store().query(text)}
    assert len(found) == 2
    assert {tuple(triple) for triple in Store().query(layout(text).stating(text, more))} == {*found, *more}
    by_other = rdflib.Graph().query(layout(text).stating(text, more)).graph
    assert by_other is not None
    assert {str(term) for term in by_other.objects(rdflib.URIRef("urn:answer"))} == {value, "urn:release"}
    assert len(by_other) == 4


def test_rows_state_nothing_more() -> None:
    assert (
        layout(NUMBERS).stating(NUMBERS, [(NamedNode("urn:a"), NamedNode("urn:b"), Literal("c"))]) == NUMBERS
    )


def test_an_address_has_all_values_in_full_and_in_one_order() -> None:
    query = read(ALL_TYPES)
    asked = ask(query, {"day": "2011-01-02", "state": ["PRK", "CHN", "PRK"]}, lambda _: CHOICES)
    path = f"queries/it?state={BASE}id/state/CHN&state={BASE}id/state/PRK&thing=urn:a%23b&number=-7"
    assert asked.path == f"{path}&share=0.5&flag=true&day=2011-01-02"
    assert ask(query, {"body": ""}).path == ask(query, {}).path
    assert asked.text == query.bind({"day": "2011-01-02", "state": ["PRK", "CHN", "PRK"]}, lambda _: CHOICES)


def test_a_key_stands_for_one_thing_where_no_other_has_it() -> None:
    one, other, alike = (Instance(BASE + path, "") for path in ("id/a/x", "id/b/y", "id/c/y"))
    assert key_of(one.iri, [one, other, alike]) == "x"
    assert key_of(other.iri, [one, other, alike]) == other.iri
    assert key_of(other.iri, [one, other]) == "y"
    assert key_of(BASE + "id/d/z", [one]) == BASE + "id/d/z"
