"""The release stage: dump, store and manifest, written beside the former release and switched in at once."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from itertools import count
from pathlib import Path
from typing import Any

from surplace.build import counting
from surplace.build.canonical import ByGraph, quads_of, write_dump
from surplace.build.dumps import write_dumps, write_pages
from surplace.build.history import record_changes
from surplace.build.storing import Storing
from surplace.engine.release import (
    CURRENT,
    DUMP,
    DUMPS,
    MANIFEST,
    RELEASES,
    Release,
    is_sound,
    measured,
    written,
)
from surplace.errors import SurplaceError

LOCK = ".lock"
_UNFINISHED = ".unfinished-"


def write_release(
    out: Path,
    pieces: Iterable[bytes],
    described: Mapping[str, Any],
    learned: Mapping[str, bytes] | None = None,
) -> Path:
    """Write a release below *out* in one go; return its folder. See `beginning` and its `finish`."""
    with beginning(out, pieces) as release:
        return release.finish(described, learned)


@contextmanager
def beginning(out: Path, pieces: Iterable[bytes]) -> Iterator[Beginning]:
    """Begin a release below *out* with its dump, from which the store is being made meanwhile.

    *pieces* make up the dump, canonical N-Quads. Where it is left before it is finished, nothing stays.
    Raises SurplaceError if the disk refuses.
    """
    releases = out / RELEASES
    try:
        with _refusals(out):
            releases.mkdir(parents=True, exist_ok=True)
            _sweep(releases)
            beside = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=releases))
            beside.chmod(0o755)
            digest = write_dump(beside / DUMP, pieces)
        with ExitStack() as processes:
            yield Beginning(out, beside, digest, processes)
    finally:
        _sweep(releases)


class Beginning:
    """A release of which there is the dump."""

    def __init__(self, out: Path, beside: Path, digest: str, processes: ExitStack) -> None:
        """Begin to make the store of the dump with that SHA-256 in the folder *beside* others."""
        self._out, self._beside, self._digest, self._processes = out, beside, digest, processes
        # where there is a release of that dump, its store may do
        self._storing = None if _named(out / RELEASES, digest, 1).exists() else self._store()

    def finish(self, described: Mapping[str, Any], learned: Mapping[str, bytes] | None = None) -> Path:
        """Write the rest, verify the release, and make it the current one; return its folder.

        *learned* are files to be put beside the dump, by their names. The manifest is what *described* says,
        with the hash of the dump, what was counted in it, and the records of these files and of those made
        from the dump. A release with that manifest that is there and sound is used again; one that is not is
        left as it is, for it may be in use, and another is written beside it. What changed since the current
        one is recorded. Raises SurplaceError if the disk refuses, or if what was written does not read back;
        the current release is then what it was.
        """
        with _refusals(self._out):
            manifest = {"release": self._digest, **_made(self._beside, described, learned or {})}
            final = _place(self._out / RELEASES, manifest)
            if not final.exists():
                _finish(self._beside, final, self._storing or self._store())
            text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
            _replace(final / MANIFEST, text)
            record_changes(self._out, Release(final, manifest, self._out))
            _switch(self._out, final)
        return final

    def _store(self) -> Storing:
        with _refusals(self._out):
            return self._processes.enter_context(Storing(self._beside, self._digest))


def use_again(out: Path, folder: str, manifest: str) -> Path | None:
    """Make a release below *out* the current one; return it, or None if it is not there or not sound.

    *manifest* is the SHA-256 of its manifest. Raises SurplaceError if the disk refuses.
    """
    path = out / RELEASES / folder
    with _refusals(out):
        try:
            text = (path / MANIFEST).read_bytes()
        except OSError:
            return None
        if hashlib.sha256(text).hexdigest() != manifest:
            return None
        release = Release(path, json.loads(text), out)
        if not is_sound(path, *written(release.manifest)):
            return None
        record_changes(out, release)
        _switch(out, path)
    return path


def _sweep(releases: Path) -> None:
    """Remove what builds have left unfinished."""
    for leftover in releases.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _made(folder: Path, described: Mapping[str, Any], learned: Mapping[str, bytes]) -> dict[str, Any]:
    """Write *learned*, and the files that are made from a dump; return what the manifest says."""
    dump = folder / DUMP
    graphs = ByGraph(dump)
    sizes = graphs.sizes()
    return {
        "quads": sum(sizes.values()),
        "default_graph": sizes.pop("", 0),
        "graphs": sizes,
        **described,
        "figures": counting.count(quads_of(dump)),
        "dumps": write_dumps(folder / DUMPS, graphs),
        "pages": write_pages(folder, graphs),
        "learned": _write_learned(folder, learned),
    }


def _write_learned(folder: Path, learned: Mapping[str, bytes]) -> list[dict[str, Any]]:
    """Write files; return the record of each: name, bytes, SHA-256."""
    for name, data in learned.items():
        (folder / name).write_bytes(data)
    return [{"name": name, **measured(folder / name)} for name in sorted(learned)]


def _place(releases: Path, manifest: Mapping[str, Any]) -> Path:
    """Return the folder of a sound release with that manifest, or one that does not exist yet.

    Its name is the beginning of the hash, with -2, -3, … where what has that name did not verify.
    """
    folders = (_named(releases, manifest["release"], number) for number in count(1))
    return next(folder for folder in folders if not folder.exists() or is_sound(folder, *written(manifest)))


def _named(releases: Path, digest: str, number: int) -> Path:
    """Return the folder of the release with that number of those that have a dump of that hash."""
    name = digest[:16]
    return releases / (name if number == 1 else f"{name}-{number}")


def _finish(beside: Path, final: Path, storing: Storing) -> None:
    """Wait for the store of a release that has another name so far, and give it its name."""
    if not storing.is_sound():
        raise SurplaceError(
            f"The release written to {final.parent} does not read back as it was written: check the disk, "
            "then build again."
        )
    for path in [*beside.rglob("*"), beside]:
        _sync(path)
    beside.rename(final)
    _sync(final.parent)


def _replace(path: Path, text: str) -> None:
    """Write a small file in one step, if it does not hold that text already."""
    if path.exists() and path.read_bytes() == text.encode():
        return
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(text.encode())
    _sync(new)
    new.replace(path)
    _sync(path.parent)


def _switch(out: Path, final: Path) -> None:
    """Let `current` point to a release, in one step."""
    link = out / f"{CURRENT}.new"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(RELEASES) / final.name)
    link.replace(out / CURRENT)
    _sync(out)


def _sync(path: Path) -> None:
    """Make sure that a file or folder is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(out: Path) -> Iterator[None]:
    """Keep other builds from writing below *out* meanwhile; raises SurplaceError if one does already."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        lock = (out / LOCK).open("w")
    except OSError as error:
        raise SurplaceError(_refused(out, error)) from None
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise SurplaceError(f"Another build is writing to {out}: wait until it has ended.") from None
        yield


@contextmanager
def _refusals(out: Path) -> Iterator[None]:
    """Raise SurplaceError where the disk refuses."""
    try:
        yield
    except OSError as error:
        raise SurplaceError(_refused(out, error)) from None


def _refused(out: Path, error: OSError) -> str:
    """Say why the disk refused, and what to do."""
    remedies = {
        errno.ENOSPC: "free some space on the disk",
        errno.EDQUOT: "free some space on the disk",
        errno.EACCES: "choose another folder with --out, or change its permissions",
        errno.EPERM: "choose another folder with --out, or change its permissions",
        errno.EROFS: "choose another folder with --out",
        errno.ENOTDIR: "choose another folder with --out",
        errno.EEXIST: "choose another folder with --out",
    }
    remedy = remedies.get(error.errno or 0, "check the disk, or choose another folder with --out")
    reason = error.strerror or " ".join(str(error).split()) or "unknown reason"
    return f"The release cannot be written to {out} ({reason}): {remedy}; the former release stays in use."
