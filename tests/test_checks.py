"""Each check of queries/checks finds exactly the defect of its bad fixture and nothing in the good one.

The fixtures of a check lie in tests/checks/<name>/: `bad.trig` and `good.trig` hold what the check reads as
it would stand in the store (graphs, and in the default graph what is held true), `expected.csv` the rows that
the bad one gives: IRIs with their prefixes, characters that cannot be seen as escapes.
"""

from __future__ import annotations

import csv
import logging
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store

from surplace.build.closure import close
from surplace.build.findings import conclude
from surplace.build.ontology import read_ontology
from surplace.build.pipeline import Inputs
from surplace.build.report import Origins
from surplace.build.sources import read_sources
from surplace.build.validation import run_check, run_checks
from surplace.catalogue import Query, load_catalogue
from surplace.resources import queries_dir
from two_engines import Engines, Row, project_axioms, project_rules

CHECKS = queries_dir() / "checks"
FIXTURES = Path(__file__).parent / "checks"
NAME = re.compile(r"[a-z]+(-[a-z]+)+")
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
TABLE_ROW = re.compile(r"^\| \[([a-z-]+)\]\((\w+/[a-z-]+\.rq)\) \| (\w+) \| (.+) \|$", re.MULTILINE)


@cache
def checks() -> dict[str, Query]:
    """Return all checks by name."""
    return {query.name: query for query in load_catalogue(CHECKS).checks()}


@cache
def fixture(name: str, kind: str) -> Engines:
    """Load a fixture into both engines."""
    store = Store()
    store.load((FIXTURES / name / f"{kind}.trig").read_bytes(), format=RdfFormat.TRIG)
    return Engines(store)


def expected(name: str) -> tuple[list[str], list[Row]]:
    """Return header and rows of expected.csv."""
    with (FIXTURES / name / "expected.csv").open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    return header, [tuple(row) for row in rows]


def shown(rows: list[Row]) -> list[Row]:
    """Write characters that cannot be seen as escapes."""
    return [tuple(UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04X}", cell) for cell in row) for row in rows]


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Keep rdflib from logging each malformed literal with a traceback: finding them is what is tested."""
    caplog.set_level(logging.CRITICAL, logger="rdflib.term")


@pytest.fixture(params=[Engines.oxigraph, Engines.rdflib], ids=["pyoxigraph", "rdflib"])
def run(request: pytest.FixtureRequest) -> Callable[[Engines, str], list[Row]]:
    """Provide one engine after the other."""
    method: Callable[[Engines, str], list[Row]] = request.param
    return method


def test_there_are_checks_of_both_kinds() -> None:
    categories = [query.path.parent.name for query in checks().values()]
    assert categories.count("ontology") >= 25
    assert categories.count("data") >= 25
    assert set(categories) == {"ontology", "data"}


def test_every_check_has_its_fixtures_and_every_fixture_its_check() -> None:
    files = {path.relative_to(FIXTURES).as_posix() for path in FIXTURES.rglob("*") if path.is_file()}
    parts = ("bad.trig", "good.trig", "expected.csv")
    assert files == {f"{name}/{part}" for name in checks() for part in parts}


@pytest.mark.parametrize("name", checks())
def test_a_check_finds_exactly_the_defect_of_its_bad_fixture(
    name: str, run: Callable[[Engines, str], list[Row]]
) -> None:
    header, rows = expected(name)
    assert rows
    assert header == list(checks()[name].columns)
    assert shown(run(fixture(name, "bad"), checks()[name].text)) == rows


@pytest.mark.parametrize("name", checks())
def test_a_check_finds_nothing_in_its_good_fixture(
    name: str, run: Callable[[Engines, str], list[Row]]
) -> None:
    assert run(fixture(name, "good"), checks()[name].text) == []


@pytest.mark.parametrize("name", checks())
def test_a_check_is_named_after_its_defect_and_says_what_to_do(name: str) -> None:
    query = checks()[name]
    assert NAME.fullmatch(name)
    assert query.summary[0].isupper()
    assert not query.summary.endswith(".")
    message = query.message or ""
    assert PLACEHOLDER.findall(message), "the message names no offender"
    assert set(PLACEHOLDER.findall(message)) <= set(query.columns)
    assert PLACEHOLDER.sub("", message).count("{") == 0
    assert re.search(r"[A-Za-z}”)]: [a-z]", message), "the message says no remedy after a colon"
    assert not message.endswith(".")
    for line in ("#+ severity: ", "#+ columns: ", "ORDER BY "):
        assert f"\n{line}" in query.text


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        (
            "term-without-label",
            "term-without-label.rq: sur:Protocol has no label: give it one English skos:prefLabel.",
        ),
        (
            "gap-in-the-order-of-passages",
            "gap-in-the-order-of-passages.rq: source/essay/p1/s2 has the order 3 in source:essay, but no "
            "passage has the order 2: number the passages through from 1.",
        ),
        (
            "disputed-value",
            "disputed-value.rq: consent:a has sur:isDepositedOn 1980-11-04 in source/untc/1/AAA but 1983 in "
            "source/essay/p1/s1: record a Disagreement that rejects one of the two.",
        ),
        (
            "reservation-to-a-provision-closed-to-reservations",
            "reservation-to-a-provision-closed-to-reservations.rq: reservation:a excludes "
            "id/instrument/accord/article/38, which id/instrument/accord/article/42 closes to reservations: "
            "correct the target, record a Disagreement, or keep it if the state did make it.",
        ),
    ],
)
def test_the_message_of_a_row_is_a_sentence(name: str, sentence: str) -> None:
    violation = next(run_check(fixture(name, "bad").store, checks()[name], Origins()))
    assert violation.message == sentence
    assert violation.severity == checks()[name].severity


def test_the_readme_lists_every_check_as_it_is() -> None:
    listed = TABLE_ROW.findall((CHECKS / "README.md").read_text(encoding="utf-8"))
    assert listed == [
        (query.name, query.path.relative_to(CHECKS).as_posix(), query.severity, query.summary)
        for category in ("ontology", "data")
        for query in sorted(checks().values(), key=lambda query: query.name)
        if query.path.parent.name == category
    ]


def test_no_check_finds_a_violation_in_the_shipped_data(shipped: Inputs) -> None:
    sources = read_sources([shipped.data])
    ontology = read_ontology(shipped.ontology, Origins())
    others = [*ontology.shapes, *ontology.alignments]
    closure = close(sources, ontology.terms, others, project_axioms()[1])
    conclude(closure, project_rules())
    found = run_checks(closure.store, checks().values(), Origins())
    assert [violation.message for violation in found if violation.severity == "violation"] == []
