"""Finds the release to serve, a folder with the store and its manifest, and reads it back."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import RdfFormat, Store

from surplace.errors import SurplaceError

DEFAULT = ".surplace"
DUMP, STORE, MANIFEST = "dump.nq", "store", "manifest.json"
"""What a release consists of."""
CURRENT = "current"
"""The link to the release in use."""


@dataclass(frozen=True)
class Release:
    """A built release: its folder and what its manifest says."""

    path: Path
    manifest: Mapping[str, Any]
    given: Path
    """The folder that it was looked for in, where a newer one may be found later."""

    @property
    def name(self) -> str:
        """What it is called: the first digits of its hash."""
        return str(self.manifest.get("release", ""))[:16]

    @property
    def store(self) -> Path:
        """The folder of the store."""
        return self.path / STORE


def find_release(directory: Path | None = None) -> Release:
    """Open the release in *directory*: a release, or the folder that `surplace build` wrote releases to.

    Without *directory*, SURPLACE_OUT or `.surplace` in the working directory is looked at.
    """
    given = directory or Path(os.environ.get("SURPLACE_OUT", DEFAULT))
    # resolved before it is read: `current` may lead elsewhere a moment later
    path = (given / CURRENT if (given / CURRENT).exists() else given).resolve()
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        manifest = None
    if not isinstance(manifest, dict) or not (path / STORE).is_dir():
        raise SurplaceError(
            f"There is no release in {given}: run surplace build first, or name one with --release."
        )
    return Release(path, manifest, given)


def is_sound(folder: Path, digest: str, quads: int) -> bool:
    """Tell whether dump and store of a release are there and hold what they should.

    *digest* is the SHA-256 of the dump. Raises OSError if the disk fails.
    """
    try:
        if hashlib.sha256((folder / DUMP).read_bytes()).hexdigest() != digest:
            return False
        store = Store.read_only(str(folder / STORE))
        # the blank nodes of the store are called as in the dump that it was loaded from
        lines = sorted((store.dump(format=RdfFormat.N_QUADS) or b"").splitlines(keepends=True))
        return len(store) == quads and hashlib.sha256(b"".join(lines)).hexdigest() == digest
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:  # what the store says of itself has no number
        if error.errno is not None:
            raise
        return False
