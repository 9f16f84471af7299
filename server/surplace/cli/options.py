"""The options that the commands which ask have in common."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from surplace.engine.limits import Limits
from surplace.engine.release import Release, find_release
from surplace.errors import SurplaceError

if TYPE_CHECKING:
    from surplace.engine.blocking import Blocking

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

release_option: Decorator = click.option(
    "--release",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Folder of a release, or of all releases; .surplace unless SURPLACE_OUT says otherwise.",
)
endpoint_option: Decorator = click.option(
    "--endpoint", metavar="URL", help="SPARQL endpoint to ask instead of a release."
)
queries_option: Decorator = click.option(
    "--queries",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Folder of query files to use instead of those of Surplace.",
)


def target(release: Path | None, endpoint: str | None) -> Release | str:
    """Return what the options name: a release that is there, or the URL of an endpoint."""
    if endpoint is None:
        return find_release(release)
    if release is not None:
        raise SurplaceError("A release and an endpoint cannot both be asked: give one of the two.")
    return endpoint


def open_target(release: Path | None, endpoint: str | None) -> Blocking:
    """Open what the options name, with one process for a release."""
    from dataclasses import replace

    from surplace.engine.blocking import open_blocking

    return open_blocking(target(release, endpoint), replace(Limits.load(), workers=1))
