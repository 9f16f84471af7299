"""Keeps the mutants that no test finds, each below the reason why it may live."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from mutation.editing import Mutant

FOLDER = Path(__file__).parent / "survivors"
OPEN = "no test finds it yet"
"""The reason of what nobody has looked at."""

Listed = dict[str, dict[str, list[str]]]
"""By reason and name of the rule, question or shape: its mutants."""


def names(everything: Sequence[Mutant], living: Iterable[Mutant]) -> list[str]:
    """Write mutants so that each of the same rule has another name, which does not tell its line."""
    seen: Counter[str] = Counter()
    found = {}
    for mutant in everything:
        name = f"{mutant.kind}: {mutant.lost[:LONGEST]}"
        seen[name] += 1
        found[id(mutant)] = name if seen[name] == 1 else f"{name} ({seen[name]})"
    return [found[id(mutant)] for mutant in living]


LONGEST = 120
"""Characters of what a mutant lacks that are shown."""


def read(part: str) -> Listed:
    """Return the list of a part."""
    path = FOLDER / f"{part}.yaml"
    found: Any = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    return found or {}


def differences(
    part: str, living: Mapping[str, list[str]], *, all_judged: bool = True
) -> tuple[list[str], list[str]]:
    """Return what lives and is not in the list, and what is in the list and does not live."""
    listed = {
        (name, item) for named in read(part).values() for name, items in named.items() for item in items
    }
    lives = {(name, item) for name, items in living.items() for item in items}
    gone = {(name, item) for name, item in listed - lives if name in living} if all_judged else set()
    return [f"{name}: {item}" for name, item in sorted(lives - listed)], [
        f"{name}: {item}" for name, item in sorted(gone)
    ]


def write(part: str, living: Mapping[str, list[str]]) -> None:
    """Write the list anew: what lives keeps its reason, what is new has none, what is gone goes."""
    listed = read(part)
    reasons = {
        (name, item): reason
        for reason, named in listed.items()
        for name, items in named.items()
        for item in items
    }
    kept = {key: reason for key, reason in reasons.items() if key[0] not in living}
    lives = {(name, item) for name, items in living.items() for item in items}
    new: Listed = {}
    for name, item in sorted({*kept, *lives}):
        new.setdefault(reasons.get((name, item), OPEN), {}).setdefault(name, []).append(item)
    FOLDER.mkdir(exist_ok=True)
    text = yaml.safe_dump(dict(sorted(new.items())), allow_unicode=True, width=1000, sort_keys=True)
    (FOLDER / f"{part}.yaml").write_text(text, encoding="utf-8")
