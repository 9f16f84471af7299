"""Work of the store that goes on several cores: while it answers a query, other threads go on."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar

from surplace.engine.limits import CORES

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST: Final = 4
"""Threads at most, this one included: each has memory of its own for the answers of its query."""


def in_order(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Do something with each item, some at a time; return the results in the order of the items.

    Raises what the first of them raises that fails.
    """
    items = list(items)
    if len(items) < 2:
        return [work(item) for item in items]
    with ThreadPoolExecutor(max(1, min(CORES, MOST) - 1), "surplace-build") as threads:
        tasks = [threads.submit(work, item) for item in items]
        for number, item in enumerate(items):
            if tasks[number].cancel():  # no other thread has begun with it
                tasks[number] = _done(work, item)
        return [task.result() for task in tasks]


def _done(work: Callable[[Item], Result], item: Item) -> Future[Result]:
    """Do something in this thread."""
    task: Future[Result] = Future()
    try:
        task.set_result(work(item))
    except Exception as error:  # noqa: BLE001 - it is raised where the result is asked for
        task.set_exception(error)
    return task
