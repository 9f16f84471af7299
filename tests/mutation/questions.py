"""Tells which mutants of questions the expected rows of tests/competency find."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import test_competency
from mutation.editing import mutants
from mutation.judging import Judge
from two_engines import Engines, engines_over, questions


def judges() -> Iterator[Judge]:
    """Yield a judge for each question."""
    with tempfile.TemporaryDirectory() as folder:
        test_competency.copy_world(Path(folder))
        engines = engines_over([Path(folder)])
    for question in questions():
        found = list(mutants(question.text, question.params))
        cases = [case for case in test_competency.CASES if test_competency.query_of(case) == question.name]
        texts = []
        for case in cases:
            bound = question.bind(test_competency.CASES[case].values)
            texts.append([mutant.text for mutant in mutants(bound, question.params)])
            assert len(texts[-1]) == len(found), f"{case} has other mutants than its question"
        expected = [test_competency.CASES[case].rows[1:] for case in cases]

        def finds(number: int, texts=texts, expected=expected) -> bool:  # type: ignore[no-untyped-def]
            return any(
                _rows(engines, bound[number]) != rows for bound, rows in zip(texts, expected, strict=True)
            )

        yield Judge(question.name, found, finds)


def _rows(engines: Engines, text: str) -> list[tuple[str, ...]] | None:
    """Return the rows of a query; nothing for one that is none any more."""
    try:
        return engines.oxigraph(text)
    except (SyntaxError, ValueError, RuntimeError):
        return None
