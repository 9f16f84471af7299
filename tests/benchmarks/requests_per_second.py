"""Requests a second, and processor time a request, of Surplace, the Oxigraph server and rdflib-endpoint.

    .venv/bin/python tests/benchmarks/requests_per_second.py [--seconds 10] [--alone] [LOAD …]

wrk (Debian package wrk) sends the same queries to each, over eight connections for so many seconds. `answer`:
one question again and again. `questions`: those of the folder `texts` in turn, which Surplace keeps; they are
copies, so that the load stays as it is when a question changes. `lookups` and `joins`: each query is another,
so that nothing that is kept helps. The Oxigraph server reads a copy of the release's store, rdflib-endpoint
the default graph of the release. The group `bench` of pyproject.toml has both servers.

Processor time is that of all processes of a server. It moves far less with the load of the machine than
requests a second do, and wrk takes a part of the same processors from the server that is faster.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from servers import OURS, OXIGRAPH, RDFLIB, Server, serving

from surplace.engine.release import find_release

CONNECTIONS = 8
ROOT = Path(__file__).parents[2]
TEXTS = Path(__file__).parent / "texts"
SUR = "https://w3id.org/surplace/ontology/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
ID = "https://w3id.org/surplace/id/"
ANSWER = "which-treaties-bind-a-state-and-since-when"
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
  io.write(string.format("FIGURES %%d %%f %%f %%f %%d %%d\\n", summary.requests, summary.duration / 1e6,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000,
    summary.errors.status, summary.errors.connect + summary.errors.read + summary.errors.timeout))
end
"""


@dataclass(frozen=True)
class Figures:
    """Requests a second, processor time a request in µs, p50 and p99 in ms, requests that failed, MiB."""

    rate: float
    cpu: float
    p50: float
    p99: float
    failed: int
    memory: int


def load(server: Server, texts: list[str], seconds: float) -> Figures:
    """Let wrk send queries in turn, in which NUMBER becomes another number each time."""
    path = "/" + server.url.split("/", 3)[3]
    with tempfile.TemporaryDirectory() as folder:
        listed, script = Path(folder) / "paths", Path(folder) / "load.lua"
        listed.write_text("".join(f"{path}?query={quote(text, safe='')}\n" for text in texts))
        script.write_text(SCRIPT % listed)
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds:g}s", "--timeout", "30s"]
        base = server.url.rsplit("/", 1)[0]
        used = server.cpu()
        with subprocess.Popen([*command, "-s", str(script), base], stdout=subprocess.PIPE, text=True) as wrk:
            memory = 0
            while wrk.poll() is None:
                memory = max(memory, server.memory())
                time.sleep(0.5)
            output = wrk.stdout.read() if wrk.stdout else ""
        used = server.cpu() - used
    match = re.search(r"FIGURES (\d+) ([\d.]+) ([\d.]+) ([\d.]+) (\d+) (\d+)", output)
    assert match, output
    requests, took, p50, p99 = (float(item) for item in match.groups()[:4])
    failed = int(match[5]) + int(match[6])
    return Figures(requests / took, 1e6 * used / max(1.0, requests), p50, p99, failed, memory)


def loads() -> dict[str, list[str]]:
    """Return the queries of each load."""
    questions = {file.stem: file.read_text(encoding="utf-8") for file in sorted(TEXTS.glob("*.rq"))}
    return {
        "answer": [questions[ANSWER]],
        "lookups": [LOOKUP % state for state in STATES],
        "joins": [JOIN],
        "questions": [*questions.values()],  # last: some servers go on with what nobody waits for any more
    }


def main() -> None:
    """Print what each server did under each load, and the ratios."""
    given = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    given.add_argument("loads", nargs="*", metavar="LOAD", help=f"some of {', '.join(loads())}; else all")
    given.add_argument("--seconds", type=float, default=10.0, help="how long each load lasts")
    given.add_argument("--alone", action="store_true", help="measure Surplace only")
    given.add_argument("--release", type=Path, default=ROOT / ".surplace", help="a folder of releases")
    asked = given.parse_args()
    if shutil.which("wrk") is None:
        raise SystemExit(
            "wrk sends the queries, and is not here: install it (on Debian or Ubuntu: apt install wrk)."
        )
    release = find_release(asked.release).path
    chosen = {title: texts for title, texts in loads().items() if not asked.loads or title in asked.loads}
    found: dict[tuple[str, str], Figures] = {}
    for name in (OURS,) if asked.alone else (OURS, OXIGRAPH, RDFLIB):
        with tempfile.TemporaryDirectory() as folder, serving(name, release, Path(folder)) as server:
            for title, texts in chosen.items():
                for text in texts if title in ("answer", "questions") else texts[:1]:
                    server.ask(text)  # each once, to warm up
                figures = found[title, name] = load(server, texts, asked.seconds)
                print(
                    f"{title:9} {name:16} {figures.rate:9.1f} requests/s, {figures.cpu:8.0f} µs CPU each, "
                    f"p50 {figures.p50:.2f} ms, p99 {figures.p99:.2f} ms, {figures.failed} failed, "
                    f"{figures.memory} MiB, load average {os.getloadavg()[0]:.1f}",
                    flush=True,
                )
    for title in chosen:
        ours = found[title, OURS]
        for name in () if asked.alone else (OXIGRAPH, RDFLIB):
            other = found[title, name]
            if not other.rate or not ours.rate:
                print(f"{title}: {name if ours.rate else OURS} answered nothing")
                continue
            print(
                f"{title}: {ours.rate / other.rate:.2f} times the requests a second of {name}, "
                f"{ours.cpu / other.cpu:.3f} of its CPU a request, {ours.p99 / other.p99:.3f} of its p99"
            )


if __name__ == "__main__":
    main()
