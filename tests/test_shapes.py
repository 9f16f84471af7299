"""Each rule of ontology/shapes accepts its valid files and finds exactly the fault of its invalid ones.

The fixtures of a shape lie in tests/shapes/<Shape>/. An invalid file begins with what it is expected to
violate, one line each: `# expect: <component> at <rule> on <focus node>`. Every rule and each of its
components has to be expected somewhere, so that a rule that never fires does not go unnoticed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse
from rdflib import OWL, RDF, RDFS, SH, SKOS, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from surplace import resources
from surplace.build.asserted import as_asserted
from surplace.build.closure import Closure
from surplace.build.ontology import read_ontology
from surplace.build.report import Origins
from surplace.namespaces import BASE, PREFIXES, SHAPE, SOURCE, sparql_prologue
from surplace.shacl.compiling import Constraint, compile_shapes
from surplace.shacl.judge import differences
from surplace.shacl.running import run
from two_engines import project_axioms

PASSAGE = NamedNode(SOURCE + "fixture/p1/s1")
FIXTURES = Path(__file__).parent / "shapes"
VALID = sorted(FIXTURES.glob("*/valid-*.ttl"))
INVALID = sorted(FIXTURES.glob("*/invalid-*.ttl"))
FILE_NAME = re.compile(r"valid-[0-9]{2}\.ttl|invalid-[0-9]{2}-[a-z0-9-]+\.ttl")
EXPECTATION = re.compile(r"^# expect: (\S+) at (\S+) on (\S+)$", re.MULTILINE)

Violation = tuple[str, str, str]
"""Component, rule and focus node, as IRIs."""

COMPONENTS = {
    SH["class"]: SH.ClassConstraintComponent,
    SH.datatype: SH.DatatypeConstraintComponent,
    SH.equals: SH.EqualsConstraintComponent,
    SH["in"]: SH.InConstraintComponent,
    SH.languageIn: SH.LanguageInConstraintComponent,
    SH.lessThan: SH.LessThanConstraintComponent,
    SH.lessThanOrEquals: SH.LessThanOrEqualsConstraintComponent,
    SH.maxCount: SH.MaxCountConstraintComponent,
    SH.minCount: SH.MinCountConstraintComponent,
    SH.minInclusive: SH.MinInclusiveConstraintComponent,
    SH.node: SH.NodeConstraintComponent,
    SH.nodeKind: SH.NodeKindConstraintComponent,
    SH["or"]: SH.OrConstraintComponent,
    SH.pattern: SH.PatternConstraintComponent,
    SH.qualifiedMaxCount: SH.QualifiedMaxCountConstraintComponent,
    SH.qualifiedMinCount: SH.QualifiedMinCountConstraintComponent,
}
"""The parameter of SHACL that asks for each kind of violation."""
OTHER = {
    RDF.type,
    SH.message,
    SH.path,
    SH.property,
    SH.qualifiedValueShape,
    SH.sparql,
    SH.targetClass,
    SH.targetSubjectsOf,
}
"""What else may be said of a shape with a target, or of a rule."""


@cache
def shapes() -> Graph:
    """Return all shapes in one graph."""
    graph = Graph()
    for path in sorted((resources.ontology_dir() / "shapes").glob("*.ttl")):
        graph.parse(path)
    return graph


def targeted() -> set[Node]:
    """Return the node shapes that look for their own focus nodes; the others only help them."""
    return {shape for target in (SH.targetClass, SH.targetSubjectsOf) for shape in shapes().subjects(target)}


def rules() -> Iterator[tuple[Node, Node]]:
    """Yield each rule with each component by which it can be violated."""
    for shape in targeted():
        for constraint in shapes().objects(shape, SH.sparql):
            yield constraint, SH.SPARQLConstraintComponent
        for rule in (shape, *shapes().objects(shape, SH.property)):
            for parameter in set(shapes().predicates(rule)) - OTHER:
                yield rule, COMPONENTS[URIRef(str(parameter))]


@cache
def stated() -> list[Quad]:
    """Return the same as the build reads them."""
    return read_ontology(resources.ontology_dir(), Origins()).shapes


@cache
def alone(shape: str) -> tuple[list[Quad], list[Constraint]]:
    """Return one shape with all that it leads to, and its constraints: judging is much faster so."""
    found: list[Quad] = []
    waiting: list[object] = [NamedNode(SHAPE + shape)]
    while waiting:
        node = waiting.pop()
        said = [quad for quad in stated() if quad.subject == node and quad not in found]
        found += said
        waiting += [quad.object for quad in said]
    return found, compile_shapes(found)


def violations(paths: Iterable[Path], quads: list[Quad], constraints: list[Constraint]) -> set[Violation]:
    """Close files as the build does, and return what they violate; pySHACL has to find the same."""
    triples = [quad.triple for path in paths for quad in parse(path=path, format=RdfFormat.TURTLE)]
    store = Store()
    store.extend(Quad(*triple, graph) for triple in triples for graph in (PASSAGE, DefaultGraph()))
    closure = Closure(store, project_axioms()[1], {triple.subject for triple in triples})
    closure.extend()
    with as_asserted(closure):
        results = list(run(store, [DefaultGraph()], constraints))
        assert differences(store, [DefaultGraph()], quads, results) == []
    return {(found.constraint.component, rule_of(found.constraint), found.focus.value) for found in results}


def rule_of(constraint: Constraint) -> str:
    """Return the rule that a constraint belongs to: a property shape, a shape or a SPARQL constraint."""
    shape = URIRef(constraint.shape.value)
    return str(shapes().value(shape, SH.sparql, any=False) if constraint.parameter == "sparql" else shape)


def expanded(name: str) -> str:
    """Return the IRI that an expectation names, as `prefix:name` or in angle brackets."""
    if name.startswith("<"):
        return name[1:-1]
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def expectations(path: Path) -> set[Violation]:
    """Return what an invalid file says that it violates."""
    found = EXPECTATION.findall(path.read_text(encoding="utf-8"))
    return {(expanded(component), expanded(rule), expanded(focus)) for component, rule, focus in found}


def loaded(paths: Iterable[Path]) -> Graph:
    """Return the triples of all files in one graph."""
    graph = Graph()
    for path in paths:
        graph.parse(path)
    return graph


def named(path: Path) -> str:
    """Name a fixture in the list of tests."""
    return f"{path.parent.name}/{path.stem}"


@pytest.mark.parametrize("path", VALID, ids=named)
def test_a_shape_accepts_its_valid_files(path: Path) -> None:
    assert violations([path], *alone(path.parent.name)) == set()


@pytest.mark.parametrize("path", INVALID, ids=named)
def test_a_shape_finds_exactly_the_fault_of_an_invalid_file(path: Path) -> None:
    expected = expectations(path)
    assert expected, f"{path} expects nothing: begin it with # expect: …"
    assert violations([path], *alone(path.parent.name)) == expected


def test_the_valid_files_together_pass_every_shape() -> None:
    assert violations(VALID, stated(), compile_shapes(stated())) == set()


def test_every_shape_has_valid_and_invalid_files() -> None:
    assert targeted()
    folders = {SHAPE + folder.name for folder in FIXTURES.iterdir()}
    assert folders == {str(shape) for shape in targeted()}
    assert {SHAPE + path.parent.name for path in VALID} == folders
    assert {SHAPE + path.parent.name for path in INVALID} == folders


def test_every_component_of_every_rule_is_expected_in_the_folder_of_its_shape() -> None:
    expected = {(rule, component) for path in INVALID for component, rule, _ in expectations(path)}
    existing = {(str(rule), str(component)) for rule, component in rules()}
    assert existing
    assert expected == existing


def test_fixtures_are_named_by_kind_and_number() -> None:
    files = [path for path in FIXTURES.rglob("*") if path.is_file()]
    assert sorted(files) == sorted(VALID + INVALID)
    assert [path for path in files if not FILE_NAME.fullmatch(path.name)] == []


def test_shapes_are_named_after_their_class() -> None:
    for shape in targeted():
        assert str(shape).startswith(SHAPE)
        assert str(shape).endswith("Shape")


def test_every_shape_and_rule_has_an_iri() -> None:
    listed = {cell for head in shapes().objects() if isinstance(head, BNode) for cell in _cells(head)}
    assert {node for node in shapes().subjects() if isinstance(node, BNode)} == listed


def _cells(head: BNode) -> Iterator[Node]:
    """Yield the nodes that hold a list together."""
    node: Node | None = head
    while isinstance(node, BNode):
        yield node
        node = shapes().value(node, RDF.rest)


def test_every_rule_is_told_in_one_sentence_that_says_what_to_do() -> None:
    for rule, _ in rules():
        messages = list(shapes().objects(rule, SH.message))
        assert len(messages) == 1, f"{rule} has {len(messages)} messages"
        text = str(messages[0])
        assert re.fullmatch(r"[^\n]+: [^\n]+\.", text), f"{rule} does not say what to do: {text}"
        names = re.findall(r"\b(?:sur|skos|rdfs?|dcterms|schema|sh):\w+", text)
        assert names, f"{rule} names no property: {text}"


def test_lists_of_alternatives_are_not_empty() -> None:
    heads = [*shapes().objects(None, SH["or"]), *shapes().objects(None, SH["in"])]
    assert heads
    for head in heads:
        assert len(Collection(shapes(), head)) > 0


def test_rules_in_sparql_run_with_the_prefixes_of_the_project() -> None:
    for constraint in shapes().objects(None, SH.sparql):
        select = str(shapes().value(constraint, SH.select))
        assert "$this" in select
        Graph().query(sparql_prologue() + select)


def test_every_class_of_the_ontology_has_a_shape() -> None:
    folder = resources.ontology_dir()
    terms = loaded([*folder.glob("modules/*.ttl"), *folder.glob("vocabularies/*.ttl")])
    concepts = {
        kind
        for concept in terms.subjects(RDF.type, SKOS.Concept)
        for kind in terms.objects(concept, RDF.type)
    }
    # it is the build that asks which disagreement rejects a graph
    rejected = URIRef(PREFIXES["sur"] + "RejectedGraph")
    covered = {*shapes().objects(None, SH.targetClass), *concepts, rejected}
    classes = set(terms.subjects(RDF.type, OWL.Class))
    assert classes
    assert {c for c in classes if not covered & set(terms.transitive_objects(c, RDFS.subClassOf))} == set()


def test_shapes_speak_of_terms_of_the_ontology_only() -> None:
    terms = loaded(sorted((resources.ontology_dir() / "modules").glob("*.ttl")))
    known = {str(term) for term in terms.subjects(RDF.type)}
    used = {str(node) for node in shapes().objects() if str(node).startswith(BASE + "ontology/")}
    for select in shapes().objects(None, SH.select):
        used |= {PREFIXES["sur"] + name for name in re.findall(r"\bsur:(\w+)", str(select))}
    for message in shapes().objects(None, SH.message):
        used |= {PREFIXES["sur"] + name for name in re.findall(r"\bsur:(\w+)", str(message))}
    assert used - {PREFIXES["sur"]} - known == set()
