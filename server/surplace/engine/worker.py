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
from multiprocessing.connection import Connection
from pathlib import Path
from typing import IO, Any, Final, cast

from pyoxigraph import NamedNode, Store

from surplace.engine.protocol import Request
from surplace.engine.serialisation import kind_of_results, write

CHUNK: Final = 65536
"""Bytes that go through the pipe at once."""

_PR_SET_PDEATHSIG: Final = 1
_SYNTAX = re.compile(r"error at ([0-9]+):([0-9]+): (.*)", re.DOTALL)


def main(pipe: Connection, store: str, memory: int, parent: int) -> None:
    """Answer until the pipe closes. *memory* is in MiB; *parent* is the process to die with."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this process
    os.environ["RUST_BACKTRACE"] = "0"
    die_with(parent)
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
        kind = kind_of_results(results)
        if kind not in request.formats:
            _send(pipe, b"X", {"code": "not-offered", "kind": kind})
            return
        sink = _Sink(pipe, {"kind": kind, "format": request.formats[kind]})
        write(results, request.formats[kind], cast("IO[bytes]", sink))
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


def _send(pipe: Connection, tag: bytes, message: dict[str, Any]) -> None:
    pipe.send_bytes(tag + json.dumps(message).encode("ascii"))


def die_with(parent: int) -> None:
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

    cap_memory(memory)
    # the store keeps what it has open; SERVICE and FROM cannot open anything
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def cap_memory(memory: int) -> None:
    """Take away core dumps, and memory beyond *memory* MiB more than now."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text().split()[5])
        cap = pages * resource.getpagesize() + memory * 1024 * 1024
        resource.setrlimit(resource.RLIMIT_DATA, (cap, cap))
