"""Each rule of ontology/shapes accepts the world of its shape, and finds exactly the fault of each case.

In tests/shapes/<module>.yaml each shape of the module has below its name a world, in the form of `worlds.py`.
A case says what it is expected to violate, `violation: <component> at <rule> on <focus node>`, or a list of
these. Every rule and each of its components has to be expected somewhere, so that a rule that never fires
does not go unnoticed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store
from rdflib import OWL, RDF, RDFS, SH, SKOS, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from surplace import resources
from surplace.build.asserted import as_asserted
from surplace.build.closure import Closure
from surplace.build.fixpoint import Fixpoint
from surplace.build.ontology import read_ontology
from surplace.build.report import Origins
from surplace.namespaces import BASE, PREFIXES, SHAPE, SOURCE, XSD, compact, sparql_prologue
from surplace.shacl.compiling import Constraint, compile_shapes
from surplace.shacl.judge import differences
from surplace.shacl.running import Result, run
from two_engines import project_axioms
from worlds import Change, Fixture, compare, read_worlds

PASSAGE = NamedNode(SOURCE + "fixture/p1/s1")
FIXTURES = Path(__file__).parent / "shapes"
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
    SH["not"]: SH.NotConstraintComponent,
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
def worlds() -> dict[str, Fixture]:
    """Return the world of each shape by its name."""
    files = sorted(FIXTURES.glob("*.yaml"))
    return {name: world for path in files for name, world in read_worlds(path, (), ("violation",)).items()}


CASES = [
    pytest.param(name, case, id=f"{name}: {case.name}")
    for name, world in worlds().items()
    for case in world.cases
]


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


def closed(world: Iterable[Quad]) -> Closure:
    """Close a world as the build does."""
    triples = [quad.triple for quad in world]
    store = Store()
    store.extend(Quad(*triple, graph) for triple in triples for graph in (PASSAGE, DefaultGraph()))
    axioms = project_axioms()[1]
    Fixpoint(store, axioms.all).extend([])
    return Closure(store, axioms, set(), described={axiom.graph: axiom for axiom in axioms.all})


def unjudged(world: Iterable[Quad], constraints: list[Constraint]) -> list[str]:
    """Close a world as the build does, and return what it violates."""
    closure = closed(world)
    with as_asserted(closure):
        return sorted({shown(item) for item in run(closure.store, [DefaultGraph()], constraints)})


def violations(world: Iterable[Quad], quads: list[Quad], constraints: list[Constraint]) -> list[str]:
    """Return what a world violates; pySHACL has to find the same."""
    closure = closed(world)
    with as_asserted(closure):
        results = list(run(closure.store, [DefaultGraph()], constraints))
        assert differences(closure.store, [DefaultGraph()], quads, results) == []
    return sorted({shown(found) for found in results})


def shown(found: Result) -> str:
    """Write a result as a case expects it."""
    component, rule = compact(found.constraint.component), compact(rule_of(found.constraint))
    return f"{component} at {rule} on {compact(found.focus.value)}"


def rule_of(constraint: Constraint) -> str:
    """Return the rule that a constraint belongs to: a property shape, a shape or a SPARQL constraint."""
    shape = URIRef(constraint.shape.value)
    return str(shapes().value(shape, SH.sparql, any=False) if constraint.parameter == "sparql" else shape)


def expected(case: Change) -> list[str]:
    """Return what a case is expected to violate."""
    given = case.outcome["violation"]
    return sorted([given] if isinstance(given, str) else given)


SAMPLES = {
    URIRef(XSD + "date"): "2010-09-13",
    URIRef(XSD + "gYearMonth"): "2010-09",
    URIRef(XSD + "gYear"): "2010",
}
"""A value of each datatype that a list of alternatives has."""


def alternatives(name: str) -> Iterator[tuple[frozenset[Quad], Node, bool]]:
    """Yield worlds with another value that a list of a shape names, the rule, and whether it is right there.

    A value of a list is right, one of a class that it names, and the least of numbers. A day is right as
    a date without a time zone, and not as a text; so are months and years.
    """
    graph, quads = shapes(), worlds()[name].quads
    for rule in (URIRef(SHAPE + name), *graph.objects(URIRef(SHAPE + name), SH.property)):
        path = graph.value(rule, SH.path)
        there = [quad for quad in quads if quad.predicate.value == str(path)]
        least = graph.value(rule, SH.minInclusive)
        if least is not None and there:
            value = Literal(str(least), datatype=NamedNode(XSD + "integer"))
            yield exchanged(quads, there, value), rule, True
        for item in (*listed(rule), *graph.objects(rule, SH.node)) if there else ():
            kind = graph.value(item, SH["class"])
            if kind is not None:
                thing = NamedNode(BASE + "id/another")
                is_one = Quad(thing, NamedNode(str(RDF.type)), NamedNode(str(kind)), DefaultGraph())
                yield exchanged(quads, there, thing) | {is_one}, rule, True
            datatype = graph.value(item, SH.datatype)
            if datatype in SAMPLES:
                iri, text = NamedNode(str(datatype)), SAMPLES[datatype]
                values: list[tuple[NamedNode | Literal, bool]] = [
                    (Literal(text, datatype=iri), True),
                    (Literal(text + "Z", datatype=iri), False),
                    (Literal(text), False),
                ]
            else:
                of_values = isinstance(item, URIRef) and graph.value(rule, SH["in"]) is not None
                values = [(NamedNode(str(item)), True)] if of_values else []
            for value, right in values:
                yield exchanged(quads, there, value), rule, right


def exchanged(quads: frozenset[Quad], there: list[Quad], value: NamedNode | Literal) -> frozenset[Quad]:
    """Put a value in the place of that of some quads."""
    changed = {Quad(quad.subject, quad.predicate, value, quad.graph_name) for quad in there}
    return (quads - set(there)) | changed


def listed(rule: Node) -> list[Node]:
    """Return the items of the lists of a rule, of values or of shapes."""
    heads = [*shapes().objects(rule, SH["or"]), *shapes().objects(rule, SH["in"])]
    return [item for head in heads for item in Collection(shapes(), head)]


def is_right(lines: list[str], rule: Node) -> bool:
    """Tell whether nothing is violated at a rule."""
    return not any(f" at {compact(str(rule))} on " in line for line in lines)


def targets(name: str) -> Iterator[tuple[Change, frozenset[Quad]]]:
    """Yield the first case of a shape, with what has the fault in each class that the shape is about."""
    about = sorted(str(item) for item in shapes().objects(URIRef(SHAPE + name), SH.targetClass))
    case = worlds()[name].cases[0]
    after = worlds()[name].after(case)
    faulty = {line.rpartition(" on ")[2] for line in expected(case)}
    kinds = {q for q in after if q.predicate.value == str(RDF.type) and compact(q.subject.value) in faulty}  # type: ignore[union-attr]
    for iri in about if len(about) > 1 else ():
        yield (
            case,
            (after - kinds) | {Quad(q.subject, q.predicate, NamedNode(iri), q.graph_name) for q in kinds},
        )


def loaded(paths: Iterable[Path]) -> Graph:
    """Return the triples of all files in one graph."""
    graph = Graph()
    for path in paths:
        graph.parse(path)
    return graph


@pytest.mark.parametrize("name", worlds())
def test_a_shape_accepts_its_world(name: str) -> None:
    compare(worlds()[name].where, violations(worlds()[name].quads, *alone(name)), [])


@pytest.mark.parametrize(("name", "case"), CASES)
def test_a_shape_finds_exactly_the_fault_of_a_case(name: str, case: Change) -> None:
    assert expected(case), f"{case.where} expects nothing: say which violation it gives"
    compare(case.where, violations(worlds()[name].after(case), *alone(name)), expected(case))


@pytest.mark.parametrize("name", worlds())
def test_each_value_of_a_list_is_right_and_no_other(name: str) -> None:
    for world, rule, right in alternatives(name):
        lines = unjudged(world, alone(name)[1])
        assert is_right(lines, rule) is right, (compact(str(rule)), lines)


@pytest.mark.parametrize("name", worlds())
def test_a_shape_finds_a_fault_in_each_class_that_it_is_about(name: str) -> None:
    for case, world in targets(name):
        assert unjudged(world, alone(name)[1]) == expected(case), case.where


def test_the_worlds_together_pass_every_shape() -> None:
    together = {quad for world in worlds().values() for quad in world.quads}
    assert violations(together, stated(), compile_shapes(stated())) == []


def test_every_shape_has_its_world_and_cases_in_the_file_of_its_module() -> None:
    folder = resources.ontology_dir() / "shapes"
    assert {path.name for path in FIXTURES.rglob("*")} == {
        f"{path.stem}.yaml" for path in folder.glob("*.ttl")
    }
    for path in folder.glob("*.ttl"):
        module = set(Graph().parse(path).subjects())
        own = read_worlds(FIXTURES / f"{path.stem}.yaml", (), ("violation",))
        assert {SHAPE + name for name in own} == {str(shape) for shape in targeted() & module}
        assert all(world.cases for world in own.values())


def test_every_component_of_every_rule_is_expected_by_a_case() -> None:
    found = {
        tuple(line.rpartition(" on ")[0].split(" at "))
        for world in worlds().values()
        for case in world.cases
        for line in expected(case)
    }
    existing = {(compact(str(component)), compact(str(rule))) for rule, component in rules()}
    assert existing
    assert found == existing


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
