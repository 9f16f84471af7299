"""`surplace verify-source`: the passages of a source against its text."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import click

from surplace import resources
from surplace.build.records import Records
from surplace.build.sources import Sources, read_sources
from surplace.digests import record
from surplace.errors import SurplaceError
from surplace.namespaces import SOURCE
from surplace.provisions import Comparison, ProvisionPassage, compare, provision_passages
from surplace.sourcetext import Passage, Verification, decoded, normalised, text_passages, verify


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
    any of them gives exit code 1. With --write, digests are no problem but are recorded. The text of a treaty
    (text-…) is cut into articles and their divisions; spaces, hyphens and quotation marks are not compared.
    """
    folders = [resources.data_dir(), *additions]
    sources = read_sources(folders)
    passages, outcome = _outcome(path, sources, document)
    problems = outcome.unwritable if writing else outcome.problems
    unchanged = outcome.unchanged
    written: list[Path] = []
    if writing and not problems:
        common = outcome.common if isinstance(outcome, Verification) else None
        written = record(folders, outcome.digests, SOURCE + document, common)
        unchanged = len(outcome.digests)
    if for_programs:
        report = {
            "source": SOURCE + document,
            "passages": passages,
            "found": len(outcome.digests),
            "unchanged": unchanged,
            "problems": problems,
            "written": [str(file) for file in written],
        }
        click.echo(json.dumps(report, indent=2, ensure_ascii=False))
    else:
        for problem in problems:
            click.echo(problem, err=True)
        click.echo(f"{len(outcome.digests)} of {passages} passages found, {unchanged} of them unchanged.")
        for note in outcome.notes:
            click.echo(note)
        if writing and problems:
            click.echo("Nothing was written: mend the above first.", err=True)
        for file in written:
            click.echo(f"Digests recorded in {file}")
    if problems:
        raise SystemExit(1)


def _outcome(path: Path, sources: Sources, document: str) -> tuple[int, Verification | Comparison]:
    """Return how many passages a source has, and what came of comparing them with a text.

    Raises SurplaceError for a source without such passages, and for a text that is not its own.
    """
    provisions = provision_passages(sources, document)
    passages: Sequence[Passage | ProvisionPassage] = provisions or (texts := text_passages(sources, document))
    text = decoded(path)
    outcome: Verification | Comparison
    if provisions:
        outcome = compare(text, provisions)
        recorded = sum(bool(passage.digest) for passage in provisions)
        fits, of = (outcome.unchanged, recorded) if recorded else (len(outcome.digests), len(provisions))
        least = 0.5 if recorded else 0.1
    else:
        common = Records(sources.quads).values(SOURCE + document, "hasPassagesDigest")
        outcome = verify(normalised(text), texts, common[0] if common else "")
        fits, of, least = len(outcome.digests), len(texts), 0.1
    if fits < least * of:
        raise SurplaceError(
            f"{path} is not the text of {document} ({fits} of its {of} passages are in it): "
            "name the right text with --text."
        )
    return len(passages), outcome
