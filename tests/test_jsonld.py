"""JSON-LD says what the triples say, shortened by the context that it carries."""

from __future__ import annotations

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import BaseDirection, BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse

from surplace.namespaces import PREFIXES, XSD
from surplace.rdf.formats import FORMATS
from surplace.rdf.writing import graph_bytes

STATE = NamedNode(PREFIXES["state"] + "CHN")
DIRECTIONS = (BaseDirection.LTR, BaseDirection.RTL)
IRIS = st.sampled_from(
    [
        STATE,
        NamedNode(PREFIXES["sur"] + "hasIsoCode"),
        NamedNode(PREFIXES["source"] + "report/p2/s3"),
        NamedNode(PREFIXES["state"]),
        NamedNode(PREFIXES["state"] + "//x"),
        NamedNode("claim:envoy"),
        NamedNode("state:CHN"),
        NamedNode("urn:x"),
        NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
    ]
)
LITERALS = st.one_of(
    st.builds(Literal, st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=6)),
    st.builds(Literal, st.just("x"), language=st.sampled_from(["en", "en-gb"])),
    st.builds(Literal, st.just("x"), language=st.just("ar"), direction=st.sampled_from(list(DIRECTIONS))),
    *(
        st.builds(Literal, st.sampled_from(texts), datatype=st.just(NamedNode(XSD + kind)))
        for kind, texts in {
            "integer": ["0", "-7", "999999999999999", "9999999999999999", "07"],
            "boolean": ["true", "false", "1"],
            "decimal": ["1.5"],
            "double": ["1.0E0", "INF"],
            "date": ["2010-09-13"],
        }.items()
    ),
    st.builds(Literal, st.just("x"), datatype=st.just(NamedNode("rule:kind"))),
)
NODES = st.one_of(IRIS, st.builds(BlankNode, st.sampled_from(["a", "b"])))


@settings(max_examples=150)
@given(st.lists(st.builds(Triple, NODES, IRIS, st.one_of(NODES, LITERALS)), max_size=6))
def test_what_is_written_is_read_back(triples: list[Triple]) -> None:
    data = graph_bytes(triples, FORMATS["jsonld"])
    read = {quad.triple for quad in parse(data, format=RdfFormat.JSON_LD)}
    assert {str(triple) for triple in read} == {str(triple) for triple in triples}


def test_names_are_shortened_by_the_context() -> None:
    about = [
        Triple(STATE, NamedNode(PREFIXES["rdf"] + "type"), NamedNode(PREFIXES["sur"] + "State")),
        Triple(STATE, NamedNode(PREFIXES["sur"] + "hasIsoCode"), Literal("CHN")),
        Triple(STATE, NamedNode(PREFIXES["skos"] + "prefLabel"), Literal("China", language="en")),
        Triple(STATE, NamedNode("urn:p"), Literal("2010-09-13", datatype=NamedNode(XSD + "date"))),
    ]
    made = json.loads(graph_bytes(about, FORMATS["jsonld"]))
    assert made["@context"] == PREFIXES
    assert made["@graph"] == [
        {
            "@id": "state:CHN",
            "@type": ["sur:State"],
            "sur:hasIsoCode": ["CHN"],
            "skos:prefLabel": [{"@value": "China", "@language": "en"}],
            "urn:p": [{"@value": "2010-09-13", "@type": "xsd:date"}],
        }
    ]


def test_an_iri_that_looks_shortened_stays_what_it_is() -> None:
    about = [Triple(NamedNode("claim:envoy"), NamedNode("urn:p"), STATE)]
    data = graph_bytes(about, FORMATS["jsonld"])
    assert json.loads(data)["@graph"] == [
        {"@context": {"claim": None}, "@id": "claim:envoy", "urn:p": [{"@id": STATE.value}]}
    ]
    assert [quad.triple for quad in parse(data, format=RdfFormat.JSON_LD)] == about


@pytest.mark.parametrize("items", [[], [Quad(STATE, STATE, STATE).triple]])
def test_it_is_json_however_little_there_is(items: list[Triple]) -> None:
    assert len(json.loads(graph_bytes(items, FORMATS["jsonld"]))["@graph"]) == len(items)
