"""Whether the last build read the same, so that another would write the release that is there.

A release depends on its inputs and on the code alone. Beside the releases stand the hash of both, as the last
build found them, and what it reported.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from surplace.build.kept import keep, read_kept
from surplace.build.release import use_again
from surplace.build.report import Report, Violation
from surplace.engine.limits import Limits
from surplace.engine.release import MANIFEST, measured

BUILT: Final = "built.json"
"""The file of the last build, in the folder of what is kept beside the releases."""
_LIBRARIES: Final = ("owlrl", "pyoxigraph", "rdflib")


class LastBuild:
    """The last build below a folder, beside what the next would read."""

    def __init__(self, out: Path, inputs: Sequence[Path]) -> None:
        """Take the hash of what is in the folders *inputs*, before a build reads them."""
        self._out, self._folders, self._inputs = out, inputs, _digest(inputs)

    @property
    def read_the_same(self) -> bool:
        """Tell whether it read what the next would read, byte for byte."""
        return read_kept(self._out, BUILT).get("inputs") == self._inputs

    def use_again(self, report: Report) -> bool:
        """Make its release the current one, if that is sound; tell whether it is.

        *report* then says what that build said. Raises SurplaceError if the disk refuses.
        """
        last = read_kept(self._out, BUILT)
        try:
            warnings = [Violation(**warning) for warning in last["warnings"]]
            folder = use_again(self._out, last["folder"], last["manifest"])
            report.release, report.counts = last["release"], last["counts"]
        except (KeyError, TypeError):
            return False
        report.folder, report.warnings = folder, warnings
        return folder is not None

    def keep(self, report: Report, folder: Path) -> None:
        """Keep what a build reported, and its release; where the disk refuses, only time is lost.

        Nothing is kept where the inputs have changed since: the build may have read either.
        """
        if _digest(self._folders) != self._inputs:
            return
        kept: dict[str, Any] = {
            "inputs": self._inputs,
            "release": report.release,
            "folder": folder.name,
            "manifest": measured(folder / MANIFEST)["sha256"],
            "counts": report.counts,
            "warnings": [asdict(warning) for warning in report.warnings],
        }
        keep(self._out, BUILT, json.dumps(kept, ensure_ascii=False).encode())


def _digest(inputs: Sequence[Path]) -> str:
    """Return the hash of all that decides what a build writes and reports."""
    digest = hashlib.sha256()
    for part in _parts(inputs):
        digest.update(hashlib.sha256(part).digest())
    return digest.hexdigest()


def _parts(inputs: Sequence[Path]) -> Iterator[bytes]:
    """Yield versions, settings, and the names and bytes of the files of the code and of *inputs*."""
    yield from (part.encode() for part in (sys.version, *map(version, _LIBRARIES), repr(Limits.load())))
    code = Path(__file__).parent.parent
    for folder, pattern in ((code, "*.py"), *((folder.resolve(), "*") for folder in inputs)):
        yield str(folder).encode()
        for path in sorted(path for path in folder.rglob(pattern) if path.is_file()):
            yield path.relative_to(folder).as_posix().encode()
            yield path.read_bytes()
