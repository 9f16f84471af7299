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
from surplace.engine.release import find_release, is_sound

WRITER = (
    "import sys; from pathlib import Path; from surplace.build.release import write_release; "
    "dump = Path(sys.argv[2]).read_bytes(); "
    "write_release(Path(sys.argv[1]), dump, {'quads': dump.count(b'\\n')})"
)
"""The last stage of a build, where files are written."""


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


def attack(release: Path, *, kills: int, whole_builds: bool) -> Result:
    """Kill *kills* builds, whole ones or only their last stage, then let the disk fill up at each step."""
    result = Result()
    with tempfile.TemporaryDirectory() as folder:
        out, more = copied(release, Path(folder) / "out"), Path(folder) / "more"
        dump = smaller(release, Path(folder) / "dump.nq", 0.97)
        more.mkdir()
        former = find_release(out)
        before = fingerprint(former.path)
        command = (
            [sys.executable, "-m", "surplace", "build", "--quiet", "--out", str(out), "--with", str(more)]
            if whole_builds
            else [sys.executable, "-c", WRITER, str(out), str(dump)]
        )
        (more / "other.ttl").write_text("<urn:x:source> a <urn:x:Kind> .\n" if whole_builds else "")
        least, most = (0.5, _time_of_a_build()) if whole_builds else (0.05, 3.0)
        survived = _kill(result, command, kills, least, most, out, before)
        result.figures |= {"builds killed": kills, "of them whole builds": kills if whole_builds else 0}
        result.figures["former release intact after"] = survived
    result.figures |= _fill_disks(result, release)
    return result


def _time_of_a_build() -> float:
    """Return the seconds that a whole build takes on this machine."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([sys.executable, "-m", "surplace", "build", "--quiet", "--out", folder], check=True)
    return time.monotonic() - begun


def _kill(
    result: Result,
    command: list[str],
    number: int,
    least: float,
    most: float,
    out: Path,
    before: dict[str, str],
) -> int:
    name = find_release(out).path.name
    chosen = random.Random(6)
    survived = 0
    for turn in range(number):
        # half of them near the end, when files are written
        wait = chosen.uniform(least, most) if turn % 2 else chosen.uniform(max(least, most - 4), most)
        with subprocess.Popen(
            command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            try:
                process.wait(wait)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        found = find_release(out)
        sound = is_sound(found.path, str(found.manifest["release"]), int(found.manifest["quads"]))
        # a build that was done before it was killed may have switched: what it switched to must be sound
        kept = fingerprint(out / "releases" / name) == before
        survived += sound and kept
        result.expect(sound, f"after {wait:.2f} s the current release is not sound")
        result.expect(kept, f"after {wait:.2f} s the former release had changed")
        if found.path.name != name:
            point_to(out, name)
            shutil.rmtree(found.path)
    return survived


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
    for free in steps:
        ballast = disk / "ballast"
        spare = shutil.disk_usage(disk).free - free * 1024
        with ballast.open("wb") as file:
            os.posix_fallocate(file.fileno(), 0, max(1, spare))
        done = subprocess.run(
            [sys.executable, "-c", WRITER, str(out), str(dump)],
            check=False,
            capture_output=True,
            text=True,
        )
        ballast.unlink()
        found = find_release(out)
        if done.returncode == 0:
            break
        refused += 1
        same = found.path.name == name and fingerprint(found.path) == before
        intact += same
        result.expect(same, f"with {free} KiB left the former release had changed")
        result.expect("SurplaceError" in done.stderr, f"with {free} KiB left: {done.stderr[-200:]}")
        left = [path.name for path in (out / "releases").iterdir() if path.name != name]
        result.expect(not left, f"with {free} KiB left, {left} stayed behind")
    return {"full disks": refused, "former release intact on them": intact}
