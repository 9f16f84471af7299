"""What editors and programs that write queries ask first, in their own words, is in the default graph."""

from __future__ import annotations

from pyoxigraph import Store

from surplace.build.closure import select
from surplace.namespaces import BASE, PREFIXES
from two_engines import questions

PROLOGUE = """
PREFIX sh: <http://www.w3.org/ns/shacl#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX void: <http://rdfs.org/ns/void#>
PREFIX void-ext: <http://ldf.fi/void-ext#>
"""
EXAMPLES = """
SELECT DISTINCT ?sq ?comment ?query
WHERE {
    ?sq a sh:SPARQLExecutable ; rdfs:comment ?comment ; sh:select|sh:ask|sh:construct|sh:describe ?query .
} ORDER BY ?sq
"""
NAMESPACES = """
SELECT DISTINCT ?prefix ?namespace
WHERE { [] sh:namespace ?namespace ; sh:prefix ?prefix }
ORDER BY ?prefix
"""
PARTS = """
SELECT DISTINCT ?subjectClass ?prop ?objectClass ?objectDatatype
WHERE {
  {
    ?cp void:class ?subjectClass ; void:propertyPartition ?pp .
    ?pp void:property ?prop .
    OPTIONAL {
      { ?pp void:classPartition [ void:class ?objectClass ] }
      UNION { ?pp void-ext:datatypePartition [ void-ext:datatype ?objectDatatype ] }
    }
  } UNION {
    ?linkset void:subjectsTarget [ void:class ?subjectClass ] ; void:linkPredicate ?prop ;
      void:objectsTarget [ void:class ?objectClass ] .
  }
}
"""
COUNTED = """
SELECT ?class ?prop ?triples WHERE {
  ?part void:class ?class ; void:propertyPartition [ void:property ?prop ; void:triples ?triples ]
}
"""
HELD = "SELECT ?class ?prop (COUNT(*) AS ?triples) WHERE { ?s a ?class ; ?prop ?o } GROUP BY ?class ?prop"


def rows(store: Store, query: str) -> list[tuple[str, ...]]:
    found = select(store, PROLOGUE + query)
    return [tuple(term.value if term is not None else "" for term in row) for row in found]


def test_the_questions_are_found_with_their_prefixes(real_store: Store) -> None:
    expected = [(query.iri, query.summary, query.body) for query in questions()]
    assert rows(real_store, EXAMPLES) == sorted(expected)
    found = dict(rows(real_store, NAMESPACES))
    assert found == PREFIXES


def test_the_endpoint_is_found(real_store: Store) -> None:
    assert rows(real_store, "SELECT * { ?dataset void:sparqlEndpoint ?endpoint }") == [
        (f"{BASE}dataset", f"{BASE}sparql")
    ]


def test_classes_are_found_with_their_properties_and_values(real_store: Store) -> None:
    found = set(rows(real_store, PARTS))
    assert len(found) > 1000
    sur = f"{BASE}ontology/"
    assert (f"{sur}State", f"{sur}hasIsoCode", "", "") in found
    assert (f"{sur}Agent", f"{sur}hasIsoCode", "", "") in found
    assert (f"{sur}ConsentToBeBound", f"{sur}isGivenBy", f"{sur}State", "") in found
    assert (f"{sur}ConsentToBeBound", f"{sur}isGivenBy", f"{sur}Agent", "") not in found  # it is above that


def test_as_many_are_stated_as_there_are(real_store: Store) -> None:
    assert sorted(rows(real_store, COUNTED)) == sorted(rows(real_store, HELD))
