"""Suppositions: each in a process of its own, in the queue of the long queries."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from surplace.engine import sandbox
from surplace.engine.clients import CLIENT, must_have_share
from surplace.engine.limits import Limits
from surplace.engine.protocol import in_seconds
from surplace.engine.query_errors import DeadlineError, LostError, TooComplexError, UnavailableError, stopping
from surplace.engine.queue import Queue, Work

FATAL = 1.0
"""Seconds that a client is charged at least for what ended its process."""


class Suppositions:
    """Computes what takes a process of its own; all of it is called in one event loop."""

    def __init__(self, limits: Limits, queue: Queue) -> None:
        self.limits, self.queue = limits, queue
        self._tasks: set[asyncio.Task[Any]] = set()

    async def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """Return what *function*, one of a module, returns for *arguments*; all of these can be pickled.

        Raises SurplaceError if the function does, and EngineError.
        """
        client, until = CLIENT.get(), time.monotonic() + self.limits.supposition_deadline
        must_have_share(self.queue.buckets, client)
        turn = await self.queue.turn(client, until, Work.SUPPOSITION)
        begun, least = time.monotonic(), 0.0
        task = asyncio.ensure_future(
            sandbox.run(function, *arguments, seconds=until - begun, memory=self.limits.supposition_memory)
        )
        self._tasks.add(task)
        try:
            return await task
        except TimeoutError:
            raise DeadlineError(
                f"The supposition took longer than {in_seconds(self.limits.supposition_deadline)}: "
                "suppose less at once."
            ) from None
        except OSError as error:
            raise UnavailableError(
                f"No process can be started for a supposition ({error.strerror or error}): try again later."
            ) from None
        except sandbox.SandboxLostError as error:
            if not error.by_itself:
                raise LostError(
                    "The process that computed the supposition was ended from outside: ask again."
                ) from None
            least = FATAL
            raise TooComplexError("The process that computed the supposition was lost: try again.") from None
        except asyncio.CancelledError:
            this = asyncio.current_task()
            if this is not None and this.cancelling():
                raise
            raise stopping() from None
        finally:
            self._tasks.discard(task)
            if client:
                self.queue.buckets.add(client, max(least, time.monotonic() - begun))
            self.queue.end(turn, keep=False)

    def close(self) -> None:
        """End all that are being computed."""
        for task in self._tasks:
            task.cancel()
