"""Builds that are killed at any moment, or that the disk refuses: the former release stays as it was."""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from abuse.target import Result
from surplace.engine.release import find_release, is_sound, written

WRITER = (
    "import sys; from pathlib import Path; from surplace.build.release import write_release; "
    "write_release(Path(sys.argv[1]), [Path(sys.argv[2]).read_bytes()], {})"
)
"""The last stage of a build, where files are written."""
WRITERS = """
import os, sys
from pathlib import Path
from surplace.build.release import write_release
for _ in sys.stdin:
    child = os.fork()
    if not child:
        try:
            write_release(Path(sys.argv[1]), [Path(sys.argv[2]).read_bytes()], {})
        except BaseException as error:
            print(repr(error), end="; ", flush=True)
            os._exit(1)
        os._exit(0)
    print("ended with", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""
"""The same for each line that it is sent, each time in a process that is forked and has all modules."""
DONE = "ended with 0"
ADDITION = '<https://example.org/x> <http://www.w3.org/2004/02/skos/core#altLabel> "x"@en .\n'
"""What makes of a whole build another release than that of the project."""


def fingerprint(folder: Path) -> dict[str, str]:
    """Return the hash of every file of a release."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def copied(release: Path, out: Path) -> Path:
    """Copy the current release, and nothing else, to a folder of releases of its own."""
    path = find_release(release).path
    shutil.copytree(path, out / "releases" / path.name)
    point_to(out, path.name)
    return out


def point_to(out: Path, name: str) -> None:
    """Let `current` lead to a release."""
    new = out / "current.new"
    new.unlink(missing_ok=True)
    new.symlink_to(Path("releases") / name)
    new.replace(out / "current")


def smaller(release: Path, place: Path, share: float) -> Path:
    """Write a dump with that share of a release's quads: another release than that."""
    lines = (release / "current" / "dump.nq").read_bytes().splitlines(keepends=True)
    place.write_bytes(b"".join(lines[: int(len(lines) * share)]))
    return place


def writing(out: Path, dump: Path) -> list[str]:
    """Return the command that writes a release of a dump."""
    return [sys.executable, "-c", WRITER, str(out), str(dump)]


def attack(release: Path, *, kills: int, whole_builds: bool, share: float = 1) -> Result:
    """Kill *kills* builds, whole ones or only their last stage, then let the disk fill up at each step.

    With a *share* of less than 1 all this is done with a release of that share of the quads: what a build
    leaves on the disk does not depend on how much it writes.
    """
    if share < 1:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "out"
            subprocess.run(writing(out, smaller(release, Path(folder) / "dump.nq", share)), check=True)
            return attack(out, kills=kills, whole_builds=whole_builds)
    result = Result()
    with tempfile.TemporaryDirectory() as folder:
        out, more = copied(release, Path(folder) / "out"), Path(folder) / "more"
        dump = smaller(release, Path(folder) / "dump.nq", 0.97)
        more.mkdir()
        command = (
            [sys.executable, "-m", "surplace", "build", "--quiet", "--out", str(out), "--with", str(more)]
            if whole_builds
            else writing(out, dump)
        )
        (more / "other.ttl").write_text(ADDITION)
        seconds = _left_alone(result, command, out)
        if not result.faults:
            _kill(result, command, kills, seconds, out)
            result.figures["of them whole builds"] = result.figures["builds killed"] if whole_builds else 0
    result.figures |= _fill_disks(result, release)
    return result


def _left_alone(result: Result, command: list[str], out: Path) -> float:
    """Run a build that nobody kills, which must succeed; return the seconds that it takes."""
    former = find_release(out).path.name
    begun = time.monotonic()
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    seconds = time.monotonic() - begun
    result.expect(done.returncode == 0, f"a build that nobody killed failed: {done.stderr[-300:]}")
    result.expect(find_release(out).path.name != former, "a build that nobody killed switched to nothing")
    result.figures["seconds of a build that nobody kills"] = round(seconds, 1)
    _back_to(out, former)
    return seconds


def _back_to(out: Path, name: str) -> None:
    """Let `current` lead to that release, and take others away, so that they are written again.

    What killed builds left stays for the next one to remove.
    """
    point_to(out, name)
    for path in (out / "releases").iterdir():
        if path.name != name and not path.name.startswith("."):
            shutil.rmtree(path)


def _kill(result: Result, command: list[str], number: int, seconds: float, out: Path) -> None:
    """Kill *number* builds; one that ends before that is tried again, up to three times as many in all."""
    former = find_release(out).path
    before = fingerprint(former)
    chosen = random.Random(6)
    tried = killed = intact = 0
    while killed < number and tried < 3 * number:
        # half of them near the end, when files are written
        wait = chosen.uniform(max(seconds / 2, seconds - 4) if tried % 2 else 0.05, seconds)
        tried += 1
        ended, said = _killed_after(wait, command)
        result.expect(ended in (0, -signal.SIGKILL), f"a build ended with {ended} by itself: {said[-300:]}")
        found = find_release(out)
        sound = is_sound(found.path, *written(found.manifest))
        # a build that was done before it was killed may have switched: what it switched to must be sound
        kept = fingerprint(former) == before
        result.expect(sound, f"after {wait:.2f} s the current release is not sound")
        result.expect(kept, f"after {wait:.2f} s the former release had changed")
        if ended == -signal.SIGKILL:
            killed += 1
            intact += sound and kept
        _back_to(out, former.name)
    result.expect(killed == number, f"only {killed} of {tried} builds were killed before they ended")
    result.figures |= {
        "builds begun": tried,
        "builds killed": killed,
        "former release intact after": intact,
    }


def _killed_after(seconds: float, command: list[str]) -> tuple[int, str]:
    """Run a command and kill it, with all that it started, after so long; return its exit code and errors."""
    with subprocess.Popen(
        command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            _, said = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            _, said = process.communicate()
        return process.returncode, said


def _fill_disks(result: Result, release: Path) -> dict[str, object]:
    """Write a release to disks with ever more room left; needs the right to mount."""
    with tempfile.TemporaryDirectory() as folder:
        disk = Path(folder) / "disk"
        disk.mkdir()
        size = 4 * sum(path.stat().st_size for path in find_release(release).path.rglob("*"))
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(disk)],
            check=False,
            capture_output=True,
        )
        if mounted.returncode:
            return {"full disks": "not tried: mounting needs root"}
        try:
            return _fill(result, release, disk, smaller(release, Path(folder) / "dump.nq", 0.9))
        finally:
            subprocess.run(["umount", str(disk)], check=True)


def _fill(result: Result, release: Path, disk: Path, dump: Path) -> dict[str, object]:
    out = copied(release, disk / "out")
    before = fingerprint(find_release(out).path)
    name = find_release(out).path.name
    need = dump.stat().st_size * 4
    refused = intact = 0
    steps = [0, 1, 4, 16, 64, 256, *(need * part // 40 // 1024 for part in range(1, 41))]
    command = [sys.executable, "-c", WRITERS, str(out), str(dump)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as writers:
        assert writers.stdin is not None
        assert writers.stdout is not None
        for free in steps:
            ballast = disk / "ballast"
            spare = shutil.disk_usage(disk).free - free * 1024
            with ballast.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, max(1, spare))
            print(file=writers.stdin, flush=True)
            said = writers.stdout.readline().strip()
            ballast.unlink()
            found = find_release(out)
            if said == DONE:
                break
            refused += 1
            same = found.path.name == name and fingerprint(found.path) == before
            intact += same
            result.expect(same, f"with {free} KiB left the former release had changed")
            result.expect(said.startswith("SurplaceError("), f"with {free} KiB left: {said[-200:]}")
            left = [path.name for path in (out / "releases").iterdir() if path.name != name]
            result.expect(not left, f"with {free} KiB left, {left} stayed behind")
    result.expect(refused, "no disk was too full for a release")
    return {"full disks": refused, "former release intact on them": intact}
