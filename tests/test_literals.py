"""What the store would change, and a day with a time zone, is refused by file and line."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from conftest import World, sentences
from surplace.build.pipeline import Inputs, checked
from surplace.build.report import BuildStopped, Report
from surplace.namespaces import XSD, sparql_prologue

PASSAGE = "GRAPH <https://w3id.org/surplace/source/surplace/states> {\n"
LINES = sparql_prologue().count("\n")
FILE = "data/more.trig, line {}: the store would turn "

CHANGED = {
    '"194"^^xsd:unsignedLong': "the xsd:integer 194: write 194 instead.",
    '"194"^^ xsd:unsignedLong': "the xsd:integer 194: write 194 instead.",
    '"01"^^<http://www.w3.org/2001/XMLSchema#integer>': "the xsd:integer 1: write 1 instead.",
    "+1": "the xsd:integer 1: write 1 instead.",
    "007": "the xsd:integer 7: write 7 instead.",
    "1.50": "the xsd:decimal 1.5: write 1.5 instead.",
    "1.0": 'the xsd:decimal 1: write "1"^^xsd:decimal instead.',
    "1.5e3": 'the xsd:double 1500: write "1500"^^xsd:double instead.',
    '"nan"^^xsd:double': 'the xsd:double NaN: write "NaN"^^xsd:double instead.',
    '"16777217"^^xsd:float': 'the xsd:float 16777216: write "16777216"^^xsd:float instead.',
    '"1"^^xsd:boolean': "the xsd:boolean true: write true instead.",
    '"2010-09-13T24:00:00"^^xsd:dateTime': "the xsd:dateTime 2010-09-14T00:00:00: "
    'write "2010-09-14T00:00:00"^^xsd:dateTime instead.',
    '"2010-09-13T00:00:00Z"^^xsd:dateTimeStamp': "the xsd:dateTime 2010-09-13T00:00:00Z: "
    'write "2010-09-13T00:00:00Z"^^xsd:dateTime instead.',
    '"P1Y0M"^^xsd:duration': 'the xsd:duration P1Y: write "P1Y"^^xsd:duration instead.',
    "'''P0D'''^^xsd:dayTimeDuration": "the xsd:dayTimeDuration PT0S: "
    'write "PT0S"^^xsd:dayTimeDuration instead.',
    r'"1"^^<http://www.w3.org/2001/XMLSchema\u0023int>': "the xsd:integer 1: write 1 instead.",
    r'"\u0030\u0031"^^xsd:integer': "the xsd:integer 1: write 1 instead.",
}
ZONED = {
    '"2015-03-14Z"^^xsd:date': 'day without a time zone, "2015-03-14"^^xsd:date.',
    '"2015-03-15+00:00"^^xsd:date': 'day without a time zone, "2015-03-15"^^xsd:date.',
    '"2015-03-14+02:00"^^<http://www.w3.org/2001/XMLSchema#date>': "day without a time zone, "
    '"2015-03-14"^^xsd:date.',
    '"2015-03-05:00"^^xsd:gYearMonth': 'month without a time zone, "2015-03"^^xsd:gYearMonth.',
    '"--03Z"^^xsd:gMonth': 'month without a time zone, "--03"^^xsd:gMonth.',
    '"--03-14-05:00"^^xsd:gMonthDay': 'day without a time zone, "--03-14"^^xsd:gMonthDay.',
    '"---14+14:00"^^xsd:gDay': 'day without a time zone, "---14"^^xsd:gDay.',
    "'2015Z'^^xsd:gYear": 'year without a time zone, "2015"^^xsd:gYear.',
}
MISDATED = {
    '"2011-02-30"^^xsd:date': "day of the calendar: correct it.",
    '"2100-02-29"^^xsd:date': "day of the calendar: correct it.",
    '"2011-13-01"^^xsd:date': "day of the calendar: correct it.",
    '"30 May 2011"^^xsd:date': "day of the calendar: correct it.",
    '"2011"^^xsd:date': 'day, but a year: write "2011"^^xsd:gYear.',
    '"2011-05"^^xsd:date': 'day, but a month: write "2011-05"^^xsd:gYearMonth.',
    '"2011-05-01"^^xsd:gYear': 'year, but a day: write "2011-05-01"^^xsd:date.',
    '"2011-00"^^xsd:gYearMonth': "month of the calendar: correct it.",
    '"11"^^xsd:gYear': "year of the calendar: correct it.",
}
KEPT = [
    *(
        Literal(value, datatype=NamedNode(XSD + name))
        for name, values in {
            "integer": ["194", "-1", "99999999999999999999", "many"],
            "decimal": ["1.5", "1"],
            "double": ["NaN", "INF", "-0", "0.1"],
            "boolean": ["true", "false", "TRUE"],
            "date": ["2010-09-13", "2012-02-29", "0999-01-01"],
            "dateTime": ["2010-09-13T10:00:00Z", "2010-09-13T10:00:00.5+02:00"],
            "gYear": ["2010", "-0044"],
            "gYearMonth": ["2010-09"],
            "duration": ["P1Y", "PT0S"],
            "anyURI": ["http://example.org/%7e"],
        }.items()
        for value in values
    ),
    Literal("a", language="en-gb"),
    Literal("1.50"),
]


def refused(inputs: Inputs) -> list[str]:
    """Return the sentences that stop the build."""
    with pytest.raises(BuildStopped) as caught:
        checked(inputs, Report())
    return sentences(caught.value)


def test_what_the_store_would_change_is_refused(small_world: World) -> None:
    values = " ,\n".join(CHANGED)
    small_world.add("more.trig", f"{PASSAGE}state:AAA sur:hasPartyCount\n{values} .\n}}\n")
    assert sorted(refused(small_world.inputs)) == sorted(
        FILE.format(line) + f"{written.replace(' ', '')} into {CHANGED[written]}"
        for line, written in enumerate(CHANGED, LINES + 3)
    )


def test_a_day_with_a_time_zone_is_refused(small_world: World) -> None:
    values = " ,\n".join(ZONED)
    small_world.add("more.trig", f"{PASSAGE}state:AAA sur:hasPartyCount\n{values} .\n}}\n")
    found = [sentence for sentence in refused(small_world.inputs) if "zone" in sentence]
    assert sorted(found) == sorted(
        f"data/more.trig, line {line}: {written} has a time zone: write the {ZONED[written]}"
        for line, written in enumerate(ZONED, LINES + 3)
    )


def test_what_is_no_day_of_the_calendar_is_refused(small_world: World) -> None:
    values = " ,\n".join(MISDATED)
    small_world.add("more.trig", f"{PASSAGE}state:AAA sur:hasPartyCount\n{values} .\n}}\n")
    assert sorted(refused(small_world.inputs)) == sorted(
        f"data/more.trig, line {line}: {written} is no {MISDATED[written]}"
        for line, written in enumerate(MISDATED, LINES + 3)
    )


def test_what_the_store_keeps_is_taken(small_world: World) -> None:
    terms = " ,\n".join(str(term) for term in KEPT)
    small_world.add("more.trig", f"{PASSAGE}state:AAA sur:hasPartyCount {terms} . }}\n")
    kept = {quad.object for quad in checked(small_world.inputs, Report()).store}
    assert set(KEPT) <= kept


def test_the_store_on_disk_keeps_the_same(tmp_path: Path) -> None:
    node = NamedNode("urn:x")
    path = str(tmp_path / "store")
    store = Store(path)
    store.bulk_extend(Quad(node, node, term) for term in KEPT)
    store.flush()
    del store
    assert {quad.object for quad in Store.read_only(path)} == set(KEPT)


def test_each_place_is_named(small_world: World) -> None:
    odd = r"<a:\u0062> sur:a state:o\'clock ."
    more = 'state:AAA sur:a "01", 01 ; sur:b 1, 02 .\nstate:BBB sur:a (01) .'
    small_world.add("more.trig", f"{PASSAGE}# 01 in a comment\n{odd}\n{more}\n}}\n")
    found = [sentence for sentence in refused(small_world.inputs) if "the store" in sentence]
    assert found == [
        FILE.format(LINES + 4) + "01 into the xsd:integer 1: write 1 instead.",
        FILE.format(LINES + 5) + "01 into the xsd:integer 1: write 1 instead.",
        FILE.format(LINES + 4) + "02 into the xsd:integer 2: write 2 instead.",
    ]


def test_an_additional_folder_is_read_alike(small_world: World, tmp_path: Path) -> None:
    extra = tmp_path / "extra"
    extra.mkdir()
    (extra / "more.ttl").write_text("<http://e/s> <http://e/p> 1.50 .\n", encoding="utf-8")
    inputs = small_world.inputs
    assert refused(Inputs(inputs.ontology, inputs.data, inputs.queries, [extra])) == [
        f"{extra}/more.ttl, line 1: the store would turn 1.50 into the xsd:decimal 1.5: write 1.5 instead."
    ]


@pytest.mark.parametrize("name", ["modules/all.ttl", "shapes/all.ttl", "vocabularies/status.ttl"])
def test_the_ontology_is_read_alike(small_world: World, name: str) -> None:
    path = small_world.inputs.ontology / name
    before = path.read_text(encoding="utf-8")
    path.write_text(f'{before}shape:S sh:minCount "1"^^xsd:int .\n', encoding="utf-8")
    line = before.count("\n") + 1
    assert refused(small_world.inputs) == [
        f'ontology/{name}, line {line}: the store would turn "1"^^xsd:int into the xsd:integer 1: '
        "write 1 instead."
    ]


def test_the_default_of_a_question_is_read_alike(small_world: World) -> None:
    query = """#+ summary: Which consents were given on a day?
#+ params:
#+   day: {type: date, description: The day}
#+ columns: {consent: iri}
PREFIX sur: <https://w3id.org/surplace/ontology/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
SELECT ?consent WHERE {
    VALUES ?day { "1982-09-24+00:00"^^xsd:date }
    ?consent sur:isDepositedOn ?day .
}
"""
    path = small_world.inputs.queries / "records/on-a-day.rq"
    path.parent.mkdir()
    path.write_text(query, encoding="utf-8")
    assert refused(small_world.inputs) == [
        'queries/records/on-a-day.rq, line 8: "1982-09-24+00:00"^^xsd:date has a time zone: write the day '
        'without a time zone, "1982-09-24"^^xsd:date.'
    ]
