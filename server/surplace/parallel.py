"""Work of the store that goes on several cores: while it answers a query, other threads go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from surplace.engine.limits import CORES

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST: Final = 4
"""Threads at most: each query has its own answers in memory."""


def in_order(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Do something with each item, some at a time; return the results in the order of the items.

    Raises what the first of them raises that fails; what has not begun by then is left.
    """
    with ThreadPoolExecutor(min(CORES, MOST), "surplace-build") as threads:
        return list(threads.map(work, items))
