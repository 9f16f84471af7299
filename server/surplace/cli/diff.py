"""`surplace diff`: what changed between two releases."""

from __future__ import annotations

import json
import re
from dataclasses import asdict
from pathlib import Path

import click

from surplace.build.difference import KINDS, counts, differences
from surplace.engine.release import find_release
from surplace.namespaces import compact

_IRI = re.compile(r"<([^<>\s]+)>")


@click.command(epilog="Example: surplace diff old/releases/8c1f42d0a7b39e56 .surplace --kind conclusions")
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(list(KINDS)),
    multiple=True,
    help="List only changes of this kind; may be repeated.",
)
@click.option("--json", "for_programs", is_flag=True, help="Report as JSON on standard output.")
def command(before: Path, after: Path, kinds: tuple[str, ...], for_programs: bool) -> None:
    """List what changed between the releases in the folders BEFORE and AFTER.

    One line for each statement, under the graph in which it stands: + for one that came, - for one that went.
    Then the terms and findings that came, went or are described otherwise, and numbers.
    """
    old, new = find_release(before), find_release(after)
    found = differences(old, new).of(kinds or list(KINDS))
    if for_programs:
        report = {
            "before": old.manifest["release"],
            "after": new.manifest["release"],
            **found.summary(),
            "changes": [asdict(change) for change in found.changes],
        }
        click.echo(json.dumps(report, indent=2, ensure_ascii=False))
        return
    graph = ""
    for change in found.changes:
        if change.graph != graph:
            graph = change.graph
            click.echo(f"{change.kind}: {compact(graph)}")
        words = _IRI.sub(lambda match: compact(match[1]), change.statement)
        click.echo(f"  {'+' if change.added else '-'} {words}")
    for term in found.terms:
        instead = f", use {compact(term.successor)}" if term.successor else ""
        click.echo(f"Term {term.how}: {compact(term.iri)}{instead}")
    for finding in found.findings:
        verdicts = " → ".join(dict.fromkeys(compact(iri) for iri in (finding.before, finding.after) if iri))
        click.echo(f"Finding {finding.how}: {compact(finding.iri)} ({verdicts})")
    for kind, (added, removed) in counts(found.changes).items():
        click.echo(f"{kind}: {added} added, {removed} removed.")
    if not found.changes:
        click.echo("Nothing changed.")
