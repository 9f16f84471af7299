"""The compiled shapes find what pySHACL finds; what is not compiled is refused."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from contextlib import nullcontext
from pathlib import Path

import pytest
from click.testing import CliRunner
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse

from surplace import resources
from surplace.build.ontology import read_ontology
from surplace.build.report import Origins
from surplace.cli import main
from surplace.engine.release import CURRENT
from surplace.namespaces import CATALOGUE, RDF, SKOS, SUR, sparql_prologue
from surplace.rdf.terms import in_graph
from surplace.shacl.compiling import compile_shapes, faulty_shapes, unasked_shapes
from surplace.shacl.judge import differences
from surplace.shacl.running import Graphs, run
from surplace.shacl.shapes import ShapeError, Shapes

SEEN: Graphs = [DefaultGraph(), NamedNode(CATALOGUE)]
TYPE = NamedNode(RDF + "type")
UNFIT = "is given, and no passage gives it a class that fits: say what it is with “a”."
MUTATIONS = 400
FAULTS = """
GRAPH <https://w3id.org/surplace/source/surplace/faults> {
    <https://w3id.org/surplace/id/event/call> a sur:Visit ; skos:prefLabel "a call"@en ;
        sur:takesPlaceIn person:roberta-cohen .
    population:audience a sur:Population ; skos:prefLabel "the audience"@en ;
        sur:isPresentIn person:roberta-cohen .
    <https://w3id.org/surplace/id/membership/brookings-CHN> a sur:Membership ;
        skos:prefLabel "China in Brookings"@en ;
        sur:isMembershipOf state:CHN ; sur:isMembershipIn institution:brookings .
    recommendation:advice a sur:Recommendation ; skos:prefLabel "advice"@en ;
        sur:isIssuedBy institution:brookings ; sur:asksFor action:screening ; sur:isAddressedTo state:CHN ;
        sur:isReportedBy person:roberta-cohen .
}
GRAPH graph:provenance {
    <https://w3id.org/surplace/source/surplace/faults> a sur:EditorialPassage ;
        skos:prefLabel "faults"@en ; skos:note "Four faults, one each."@en ; sur:isPassageOf source:surplace .
}
"""


@pytest.fixture(scope="module")
def shapes() -> list[Quad]:
    """Provide the shapes of the project."""
    return read_ontology(resources.ontology_dir(), Origins()).shapes


def mutated(triples: list[Triple], choice: random.Random) -> list[Triple]:
    """Put faults into triples: values go, change or get company, and some things lose their classes."""
    told = (SUR, SKOS + "prefLabel", SKOS + "note")
    chosen = [
        number
        for number, triple in enumerate(triples)
        if isinstance(triple.subject, NamedNode) and triple.predicate.value.startswith(told)
    ]
    dropped: set[int] = set()
    added: list[Triple] = []
    unclassed = set()
    for number in choice.sample(chosen, MUTATIONS):
        old, other = triples[number], triples[choice.choice(chosen)].object
        kind = choice.randrange(5)
        if kind in (0, 2, 3):
            dropped.add(number)
        if kind in (1, 2):
            added.append(Triple(old.subject, old.predicate, other))
        if kind == 3:
            added.append(Triple(old.subject, old.predicate, Literal("x y")))
        if kind == 4:
            unclassed.add(old.subject)
    kept = (triple for number, triple in enumerate(triples) if number not in dropped)
    return [t for t in kept if t.predicate != TYPE or t.subject not in unclassed] + added


def test_pyshacl_finds_the_same_in_data_with_faults(project_release: Path, shapes: list[Quad]) -> None:
    release = Store.read_only(str(project_release / CURRENT / "store"))
    # of the standings, which are most of all, those of China are enough; what a consent covers and whom a
    # norm reaches are conclusions that no shape looks at
    quads = release.quads_for_pattern(None, None, None, DefaultGraph())
    unseen = {SUR + name for name in ("coversProvision", "isReachedBy", "mayBeReachedBy")}
    triples = sorted(
        (
            quad.triple
            for quad in quads
            if ("standing/" not in str(quad) or "/CHN" in str(quad.subject))
            and quad.predicate.value not in unseen
        ),
        key=str,
    )
    store = Store()
    store.extend(in_graph(triple, DefaultGraph()) for triple in mutated(triples, random.Random(7)))
    store.extend(release.quads_for_pattern(None, None, None, SEEN[1]))
    results = list(run(store, SEEN, compile_shapes(shapes)))
    assert differences(store, SEEN, shapes, results) == []
    found = Counter(result.constraint.parameter for result in results)
    assert len(results) > MUTATIONS / 2, found
    assert len(found) > 12, found


SMALL = """
shape:ClaimShape a sh:NodeShape ; sh:targetClass sur:Claim ; sh:property shape:Speaker .
shape:Speaker a sh:PropertyShape ; sh:path sur:isClaimedBy ; sh:minCount 1 .
"""


def turtle(text: str) -> list[Quad]:
    """Read Turtle whose prefixes are the project's."""
    return list(parse(sparql_prologue() + text, format=RdfFormat.TURTLE))


def test_the_judge_names_what_only_one_of_the_two_finds() -> None:
    store = Store()
    store.extend(turtle("claim:a a sur:Claim ."))
    shapes = turtle(SMALL)
    results = list(run(store, SEEN, compile_shapes(shapes)))
    assert differences(store, SEEN, shapes, results) == []
    said = "sh:MinCountConstraintComponent of shape:Speaker at claim:a, with sur:isClaimedBy."
    assert differences(store, SEEN, shapes, []) == [f"pySHACL finds what the compiled shapes do not: {said}"]
    assert differences(Store(), SEEN, shapes, results) == [
        f"The compiled shapes find what pySHACL does not: {said}"
    ]


def test_values_that_cannot_be_compared_are_a_violation_that_pyshacl_may_pass() -> None:
    store = Store()
    store.extend(
        turtle(
            """claim:a a sur:Claim ; sur:startsOn "2001"^^xsd:gYear ; sur:endsOn "2002-01-01"^^xsd:date ."""
        )
    )
    shapes = turtle(
        """shape:ClaimShape a sh:NodeShape ; sh:targetClass sur:Claim ; sh:property shape:Start .
        shape:Start a sh:PropertyShape ; sh:path sur:startsOn ; sh:lessThan sur:endsOn ."""
    )
    results = list(run(store, SEEN, compile_shapes(shapes)))
    assert [str(result.value) for result in results] == [
        str(turtle('[] sh:value "2001"^^xsd:gYear .')[0].object)
    ]
    assert differences(store, SEEN, shapes, results) == []


NOT_COMPILED = "shape:{}, which is not compiled to SPARQL: {}."
ANOTHER = "say it with another constraint"
PROPERTY = "sh:property shape:P . shape:P a sh:PropertyShape ; sh:path sur:is ; "


@pytest.mark.parametrize(
    ("shape", "sentence"),
    [
        ("sh:closed true", NOT_COMPILED.format("S uses sh:closed", ANOTHER)),
        ("sh:minCount 1", NOT_COMPILED.format("S uses sh:minCount", ANOTHER)),
        ("sh:targetNode sur:State", NOT_COMPILED.format("S uses sh:targetNode", ANOTHER)),
        (
            "a rdfs:Class",
            NOT_COMPILED.format("S is a rdfs:Class too", "name its targets with sh:targetClass"),
        ),
        (
            "sh:property shape:P . shape:P a sh:PropertyShape ; sh:path [ sh:inversePath sur:is ]",
            NOT_COMPILED.format(
                "P has a sh:path that is neither a property nor a list of properties",
                "say it with another path",
            ),
        ),
        (PROPERTY + "sh:property shape:P", NOT_COMPILED.format("P uses sh:property beside sh:path", ANOTHER)),
        (
            "sh:node shape:N . shape:N a sh:NodeShape ; sh:sparql shape:C",
            NOT_COMPILED.format(
                "N uses sh:sparql and has no target", "join the constraint to a shape with sh:targetClass"
            ),
        ),
        ("sh:node shape:N . shape:N sh:closed true", NOT_COMPILED.format("N uses sh:closed", ANOTHER)),
        (
            "sh:node shape:N",
            "shape:S refers to shape:N, which is no shape: correct the name, or describe the shape.",
        ),
        ("sh:not shape:S", "shape:S refers to itself: say what it asks for without itself."),
        ('sh:pattern "("', 'shape:S has a sh:pattern "(", which is none: correct the expression.'),
        ("sh:in ()", "shape:S has an empty list: write what it allows, or leave it out."),
        (
            "sh:nodeKind sur:State",
            "shape:S has a sh:nodeKind sur:State, which is none: name one, such as sh:IRI.",
        ),
        (
            PROPERTY + "sh:datatype skos:Concept",
            "shape:P has a sh:datatype skos:Concept, which is none: name one, such as xsd:date.",
        ),
        (PROPERTY + 'sh:minCount "1"', None),
        (
            PROPERTY + 'sh:minCount "one"',
            'shape:P counts up to "one", which is no whole number: write one, such as 1.',
        ),
        (PROPERTY + "sh:minCount 1, 2", "shape:P has 2 values of sh:minCount: leave one."),
        ("a sh:PropertyShape", "shape:S is a sh:PropertyShape and has no sh:path: name the property there."),
        (
            "sh:path sur:is",
            "shape:S is a sh:NodeShape and has a sh:path: make it a sh:PropertyShape.",
        ),
    ],
)
def test_what_is_not_compiled_is_refused(shape: str, sentence: str | None) -> None:
    shapes = turtle(f"shape:S a sh:NodeShape ; sh:targetClass sur:State ; {shape} .")
    assert [str(error) for error in faulty_shapes(Shapes(shapes))] == ([sentence] if sentence else [])
    with pytest.raises(ShapeError) if sentence else nullcontext() as caught:
        compile_shapes(shapes)
    assert not sentence or str(caught.value) == sentence  # type: ignore[union-attr]


def test_a_shape_of_which_nothing_is_asked_is_refused() -> None:
    shapes = turtle("shape:P a sh:PropertyShape ; sh:path sur:is ; sh:minCount 1 .")
    assert [str(error) for error in unasked_shapes(Shapes(shapes))] == [
        "shape:P has no target and is part of no other shape, so that nothing is asked of it: give it a "
        "sh:targetClass, or join it to the shape of its class with sh:property."
    ]


def test_what_another_vocabulary_says_of_a_shape_constrains_nothing() -> None:
    shape = "shape:S a sh:NodeShape ; sh:targetClass sur:State ; sh:nodeKind sh:IRI"
    described = turtle(f'{shape} ; rdfs:label "A state"@en ; rdfs:comment "Of states"@en .')
    assert str(compile_shapes(described)) == str(compile_shapes(turtle(f"{shape} .")))


def test_a_value_of_another_class_is_found_though_a_range_gives_it_that_class(
    project_release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # without questions and checks, and with what the release has learned of rules and axioms
    monkeypatch.setenv("SURPLACE_OUT", str(project_release))
    ontology, faults = tmp_path / "ontology", tmp_path / "faults"
    for folder in (ontology, faults, tmp_path / "queries"):
        folder.mkdir()
    for name in ("modules", "vocabularies", "shapes", "rules"):
        (ontology / name).symlink_to(resources.ontology_dir() / name)
    monkeypatch.setattr(resources, "ontology_dir", lambda: ontology)
    monkeypatch.setattr(resources, "queries_dir", lambda: tmp_path / "queries")
    (faults / "faults.trig").write_text(sparql_prologue() + FAULTS)
    result = CliRunner().invoke(main, ["check", "--with", str(faults), "--json"])
    assert result.exit_code == 1
    file = f"{faults}/faults.trig"
    found = json.loads(result.stdout)["faults"]
    assert [
        (fault["check"], re.sub(r", line \d+: ", ": ", fault["message"], count=1)) for fault in found
    ] == [
        (
            "shape:EventPlace",
            f"{file}: “a call” (event:call): An event takes place in a state or a jurisdiction: "
            "let sur:takesPlaceIn name one."
            f" “Roberta Cohen” (person:roberta-cohen) {UNFIT}",
        ),
        (
            "shape:MembershipShape",
            f"{file}: “China in Brookings” (membership:brookings-CHN): An institution is outside government, "
            "so no state is a member of one: let sur:isMembershipIn name the organization to which the state "
            "belongs, or correct sur:isMembershipOf.",
        ),
        (
            "shape:PopulationPlace",
            f"{file}: “the audience” (population:audience): A population is present in a state or a "
            "jurisdiction: let sur:isPresentIn name one."
            f" “Roberta Cohen” (person:roberta-cohen) {UNFIT}",
        ),
        (
            "shape:RecommendationBody",
            f"{file}: “advice” (recommendation:advice): A recommendation is issued by exactly one UN body, "
            "or group of them (sur:UnBodyGroup): name it with sur:isIssuedBy, or state what others ask as a "
            "sur:Statement with sur:expressesAttitude. “Brookings” (institution:brookings) is given.",
        ),
    ]
