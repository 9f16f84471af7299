"""`surplace check`: everything that a build examines, without writing a release."""

from __future__ import annotations

import os
from pathlib import Path

import click
from rich.console import Console

from surplace.build.learned import Learned
from surplace.build.pipeline import checked
from surplace.build.report import BuildStopped, Report
from surplace.cli.build import announcing, as_json, inputs, show_warnings, summary
from surplace.engine.release import DEFAULT


@click.command(epilog="Example: surplace check --with my-data")
@click.option(
    "--with",
    "additions",
    type=click.Path(path_type=Path),
    multiple=True,
    help="A folder laid out like data/, to be read as well; may be repeated.",
)
@click.option("--judge", "judged", is_flag=True, help="Let pySHACL validate too, and fail where it differs.")
@click.option("--quiet", is_flag=True, help="Say nothing but faults.")
@click.option("--json", "for_programs", is_flag=True, help="Report as JSON on standard output.")
def command(additions: tuple[Path, ...], judged: bool, quiet: bool, for_programs: bool) -> None:
    """Run the shapes and the checks over ontology and data, and write nothing."""
    report = Report()
    console = Console(stderr=True)
    try:
        checked(
            inputs(additions),
            report,
            announcing(console, quiet=quiet or for_programs),
            Learned(Path(os.environ.get("SURPLACE_OUT", DEFAULT))),
            judged=judged,
        )
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
