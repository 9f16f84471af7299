"""Every question has the rows that its author expects over the invented world, on both engines.

The expected rows stand in `competency/<case>.csv`, with IRIs shortened by the project's prefixes. A case is
named like its query, with `--` and a few words where a query has more than one.
"""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import pytest

from surplace.build.pipeline import Inputs, Report, checked
from surplace.resources import ontology_dir, queries_dir
from two_engines import Engines, engines_over, header, questions

HERE = Path(__file__).parent
EXPECTED = HERE / "competency"
HERALD = "https://w3id.org/surplace/source/herald-2009"
AQUILONIA_TO_HARBOUR = "https://w3id.org/surplace/id/consent/harbour-convention/AQU"
HARBOUR, SHELTER = "instrument:harbour-convention", "instrument:shelter-convention"
BOUND = "which-states-are-bound-by-one-instrument-and-not-another"
SHELTER_NOT_HARBOUR = {"bound_by": SHELTER, "not_bound_by": HARBOUR}

CASES: dict[str, dict[str, str]] = {
    "can-one-state-bring-another-before-the-court": {
        "state": "state:AQU",
        "action": "action:refoulement",
        "as_of": "2013-01-01",
    },
    "can-one-state-bring-another-before-the-court--one-pair-earlier": {
        "state": "state:AQU",
        "other": "state:ESK",
        "action": "action:refoulement",
        "as_of": "2012-02-29",
    },
    "how-does-a-state-stand-to-each-treaty": {"state": "state:BOR"},
    "how-does-a-state-stand-to-each-treaty--signed-only": {"state": "state:CAL"},
    "what-became-of-a-recommendation": {},
    "what-became-of-a-recommendation--of-one-body": {"body": "body:sea-office", "state": "state:BOR"},
    "what-qualifies-a-finding": {
        "finding": "https://w3id.org/surplace/id/finding/measure/coast-guard-turns-boats-away/norm/"
        "harbour-convention/3/1/refoulement"
    },
    "what-was-known-on-a-day": {"known_by": "2009-09-09"},
    "what-was-known-on-a-day--before-the-newspaper": {"known_by": "2009-09-08"},
    "which-claims-contradict-what": {},
    "which-claims-contradict-what--of-one-speaker": {"speaker": "person:envoy"},
    "which-conduct-conflicts-with-which-provision": {},
    "which-conduct-conflicts-with-which-provision--of-one-state": {
        "state": "state:DRA",
        "verdict": "verdict:conflict",
    },
    "which-grounds-may-apply-to-whom": {"population": "population:boat-people"},
    "which-obligations-are-unfulfilled": {"state": "state:AQU"},
    "which-provisions-bind-a-state-on-a-day": {
        "state": "state:BOR",
        "instrument": HARBOUR,
        "as_of": "1999-12-31",
    },
    "which-provisions-bind-a-state-on-a-day--through-a-protocol": {
        "state": "state:CAL",
        "instrument": HARBOUR,
        "as_of": "2010-06-30",
    },
    "which-provisions-bind-a-state-on-a-day--after-the-record-ends": {
        "state": "state:DRA",
        "instrument": SHELTER,
        "as_of": "2016-01-01",
    },
    "which-provisions-bind-a-state-on-a-day--a-closed-provision": {
        "state": "state:DRA",
        "instrument": SHELTER,
        "as_of": "2010-06-30",
    },
    "how-many-facts-per-source": {},
    "recommendations-as-rdf": {},
    "recommendations-as-rdf--of-one-body": {"body": "body:sea-office"},
    "states-and-their-identifiers": {"treaty": HARBOUR},
    "what-did-each-body-ask-about-a-topic": {"topic": "action:extending-protection"},
    "what-does-a-passage-state": {"passage": f"{HERALD}/p2/s1"},
    "what-harm-is-feared-by-whom": {},
    "what-harm-is-feared-by-whom--narrower-harms": {"harm": "harm:exploitation"},
    "what-is-said-about": {"thing": "population:boat-people"},
    "what-measures-did-an-agent-take": {"agent": "state:AQU"},
    "where-does-a-statement-come-from": {"subject": AQUILONIA_TO_HARBOUR},
    "where-sources-disagree": {},
    "where-sources-disagree--of-one-source": {"source": "source:registry"},
    "which-claims-contradict-each-other": {},
    "which-claims-contradict-each-other--of-one-speaker": {"speaker": "person:minister"},
    "which-document-cites-what": {},
    "which-document-cites-what--in-one-source": {"source": "source:registry"},
    "which-norms-does-an-instrument-impose": {"instrument": HARBOUR},
    "which-norms-does-an-instrument-impose--without-exception": {"instrument": SHELTER},
    "which-protection-grounds-are-argued": {"population": "population:boat-people"},
    "which-protection-grounds-are-argued--for-nobody": {"population": "population:lantern-lighters"},
    "which-provisions-does-a-state-accept": {"state": "state:BOR", "instrument": HARBOUR},
    "which-provisions-does-a-state-accept--through-a-protocol": {
        "state": "state:CAL",
        "instrument": HARBOUR,
    },
    "which-questions-are-open": {},
    "which-questions-are-open--about-one-thing": {"about": "ground:lanterns"},
    "which-reservations-did-a-state-make": {"state": "state:BOR"},
    "which-reservations-did-a-state-make--as-a-newspaper-has-it": {"state": "state:AQU"},
    BOUND: {**SHELTER_NOT_HARBOUR, "as_of": "2010-06-30"},
    f"{BOUND}--after-the-record-ends": {**SHELTER_NOT_HARBOUR, "as_of": "2016-01-01"},
    "which-states-are-party-on-a-day": {"treaty": HARBOUR, "as_of": "2010-06-30"},
    "which-states-are-party-on-a-day--before-general-entry-into-force": {
        "treaty": HARBOUR,
        "as_of": "1960-02-20",
    },
    "which-states-are-party-on-a-day--before-a-denunciation": {"treaty": HARBOUR, "as_of": "2000-12-30"},
    "which-states-are-party-on-a-day--after-the-record-ends": {"treaty": HARBOUR, "as_of": "2016-01-01"},
    "which-states-are-party-on-a-day--of-months": {
        "treaty": "instrument:lantern-covenant",
        "as_of": "1980-02-29",
    },
    "which-states-reserved-a-closed-provision": {},
    "which-states-reserved-a-closed-provision--of-one-treaty": {"treaty": SHELTER},
    "which-states-signed-but-are-not-bound": {"as_of": "2010-06-30"},
    "which-states-signed-but-are-not-bound--earlier": {"as_of": "1989-12-31"},
    "which-statements-carry-no-citation": {"source": "source:herald-2009"},
    "which-treaties-bind-a-state-and-since-when": {"state": "state:AQU"},
    "which-treaties-bind-a-state-and-since-when--until-a-denunciation": {"state": "state:BOR"},
    "which-un-body-asked-which-state-for-what": {"state": "state:AQU"},
    "which-un-body-asked-which-state-for-what--of-one-body": {
        "state": "state:BOR",
        "body": "body:sea-office",
    },
    "who-claims-what": {},
    "who-claims-what--for-a-state": {"speaker": "state:AQU"},
}


def query_of(case: str) -> str:
    """Return the name of the query that a case asks."""
    return case.partition("--")[0]


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Engines:
    """The invented world, read and closed as the build does it, in both engines."""
    folder = tmp_path_factory.mktemp("world")
    shutil.copy(HERE / "fixtures" / "world.trig", folder)
    return engines_over([folder])


@pytest.mark.parametrize("case", CASES)
def test_both_engines_give_the_expected_rows(case: str, world: Engines) -> None:
    query = questions()[query_of(case)]
    text = query.bind(CASES[case])
    with (EXPECTED / f"{case}.csv").open(encoding="utf-8", newline="") as file:
        columns, *rows = [tuple(row) for row in csv.reader(file)]
    assert list(columns) == header(query)
    assert world.oxigraph(text) == rows
    assert world.rdflib(text) == rows


def test_every_question_has_a_case_with_rows() -> None:
    assert {query_of(case) for case in CASES} == set(questions().queries)
    assert len(questions()) >= 18


def test_every_file_of_expected_rows_is_compared() -> None:
    assert {path.stem for path in EXPECTED.iterdir()} == set(CASES)


@pytest.mark.parametrize("name", sorted(questions().queries))
def test_the_first_case_of_a_question_has_rows(name: str) -> None:
    """An answer without rows shows nothing; further cases may be about just that."""
    assert len((EXPECTED / f"{name}.csv").read_text(encoding="utf-8").splitlines()) > 1


def test_every_parameter_is_given_another_value_than_its_default() -> None:
    """A query must know nothing of the real data but its defaults, so the world gives values of its own."""
    for query in questions():
        given = {name for case in CASES if query_of(case) == query.name for name in CASES[case]}
        assert given == set(query.params), query.name


def test_the_world_passes_the_shapes_and_checks(tmp_path: Path) -> None:
    """The world is written as real sources are, so it must stand the checks that data stand.

    Those of the ontology are left out: they ask for the provisions of real instruments that its terms name.
    """
    data, queries = tmp_path / "data", tmp_path / "queries"
    data.mkdir()
    shutil.copy(HERE / "fixtures" / "world.trig", data)
    shutil.copytree(queries_dir() / "checks", queries / "checks", ignore=shutil.ignore_patterns("ontology"))
    report = Report()
    # the world speaks of no real instrument, and the terms' sources are provisions of those
    (queries / "checks" / "data" / "thing-without-a-class.rq").unlink()
    checked(Inputs(ontology_dir(), data, queries), report)
    # one state of the world reserves what may not be reserved, so that a question has something to find
    assert {warning.check for warning in report.warnings} == {
        "reservation-to-a-provision-closed-to-reservations"
    }
