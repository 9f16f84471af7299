"""Installs the clients: pip and npm into .clients, Debian's packages where this may; once, within minutes."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from clients.plan import FOLDER, HERE, PYTHON

SECONDS: Final = 230
"""What one way of installing may take, of which three run at once."""
PACKAGES: Final = {
    "rapper": "raptor2-utils",
    "roqet": "rasqal-utils",
    "php": "php-cli",
    "curl": "curl",
    "wget": "wget",
    "/usr/share/php/EasyRdf/autoload.php": "php-easyrdf",
    "/usr/share/perl5/Attean.pm": "libattean-perl",
    "/usr/share/perl5/RDF/Trine.pm": "librdf-trine-perl",
    "/usr/share/perl5/RDF/Query/Client.pm": "librdf-query-client-perl",
}
"""A program or file, and the package of Debian that has it."""


def install() -> list[str]:
    """Install what is not here yet; return a sentence for each way that failed."""
    FOLDER.mkdir(exist_ok=True)
    with ThreadPoolExecutor(3) as ways:
        return [trouble for trouble in ways.map(_tried, (_pip, _npm, _debian)) if trouble]


def _tried(way: object) -> str:
    """Run one way of installing, twice if need be, as networks fail; return what is wrong then."""
    assert callable(way)
    trouble = ""
    for _ in range(2):
        try:
            way()
        except (OSError, subprocess.SubprocessError) as error:
            told = getattr(error, "stderr", None) or str(error)
            lines = (told if isinstance(told, str) else told.decode("utf-8", "replace")).strip().splitlines()
            trouble = f"{way.__name__.strip('_')}: {lines[-1] if lines else error}"
        else:
            return ""
    return trouble


def _run(command: Sequence[str | Path], **environment: str) -> None:
    subprocess.run(
        command,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        timeout=SECONDS,
        check=True,
    )


def _is_done(folder: Path, *files: Path) -> bool:
    """Tell whether a folder was made from files as they are now; what was made from others is removed."""
    if (folder / ".made").is_file() and (folder / ".made").read_text() == _digest(files):
        return True
    shutil.rmtree(folder, ignore_errors=True)
    return False


def _digest(files: Sequence[Path]) -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def _pip() -> None:
    folder, listed = FOLDER / "venv", HERE / "requirements.txt"
    if not _is_done(folder, listed):
        _run((sys.executable, "-m", "venv", folder))
        _run((PYTHON, "-m", "pip", "install", "--quiet", "-r", listed))
        (folder / ".made").write_text(_digest([listed]))


def _npm() -> None:
    folder, listed = FOLDER / "npm", [HERE / "package.json", HERE / "package-lock.json"]
    if not _is_done(folder, *listed):
        folder.mkdir(exist_ok=True)
        for file in listed:
            shutil.copy(file, folder)
        _run(("npm", "ci", "--no-audit", "--no-fund", "--prefix", folder))
        (folder / ".made").write_text(_digest(listed))
    shutil.copy(HERE / "node.mjs", folder)


def _debian() -> None:
    wanted = [
        package
        for place, package in PACKAGES.items()
        if not (Path(place).is_file() if place.startswith("/") else shutil.which(place))
    ]
    if wanted:
        as_root = () if os.geteuid() == 0 else ("sudo", "-n")
        _run((*as_root, "apt-get", "update", "-qq"))
        _run(
            (*as_root, "apt-get", "install", "-y", "-qq", "--no-install-recommends", *wanted),
            DEBIAN_FRONTEND="noninteractive",
        )
