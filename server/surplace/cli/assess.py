"""`surplace assess`: which protection grounds may apply to a person whose circumstances are described."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import click

from surplace.cli.options import release_option
from surplace.engine.release import find_release
from surplace.suppose.person import assess, described

NOTICE = "This is research on what sources say, not legal advice; nothing about the person is stored."


@click.command(epilog="Example: surplace assess --yes left-without-permission --origin PRK --stay CHN")
@click.option(
    "--yes", multiple=True, metavar="CIRCUMSTANCE", help="A circumstance that is given; may be repeated."
)
@click.option("--no", multiple=True, metavar="CIRCUMSTANCE", help="One that is not given; may be repeated.")
@click.option("--origin", default="", metavar="STATE", help="The country of origin, such as PRK.")
@click.option("--stay", default="", metavar="STATE", help="The country of stay, such as CHN.")
@click.option("--json", "for_programs", is_flag=True, help="Report as JSON on standard output.")
@release_option
def command(
    yes: tuple[str, ...],
    no: tuple[str, ...],
    origin: str,
    stay: str,
    for_programs: bool,
    release: Path | None,
) -> None:
    """List the protection grounds that may apply to a person, element by element, with reasons.

    What is given in neither --yes nor --no is unknown. Circumstances are those of the vocabularies of risk
    factors and motives; a wrong one is answered with the list.
    """
    grounds = assess(find_release(release), described(yes, no, origin, stay))
    if for_programs:
        report = {"notice": NOTICE, "grounds": [asdict(ground) for ground in grounds]}
        click.echo(json.dumps(report, indent=2, ensure_ascii=False))
        return
    for ground in grounds:
        click.echo(f"{ground.label}: {ground.result} ({', '.join(ground.legal_basis)})")
        for element in ground.elements:
            click.echo(f"  {element.result}: {element.label}")
            for title, items in (("because of", element.evidence), ("depends on", element.depends_on)):
                if items and (title != "depends on" or element.result != "met"):
                    click.echo(f"    {title}: {'; '.join(items)}")
        for caveat in ground.caveats:
            click.echo(f"  caveat: {caveat}")
        if ground.protection:
            click.echo(f"  protects: {'; '.join(ground.protection)}")
    click.echo(NOTICE)
