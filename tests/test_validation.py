"""The validation stage: each fault is one sentence that names file, subject and remedy."""

from __future__ import annotations

import re

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad, Store

from conftest import World
from surplace.build.axioms import Axioms
from surplace.build.closure import Closure
from surplace.build.ontology import read_ontology
from surplace.build.pipeline import checked
from surplace.build.report import BuildStopped, Origins, Report, Violation
from surplace.build.validation import run_shapes, validate
from surplace.errors import SurplaceError

TREATIES, ARTICLE = "reference/treaties.trig", "documents/article.trig"


def faults(world: World) -> list[Violation]:
    """Return what stops the build of a world."""
    with pytest.raises(BuildStopped) as caught:
        checked(world.inputs, Report())
    return caught.value.violations


def test_sound_data_pass_with_their_warnings(small_world: World) -> None:
    report = Report()
    checked(small_world.inputs, report)
    assert [warning.message for warning in report.warnings] == [
        small_world.place(TREATIES, "instrument:pact a")
        + "“Pact” (instrument:pact) has no party: record a consent to it."
    ]


def test_a_wrong_type_of_date(small_world: World) -> None:
    small_world.change("reference/treaties.trig", '"1982-09-24"^^xsd:date', '"1982-09-24"')
    (fault,) = faults(small_world)
    assert fault.message == (
        small_world.place(TREATIES, "<https://w3id.org/surplace/id/consent/accord/AAA> a")
        + "id/consent/accord/AAA: A consent is deposited on one day: "
        'write it as "1982-09-24"^^xsd:date. "1982-09-24" is given.'
    )
    assert fault.check == "shape:ConsentDay"


def test_a_day_that_is_none(small_world: World, caplog: pytest.LogCaptureFixture) -> None:
    small_world.change("reference/treaties.trig", "1982-09-24", "1982-09-31")
    (fault,) = faults(small_world)
    assert fault.message.endswith('"1982-09-31"^^xsd:date is no day of the calendar: correct it.')
    assert caplog.records == []  # rdflib would log a traceback


def test_a_claim_without_speaker(small_world: World) -> None:
    small_world.change("documents/article.trig", " ; sur:isClaimedBy person:envoy", "")
    (fault,) = faults(small_world)
    assert fault.message == (
        small_world.place(ARTICLE, "claim:envoy a")
        + "“the envoy's claim” (claim:envoy): A claim has exactly one speaker: "
        "name who says it with sur:isClaimedBy."
    )


def test_a_reservation_to_another_treaty(small_world: World) -> None:
    small_world.change(
        "reference/treaties.trig",
        "sur:excludes <https://w3id.org/surplace/id/instrument/accord/article/1>",
        "sur:excludes <https://w3id.org/surplace/id/instrument/pact/article/1>",
    )
    (fault,) = faults(small_world)
    assert fault.message == (
        small_world.place(TREATIES, "<https://w3id.org/surplace/id/reservation/accord/AAA/1> a")
        + "id/reservation/accord/AAA/1: id/instrument/pact/article/1 belongs to another treaty: "
        "let the reservation name a provision of its own."
    )


def test_a_check_that_stops_the_build(small_world: World) -> None:
    check = small_world.inputs.queries / "checks/data/treaty-without-party.rq"
    check.write_text(check.read_text().replace("severity: warning", "severity: violation"))
    (fault,) = faults(small_world)
    assert fault == Violation(
        "violation",
        "treaty-without-party",
        "https://w3id.org/surplace/id/instrument/pact",
        "data/reference/treaties.trig",
        small_world.place(TREATIES, "instrument:pact a")
        + "“Pact” (instrument:pact) has no party: record a consent to it.",
    )


def test_a_check_that_is_no_query_is_named(small_world: World) -> None:
    check = small_world.inputs.queries / "checks/data/treaty-without-party.rq"
    check.write_text(check.read_text().replace("NOT EXISTS", "NOT EXIST"))
    (fault,) = faults(small_world)
    assert fault.message == (
        "queries/checks/data/treaty-without-party.rq, line 7, column 16: "
        'after NOT comes EXISTS or IN: write it before "EXIST".'
    )


@pytest.mark.parametrize(
    "broken",
    [
        "shape:Broken a sh:PropertyShape ; sh:targetClass sur:State ; sh:minCount 1 .",
        'shape:Broken a sh:NodeShape ; sh:targetClass sur:State ; sh:sparql [ sh:select "SELECT nothing" ] .',
        "shape:Broken a sh:NodeShape ; sh:targetClass sur:State ; sh:property shape:Other .\n"
        "shape:Other a sh:PropertyShape ; sh:path sur:affects ; sh:minCount 1, 2 .",
    ],
)
def test_a_shape_that_is_none_is_one_sentence(small_world: World, broken: str) -> None:
    shapes = small_world.inputs.ontology / "shapes/all.ttl"
    shapes.write_text(shapes.read_text() + broken)
    with pytest.raises(SurplaceError) as caught:
        checked(small_world.inputs, Report())
    assert re.match(
        r"ontology/shapes/all\.ttl, line \d+: (?:a part of )?shape:(?:Broken|Other) ", str(caught.value)
    )
    assert "\n" not in str(caught.value)


def test_a_shape_without_message_names_itself(small_world: World) -> None:
    shapes = small_world.inputs.ontology / "shapes/all.ttl"
    shapes.write_text(
        shapes.read_text()
        + "shape:S a sh:NodeShape ; sh:targetClass sur:Treaty ; sh:property shape:T .\n"
        + "shape:T a sh:PropertyShape ; sh:path sur:isMadeUpon ; sh:minCount 1 ; sh:severity sh:Warning ."
    )
    report = Report()
    checked(small_world.inputs, report)
    (message,) = {warning.message for warning in report.warnings if "Accord" in warning.message}
    assert message == (
        small_world.place(TREATIES, "instrument:accord a")
        + "“Accord” (instrument:accord): It does not meet sh:minCount: "
        "correct it, or the shape shape:T."
    )


def test_the_shapes_do_not_see_claims(small_world: World) -> None:
    small_world.change(
        "documents/article.trig", "instrument:accord sur:mentions", "state:AAA a sur:Claim ; sur:mentions"
    )
    checked(small_world.inputs, Report())


def test_without_shapes_and_checks_nothing_is_found() -> None:
    closure = Closure(Store(), Axioms([], []), set())
    assert validate(closure, [], [], Origins()) == []


@pytest.mark.parametrize(
    ("files", "named"),
    [("a", "a"), ("abc", "a, b, c"), ("abcd", "a, b, c, d"), ("abcde", "a, b, c, 2 more")],
)
def test_files_behind_a_fault_are_named_and_counted_where_they_are_many(files: str, named: str) -> None:
    origins, graph, thing = Origins(), NamedNode("http://e/graph"), NamedNode("http://e/thing")
    for file in files:
        origins.add(file, [Quad(thing, thing, thing, graph)])
    assert origins.of_graph(graph.value) == named
    assert origins.of(thing.value) == named


@pytest.mark.parametrize(("more", "said"), [(1, "one more fault is"), (2, "two more faults are")])
def test_faults_beyond_those_that_are_printed_are_counted(more: int, said: str) -> None:
    faults = [Violation("violation", "x", "s", "f", f"f: fault {number}.") for number in range(40 + more)]
    assert str(BuildStopped(faults)).endswith(f"\nsurplace: {said} listed with --json.")


def test_a_subject_that_no_file_describes_is_still_reported(small_world: World) -> None:
    origins = Origins()
    shapes = read_ontology(small_world.inputs.ontology, origins).shapes
    about, kind = NamedNode("http://e/claim"), NamedNode("https://w3id.org/surplace/ontology/Claim")
    rdf_type = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    store = Store()
    store.add(Quad(about, rdf_type, kind, DefaultGraph()))
    assert [fault.message for fault in run_shapes(store, shapes, origins)] == [
        "data: http://e/claim: A claim has exactly one speaker: name who says it with sur:isClaimedBy."
    ]
