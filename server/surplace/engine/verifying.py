"""Reading a release back, in a process that may die of it."""

from __future__ import annotations

from typing import Final

from surplace.engine import sandbox
from surplace.engine.release import Release, is_sound, written

VERIFY_TIME: Final = 120.0
"""Seconds that reading a release back may take."""
VERIFY_MEMORY: Final = 4096
"""MiB that reading a release back may take."""


async def verified(release: Release) -> bool | None:
    """Tell whether a release reads back as it was written; None if that could not be found out."""
    arguments = (release.path, *written(release.manifest))
    try:
        return bool(await sandbox.run(is_sound, *arguments, seconds=VERIFY_TIME, memory=VERIFY_MEMORY))
    except (TimeoutError, sandbox.SandboxLostError, OSError):
        return None
