"""The web process: one event loop, in which connections are answered and the engine is asked."""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import gc
import os
import signal
import socket
import sys
import time
from functools import partial
from multiprocessing.connection import Connection as Pipe
from typing import Final

from surplace.catalogue import Catalogue
from surplace.engine.local import LocalEngine
from surplace.engine.protocol import Engine
from surplace.engine.release import Release
from surplace.engine.remote import RemoteEngine
from surplace.engine.stale import stale
from surplace.engine.verifying import verified
from surplace.engine.worker import die_with_parent
from surplace.errors import SurplaceError
from surplace.explain.quoting import strangers
from surplace.gate.access import Access
from surplace.gate.current import Current, Watcher
from surplace.gate.figures import figures_of
from surplace.gate.gate import Gate
from surplace.http.cache import Cache
from surplace.http.dispatch import Dispatcher
from surplace.http.metrics import Metrics
from surplace.http.threads import PageThreads
from surplace.routes.app import create_dispatcher
from surplace.serve.configuration import BACKLOG, Configuration
from surplace.texts import Texts

GARBAGE: Final = 20_000
"""Objects that are made and not freed between two looks for those that hold themselves, besides `_trim`."""
SWEEP: Final = 0.25
"""Seconds between two looks at connections whose time may be over."""
STOP_TIME: Final = 5.0
"""Seconds beyond the deadline of queries that requests have to end when the service is stopped."""
TRIM: Final = 2.0
"""Seconds between two times that freed memory is given back to the system, each of which takes some 20 ms."""
TRIM_UNDER_LOAD: Final = 10.0
"""The same, while this process takes more than half of a processor."""

_M_TRIM_THRESHOLD, _M_ARENA_MAX = -1, -8


def main(
    configuration: Configuration,
    catalogue: Catalogue,
    target: Release | str,
    listener: socket.socket,
    pipe: Pipe,
    verify: bool,
) -> None:
    """Run the web process; *pipe* is told when it answers, and from which release.

    With *verify*, the release is read back before it is served.
    """
    die_with_parent()
    _save_memory()
    _allow_connections()
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # until there is something to stop
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the main process, which ends this one
    if os.name == "posix":
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        asyncio.run(_Web(configuration, catalogue, listener, pipe).run(target, verify=verify))
    except SurplaceError as error:
        print(f"surplace: {error}", file=sys.stderr, flush=True)
        raise SystemExit(error.exit_code) from None


class _Web:
    """Opens what is served, and lets connections in."""

    def __init__(
        self, configuration: Configuration, catalogue: Catalogue, listener: socket.socket, pipe: Pipe
    ) -> None:
        self.catalogue, self.listener, self.pipe = catalogue, listener, pipe
        self.limits = configuration.limits
        self.metrics = Metrics()
        self.texts = Texts(configuration.texts)
        self.cache, self.threads = Cache(self.limits), PageThreads(self.limits.page_threads)
        self.engine: Engine | None = None

    async def run(self, target: Release | str, *, verify: bool) -> None:
        """Serve until SIGTERM; raises SurplaceError if it cannot begin."""
        if verify and isinstance(target, Release) and await verified(target) is False:
            raise SurplaceError(
                f"The release {target.name} is damaged, it does not read back as it was written: "
                "build it again, or name another with --release."
            )
        loop = asyncio.get_running_loop()
        stopped = asyncio.Event()
        loop.add_signal_handler(signal.SIGTERM, stopped.set)
        # at the first start nobody waits yet; where a former process has died, clients do
        current = Current(await (self._ready(target) if verify else self._opened(target)))
        access = Access(queries=bool(self.limits.log_queries))
        gate = Gate(current, self.limits, access, self.metrics, self.cache)
        self.metrics.now = lambda: figures_of(gate)
        server = await loop.create_server(gate.connect, sock=self.listener, backlog=BACKLOG)
        self.pipe.send(("ready", target))
        tasks = [loop.create_task(_sweep(gate)), loop.create_task(_trim())]
        if self.texts:
            tasks.append(loop.create_task(self._warn(current)))
        if isinstance(target, Release) and self.limits.release_check:
            watcher = Watcher(target, self._ready, lambda found: self._use(current, found))
            tasks.append(loop.create_task(watcher.watch(self.limits.release_check)))
        await stopped.wait()
        for task in tasks[1:]:
            task.cancel()
        server.close()
        gate.connections.stop()
        await current.close()
        while len(gate.connections):
            gate.connections.stop()
            await asyncio.sleep(0.02)
        tasks[0].cancel()
        self.threads.close()
        access.close()

    async def _opened(self, target: Release | str) -> Dispatcher:
        """Open a release, or an endpoint, with the application that answers from it."""
        if isinstance(target, str):
            engine: Engine = RemoteEngine(target, self.limits)
        else:
            former = self.engine if isinstance(self.engine, LocalEngine) else None
            engine = await LocalEngine.open(target, self.limits, former)
        engine.observe = self.metrics.query
        self.engine = engine
        return create_dispatcher(
            engine,
            asyncio.get_running_loop(),
            self.catalogue,
            self.limits,
            self.metrics,
            self.cache,
            self.threads,
            self.texts,
        )

    async def _ready(self, target: Release | str) -> Dispatcher:
        """Open it, and make what the first requests would wait for; nothing is asked of an endpoint."""
        dispatcher = await self._opened(target)
        if isinstance(target, Release) and self.limits.warm_time:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(dispatcher.warm(), self.limits.warm_time)
            await self._warn_of_questions(dispatcher)
        return dispatcher

    async def _warn_of_questions(self, dispatcher: Dispatcher) -> None:
        """Name the questions that the release was not built with; where it does not answer, none."""
        with contextlib.suppress(SurplaceError):
            asked = partial(stale, self.catalogue.questions(), dispatcher.service.knowledge)
            if told := await self.threads.run(asked):
                print(f"surplace: {told}", file=sys.stderr, flush=True)

    async def _warn(self, current: Current) -> None:
        """Name the texts of which nothing can be shown; where the knowledge does not answer, none."""
        dispatcher = current.take()
        try:
            told = await self.threads.run(partial(strangers, self.texts, dispatcher.service.knowledge))
            for sentence in told:
                print(f"surplace: {sentence}", file=sys.stderr, flush=True)
        except SurplaceError:
            return
        finally:
            current.give_back(dispatcher)

    def _use(self, current: Current, dispatcher: Dispatcher) -> None:
        """Serve another release, and let the main process know, should this one be lost."""
        current.replace(dispatcher)
        self.pipe.send(("serves", dispatcher.service.engine.folder))


async def _sweep(gate: Gate) -> None:
    """End the connections whose time is over, again and again."""
    while True:
        await asyncio.sleep(SWEEP)
        gate.connections.sweep()


async def _trim() -> None:
    """Give freed memory back to the system: after an attack, the process is as small as before.

    What held itself is freed first: it would keep the pages around it.
    """
    libc = ctypes.CDLL(None) if sys.platform == "linux" else None
    last = time.monotonic()
    while libc is not None and hasattr(libc, "malloc_trim"):
        used = time.process_time()
        await asyncio.sleep(TRIM)
        busy = time.process_time() - used > TRIM / 2
        if busy and time.monotonic() - last < TRIM_UNDER_LOAD:
            continue
        last = time.monotonic()
        gc.collect()
        libc.malloc_trim(0)


def _save_memory() -> None:
    """Have the allocator of Linux keep few arenas and give back what is free; what is there needs no look.

    What holds itself is looked for seldom: answers leave none, and `_trim` looks again and again.
    """
    gc.freeze()
    gc.set_threshold(GARBAGE)
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        if hasattr(libc, "mallopt"):
            libc.mallopt(_M_ARENA_MAX, 2)
            libc.mallopt(_M_TRIM_THRESHOLD, 128 * 1024)


def _allow_connections() -> None:
    """Let this process have as many connections as the system allows it at all."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
