"""`surplace serve`: the pages, the questions and the SPARQL endpoint over HTTP."""

from __future__ import annotations

from pathlib import Path

import click

from surplace.cli.options import endpoint_option, queries_option, release_option, target
from surplace.engine.limits import Limits
from surplace.resources import queries_dir


@click.command(epilog="Example: surplace serve --port 8080")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 takes a free one."
)
@release_option
@endpoint_option
@queries_option
@click.option(
    "--config",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Settings in TOML, such as deadline = 5; environment variables go before them.",
)
def command(
    host: str,
    port: int,
    release: Path | None,
    endpoint: str | None,
    queries: Path | None,
    config: Path | None,
) -> None:
    """Serve the current release, or what a SPARQL endpoint elsewhere holds.

    Limits are set by environment variables such as SURPLACE_DEADLINE, or by a file: server/README.md has all.
    """
    from surplace.catalogue import load_catalogue
    from surplace.serve.configuration import Configuration
    from surplace.serve.supervisor import serve

    folder = queries or queries_dir()
    load_catalogue(folder)
    serve(Configuration(host, port, target(release, endpoint), folder, Limits.load(config)))
