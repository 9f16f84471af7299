"""queries/README.md lists every question as its header describes it, and each has an example that answers."""

from __future__ import annotations

import itertools
import re
import shlex
from collections.abc import Mapping

import pytest

from surplace.catalogue import Catalogue, Choice
from surplace.resources import data_dir, queries_dir
from two_engines import Engines, engines_over, questions

README = queries_dir() / "README.md"
ENTRY = re.compile(
    r"^### (?P<name>\S+)\n\n"
    r"- \*\*Question:\*\* (?P<question>.+)\n"
    r"- \*\*Outcome:\*\* (?P<outcome>.+)\n"
    r"- \*\*Example:\*\* `(?P<command>[^`]+)` → (?P<answer>.+)\n",
    re.MULTILINE,
)
WITHOUT_PARAMETERS = "–"


def table(catalogue: Catalogue, examples: Mapping[str, str]) -> list[str]:
    """Write the table of questions from their headers, with an example command for each."""
    rows = ["| name | question | parameters | example |", "|---|---|---|---|"]
    for category, queries in catalogue.by_category().items():
        for query in queries:
            params = ", ".join(f"`{name}`" for name in query.params) or WITHOUT_PARAMETERS
            link = f"[{query.name}]({category}/{query.path.name})"
            rows.append(f"| {link} | {query.summary} | {params} | `{examples[query.name]}` |")
    return rows


@pytest.fixture(scope="module")
def readme() -> str:
    return README.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def entries(readme: str) -> list[dict[str, str]]:
    return [match.groupdict() for match in ENTRY.finditer(readme)]


@pytest.fixture(scope="module")
def real() -> Engines:
    return engines_over([data_dir()])


def test_the_table_is_the_one_that_the_headers_give(readme: str, entries: list[dict[str, str]]) -> None:
    shown = [line for line in readme.splitlines() if line.startswith("|")]
    assert shown == table(questions(), {entry["name"]: entry["command"] for entry in entries})


def test_every_question_has_one_entry(readme: str, entries: list[dict[str, str]]) -> None:
    names = [entry["name"] for entry in entries]
    assert names == list(questions().queries)
    assert readme.count("\n### ") == len(names)


def test_an_entry_asks_what_the_header_asks(entries: list[dict[str, str]]) -> None:
    for entry in entries:
        assert entry["question"] == questions()[entry["name"]].summary + "."


@pytest.mark.parametrize("name", sorted(questions().queries))
def test_the_example_of_an_entry_answers(name: str, entries: list[dict[str, str]], real: Engines) -> None:
    (command,) = [entry["command"] for entry in entries if entry["name"] == name]
    program, verb, asked, *options = shlex.split(command)
    assert (program, verb, asked) == ("surplace", "query", name)
    values = dict(value.split("=", 1) for flag, value in itertools.pairwise(options) if flag == "-p")

    def choices(class_iri: str) -> list[Choice]:
        """Return the instances of a class, as the server's pick-lists do."""
        text = f"SELECT DISTINCT ?i WHERE {{ ?i a <{class_iri}> }}"
        found = real.store.query(text)
        return [Choice(solution[0].value, "") for solution in found]  # type: ignore[union-attr]

    assert real.oxigraph(questions()[name].bind(values, choices))
