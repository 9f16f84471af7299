"""The threads in which pages are made: few, shared fairly, and none is held for what is waited for."""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from surplace.engine.clients import CLIENT, Buckets

OF_A_CLIENT: Final = 2
"""Threads that one client may have at the same time."""


@dataclass(eq=False)
class _Work:
    client: str
    function: Callable[[], Any]
    context: contextvars.Context
    done: asyncio.Future[Any]


class PageThreads:
    """Runs functions in threads: of those that wait, that of the client that used least, the first of it.

    A client that has its share of the threads waits until one of them is free. Where nobody counts what is
    used, the first that came is first.
    """

    def __init__(self, count: int) -> None:
        self.count = count
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="surplace-page")
        self._waiting: deque[_Work] = deque()
        self._at_work: Counter[str] = Counter()
        self._running = 0

    async def run(self, function: Callable[[], Any], shares: Buckets | None = None) -> Any:
        """Return what *function* returns; the time of a processor that it takes is charged to the client."""
        done: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        work = _Work(CLIENT.get(), function, contextvars.copy_context(), done)
        self._waiting.append(work)
        self._dispatch(shares)
        try:
            return await work.done
        finally:
            if work in self._waiting:
                self._waiting.remove(work)

    def close(self) -> None:
        """Take no more work."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _dispatch(self, shares: Buckets | None) -> None:
        loop = asyncio.get_running_loop()
        while self._running < self.count:
            work = self._next(shares)
            if work is None:
                return
            self._waiting.remove(work)
            self._running += 1
            self._at_work[work.client] += 1
            future = loop.run_in_executor(self._threads, work.context.run, _timed, work.function)
            future.add_done_callback(partial(self._end, work, shares))

    def _next(self, shares: Buckets | None) -> _Work | None:
        """Return the work that is to be done next, if any may be."""
        first: dict[str, _Work] = {}
        for work in self._waiting:
            if not work.client:
                return work  # our own
            if self._at_work[work.client] < OF_A_CLIENT:
                first.setdefault(work.client, work)
        if shares is None:
            return next(iter(first.values()), None)
        return min(first.values(), key=lambda work: shares.level(work.client), default=None)

    def _end(self, work: _Work, shares: Buckets | None, found: asyncio.Future[Any]) -> None:
        self._running -= 1
        self._at_work[work.client] -= 1
        if not self._at_work[work.client]:
            del self._at_work[work.client]
        if not found.cancelled():
            seconds, result, error = found.result()
            if shares is not None and work.client:
                shares.add(work.client, seconds)
            if not work.done.done():
                if error is None:
                    work.done.set_result(result)
                else:
                    work.done.set_exception(error)
        self._dispatch(shares)


def _timed(function: Callable[[], Any]) -> tuple[float, Any, Exception | None]:
    """Run a function, and return the seconds of a processor that it took, its result and its error."""
    begun = time.thread_time()
    result, error = None, None
    try:
        result = function()
    except Exception as found:  # noqa: BLE001 (it is raised where the result is waited for)
        error = found
    return time.thread_time() - begun, result, error
