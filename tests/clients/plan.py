"""The clients: what runs each, how its version is found, and what it does."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
FOLDER: Final = HERE.parents[1] / ".clients"
"""Where what is installed is kept."""
PYTHON: Final = FOLDER / "venv" / "bin" / "python"
MODULES: Final = FOLDER / "npm" / "node_modules"
NODE: Final = MODULES / ".bin" / "node"

Command = Sequence[str | Path]


@dataclass(frozen=True)
class Query:
    """What clients are asked for: where the service is, rows, a graph."""

    base: str
    select: str
    construct: str

    @property
    def name(self) -> str:
        """The address of the thing that is dereferenced."""
        return f"{self.base}/id/state/CHN"

    @property
    def question(self) -> str:
        """The address of the question that is asked, without a suffix."""
        return f"{self.base}/queries/states-and-their-identifiers"


@dataclass(frozen=True)
class Client:
    """A client: *command* runs it, *version* prints its version, *reads* tells what it prints.

    A client with a *script* prints JSON: what it got, by what it was asked. Others print CSV or N-Triples.
    """

    name: str
    does: str
    command: Callable[[Query], Command]
    version: Command
    reads: str = "json"

    def installed_version(self) -> str:
        """Return its version, empty if it is not here."""
        if shutil.which(str(self.version[0])) is None:
            return ""
        done = subprocess.run(self.version, capture_output=True, text=True, timeout=60, check=False)
        found = re.search(r"[0-9]+(?:\.[0-9]+)+", done.stdout) if done.returncode == 0 else None
        return found[0] if found else ""


def _scripted(name: str, does: str, version: Command, *runner: str | Path) -> Client:
    return Client(
        name, does, lambda asked: (*runner, name, asked.base, asked.select, asked.construct), version
    )


def _python(name: str, does: str, package: str = "") -> Client:
    text = f"from importlib.metadata import version; print(version({package or name!r}))"
    return _scripted(name, does, (PYTHON, "-c", text), PYTHON, HERE / "python.py")


def _node(name: str, does: str, package: str = "") -> Client:
    file = str(MODULES / (package or name) / "package.json")
    text = f"console.log(JSON.parse(require('fs').readFileSync({file!r})).version)"
    # a module is looked for from where the script lies
    return _scripted(name, does, (NODE, "-e", text), NODE, FOLDER / "npm" / "node.mjs")


def _perl(name: str, does: str) -> Client:
    version = ("perl", f"-M{name}", "-e", f"print {name}->VERSION")
    return _scripted(name, does, version, "perl", HERE / "perl.pl")


def _tool(name: str, does: str, reads: str, command: Callable[[Query], Command]) -> Client:
    return Client(name, does, command, (name, "--version"), reads)


ROWS: Final = "SELECT"
BOTH: Final = "SELECT, CONSTRUCT"
NAME: Final = "dereferences a name"
CLIENTS: Final = (
    _python("SPARQLWrapper", f"{BOTH}, in JSON, XML, JSON-LD and RDF/XML; GET and POST"),
    _python("rdflib", f"{NAME}, in five formats and without one; reads a dump"),
    _python("rdflib SPARQLStore", BOTH, "rdflib"),
    _python("sparql-dataframe", ROWS),
    _python("sparqldataframe", ROWS),
    _python("pandas", "reads a question as CSV and as plain JSON"),
    _python("polars", "reads a question as CSV, and scans it in ranges"),
    _python("DuckDB", "reads a question as CSV", "duckdb"),
    _python("pyoxigraph", f"{NAME}, in Turtle and N-Quads"),
    _python("HTTPX", "SELECT with POST", "httpx"),
    _python("Requests", "SELECT, in plain JSON", "requests"),
    _python("openapi-python-client", "makes a client that asks a question; returns typed rows"),
    _node("Comunica", f"{BOTH}, {NAME}", "@comunica/query-sparql"),
    _node("fetch-sparql-endpoint", BOTH),
    _node("sparql-http-client", BOTH),
    _node("sparql-client-2", ROWS),
    _node("N3.js", f"{NAME}, in Turtle", "n3"),
    _node("jsonld.js", f"{NAME}, in JSON-LD", "jsonld"),
    _node("rdf-dereference", NAME),
    _node("rdf-ext", NAME),
    _node("axios", "reads a question as plain JSON"),
    _perl("RDF::Trine", f"{ROWS}, {NAME}"),
    _perl("RDF::Query::Client", ROWS),
    _perl("Attean", NAME),
    Client(
        "EasyRdf",
        f"{BOTH}, {NAME}",
        lambda asked: ("php", HERE / "php.php", "EasyRdf", asked.base, asked.select, asked.construct),
        ("dpkg-query", "-W", "-f", "${Version}", "php-easyrdf"),
    ),
    _tool(
        "roqet",
        ROWS,
        "select",
        lambda asked: ("roqet", "-q", "-r", "csv", "-p", f"{asked.base}/sparql", "-e", asked.select),
    ),
    _tool("rapper", NAME, "name", lambda asked: ("rapper", "-q", "-g", "-o", "ntriples", asked.name)),
    _tool(
        "curl",
        "SELECT with QUERY",
        "select",
        lambda asked: (
            *("curl", "-sSf", "-X", "QUERY", f"{asked.base}/sparql", "-H", "Accept: text/csv"),
            *("-H", "Content-Type: application/sparql-query", "--data-binary", asked.select),
        ),
    ),
    _tool(
        "wget",
        "reads a question as CSV",
        "question",
        lambda asked: ("wget", "-q", "-O", "-", f"{asked.question}.csv"),
    ),
)
