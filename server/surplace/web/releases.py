"""The release that is served, and how another one takes its place without a request being lost."""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from flask import Flask

from surplace.engine import confined
from surplace.engine.pool import Pool
from surplace.engine.protocol import Engine, UnavailableError
from surplace.engine.release import Release, find_release, is_sound, written
from surplace.errors import SurplaceError

LOG: Final = logging.getLogger("surplace.releases")
VERIFY_TIME: Final = 120.0
"""Seconds that reading a release back may take."""
VERIFY_MEMORY: Final = 4096
"""MiB that reading a release back may take."""


class Served:
    """A release, or an endpoint, with the application that answers from it."""

    def __init__(self, app: Flask, engine: Engine) -> None:
        self.app, self.engine = app, engine

    @property
    def release(self) -> str:
        """The short name of the release; nothing for an endpoint."""
        return str((self.engine.release or {}).get("release", ""))[:16]

    @property
    def pool(self) -> Pool | None:
        """The processes of the engine, if it has any."""
        return getattr(self.engine, "pool", None)

    def health(self) -> dict[str, Any]:
        """Tell whether the release can be asked, and how many processes there are for it."""
        pool = self.pool
        if pool is None:
            return {"status": "ok", "release": self.release, "workers": None}
        ready = len(pool.processes())
        return {"status": "ok" if ready else "no workers", "release": self.release, "workers": ready}

    def close(self) -> None:
        """Stop its processes."""
        self.engine.close()


class Current:
    """What is served now. Another may take its place; what was begun ends with what it began with."""

    def __init__(self, served: Served) -> None:
        self.served = served
        self._users: Counter[Served] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def in_use(self) -> Iterator[Served]:
        """Hold on to what is served now, for one request."""
        with self._lock:
            served = self.served
            self._users[served] += 1
        try:
            yield served
        finally:
            with self._lock:
                self._users[served] -= 1
            self._close_unused(served)

    def replace(self, served: Served) -> None:
        """Serve another from now on; the former is closed when nobody uses it any more."""
        with self._lock:
            former, self.served = self.served, served
            self._users[former] += 0  # known, though perhaps nobody used it
        self._close_unused(former)

    def _close_unused(self, served: Served) -> None:
        with self._lock:
            if served is self.served or self._users[served] or served not in self._users:
                return
            del self._users[served]
        threading.Thread(target=served.close, name="surplace-closing").start()

    def close(self) -> None:
        """Stop the processes of all that is open."""
        with self._lock:
            found = {self.served, *self._users}
        for served in found:
            served.close()


class Watcher:
    """Looks for a new release, verifies it, opens it beside the old one, and hands it over."""

    def __init__(
        self, release: Release, opened: Callable[[Release], Served], use: Callable[[Served], None]
    ) -> None:
        """Watch where *release* was found; *opened* opens another, *use* lets it be served."""
        self.release, self.opened, self.use = release, opened, use
        self._refused: set[tuple[str, int, int]] = set()
        self._stop = threading.Event()

    def start(self, seconds: float) -> None:
        """Look every so many seconds from now on."""

        def watch() -> None:
            while not self._stop.wait(seconds):
                try:
                    self.look()
                except Exception:  # the next look may succeed, and none may be the last
                    LOG.exception("The look for a new release failed")

        threading.Thread(target=watch, name="surplace-watcher", daemon=True).start()

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()

    def look(self) -> bool:
        """Look once; tell whether another release is served now."""
        try:
            found = find_release(self.release.given)
            state = found.path.stat()
        except (SurplaceError, OSError):
            return False  # between two releases, or none is left: the one that is open stays
        identity = (found.name, state.st_ino, state.st_mtime_ns)
        if found.path == self.release.path or identity in self._refused:
            return False
        sound = verified(found)
        if sound is None:
            return False  # for want of time or memory: at the next look
        try:
            if not sound:
                raise SurplaceError("it does not read back as it was written")
            served = self.opened(found)
        except UnavailableError as error:
            LOG.error("The release %s cannot be opened yet: %s", found.name, error)
            return False
        except SurplaceError as error:
            self._refused.add(identity)
            LOG.error("The release %s is refused: %s", found.name, error)
            return False
        self.release = found
        self.use(served)
        LOG.info("The release %s is served", found.name)
        return True


def verified(release: Release) -> bool | None:
    """Read a release back, in a process that may die of it; None if that could not be done."""
    arguments = (release.path, *written(release.manifest))
    try:
        return bool(confined.run(is_sound, *arguments, seconds=VERIFY_TIME, memory=VERIFY_MEMORY))
    except (TimeoutError, confined.LostError, OSError):
        return None
