"""Each check of queries/checks finds nothing in its world, and in each case exactly the fault of that case.

The world of a check lies in tests/checks/<name>.yaml, in the form of `worlds.py`: what the check reads as it
would stand in the store (graphs, and in the default graph what is held true). Each case gives under its
severity, `violation` or `warning`, the sentence that the build would say, or a list of sentences where one
fault lies in several things, such as a circle. Characters that cannot be seen stand there as escapes.
"""

from __future__ import annotations

import logging
import re
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Quad

from surplace.build.report import Origins
from surplace.build.validation import run_check
from surplace.catalogue import Query, load_catalogue
from surplace.catalogue.header import SEVERITIES
from surplace.engine.release import find_release
from surplace.namespaces import compact
from surplace.resources import queries_dir
from two_engines import Engines
from worlds import Change, Worlds, compare, read_world, stored

CHECKS = queries_dir() / "checks"
FIXTURES = Path(__file__).parent / "checks"
NAME = re.compile(r"[a-z]+(-[a-z]+)+")
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
UNSEEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


@cache
def checks() -> dict[str, Query]:
    """Return all checks by name."""
    return {query.name: query for query in load_catalogue(CHECKS).checks()}


@cache
def worlds() -> Worlds:
    """Return the world of each check by its name."""
    found = {path.stem: read_world(path, (), SEVERITIES) for path in sorted(FIXTURES.glob("*.yaml"))}
    return Worlds(found, "tests/checks/{}.yaml", "queries/checks/README.md")


CASES = [
    pytest.param(name, case, id=f"{name}: {case.name}")
    for name, world in worlds().items()
    for case in world.cases
]


def findings(name: str, quads: frozenset[Quad]) -> list[str]:
    """Return what a check finds as severity and sentence, characters that cannot be seen as escapes."""
    found = []
    for violation in run_check(stored(quads), checks()[name], Origins()):
        sentence = violation.message.removeprefix(f"{name}.rq: ")
        assert compact(violation.subject) in sentence
        found.append(f"{violation.severity}: {escaped(sentence)}")
    return found


def escaped(text: str) -> str:
    """Write characters that cannot be seen as escapes."""
    return UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04X}", text)


def expected(case: Change) -> list[str]:
    """Return what a case expects, as `findings` does."""
    given = {severity: case.outcome.get(severity, []) for severity in SEVERITIES}
    return [
        f"{severity}: {sentence}"
        for severity, sentences in given.items()
        for sentence in ([sentences] if isinstance(sentences, str) else sentences)
    ]


def same_in_both(name: str, quads: frozenset[Quad]) -> None:
    """Fail unless both engines give a check the same rows, in the same order."""
    engines = Engines(stored(quads))
    assert engines.rdflib(checks()[name].text) == engines.oxigraph(checks()[name].text)


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    """Keep rdflib from logging each malformed literal with a traceback: finding them is what is tested."""
    caplog.set_level(logging.CRITICAL, logger="rdflib.term")


def test_there_are_checks_of_both_kinds() -> None:
    categories = [query.path.parent.name for query in checks().values()]
    assert categories.count("ontology") >= 25
    assert categories.count("data") >= 25
    assert set(categories) == {"ontology", "data"}


def test_every_check_has_its_world_and_every_world_its_check() -> None:
    files = {path.relative_to(FIXTURES).as_posix() for path in FIXTURES.rglob("*")}
    assert files <= {f"{name}.yaml" for name in checks()}


@pytest.mark.parametrize("name", checks())
def test_a_check_finds_nothing_in_its_world(name: str) -> None:
    compare(worlds()[name].where, findings(name, worlds()[name].quads), [])


@pytest.mark.parametrize(("name", "case"), CASES)
def test_a_check_finds_exactly_the_fault_of_a_case(name: str, case: Change) -> None:
    assert expected(case), f"{case.where} expects nothing: say which violation it gives"
    compare(case.where, findings(name, worlds()[name].after(case)), expected(case))


@pytest.mark.parametrize("name", checks())
def test_every_check_has_a_case(name: str) -> None:
    assert worlds()[name].cases


@pytest.mark.parametrize("name", checks())
def test_the_other_engine_finds_nothing_either(name: str) -> None:
    same_in_both(name, worlds()[name].quads)


@pytest.mark.parametrize(("name", "case"), CASES)
def test_the_other_engine_finds_the_same(name: str, case: Change) -> None:
    same_in_both(name, worlds()[name].after(case))


@pytest.mark.parametrize("name", [name for name, world in worlds().items() if len(world.cases) > 1])
def test_both_engines_give_several_faults_in_the_same_order(name: str) -> None:
    world = worlds()[name]
    assert len(findings(name, world.after(*world.cases))) > 1
    same_in_both(name, world.after(*world.cases))


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


def test_no_check_finds_a_violation_in_the_shipped_data(project_release: Path) -> None:
    """The build runs every check, and makes no release of data in which one finds a violation."""
    assert find_release(project_release).store.is_dir()
