"""`surplace explain`: why something is concluded, or who says it."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from surplace.cli.options import endpoint_option, open_target, release_option
from surplace.errors import SurplaceError
from surplace.explain.explanation import explain_statement, explain_thing
from surplace.explain.quoting import quoted, strangers
from surplace.explain.statements import Statement, to_iri, to_object, to_predicate
from surplace.explain.tree import DEPTH, WIDTH
from surplace.explain.writing import to_json, to_prov, to_text
from surplace.rdf.formats import GRAPHS
from surplace.texts import Texts, read_texts

EXAMPLE = "surplace explain id/finding/measure/china-returns-north-koreans/norm/1951-convention/33/1"


@click.command(epilog=f"Example: {EXAMPLE} --text cohen-2010.txt")
@click.argument("thing")
@click.argument("predicate", required=False)
@click.argument("value", required=False)
@click.option(
    "--text",
    "texts",
    metavar="FILE",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Text of a source, whose words are then quoted; that of a treaty id/instrument/NAME is NAME.txt; "
    "may be repeated.",
)
@click.option(
    "--depth", type=click.IntRange(1, 100), default=DEPTH, show_default=True, help="Steps to go down."
)
@click.option(
    "--width",
    type=click.IntRange(1, 1000),
    default=WIDTH,
    show_default=True,
    help="Premises of a step to name.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", *(form.name for form in GRAPHS)]),
    default="text",
    help="Form of the answer.",
)
@release_option
@endpoint_option
def command(
    thing: str,
    predicate: str | None,
    value: str | None,
    texts: tuple[Path, ...],
    depth: int,
    width: int,
    form: str,
    release: Path | None,
    endpoint: str | None,
) -> None:
    """Explain THING, or the statement THING PREDICATE VALUE, down to the sentences that it rests on.

    THING is an IRI, whole, with a prefix (state:CHN) or as a path below https://w3id.org/surplace/.
    """
    from surplace.engine.knowledge import Knowledge

    if (predicate is None) != (value is None):
        raise SurplaceError("A statement has three parts: give subject, predicate and object, or one thing.")
    engine = open_target(release, endpoint)
    try:
        knowledge = Knowledge(engine)
        if predicate is None or value is None:
            explanation = explain_thing(to_iri(thing), knowledge, depth, width)
        else:
            statement = Statement(to_iri(thing), to_predicate(predicate), to_object(value))
            explanation = explain_statement(statement, knowledge, depth, width)
        copies = Texts(read_texts(texts))
        if strange := strangers(copies, knowledge):
            raise SurplaceError(strange[0])
        explanation = quoted(explanation, copies, knowledge)
    finally:
        engine.close()
    if form == "text":
        click.echo(to_text(explanation), nl=False)
    elif form == "json":
        click.echo(json.dumps(to_json(explanation), indent=2, ensure_ascii=False))
    else:
        sys.stdout.buffer.write(to_prov(explanation, form))
