"""What the tests of the service share: a release of an invented world, and a running `surplace serve`."""

from __future__ import annotations

import json
import os
import select
import shlex
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from surplace.build.canonical import canonical_dump
from surplace.build.manifest import describe_release
from surplace.build.release import write_release
from surplace.engine.release import AXIOMS, RULES
from surplace.namespaces import CLAIM, KNOWLEDGE, PREFIXES, REJECTED, RULE, SOURCE

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
"""A query that takes far longer than any test."""

WIDE = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
"""A query whose answer is far larger than what is held back."""

HOSTILE = '<script>alert("x")</script>'
"""The label of one thing in the invented world."""

WORLD = """
GRAPH <https://w3id.org/surplace/source/surplace/states> {
  state:RUR a sur:State, sur:Agent ; skos:prefLabel "Ruritania"@en ; sur:hasIsoCode "RUR" .
  state:GRA a sur:State, sur:Agent ; skos:prefLabel "Graustark"@en ; sur:hasIsoCode "GRA" .
  state:HOS a sur:State, sur:Agent ; skos:prefLabel "<script>alert(\\"x\\")</script>"@en ;
    foaf:homepage <javascript:alert(1)> , <https://example.org/hos> ; sur:hasIsoCode "=1+1" .
}
GRAPH <https://w3id.org/surplace/source/surplace/bodies> {
  body:committee a sur:TreatyBody, sur:UnBody, sur:Agent ; skos:prefLabel "Committee on Invented Matters"@en .
  person:envoy a sur:Person, sur:Agent ; skos:prefLabel "Envoy of Ruritania"@en .
}
GRAPH <https://w3id.org/surplace/source/report/p2/s3> {
  recommendation:screening a sur:Recommendation ; skos:prefLabel "Screen all arrivals"@en ;
    sur:isIssuedBy body:committee ; sur:isAddressedTo state:RUR ; sur:asksFor action:screening ;
    sur:isStatedIn <https://w3id.org/surplace/id/document/inv-co-1/paragraph/7> ;
    sur:isMadeOn "2009-05-04"^^xsd:date .
  <https://w3id.org/surplace/id/document/inv-co-1/paragraph/7> a sur:DocumentPart ; sur:hasNumber "7" ;
    sur:isPartOf document:inv-co-1 ; skos:prefLabel "INV/CO/1, paragraph 7"@en .
  document:inv-co-1 a sur:UnDocument ; sur:hasSymbol "INV/CO/1" ; skos:prefLabel "INV/CO/1"@en .
  consent:inv a sur:Accession ; skos:prefLabel "Accession of Ruritania"@en ;
    sur:isDepositedOn "1999"^^xsd:gYear .
}
GRAPH <https://w3id.org/surplace/source/report/p2/s4> {
  claim:envoy a sur:Claim ; skos:prefLabel "The envoy on the motives of those who cross"@en ;
    sur:isClaimedBy person:envoy ; sur:isClaimedOn "2010-01-02"^^xsd:date .
}
GRAPH <https://w3id.org/surplace/source/register/1> {
  consent:inv sur:isDepositedOn "2000-01-01"^^xsd:date .
}
GRAPH <https://w3id.org/surplace/claim/envoy> {
  population:crossers sur:hasMotive motive:economic-betterment .
}
GRAPH <https://w3id.org/surplace/rule/entry> { consent:inv sur:entersIntoForceOn "2000-03-31"^^xsd:date . }
GRAPH <https://w3id.org/surplace/graph/rejected/deposit> { consent:inv sur:isDepositedOn "1999"^^xsd:gYear . }
GRAPH <https://w3id.org/surplace/graph/ontology> {
  sur:State a owl:Class ; skos:prefLabel "state"@en ; skos:definition "agent that is a state"@en .
  sur:asksFor a owl:ObjectProperty ; skos:prefLabel "asks for"@en .
  sur:hasMotive a owl:ObjectProperty ; skos:prefLabel "has motive"@en .
  sur:isDepositedOn a owl:DatatypeProperty ; skos:prefLabel "is deposited on"@en .
  action:screening a skos:Concept ; skos:prefLabel "screening"@en .
  motive:economic-betterment a skos:Concept ; skos:prefLabel "economic betterment"@en .
}
GRAPH <https://w3id.org/surplace/graph/provenance> {
  source:report a sur:Source ; skos:prefLabel "An invented report"@en .
  source:register a sur:Source ; skos:prefLabel "An invented register"@en .
  <https://w3id.org/surplace/source/report/p2/s3> a sur:TextPassage, sur:Passage ;
    sur:isPassageOf source:report ; sur:hasParagraphNumber 2 ; sur:hasSentenceNumber 3 ;
    sur:beginsWith "The Committee" ; sur:endsWith "all arrivals." ;
    skos:prefLabel "An invented report, paragraph 2, sentence 3"@en .
  <https://w3id.org/surplace/source/report/p2/s4> a sur:TextPassage, sur:Passage ;
    sur:isPassageOf source:report ; sur:hasParagraphNumber 2 ; sur:hasSentenceNumber 4 ;
    sur:beginsWith "The envoy" ; sur:endsWith "for money." .
  <https://w3id.org/surplace/source/register/1> a sur:RecordPassage, sur:Passage ;
    sur:isPassageOf source:register .
  rule:entry a sur:Rule ; skos:prefLabel "A treaty enters into force after a deposit"@en .
  disagreement:deposit a sur:Disagreement ; skos:prefLabel "Year or day of the deposit"@en ;
    sur:rejects rejected:deposit ; sur:prefers <https://w3id.org/surplace/source/register/1> ;
    sur:hasReason "the register is the better source"@en .
}
"""


def make_release(directory: Path, more: str = "") -> Path:
    """Write a release of the invented world as a build would; return the folder to give to --release.

    *more* is added to that world, in TriG with the prefixes declared.
    """
    prologue = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    stated = list(parse(prologue + WORLD + more, format=RdfFormat.TRIG))
    rejected = {quad.triple for quad in stated if _graph(quad).startswith(REJECTED)}
    facts = {
        quad.triple
        for quad in stated
        if _graph(quad).startswith((SOURCE, RULE)) and quad.triple not in rejected
    }
    vouched = facts | {
        quad.triple for quad in stated if not _graph(quad).startswith((SOURCE, CLAIM, REJECTED))
    }
    quads = {
        *stated,
        *(Quad(*triple, NamedNode(KNOWLEDGE)) for triple in facts),
        *(Quad(*triple, DefaultGraph()) for triple in vouched),
    }
    store = Store()
    store.extend(quads)
    learned = {RULES: b"{}\n", AXIOMS: b'{"all": [], "disjoint": []}\n'}
    write_release(directory, canonical_dump(store, directory), describe_release(store), learned)
    return directory


def _graph(quad: Quad) -> str:
    return quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""


@dataclass(frozen=True)
class Response:
    """An HTTP response that has been read."""

    status: int
    headers: Message
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8")

    def json(self) -> object:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass
class Service:
    """A running `surplace serve`, and the file that its log goes to."""

    process: subprocess.Popen[str]
    url: str
    log: Path

    def get(self, path: str, accept: str | None = None, **params: str | list[str]) -> Response:
        """Send a GET request, with *params* as the query string."""
        target = path + ("?" + urlencode(params, doseq=True) if params else "")
        return self.request("GET", target, headers={"Accept": accept} if accept else {})

    def request(
        self, method: str, target: str, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> Response:
        """Send any request; the body is not interpreted."""
        connection = HTTPConnection(urlsplit(self.url).netloc, timeout=150)
        try:
            connection.request(method, target, body, dict(headers or {}))
            response = connection.getresponse()
            return Response(response.status, response.headers, response.read())
        finally:
            connection.close()

    def workers(self) -> list[int]:
        """Return the ids of the processes that answer queries: those that the fork server made."""
        forked = [pid for pid in descendants(self.process.pid) if "forkserver" in command_line(pid)]
        return sorted(pid for parent in forked for pid in descendants(parent) if pid in forked)


@contextmanager
def serving(
    *arguments: str,
    environment: Mapping[str, str] | None = None,
    ready: float = 30,
    listener: socket.socket | None = None,
) -> Iterator[Service]:
    """Run `surplace serve` with *arguments* on a free port until the block ends.

    It is handed a *listener*, if there is one, as systemd hands over a socket. It makes no pages ahead unless
    *environment* lets it: most tests ask for few.
    """
    folder = tempfile.TemporaryDirectory(prefix="surplace-log-")
    log = Path(folder.name) / "log"
    command = [sys.executable, "-m", "surplace", "serve", "--port", "0", *arguments]
    if listener is not None:
        command = ["sh", "-c", f"LISTEN_FDS=1 LISTEN_PID=$$ exec {shlex.join(command)}"]
    with log.open("w") as errors:
        process = subprocess.Popen(
            command,
            env={**os.environ, "SURPLACE_WARM_TIME": "0", **(environment or {})},
            pass_fds=[3] if listener is not None else [],
            preexec_fn=partial(os.dup2, listener.fileno(), 3) if listener is not None else None,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
    try:
        assert process.stdout is not None
        found, _, _ = select.select([process.stdout], [], [], ready)
        line = process.stdout.readline() if found else ""
        if "http://" not in line:
            process.kill()
            raise AssertionError(f"surplace serve did not start: {line}{log.read_text()}")
        yield Service(process, "http://" + line.split("http://")[1].split()[0].rstrip("/"), log)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        if process.stdout is not None:
            process.stdout.close()
        folder.cleanup()


def descendants(pid: int) -> list[int]:
    """Return the ids of all processes below *pid*, from /proc."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if fields[0] != "Z":
                parents.setdefault(int(fields[1]), []).append(int(entry.name))
    found, level = [], [pid]
    while level:
        level = [child for parent in level for child in parents.get(parent, [])]
        found += level
    return found


def running(pid: int) -> bool:
    """Tell whether a process is there and not a zombie."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def command_line(pid: int) -> str:
    """Return the command line of a process, or nothing if it is gone."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def eventually(condition: object, seconds: float = 10) -> bool:
    """Wait until *condition*, a function, holds."""
    assert callable(condition)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False
