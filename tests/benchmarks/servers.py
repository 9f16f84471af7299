"""The three servers that are compared, each on the data of one release, and what they use."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

import psutil
from pyoxigraph import DefaultGraph, RdfFormat, Store, serialize

OURS, OXIGRAPH, RDFLIB = "Surplace", "Oxigraph server", "rdflib-endpoint"
BIN = Path(sys.executable).parent
OTHER_LOOPS = ("uvloop", "rloop")
"""Event loops that a server may take in the place of asyncio's when they happen to be installed."""


@dataclass(frozen=True)
class Server:
    """A server under load: its name, where it answers queries, its first process."""

    name: str
    url: str
    process: subprocess.Popen[bytes]

    def tree(self) -> list[psutil.Process]:
        """Return its first process and all below it."""
        try:
            first = psutil.Process(self.process.pid)
            return [first, *first.children(recursive=True)]
        except psutil.Error:
            return []

    def cpu(self) -> float:
        """Return the seconds of processor time of all its processes, those that ended included."""
        total = 0.0
        for process in self.tree():
            with suppress(psutil.Error):
                # what a process that ended has used is added to that of the parent who waited for it
                total += sum(process.cpu_times()[:4])
        return total

    def memory(self) -> int:
        """Return the memory of all its processes in MiB: shared pages are counted once."""
        total = 0
        for process in self.tree():
            with suppress(psutil.Error):
                total += process.memory_full_info().pss
        return total // 2**20

    def refuse_other_loops(self) -> None:
        """End the program if the server runs on another event loop than asyncio's."""
        for process in self.tree():
            with suppress(psutil.Error, OSError):
                maps = Path(f"/proc/{process.pid}/maps").read_text()
                for name in OTHER_LOOPS:
                    if f"/{name}/" in maps:
                        raise SystemExit(
                            f"{self.name} runs on {name}, which makes its figures others: uninstall it."
                        )

    def ask(self, text: str) -> None:
        """Ask a query once."""
        request = Request(f"{self.url}?query={quote(text, safe='')}", headers={"Accept": "text/csv"})
        with suppress(OSError), urlopen(request, timeout=60) as response:
            response.read()


@contextmanager
def serving(name: str, release: Path, folder: Path) -> Iterator[Server]:
    """Run one of the three servers on the data of *release*; *folder* is for its files."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port = int(trial.getsockname()[1])
    if name == OURS:
        more = {"SURPLACE_CLIENT_BURST": "1000000", "SURPLACE_CLIENT_REQUESTS": "1000"}
        command = [sys.executable, "-m", "surplace", "serve", "--release", str(release), "--port", str(port)]
        path, environment = "/sparql", os.environ | more
    elif name == OXIGRAPH:
        copy = shutil.copytree(release / "store", folder / "store")
        command = [str(BIN / "oxigraph"), "serve-read-only", "--location", str(copy)]
        command += ["--bind", f"127.0.0.1:{port}"]
        path, environment = "/query", dict(os.environ)
    else:
        graph = folder / "default.nt"
        graph.write_bytes(default_graph(release))
        command = [str(BIN / "rdflib-endpoint"), "serve", "--store", "Oxigraph", "--port", str(port)]
        command.append(str(graph))
        path, environment = "/", dict(os.environ)
    with _running(name, f"http://127.0.0.1:{port}{path}", command, environment) as server:
        server.refuse_other_loops()
        yield server


def default_graph(release: Path) -> bytes:
    """Return the default graph of a release as N-Triples."""
    quads = Store.read_only(str(release / "store")).quads_for_pattern(None, None, None, DefaultGraph())
    return serialize((quad.triple for quad in quads), format=RdfFormat.N_TRIPLES) or b""


@contextmanager
def _running(name: str, url: str, command: list[str], environment: dict[str, str]) -> Iterator[Server]:
    if not Path(command[0]).exists():
        raise SystemExit(f"{command[0]} is not here: install the group bench of pyproject.toml.")
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, start_new_session=True
    )
    try:
        for _ in range(600):
            try:
                with urlopen(f"{url}?query={quote('ASK {}')}", timeout=5):
                    break
            except OSError:
                time.sleep(0.1)
        yield Server(name, url, process)
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
