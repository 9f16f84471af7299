"""queries/ANSWERS.md holds what the commands answer."""

from __future__ import annotations

import expert_answers


def test_the_answers_are_those_of_the_commands() -> None:
    assert expert_answers.PATH.read_text(encoding="utf-8") == expert_answers.document()


def test_there_are_twenty() -> None:
    assert expert_answers.PATH.read_text(encoding="utf-8").count("\n## ") == 20
