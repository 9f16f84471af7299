"""Suppositions for the service: each in a process that ends with the answer or at the deadline."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any, Final

from surplace.engine.protocol import Engine
from surplace.engine.release import Release
from surplace.errors import SurplaceError


async def suppose(engine: Engine, task: str, argument: Any) -> Any:
    """Run a task of *TASKS* on the release of *engine*, in a process of its own, and return its result.

    Raises SurplaceError for what cannot be supposed, and EngineError.
    """
    if engine.folder is None:
        raise SurplaceError("Suppositions need a release on this machine, which an endpoint is not.")
    return await engine.suppose(TASKS[task], engine.folder, argument)


def _assess(release: Release, argument: Any) -> Any:
    from surplace.suppose.person import assess

    return asdict(assess(release, argument))


def _what_if(release: Release, argument: Any) -> Any:
    from surplace.suppose.what_if import what_if

    return [asdict(item) for item in what_if(release, argument)]


TASKS: Final[dict[str, Callable[[Release, Any], Any]]] = {
    "assess": _assess,
    "what-if": _what_if,
}
"""What a process can be asked to compute."""
