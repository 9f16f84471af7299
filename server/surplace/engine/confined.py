"""Runs a function in a process of its own, which may die of it: capped, hushed, and ended in time."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from surplace.engine.worker import cap_memory, die_with_parent, hush, step_back
from surplace.errors import SurplaceError


class LostError(Exception):
    """The process ended before it had a result."""


def run(function: Callable[..., Any], *arguments: Any, seconds: float, memory: int) -> Any:
    """Return what *function*, one of a module, returns for *arguments*; all of these can be pickled.

    The process may add *memory* MiB to what it starts with, and lets others go first. Raises SurplaceError if
    the function does, TimeoutError after *seconds*, and LostError if the process was lost.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_main, args=(theirs, memory, function, arguments), daemon=True)
    try:
        process.start()
        theirs.close()
        if not ours.poll(seconds):
            raise TimeoutError
        refusal, result = ours.recv()
    except (EOFError, ConnectionError):
        raise LostError from None
    finally:
        if process.pid is not None:
            process.kill()
            process.join()
        ours.close()
    if refusal is not None:
        raise SurplaceError(refusal)
    return result


def _main(pipe: Connection, memory: int, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """Run in the process: compute and send."""
    die_with_parent()
    hush()
    cap_memory(memory)
    step_back()
    try:
        pipe.send((None, function(*arguments)))
    except SurplaceError as error:
        pipe.send((str(error), None))
