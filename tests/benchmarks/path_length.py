"""How long the way of an answer is: modules and calls of the package in the web process, for one request.

    .venv/bin/python tests/benchmarks/path_length.py [--release FOLDER] [--address PATH] [--functions]

The service runs as `surplace serve` runs it. Each process that it makes begins by reading this file, as
multiprocessing has it read the main program, and with that watches its own calls. The web process counts from
one signal to the next, and between them one request is answered. It is asked until it can be kept, and once
more. What an idle service calls meanwhile is counted too, and printed, to be told apart.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE), str(HERE.parent)]

from counting import Calls, Counting  # noqa: E402

NAMED = "PATH_LENGTH_FILE"
"""The variable that has the file in which the web process writes what it counted."""
ADDRESS = "/queries/which-provisions-bind-a-state-on-a-day.csv?state=CHN"
STATE = re.compile("(?<=state=)[A-Z]+")
WINDOW = 0.3
"""Seconds between the signals: the log, too, is written in this time."""


def watch(file: Path) -> None:
    """Count in this process between SIGUSR1 and SIGUSR2, and write the counts to *file*."""
    import surplace

    counting = Counting(Path(surplace.__file__).parent)

    def begin(*_: object) -> None:
        counting.start()
        _write(file, "begun")

    def end(*_: object) -> None:
        calls = counting.stop()
        _write(file, [[module, name, number] for (module, name), number in calls.functions.items()])

    signal.signal(signal.SIGUSR1, begin)
    signal.signal(signal.SIGUSR2, end)
    counting.install()


def _write(file: Path, content: object) -> None:
    beside = file.with_suffix(".new")
    beside.write_text(json.dumps(content))
    beside.replace(file)


class Counted:
    """A web process that counts for this one."""

    def __init__(self, pid: int, file: Path) -> None:
        self.pid, self.file = pid, file

    def _signal(self, number: signal.Signals) -> object:
        self.file.unlink(missing_ok=True)
        os.kill(self.pid, number)
        end = time.monotonic() + 10
        while not self.file.exists():
            assert time.monotonic() < end, "the web process does not count: does multiprocessing make it?"
            time.sleep(0.01)
        return json.loads(self.file.read_text())

    def request(self, url: str, address: str = "") -> Calls:
        """Count the calls of one request, or of none."""
        from abuse.target import send

        assert self._signal(signal.SIGUSR1) == "begun"
        if address:
            reply = send(url, "GET", address)
            assert reply.status == 200, (reply.status, reply.body)
        time.sleep(WINDOW)
        found = self._signal(signal.SIGUSR2)
        calls = Calls()
        assert isinstance(found, list)
        for module, name, number in found:
            calls.functions[module, name] = number
        return calls


def measure(release: Path, address: str) -> dict[str, Calls]:
    """Count the calls of an idle service, of an answer that is computed, and of the same when it is kept."""
    from abuse.scales import web_process
    from abuse.target import send

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "counts"
        environment = os.environ | {
            NAMED: str(file),
            "SURPLACE_RELEASE_CHECK": "0",
            "SURPLACE_WARM_TIME": "60",
        }
        command = [sys.executable, __file__, "serve", "--port", "0", "--release", str(release)]
        with subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        ) as process:
            try:
                assert process.stdout is not None
                url = re.search(r"http://[^/]+", process.stdout.readline())
                assert url, "surplace serve did not start"
                web = Counted(web_process(process.pid, url[0]).pid, file)
                for _ in range(2):  # pick-lists, imports
                    send(url[0], "GET", STATE.sub("KOR", address))
                return {
                    "idle": web.request(url[0]),
                    "uncached": web.request(url[0], address),
                    "kept": web.request(url[0], address),
                }
            finally:
                process.terminate()


def main() -> None:
    """Print modules and calls of an answer that is computed, of one that is kept, and of none."""
    given = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    given.add_argument("--release", type=Path, default=ROOT / ".surplace", help="a folder of releases")
    given.add_argument("--address", default=ADDRESS, help="what is asked for, with a state that is not KOR")
    given.add_argument("--functions", action="store_true", help="print the calls of each function")
    asked = given.parse_args()
    for title, calls in measure(asked.release, asked.address).items():
        print(f"{title:8} {len(calls.modules()):3} modules, {calls.calls:5} calls")
        if asked.functions:
            for (module, name), number in calls.functions.most_common():
                print(f"    {number:5} {module} {name}")


if NAMED in os.environ and (__name__ == "__mp_main__" or sys.argv[1:2] == ["serve"]):
    watch(Path(os.environ[NAMED]))

if __name__ == "__main__":
    if NAMED in os.environ:
        from surplace.cli import main as surplace

        surplace()
    else:
        main()
