"""Where a build spends processor time and memory, stage by stage, and how its last stage grows.

    .venv/bin/python tests/benchmarks/build.py [--with DIR] [--copies N ...]

First the shipped data, with what is in the folders DIR: all stages. Then the release stage alone, on N times
as many quads: those of that release, and copies of them under other names. Each is measured in a process of
its own. The seconds are those of the processor, of child processes too; the memory is the most that the
process has had so far.
"""

from __future__ import annotations

import argparse
import os
import resource
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from pyoxigraph import RdfFormat, Store

from surplace.build.canonical import canonical_dump
from surplace.build.manifest import describe_release
from surplace.build.pipeline import build
from surplace.build.release import write_release
from surplace.cli.build import inputs
from surplace.engine.release import DUMP, find_release
from surplace.namespaces import ID, SOURCE

Result = TypeVar("Result")


class Meter:
    """Prints a line for each stage that has ended."""

    def __init__(self) -> None:
        self.stage, self.begun = "", self.seconds()
        self.all = self.begun

    @staticmethod
    def seconds() -> float:
        """Return the seconds of the processor that this process and its children have had."""
        return sum(os.times()[:4])

    def begin(self, stage: str) -> None:
        """End a stage, and begin another."""
        self.end()
        self.stage, self.begun = stage, self.seconds()

    def end(self) -> None:
        """End a stage."""
        if self.stage:
            self.show(self.stage, self.begun)
        self.stage = ""

    def show(self, what: str, since: float) -> None:
        """Print the seconds since then, and the most memory that there was until now."""
        kilobytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        print(f"{what:12} {self.seconds() - since:7.2f} s {kilobytes / 1024:7.0f} MiB", flush=True)


def all_stages(out: Path, additions: tuple[Path, ...]) -> int:
    """Build a release; return the number of its quads."""
    meter = Meter()
    quads = build(inputs(additions), out, meter.begin).counts["quads"]
    meter.end()
    meter.show("all", meter.all)
    return quads


def last_stage(release: Path, copies: int, out: Path) -> int:
    """Write a release of a release's quads and of copies of them; return how many there are."""
    meter = Meter()
    meter.begin("loading")
    store = copied(find_release(release).path / DUMP, copies)
    quads = len(store)
    meter.begin("release")
    described, dump = describe_release(store), canonical_dump(store, out)
    del store
    write_release(out, dump, described)
    meter.end()
    return quads


def copied(dump: Path, copies: int) -> Store:
    """Load quads, and copies of those without blank nodes, in which things and sources have other names."""
    store = Store()
    store.bulk_load(path=dump, format=RdfFormat.N_QUADS)
    for number in range(1, copies):
        with dump.open("rb") as lines, tempfile.TemporaryFile() as renamed:
            for line in lines:
                for start in (ID, SOURCE):
                    line = line.replace(start.encode(), f"{start}copy-{number}/".encode())
                if b"_:" not in line:
                    renamed.write(line)
            renamed.seek(0)
            store.bulk_load(renamed, RdfFormat.N_QUADS)
    return store


def apart(work: Callable[..., Result], *arguments: object) -> Result:
    """Do something in a process of its own, which has no memory of what was done before."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments).result()


def main(additions: Sequence[Path], copies: Sequence[int]) -> None:
    """Print what the stages take."""
    with tempfile.TemporaryDirectory() as folder:
        release = Path(folder) / "release"
        print(f"All stages: {apart(all_stages, release, tuple(additions)):,} quads\n")
        for number in copies:
            out = Path(folder) / f"copies-{number}"
            out.mkdir()
            print(f"The last stage: {apart(last_stage, release, number, out):,} quads\n")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--with", dest="additions", type=Path, action="append", default=[])
    parser.add_argument("--copies", type=int, nargs="*", default=[1, 4])
    given = parser.parse_args()
    main(given.additions, given.copies)
