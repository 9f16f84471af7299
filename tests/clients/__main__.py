"""`python -m clients`: installs the clients, runs each against a service, writes their table.

With SURPLACE_REQUIRE_CLIENTS=1 a client that is not here is a failure, and nothing is written.
"""

from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Final, TypeAlias
from urllib.request import urlopen

from pyoxigraph import RdfFormat, Store, Triple, parse

from clients.installing import install
from clients.plan import CLIENTS, FOLDER, Client, Query
from clients.table import AS_EXPECTED, README, table
from docs import Table
from service import serving

SKOS: Final = "http://www.w3.org/2004/02/skos/core#"
STATES: Final = f"?state a <https://w3id.org/surplace/ontology/State> ; <{SKOS}prefLabel> ?label"
SELECT: Final = f"SELECT ?state ?label {{ {STATES} }} ORDER BY ?label"
CONSTRUCT: Final = f"CONSTRUCT {{ ?state <{SKOS}prefLabel> ?label }} WHERE {{ {STATES} }}"
SECONDS: Final = 120
"""What one client may take."""
RELEASE: Final = FOLDER / "surplace"
SURPLACE: Final = (sys.executable, "-m", "surplace")

Found: TypeAlias = dict[str, list[list[str]]]
"""Rows, or triples as subject, predicate and value, by what was asked."""


def main() -> int:
    """Install and run all clients; return the exit code."""
    for trouble in install():
        print(f"Not installed by {trouble}", file=sys.stderr)
    subprocess.run((*SURPLACE, "build", "--quiet", "--out", RELEASE), check=True)
    with serving("--release", str(RELEASE)) as service, ThreadPoolExecutor(2) as several:
        asked = Query(service.url, SELECT, CONSTRUCT)
        results = list(several.map(partial(outcome, asked=asked, expected=expectation(asked)), CLIENTS))
    for client, (version, result) in zip(CLIENTS, results, strict=True):
        print(f"{client.name} {version}: {result}")
    missing = [client.name for client, (version, _) in zip(CLIENTS, results, strict=True) if not version]
    passed = sum(result == AS_EXPECTED for _, result in results)
    failed = len(CLIENTS) - passed - len(missing)
    required = os.environ.get("SURPLACE_REQUIRE_CLIENTS") == "1"
    print(f"{len(missing)} clients are not here{': ' if missing else ''}{', '.join(missing)}.")
    print(f"{passed} passed, {failed} failed, {len(missing)} skipped")
    if passed == len(CLIENTS) and not required:
        written = Table(README, lambda: table([version for version, _ in results]))
        README.write_text(written.put_into(README.read_text(encoding="utf-8")), encoding="utf-8")
    return int(bool(failed or (required and missing)))


def expectation(asked: Query) -> Found:
    """Return what clients should get, without a client or with the plainest there is."""
    store = Store.read_only(str(RELEASE / "current" / "store"))
    question = asked.question.rpartition("/")[2]
    done = subprocess.run(
        (*SURPLACE, "query", question, "--format", "csv", "--release", RELEASE),
        check=True,
        capture_output=True,
    )
    with urlopen(f"{asked.name}.nt", timeout=60) as response:
        name = list(parse(response.read(), format=RdfFormat.N_TRIPLES))
    return {
        "select": [[term.value for term in row] for row in store.query(SELECT)],
        "construct": triples(store.query(CONSTRUCT)),
        "name": triples(quad.triple for quad in name),
        "question": rows_of(done.stdout.decode()),
    }


def outcome(client: Client, asked: Query, expected: Found) -> tuple[str, str]:
    """Run a client; return its version, empty if it is not here, and what came of it in words."""
    version = client.installed_version()
    if not version:
        return "", "not here"
    try:
        done = subprocess.run(client.command(asked), capture_output=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return version, f"took more than {SECONDS} seconds"
    if done.returncode:
        lines = done.stderr.decode("utf-8", "replace").strip().splitlines()
        return version, f"failed: {lines[-1] if lines else done.returncode}"
    try:
        found = read(client.reads, done.stdout)
    except (ValueError, KeyError, SyntaxError) as error:
        return version, f"printed what cannot be read: {error}"
    for name, got in found.items():
        if said(name, got) != said(name, expected[name]):
            return version, f"got {len(got)} for {name}, which are not the {len(expected[name])} expected"
    return version, AS_EXPECTED if found else "got nothing"


def read(kind: str, output: bytes) -> Found:
    """Read what a client printed."""
    if kind == "json":
        found: Found = json.loads(output)
        return found
    if kind == "name":
        return {kind: triples(quad.triple for quad in parse(output, format=RdfFormat.N_TRIPLES))}
    return {kind: rows_of(output.decode())}


def rows_of(text: str) -> list[list[str]]:
    """Return the first two columns of CSV, which are a state and its label."""
    return [row[:2] for row in csv.reader(io.StringIO(text, newline=""))][1:]


def triples(found: object) -> list[list[str]]:
    """Return triples as subject, predicate and value."""
    return [[term.value for term in triple] for triple in found if isinstance(triple, Triple)]  # type: ignore[attr-defined]


def said(name: str, found: list[list[str]]) -> list[list[str]]:
    """Return rows in their order; triples in one order, without those that a document says of itself."""
    if name in ("select", "question"):
        return found
    return sorted(triple for triple in found if "/id/state/CHN." not in triple[0])


if __name__ == "__main__":
    sys.exit(main())
