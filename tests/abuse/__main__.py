"""`python -m abuse`: runs attacks and prints what they came to; the exit code tells whether all held."""

from __future__ import annotations

import json
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import click

from abuse.plan import ATTACKS
from abuse.target import Result

ROOT = Path(__file__).parents[2]


@click.command()
@click.argument("names", nargs=-1, type=click.Choice([*ATTACKS]))
@click.option(
    "--short", is_flag=True, help="Run the short forms, as the test suite does, where there are any."
)
@click.option(
    "--release",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=ROOT / ".surplace",
    help="A folder of releases; surplace build makes one.",
)
@click.option("--json", "file", type=click.Path(path_type=Path), help="Add a line of JSON for each attack.")
def main(names: tuple[str, ...], release: Path, file: Path | None, *, short: bool) -> None:
    """Attack a service of this machine: all attacks, or those named."""
    failed = []
    for name in names or ATTACKS:
        begun = time.monotonic()
        result = ATTACKS[name](release.resolve(), short=short)
        took = time.monotonic() - begun
        _show(name, result, took)
        if file is not None:
            _note(file, name, result, took)
        if result.faults:
            failed.append(name)
    if failed:
        raise SystemExit(f"abuse: {', '.join(failed)} did not hold.")


def _show(name: str, result: Result, took: float) -> None:
    click.secho(f"{name}: {ATTACKS[name].about} ({took:.0f} s)", bold=True)
    for title, value in result.figures.items():
        click.echo(f"  {title}: {value}")
    for fault in result.faults[:20]:
        click.secho(f"  FAULT: {fault}", fg="red")
    if len(result.faults) > 20:
        click.secho(f"  and {len(result.faults) - 20} faults more", fg="red")


def _note(file: Path, name: str, result: Result, took: float) -> None:
    line = {
        "attack": name,
        "day": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "seconds": round(took),
        "figures": result.figures,
        "faults": len(result.faults),
    }
    with file.open("a", encoding="utf-8") as out:
        out.write(json.dumps(line) + "\n")


if __name__ == "__main__":
    main()
