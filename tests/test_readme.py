"""What the README shows is what the project does."""

from __future__ import annotations

import re
from pathlib import Path

import click

from docs import Table
from expert_answers import one_answer
from pictures import LARGEST, PICTURES
from surplace.cli import main

PATH = Path(__file__).resolve().parents[1] / "README.md"
README = PATH.read_text(encoding="utf-8")


def test_the_answer_shown_is_the_answer_given(project_release: Path) -> None:
    table = Table(PATH, lambda: one_answer(project_release))
    assert table.made().count("\n") > 10
    assert table.put_into(README) == README, "README.md shows another answer: run `make docs`"


def test_the_pictures_shown_are_those_that_are_made_and_are_small() -> None:
    shown = re.findall(r"!\[([^\]]+)\]\(([^)]+\.png)\)", README)
    assert [path for _, path in shown] == [picture.path for picture in PICTURES]
    assert [path for _, path in shown if not 10_000 < (PATH.parent / path).stat().st_size < LARGEST] == []
    assert [words for words, _ in shown if len(words) < 20] == [], "say in words what is to be seen"


def test_every_command_is_named() -> None:
    assert isinstance(main, click.Group)
    commands = main.list_commands(click.Context(main))
    assert len(commands) >= 7
    for command in commands:
        assert re.search(rf"`surplace {command}\b", README), f"the README does not name surplace {command}"
