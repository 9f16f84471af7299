"""A build of what the last build read verifies its release and uses it again; of anything else, it builds."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from conftest import World
from surplace.build.pipeline import build
from surplace.build.report import Report
from surplace.cli import build as of_command_line
from surplace.errors import SurplaceError


def again(world: World) -> Report:
    """Build if anything has changed."""
    return build(world.inputs, world.out, if_changed=True)


def test_nothing_has_changed(small_world: World) -> None:
    first = again(small_world)
    assert not first.unchanged
    second = again(small_world)
    assert second.unchanged
    assert list(second.seconds) == ["verification"]
    assert replace(second, seconds={}, unchanged=False) == replace(first, seconds={})
    assert [warning.check for warning in first.warnings] == ["treaty-without-party"]


def change_a_comment(world: World) -> None:
    world.add("documents/article.trig", "# nothing but a comment\n")


def add_a_file(world: World) -> None:
    (world.inputs.queries / "checks" / "data" / "more.txt").write_text("", encoding="utf-8")


def rename_a_file(world: World) -> None:
    (world.inputs.data / "disagreements.trig").rename(world.inputs.data / "disputes.trig")


@pytest.mark.parametrize("change", [change_a_comment, add_a_file, rename_a_file])
def test_what_a_build_reads_has_changed(small_world: World, change: Callable[[World], None]) -> None:
    again(small_world)
    change(small_world)
    assert not again(small_world).unchanged


def test_a_setting_has_changed(small_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    again(small_world)
    monkeypatch.setenv("SURPLACE_RULE_ROUNDS", "7")
    assert not again(small_world).unchanged


def test_more_data_are_read(small_world: World, tmp_path: Path) -> None:
    again(small_world)
    (tmp_path / "more").mkdir()
    more = replace(small_world, inputs=replace(small_world.inputs, additions=[tmp_path / "more"]))
    assert not again(more).unchanged
    assert again(more).unchanged


def test_another_build_has_come_between(small_world: World) -> None:
    first = again(small_world)
    small_world.change("reference/treaties.trig", "1982-09-24", "1982-09-25")
    again(small_world)
    small_world.change("reference/treaties.trig", "1982-09-25", "1982-09-24")
    third = again(small_world)
    assert not third.unchanged
    assert third.folder == first.folder


def test_a_former_release_was_made_current(small_world: World) -> None:
    first = again(small_world)
    small_world.change("reference/treaties.trig", "1982-09-24", "1982-09-25")
    second = again(small_world)
    link = small_world.out / "current"
    link.unlink()
    link.symlink_to(f"releases/{first.release}")
    assert again(small_world).unchanged
    assert os.readlink(link) == f"releases/{second.release}"


def test_a_fault_keeps_what_was_built(small_world: World) -> None:
    first = again(small_world)
    small_world.change("reference/treaties.trig", '"1982-09-24"^^xsd:date', '"1982"^^xsd:gYear')
    with pytest.raises(SurplaceError, match="consent is deposited on one day"):
        again(small_world)
    small_world.change("reference/treaties.trig", '"1982"^^xsd:gYear', '"1982-09-24"^^xsd:date')
    assert again(small_world).folder == first.folder


def test_nothing_is_kept_of_what_changed_while_it_was_read(small_world: World) -> None:
    article = small_world.inputs.data / "documents" / "article.trig"
    before = article.read_bytes()

    def change(stage: str) -> None:
        if stage == "findings":
            change_a_comment(small_world)

    build(small_world.inputs, small_world.out, change)
    article.write_bytes(before)
    assert not again(small_world).unchanged


@pytest.mark.parametrize("damaged", ["dump.nq", "manifest.json", "rules.json", "pages.txt"])
def test_a_damaged_release_is_built_again(small_world: World, damaged: str) -> None:
    first = again(small_world)
    assert first.folder
    with (first.folder / damaged).open("ab") as file:
        file.write(b" \n")
    assert not again(small_world).unchanged


def test_a_lost_release_is_built_again(small_world: World) -> None:
    first = again(small_world)
    assert first.folder
    shutil.rmtree(first.folder)
    assert not again(small_world).unchanged
    assert first.folder.is_dir()


@pytest.mark.parametrize("kept", ["", "[]", "{}", '{"inputs": 1}'])
def test_what_was_kept_cannot_be_read(small_world: World, kept: str) -> None:
    again(small_world)
    (small_world.out / "learned" / "built.json").write_text(kept, encoding="utf-8")
    assert not again(small_world).unchanged


def test_the_command_says_so_and_can_be_forced(small_world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(of_command_line, "inputs", lambda _: small_world.inputs)

    def ran(*options: str) -> str:
        result = CliRunner().invoke(of_command_line.command, ["--out", str(small_world.out), *options])
        assert result.exit_code == 0
        return result.output

    assert "Nothing has changed" not in ran()
    said = ran()
    assert "Nothing has changed since the last build: its release was verified, and used again." in said
    assert "The current release is" in said
    assert said.startswith("warning: ")
    assert "Nothing has changed" not in ran("--force")
    assert json.loads(ran("--json"))["unchanged"] is True
