"""Asks a pool from an event loop: what is quick keeps no thread waiting, and threads slow each other down."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from contextlib import suppress
from functools import partial
from typing import Final

from surplace.engine.pool import Admitted, Pool
from surplace.engine.process import WorkerProcess
from surplace.engine.protocol import EngineError, Pending, Request
from surplace.engine.queue import Queue, Turn

OFFERED: Final = sys.platform != "win32"
"""Whether the event loop can watch a worker's pipe here."""


async def begin(pool: Pool, request: Request) -> Pending:
    """Give a request to a worker, and wait for as long as a quick one takes; raises EngineError."""
    admitted = pool.admit(request)
    turn = await _turn(pool.queue, admitted)
    begun = pool.hand_over(admitted, turn)
    if begun is None:
        return Pending(ready=False, finish=partial(pool.go_on, admitted))
    try:
        await _readable(turn.worker, pool.limits.quick)
    except BaseException:
        pool.abandon(begun)
        raise
    return Pending(turn.worker.has_answer(), partial(pool.finish, begun))


async def _turn(queue: Queue, admitted: Admitted) -> Turn:
    """Wait in the queue for a worker."""
    granted = _Granted()
    waiting = queue.enter(admitted.client, granted, is_long=False)
    if waiting.turn is None:
        left = admitted.until - time.monotonic()
        try:
            async with asyncio.timeout(min(left, queue.limits.queue_wait)):
                await granted.future
        except TimeoutError:
            pass
        except BaseException:
            with suppress(EngineError):
                queue.end(queue.leave(waiting), keep=True)
            raise
    return queue.leave(waiting)


async def _readable(worker: WorkerProcess, seconds: float) -> None:
    """Wait until something comes from a worker, or so many seconds have passed."""
    loop = asyncio.get_running_loop()
    come: asyncio.Future[None] = loop.create_future()
    pipe = worker.pipe.fileno()
    loop.add_reader(pipe, _note, come)
    late = loop.call_later(seconds, _note, come)
    try:
        await come
    finally:
        loop.remove_reader(pipe)
        late.cancel()


class _Granted:
    """A signal to one that waits in the event loop where this was made."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()
        self.future: asyncio.Future[None] = self.loop.create_future()
        self._thread = threading.get_ident()

    def set(self) -> None:
        """Let it go on."""
        if threading.get_ident() == self._thread:
            _note(self.future)
            return
        with suppress(RuntimeError):  # the loop has ended, and nobody waits
            self.loop.call_soon_threadsafe(_note, self.future)


def _note(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
