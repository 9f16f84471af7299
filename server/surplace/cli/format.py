"""`surplace format`: Turtle and TriG in one form, with the comments that tell a reader where he is."""

from __future__ import annotations

from pathlib import Path

import click

from surplace import resources
from surplace.errors import SurplaceError
from surplace.rdf.formatting import formatted
from surplace.rdf.turtle import SUFFIXES
from surplace.sparql.csv import BOM


def files_below(paths: list[Path]) -> list[Path]:
    """List the Turtle and TriG files at or below *paths*, sorted."""
    found: set[Path] = set()
    for path in paths:
        if path.is_dir():
            found |= {file for file in path.rglob("*") if file.suffix in SUFFIXES and file.is_file()}
        elif not path.exists():
            raise SurplaceError(f"{path} does not exist: name a file or folder of Turtle or TriG.")
        elif path.suffix not in SUFFIXES:
            raise SurplaceError(f"{path} is neither Turtle (.ttl) nor TriG (.trig): leave it out.")
        else:
            found.add(path)
    return sorted(found)


@click.command(epilog="Example: surplace format data/documents/cohen-2010.trig")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--check", is_flag=True, help="Change nothing; list the files that would change, and exit with 1."
)
def command(paths: tuple[Path, ...], check: bool) -> None:
    """Put Turtle and TriG at or below PATHS (default: ontology and data) into the project's form."""
    changed = 0
    for path in files_below(list(paths) or [resources.ontology_dir(), resources.data_dir()]):
        try:
            before = path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            raise SurplaceError(f"{path} is not UTF-8: save the file as UTF-8.") from None
        after = formatted(before.removeprefix(BOM), path.suffix, str(path))
        if after == before:
            continue
        changed += 1
        if check:
            click.echo(f"{path} is not formatted: run `surplace format {path}`.")
        else:
            path.write_text(after, encoding="utf-8", newline="\n")
            click.echo(f"Formatted {path}")
    if check and changed:
        raise SystemExit(1)
