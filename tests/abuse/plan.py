"""The attacks by name: what each is about, how much of it the test suite does, how much the figures need."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from abuse import (
    blame,
    builds,
    connections,
    cuts,
    deaths,
    greedy,
    hashes,
    heads,
    hoarders,
    imports,
    injections,
    kills,
    memory,
    outbound,
    queries,
    releases,
    schema,
    soak,
)
from abuse.target import Result

FEW: Final = 2.5
"""Seconds that the slowest of the canary's few questions in a short form may take: its p99 is one of two."""


@dataclass(frozen=True)
class Attack:
    """An attack: a function of a folder of releases and of how much is to be done."""

    about: str
    run: Callable[..., Result]
    long: Mapping[str, Any] = field(default_factory=dict)
    short: Mapping[str, Any] = field(default_factory=dict)

    def __call__(self, release: Path, *, short: bool) -> Result:
        """Run it on a service that has the release in this folder; not every attack has a short form."""
        return self.run(release, **(self.short or self.long if short else self.long))


ATTACKS: Final[Mapping[str, Attack]] = {
    "queries": Attack(
        "Hostile queries, eight at once, as they come from outside",
        queries.attack,
        {"number": 1200, "deadline": 10.0},
        {"number": 75, "deadline": 2.0, "quick": FEW},
    ),
    "unchecked": Attack(
        "Hostile queries, eight at once, without the checks of their text: the workers alone protect",
        queries.attack,
        {"number": 600, "deadline": 5.0, "checked": False},
        {"number": 75, "deadline": 2.0, "checked": False, "quick": FEW},
    ),
    "outbound": Attack("Queries that name a listening canary and a canary file", outbound.attack),
    "cuts": Attack(
        "Answers that end early by deadline, kill, rows and bytes",
        cuts.attack,
        {"number": 2500},
        # each way of ending in each format, four times
        {"number": 100},
    ),
    "hashes": Attack(
        "Answers under attack, compared with those of a quiet day",
        hashes.attack,
        {"fresh": 1_000, "kept": 9_000},
        {"fresh": 30, "kept": 150, "every": 6, "deadline": 2.0},
    ),
    "injections": Attack(
        "Values that try to be more, in every parameter of every question, and generated literals",
        injections.attack,
        {"number": 200, "literals": 20_000},
        {"number": 3, "literals": 300},
    ),
    "imports": Attack(
        "Mutated and hostile files of RDF",
        imports.attack,
        {"number": 5_000, "builds": 12},
        {"number": 30, "builds": 1},
    ),
    "builds": Attack(
        "Builds that are killed at any moment, and disks that fill up",
        builds.attack,
        {"kills": 50, "whole_builds": True},
        {"kills": 4, "whole_builds": False, "share": 0.1},
    ),
    "kills": Attack("Workers that are killed while they work", kills.attack, {"kills": 400}, {"kills": 30}),
    "blame": Attack(
        "Signals that end the worker of a query, and the same query again",
        blame.attack,
        {"times": 5},
        {"times": 1},
    ),
    "deaths": Attack(
        "The web process killed under load, the main process killed, and asked to stop",
        deaths.attack,
        {"deaths": 5},
        {"deaths": 1, "deadline": 2.0},
    ),
    "memory": Attack(
        "Long addresses, unfinished heads, long queries and hostile ones, with a full cache",
        memory.attack,
        {"addresses": 10_000, "heads": 6_000, "posts": 25, "hostile": 300, "rest": 30.0},
        {
            "addresses": 400,
            "heads": 600,
            "posts": 1,
            "hostile": 16,
            "rest": 2.5,
            "deadline": 1.0,
            "rounds": 2,
            "cache_bytes": 8 * 1024 * 1024,
        },
    ),
    "hoarders": Attack(
        "Five clients that ask for suppositions without a pause, beside another",
        hoarders.attack,
        {"seconds": 60.0},
        {"seconds": 2.0, "every": 0.5},
    ),
    "heads": Attack("Heads that are odd, large or too many", heads.attack),
    "connections": Attack(
        "Half-open connections, and bodies that come byte by byte",
        connections.attack,
        {"half_open": 10_000, "slow": 500, "seconds": 30.0},
        {"half_open": 500, "slow": 100, "seconds": 4.0},
    ),
    "greedy": Attack(
        "A greedy client beside nine modest ones",
        greedy.attack,
        {"seconds": 60.0},
        {"seconds": 6.0, "client_burst": 8, "client_seconds": 1, "deadline": 3.0},
    ),
    "releases": Attack(
        "Releases that change under load",
        releases.attack,
        {"changes": 20, "per_second": 200},
        {"changes": 3, "per_second": 40},
    ),
    "schema": Attack(
        "Requests that schemathesis makes of the OpenAPI document",
        schema.attack,
        {"examples": 20},
        {"examples": 2},
    ),
    "soak": Attack(
        "Ordinary use with two hostile queries in a hundred",
        soak.attack,
        {"seconds": 600.0},
    ),
}
