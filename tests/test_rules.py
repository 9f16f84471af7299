"""Each rule of ontology/rules concludes exactly what its world expects, and less, exactly, in each case.

The world of a rule lies in tests/rules/<name>.yaml, in the form of `worlds.py`: the facts that the rule needs
as they would stand in the store (the default graph, and named graphs where the rule reads some), and under
`concludes` all that it concludes from them. Each case changes one fact, so that something no longer follows:
`loses` is `everything`, the names of what nothing is concluded of any more, or single statements. Further
worlds follow from that of the file, as `variants.py` tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, QuerySolutions, RdfFormat, Store, Triple, parse

import variants
from surplace.build.ontology import read_ontology
from surplace.build.report import Origins
from surplace.engine.limits import Limits
from surplace.namespaces import RDF, SKOS, SUR, VOCAB
from surplace.rdf.terms import in_graph
from surplace.resources import data_dir, ontology_dir
from surplace.rules.rule import Rule
from surplace.rules.running import run_rules
from surplace.words.english import a
from two_engines import Engines, project_rules
from worlds import Change, Worlds, compare, read_quads, read_world, stored

FOLDER = Path(__file__).parent / "rules"
EVERYTHING = "everything"
FEW = replace(Limits(), rule_rounds=3, rule_growth=1)
"""A rule that reads what it concludes comes to its end soon in a world in small."""


@cache
def rules() -> dict[str, Rule]:
    """Return all rules by name."""
    return {rule.name: rule for rule in project_rules()}


@cache
def worlds() -> Worlds:
    """Return the world of each rule by its name."""
    keys = ("concludes", *variants.KEYS)
    found = {path.stem: read_world(path, keys, ("loses", "unless")) for path in sorted(FOLDER.glob("*.yaml"))}
    return Worlds(found, "tests/rules/{}.yaml", "ontology/rules/README.md")


NAMES = sorted(rules())
CASES = [
    pytest.param(name, case, id=f"{name}: {case.name}")
    for name, world in worlds().items()
    for case in world.cases
]


def concluded(name: str, quads: frozenset[Quad]) -> list[str]:
    """Run a rule on some quads; return its conclusions, a line each; it may change nothing else."""
    rule = rules()[name]
    store = stored(quads)
    run_rules(store, [rule])
    found = {quad.triple for quad in store.quads_for_pattern(None, None, None, NamedNode(rule.iri))}
    places = (NamedNode(rule.iri), DefaultGraph())
    assert set(store) == quads | {in_graph(triple, place) for triple in found for place in places}
    return lines(found)


def expected(name: str) -> set[Triple]:
    """Return what a rule concludes from its world."""
    world = worlds()[name]
    return {quad.triple for quad in read_quads(world.outcome["concludes"], f"{world.where} concludes:")}


def lost(name: str, case: Change) -> set[Triple]:
    """Return which of these conclusions do not follow in a case."""
    text = case.outcome["loses"].strip()
    if text == EVERYTHING:
        return expected(name)
    if text.endswith(" ."):
        return {quad.triple for quad in read_quads(text, f"{case.where} loses:")}
    names = read_quads(f"{text.replace(chr(10), ' a [] . ')} a [] .", f"{case.where} loses:")
    subjects = {quad.subject for quad in names}
    return {triple for triple in expected(name) if triple.subject in subjects}


def follows(rule: Rule, quads: frozenset[Quad]) -> frozenset[Triple]:
    """Return what a rule concludes from some quads; of a rule that reads what it concludes, in the end."""
    store = stored(quads)
    run_rules(store, [rule], limits=FEW)
    return frozenset(quad.triple for quad in store.quads_for_pattern(None, None, None, NamedNode(rule.iri)))


def lines(found: Iterable[Triple]) -> list[str]:
    """Write triples so that a difference can be read."""
    return sorted(str(triple) for triple in found)


def test_there_are_rules() -> None:
    assert len(NAMES) >= 67


def test_every_rule_has_its_world_and_every_world_its_rule() -> None:
    files = {path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*")}
    assert files <= {f"{name}.yaml" for name in NAMES}
    assert all(worlds()[name].cases for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_rule_concludes_exactly_what_its_world_expects(name: str) -> None:
    assert expected(name)
    compare(worlds()[name].where, concluded(name, worlds()[name].quads), lines(expected(name)))


@pytest.mark.parametrize(("name", "case"), CASES)
def test_a_rule_loses_exactly_what_a_case_expects(name: str, case: Change) -> None:
    assert lost(name, case) <= expected(name)
    assert lost(name, case), f"{case.where} loses nothing: say what no longer follows"
    compare(case.where, concluded(name, worlds()[name].after(case)), lines(expected(name) - lost(name, case)))


@pytest.mark.parametrize("name", NAMES)
def test_each_fact_is_needed_that_is_not_beside_the_point(name: str) -> None:
    """So no condition of a rule is met by a world whatever it says."""
    world, rule, everything = worlds()[name], rules()[name], frozenset(expected(name))
    idle = {fact for fact, less in variants.one_less(world) if follows(rule, less) == everything}
    unlisted = variants.written(idle - variants.beside(world))
    assert unlisted == [], f"{world.where}: make a difference by these facts, or list them under beside"


@pytest.mark.parametrize(("name", "case"), CASES)
def test_a_case_needs_what_it_names_to_lose_anything(name: str, case: Change) -> None:
    """So no condition of an exception is met whatever the world says."""
    after, gone = worlds()[name].after(case), lost(name, case)
    for fact in variants.needed(case):
        assert fact in after, f"{case.where} unless: {fact} is not there"
        assert follows(rules()[name], after - {fact}) & gone, f"{case.where} needs no {fact}"


@pytest.mark.parametrize("name", NAMES)
def test_what_is_alike_or_further_leads_to_the_same(name: str) -> None:
    world, rule, everything = worlds()[name], rules()[name], frozenset(expected(name))
    for old, new in variants.exchanges(world):
        found = follows(rule, variants.exchanged(world.quads, old, new))
        wanted = variants.exchanged_conclusions(everything, old, new)
        compare(f"{world.where} with {new} for {old}:", lines(found), lines(wanted))
    for first, second in variants.steps(world):
        found = follows(rule, variants.stretched(world.quads, first, second))
        compare(f"{world.where} with a step of {second} behind {first}:", lines(found), lines(everything))


@pytest.mark.parametrize("name", NAMES)
def test_the_other_engine_concludes_the_same(name: str) -> None:
    engines = Engines(stored(worlds()[name].quads))
    assert engines.rdflib(rules()[name].text) == engines.oxigraph(rules()[name].text)


@pytest.mark.parametrize(("name", "case"), CASES)
def test_the_other_engine_loses_the_same(name: str, case: Change) -> None:
    engines = Engines(stored(worlds()[name].after(case)))
    assert engines.rdflib(rules()[name].text) == engines.oxigraph(rules()[name].text)


@pytest.mark.parametrize("name", NAMES)
def test_a_case_says_which_one_fact_makes_the_difference(name: str) -> None:
    for case in worlds()[name].cases:
        assert len({quad.triple for quad in case.add}) <= 1, f"{case.where} adds more than one fact"
        assert case.name[0].isupper()
        assert not case.name.endswith(".")


@cache
def terms() -> set[str]:
    """Return the IRIs of all classes, properties and concepts."""
    found = read_ontology(ontology_dir(), Origins()).terms
    return {quad.subject.value for quad in found if isinstance(quad.subject, NamedNode)}


@pytest.mark.parametrize("name", NAMES)
def test_worlds_use_terms_that_the_ontology_defines(name: str) -> None:
    terms_of_all = (term for triple in spoken_of(name) for term in triple)
    used = {term.value for term in terms_of_all if isinstance(term, NamedNode)}
    assert {iri for iri in used if iri.startswith((SUR, VOCAB))} <= terms()


def spoken_of(name: str) -> set[Triple]:
    """Return all that the file of a rule says, whatever the graphs."""
    world = worlds()[name]
    return {quad.triple for part in (world.quads, *(c.add for c in world.cases)) for quad in part} | expected(
        name
    )


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
def test_worlds_are_invented(name: str) -> None:
    subjects = (triple.subject for triple in spoken_of(name))
    assert {subject.value for subject in subjects if isinstance(subject, NamedNode)} & known_things() == set()


def test_the_rule_on_norms_puts_the_articles_that_sentences_have() -> None:
    text = (ontology_dir() / "rules/norm-in-words.rq").read_text(encoding="utf-8")
    article = text.partition('!= "anyone",')[2].partition(', "") AS ?article')[0]
    terms = read_ontology(ontology_dir(), Origins()).terms
    labels = sorted({str(quad.object) for quad in terms if quad.predicate.value == SKOS + "prefLabel"})
    labels += [
        '"European"',
        '"one-year term"',
        '"UN body"',
        '"hour"',
        '"uninformed consent"',
        '"unanimous vote"',
    ]
    found = Store().query(
        f"SELECT ?label ({article} AS ?article) {{ VALUES ?label {{ {' '.join(labels)} }} }}"
    )
    assert isinstance(found, QuerySolutions)
    put = {row["label"].value: row["article"].value + row["label"].value for row in found}
    assert len(put) > 500
    assert put == {label: a(label) for label in put}
