"""Adds the store to a release and verifies it, in a process of its own, beside the writing of other files.

A thread would gain little: the library keeps the interpreter to itself while it fills a store.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from itertools import islice
from pathlib import Path
from typing import Any, Final

from pyoxigraph import Store

from surplace.build.canonical import quads_of
from surplace.engine.release import DUMP, STORE, is_sound, record_store

LARGE: Final = 4 * 1024 * 1024
"""Bytes of a dump from which on its store is filled in a process of its own, which takes a while to begin."""
LOADED: Final = 50_000
"""Quads that are put into the store at once: it keeps as many in memory, in many forms."""


class Storing:
    """A store that is being added to a release; where it is left early, that ends."""

    def __init__(self, folder: Path, digest: str) -> None:
        """Begin to fill the store of the release in *folder* from its dump, whose SHA-256 is *digest*."""
        self._folder, self._digest = folder, digest
        self._process: subprocess.Popen[bytes] | None = None
        if (folder / DUMP).stat().st_size >= LARGE:
            command = [sys.executable, "-P", "-m", __name__, str(folder), digest]
            self._process = subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )

    def __enter__(self) -> Storing:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process:
            with self._process:  # which waits for it
                self._process.kill()

    def is_sound(self) -> bool:
        """Wait for the end, and tell whether dump and store read back as they were written.

        Raises OSError if the disk refuses, or if the process is lost.
        """
        if self._process is None:
            return store(self._folder, self._digest)
        output = self._process.stdout.read() if self._process.stdout else b""
        if not output:
            raise OSError("the process that fills the store was lost")
        found: dict[str, Any] = json.loads(output)
        if "refused" in found:
            raise OSError(*found["refused"])
        return bool(found["sound"])


def store(folder: Path, digest: str) -> bool:
    """Add the store to a release; tell whether it and the dump that it is made from read back as written.

    That takes as long as to fill it; whoever serves the release sees by its files whether it is the same.
    """
    with (folder / DUMP).open("rb") as lines:
        number = sum(1 for _ in lines)
    made = Store(folder / STORE)
    quads = quads_of(folder / DUMP)
    # quad by quad: bulk_load would give blank nodes other names, and answers of the same release would differ
    for _ in range(0, number, LOADED):
        made.bulk_extend(islice(quads, LOADED))
    made.flush()
    made.optimize()
    del made  # closes it, so that it can be opened again
    sound = is_sound(folder, digest, number)
    if sound:
        record_store(folder)
    return sound


def main() -> None:
    """Do it with what the arguments name, and say how it went."""
    threading.Thread(target=_follow, daemon=True).start()
    try:
        found: dict[str, Any] = {"sound": store(Path(sys.argv[1]), sys.argv[2])}
    except OSError as error:
        found = {"refused": error.args}
    print(json.dumps(found))


def _follow() -> None:
    """End with the process that began this one, which closes the input then."""
    sys.stdin.buffer.read()
    os._exit(1)


if __name__ == "__main__":
    main()
