"""Requests a second of Surplace, the Oxigraph server and rdflib-endpoint: the same queries and data, one run.

    .venv/bin/python tests/benchmarks/requests_per_second.py [SECONDS]

wrk (Debian package wrk) sends them over eight connections for so many seconds each. `repeated`: the questions
of the catalogue with their defaults, again and again, which Surplace keeps. `lookups` and `joins`: each query
is another, so that nothing that is kept helps. The Oxigraph server reads a copy of the release's store,
rdflib-endpoint the default graph of the release. The group `bench` of pyproject.toml has both servers.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote
from urllib.request import Request, urlopen

import psutil
from pyoxigraph import DefaultGraph, RdfFormat, Store, serialize

from surplace.catalogue import load_catalogue
from surplace.engine.release import find_release
from surplace.resources import queries_dir

CONNECTIONS = 8
OURS, OXIGRAPH, RDFLIB = "Surplace", "Oxigraph server", "rdflib-endpoint"
ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent
SUR = "https://w3id.org/surplace/ontology/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
ID = "https://w3id.org/surplace/id/"
LOOKUP = f"SELECT ?p ?o {{ <{ID}state/%s> ?p ?o }} LIMIT 2NUMBER"
JOIN = (
    f"SELECT ?state ?label ?day {{ ?consent <{SUR}isGivenBy> ?state ; <{SUR}isDepositedOn> ?day . "
    f"?state <{SKOS}prefLabel> ?label FILTER NOT EXISTS {{ ?consent a <{SUR}Denunciation> }} }} LIMIT 2NUMBER"
)
STATES = ("CHN", "PRK", "KOR", "JPN", "MNG", "RUS", "VNM", "LAO", "THA", "KHM", "MMR", "PHL", "USA", "MEX")

# every connection asks for another query each time, or for those of a list in turn
SCRIPT = """
local paths, turn, thread = {}, 0, 0
for line in io.lines("%s") do paths[#paths + 1] = line end
function setup(t) t:set("start", thread); thread = thread + 1 end
function init() turn = start * 500000 end
request = function()
  turn = turn + 1
  local path = paths[turn %% #paths + 1]:gsub("NUMBER", string.format("%%07d", turn))
  return wrk.format("GET", path, {Accept = "text/csv"})
end
done = function(summary, latency)
  io.write(string.format("FIGURES %%f %%f %%f %%d %%d\\n", summary.requests / summary.duration * 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.errors.status, summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
"""


@dataclass(frozen=True)
class Server:
    """A server under load: its name, where it answers queries, its process."""

    name: str
    url: str
    process: subprocess.Popen[bytes]


@dataclass(frozen=True)
class Figures:
    """Requests a second, p50 and p99 in ms, failed requests, and the largest memory of the whole service."""

    rate: float
    p50: float
    p99: float
    failed: int
    memory: int


def free_port() -> int:
    """Return a port that nobody uses."""
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


@contextmanager
def running(
    name: str, path: str, command: list[str], port: int, environment: dict[str, str] | None = None
) -> Iterator[Server]:
    """Run a server until the block ends."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment, start_new_session=True
    )
    try:
        url = f"http://127.0.0.1:{port}{path}"
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


def ask(server: Server, text: str) -> None:
    """Ask a query once."""
    request = Request(f"{server.url}?query={quote(text, safe='')}", headers={"Accept": "text/csv"})
    with suppress(OSError), urlopen(request, timeout=60) as response:
        response.read()


def load(server: Server, paths: list[str], seconds: float) -> Figures:
    """Let wrk send requests; *paths* are query strings, in which NUMBER becomes another number each time."""
    path = "/" + server.url.split("/", 3)[3]
    with tempfile.TemporaryDirectory() as folder:
        listed, script = Path(folder) / "paths", Path(folder) / "load.lua"
        listed.write_text("".join(f"{path}?query={quote(text, safe='')}\n" for text in paths))
        script.write_text(SCRIPT % listed)
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "--timeout", "30s"]
        base = server.url.rsplit("/", 1)[0]
        with subprocess.Popen([*command, "-s", str(script), base], stdout=subprocess.PIPE, text=True) as wrk:
            memory = 0
            while wrk.poll() is None:
                memory = max(memory, weight(server.process.pid))
                time.sleep(0.5)
            output = wrk.stdout.read() if wrk.stdout else ""
    match = re.search(r"FIGURES ([\d.]+) ([\d.]+) ([\d.]+) (\d+) (\d+)", output)
    assert match, output
    rate, p50, p99 = (float(item) for item in match.groups()[:3])
    return Figures(rate, p50, p99, int(match[4]) + int(match[5]), memory)


def weight(pid: int) -> int:
    """Return the memory of a process and all below it, in MiB: shared pages are counted once."""
    total = 0
    try:
        first = psutil.Process(pid)
        for process in [first, *first.children(recursive=True)]:
            try:
                total += process.memory_full_info().pss
            except psutil.Error:
                continue
    except psutil.Error:
        return 0
    return total // 2**20


def workloads() -> dict[str, list[str]]:
    """Return the queries of each load, the questions without their comments."""
    questions = [
        item for item in load_catalogue(queries_dir()) if not item.is_check and item.form == "SELECT"
    ]
    return {
        "repeated": [re.sub(r"(?m)^#.*\n", "", item.text) for item in questions],
        "lookups": [LOOKUP % state for state in STATES],
        "joins": [JOIN],
    }


@contextmanager
def serving(name: str, release: Path, folder: Path) -> Iterator[Server]:
    """Run one of the three servers on the data of *release*."""
    port = free_port()
    if name == OURS:
        more = {"SURPLACE_CLIENT_BURST": "1000000", "SURPLACE_CLIENT_REQUESTS": "1000"}
        command = [str(BIN / "surplace"), "serve", "--release", str(release), "--port", str(port)]
        with running(name, "/sparql", command, port, os.environ | more) as server:
            yield server
    elif name == OXIGRAPH:
        copy = shutil.copytree(release / "store", folder / "store")
        command = [str(BIN / "oxigraph"), "serve-read-only", "--location", str(copy)]
        with running(name, "/query", [*command, "--bind", f"127.0.0.1:{port}"], port) as server:
            yield server
    else:
        graph = folder / "default.nt"
        triples = (
            quad.triple
            for quad in Store.read_only(str(release / "store")).quads_for_pattern(
                None, None, None, DefaultGraph()
            )
        )
        graph.write_bytes(serialize(triples, format=RdfFormat.N_TRIPLES) or b"")
        command = [str(BIN / "rdflib-endpoint"), "serve", "--store", "Oxigraph", "--port", str(port)]
        with running(name, "/", [*command, str(graph)], port) as server:
            yield server


def main() -> None:
    """Print what each server did under each load, and the ratios."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 10.0
    release = find_release(ROOT / ".surplace").path
    found: dict[tuple[str, str], Figures] = {}
    for name in (OURS, OXIGRAPH, RDFLIB):
        with tempfile.TemporaryDirectory() as folder, serving(name, release, Path(folder)) as server:
            for title, texts in workloads().items():
                for text in texts if title == "repeated" else texts[:1]:
                    ask(server, text)  # each once, to warm up
                figures = found[title, name] = load(server, texts, seconds)
                print(
                    f"{title:9} {name:16} {figures.rate:9.1f} requests/s, p50 {figures.p50:.2f} ms, "
                    f"p99 {figures.p99:.2f} ms, {figures.failed} failed, {figures.memory} MiB",
                    flush=True,
                )
    for title in workloads():
        ours = found[title, OURS]
        for name in (OXIGRAPH, RDFLIB):
            other = found[title, name]
            if not other.rate:
                print(f"{title}: {name} answered nothing")
                continue
            print(
                f"{title}: {ours.rate / other.rate:.2f} times the requests a second of {name}, "
                f"and {ours.p99 / other.p99:.3f} of its p99"
            )


if __name__ == "__main__":
    main()
