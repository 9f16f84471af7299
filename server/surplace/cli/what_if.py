"""`surplace what-if`: what would change if a state withdrew a reservation, acceded or left."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import click

from surplace.cli.naming import code_of
from surplace.cli.options import release_option
from surplace.engine.release import Release, find_release
from surplace.errors import SurplaceError
from surplace.explain.statements import to_iri
from surplace.namespaces import ID
from surplace.suppose.binding import summary_of_changes
from surplace.suppose.supposition import Supposition, refuse_others
from surplace.suppose.what_if import what_if
from surplace.words.days import read_day

EXAMPLE = "surplace what-if --withdraw reservation:1967-protocol/CHN/1 --on 2012-01-01"


@click.command(epilog=f"Example: {EXAMPLE}")
@click.option("--withdraw", metavar="RESERVATION", help="A reservation that is withdrawn.")
@click.option("--accede", nargs=2, metavar="STATE TREATY", help="A state that accedes to a treaty.")
@click.option("--denounce", nargs=2, metavar="STATE TREATY", help="A state that denounces a treaty.")
@click.option(
    "--on",
    "day",
    metavar="DAY",
    type=read_day,
    required=True,
    help="The day of withdrawal, deposit or notice.",
)
@click.option(
    "--effect",
    metavar="DAY",
    type=read_day,
    help="The day on which a denunciation takes effect, where no clause of the treaty fixes it.",
)
@click.option("--json", "for_programs", is_flag=True, help="Report as JSON on standard output.")
@release_option
def command(
    withdraw: str | None,
    accede: tuple[str, str] | None,
    denounce: tuple[str, str] | None,
    day: date,
    effect: date | None,
    for_programs: bool,
    release: Path | None,
) -> None:
    """Suppose one thing, run the rules again in memory, and list what comes out otherwise.

    The release is only read. A STATE is a code such as CHN or a name, a TREATY a name such as cat.
    """
    if sum(map(bool, (withdraw, accede, denounce))) != 1:
        raise SurplaceError("Suppose one thing: give one of --withdraw, --accede and --denounce.")
    kind = "withdraw" if withdraw else "accede" if accede else "denounce"
    refuse_others(kind, ["effect"] if effect else [])
    of = find_release(release)
    suppositions = _suppositions(of, withdraw, accede, denounce, day, effect)
    found = what_if(of, suppositions)
    if for_programs:
        click.echo(json.dumps([asdict(item) for item in found], indent=2, ensure_ascii=False))
        return
    click.echo(summary_of_changes(found))
    for item in found:
        click.echo(f"{item.kind}, {item.change}: {item.label}")
        if item.before:
            click.echo(f"    was: {item.before}")
        if item.after:
            click.echo(f"    would be: {item.after}")


def _suppositions(
    release: Release,
    withdraw: str | None,
    accede: tuple[str, str] | None,
    denounce: tuple[str, str] | None,
    day: date,
    effect: date | None,
) -> list[Supposition]:
    """Read what is supposed from the options."""
    found = []
    if withdraw:
        found.append(Supposition("withdraw", day, reservation=to_iri(withdraw).value))
    for kind, pair in (("accede", accede), ("denounce", denounce)):
        if pair:
            state = _iri("state", code_of(release, "State", pair[0], f"--{kind} STATE"))
            treaty = _iri("instrument", code_of(release, "Treaty", pair[1], f"--{kind} TREATY"))
            found.append(Supposition(kind, day, state=state, treaty=treaty, effect=effect))
    return found


def _iri(kind: str, text: str) -> str:
    """Return the IRI of a state or treaty, which may be given by its key."""
    return to_iri(text).value if ":" in text or "/" in text else to_iri(f"{ID}{kind}/{text}").value
