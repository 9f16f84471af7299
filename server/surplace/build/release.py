"""The release stage: dump, store and manifest, written beside the former release and switched in at once."""

from __future__ import annotations

import hashlib
import json
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
from surplace.build.safe_writing import refusals, replace_text, sync
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
        with refusals(out):
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
        with refusals(self._out):
            manifest = {"release": self._digest, **_made(self._beside, described, learned or {})}
            final = _place(self._out / RELEASES, manifest)
            if not final.exists():
                _finish(self._beside, final, self._storing or self._store())
            text = json.dumps(manifest, indent=2, ensure_ascii=False) + "\n"
            replace_text(final / MANIFEST, text)
            record_changes(self._out, Release(final, manifest, self._out))
            _switch(self._out, final)
        return final

    def _store(self) -> Storing:
        with refusals(self._out):
            return self._processes.enter_context(Storing(self._beside, self._digest))


def use_again(out: Path, folder: str, manifest: str) -> Path | None:
    """Make a release below *out* the current one; return it, or None if it is not there or not sound.

    *manifest* is the SHA-256 of its manifest. Raises SurplaceError if the disk refuses.
    """
    path = out / RELEASES / folder
    with refusals(out):
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
        sync(path)
    beside.rename(final)
    sync(final.parent)


def _switch(out: Path, final: Path) -> None:
    """Let `current` point to a release, in one step."""
    link = out / f"{CURRENT}.new"
    link.unlink(missing_ok=True)
    link.symlink_to(Path(RELEASES) / final.name)
    link.replace(out / CURRENT)
    sync(out)
