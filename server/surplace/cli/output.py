"""Answers at the terminal: a table that fits its width, or one of the formats as it is."""

from __future__ import annotations

import sys
from contextlib import closing
from typing import Final

import click
from pyoxigraph import NamedNode
from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from surplace.catalogue.query import LABEL
from surplace.engine.knowledge import Knowledge
from surplace.engine.missing import missing_names, rests_on_absence
from surplace.engine.protocol import Request
from surplace.engine.table import Row, Table
from surplace.namespaces import BASE, compact
from surplace.rdf.formats import FORMATS, KINDS, formats_of
from surplace.rdf.terms import text_of
from surplace.sparql.emptiness import LONGEST, is_empty
from surplace.sparql.fault import place_of
from surplace.sparql.inspection import inspect
from surplace.sparql.variables import without_value

TABLE: Final = "table"
FORMAT_CHOICES: Final = (TABLE, *FORMATS)
NARROW: Final = 14
"""Characters that a column of a table needs; where there is no room, each row is printed as a list."""


def send(knowledge: Knowledge, query: str, form: str | None, *, checked: bool = False) -> None:
    """Answer *query* on standard output; without *form*, rows are a table and graphs are Turtle.

    Standard error names what the query names and the graph does not have, where nothing is found, and, unless
    the build has *checked* the text, where it rests on absence; then also the variables without a value.
    """
    empty = _send(knowledge, query, form)
    for token in () if checked else without_value(query):
        line, column = place_of(query, token.start)
        said = f"nothing gives {token.text} a value: correct its name, or leave it out."
        click.echo(f"surplace: line {line}, column {column}: {said}", err=True)
    if empty or (rests_on_absence(query) and not checked):
        for name in knowledge.engine.run(missing_names(knowledge, query)):
            place = f"line {name.line}, column {name.column}"
            click.echo(f"surplace: {place}: {_printable(name.sentence)}", err=True)


def _send(knowledge: Knowledge, query: str, form: str | None) -> bool:
    """Answer *query*; tell whether nothing was found."""
    kind = inspect(query).form
    if form in (None, TABLE) and kind == "SELECT":
        table = knowledge.shown(query)
        show(knowledge, table)
        return not table.rows
    if form in (None, TABLE) and kind == "ASK":
        verdict = knowledge.ask(query)
        click.echo("yes" if verdict else "no")
        return not verdict
    wanted = {
        item: formats_of(item)[0].name if form in (None, TABLE) else str(form)
        for item in KINDS
        if form in (None, TABLE) or item in FORMATS[str(form)].kinds
    }
    answer = knowledge.engine.ask(Request(query, wanted))
    with closing(answer):
        for part in answer:
            sys.stdout.buffer.write(part)
        sys.stdout.buffer.flush()
        return answer.size <= LONGEST and is_empty(answer.kind, answer.format, b"".join(answer))


def show(knowledge: Knowledge, table: Table) -> None:
    """Print a table: the label of a thing with its short IRI below it, or one list for each row."""
    names = [
        name for name in table.columns if name.removesuffix(LABEL) not in table.columns or name[-5:] != LABEL
    ]
    labels = knowledge.labels(
        term.value
        for row in table.rows
        for name in names
        if name + LABEL not in table.columns
        and isinstance(term := row.get(name), NamedNode)
        and term.value.startswith(BASE)
    )
    console = Console(highlight=False)
    if len(names) * NARROW <= console.width:
        grid = Grid(*names, show_lines=len(names) > 1, header_style="bold")
        for row in table.rows:
            grid.add_row(*(_cell(row, name, labels) for name in names))
        console.print(grid)
    else:
        for number, row in enumerate(table.rows, 1):
            console.rule(str(number), style="dim", align="left")
            record = Grid.grid(padding=(0, 2))
            for name in names:
                if name in row:
                    record.add_row(f"[bold]{name}[/bold]", _cell(row, name, labels))
            console.print(record)
    more = "; there are more, which were cut" if table.cut else ""
    console.print(f"{len(table.rows)} {'row' if len(table.rows) == 1 else 'rows'}{more}", style="dim")


def _cell(row: Row, name: str, labels: dict[str, str]) -> str:
    term = row.get(name)
    if term is None:
        return ""
    if not isinstance(term, NamedNode):
        return escape(_printable(text_of(term)))
    label = text_of(row[name + LABEL]) if name + LABEL in row else labels.get(term.value)
    short = escape(_printable(compact(term.value)))
    return f"{escape(_printable(label))}\n[dim]{short}[/dim]" if label else short


def _printable(text: str) -> str:
    """Replace control characters, which a terminal might obey."""
    return "".join(
        character if character.isprintable() or character == "\n" else "\ufffd" for character in text
    )
