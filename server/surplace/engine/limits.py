"""Every limit of the service: name, default, unit, help. The environment sets them, the README lists them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from surplace.errors import SurplaceError

PREFIX = "SURPLACE_"


def _limit(default: float, unit: str, text: str, least: float = 0) -> Any:
    return field(default=default, metadata={"unit": unit, "help": text, "least": least})


@dataclass(frozen=True)
class Limits:
    """The settings of the service, each from the environment variable SURPLACE_ and its name in capitals."""

    workers: int = _limit(0, "processes", "Processes that answer queries; 0 means one a core, at least 2")
    deadline: float = _limit(10.0, "seconds", "Time for a query, after which its process is replaced", 0.05)
    queue: int = _limit(64, "queries", "Queries that may wait for a free process; more are told to retry")
    queue_wait: float = _limit(5.0, "seconds", "Time that a query may wait for a free process")
    worker_memory: int = _limit(1024, "MiB", "Memory that a process may add to what it starts with", 16)
    query_length: int = _limit(100_000, "characters", "Length of a query", 100)
    answer_bytes: int = _limit(256 * 1024 * 1024, "bytes", "Size of an answer", 1024)
    page_rows: int = _limit(1000, "rows", "Rows of a table on a page; downloads have all of them", 1)
    page_bytes: int = _limit(8 * 1024 * 1024, "bytes", "Size of an answer that is shown on a page", 1024)
    statements: int = _limit(300, "statements", "Statements of each kind on the page of a thing", 1)
    supposition_deadline: float = _limit(60.0, "seconds", "Time for a supposition (/person, /what-if)", 0.05)
    web_threads: int = _limit(64, "threads", "Requests that are handled at the same time", 1)

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Limits:
        """Read the settings; raises SurplaceError naming the variable that is no number or too small."""
        environment = os.environ if environment is None else environment
        values: dict[str, Any] = {}
        for item in fields(cls):
            variable = PREFIX + item.name.upper()
            if variable in environment:
                values[item.name] = _number(
                    variable, environment[variable], item.type, item.metadata["least"]
                )
        return cls(**values)

    @property
    def worker_count(self) -> int:
        """How many processes answer queries."""
        return self.workers or max(2, os.cpu_count() or 2)


def limits_table() -> str:
    """Return the settings as a Markdown table."""
    rows = ["| setting | default | unit | what it limits |", "|---|---|---|---|"]
    for item in fields(Limits):
        rows.append(
            f"| `{PREFIX}{item.name.upper()}` | {item.default:g} | {item.metadata['unit']} "
            f"| {item.metadata['help']} |"
            if isinstance(item.default, float)
            else f"| `{PREFIX}{item.name.upper()}` | {item.default} | {item.metadata['unit']} "
            f"| {item.metadata['help']} |"
        )
    return "\n".join(rows) + "\n"


def _number(variable: str, text: str, kind: Any, least: float) -> float:
    try:
        value: float = int(text) if kind == "int" else float(text)
    except ValueError:
        wanted = "a whole number" if kind == "int" else "a number"
        raise SurplaceError(f'The setting {variable} is "{text}": give {wanted}.') from None
    if not least <= value < float("inf"):
        raise SurplaceError(f"The setting {variable} is {text}: give at least {least:g}.")
    return value
