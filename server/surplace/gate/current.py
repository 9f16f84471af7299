"""The release that is served, and how another one takes its place without a request being lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from surplace.engine.query_errors import UnavailableError
from surplace.engine.release import Release, find_release
from surplace.engine.verifying import verified
from surplace.errors import SurplaceError
from surplace.http.dispatch import Dispatcher

LOG: Final = logging.getLogger("surplace.releases")


class Current:
    """What is served now. Another may take its place; what was begun ends with what it began with."""

    def __init__(self, dispatcher: Dispatcher) -> None:
        self.dispatcher = dispatcher
        self._users: dict[Dispatcher, int] = {dispatcher: 0}
        self._closing: set[asyncio.Task[None]] = set()

    def take(self) -> Dispatcher:
        """Hold on to what is served now, for one request; `give_back` must follow."""
        self._users[self.dispatcher] += 1
        return self.dispatcher

    def give_back(self, dispatcher: Dispatcher) -> None:
        """Hold on to it no more."""
        self._users[dispatcher] -= 1
        if dispatcher is not self.dispatcher:
            self._close_unused(dispatcher)

    def replace(self, dispatcher: Dispatcher) -> None:
        """Serve another from now on; the former is closed when nobody uses it any more."""
        former, self.dispatcher = self.dispatcher, dispatcher
        self._users[dispatcher] = 0
        self._close_unused(former)

    def _close_unused(self, dispatcher: Dispatcher) -> None:
        if not self._users[dispatcher]:
            del self._users[dispatcher]
            task = asyncio.get_running_loop().create_task(dispatcher.close())
            self._closing.add(task)
            task.add_done_callback(self._closing.discard)

    async def close(self) -> None:
        """Stop the processes of all that is open."""
        for dispatcher in list(self._users):
            await dispatcher.close()


class Watcher:
    """Looks for a new release, verifies it, opens it beside the old one, and hands it over."""

    def __init__(
        self,
        release: Release,
        opened: Callable[[Release], Awaitable[Dispatcher]],
        use: Callable[[Dispatcher], None],
    ) -> None:
        """Watch where *release* was found; *opened* opens another, *use* lets it be served."""
        self.release, self.opened, self.use = release, opened, use
        self._refused: set[tuple[str, int, int]] = set()

    async def watch(self, seconds: float) -> None:
        """Look every so many seconds, for ever."""
        while True:
            await asyncio.sleep(seconds)
            try:
                await self.look()
            except Exception:  # the next look may succeed, and none may be the last
                LOG.exception("The look for a new release failed")

    async def look(self) -> bool:
        """Look once; tell whether another release is served now."""
        try:
            found = await asyncio.to_thread(find_release, self.release.given)
            state = found.path.stat()
        except (SurplaceError, OSError):
            return False  # between two releases, or none is left: the one that is open stays
        identity = (found.name, state.st_ino, state.st_mtime_ns)
        if found.path == self.release.path or identity in self._refused:
            return False
        sound = await verified(found)
        if sound is None:
            return False  # for want of time or memory: at the next look
        try:
            if not sound:
                raise SurplaceError("it does not read back as it was written")
            dispatcher = await self.opened(found)
        except UnavailableError as error:
            LOG.error("The release %s cannot be opened yet: %s", found.name, error)
            return False
        except SurplaceError as error:
            self._refused.add(identity)
            LOG.error("The release %s is refused: %s", found.name, error)
            return False
        self.release = found
        self.use(dispatcher)
        LOG.info("The release %s is served", found.name)
        return True
