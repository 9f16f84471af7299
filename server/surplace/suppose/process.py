"""Suppositions for the service: each in a process that ends with the answer or at the deadline."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from surplace.engine import confined
from surplace.engine.protocol import BusyError, DeadlineError, TooComplexError
from surplace.engine.release import Release

AT_ONCE: Final = 1
"""How many suppositions are computed at the same time."""
RETRY_AFTER: Final = 10
_free = threading.BoundedSemaphore(AT_ONCE)


def suppose(task: str, release: Release, argument: Any, deadline: float, memory: int) -> Any:
    """Run a task of *TASKS* in a process of its own and return its result.

    Raises SurplaceError for what cannot be supposed, BusyError if another runs, DeadlineError after
    *deadline* seconds, TooComplexError if the process was lost. *memory* is in MiB.
    """
    if not _free.acquire(blocking=False):
        raise BusyError("Another supposition is being computed: try again in a few seconds.", RETRY_AFTER)
    try:
        return confined.run(TASKS[task], release, argument, seconds=deadline, memory=memory)
    except TimeoutError:
        raise DeadlineError(
            f"The supposition took longer than {deadline:g} seconds: suppose less at once."
        ) from None
    except confined.LostError:
        raise TooComplexError("The process that computed the supposition was lost: try again.") from None
    finally:
        _free.release()


def _assess(release: Release, argument: Any) -> Any:
    from surplace.suppose.person import assess

    return [asdict(ground) for ground in assess(release, argument)]


def _circumstances(release: Release, argument: Any) -> Any:  # noqa: ARG001 - all tasks are called alike
    from surplace.suppose.dataset import given
    from surplace.suppose.person import circumstances

    return circumstances(given(release).store())


def _what_if(release: Release, argument: Any) -> Any:
    from surplace.suppose.what_if import what_if

    return [asdict(item) for item in what_if(release, argument)]


def _known_by(release: Release, argument: date) -> Any:
    from surplace.suppose.known_by import known_by

    return [asdict(item) for item in known_by(release, argument)]


TASKS: Final[dict[str, Callable[[Release, Any], Any]]] = {
    "assess": _assess,
    "circumstances": _circumstances,
    "what-if": _what_if,
    "known-by": _known_by,
}
"""What a process can be asked to compute."""
