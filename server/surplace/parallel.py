"""Work of the store that goes on several cores: while it answers a query, other threads go on."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from traceback import clear_frames
from typing import Final, TypeVar

from surplace.engine.limits import CORES

Item = TypeVar("Item")
Result = TypeVar("Result")

MOST: Final = 4
"""Threads at most, this one included: each has memory of its own for the answers of its query."""


@contextmanager
def uncollected() -> Iterator[None]:
    """Pause the collector of cycles: of the many things that are made meanwhile none is part of one."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def in_order(work: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Do something with each item, some at a time; return the results in the order of the items.

    Raises what the first of them raises that fails.
    """
    items = list(items)
    if len(items) < 2:
        return [_attempt(work, item) for item in items]
    # an answer of the store that is left in a cycle is not to be collected in a thread that did not ask
    with uncollected(), ThreadPoolExecutor(max(1, min(CORES, MOST) - 1), "surplace-build") as threads:
        tasks = [threads.submit(_attempt, work, item) for item in items]
        for number, item in enumerate(items):
            if tasks[number].cancel():  # no other thread has begun with it
                tasks[number] = _done(work, item)
        return [task.result() for task in tasks]


def _done(work: Callable[[Item], Result], item: Item) -> Future[Result]:
    """Do something in this thread."""
    task: Future[Result] = Future()
    try:
        task.set_result(_attempt(work, item))
    except Exception as error:  # noqa: BLE001 - it is raised where the result is asked for
        task.set_exception(error)
    return task


def _attempt(work: Callable[[Item], Result], item: Item) -> Result:
    """Do something; if it fails, let go here of what it held.

    An answer of the store must end in the thread that asked. The frames of an exception would keep it, and
    end it in whichever thread they are collected in.
    """
    try:
        return work(item)
    except Exception as error:
        ended: BaseException | None = error
        while ended is not None:
            clear_frames(ended.__traceback__)
            ended = ended.__cause__ or ended.__context__
        raise
