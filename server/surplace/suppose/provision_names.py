"""How provisions are named in the sentences on a described person."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Final

from surplace.suppose.protection import ProtectiveNorm, owed
from surplace.suppose.reach import HOLDING, IN_PART, MAY_IN_PART, PROTECTS
from surplace.words.english import as_read_by, joined, number_in_words
from surplace.words.order import legal_key
from surplace.words.treaties import treaty

MOST: Final = 2
"""Provisions, or treaties as a body reads them, that are named of a list."""
_REMNANT: Final = ", as a reservation leaves it"
_READ: Final = re.compile(r"(.+), Article ([^,]+), as (.+ reads?) it")


def parted(norms: Iterable[ProtectiveNorm], held: Collection[str]) -> list[str]:
    """Name the provisions of norms; of one that is *held*, since another of its norms holds, it is a part."""
    return list(
        dict.fromkeys(
            f"a part of {name}" if norm.provision in held else name
            for norm in norms
            for name in provisions([norm])
        )
    )


def provisions(norms: Iterable[ProtectiveNorm]) -> list[str]:
    """Name the provisions, once each; say who reads the norm into one, what it binds through, its limits."""
    return list(
        dict.fromkeys(
            norm.provision + as_read_by(norm.readers) + through(norm) + limits(norm) for norm in norms
        )
    )


def through(norm: ProtectiveNorm) -> str:
    """Say through which treaty a provision protects that the state does not owe by the provision's own."""
    if norm.result not in HOLDING:
        return ""
    binding = [stand.treaty for stand in norm.standings if owed(PROTECTS, stand.kind) in HOLDING]
    elsewhere = binding and norm.treaty not in binding
    return f", through {joined([treaty(name) for name in binding])}" if elsewhere else ""


def limits(norm: ProtectiveNorm) -> str:
    """Say that a reservation limits what a norm protects, and by what more an exception would withhold it."""
    remnant = _REMNANT if norm.result in (IN_PART, MAY_IN_PART) else ""
    return f"{remnant} (unless {norm.unless})" if norm.unless else remnant


def listed(names: Sequence[str]) -> str:
    """Join names; of a long list the first ones, and how many more there are."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for name in names:
        read = _READ.fullmatch(name)
        groups.setdefault((read[1], read[3]) if read else (name,), []).append(name)
    shown = [_together(group) for group in list(groups.values())[:MOST]]
    if more := sum(len(group) for group in list(groups.values())[MOST:]):
        shown.append(f"{number_in_words(more)} more")
    return f"{'; '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else "".join(shown)


def _together(names: Sequence[str]) -> str:
    """Name in one what a body reads into several articles of a treaty."""
    parts = [read for name in sorted(names, key=legal_key) if (read := _READ.fullmatch(name))]
    if len(parts) < 2:
        return names[0]
    return f"{parts[0][1]}, Articles {joined([read[2] for read in parts])}, as {parts[0][3]} them"
