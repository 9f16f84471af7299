"""From the sources of the editor and the packages of its lock file to one script and one notice.

npm fetches the packages and checks each against the SHA-512 of the lock file; no script of a package is run.
esbuild, a program of its own among them, makes one script. The same sources give the same bytes.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from surplace.errors import SurplaceError
from surplace.face.bundle import FOLDER, NOTICE, REASON, RECORD, read_record, sha256
from surplace.face.notice import notice
from surplace.face.npm import npm

SOURCES: Final = Path(__file__).resolve().parents[2] / "editor"
"""The sources, which only a checkout and an sdist have."""
PACKAGES: Final = ("package.json", "package-lock.json")
_OPTIONS: Final = (
    "--bundle",
    "--minify",
    "--format=esm",
    "--target=es2022",
    "--charset=utf8",
    "--legal-comments=none",
    "--log-level=error",
)
SECONDS: Final = 180
"""How long fetching the packages may take."""


def make(folder: Path = FOLDER, sources: Path = SOURCES) -> bool:
    """Make the bundle in *folder* unless it is made of these sources already; tell whether it was made.

    Raises SurplaceError, whose sentence stays in the folder for the page to show.
    """
    if not sources.is_dir():
        if read_record(folder) is None:
            raise SurplaceError("The sources of the editor are not in this installation: install it again.")
        return False
    made_of = digest(sources)
    record = read_record(folder)
    if record is not None and record["made_of"] == {"sha256": made_of}:
        return False
    try:
        with tempfile.TemporaryDirectory(prefix="surplace-face-") as place:
            files = bundled(sources, Path(place))
    except SurplaceError as error:
        _replace(folder, {REASON: f"{error}\n".encode()})
        raise
    known = {name: sha256(data) for name, data in sorted(files.items())}
    text = json.dumps({"made_of": {"sha256": made_of}, "files": known}, indent=2) + "\n"
    _replace(folder, {**files, RECORD: text.encode()})
    return True


def digest(sources: Path) -> str:
    """Return the SHA-256 of all that the bundle is made of: sources, lock file, and how esbuild is called."""
    parts = [" ".join(_OPTIONS)]
    parts += [f"{path.name} {sha256(path.read_bytes())}" for path in _files(sources)]
    return sha256("\n".join(parts).encode())


def _files(sources: Path) -> list[Path]:
    return sorted([*(sources / name for name in PACKAGES), *sources.glob("*.js")])


def bundled(sources: Path, place: Path) -> dict[str, bytes]:
    """Return script and notice by name; packages go to *place*, an empty folder. Raises SurplaceError."""
    for path in _files(sources):
        shutil.copyfile(path, place / path.name)
    with npm() as command:
        _install(command, place)
    found = sorted(place.glob("node_modules/@esbuild/*/bin/esbuild*"))
    if len(found) != 1:
        raise SurplaceError(
            "esbuild has no program for this machine: take another, or do without the editor."
        )
    found[0].chmod(0o755)
    command = (str(found[0]), "main.js", *_OPTIONS, "--outfile=out.js", "--metafile=meta.json")
    ran = subprocess.run(command, cwd=place, capture_output=True, text=True, timeout=SECONDS)
    if ran.returncode:
        raise SurplaceError(
            f"esbuild cannot bundle the editor ({_first_line(ran.stderr)}): mend its sources."
        )
    script = (place / "out.js").read_bytes()
    inputs = json.loads((place / "meta.json").read_text(encoding="utf-8"))["inputs"]
    return {f"editor-{sha256(script)[:16]}.js": script, NOTICE: notice(place, inputs).encode()}


def _install(command: Sequence[str], place: Path) -> None:
    """Let npm fetch what the lock file names; raises SurplaceError."""
    options = (
        "ci",
        "--ignore-scripts",
        "--no-audit",
        "--no-fund",
        "--no-update-notifier",
        "--prefer-offline",
    )
    patience = ("--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=60000")
    try:
        ran = subprocess.run(
            (*command, *options, *patience),
            cwd=place,
            env={**os.environ, "npm_config_loglevel": "error"},
            capture_output=True,
            text=True,
            timeout=SECONDS,
        )
    except subprocess.TimeoutExpired:
        raise SurplaceError(
            f"npm did not get the packages of the editor within {SECONDS} seconds: "
            "run `surplace face` again when the network is faster."
        ) from None
    if ran.returncode:
        codes = [line.split()[-1] for line in ran.stderr.splitlines() if " code " in line]
        raise SurplaceError(
            f"npm cannot get the packages of the editor ({codes[0] if codes else 'no reason given'}): "
            "run `surplace face` again with a network, or set npm_config_registry to a registry within reach."
        )


def _replace(folder: Path, files: dict[str, bytes]) -> None:
    """Let a folder hold these files and no others."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in files.items():
        part = folder / f".{name}.part"
        part.write_bytes(data)
        part.replace(folder / name)
    for path in folder.iterdir():
        if path.name not in files:
            path.unlink()


def _first_line(text: str) -> str:
    return next((line.strip() for line in text.splitlines() if line.strip()), "no reason given")
