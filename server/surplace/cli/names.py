"""`surplace names`: what there is to write data with, by kind."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from surplace import resources
from surplace.build.naming import Name, read_naming
from surplace.errors import SurplaceError
from surplace.suppose.description import nearest
from surplace.words.english import joined


@click.command(epilog="Example: surplace names action return")
@click.argument("kind")
@click.argument("words", nargs=-1)
@click.option(
    "--with",
    "additions",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A folder laid out like data/, to be read as well; may be repeated.",
)
@click.option("--json", "for_programs", is_flag=True, help="Report as JSON on standard output.")
def command(kind: str, words: tuple[str, ...], additions: tuple[Path, ...], for_programs: bool) -> None:
    """List the names of a KIND in ontology and data, each with its label and what it means.

    A kind is a class – action, harm, population, measure, state, treaty, document, un-body – or a prefix,
    such as body; "property" and "class" list the terms to say something with. With WORDS, only those are
    listed in which each of them stands. Read are the files, so no release is needed.
    """
    naming = read_naming(resources.ontology_dir(), [resources.data_dir(), *additions])
    key = kind.strip().lower().replace(" ", "-")
    found = naming.of(key) or naming.of(key.removesuffix("s"))
    if not found:
        raise SurplaceError(f'"{kind}" is not a kind of name: {nearest(key, naming.kinds())}.')
    found = [item for item in found if all(word.lower() in _text(item).lower() for word in words)]
    if for_programs:
        click.echo(json.dumps([asdict(item) for item in found], indent=2, ensure_ascii=False))
        return
    for item in found:
        click.echo(f"{item.name}  {item.label}")
        click.echo(
            "    " + (f"{item.kind}: {item.definition}" if "→" in item.kind else item.definition or item.kind)
        )
    if not found:
        click.echo(f"No {kind} has {joined(words)} in its name or definition.", err=True)


def _text(item: Name) -> str:
    """Return what is searched of a name."""
    return f"{item.name} {item.label} {item.definition} {item.kind}"
