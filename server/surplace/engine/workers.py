"""Keeps as many workers as there should be: starts them, replaces those that ended, says what is wrong."""

from __future__ import annotations

import asyncio
import errno
import logging
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Final

from surplace.engine.limits import Limits
from surplace.engine.link import DIED, Link
from surplace.engine.query_errors import UnavailableError
from surplace.engine.queue import Queue
from surplace.engine.release import wants_files

LOG: Final = logging.getLogger("surplace.pool")
START_TIME: Final = 30.0
"""Seconds that a worker may take to open the release."""
PAUSE: Final = 0.05
"""Seconds that the next start waits after one that failed; twice as many after each further one."""
LONGEST_PAUSE: Final = 5.0
PATIENCE: Final = 1.0
"""Seconds for which starts may fail without a reason: some are lost with what forks them."""
SPARE: Final = 1
"""Workers beyond those at work, to take over at once from one that was killed; a command has none."""
LOOK: Final = 5.0
"""Seconds between two looks at what the workers hold."""
OFTEN: Final = 0.5
"""The same, where those looks are all that limits it."""
CAPPED: Final = sys.platform == "linux"
"""Whether the system itself limits the memory of a process."""
FAT: Final = 64 * 1024 * 1024
"""Bytes that an idle worker may hold beyond those of its start before it is replaced."""
OVERWEIGHT: Final = "memory"
"""Why a worker is killed that holds too much memory: it is its query's fault."""
LATE: Final = "late"
"""Why a worker is killed that is not ready in time."""
CLOSED: Final = "closed"
"""Why a worker is killed when the service stops."""


class Workers:
    """Offers its workers to a queue; all of it is called in one event loop."""

    def __init__(self, store: Path, limits: Limits, queue: Queue, ended: Counter[str]) -> None:
        """Prepare workers for the release in *store*; *ended* counts, by reason, those that were ended."""
        self.store, self.limits, self.queue, self.ended = store, limits, queue, ended
        self.trouble = ""
        """What keeps workers from being started, in a sentence with the remedy."""
        self.loop = asyncio.get_running_loop()
        self._links: list[Link] = []
        self._failures = 0
        self._failing_since = 0.0
        self._not_before = 0.0
        self._filling: asyncio.Task[None] | None = None
        self._known: asyncio.Future[None] = self.loop.create_future()
        self._later: asyncio.TimerHandle | None = None
        self._closed = False

    async def open(self) -> None:
        """Start the workers and return when one of them is ready; raises UnavailableError if none can be."""
        self.fill()
        self._look_later()
        await asyncio.wait([self._known], timeout=START_TIME)
        if not self.ready():
            raise UnavailableError(self.trouble or self._diagnosis(LATE))

    def ready(self) -> list[Link]:
        """Return the workers that are ready."""
        return [item for item in self._links if item.ready]

    def must_be_had(self) -> None:
        """Raise UnavailableError while no worker can be started."""
        if self.trouble and not self.ready():
            raise UnavailableError(self.trouble)

    def fill(self) -> None:
        """Start as many workers as are missing."""
        if self._filling is None and not self._closed and len(self._links) < self._size():
            self._filling = self.loop.create_task(self._fill())

    def discard(self, link: Link, reason: str) -> None:
        """Kill a worker, which is then replaced."""
        if not link.doomed:
            self.ended[reason] += 1
        link.kill(reason)

    async def close(self) -> None:
        """Kill all workers, and wait until they are gone."""
        self._closed = True
        if self._later is not None:
            self._later.cancel()
        if self._filling is not None:
            await asyncio.wait([self._filling])
        for item in self._links:
            item.kill(CLOSED)
        if self._links:
            await asyncio.wait([item.ended for item in self._links], timeout=5)

    def _size(self) -> int:
        """Return how many workers there should be: those for long queries are started when there are any."""
        most, quick = self.limits.worker_count, self.limits.worker_count - self.limits.long_count
        long_ones = self.queue.running_long - self.queue.supposing
        return min(most, max(1, quick) + long_ones) + (SPARE if most > 1 else 0)

    async def _fill(self) -> None:
        try:
            while not self._closed and len(self._links) < self._size():
                wait = self._not_before - time.monotonic()
                if wait > 0:
                    self.loop.call_later(wait, self.fill)
                    return
                await self._start()
        finally:
            self._filling = None

    async def _start(self) -> None:
        link = Link(self.store, self.limits)
        try:
            await link.open()
        except (OSError, EOFError) as error:
            # no process, no memory, no descriptor, or the process that forks them was lost
            reason = _reason(error)
            self._note_failure(reason, told=reason == _TOO_MANY_FILES)
            return
        except Exception as error:
            LOG.exception("A worker could not be started")
            self._note_failure(str(error) or type(error).__name__, told=False)
            return
        self._links.append(link)
        late = self.loop.call_later(START_TIME, link.kill, LATE)
        link.greeted.add_done_callback(lambda _: late.cancel())
        link.greeted.add_done_callback(lambda _: self._greet(link))
        link.ended.add_done_callback(lambda _: self._bury(link))

    def _greet(self, link: Link) -> None:
        """Take in a worker that is ready; one that cannot be ready is ending, and is buried next."""
        trouble = link.greeted.result()
        if self._closed:
            return
        if trouble is not None:
            link.kill("broken")
            self._note_failure(trouble, told=trouble not in (DIED, LATE))
            return
        self._failures, self._not_before = 0, 0.0
        if self.trouble:
            LOG.warning("Workers can be started again")
            self.trouble = ""
        if not self._known.done():
            self._known.set_result(None)
        if link.ready:  # or it died a moment ago
            self.queue.offer(link)

    def _bury(self, link: Link) -> None:
        """Forget a worker that is gone, and start another."""
        self._links.remove(link)
        self.queue.withdraw(link)
        if not link.greeted.done():
            link.greeted.set_result(LATE if link.doomed == LATE else DIED)
        self.fill()

    def _note_failure(self, reason: str, *, told: bool) -> None:
        """Note why a worker could not be started, which is *told* or only guessed."""
        now = time.monotonic()
        if not self._failures:
            self._failing_since = now
        self._failures += 1
        self._not_before = now + min(LONGEST_PAUSE, PAUSE * 2 ** min(self._failures, 20))
        if not told and now - self._failing_since < PATIENCE:
            return
        trouble = self._diagnosis(reason)
        if trouble != self.trouble:
            self.trouble = trouble
            LOG.error("No worker can be started: %s", trouble)
        if not self._known.done():
            self._known.set_result(None)
        if not self.ready():
            self.queue.refuse_queries(trouble)

    def _diagnosis(self, reason: str) -> str:
        """Say why no worker can be started, and what to do."""
        if not self.store.is_dir():
            return f"The release in {self.store.parent} is gone: build it again, or serve another one."
        if wants_files(reason):
            return "The processes that answer may open too few files: raise the limit with ulimit -n."
        if reason == LATE:
            return (
                f"No process that answers was ready within {START_TIME:g} seconds, "
                "for this machine has too much to do: wait, or give it less."
            )
        if reason == DIED:
            return (
                "A process that answers died at its start, perhaps for want of memory: give it more "
                "(ulimit -v, or the limit of the container), or run surplace build."
            )
        return f"The release cannot be opened ({reason}): run surplace build."

    def _look_later(self) -> None:
        self._later = self.loop.call_later(LOOK if CAPPED else OFTEN, self._look)

    def _look(self) -> None:
        """End idle workers that hold too much or are too many, and any that hold more than they may."""
        self._look_later()
        idle = list(self.queue.idle)
        for item in idle if CAPPED else self.ready():
            more = item.memory() - item.base
            if more > (self.limits.worker_memory + 64) * 1024 * 1024:
                self.discard(item, OVERWEIGHT)
            elif more > FAT and self.queue.withdraw(item):
                self.discard(item, "retired")
        for item in idle[: max(0, len(self._links) - self._size())]:
            if self.queue.withdraw(item):
                self.discard(item, "retired")
        self.fill()


_TOO_MANY_FILES: Final = "Too many open files"


def _reason(error: OSError | EOFError) -> str:
    if isinstance(error, OSError) and error.errno in (errno.EMFILE, errno.ENFILE):
        return _TOO_MANY_FILES
    return str(error) or "no process could be started"
