"""queries/README.md lists every question as its header describes it, and each has an example that answers."""

from __future__ import annotations

import pytest

from surplace.catalogue import Instance, Query
from surplace.catalogue.groups import GROUPS, heading
from surplace.resources import queries_dir
from two_engines import Engines, questions

README = queries_dir() / "README.md"
WITHOUT_PARAMETERS = "–"


def command(query: Query) -> str:
    """Return the command that asks the example of a question."""
    values = "".join(f" -p {name}={value}" for name, value in query.example.items())
    return f"surplace query {query.name}{values}{' --format ttl' if query.kind == 'graph' else ''}"


def table() -> str:
    """Return the questions as a Markdown table, with an example command for each."""
    rows = ["| name | question | parameters | example |", "|---|---|---|---|"]
    for group, queries in questions().by_group().items():
        rows.append(f"| **{heading(group)}** | | | |")
        for query in queries:
            params = ", ".join(f"`{name}`" for name in query.params) or WITHOUT_PARAMETERS
            link = f"[{query.name}]({query.category}/{query.path.name})"
            rows.append(f"| {link} | {query.summary} | {params} | `{command(query)}` |")
    return "\n".join(rows) + "\n"


def entries() -> str:
    """Return a section for each question: what it asks, what the rows are, and what an example shows."""
    return "\n".join(
        f"### {query.name}\n\n"
        f"- **Question:** {query.summary}.\n"
        f"- **Outcome:** {query.outcome}\n"
        f"- **Example:** `{command(query)}` → {query.shows}\n"
        for queries in questions().by_group().values()
        for query in queries
    )


def test_every_question_says_what_its_rows_are_and_what_its_example_shows() -> None:
    for query in questions():
        assert query.outcome.endswith("."), query.name
        assert query.shows.endswith("."), query.name
        assert bool(query.example) == bool(query.params), query.name
    assert list(questions().by_group()) == list(GROUPS)


@pytest.mark.parametrize("name", sorted(questions().queries))
def test_the_example_of_a_question_answers(name: str, real_engines: Engines) -> None:
    query = questions()[name]

    def choices(class_iri: str) -> list[Instance]:
        """Return the instances of a class, as the server's pick-lists do."""
        text = f"SELECT DISTINCT ?i WHERE {{ ?i a <{class_iri}> }}"
        found = real_engines.store.query(text)
        return [Instance(solution[0].value, "") for solution in found]  # type: ignore[union-attr]

    assert real_engines.oxigraph(query.bind(query.example, choices))
