"""Every limit of the service: name, default, unit, help. A file or the environment sets them."""

from __future__ import annotations

import os
import sys
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from functools import cached_property
from math import isfinite
from pathlib import Path
from typing import Any, Final

from surplace.errors import SurplaceError

PREFIX = "SURPLACE_"
CORES: Final = os.cpu_count() or 2


GONE: Final = ("body_bytes", "query_operators", "query_patterns", "refusal", "web_threads")
"""Settings that earlier versions had."""


def _print(warning: str) -> None:
    print(f"surplace: {warning}", file=sys.stderr)


def _limit(default: float, unit: str, text: str, least: float = 0) -> Any:
    return field(default=default, metadata={"unit": unit, "help": text, "least": least})


@dataclass(frozen=True)
class Limits:
    """The settings of the service.

    Each comes from the environment variable SURPLACE_ and its name in capitals, else from the file.
    """

    workers: int = _limit(
        0, "processes", "Queries that run at once, 3 of 4 long ones; 0 means four a core, at least 8", 0
    )
    deadline: float = _limit(10.0, "seconds", "Time for a query, waiting included; then it is stopped", 0.05)
    quick: float = _limit(
        0.25, "seconds", "Time after which a query is a long one, which leaves a process to others", 0.01
    )
    queue: int = _limit(64, "queries", "Queries that may wait for a free process; more are told to retry")
    queue_wait: float = _limit(5.0, "seconds", "Time that a query may wait before it has run at all")
    worker_memory: int = _limit(512, "MiB", "Memory that a process may add to what it starts with", 16)

    query_length: int = _limit(100_000, "characters", "Length of a query that a client sends", 100)
    parameters: int = _limit(200, "parameters", "Parameters of a request, in its address and its body", 10)
    query_nesting: int = _limit(64, "levels", "Brackets that may be open at once in a query", 4)
    answer_rows: int = _limit(1_000_000, "rows", "Rows of an answer; a longer one is cut, and says so", 1)
    answer_bytes: int = _limit(
        256 * 1024 * 1024, "bytes", "Size of an answer; longer rows are cut, a longer graph is refused", 1024
    )
    answers_bytes: int = _limit(
        4 * 1024 * 1024 * 1024,
        "bytes",
        "Size of all answers being sent, a quarter of it for one client",
        4096,
    )
    offset: int = _limit(10_000_000, "rows", "Rows of a question that a part of its answer may skip")
    page_rows: int = _limit(1000, "rows", "Rows of a table on a page; downloads have all of them", 1)
    page_bytes: int = _limit(8 * 1024 * 1024, "bytes", "Size of an answer that is shown, or summed up", 1024)
    page_cells: int = _limit(20_000, "cells", "Cells of a table on a page; then it has fewer rows", 10)
    statements: int = _limit(100, "statements", "Statements of each kind on the page of a thing", 1)
    supposition_deadline: float = _limit(60.0, "seconds", "Time for a supposition (/person, /what-if)", 0.05)
    supposition_memory: int = _limit(1024, "MiB", "Memory that the process of a supposition may add", 64)

    client_seconds: float = _limit(
        60.0, "seconds a minute", "Time of the processes that one client gets back each minute", 0.001
    )
    client_burst: float = _limit(
        120.0, "seconds", "Time of the processes that a client may use at once", 0.01
    )
    client_errors: int = _limit(60, "errors a minute", "Failed requests of one client", 1)
    client_requests: int = _limit(
        16, "requests", "Requests of a client that are answered at the same time", 1
    )
    proxies: int = _limit(0, "proxies", "Proxies in front that add to X-Forwarded-For; 0 ignores that header")

    max_age: int = _limit(60, "seconds", "Time for which a client may use an answer without asking again")
    cache_bytes: int = _limit(64 * 1024 * 1024, "bytes", "Finished answers that are kept; 0 keeps none")
    cache_answer_bytes: int = _limit(1024 * 1024, "bytes", "Size of an answer that is kept")
    page_threads: int = _limit(
        8, "threads", "Pages that are written at once, of which one client may have 2", 1
    )
    requests: int = _limit(
        2048, "requests", "Requests in hand at the same time, those being sent included", 1
    )
    header_time: float = _limit(10.0, "seconds", "Time for the head of a request", 0.1)
    body_time: float = _limit(10.0, "seconds", "Time for the body of a request", 0.1)
    send_time: float = _limit(20.0, "seconds", "Time for sending an answer, besides that of its size", 0.1)
    send_rate: int = _limit(65_536, "bytes a second", "How fast a client must take its answer on average", 1)
    head_bytes: int = _limit(131_072, "bytes", "Size of the head of a request, its address included", 8192)
    unfinished_bytes: int = _limit(
        32 * 1024 * 1024,
        "bytes",
        "Heads and bodies of requests that have not come to their end, a quarter of it for one address",
        4_800_000,
    )
    idle_time: float = _limit(60.0, "seconds", "Time for which a connection may stay open unused", 0.1)
    client_connections: int = _limit(512, "connections", "Connections of one address", 1)
    connections: int = _limit(12_000, "connections", "Connections that may be open at the same time", 16)
    import_time: float = _limit(120.0, "seconds", "Time for reading the files of RDF of a build", 0.1)
    import_memory: int = _limit(1024, "MiB", "Memory that the process which reads them may add", 16)
    import_size: int = _limit(64, "MiB", "Size of one of those files", 1)
    rule_rounds: int = _limit(
        50, "rounds", "How often rules of a build may make new things of what they have just made", 1
    )
    rule_growth: int = _limit(
        10, "times", "Triples that a rule may conclude, for each that the data and the terms hold", 1
    )
    release_check: float = _limit(2.0, "seconds", "Time between two looks for a new release; 0 never looks")
    warm_time: float = _limit(
        3.0, "seconds", "Time for making pages before a release is first served; 0 makes none"
    )
    log_queries: int = _limit(0, "0 or 1", "Whether the log has the text of queries besides its hash")

    @classmethod
    def load(
        cls,
        file: Path | None = None,
        environment: Mapping[str, str] | None = None,
        warn: Callable[[str], None] = _print,
    ) -> Limits:
        """Read the settings; raises SurplaceError naming the one that is unknown, no number or too small.

        *file* is TOML with the names in small letters: `deadline = 5`. *warn* is given a sentence for each
        setting that is there no more, or is misspelt in the environment.
        """
        environment = os.environ if environment is None else environment
        given = _from_file(file) if file is not None else {}
        known = {item.name for item in fields(cls)}
        for name in GONE:
            for where, shown in ((environment, PREFIX + name.upper()), (given, name)):
                if shown in where:
                    warn(f"The setting {shown} has no effect any more: take it out.")
            given.pop(name, None)
        for sentence in _misspelt(environment, known):
            warn(sentence)
        for name in sorted(given.keys() - known):
            raise SurplaceError(
                f'"{name}" in {file} is not a setting: use one of {", ".join(sorted(known))}.'
            )
        values: dict[str, Any] = {}
        for item in fields(cls):
            variable = PREFIX + item.name.upper()
            least = item.metadata["least"]
            if variable in environment:
                values[item.name] = _number(variable, environment[variable], item.type, least)
            elif item.name in given:
                values[item.name] = _number(item.name, str(given[item.name]), item.type, least)
        return cls(**values)

    @property
    def body_length(self) -> int:
        """How many bytes a body may have: those of the longest query, each as %XX in a form."""
        return self.query_length * 12

    @cached_property
    def worker_count(self) -> int:
        """How many queries run at once."""
        return self.workers or max(8, 4 * CORES)

    @cached_property
    def long_count(self) -> int:
        """How many of them may be long ones."""
        return max(1, self.worker_count - max(1, self.worker_count // 4))


def limits_table() -> str:
    """Return the settings as a Markdown table."""
    rows = ["| setting | default | unit | what it limits |", "|---|---|---|---|"]
    for item in fields(Limits):
        default = f"{item.default:g}" if isinstance(item.default, float) else str(item.default)
        rows.append(
            f"| `{PREFIX}{item.name.upper()}` | {default} | {item.metadata['unit']} "
            f"| {item.metadata['help']} |"
        )
    return "\n".join(rows) + "\n"


def _misspelt(environment: Mapping[str, str], known: Iterable[str]) -> Iterator[str]:
    """Say of each variable that is nearly a setting which one is meant; others may be of something else."""
    names = [PREFIX + name.upper() for name in known]
    for variable in sorted(name for name in environment if name.startswith(PREFIX)):
        if variable in names or variable[len(PREFIX) :].lower() in GONE:
            continue
        if near := get_close_matches(variable, names, n=1, cutoff=0.9):
            yield f"The setting {variable} has no effect: did you mean {near[0]}?"


def _from_file(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except OSError as error:
        reason = error.strerror
        raise SurplaceError(f"The settings in {file} cannot be read ({reason}): check the path.") from None
    except UnicodeDecodeError:
        raise SurplaceError(f"The settings in {file} are not UTF-8: save the file as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        raise SurplaceError(
            f"The settings in {file} are not TOML ({error}): write lines like deadline = 5."
        ) from None


def _number(name: str, text: str, kind: Any, least: float) -> float:
    try:
        value: float = int(text) if kind == "int" else float(text)
    except ValueError:
        wanted = "a whole number" if kind == "int" else "a number"
        raise SurplaceError(f'The setting {name} is "{text}": give {wanted}.') from None
    if not isfinite(value):
        raise SurplaceError(f"The setting {name} is {text}: give a number that is finite.")
    if value < least:
        raise SurplaceError(f"The setting {name} is {text}: give at least {least:g}.")
    return value
