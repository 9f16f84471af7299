"""An engine for threads: each waits while the event loop asks for it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

from surplace.engine.answer import Answer
from surplace.engine.clients import Buckets
from surplace.engine.limits import Limits
from surplace.engine.local import LocalEngine
from surplace.engine.protocol import Engine, Request
from surplace.engine.release import Release
from surplace.engine.remote import RemoteEngine

T = TypeVar("T")


class Blocking:
    """Asks *engine* in its *loop* on behalf of a thread, which must be another than the loop's."""

    def __init__(self, engine: Engine, loop: asyncio.AbstractEventLoop) -> None:
        self.engine, self.loop = engine, loop

    @property
    def release(self) -> Mapping[str, Any] | None:
        """The manifest of the release that answers, or None where it is not known."""
        return self.engine.release

    @property
    def folder(self) -> Release | None:
        """The release on this machine; None for an endpoint."""
        return self.engine.folder

    @property
    def shares(self) -> Buckets | None:
        """What clients used, in seconds, to be called in the loop; None for an endpoint."""
        return self.engine.shares

    def ask(self, request: Request) -> Answer:
        """Answer a query of the client in this thread's CLIENT; raises EngineError."""
        return self.run(self._ask(request))

    async def _ask(self, request: Request) -> Answer:
        answer = await self.engine.ask(request)
        answer.leave(self.loop)
        return answer

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run *coroutine* in the loop, with the context of this thread, and return its result."""
        future = asyncio.run_coroutine_threadsafe(coroutine, self.loop)
        try:
            return future.result()
        except BaseException:
            future.cancel()  # for an interrupt of the thread
            raise

    def close(self) -> None:
        """Stop the engine; the loop is whoever's it is."""
        self.run(self.engine.close(at_once=True))


class _Own(Blocking):
    """With a loop of its own, which ends with it."""

    def __init__(self, target: Release | str, limits: Limits) -> None:
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self.loop.run_forever, name="surplace-engine", daemon=True)
        self._thread.start()
        try:
            super().__init__(self.run(open_engine(target, limits)), self.loop)
        except BaseException:
            self._stop()
            raise

    def close(self) -> None:
        """Stop engine and loop."""
        super().close()
        self._stop()

    def _stop(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join()
        self.loop.close()


async def open_engine(target: Release | str, limits: Limits) -> Engine:
    """Open the engine for a release or for the URL of an endpoint, in the loop that is to run it."""
    return RemoteEngine(target, limits) if isinstance(target, str) else await LocalEngine.open(target, limits)


def open_blocking(target: Release | str, limits: Limits) -> Blocking:
    """Open the engine for a release or for the URL of an endpoint, with a loop in a thread of its own."""
    return _Own(target, limits)
