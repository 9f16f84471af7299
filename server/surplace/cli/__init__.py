"""The command `surplace`: each subcommand is a module here, imported only when it is asked for."""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import Any, NoReturn

import click

from surplace import __version__
from surplace.errors import SurplaceError

COMMANDS = {
    "assess": ("assess", "List the protection grounds that may apply to a person as described."),
    "build": ("build", "Build a release of the graph from the ontology and the data."),
    "check": ("check", "Run the shapes and the checks without writing a release."),
    "diff": ("diff", "List what changed between two releases."),
    "explain": ("explain", "Explain a conclusion or statement down to the sentences it rests on."),
    "face": ("face", "Make the SPARQL editor of the pages."),
    "format": ("format", "Put Turtle and TriG files into the one form that the project uses."),
    "known-by": ("known_by", "List what could not, or not yet, be concluded on a day."),
    "names": ("names", "List the names of a kind – actions, harms, populations – with what they mean."),
    "passages": ("passages", "Cut a text into passages with digests, and a skeleton to fill."),
    "query": ("query", "Ask a question of the catalogue."),
    "serve": ("serve", "Serve the graph over HTTP."),
    "sparql": ("sparql", "Run a SPARQL query from a file."),
    "what-if": ("what_if", "List what would differ if a state withdrew a reservation, acceded or left."),
    "verify-source": ("verify", "Find every passage of a source in its text and check the digests."),
}
"""Name of the command: its module in this package, and the line that `surplace --help` shows."""


class LazyGroup(click.Group):
    """Lists all commands, imports one; an error for the user becomes a sentence and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the names of the commands, sorted."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import the module of the command and return its `command`."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"surplace.cli.{COMMANDS[cmd_name][0]}")
        command: click.Command = module.command
        command.name = cmd_name
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands without importing any of them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in self.list_commands(ctx)])

    def main(self, args: Sequence[str] | None = None, *rest: Any, **extra: Any) -> Any:
        """Run the command line; `SurplaceError` ends it with its sentence on standard error."""
        # what is closed is taken to be nothing; in this order, each gets the number that is free, which no
        # other file may have
        if sys.stdin is None:
            sys.stdin = Path(os.devnull).open(encoding="utf-8")  # noqa: SIM115
        if sys.stdout is None:
            sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
        if sys.stderr is None:
            sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
        for stream in (sys.stdout, sys.stderr):
            if isinstance(stream, TextIOWrapper):
                _write_utf8(stream)
        try:
            try:
                return super().main(args, *rest, **extra)
            finally:
                sys.stdout.flush()
        except SurplaceError as error:
            fail(error)
        except OSError as error:
            _take_nothing(sys.stdout)
            if isinstance(error, BrokenPipeError):
                raise SystemExit(1) from None  # nobody reads on
            name, reason = error.filename or "The output", error.strerror or error
            sentence = f"{name} cannot be used ({reason}): make room there, or name another place."
            fail(SurplaceError(sentence))


def _write_utf8(stream: TextIOWrapper) -> None:
    """Send UTF-8 to files and pipes in every locale, as that of all files is; to a terminal, what it has."""
    stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")


def _take_nothing(stream: Any) -> None:
    """Let what was not written go, or it would be tried again at the end."""
    if isinstance(stream, TextIOWrapper):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def fail(error: SurplaceError) -> NoReturn:
    """Print the sentence of *error* on standard error and exit with its code."""
    click.echo(f"surplace: {error}", err=True)
    raise SystemExit(error.exit_code)


@click.group(cls=LazyGroup, epilog="Example: surplace build && surplace serve")
@click.version_option(__version__, package_name="surplace")
def main() -> None:
    """Surplace: who is bound by which duty towards refugees, who says so, and in which sentence."""
