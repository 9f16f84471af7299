"""The releases that stand in a folder, and what each changed against the one before it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from surplace.engine.release import CHANGES, MANIFEST, RECORD, RELEASES, Release

_NAME: Final = re.compile("[0-9a-f]{16}")


class Shelf:
    """The releases beside one that is in use: looked for each time, and read when their files change."""

    def __init__(self, current: Release) -> None:
        """Look where *current* stands, in what `surplace build` wrote or alone in a folder of its own."""
        self.current = current
        beside = current.path.parent
        self._releases = beside if beside.name == RELEASES else None
        self._changes = beside.parent / CHANGES if self._releases else None

    def release(self, name: str) -> Release | None:
        """Return the release of that name, the first 16 digits of its hash, if it is there."""
        if name == self.current.name:
            return self.current
        return self._others().get(name)

    def releases(self) -> list[Release]:
        """Return all releases: the current one, those before it as far as is known, then others by name."""
        found = {self.current.name: self.current, **self._others()}
        ordered: list[Release] = []
        name: str | None = self.current.name
        while name in found:
            ordered.append(found.pop(name))
            changes = self.changes(name)
            name = str(changes["before"])[:16] if changes else None
        return [*ordered, *(found[name] for name in sorted(found))]

    def changes(self, name: str) -> Mapping[str, Any] | None:
        """Return the record of what a release changed, if there is one."""
        if self._changes is None or not _NAME.fullmatch(name):
            return None
        return _read(self._changes / name / RECORD)

    def changes_folder(self, name: str) -> Path | None:
        """Return the folder of what a release changed, if it is recorded."""
        return self._changes / name if self._changes and self.changes(name) is not None else None

    def _others(self) -> dict[str, Release]:
        """Return the releases beside the current one, by name.

        Of several folders of the same release, those that did not verify are older.
        """
        if self._releases is None or not self._releases.is_dir():
            return {}
        found: dict[str, Release] = {}
        for path in sorted(self._releases.iterdir(), key=lambda path: (len(path.name), path.name)):
            manifest = _read(path / MANIFEST) if _NAME.match(path.name) else None
            if manifest is not None:
                release = Release(path, manifest, self.current.given)
                if release.name != self.current.name and _NAME.fullmatch(release.name):
                    found[release.name] = release
        return found


def _read(path: Path) -> Mapping[str, Any] | None:
    """Return what a file of JSON holds; None if it is not there, or is none."""
    try:
        state = path.stat()
        return _parsed(path, state.st_ino, state.st_mtime_ns)
    except (OSError, ValueError):
        return None


@lru_cache(maxsize=64)
def _parsed(path: Path, _inode: int, _changed: int) -> Mapping[str, Any] | None:
    found = json.loads(path.read_text(encoding="utf-8"))
    return found if isinstance(found, dict) else None
