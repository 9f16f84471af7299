"""The closure stage: owlrl, which is slower, is the judge; and the graphs say what follows from what."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import owlrl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, parse
from rdflib import RDF, Graph, URIRef

from conftest import World
from surplace import resources
from surplace.build.axioms import Axioms
from surplace.build.closure import Closure, close, select
from surplace.build.consistency import inconsistencies
from surplace.build.entailment import read_axioms
from surplace.build.ontology import read_ontology
from surplace.build.pipeline import Inputs
from surplace.build.report import Origins
from surplace.build.sources import Sources, read_sources
from surplace.errors import SurplaceError
from surplace.namespaces import AXIOM, BASE, KNOWLEDGE, ONTOLOGY, PROVENANCE, SUR, sparql_prologue
from surplace.rdf.as_rdflib import to_rdflib

WORLD = Path(__file__).parent / "fixtures" / "world.trig"
TriplesOfOurs = set[tuple[str, str, str]]


def closed(inputs: Inputs) -> tuple[Sources, Axioms, Closure]:
    """Run the first two stages."""
    sources = read_sources([inputs.data], inputs.additions)
    ontology = read_ontology(inputs.ontology, sources.origins)
    axioms = read_axioms(ontology.terms)
    return sources, axioms, close(sources, ontology.terms, [*ontology.shapes, *ontology.alignments], axioms)


def ours(graph: Graph) -> TriplesOfOurs:
    """Keep what is said in the project's namespaces; owlrl's sameAs, owl:Thing and datatypes fall away."""
    return {
        (s.n3(), p.n3(), o.n3())
        for s, p, o in graph
        if isinstance(s, URIRef)
        and s.startswith(BASE)
        and (p.startswith(BASE) or (p == RDF.type and isinstance(o, URIRef) and o.startswith(SUR)))
    }


def judged(triples: Iterable[Quad]) -> TriplesOfOurs:
    """Return owlrl's OWL 2 RL closure of *triples*, in the project's namespaces."""
    graph = to_rdflib(triples)
    owlrl.DeductiveClosure(
        owlrl.OWLRL_Semantics, rdfs_closure=False, axiomatic_triples=False, datatype_axioms=False
    ).expand(graph)
    return ours(graph)


def default_graph(store: Store) -> list[Quad]:
    """Return the triples of the default graph."""
    return list(store.quads_for_pattern(None, None, None, DefaultGraph()))


def test_the_invented_world_closes_under_the_ontology_as_owlrl_closes_it(
    shipped: Inputs, tmp_path: Path
) -> None:
    """The shipped data take owlrl long: `tests/benchmarks/closure.py 0 0` compares what follows from them."""
    shutil.copy(WORLD, tmp_path)
    sources, _, closure = closed(Inputs(shipped.ontology, tmp_path, shipped.queries))
    # what describes terms in words takes part in no axiom, and would cost owlrl minutes
    vouched = [
        *sources.graph(PROVENANCE),
        *closure.store.quads_for_pattern(None, None, None, NamedNode(ONTOLOGY)),
    ]
    stated = [
        quad
        for quad in vouched
        if not (isinstance(quad.object, Literal) and str(quad.predicate.value).startswith("http://"))
    ]
    knowledge = [Quad(t.subject, t.predicate, t.object, DefaultGraph()) for t in sources.knowledge]
    expected = judged([*stated, *knowledge])
    found = {
        triple
        for triple in ours(to_rdflib(default_graph(closure.store)))
        if not triple[0].startswith(f"<{AXIOM}")  # the closure's own description of what it did
    }
    assert found - expected == set()
    assert expected - found == set()
    given = ours(to_rdflib([*stated, *knowledge]))
    assert given < found, "what is stated stays, and more follows"


CLASSES = [f"sur:C{number}" for number in range(4)]
PROPERTIES = [f"sur:p{number}" for number in range(4)]
THINGS = [f"state:S{number}" for number in range(4)]
a_class, a_property, a_thing = (st.sampled_from(names) for names in (CLASSES, PROPERTIES, THINGS))
an_axiom = st.one_of(
    st.builds("{} rdfs:subClassOf {} .".format, a_class, a_class),
    st.builds("{} owl:equivalentClass {} .".format, a_class, a_class),
    st.builds("{} rdfs:subPropertyOf {} .".format, a_property, a_property),
    st.builds("{} owl:equivalentProperty {} .".format, a_property, a_property),
    st.builds("{} rdfs:domain {} .".format, a_property, a_class),
    st.builds("{} rdfs:range {} .".format, a_property, a_class),
    st.builds("{} owl:inverseOf {} .".format, a_property, a_property),
    st.builds("{} a owl:TransitiveProperty .".format, a_property),
    st.builds("{} a owl:SymmetricProperty .".format, a_property),
    st.builds("{} owl:propertyChainAxiom ( {} {} ) .".format, a_property, a_property, a_property),
    st.builds(
        "{} owl:propertyChainAxiom ( {} {} {} ) .".format, a_property, a_property, a_property, a_property
    ),
    st.builds("sur:value rdfs:domain {} .".format, a_class),
)
a_fact = st.one_of(
    st.builds("{} a {} .".format, a_thing, a_class),
    st.builds("{} {} {} .".format, a_thing, a_property, a_thing),
    st.builds('{} sur:value "a text" .'.format, a_thing),
)


def parsed(text: str, graph: str) -> list[Quad]:
    """Parse Turtle, with the project's prefixes declared, into a named graph."""
    quads = parse(sparql_prologue() + text, format=RdfFormat.TURTLE)
    return [Quad(quad.subject, quad.predicate, quad.object, NamedNode(graph)) for quad in quads]


def close_texts(axioms: str, facts: str) -> Closure:
    """Close facts under axioms, both written in Turtle."""
    terms = parsed(axioms, ONTOLOGY)
    quads = parsed(facts, BASE + "source/doc/p1")
    return close(Sources(quads, {quad.triple for quad in quads}, Origins()), terms, [], read_axioms(terms))


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(an_axiom, max_size=7), st.lists(a_fact, max_size=8))
def test_any_small_graph_closes_as_owlrl_closes_it(axioms: list[str], facts: list[str]) -> None:
    closure = close_texts("\n".join(axioms), "\n".join(facts))
    expected = judged([*parsed("\n".join(axioms), ONTOLOGY), *parsed("\n".join(facts), ONTOLOGY)])
    found = ours(to_rdflib(default_graph(closure.store)))
    assert {t for t in found if not t[0].startswith(f"<{AXIOM}")} == expected


def graphs_of(store: Store, triple: str) -> set[str]:
    """Ask the one short query: which graphs state a triple of the knowledge?"""
    rows = select(store, f"{sparql_prologue()}SELECT ?g {{ GRAPH ?g {{ {triple} }} }}")
    return {row["g"].value for row in rows} - {KNOWLEDGE}


CONSENT = "<https://w3id.org/surplace/id/consent/accord/AAA>"


@pytest.mark.parametrize(
    ("triple", "axiom", "label"),
    [
        (
            f"{CONSENT} a sur:ConsentToBeBound",
            "accession-sub-class-of-consent-to-be-bound",
            "Every accession is a consent to be bound",
        ),
        (
            f"{CONSENT} a sur:Act",
            "consent-to-be-bound-sub-class-of-act",
            "Every consent to be bound is an act",
        ),
        (
            f"{CONSENT} sur:isDoneBy state:AAA",
            "is-given-by-sub-property-of-is-done-by",
            "If x is given by y, then x is done by y",
        ),
        (
            f"state:AAA sur:gives {CONSENT}",
            "gives-inverse-of-is-given-by",
            "x gives y if y is given by x",
        ),
        (
            "state:AAA sur:hasConsentedTo instrument:accord",
            "gives-then-is-given-to-sub-property-of-has-consented-to",
            "If x gives y and y is given to z, then x has consented to z",
        ),
        (
            "<https://w3id.org/surplace/id/instrument/accord/article/1/2> sur:isPartOf instrument:accord",
            "transitive-is-part-of",
            "If x is part of y and y is part of z, then x is part of z",
        ),
    ],
)
def test_the_graph_of_the_axiom_names_what_follows(
    small_world: World, triple: str, axiom: str, label: str
) -> None:
    _, _, closure = closed(small_world.inputs)
    assert graphs_of(closure.store, triple) == {AXIOM + axiom}
    rows = select(
        closure.store,
        f"{sparql_prologue()}SELECT ?label {{ GRAPH graph:provenance {{ <{AXIOM + axiom}> "
        "a sur:InferenceGraph ; skos:prefLabel ?label ; sur:appliesAxiom ?text ; sur:appliesTerm ?term } }",
    )
    assert {(row["label"].value, row["label"].language) for row in rows} == {(label, "en")}


def test_every_triple_of_the_knowledge_has_a_passage_or_an_axiom(small_world: World) -> None:
    _, _, closure = closed(small_world.inputs)
    store = closure.store
    for quad in store.quads_for_pattern(None, None, None, NamedNode(KNOWLEDGE)):
        graphs = graphs_of(store, f"{quad.subject} {quad.predicate} {quad.object}")
        assert any(graph.startswith((BASE + "source/", AXIOM)) for graph in graphs)


def test_a_derived_triple_is_put_down_to_one_axiom(small_world: World) -> None:
    _, _, closure = closed(small_world.inputs)
    derived = [
        quad.triple
        for axiom in closure.used
        for quad in closure.store.quads_for_pattern(None, None, None, NamedNode(axiom.graph))
    ]
    assert len(derived) == len(set(derived)) == closure.derived > 0


def test_what_is_concluded_about_passages_and_terms_is_no_knowledge() -> None:
    terms = parsed(
        "sur:TextPassage rdfs:subClassOf sur:Passage . sur:Harm rdfs:subClassOf sur:Idea ."
        "harm:death a sur:Harm .",
        ONTOLOGY,
    )
    records = parsed("<https://w3id.org/surplace/source/doc/p1> a sur:TextPassage .", PROVENANCE)
    closure = close(Sources(records, set(), Origins()), terms, [], read_axioms(terms))
    assert closure.derived == 2
    assert not list(closure.store.quads_for_pattern(None, None, None, NamedNode(KNOWLEDGE)))
    assert f"{NamedNode(SUR + 'Passage')}" in {str(quad.object) for quad in default_graph(closure.store)}


@pytest.mark.parametrize("does", ["excludes", "modifies", "conditions"])
def test_who_reserves_a_clause_reserves_what_it_makes_apply(does: str) -> None:
    terms = read_ontology(resources.ontology_dir(), Origins()).terms
    facts = parsed(
        f"state:R sur:{does} state:I . state:I sur:incorporates state:A . state:A1 sur:isPartOf state:A .",
        f"{BASE}source/doc/p1",
    )
    stated = Sources(facts, {quad.triple for quad in facts}, Origins())
    closure = close(stated, terms, [], read_axioms(terms))
    asked = f"{sparql_prologue()}SELECT ?what {{ state:R sur:{does} ?what }}"
    found = {row["what"].value.rpartition("/")[2] for row in select(closure.store, asked)}
    assert found == {"I", "A", "A1"}


def test_the_content_of_claims_is_not_closed() -> None:
    terms = parsed("sur:p0 rdfs:domain sur:C0 .", ONTOLOGY)
    content = parsed("state:S0 sur:p0 state:S1 .", BASE + "claim/c")
    closure = close(Sources(content, set(), Origins()), terms, [], read_axioms(terms))
    assert closure.derived == 0


def test_a_literal_gets_no_class_and_no_inverse() -> None:
    closure = close_texts(
        "sur:p0 rdfs:range sur:C0 ; owl:inverseOf sur:p1 . sur:p2 a owl:SymmetricProperty .",
        'state:S0 sur:p0 "a text" ; sur:p2 "a text" .',
    )
    assert closure.derived == 0


def test_the_same_data_give_the_same_graphs(another_world: Callable[[], World]) -> None:
    one, other = (sorted(map(str, closed(another_world().inputs)[2].store)) for _ in range(2))
    assert [line for line in one if "_:" not in line] == [line for line in other if "_:" not in line]


def test_an_inconsistency_names_classes_and_passages(small_world: World) -> None:
    (small_world.inputs.data / "disagreements.trig").unlink()
    sources, axioms, closure = closed(small_world.inputs)
    (found,) = inconsistencies(closure, axioms, sources.origins)
    assert found.message == (
        "data/documents/article.trig, data/reference/treaties.trig: id/consent/accord/AAA cannot be in two "
        "classes that exclude each other, “accession” (sur:Accession) by source/untc/I-1/AAA and "
        "“ratification” (sur:Ratification) by source/article/p1/s1: correct one of them, or reject one in a "
        "sur:Disagreement."
    )


def test_an_inconsistency_is_led_back_through_what_follows(small_world: World) -> None:
    small_world.add(
        "reference/treaties.trig",
        "GRAPH <https://w3id.org/surplace/source/untc/I-1> "
        "{ instrument:accord sur:isGivenBy instrument:pact . }",
    )
    small_world.add(
        "reference/treaties.trig",
        "GRAPH <https://w3id.org/surplace/source/untc/I-1/AAA> "
        "{ instrument:pact sur:excludes instrument:accord . }",
    )
    sources, axioms, closure = closed(small_world.inputs)
    (found,) = inconsistencies(closure, axioms, sources.origins)
    assert found.subject.endswith("instrument/pact")
    assert (
        "“act” (sur:Act) by source/untc/I-1/AAA and “agent” (sur:Agent) by source/untc/I-1:" in found.message
    )


def test_an_axiom_that_is_not_followed_is_refused() -> None:
    with pytest.raises(SurplaceError) as caught:
        read_axioms(parsed("sur:p0 a owl:FunctionalProperty .", ONTOLOGY))
    assert str(caught.value) == (
        "The ontology uses owl:FunctionalProperty (at sur:p0), which the closure does not follow: "
        "say it with another axiom, or as a shape."
    )


def test_an_article_fits_its_noun() -> None:
    terms = parsed(
        'sur:A rdfs:subClassOf sur:B ; skos:prefLabel "treaty body"@en . sur:B skos:prefLabel "UN body"@en .',
        ONTOLOGY,
    )
    assert [axiom.label for axiom in read_axioms(terms).all] == ["Every treaty body is a UN body"]
