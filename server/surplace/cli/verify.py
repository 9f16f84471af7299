"""`surplace verify-source`: the passages of a source against its text."""

from __future__ import annotations

import json
from pathlib import Path

import click

from surplace import resources
from surplace.build.records import Records
from surplace.build.sources import read_sources
from surplace.digests import record
from surplace.errors import SurplaceError
from surplace.namespaces import SOURCE
from surplace.sourcetext import read_text, text_passages, verify


@click.command(epilog="Example: surplace verify-source cohen-2010 --text cohen-2010.txt --write")
@click.argument("document")
@click.option("--text", "path", type=click.Path(path_type=Path), required=True, help="The text, in UTF-8.")
@click.option(
    "--with",
    "additions",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A folder laid out like data/, to be read as well; may be repeated.",
)
@click.option(
    "--write", "writing", is_flag=True, help="Record the digests of the text, once all passages are found."
)
@click.option("--json", "for_programs", is_flag=True, help="Report as JSON on standard output.")
def command(
    document: str, path: Path, additions: tuple[Path, ...], writing: bool, for_programs: bool
) -> None:
    """Find every passage of the source DOCUMENT in its text, and check the digests.

    Reports passages that are missing, have changed or have no digest yet, and text that no passage covers;
    any of them gives exit code 1. With --write, digests are no problem but are recorded.
    """
    folders = [resources.data_dir(), *additions]
    sources = read_sources(folders)
    passages = text_passages(sources, document)
    recorded = Records(sources.quads).values(SOURCE + document, "hasPassagesDigest")
    outcome = verify(read_text(path), passages, recorded[0] if recorded else "")
    if len(outcome.found) * 10 < len(passages):
        raise SurplaceError(
            f"{path} is not the text of {document} ({len(outcome.found)} of its {len(passages)} passages are "
            "in it): name the right text with --text."
        )
    unchanged = sum(place.unchanged for place in outcome.found)
    problems = outcome.unwritable if writing else outcome.problems
    written: list[Path] = []
    if writing and not problems:
        digests = {place.passage.iri: place.digest for place in outcome.found}
        written = record(folders, digests, SOURCE + document, outcome.common)
        unchanged = len(digests)
    if for_programs:
        report = {
            "source": SOURCE + document,
            "passages": len(passages),
            "found": len(outcome.found),
            "unchanged": unchanged,
            "problems": problems,
            "written": [str(file) for file in written],
        }
        click.echo(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        for problem in problems:
            click.echo(problem, err=True)
        click.echo(f"{len(outcome.found)} of {len(passages)} passages found, {unchanged} of them unchanged.")
        if writing and problems:
            click.echo("Nothing was written: mend the above first.", err=True)
        for file in written:
            click.echo(f"Digests recorded in {file}")
    if problems:
        raise SystemExit(1)
