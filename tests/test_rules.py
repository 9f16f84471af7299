"""Each rule of ontology/rules concludes exactly what its example expects, and nothing from a counterexample.

The examples of a rule lie in tests/rules/<name>/, all of one invented world: `positive.trig` holds the facts
that the rule needs as they would stand in the store (the default graph, and named graphs where the rule reads
some), `expected.ttl` what it concludes from them, whole, and `negative.trig` the same world, or the part that
one branch of the rule reads, with one fact changed, so that nothing follows; its first line says which.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, Triple, parse

from surplace.build.ontology import read_ontology
from surplace.build.report import Origins
from surplace.namespaces import RDF, SUR, VOCAB
from surplace.resources import data_dir, ontology_dir
from surplace.rules.rule import Rule
from surplace.rules.running import run_rules
from two_engines import Engines, project_rules

EXAMPLES = Path(__file__).parent / "rules"
PARTS = ("expected.ttl", "negative.trig", "positive.trig")


@cache
def rules() -> dict[str, Rule]:
    """Return all rules by name."""
    return {rule.name: rule for rule in project_rules()}


NAMES = sorted(rules())


def quads(name: str, part: str) -> list[Quad]:
    """Read a file of an example."""
    path = EXAMPLES / name / part
    return list(parse(path.read_bytes(), format=RdfFormat.from_extension(path.suffix[1:])))


def triples(name: str, part: str) -> set[Triple]:
    """Read a file of an example, whatever the graphs."""
    return {quad.triple for quad in quads(name, part)}


def world(name: str, part: str) -> Store:
    """Load an example."""
    store = Store()
    store.bulk_extend(quads(name, part))
    return store


def lines(found: set[Triple]) -> list[str]:
    """Write triples so that a difference can be read."""
    return sorted(str(triple) for triple in found)


def test_there_are_rules() -> None:
    assert len(NAMES) >= 67


def test_every_rule_has_its_examples_and_every_example_its_rule() -> None:
    files = {path.relative_to(EXAMPLES).as_posix() for path in EXAMPLES.rglob("*") if path.is_file()}
    assert files == {f"{name}/{part}" for name in NAMES for part in PARTS}


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_concludes_exactly_what_its_example_expects(name: str) -> None:
    rule = rules()[name]
    store = world(name, "positive.trig")
    run_rules(store, [rule])
    concluded = {quad.triple for quad in store.quads_for_pattern(None, None, None, NamedNode(rule.iri))}
    assert lines(concluded) == lines(triples(name, "expected.ttl"))
    assert all(Quad(t.subject, t.predicate, t.object, DefaultGraph()) in store for t in concluded)


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_concludes_nothing_from_its_counterexample(name: str) -> None:
    store = world(name, "negative.trig")
    assert run_rules(store, [rules()[name]]) == {name: 0}
    assert set(store) == set(quads(name, "negative.trig"))


@pytest.mark.parametrize("name", NAMES)
def test_the_other_engine_concludes_the_same(name: str) -> None:
    engines = Engines(world(name, "positive.trig"))
    assert engines.rdflib(rules()[name].text) == engines.oxigraph(rules()[name].text)


@pytest.mark.parametrize("name", NAMES)
def test_a_counterexample_says_which_one_fact_makes_the_difference(name: str) -> None:
    text = (EXAMPLES / name / "negative.trig").read_text(encoding="utf-8")
    assert text.startswith("# ")
    assert text.split("\n", 1)[0].endswith((".", ".)"))
    positive, negative = triples(name, "positive.trig"), triples(name, "negative.trig")
    graphs = [{quad.graph_name for quad in quads(name, part)} for part in ("positive.trig", "negative.trig")]
    new = negative - positive
    assert len(new) <= 1, lines(new)
    assert new or positive - negative or graphs[0] != graphs[1]


@cache
def terms() -> set[str]:
    """Return the IRIs of all classes, properties and concepts."""
    found = read_ontology(ontology_dir(), Origins()).terms
    return {quad.subject.value for quad in found if isinstance(quad.subject, NamedNode)}


@pytest.mark.parametrize("name", NAMES)
def test_examples_use_terms_that_the_ontology_defines(name: str) -> None:
    terms_of_all = (term for part in PARTS for triple in triples(name, part) for term in triple)
    used = {term.value for term in terms_of_all if isinstance(term, NamedNode)}
    assert {iri for iri in used if iri.startswith((SUR, VOCAB))} <= terms()


@cache
def known_things() -> set[str]:
    """Return what the real data and the texts of treaties describe."""
    return {
        quad.subject.value
        for path in data_dir().rglob("*.trig")
        for quad in parse(path.read_bytes(), format=RdfFormat.TRIG)
        if isinstance(quad.subject, NamedNode) and quad.predicate.value == RDF + "type"
    }


@pytest.mark.parametrize("name", NAMES)
def test_examples_are_about_an_invented_world(name: str) -> None:
    subjects = (triple.subject for part in PARTS for triple in triples(name, part))
    assert {subject.value for subject in subjects if isinstance(subject, NamedNode)} & known_things() == set()
