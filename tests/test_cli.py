"""The command line: every command has an example, programs get JSON, people get sentences."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from conftest import TEXT, World
from surplace import __version__, resources
from surplace.cli import COMMANDS, main


@pytest.fixture
def at_home(small_world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Let the small world be the one that the command line finds."""
    for name, folder in (
        ("ontology_dir", small_world.inputs.ontology),
        ("data_dir", small_world.inputs.data),
        ("queries_dir", small_world.inputs.queries),
    ):
        monkeypatch.setattr(resources, name, lambda folder=folder: folder)
    monkeypatch.delenv("SURPLACE_OUT", raising=False)
    monkeypatch.chdir(small_world.inputs.data.parent)
    return small_world


def run(*arguments: str | Path) -> Result:
    """Run a command."""
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_every_command_has_help_with_an_example() -> None:
    assert len(COMMANDS) >= 7
    for name in COMMANDS:
        result = run(name, "--help")
        assert result.exit_code == 0, name
        example = " ".join(result.output.split()).partition("Example: ")[2]
        assert f"surplace {name}" in example, name


def test_the_list_of_commands_names_them_all() -> None:
    result = run("--help")
    assert result.exit_code == 0
    for name in COMMANDS:
        assert f"  {name}" in result.output


def test_the_version_is_told() -> None:
    assert __version__ in run("--version").output


def test_an_unknown_command_is_refused() -> None:
    result = run("bild")
    assert result.exit_code == 2
    assert "No such command 'bild'" in result.output


def test_the_package_runs_as_a_module() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "surplace", "--version"], capture_output=True, text=True, check=True
    )
    assert __version__ in result.stdout


def test_build_says_what_it_did(at_home: World) -> None:
    result = run("build")
    assert result.exit_code == 0
    current = at_home.inputs.data.parent / ".surplace" / "current"
    assert current.resolve().name in result.stdout
    for word in (
        "sources",
        "closure",
        "findings",
        "dump",
        "validation",
        "release",
        "passages",
        "rules",
        "quads",
    ):
        assert word in result.stdout
    assert result.stderr == (
        f"warning: {at_home.place('reference/treaties.trig', 'instrument:pact a')}“Pact” (instrument:pact) "
        "has no party: record a consent to it.\n"
    )


def test_build_takes_the_place_from_the_environment(at_home: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SURPLACE_OUT", str(at_home.out))
    assert run("build", "--quiet").stdout == ""
    assert (at_home.out / "current" / "manifest.json").exists()


def test_build_reports_to_programs(at_home: World) -> None:
    result = run("build", "--json", "--out", at_home.out)
    report = json.loads(result.stdout)
    assert report["release"] == (at_home.out / "current").resolve().name
    assert list(report["seconds"]) == ["sources", "closure", "findings", "dump", "validation", "release"]
    assert [(fault["severity"], fault["check"]) for fault in report["faults"]] == [
        ("warning", "treaty-without-party")
    ]


def test_build_ends_with_the_sentence_of_a_fault(at_home: World) -> None:
    at_home.change("documents/article.trig", " ; sur:isClaimedBy person:envoy", "")
    result = run("build", "--json")
    assert result.exit_code == 1
    assert result.stderr == (
        f"surplace: {at_home.place('documents/article.trig', 'claim:envoy a')}“the envoy's claim” "
        "(claim:envoy): A claim has exactly one speaker: name who says it with sur:isClaimedBy.\n"
    )
    report = json.loads(result.stdout)
    assert report["release"] is None
    assert report["faults"][0]["file"] == "data/documents/article.trig"


def test_build_reads_additional_folders(at_home: World, tmp_path: Path) -> None:
    assert at_home
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "a.trig").write_text("<http://e/s> <http://e/p> 1 .")
    result = run("build", "--with", tmp_path / "more")
    assert result.exit_code == 1
    assert result.stderr.startswith(
        f"surplace: {tmp_path}/more/a.trig, line 1: what it says of http://e/s stands in no graph"
    )


def test_check_writes_nothing(at_home: World) -> None:
    result = run("check")
    assert result.exit_code == 0
    assert "validation" in result.stdout
    assert "has no party" in result.stderr
    assert not (at_home.inputs.data.parent / ".surplace").exists()


def test_check_reports_to_programs(at_home: World) -> None:
    at_home.change("documents/article.trig", " ; sur:isClaimedBy person:envoy", "")
    result = run("check", "--json")
    assert result.exit_code == 1
    assert [fault["check"] for fault in json.loads(result.stdout)["faults"]] == ["shape:ClaimSpeaker"]


def test_verify_source_finds_every_passage(at_home: World, tmp_path: Path) -> None:
    assert at_home
    (tmp_path / "text").write_text(TEXT, encoding="utf-8")
    result = run("verify-source", "article", "--text", tmp_path / "text")
    assert (result.exit_code, result.output) == (0, "2 of 2 passages found, 2 of them unchanged.\n")


def test_verify_source_says_what_changed(at_home: World, tmp_path: Path) -> None:
    assert at_home
    (tmp_path / "text").write_text(TEXT.replace("the Accord", "all the Accord"), encoding="utf-8")
    result = run("verify-source", "article", "--text", tmp_path / "text", "--json")
    assert result.exit_code == 1
    report = json.loads(result.stdout)
    assert (report["passages"], report["found"], report["unchanged"]) == (2, 2, 1)
    assert report["problems"][0].startswith("source/article/p1/s1 has changed")


def test_verify_source_refuses_another_text(at_home: World, tmp_path: Path) -> None:
    assert at_home
    (tmp_path / "text").write_text("Something else.", encoding="utf-8")
    result = run("verify-source", "article", "--text", tmp_path / "text")
    assert result.exit_code == 1
    assert result.stderr == (
        f"surplace: {tmp_path / 'text'} is not the text of article (0 of its 2 passages are in it): "
        "name the right text with --text.\n"
    )
