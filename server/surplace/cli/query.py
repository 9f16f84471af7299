"""`surplace query`: ask a question of the catalogue, or list them."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from surplace.catalogue import Catalogue, Query, load_catalogue, load_query
from surplace.catalogue.asked import ask
from surplace.catalogue.groups import heading
from surplace.cli.options import endpoint_option, open_target, queries_option, release_option
from surplace.cli.output import FORMAT_CHOICES, TABLE, send, show
from surplace.errors import SurplaceError
from surplace.resources import queries_dir


@click.command(epilog="Example: surplace query which-treaties-bind-a-state-and-since-when -p state=CHN")
@click.argument("name", required=False)
@click.option(
    "-p",
    "--param",
    "params",
    metavar="KEY=VALUE",
    multiple=True,
    help="Value of a parameter; may be repeated.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMAT_CHOICES),
    help="Form of the answer; a table, or ttl for a graph.",
)
@release_option
@endpoint_option
@queries_option
def command(
    name: str | None,
    params: tuple[str, ...],
    form: str | None,
    release: Path | None,
    endpoint: str | None,
    queries: Path | None,
) -> None:
    """Ask the question NAME (or the query file at the path NAME); without NAME, list the questions."""
    if name is None:
        _list(load_catalogue(queries or queries_dir()))
        return
    query = _find(name, queries)
    values = _values(params)
    engine = open_target(release, endpoint)
    try:
        from surplace.engine.knowledge import Knowledge
        from surplace.engine.stale import stale

        knowledge = Knowledge(engine)
        if query.category and (old := stale([query], knowledge)):  # not of a file by itself
            click.echo(f"surplace: {old}", err=True)
        asked = ask(query, values, knowledge.choices)
        if query.kind == "bindings" and form in (None, TABLE):
            table = knowledge.answer(asked)
            if table.summary:
                Console(highlight=False).print(escape(table.summary), end="\n\n")
            show(knowledge, table)
        else:
            send(knowledge, asked.text, form, checked=True)
    finally:
        engine.close()


def _find(name: str, queries: Path | None) -> Query:
    """Return the query of that name, or the one in the file of that path."""
    path = Path(name)
    if path.suffix == ".rq":
        return load_query(path)
    return load_catalogue(queries or queries_dir())[name]


def _values(params: tuple[str, ...]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for item in params:
        key, equals, value = item.partition("=")
        if not equals or not key:
            raise SurplaceError(f'"{item}" lacks a name or a value: write NAME=VALUE.')
        values.setdefault(key, []).append(value)
    return values


def _list(catalogue: Catalogue) -> None:
    """Print the questions: names only to a pipe, with summaries and parameters to a terminal."""
    if not sys.stdout.isatty():
        for query in catalogue.questions():
            click.echo(f"{query.name}\t{query.summary}")
        return
    table = Table("question", "what it answers", "parameters", box=None, pad_edge=False)
    for group, queries in catalogue.by_group().items():
        table.add_row(f"[bold]{heading(group)}[/bold]")
        for query in queries:
            table.add_row(query.name, query.summary, " ".join(query.params))
    Console().print(table)
