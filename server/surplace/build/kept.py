"""What a build keeps beside the releases for the next one: small files, which may be lost at no cost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

KEPT: Final = "learned"
"""The folder beside the releases."""


def read_kept(out: Path | None, name: str) -> dict[str, Any]:
    """Return what a build below *out* kept under a name; nothing where it cannot be read."""
    try:
        found = json.loads((out / KEPT / name).read_bytes()) if out else None
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def keep(out: Path, name: str, data: bytes) -> None:
    """Keep JSON under a name, in one step; where the disk refuses, the next build takes longer."""
    path = out / KEPT / name
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.read_bytes() != data:
            new = path.with_name(f"{name}.new")
            new.write_bytes(data)
            new.replace(path)
    except OSError:
        return
