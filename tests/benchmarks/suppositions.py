"""How much processor time builds, suppositions and explanations take over the shipped data.

    .venv/bin/python tests/benchmarks/suppositions.py

Builds twice, first with nothing learned, then with what the first build learned; then assesses a person, asks
what would differ, and explains a finding. The time is that of each command, its workers left out.
"""

from __future__ import annotations

import resource
import subprocess
import sys
import tempfile
from pathlib import Path

FINDING = "id/finding/measure/china-returns-north-koreans/norm/1951-convention/33/1"
COMMANDS = {
    "build, cold": ("build", "--quiet", "--out"),
    "build, warm": ("build", "--quiet", "--out"),
    "assess": ("assess", "--yes", "left-without-permission", "--origin", "PRK", "--stay", "CHN", "--release"),
    "what-if": ("what-if", "--accede", "PRK", "cat", "--on", "2012-01-01", "--release"),
    "explain": ("explain", FINDING, "--release"),
}


def spent() -> float:
    """Return the processor time of all commands that have ended, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> None:
    """Print the time of each command."""
    with tempfile.TemporaryDirectory() as out:
        for name, arguments in COMMANDS.items():
            before = spent()
            command = [str(Path(sys.executable).with_name("surplace")), *arguments, out]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            print(f"{name}: {spent() - before:.1f} s of processor time")


if __name__ == "__main__":
    main()
