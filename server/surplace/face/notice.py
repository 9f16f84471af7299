"""The notice that a bundle must carry: which packages are in it, and their licences in full."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from surplace.errors import SurplaceError

_HEAD: Final = (
    "The SPARQL editor of Surplace is bundled from these packages, each under the licence below it.\n"
)


def notice(place: Path, inputs: Iterable[str]) -> str:
    """Write the notice for the files *inputs*, which are named from *place*; raises SurplaceError.

    Only packages of which something is in the bundle count.
    """
    folders = {_package(path) for path in inputs if path.startswith("node_modules/")}
    return _HEAD + "".join(_entry(place / folder) for folder in sorted(folders))


def _package(path: str) -> str:
    """Return the folder of the package that a file belongs to; a scoped name has two parts."""
    before, _, rest = path.rpartition("node_modules/")
    parts = rest.split("/")
    return f"{before}node_modules/{'/'.join(parts[: 2 if parts[0].startswith('@') else 1])}"


def _entry(folder: Path) -> str:
    about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    texts = sorted(path for path in folder.iterdir() if path.name.upper().startswith(("LICENSE", "LICENCE")))
    if not texts:
        raise SurplaceError(
            f"The package {about['name']} has no licence text: do without it in server/editor."
        )
    text = "\n".join(path.read_text(encoding="utf-8").strip() for path in texts)
    title = f"{about['name']} {about['version']} ({about['license']})"
    return f"\n{'=' * len(title)}\n{title}\n{'=' * len(title)}\n\n{text}\n"
