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
@click.option(
    "--text",
    "files",
    metavar="FILE",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Text of a source, to be read beside what its passages state; that of a treaty "
    "id/instrument/NAME is NAME.txt; may be given again.",
)
@click.option(
    "--texts",
    "folders",
    metavar="DIR",
    multiple=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder with such texts, each a .txt file.",
)
def command(
    host: str,
    port: int,
    release: Path | None,
    endpoint: str | None,
    queries: Path | None,
    config: Path | None,
    files: tuple[Path, ...],
    folders: tuple[Path, ...],
) -> None:
    """Serve the current release, or what a SPARQL endpoint elsewhere holds.

    Limits are set by environment variables such as SURPLACE_DEADLINE, or by a file: server/README.md has all.
    """
    from surplace.catalogue import load_catalogue
    from surplace.serve.configuration import Configuration
    from surplace.serve.supervisor import serve
    from surplace.texts import read_texts

    folder = queries or queries_dir()
    load_catalogue(folder)
    texts = tuple(read_texts(files, folders))
    serve(Configuration(host, port, target(release, endpoint), folder, Limits.load(config), texts))
