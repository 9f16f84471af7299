"""Finds the release to serve, a folder with the store and its manifest, and reads it back."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

from pyoxigraph import RdfFormat, Store

from surplace.errors import SurplaceError

DEFAULT = ".surplace"
DUMP, STORE, MANIFEST, DUMPS = "dump.nq", "store", "manifest.json", "dumps"
"""What a release consists of, besides the list of its pages."""
RULES, AXIOMS = "rules.json", "axioms.json"
"""The files of a release with what its rules read and write, and with the axioms of its ontology."""
RELEASES, CHANGES = "releases", "changes"
"""Where `surplace build` keeps releases, and what changed from one to the next."""
RECORD = "changes.json"
"""The record of what a release changed."""
CURRENT = "current"
"""The link to the release in use."""
SUMS = "SHA256SUMS"
"""The file in the folder of a store with the SHA-256 of all others, as `sha256sum` writes and checks it."""


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

    def learned(self, name: str) -> dict[str, Any]:
        """Return what RULES or AXIOMS holds; raises SurplaceError if the release is older than such files."""
        try:
            found = json.loads((self.path / name).read_bytes())
        except (OSError, ValueError):
            found = None
        if not isinstance(found, dict):
            raise SurplaceError(f"The release {self.path} has no {name} that can be read: build it again.")
        return found


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
            f"There is no release in {given}: run surplace build first, or give the folder of one."
        )
    return Release(path, manifest, given)


def written(manifest: Mapping[str, Any]) -> tuple[str, int, dict[str, str]]:
    """Return what a release must hold to be sound: SHA-256 of its dump, quads, and SHA-256 by file."""
    files = {f"{DUMPS}/{record['name']}": record["sha256"] for record in manifest.get("dumps", ())}
    if "pages" in manifest:
        files[manifest["pages"]["name"]] = manifest["pages"]["sha256"]
    files |= {record["name"]: record["sha256"] for record in manifest.get("learned", ())}
    return str(manifest.get("release")), manifest.get("quads", -1), files


def is_sound(folder: Path, digest: str, quads: int, files: Mapping[str, str] | None = None) -> bool:
    """Tell whether dump, store and *files* of a release are there and hold what they should.

    *digest* is the SHA-256 of the dump, *files* has those of others. The store is read back where its files
    are not those that were read back before. Raises OSError if the disk fails, or if this process may open
    too few files to find out.
    """
    wanted = {DUMP: digest, **(files or {})}
    dumped, stored = _Lines(), _Lines()
    try:
        if any(measured(folder / name)["sha256"] != expected for name, expected in wanted.items()):
            return False
        with (folder / DUMP).open("rb") as file:
            if _is_as_recorded(folder / STORE):
                return sum(1 for _ in file) == quads
            shutil.copyfileobj(file, dumped)
        # the blank nodes of the store are called as in the dump that it was loaded from
        Store.read_only(str(folder / STORE)).dump(cast("IO[bytes]", stored), RdfFormat.N_QUADS)
        return dumped.number == quads and dumped == stored
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError as error:  # what the store says of itself has no number
        if error.errno is not None or wants_files(str(error)):
            raise
        return False


def record_store(folder: Path) -> None:
    """Note that the store of a release was read back, with the SHA-256 of each of its files."""
    (folder / STORE / SUMS).write_text(_sums(folder / STORE), encoding="utf-8")


def _is_as_recorded(store: Path) -> bool:
    """Tell whether each file of a store is the one that was there when it was read back."""
    recorded = store / SUMS
    return recorded.exists() and recorded.read_text(encoding="utf-8") == _sums(store)


def _sums(store: Path) -> str:
    paths = sorted(path for path in store.iterdir() if path.name != SUMS)
    return "".join(f"{measured(path)['sha256']}  {path.name}\n" for path in paths)


def wants_files(reason: str) -> bool:
    """Tell whether the store, or the system, says that too few files may be open."""
    return re.search("Too many open files|file descriptors", reason) is not None


class _Lines:
    """Takes lines as a file does, and keeps their number and the sum of their hashes, whatever their order.

    Python's hash of bytes has a key of its own in each process, so nobody can choose lines that make a sum.
    """

    def __init__(self) -> None:
        self.number = self.sum = 0
        self.rest = b""

    def write(self, data: bytes) -> int:
        *lines, self.rest = (self.rest + data).split(b"\n")
        self.number += len(lines)
        self.sum += sum(map(hash, lines))
        return len(data)

    def flush(self) -> None:
        """Do nothing: a line counts when its end has come."""

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Lines) and vars(self) == vars(other)


def measured(path: Path) -> dict[str, Any]:
    """Return the size in bytes and the SHA-256 of a file, which is read piece by piece."""
    with path.open("rb") as file:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
