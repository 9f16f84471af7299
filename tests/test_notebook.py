"""The notebook of three questions runs from its first cell to its last against a service."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from service import Service
from surplace.resources import queries_dir

NOTEBOOK = queries_dir() / "three-questions.ipynb"
SHOWN = (
    "asked",
    "in_force",
    "otherwise",
    "requests",
    "recommendations",
    "release",
    "path",
    "sentence",
    "place",
)
"""What the cells leave behind that is compared."""
AFTERWARDS = f"""
import json as _json
_shown = {{name: globals()[name] for name in {SHOWN!r}}}
def _as_text(value):
    return _json.loads(value.to_json(date_format="iso")) if hasattr(value, "to_json") else str(value)
print("SHOWN" + _json.dumps(_shown, default=_as_text))
"""


@pytest.fixture(scope="module")
def notebook() -> Any:
    return nbformat.read(NOTEBOOK, as_version=4)


@pytest.fixture(scope="module")
def shown(notebook: Any, project_service: Service) -> dict[str, Any]:
    """Run the cells in order in a fresh process, and return what they leave behind."""
    cells = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert len(cells) > 5
    ran = subprocess.run(
        [sys.executable, "-W", "error", "-c", "\n".join([*cells, AFTERWARDS])],
        env={**os.environ, "SURPLACE_URL": project_service.url},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout.rpartition("SHOWN")[2])
    assert isinstance(found, dict)
    return found


def test_the_notebook_is_valid_and_without_outputs(notebook: Any) -> None:
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert (cell.outputs, cell.execution_count) == ([], None)
    # what is committed is what the library writes, so that saving it again changes nothing
    assert NOTEBOOK.read_text(encoding="utf-8") == nbformat.writes(notebook) + "\n"


def test_it_says_which_question_was_put_to_which_release(
    shown: dict[str, Any], project_release: Path
) -> None:
    release = json.loads((project_release / "current" / "manifest.json").read_text(encoding="utf-8"))[
        "release"
    ][:16]
    assert shown["asked"]["Surplace-Query"] == "which-treaties-bind-a-state-and-since-when"
    assert shown["asked"]["Surplace-Release"] == release
    assert shown["release"] == f"https://w3id.org/surplace/release/{release}"


def test_the_first_question_gives_days_and_what_is_rejected(shown: dict[str, Any]) -> None:
    days = {treaty: day[:10] for treaty, day in shown["in_force"].items()}
    assert days["1951 Convention relating to the Status of Refugees"] == "1982-12-23"
    assert days["1967 Protocol relating to the Status of Refugees"] == "1982-09-24"
    assert days["Convention against Torture"] == "1988-11-03"
    assert set(shown["otherwise"]["otherSourceSays"].values()) == {"deposited 1983", "ratified"}


def test_the_second_question_gives_body_and_sentence(shown: dict[str, Any]) -> None:
    asked = shown["requests"]
    assert {(body, asked["passageLabel"][row]) for row, body in asked["bodyLabel"].items()} == {
        ("Commission of inquiry on human rights in North Korea", "A/HRC/25/63: paragraph 90, in translation"),
        ("Committee against Torture", "Cohen 2010, paragraph 5, sentence 3"),
    }
    assert len(shown["recommendations"]) > 1


def test_the_third_question_leads_down_to_a_sentence(shown: dict[str, Any]) -> None:
    assert len(shown["path"]) > 1
    assert shown["sentence"] == "https://w3id.org/surplace/source/cohen-2010/p4/s8"
    assert (shown["place"]["hasParagraphNumber"], shown["place"]["hasSentenceNumber"]) == (4, 8)
    assert shown["place"]["beginsWith"]
    assert shown["place"]["endsWith"]
