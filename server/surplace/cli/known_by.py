"""`surplace known-by`: what could be concluded from what had been published by a day."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from surplace.cli.options import release_option
from surplace.engine.release import find_release
from surplace.suppose.known_by import known_by
from surplace.words.days import read_day


@click.command(epilog="Example: surplace known-by 2010-09-13")
@click.argument("day", type=read_day)
@click.option("--json", "for_programs", is_flag=True, help="Report as JSON on standard output.")
@release_option
def command(day: date, for_programs: bool, release: Path | None) -> None:
    """List which conclusions differ if the rules run on nothing but what was known by DAY.

    Sources published later are left out; the depositary's register ends on the day.
    """
    found = known_by(find_release(release), day)
    if for_programs:
        click.echo(json.dumps([asdict(item) for item in found], indent=2, ensure_ascii=False))
        return
    for kind in sorted({item.kind for item in found}):
        for change, words in (
            ("gone", "not known then"),
            ("new", "concluded then only"),
            ("different", "otherwise"),
        ):
            items = [item for item in found if (item.kind, item.change) == (kind, change)]
            if items:
                click.echo(f"{kind}, {words}: {len(items)}")
            if kind != "standings":
                for item in items:
                    click.echo(f"    {item.label}: {item.after or item.before}")
    if not found:
        click.echo("All that is concluded could be concluded then.")
