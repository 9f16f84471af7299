"""What a release changed: recorded beside it, when it takes the place of another for the first time.

The record is no part of the release, whose bytes depend on its inputs alone. It stands in `changes/`, under
the name of the later release, and is never changed again: a release that is switched in once more, or after
another one, keeps the record of the first time.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Set
from pathlib import Path
from typing import Any, Final

from pyoxigraph import RdfFormat

from surplace.build.difference import differences
from surplace.build.dumps import zipped
from surplace.engine.release import CHANGES, RECORD, Release, find_release, measured
from surplace.errors import SurplaceError

ADDED, REMOVED = "added.nq.gz", "removed.nq.gz"
"""The lines to add to the dump of the earlier release, and those to take out, to get that of the later."""
_UNFINISHED: Final = ".unfinished-"


def record_changes(out: Path, after: Release) -> None:
    """Record what *after* changes against the current release below *out*, if that is not recorded yet.

    Nothing is recorded of the first release, nor against one whose dump cannot be read. Raises OSError.
    """
    folder = out / CHANGES / after.name
    if folder.exists():
        return
    try:
        before = find_release(out)
        if before.name == after.name:
            return
        found = differences(before, after)
    except SurplaceError:
        return
    folder.parent.mkdir(exist_ok=True)
    for leftover in folder.parent.glob(f"{_UNFINISHED}*"):
        shutil.rmtree(leftover)
    beside = Path(tempfile.mkdtemp(prefix=_UNFINISHED, dir=folder.parent))
    beside.chmod(0o755)
    record = {
        "before": before.manifest["release"],
        "after": after.manifest["release"],
        **found.summary(),
        "files": [_written(beside / ADDED, found.added), _written(beside / REMOVED, found.removed)],
    }
    (beside / RECORD).write_bytes((json.dumps(record, indent=2, ensure_ascii=False) + "\n").encode())
    beside.rename(folder)


def _written(path: Path, lines: Set[bytes]) -> dict[str, Any]:
    """Write lines of N-Quads, sorted; return the record of the file."""
    with zipped(path) as sink:
        sink.writelines(sorted(lines))
    return {
        "name": path.name,
        "media_type": RdfFormat.N_QUADS.media_type,
        "gzip": True,
        "statements": len(lines),
        **measured(path),
    }
