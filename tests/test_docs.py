"""The generated tables of the READMEs are those that `make docs` writes."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs import TABLES, Section, Table, routes_table
from surplace.routes.table import ROUTES


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.made().split("\n", 1)[0])
def test_a_table_is_the_one_that_is_generated(table: Table | Section) -> None:
    text = table.path.read_text(encoding="utf-8")
    assert table.put_into(text) == text, f"{table.path.name} is out of date: run `make docs`"


def test_a_table_takes_the_place_of_the_former_one() -> None:
    table = Table(Path("README.md"), lambda: "| a | b |\n|---|---|\n| 1 | 2 |\n")
    text = "# Title\n\n| a | b |\n|---|---|\n| 0 | 0 |\n| 0 | 0 |\n\n| a | c |\n|---|---|\n"
    assert table.put_into(text) == "# Title\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n| a | c |\n|---|---|\n"
    for wrong in ("# Title\n", text + text):
        with pytest.raises(SystemExit, match="let it stand there once"):
            table.put_into(wrong)


def test_every_route_is_in_the_table() -> None:
    lines = routes_table().splitlines()[2:]
    assert [line.split(" | ")[0] for line in lines] == [f"| `{route.address}`" for route in ROUTES.values()]
    (explain,) = [line for line in lines if line.startswith("| `/explain`")]
    assert explain == (
        "| `/explain` | GET, HEAD | `html`, `json`, `ttl`, `nt`, `rdf`, `jsonld`, `trig`, `nq` | `iri`, "
        "`s`, `p`, `o`, "
        "`depth`, `width`, `format` | yes | "
        "Explain a thing, or one statement: why it is concluded, or who says it |"
    )
