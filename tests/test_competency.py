"""Every question has the rows that its author expects over the invented world, on both engines.

The expected rows stand in `competency/<case>.csv`, with IRIs shortened by the project's prefixes, below a
line `# parameter=value …` if the case gives any. A case is named like its query, with `--` and a few words
where a query has more than one. `sentences.yaml` has the sentences that sum answers up.
"""

from __future__ import annotations

import csv
import io
import shlex
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from sentences import sentence
from surplace.build.pipeline import Inputs, checked
from surplace.build.report import Report
from surplace.engine.limits import Limits
from surplace.resources import ontology_dir, queries_dir
from surplace.words.said import LONGEST
from two_engines import Engines, engines_over, header, questions

HERE = Path(__file__).parent
EXPECTED = HERE / "competency"


@dataclass(frozen=True)
class Case:
    """The values of a case, and the rows that are expected, below the names of the columns."""

    values: dict[str, str]
    rows: list[tuple[str, ...]]


def read_case(path: Path) -> Case:
    """Read the file of a case."""
    text = path.read_text(encoding="utf-8")
    first, _, rest = text.partition("\n")
    values = dict(value.split("=", 1) for value in shlex.split(first[1:])) if first[0] == "#" else {}
    rows = csv.reader(io.StringIO(rest if values else text, newline=""))
    return Case(values, [tuple(row) for row in rows])


CASES = {path.stem: read_case(path) for path in sorted(EXPECTED.iterdir())}


def read_sentences() -> list[dict[str, Any]]:
    """Read the sentences; a key that is misspelt would leave a question with its defaults."""
    found: list[dict[str, Any]] = yaml.safe_load((HERE / "sentences.yaml").read_text(encoding="utf-8"))
    for case in found:
        unknown = set(case) - {"question", "values", "sentence", "most", "sentences"}
        assert not unknown, f"sentences.yaml, {case['question']}: unknown key {', '.join(sorted(unknown))}"
    return found


SENTENCES = read_sentences()


UNSEEN = """
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
    PREFIX sur: <https://w3id.org/surplace/ontology/>
    SELECT ?unseen {
        {
            ?unseen rdfs:subClassOf+ sur:Conclusion .
            FILTER NOT EXISTS { ?conclusion a ?unseen . }
        }
        UNION
        {
            VALUES (?property ?outcome) {
                (sur:hasElementResult sur:ElementResult)
                (sur:hasGroundResult sur:GroundResult)
                (sur:hasOutcome sur:FollowUpOutcome)
                (sur:hasStandingKind sur:StandingKind)
                (sur:hasVerdict sur:Verdict)
            }
            ?unseen a ?outcome .
            FILTER NOT EXISTS { ?conclusion ?property ?unseen . }
        }
    }
    ORDER BY ?unseen"""
"""Asks which classes of conclusions have no instance, and which outcomes no conclusion has."""


def query_of(case: str) -> str:
    """Return the name of the query that a case asks."""
    return case.partition("--")[0]


def copy_world(folder: Path) -> Path:
    """Copy the invented world to a folder of its own, as data are read from folders; return it."""
    shutil.copy(HERE / "fixtures" / "world.trig", folder)
    return folder


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Engines:
    """The invented world, read and closed as the build does it, in both engines."""
    return engines_over([copy_world(tmp_path_factory.mktemp("world"))])


@pytest.mark.parametrize("case", CASES)
def test_both_engines_give_the_expected_rows(case: str, world: Engines) -> None:
    query = questions()[query_of(case)]
    text = query.bind(CASES[case].values)
    columns, *rows = CASES[case].rows
    assert list(columns) == header(query)
    assert world.oxigraph(text) == rows
    assert world.rdflib(text) == rows


@pytest.mark.parametrize("case", SENTENCES, ids=lambda case: case["question"])
def test_an_answer_is_summed_up_in_the_expected_sentence(case: dict[str, Any], world: Engines) -> None:
    most = replace(Limits(), answer_rows=case.get("most", Limits().answer_rows))
    found = sentence(world.store, questions()[case["question"]], case.get("values", {}), most)
    assert found == case["sentence"]
    assert len(found) <= LONGEST * case.get("sentences", 1)


def test_the_world_yields_every_kind_of_conclusion_and_every_outcome(world: Engines) -> None:
    """What no fact of the world leads to, no question is tested on: add facts that do."""
    rows = world.oxigraph(UNSEEN)
    assert rows == []


def test_every_question_has_a_sentence() -> None:
    said = {case["question"] for case in SENTENCES}
    assert said == set(questions().queries), "write the sentence that you expect to tests/sentences.yaml"


def test_every_question_has_a_case_with_rows() -> None:
    wanted = set(questions().queries) - {query_of(case) for case in CASES}
    assert not wanted, f"write the rows that you expect to tests/competency/{min(wanted)}.csv"
    assert {query_of(case) for case in CASES} == set(questions().queries)
    assert len(questions()) >= 18


@pytest.mark.parametrize("name", sorted(questions().queries))
def test_the_first_case_of_a_question_has_rows(name: str) -> None:
    """An answer without rows shows nothing; further cases may be about just that."""
    if name in CASES:  # else another test says what to write
        assert len(CASES[name].rows) > 1


def test_every_parameter_is_given_another_value_than_its_default() -> None:
    """A query must know nothing of the real data but its defaults, so the world gives values of its own."""
    for query in questions():
        given = {name for case in CASES if query_of(case) == query.name for name in CASES[case].values}
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
