"""queries/ANSWERS.md holds what the commands answer."""

from __future__ import annotations

from pathlib import Path

import expert_answers


def test_the_answers_are_those_of_the_commands(project_release: Path) -> None:
    shown = expert_answers.PATH.read_text(encoding="utf-8")
    assert shown == expert_answers.document(project_release), "the data changed: run `make docs`, and read it"


def test_there_are_twenty_six() -> None:
    assert expert_answers.PATH.read_text(encoding="utf-8").count("\n## ") == 26
