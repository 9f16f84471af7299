"""The table of the clients in server/README.md."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from clients.plan import CLIENTS

README: Final = Path(__file__).parents[2] / "server" / "README.md"
HEAD: Final = "| client | version | does | gets |"
AS_EXPECTED: Final = "what the release holds"


def table(versions: Sequence[str]) -> str:
    """Return the table of clients that all got what they should, in Markdown."""
    rows = [
        f"| {client.name} | {version} | {client.does} | {AS_EXPECTED} |"
        for client, version in zip(CLIENTS, versions, strict=True)
    ]
    return "\n".join([HEAD, "|---|---|---|---|", *rows]) + "\n"


def listed() -> list[tuple[str, ...]]:
    """Return the rows that README has."""
    rest = README.read_text(encoding="utf-8").partition(HEAD)[2].split("\n\n")[0]
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in rest.splitlines()[2:]]
