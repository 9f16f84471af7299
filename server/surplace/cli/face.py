"""`surplace face`: makes the editor of the page /sparql."""

from __future__ import annotations

import click

from surplace.face.making import make


@click.command(epilog="Example: surplace face && surplace serve")
@click.option("--quiet", is_flag=True, help="Say nothing but faults.")
def command(quiet: bool) -> None:
    """Make the SPARQL editor of the pages, with packages from npm's registry.

    It is made once, and again when its sources change. Where it cannot be made, /sparql has a plain text area
    and says why. npm is the one on the PATH, else pip gets one; its own settings say which registry it asks.
    """
    made = make()
    if not quiet:
        click.echo(
            f"The editor {'was made' if made else 'is there already'}: /sparql has it from the next start."
        )
