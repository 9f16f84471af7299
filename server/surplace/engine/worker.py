"""A process that opens a release read-only and answers one query at a time over a pipe.

It may die of a query: nothing else runs in it. Frames on the pipe begin with one byte: R ready; A a whole
answer, S the start of one, D more of it, E its end; X an error. A and S carry a JSON line before their bytes.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import re
import signal
import sys
from itertools import chain, islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, Any, Final, cast

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    serialize,
)

from surplace.engine.formats import Kind
from surplace.engine.protocol import Request
from surplace.namespaces import PREFIXES, prefixed

CHUNK: Final = 65536
"""Bytes that go through the pipe at once."""

LOOKED_AT: Final = 2000
"""Triples of a graph that are looked at before it is written, to see which prefixes it needs."""

_TYPE: Final = NamedNode(PREFIXES["rdf"] + "type")
_PR_SET_PDEATHSIG: Final = 1
_RESULTS: Final = {
    "json": QueryResultsFormat.JSON,
    "xml": QueryResultsFormat.XML,
    "csv": QueryResultsFormat.CSV,
    "tsv": QueryResultsFormat.TSV,
}
_GRAPHS: Final = {
    "ttl": RdfFormat.TURTLE,
    "nt": RdfFormat.N_TRIPLES,
    "rdf": RdfFormat.RDF_XML,
    "jsonld": RdfFormat.JSON_LD,
}
_SYNTAX = re.compile(r"error at ([0-9]+):([0-9]+): (.*)", re.DOTALL)


def main(pipe: Connection, store: str, memory: int, parent: int) -> None:
    """Answer until the pipe closes. *memory* is in MiB; *parent* is the process to die with."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this process
    os.environ["RUST_BACKTRACE"] = "0"
    _die_with(parent)
    try:
        opened = Store.read_only(store)
        # the first query loads what later queries need, while files may still be opened
        bool(opened.query("ASK { ?s ?p ?o FILTER(NOW() > RAND() && REGEX(STR(?s), '^$')) }"))
    except (OSError, ValueError, RuntimeError) as error:
        _send(pipe, b"X", {"code": "open", "message": str(error)})
        return
    _confine(memory)
    pipe.send_bytes(b"R")
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            answer(opened, Request.decode(pipe.recv_bytes()), pipe)


def answer(store: Store, request: Request, pipe: Connection) -> None:
    """Evaluate one request and send what comes of it."""
    try:
        results = store.query(request.query, **_dataset(request))
        kind = _kind(results)
        if kind not in request.formats:
            _send(pipe, b"X", {"code": "not-offered", "kind": kind})
            return
        sink = _Sink(pipe, {"kind": kind, "format": request.formats[kind]})
        _serialize(results, request.formats[kind], cast("IO[bytes]", sink))
        sink.finish()
    except SyntaxError as error:
        match = _SYNTAX.fullmatch(error.msg or "")
        line, column, reason = match.groups() if match else (1, 1, error.msg or "")
        _send(pipe, b"X", {"code": "syntax", "line": int(line), "column": int(column), "message": reason})
    except (RuntimeError, ValueError) as error:
        _send(pipe, b"X", {"code": "refused", "message": str(error)})
    except BrokenPipeError:
        raise
    except OSError as error:
        _send(pipe, b"X", {"code": "failed", "message": str(error)})


class _Sink:
    """Sends what the serialiser writes, in pieces; an answer that is smaller than one goes in one frame."""

    def __init__(self, pipe: Connection, head: dict[str, str]) -> None:
        self.pipe = pipe
        self.head = json.dumps(head).encode("ascii") + b"\n"
        self.buffer = bytearray()
        self.started = False

    def write(self, data: bytes) -> int:
        self.buffer += data
        while len(self.buffer) >= CHUNK:
            self._send(bytes(self.buffer[:CHUNK]))
            del self.buffer[:CHUNK]
        return len(data)

    def flush(self) -> None:
        """Keep collecting: the serialiser flushes when it ends."""

    def _send(self, data: bytes) -> None:
        self.pipe.send_bytes(b"D" + data if self.started else b"S" + self.head + data)
        self.started = True

    def finish(self) -> None:
        """Send the rest, and say that the answer is complete."""
        if not self.started:
            self.pipe.send_bytes(b"A" + self.head + self.buffer)
            return
        if self.buffer:
            self._send(bytes(self.buffer))
        self.pipe.send_bytes(b"E")


def _dataset(request: Request) -> dict[str, Any]:
    if not request.default_graphs and not request.named_graphs:
        return {}
    return {
        "default_graph": [NamedNode(iri) for iri in request.default_graphs],
        "named_graphs": [NamedNode(iri) for iri in request.named_graphs],
    }


def _kind(results: QuerySolutions | QueryBoolean | QueryTriples) -> Kind:
    if isinstance(results, QuerySolutions):
        return "bindings"
    return "boolean" if isinstance(results, QueryBoolean) else "graph"


def _serialize(results: QuerySolutions | QueryBoolean | QueryTriples, name: str, sink: IO[bytes]) -> None:
    if not isinstance(results, QueryTriples):
        results.serialize(sink, format=_RESULTS[name])
        return
    first = list(islice(results, LOOKED_AT))
    prefixes = _prefixes(first) if len(first) < LOOKED_AT else PREFIXES
    if name == "ttl":
        # the library writes them in no order of their own; the same answer should be the same bytes
        lines = (f"@prefix {key}: <{prefixes[key]}> .\n" for key in sorted(prefixes))
        sink.write("".join(lines).encode("ascii"))
        sink = cast("IO[bytes]", _WithoutPrefixes(sink))
    serialize(chain(first, results), sink, format=_GRAPHS[name], prefixes=prefixes if name == "ttl" else None)


class _WithoutPrefixes:
    """Passes Turtle on without the prefix lines at its beginning."""

    def __init__(self, sink: IO[bytes]) -> None:
        self.sink = sink
        self.line = b""
        self.begun = False

    def write(self, data: bytes) -> int:
        if self.begun:
            return self.sink.write(data)
        *lines, self.line = (self.line + data).splitlines(keepends=True) or [b""]
        if self.line.endswith(b"\n"):
            lines, self.line = [*lines, self.line], b""
        for number, line in enumerate(lines):
            if not line.startswith(b"@prefix "):
                self.begun = True
                self.sink.write(b"".join([*lines[number:], self.line]))
                break
        return len(data)

    def flush(self) -> None:
        """Hand on a last line without an end."""
        if not self.begun and self.line:
            self.sink.write(self.line)


def _prefixes(triples: list[Triple]) -> dict[str, str]:
    """Return the prefixes that shorten a name in *triples*."""
    names = [
        node.value
        for triple in triples
        for place, node in enumerate(triple)
        if isinstance(node, NamedNode) and (place != 1 or node != _TYPE)  # which is written `a`
    ]
    names += [
        triple.object.datatype.value
        for triple in triples
        if isinstance(triple.object, Literal) and not triple.object.language
    ]
    used = {parts[0] for parts in map(prefixed, set(names)) if parts is not None}
    return {key: PREFIXES[key] for key in used}


def _send(pipe: Connection, tag: bytes, message: dict[str, Any]) -> None:
    pipe.send_bytes(tag + json.dumps(message).encode("ascii"))


def _die_with(parent: int) -> None:
    """Ask the system to kill this process when the one that started it is gone (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            raise SystemExit(1)


def _confine(memory: int) -> None:
    """Take away core dumps, new files and sockets, and memory beyond *memory* MiB more than now."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[5])
        cap = pages * resource.getpagesize() + memory * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_DATA, (cap, cap))
    # the store keeps what it has open; SERVICE and FROM cannot open anything
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
