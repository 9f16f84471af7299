"""What happens to a query while it runs: it becomes a long one, steps back, is stopped at its deadline."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Final

from surplace.engine.limits import Limits
from surplace.engine.link import Link, Reply
from surplace.engine.protocol import Request, in_seconds
from surplace.engine.query_errors import DeadlineError

STEPS: Final = ((0.0, 5), (1.0, 10), (4.0, 19))
"""Seconds for which a query has been a long one, and how nice it is from then on: the longer, the nicer."""


class PutOffError(Exception):
    """A query that is to be begun again, since no more long ones may run at the moment."""

    code = "put-off"


class Watch:
    """One timer at a time; `cancel` must follow."""

    def __init__(
        self,
        link: Link,
        reply: Reply,
        until: float,
        limits: Limits,
        lengthen: Callable[[], bool] | None,
    ) -> None:
        """Watch what *link* answers until *until*.

        *lengthen* is called when the query proves to be a long one, and says whether it may go on; it is None
        for one that is known to be.
        """
        self.link, self.reply, self.until, self.limits, self.lengthen = link, reply, until, limits, lengthen
        self._loop = asyncio.get_running_loop()
        self._steps: Iterator[tuple[float, int]] = iter(())
        self._timer: asyncio.TimerHandle | None = None
        if lengthen is None:
            self._become_long()
        else:
            self._at(time.monotonic() + limits.quick, self._grow)

    def cancel(self) -> None:
        """Watch no more."""
        if self._timer is not None:
            self._timer.cancel()

    def _at(self, when: float, action: Callable[[], None]) -> None:
        if when < self.until:
            self._timer = self._loop.call_at(when, action)
        else:
            self._timer = self._loop.call_at(self.until, self._stop)

    def _grow(self) -> None:
        """Let a query that proves to be a long one go on, if it may."""
        if self.lengthen is not None and not self.lengthen():
            self.reply.fail(PutOffError())
        else:
            self._become_long()

    def _become_long(self) -> None:
        since = time.monotonic()
        self._steps = ((since + after, nice) for after, nice in STEPS)
        self._step()

    def _step(self) -> None:
        step = next(self._steps, None)
        if step is None:
            self._at(self.until, self._stop)
        else:
            when, nice = step
            self._at(when, lambda: self._step_back(nice))

    def _step_back(self, nice: int) -> None:
        self.link.step_back(nice)
        self._step()

    def _stop(self) -> None:
        self.reply.fail(late(self.reply.request, self.limits))


def late(request: Request, limits: Limits) -> DeadlineError:
    """Return the error for a query whose time is over."""
    seconds = request.seconds(limits.deadline)
    fewer = " or add a LIMIT" if request.inspection.form in ("SELECT", "CONSTRUCT", "DESCRIBE") else ""
    return DeadlineError(f"The query took longer than {in_seconds(seconds)}: make it more selective{fewer}.")
