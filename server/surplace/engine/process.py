"""A process that was started from the event loop: frames come from it, and its exit status at its end."""

from __future__ import annotations

import asyncio
import multiprocessing
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, cast

import psutil

from surplace.engine import worker
from surplace.engine.frames import Frames, frame, place

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerContext, SpawnContext


def _context() -> ForkServerContext | SpawnContext:
    """Return how processes are started: forked from a process of one thread that has their modules already.

    That takes 3 ms of the loop's time, 80 ms the first time, and 190 ms where each begins with an interpreter
    of its own. A fork of this process would be no way, for it has threads.
    """
    if sys.platform == "win32":
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([worker.__name__])
    return context


CONTEXT: Final = _context()

UNSEEN: Final = 255
"""The exit status of a process whose end nobody saw: what forked it was ended, and it with that."""
ITS_OWN: Final = frozenset(
    -number
    for name in ("SIGSEGV", "SIGBUS", "SIGILL", "SIGABRT", "SIGFPE", "SIGTRAP")
    if (number := getattr(signal, name, None)) is not None
)
"""Exit statuses of a process that was ended by what it did itself."""
OUT_OF_TIME: Final = -int(getattr(signal, "SIGALRM", 14))
"""The exit status of a process that was ended by its own timer."""
END_SEEN: Final = 1.0
"""Seconds within which the status of a process that is gone is known."""


def by_itself(status: int) -> bool:
    """Tell whether a process that ended with that status died of what it did, not of a signal."""
    return status in ITS_OWN or 0 < status < UNSEEN


class GoneError(Exception):
    """The process from which something is waited for is gone."""


class Child(asyncio.BufferedProtocol):
    """A process, started by `start`; subclasses say what becomes of its frames.

    *ended* has its exit status when it is gone: negative for a signal, as in `multiprocessing`.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.loop = asyncio.get_running_loop()
        self.ended: asyncio.Future[int] = self.loop.create_future()
        self.doomed = ""
        self.pid = 0
        self.transport: asyncio.Transport | None = None
        self._frames = Frames()

    async def start(self, target: Callable[..., None], *arguments: Any) -> None:
        """Let a process run *target* with its end of a socket and *arguments*.

        Raises OSError or EOFError if there can be none.
        """
        ours, theirs = socket.socketpair()
        try:
            self.process = CONTEXT.Process(
                target=target, args=(theirs, *arguments), name=self.name, daemon=True
            )
            self.process.start()
            self.pid = cast("int", self.process.pid)
            self.loop.add_reader(self.process.sentinel, self._note_end)
            transport, _ = await self.loop.connect_accepted_socket(lambda: self, ours)
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        self.transport = transport

    def take(self, data: bytes) -> None:
        """Take in a frame."""
        raise NotImplementedError

    def send(self, data: bytes) -> bool:
        """Send a frame; False if the process is not there any more."""
        if self.transport is None or self.transport.is_closing():
            return False
        self.transport.write(frame(data))
        return not self.transport.is_closing()

    def get_buffer(self, sizehint: int) -> memoryview:  # noqa: ARG002
        """Return where the loop puts what comes: it is taken out at once, so one place does for all."""
        return place()

    def buffer_updated(self, nbytes: int) -> None:
        """Take in what came."""
        for found in self._frames.feed(bytes(place()[:nbytes])):
            self.take(found)

    def kill(self, reason: str) -> None:
        """End the process at once, though it may take a moment to die; nothing is taken from it any more."""
        self.doomed = self.doomed or reason
        if not self.ended.done():
            self.process.kill()
        if self.transport is not None:
            self.transport.abort()

    async def status(self) -> int:
        """Wait for the end of the process and return its exit status, UNSEEN after END_SEEN seconds."""
        await asyncio.wait([self.ended], timeout=END_SEEN)
        return self.ended.result() if self.ended.done() else UNSEEN

    def memory(self) -> int:
        """Return the bytes of memory that the process holds; 0 if it is gone."""
        try:
            return int(psutil.Process(self.pid).memory_info().rss)
        except psutil.Error:
            return 0

    def step_back(self, nice: int) -> None:
        """Let other processes go first from now on; *nice* is 0 for what is normal, 19 for the very last."""
        with suppress(psutil.Error):  # it is gone: its socket tells
            psutil.Process(self.pid).nice(nice)

    def _note_end(self) -> None:
        """Ask how the process ended, which the system tells once."""
        status = self.process.exitcode
        if status is None:
            return
        self.loop.remove_reader(self.process.sentinel)
        self.process.close()
        self.ended.set_result(status)
