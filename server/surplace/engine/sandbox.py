"""Runs a function in a process of its own, which may die of it: capped, hushed, and ended in time."""

from __future__ import annotations

import asyncio
import pickle
import socket
from collections.abc import Callable
from typing import Any

from surplace.engine.frames import Channel
from surplace.engine.process import Child, GoneError, by_itself
from surplace.engine.worker import cap_memory, die_with_parent, hush, step_back
from surplace.errors import SurplaceError


class SandboxLostError(Exception):
    """The process ended before it had a result; *by_itself* tells whether of what it did."""

    def __init__(self, *, by_itself: bool) -> None:
        super().__init__()
        self.by_itself = by_itself


async def run(function: Callable[..., Any], *arguments: Any, seconds: float, memory: int) -> Any:
    """Return what *function*, one of a module, returns for *arguments*; all of these can be pickled.

    The process may add *memory* MiB to what it starts with, and lets others go first. Raises SurplaceError if
    the function does, TimeoutError after *seconds*, OSError if there can be no process, and SandboxLostError
    if it was lost.
    """
    computing = _Computing()
    try:
        async with asyncio.timeout(seconds):
            await computing.start(_main, memory, function, arguments)
            refusal, parameter, result = await computing.result
    except EOFError:
        raise OSError("The process that starts others was lost.") from None
    except GoneError:
        raise SandboxLostError(by_itself=by_itself(await computing.status())) from None
    finally:
        if computing.pid:
            computing.kill("done")
            await computing.status()
    if refusal is not None:
        raise SurplaceError(refusal, parameter)
    return result


class _Computing(Child):
    """The process, whose one frame is the result."""

    def __init__(self) -> None:
        super().__init__("surplace-sandbox")
        self.result: asyncio.Future[tuple[str | None, str, Any]] = self.loop.create_future()

    def take(self, data: bytes) -> None:
        if not self.result.done():
            self.result.set_result(pickle.loads(data))

    def connection_lost(self, _error: Exception | None) -> None:
        if not self.result.done():
            self.result.set_exception(GoneError())
            self.result.exception()  # perhaps nobody waits any more


def _main(sock: socket.socket, memory: int, function: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    """Run in the process: compute and send."""
    die_with_parent()
    hush()
    cap_memory(memory)
    step_back()
    channel = Channel(sock)
    try:
        channel.send(pickle.dumps((None, "", function(*arguments))))
    except SurplaceError as error:
        channel.send(pickle.dumps((str(error), error.parameter, None)))
