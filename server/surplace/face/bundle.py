"""The bundled editor as it lies in the package: its script and notice, or the reason why it is not there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import surplace

FOLDER: Final = Path(surplace.__file__).parent / "web/bundle"
"""Where the bundle is written: it is never committed, but sdist and wheel carry it."""
RECORD: Final = "bundle.json"
"""Of what the bundle was made, and of which bytes its files are."""
REASON: Final = "missing.txt"
"""Why the last attempt to make it failed, in one sentence."""
NOTICE: Final = "NOTICE.txt"
NEVER: Final = "The editor has not been made: run `surplace face`."


@dataclass(frozen=True)
class Bundle:
    """The files of the editor by the name that pages call them by; *script* is "" where there is none.

    The names have the digest of the script, so that no client takes an old one for it.
    """

    script: str
    notice: str
    files: Mapping[str, bytes]
    reason: str = ""
    """Why there is no script, in one sentence."""


def read_bundle(folder: Path = FOLDER) -> Bundle:
    """Read the bundle; without one, or with one whose bytes are not those recorded, say why there is none."""
    record = read_record(folder)
    if record is None:
        try:
            reason = (folder / REASON).read_text(encoding="utf-8").strip()
        except OSError:
            reason = ""
        return Bundle("", "", {}, reason or NEVER)
    files = {name: (folder / name).read_bytes() for name in record["files"]}
    script = next(name for name in files if name.endswith(".js"))
    notice = f"{Path(script).stem}.{NOTICE}"
    return Bundle(script, notice, {script: files[script], notice: files[NOTICE]})


def read_record(folder: Path) -> dict[str, dict[str, str]] | None:
    """Return what is recorded of a bundle if its files are there, byte for byte; else None."""
    try:
        record: dict[str, dict[str, str]] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        whole = all(sha256((folder / name).read_bytes()) == known for name, known in record["files"].items())
    except (OSError, ValueError, KeyError):
        return None
    return record if whole else None


def sha256(data: bytes) -> str:
    """Return the SHA-256 of some bytes in hexadecimal."""
    return hashlib.sha256(data).hexdigest()
