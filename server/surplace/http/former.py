"""Answers of releases that stand beside the one that is served: each is opened when asked for."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from surplace.engine.clients import CLIENT, must_have_share
from surplace.engine.protocol import Engine
from surplace.engine.query_errors import BusyError
from surplace.engine.release import Release
from surplace.engine.shelf import Shelf
from surplace.http.message import HttpRequest, HttpResponse, at
from surplace.http.problems import Problem
from surplace.http.route import Parameter

if TYPE_CHECKING:
    from surplace.http.dispatch import Dispatcher

RELEASE: Final = "release"
"""The parameter that names the release whose answer is wanted."""
WANTED: Final = Parameter(
    RELEASE,
    "The release whose answer is wanted, by the first 16 digits of its hash; else the current one answers.",
)
NAME: Final = 16
HASH: Final = 64
"""Digits of the name of a release, and of the whole hash that it begins."""
MOST: Final = 2
"""Releases that are open at once besides the current one."""
IDLE: Final = 30.0
"""Seconds for which one stays open that nobody asks."""
WORKERS: Final = 2
"""Processes of each, one of them for what takes long."""


@dataclass(eq=False)
class _Open:
    """A release that is open or about to be, and how many requests use it."""

    task: asyncio.Task[Dispatcher]
    users: int = 0
    timer: asyncio.TimerHandle | None = None


class FormerReleases:
    """Opens releases for requests that name them; all of it is called in one event loop."""

    def __init__(self, engine: Engine, opened: Callable[[Release], Awaitable[Dispatcher]]) -> None:
        """Look beside the release of *engine*; *opened* opens one, and may raise EngineError."""
        self.engine, self.opened = engine, opened
        self._open: dict[str, _Open] = {}

    async def respond(self, name: str, request: HttpRequest) -> HttpResponse:
        """Have the release of that name or hash answer; raises Problem if it is not here, and EngineError."""
        short = name[:NAME] if len(name) == HASH else name
        held = self._held(short)
        held.users += 1
        if held.timer is not None:
            held.timer.cancel()
        try:
            # others may wait for the same release, so one that goes away does not end its opening
            dispatcher = await asyncio.shield(held.task)
            return await dispatcher.respond(request)
        finally:
            held.users -= 1
            if not held.users:
                self._leave(short, held)

    async def close(self) -> None:
        """Close all that is open."""
        while self._open:
            _, held = self._open.popitem()
            if held.timer is not None:
                held.timer.cancel()
            await _close(held)

    def _held(self, name: str) -> _Open:
        """Return the open release of that name, or begin to open it, in the place of one that nobody uses."""
        found = self._open.get(name)
        if found is not None:
            return found
        release = _kept(self.engine, name)
        if self.engine.shares is not None:
            must_have_share(self.engine.shares, CLIENT.get())
        former: _Open | None = None
        if len(self._open) >= MOST:
            unused = next((known for known, held in self._open.items() if not held.users), None)
            if unused is None:
                raise BusyError(
                    f"{MOST} other releases are being asked, and no more are opened at once: "
                    "try again in 5 seconds, or ask the current one.",
                    5,
                )
            former = self._open.pop(unused)
            if former.timer is not None:
                former.timer.cancel()
        found = _Open(asyncio.get_running_loop().create_task(self._opened(release, former)))
        self._open[name] = found
        return found

    async def _opened(self, release: Release, former: _Open | None) -> Dispatcher:
        """Open a release once the one is closed whose place it takes; its client is charged for the time."""
        client, begun = CLIENT.get(), time.monotonic()
        try:
            if former is not None:
                await _close(former)
            return await self.opened(release)
        finally:
            if client and self.engine.shares is not None:
                self.engine.shares.add(client, time.monotonic() - begun)

    def _leave(self, name: str, held: _Open) -> None:
        """Forget a release that could not be opened; let another be closed after a while."""
        if self._open.get(name) is not held:
            return
        if held.task.done() and (held.task.cancelled() or held.task.exception() is not None):
            del self._open[name]
            return
        held.timer = asyncio.get_running_loop().call_later(IDLE, self._expire, name, held)

    def _expire(self, name: str, held: _Open) -> None:
        if not held.users and self._open.get(name) is held:
            del self._open[name]
            held.timer = None
            # the loop keeps a weak reference alone
            _CLOSING.add(task := asyncio.get_running_loop().create_task(_close(held)))
            task.add_done_callback(_CLOSING.discard)


_CLOSING: Final[set[asyncio.Task[None]]] = set()


async def _close(held: _Open) -> None:
    """Close a release, also one that is still being opened."""
    (found,) = await asyncio.gather(held.task, return_exceptions=True)
    if not isinstance(found, BaseException):
        await found.close()


def _kept(engine: Engine, name: str) -> Release:
    """Return the release of that name; raises Problem, which says what changed since if that is recorded."""
    folder = engine.folder
    if folder is None:
        raise Problem(
            "not-found",
            "This service answers from another endpoint, and keeps no release: leave release out.",
        )
    shelf = Shelf(folder)
    found = shelf.release(name)
    if found is not None:
        return found
    since = changes_since(shelf, name)
    if not since:
        raise unknown_release(name)
    raise Problem(
        "release-gone",
        f"The release {name} is not kept here any more, and its answer is not that of another: "
        f"{len(since)} {'release has' if len(since) == 1 else 'releases have'} followed it. "
        "Leave release out to ask the current one.",
        since=since,
        current=folder.name,
    )


def unknown_release(name: str) -> Problem:
    """Return the problem of a name that no release here has."""
    listed = at("/releases")
    return Problem("not-found", f'There is no release "{name[:40]}" here: {listed} lists those that are.')


def changes_since(shelf: Shelf, name: str) -> list[dict[str, Any]]:
    """Return what each release changed from the one after *name* to the current one; nothing if not known."""
    found: list[dict[str, Any]] = []
    current = shelf.current.name
    while (changes := shelf.changes(current)) is not None and len(found) < 1000:
        found.append(
            {
                "release": current,
                "address": at(f"/release/{current}"),
                **{how: changes["quads"][how] for how in ("added", "removed")},
                **{kind: len(changes[kind]) for kind in ("terms", "findings")},
            }
        )
        current = str(changes["before"])[:16]
        if current == name:
            return found[::-1]
    return []
