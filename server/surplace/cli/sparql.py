"""`surplace sparql`: run any query from a file or from standard input."""

from __future__ import annotations

from pathlib import Path
from typing import IO

import click

from surplace.cli.options import endpoint_option, open_target, release_option
from surplace.cli.output import FORMAT_CHOICES, send
from surplace.errors import SurplaceError


@click.command(epilog="Example: echo 'SELECT * { ?s ?p ?o } LIMIT 5' | surplace sparql -")
@click.argument("file", type=click.File("rb"))
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMAT_CHOICES),
    help="Form of the answer; a table, or ttl for a graph.",
)
@release_option
@endpoint_option
def command(file: IO[bytes], form: str | None, release: Path | None, endpoint: str | None) -> None:
    """Run the SPARQL query in FILE (- is standard input)."""
    try:
        text = file.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SurplaceError(f"{file.name} is not UTF-8 (byte {error.start}): save it as UTF-8.") from None
    engine = open_target(release, endpoint)
    try:
        from surplace.engine.knowledge import Knowledge

        send(Knowledge(engine), text, form)
    finally:
        engine.close()
