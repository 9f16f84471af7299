"""Finds the release to serve: a folder with the store and its manifest."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from surplace.errors import SurplaceError

DEFAULT = ".surplace"


@dataclass(frozen=True)
class Release:
    """A built release: its folder and what its manifest says."""

    path: Path
    manifest: Mapping[str, Any]

    @property
    def store(self) -> Path:
        """The folder of the store."""
        return self.path / "store"


def find_release(directory: Path | None = None) -> Release:
    """Open the release in *directory*: a release, or the folder that `surplace build` wrote releases to.

    Without *directory*, SURPLACE_OUT or `.surplace` in the working directory is looked at.
    """
    given = directory or Path(os.environ.get("SURPLACE_OUT", DEFAULT))
    path = given / "current" if (given / "current").exists() else given
    try:
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        manifest = None
    if not isinstance(manifest, dict) or not (path / "store").is_dir():
        raise SurplaceError(
            f"There is no release in {given}: run surplace build first, or name one with --release."
        )
    return Release(path.resolve(), manifest)
