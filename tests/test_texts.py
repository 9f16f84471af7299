"""Texts of rules, questions, checks and constraints: a misspelt name or variable stops the build."""

from __future__ import annotations

from pathlib import Path

import pytest
from rdflib.namespace import OWL, PROV, RDF, RDFS, SH, SKOS, XSD
from rdflib.term import URIRef

from conftest import World
from surplace.build.pipeline import checked
from surplace.build.report import BuildStopped, Report
from surplace.errors import SurplaceError
from surplace.resources import ontology_dir, queries_dir
from surplace.sparql.lexer import tokens
from surplace.sparql.naming import names_in
from surplace.sparql.variables import never_given, without_value

RULE = """#+ summary: A rule
#+ source: instrument:vclt
#+ stratum: 1
PREFIX sur: <https://w3id.org/surplace/ontology/>
CONSTRUCT { ?act sur:affects ?other . }
WHERE {
    ?act a sur:Reservation ;
        sur:excludes ?other .
}
"""
QUESTION = """#+ summary: Which acts are there
#+ columns: {act: iri, day: date}
PREFIX sur: <https://w3id.org/surplace/ontology/>
SELECT ?act ?day
WHERE {
    ?act a sur:Accession .
    OPTIONAL { ?act sur:isDepositedOn ?day . }
    FILTER NOT EXISTS { ?act sur:affects ?nothing . }
}
ORDER BY ?day
"""
FILES = {
    "ontology/rules/a-rule.rq": RULE,
    "queries/explore/which-acts.rq": QUESTION,
}


@pytest.fixture
def world(small_world: World) -> World:
    """Return the small world with a rule and a question."""
    for name, text in FILES.items():
        path = place(small_world, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return small_world


def place(world: World, name: str) -> Path:
    """Return the path of a file of a world."""
    folder, _, rest = name.partition("/")
    return {
        "data": world.inputs.data,
        "ontology": world.inputs.ontology,
        "queries": world.inputs.queries,
    }[folder] / rest


def test_texts_in_order_pass(world: World) -> None:
    checked(world.inputs, Report())


@pytest.mark.parametrize(
    ("name", "old", "new", "sentence"),
    [
        (
            "ontology/rules/a-rule.rq",
            "sur:Reservation ",
            "sur:Reservaton ",
            "line 7: sur:Reservaton is defined nowhere: did you mean sur:Reservation?",
        ),
        (
            "ontology/rules/a-rule.rq",
            "sur:affects",
            "sur:xyz",
            "line 5: sur:xyz is defined nowhere: correct the name, or define it in ontology/.",
        ),
        (
            "ontology/rules/a-rule.rq",
            "sur:affects ?other",
            "sur:affects ?othr",
            "line 5: nothing gives ?othr a value: correct its name, or call it ?none if none is meant.",
        ),
        (
            "ontology/rules/a-rule.rq",
            "sur:excludes ?other .",
            "sur:affects ?thing . FILTER NOT EXISTS { ?act sur:excludes ?other }",
            "line 5: nothing gives ?other a value: correct its name, or call it ?none if none is meant.",
        ),
        (
            "queries/explore/which-acts.rq",
            "sur:Accession",
            "sur:Acession",
            "line 6: sur:Acession is defined nowhere: did you mean sur:Accession?",
        ),
        (
            "queries/explore/which-acts.rq",
            "ontology/>",
            "ontology#>",
            "line 3: the prefix sur: stands for <https://w3id.org/surplace/ontology#>: "
            "write <https://w3id.org/surplace/ontology/>, as everywhere.",
        ),
        (
            "queries/explore/which-acts.rq",
            "sur:Accession",
            "<http://w3id.org/surplace/ontology/Accession>",
            "line 6: <http://w3id.org/surplace/ontology/Accession> is defined nowhere: "
            "did you mean sur:Accession?",
        ),
        (
            "queries/explore/which-acts.rq",
            "    OPTIONAL {",
            "    GRAPH <https://w3id.org/surplace/graph/knowlege> { ?act ?p ?o }\n    OPTIONAL {",
            "line 7: <https://w3id.org/surplace/graph/knowlege> is defined nowhere: "
            "did you mean graph:knowledge?",
        ),
        (
            "queries/explore/which-acts.rq",
            "?day . }",
            "?dy . }",
            "line 4: nothing gives ?day a value: correct its name, or call it ?none if none is meant.",
        ),
        (
            "queries/explore/which-acts.rq",
            "ORDER BY",
            "ORDR BY",
            'line 10, column 1: SPARQL has no word "ORDR": did you mean ORDER?',
        ),
        (
            "queries/explore/which-acts.rq",
            "ORDER BY ?day",
            "ORDER BY ?day }",
            'line 10, column 15: this "}" closes nothing: leave it out.',
        ),
        (
            "queries/explore/which-acts.rq",
            "?act a sur:Accession .",
            "SERVICE <http://example.org/> { ?act a sur:Accession }",
            "line 6: SERVICE is not offered here: ask the other endpoint yourself and join the answers.",
        ),
        (
            "queries/checks/data/treaty-without-party.rq",
            "sur:isGivenTo",
            "sur:isGivenTwo",
            "line 7: sur:isGivenTwo is defined nowhere: did you mean sur:isGivenTo?",
        ),
        (
            "ontology/shapes/all.ttl",
            "ontology/isMadeUpon",
            "ontology/isMadUpon",
            "line 106: <https://w3id.org/surplace/ontology/isMadUpon> is defined nowhere: "
            "did you mean sur:isMadeUpon?",
        ),
        (
            "ontology/rules/a-rule.rq",
            "?act a sur:Reservation ;",
            "?act a sur:Reservation ; <http://www.w3.org/2004/02/skos/core#prefLabl> ?named ;",
            "line 7: <http://www.w3.org/2004/02/skos/core#prefLabl> is no name of its vocabulary: "
            "did you mean skos:prefLabel?",
        ),
        (
            "ontology/shapes/all.ttl",
            "sh:minCount 1",
            "sh:minCuont 1",
            "line 99: sh:minCuont is no name of its vocabulary: did you mean sh:minCount?",
        ),
        (
            "ontology/shapes/all.ttl",
            "sh:targetClass",
            "sh:targetClas",
            "line 95: sh:targetClas is no name of its vocabulary: did you mean sh:targetClass?",
        ),
        (
            "ontology/shapes/all.ttl",
            "xsd:date",
            "xsd:dat",
            "line 96: xsd:dat is no name of its vocabulary: did you mean xsd:date?",
        ),
        (
            "ontology/shapes/all.ttl",
            "sh:property shape:ClaimSpeaker",
            "sh:property shape:ClaimSpeker",
            "line 98: shape:ClaimSpeker is defined nowhere: did you mean shape:ClaimSpeaker?",
        ),
        (
            "ontology/shapes/all.ttl",
            "sh:minCount 1",
            "sh:closed true",
            "line 99: shape:ClaimSpeaker uses sh:closed beside sh:path, which is not compiled to SPARQL: "
            "say it with another constraint.",
        ),
        (
            "ontology/modules/all.ttl",
            "rdfs:range",
            "rdfs:rang",
            "line 103: rdfs:rang is no name of its vocabulary: did you mean rdfs:range?",
        ),
        (
            "data/documents/article.trig",
            " a sur:Claim ",
            " a sur:claim ",
            "line 100: sur:claim is defined nowhere: did you mean sur:Claim?",
        ),
        (
            "data/reference/treaties.trig",
            "sur:isGivenTo",
            "sur:isGivnTo",
            "line 109: sur:isGivnTo is defined nowhere: did you mean sur:isGivenTo?",
        ),
        (
            "data/reference/treaties.trig",
            "^^xsd:date",
            "^^xsd:dat",
            "line 109: xsd:dat is no name of its vocabulary: did you mean xsd:date?",
        ),
    ],
)
def test_what_is_misspelt_is_named_with_its_line(
    world: World, name: str, old: str, new: str, sentence: str
) -> None:
    path = place(world, name)
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(BuildStopped) as caught:
        checked(world.inputs, Report())
    assert [fault.message for fault in caught.value.violations] == [f"{name}, {sentence}"]


@pytest.mark.parametrize(
    ("name", "old", "new", "place_of_it"),
    [
        (
            "queries/explore/which-acts.rq",
            "#+ columns",
            "#+ params:\n#+   who: {type: iri, class: sur:Stat, description: Who}\n#+ columns",
            "queries/explore/which-acts.rq, line 3",
        ),
        (
            "ontology/modules/all.ttl",
            "rdfs:range xsd:date ;",
            "rdfs:range xsd:date ; rdfs:seeAlso sur:Stat ;",
            "ontology/modules/all.ttl, line {}",
        ),
    ],
)
def test_only_the_file_that_uses_a_name_is_blamed_for_it(
    world: World, name: str, old: str, new: str, place_of_it: str
) -> None:
    path = place(world, name)
    question = QUESTION.replace(
        "WHERE {", "WHERE {\n    VALUES ?who { UNDEF }\n    ?act sur:isGivenBy ?who .", 1
    )
    place(world, "queries/explore/which-acts.rq").write_text(question, encoding="utf-8")
    text = path.read_text(encoding="utf-8")
    assert old in text
    changed = text.replace(old, new, 1)
    path.write_text(changed, encoding="utf-8")
    check = queries_dir() / "checks/ontology/undefined-term.rq"
    place(world, "queries/checks/data/undefined-term.rq").write_text(check.read_text(encoding="utf-8"))
    with pytest.raises(BuildStopped) as caught:
        checked(world.inputs, Report())
    line = changed[: changed.index("sur:Stat ")].count("\n") + 1 if "{}" in place_of_it else 0
    (fault,) = [fault for fault in caught.value.violations if "sur:Stat " in fault.message]
    assert fault.message.startswith(f"{place_of_it.format(line)}: sur:Stat is used (in graph:")


@pytest.mark.parametrize(
    ("stated", "said"),
    [
        (
            "state:AAA sur:mentions state:AAB",
            "state:AAB is described nowhere: correct the name, or describe it.",
        ),
        (
            "state:AAA sur:mentions instrument:acord",
            "instrument:acord is described nowhere: did you mean instrument:accord?",
        ),
    ],
)
def test_a_thing_that_data_name_and_none_describes_stops_the_build(
    world: World, stated: str, said: str
) -> None:
    path = world.inputs.data / "documents/article.trig"
    text = path.read_text(encoding="utf-8").replace("p1/s1> {", f"p1/s1> {{\n{stated} .", 1)
    path.write_text(text, encoding="utf-8")
    line = text[: text.index(stated)].count("\n") + 1
    with pytest.raises(BuildStopped) as caught:
        checked(world.inputs, Report())
    assert [fault.message for fault in caught.value.violations] == [
        f"data/documents/article.trig, line {line}: {said}"
    ]


@pytest.mark.parametrize(
    "wrong", ["http://w3id.org/surplace/ontology/", "https://w3id.org/surplace/ontology#"]
)
def test_a_wrong_prefix_of_data_is_one_sentence(world: World, wrong: str) -> None:
    path = world.inputs.data / "documents/article.trig"
    right = "https://w3id.org/surplace/ontology/"
    path.write_text(path.read_text(encoding="utf-8").replace(f"<{right}>", f"<{wrong}>", 1), encoding="utf-8")
    with pytest.raises(BuildStopped) as caught:
        checked(world.inputs, Report())
    assert [fault.message for fault in caught.value.violations] == [
        f"data/documents/article.trig, line 1: the prefix sur: stands for <{wrong}>: write <{right}>, "
        "as everywhere."
    ]


ASKED = """#+ summary: Which acts of one state are there
#+ params:
#+   who: {type: iri, class: sur:State, description: Who acts}
#+   which: {type: iri, description: Which act}
#+   since: {type: date, description: From when on}
#+ example: {who: AAA, since: 1982-09-24}
#+ columns: {act: iri}
PREFIX sur: <https://w3id.org/surplace/ontology/>
SELECT ?act
WHERE {
    VALUES ?who { <https://w3id.org/surplace/id/state/AAA> }
    VALUES ?which { UNDEF }
    VALUES ?since { UNDEF }
    ?act sur:isGivenBy ?who ; sur:isDepositedOn ?day .
    FILTER(COALESCE(?act = ?which, true) && COALESCE(?day >= ?since, true))
}
ORDER BY ?act
"""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("", "", ""),
        ("{who: AAA,", '{who: "state:AAA",', ""),
        ("{who: AAA,", "{who: Aland,", ""),
        (
            "{who: AAA,",
            "{who: AAX,",
            'line 6: the example gives "who" the value "AAX", which is no sur:State here: '
            "name one by its key or label.",
        ),
        (
            "{who: AAA,",
            '{who: "state:AAX",',
            'line 6: the example gives "who" the value "state:AAX", which is no sur:State here: '
            "name one by its key or label.",
        ),
        (
            "{who: AAA,",
            '{which: "instrument:acord",',
            'line 6: the example gives "which" a thing that is not here: instrument:acord is described '
            "nowhere: did you mean instrument:accord?",
        ),
        (
            "since: 1982-09-24",
            "since: 1982-09-31",
            'line 6: the example gives "since" what it does not take: ',
        ),
        (
            "state/AAA>",
            "state/AAX>",
            "line 11: <https://w3id.org/surplace/id/state/AAX> is described nowhere: correct the name, "
            "or describe it.",
        ),
    ],
)
def test_what_a_question_asks_for_is_there(world: World, old: str, new: str, said: str) -> None:
    path = place(world, "queries/explore/which-acts.rq")
    assert old in ASKED
    path.write_text(ASKED.replace(old, new, 1), encoding="utf-8")
    if not said:
        checked(world.inputs, Report())
        return
    with pytest.raises(BuildStopped) as caught:
        checked(world.inputs, Report())
    (fault,) = [fault.message for fault in caught.value.violations]
    assert fault.startswith(f"queries/explore/which-acts.rq, {said}")


def test_a_default_whose_prefix_is_not_declared_is_told_so(world: World) -> None:
    path = place(world, "queries/explore/which-acts.rq")
    text = QUESTION.replace(
        "WHERE {", "WHERE {\n    VALUES ?who { state:AAA }\n    ?act sur:isGivenBy ?who .", 1
    )
    header = "#+ params:\n#+   who: {type: iri, description: Who acts}\n"
    path.write_text(header + text, encoding="utf-8")
    with pytest.raises(
        SurplaceError, match=r"queries/explore/which-acts\.rq, line 8, column 19: the prefix of"
    ):
        checked(world.inputs, Report())


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("SELECT ?a { ?a ?b ?c }", []),
        ("SELECT ?x { ?a ?b ?c }", ["x"]),
        ("SELECT ?a { ?a ?b ?c } ORDER BY ?x", ["x"]),
        ("SELECT ?x { SELECT ?a { ?a ?b ?x } }", ["x"]),
        ("SELECT ?a { ?a ?b ?c } # { ?x }", []),
        ("SELECT ?a ?d { ?a ?b ?c FILTER NOT EXISTS { ?a ?b ?d } }", ["d"]),
        ("SELECT ?a ?d { ?a ?b ?c MINUS { ?a ?b ?d } }", ["d"]),
        ("SELECT * { ?a ?b ?c FILTER(?c > ?d) }", ["d"]),
        ("SELECT (COUNT(?a) AS ?n) { ?a ?b ?c } GROUP BY ?b HAVING(?n > ?m)", ["m"]),
        ("SELECT ?y { ?a ?b ?c } GROUP BY (STR(?b) AS ?y)", []),
        ("SELECT ?n { { SELECT (MAX(?c) AS ?n) { ?a ?b ?c } } }", []),
        ("SELECT ?c { { SELECT (MAX(?c) AS ?n) { ?a ?b ?c } } }", ["c"]),
        ("SELECT ?v { ?a ?b ?c } VALUES ?v { 1 }", []),
        ("CONSTRUCT { ?a ?b ?d } WHERE { ?a ?b ?c MINUS { ?a ?c ?d } }", ["d"]),
        ("CONSTRUCT { ?a ?b ?d } WHERE { ?a ?b ?c BIND(?c AS ?d) }", []),
        ("CONSTRUCT { ?a ?b ?d } WHERE { ?a ?b ?c { ?a ?c ?d } UNION { GRAPH ?d { } } }", []),
        ("ASK { ?a ?b ?c FILTER EXISTS { ?a ?b ?d FILTER(?d > ?c) } }", []),
    ],
)
def test_variables_to_which_nothing_gives_a_value(query: str, names: list[str]) -> None:
    assert [token.text[1:] for token in never_given(tokens(query))] == names
    assert [token.text[1:] for token in without_value(query)] == names


def test_texts_name_what_the_standards_define() -> None:
    known = (RDF, RDFS, OWL, SKOS, XSD, SH, PROV)
    wrong = [
        f"{path.name}: {name.token.text}"
        for folder in (ontology_dir() / "rules", queries_dir())
        for path in sorted(folder.rglob("*.rq"))
        for name in names_in(tokens(path.read_text(encoding="utf-8")))
        for space in known
        if name.iri.startswith(str(space)) and name.iri != str(space) and URIRef(name.iri) not in space
    ]
    assert wrong == []
