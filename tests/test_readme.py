"""What the README shows is what the project does."""

from __future__ import annotations

import re
from pathlib import Path

import click

from surplace.cli import main
from two_engines import Engines, header, questions

README = (Path(__file__).resolve().parents[1] / "README.md").read_text(encoding="utf-8")


def table_below(heading: str) -> list[tuple[str, ...]]:
    """Return the rows of the first table below a heading, without the line of column names."""
    lines = README.split(f"## {heading}\n", 1)[1].splitlines()
    start = next(i for i, line in enumerate(lines) if line.startswith("|"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        rows.append(tuple(cell.strip() for cell in line.strip("|").split("|")))
    return rows


def test_the_answer_shown_is_the_answer_given(real_engines: Engines) -> None:
    query = questions()["which-un-body-asked-which-state-for-what"]
    names = header(query)
    found: dict[tuple[str, ...], None] = {}
    for values in real_engines.oxigraph(query.bind({"state": "state:CHN"})):
        row = dict(zip(names, values, strict=True))
        if row["paragraph"]:
            part = f", para. {row['documentParagraph']}" if row["documentParagraph"] else ""
            document = row["symbol"] + part if row["symbol"] else "not named"
            place = f"paragraph {row['paragraph']}, sentence {row['sentence']}"
            found[row["bodyLabel"], row["actionLabel"], document, place] = None
    assert table_below("One answer") == list(found)


def test_every_command_is_named() -> None:
    assert isinstance(main, click.Group)
    commands = main.list_commands(click.Context(main))
    assert len(commands) >= 7
    for command in commands:
        assert re.search(rf"`surplace {command}\b", README), f"the README does not name surplace {command}"
