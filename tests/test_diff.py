"""What changed between two releases is said statement by statement."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from pathlib import Path

import pytest

from conftest import make_world, run
from surplace.build import difference
from surplace.build.difference import differences
from surplace.build.pipeline import build
from surplace.engine.release import Release

AAA = "https://w3id.org/surplace/id/consent/accord/AAA"


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Build a release, change the day of a deposit, and build another."""
    world = make_world(tmp_path_factory.mktemp("world"))
    before = build(world.inputs, world.out).folder
    world.change("reference/treaties.trig", "1982-09-24", "1982-09-25")
    after = build(world.inputs, world.out).folder
    assert before
    assert after
    return before, after


def test_a_changed_day_is_one_statement_less_and_one_more(releases: tuple[Path, Path]) -> None:
    assert run("diff", *releases) == (
        0,
        "facts: source/untc/I-1/AAA\n"
        '  - id/consent/accord/AAA sur:isDepositedOn "1982-09-24"^^xsd:date\n'
        '  + id/consent/accord/AAA sur:isDepositedOn "1982-09-25"^^xsd:date\n'
        "facts: 1 added, 1 removed.\n",
    )


def test_the_same_for_programs(releases: tuple[Path, Path]) -> None:
    code, output = run("diff", *releases, "--json")
    report = json.loads(output)
    assert code == 0
    assert report["counts"] == {"facts": {"added": 1, "removed": 1}}
    assert [change["added"] for change in report["changes"]] == [False, True]
    assert {change["graph"] for change in report["changes"]} == {
        "https://w3id.org/surplace/source/untc/I-1/AAA"
    }
    assert all(change["statement"].startswith(f"<{AAA}> ") for change in report["changes"])


def test_changes_of_another_kind_are_left_out(releases: tuple[Path, Path]) -> None:
    assert run("diff", *releases, "--kind", "claims") == (0, "Nothing changed.\n")


def test_a_release_is_the_same_as_itself(releases: tuple[Path, Path]) -> None:
    assert run("diff", releases[0], releases[0]) == (0, "Nothing changed.\n")


def test_dumps_of_many_blocks_are_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(difference, "BLOCK", 100)
    chosen = random.Random(4)
    old, new = (
        {b"<urn:%04d> <urn:p> <urn:o> .\n" % chosen.randrange(500) for _ in range(n)} for n in (90, 300)
    )
    releases = []
    for lines in (old, new):
        dump = b"".join(sorted(lines))
        folder = tmp_path / str(len(lines))
        folder.mkdir()
        (folder / "dump.nq").write_bytes(dump)
        releases.append(Release(folder, {"release": hashlib.sha256(dump).hexdigest()}, folder))
    found = differences(*releases)
    assert (found.added, found.removed) == (new - old, old - new)
    assert old & new


def test_a_folder_without_a_release(releases: tuple[Path, Path], tmp_path: Path) -> None:
    code, output = run("diff", releases[0], tmp_path)
    assert code == 1
    assert output.startswith(f"surplace: There is no release in {tmp_path}: ")


def test_a_dump_that_was_changed(releases: tuple[Path, Path], tmp_path: Path) -> None:
    changed = shutil.copytree(releases[1], tmp_path / "changed")
    with (changed / "dump.nq").open("ab") as dump:
        dump.write(b"<a:a> <a:b> <a:c> .\n")
    code, output = run("diff", releases[0], changed)
    assert code == 1
    assert "is not the dump that its manifest describes" in output
