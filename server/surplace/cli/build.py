"""`surplace build`: from the ontology and the data to a release."""

from __future__ import annotations

import json
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from surplace import resources
from surplace.build.pipeline import Inputs, Progress, build
from surplace.build.report import BuildStopped, Report, Violation


def inputs(additions: tuple[Path, ...]) -> Inputs:
    """Return the folders of this installation, and those that the user adds."""
    return Inputs(resources.ontology_dir(), resources.data_dir(), resources.queries_dir(), additions)


def summary(report: Report) -> Table:
    """Return what a build did as a table."""
    table = Table(title=f"Release {report.release}" if report.release else "Checked", title_justify="left")
    table.add_column("stage")
    table.add_column("seconds", justify="right")
    for stage, seconds in report.seconds.items():
        table.add_row(stage, f"{seconds:.2f}")
    table.add_row("all", f"{sum(report.seconds.values()):.2f}", end_section=True)
    for name, count in report.counts.items():
        table.add_row(name, f"{count:,}")
    return table


def as_json(report: Report, violations: list[Violation]) -> str:
    """Return what a build did for programs; the release is null if none was written."""
    faults = [
        {
            "severity": violation.severity,
            "check": violation.check,
            "subject": violation.subject,
            "file": violation.file,
            "message": violation.message,
        }
        for violation in violations
    ]
    seconds = {stage: round(value, 3) for stage, value in report.seconds.items()}
    document = {
        "release": report.release or None,
        "folder": str(report.folder) if report.folder else None,
        "unchanged": report.unchanged,
        "seconds": seconds,
        "counts": report.counts,
        "faults": faults,
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def announcing(console: Console, *, quiet: bool) -> Progress:
    """Return a function that shows which stage runs."""
    if quiet or not console.is_terminal:
        return str
    return lambda stage: console.print(f"[bold]{stage}[/bold] …", highlight=False)


def show_warnings(report: Report) -> None:
    """Print the warnings on standard error, one sentence a line."""
    for warning in report.warnings:
        click.echo(f"warning: {warning.message}", err=True)


@click.command(epilog="Example: surplace build --with my-data --out /srv/surplace")
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    envvar="SURPLACE_OUT",
    default=".surplace",
    show_default=True,
    help="Where releases are kept; also SURPLACE_OUT.",
)
@click.option(
    "--with",
    "additions",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A folder laid out like data/, to be read as well; may be repeated.",
)
@click.option("--force", is_flag=True, help="Build even if nothing has changed since the last build.")
@click.option("--quiet", is_flag=True, help="Say nothing but faults.")
@click.option("--json", "for_programs", is_flag=True, help="Report as JSON on standard output.")
def command(out: Path, additions: tuple[Path, ...], force: bool, quiet: bool, for_programs: bool) -> None:
    """Build a release from the ontology and the data, verify it, and make it the current one.

    Where nothing that it would read has changed since the last build, its release is verified and used again.

    A fault in the data stops the build with exit code 1, and the former release stays in use.
    """
    console = Console(stderr=True)
    report = Report()
    try:
        stages = announcing(console, quiet=quiet or for_programs)
        build(inputs(additions), out, stages, report, if_changed=not force)
    except BuildStopped as stopped:
        if for_programs:
            click.echo(as_json(report, stopped.violations))
        raise
    if for_programs:
        click.echo(as_json(report, report.warnings))
        return
    show_warnings(report)
    if not quiet:
        Console().print(summary(report))
        if report.unchanged:
            click.echo("Nothing has changed since the last build: its release was verified, and used again.")
        click.echo(f"The current release is {report.folder}; `surplace serve` serves it.")
