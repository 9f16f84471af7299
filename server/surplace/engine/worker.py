"""A process that opens a release read-only and answers one query at a time over a socket.

It may die of a query: nothing else runs in it. Its frames begin with one byte: R ready; T what sums the
answer up that follows; A a whole answer, S the start of one, D more of it, E its end; X an error. A and S
carry a JSON line before their bytes, E how the answer is to be cut, if it is.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import multiprocessing
import os
import signal
import socket
import sys
import threading
from dataclasses import asdict
from functools import lru_cache, partial
from pathlib import Path
from typing import IO, Any, Final, cast

from pyoxigraph import QuerySolutions, Store

from surplace.answering.sentence import Known
from surplace.engine.frames import Channel
from surplace.engine.limits import Limits
from surplace.engine.merging import dataset
from surplace.engine.protocol import Request
from surplace.engine.summary import Lookup, sum_up
from surplace.engine.syntax import bad_query
from surplace.engine.table import table_of
from surplace.namespaces import BASE
from surplace.rdf.wellformed import UnwritableError
from surplace.sparql.evaluation import evaluate
from surplace.sparql.fault import said_of
from surplace.sparql.results import kind_of_results, write
from surplace.sparql.truncation import Cut, Rows
from surplace.words.sentence import load

CHUNK: Final = 65536
"""Bytes that go through the socket at once."""

GRACE: Final = 2.0
"""Seconds after the deadline when a process that still works on a query ends itself."""

_FIRST: Final = "ASK { { SELECT ?s { ?s ?p ?o } LIMIT 1 } FILTER(NOW() > RAND() && REGEX(STR(?s), '^$')) }"
_PR_SET_PDEATHSIG: Final = 1
NICE: Final = 10
"""The priority of what takes long, as the system counts it: 0 is normal, 19 the last."""


def main(sock: socket.socket, store: str, limits: Limits) -> None:
    """Answer until the other end of the socket closes."""
    pipe = Channel(sock)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which ends this process
    os.environ["RUST_BACKTRACE"] = "0"
    die_with_parent()
    hush()
    try:
        opened = Store.read_only(store)
        # the first template and query load what later ones need, while files may still be opened
        load()
        bool(opened.query(_FIRST))
    except (OSError, ValueError, RuntimeError) as error:
        _send(pipe, b"X", {"code": "open", "message": str(error)})
        return
    _confine(limits.worker_memory)
    known = Lookup(lru_cache(64)(lambda query: table_of(cast("QuerySolutions", opened.query(query)))))
    gc.freeze()  # what is there needs no look
    pipe.send(b"R")
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            request = Request.decode(pipe.receive())
            _watch(limits.deadline + GRACE)
            answer(opened, request, pipe, limits, known)
            _watch(0)


def _watch(seconds: float) -> None:
    """Let the system end this process after *seconds*, should its parent fail to; 0 calls that off."""
    if sys.platform != "win32":
        signal.setitimer(signal.ITIMER_REAL, seconds)


def answer(store: Store, request: Request, pipe: Channel, limits: Limits, known: Known) -> None:
    """Evaluate one request and send what comes of it."""
    first = b""
    try:
        asked, options = dataset(store, request)
        evaluating = partial(evaluate, asked, request.query, base_iri=BASE, **options)
        if request.summing is None:
            results = evaluating()
        else:
            results, summary = sum_up(evaluating, request.summing, known, limits, own=request.own)
            first = b"T" + json.dumps(asdict(summary)).encode("ascii")
        kind = kind_of_results(results)
        if kind not in request.formats:
            _send(pipe, b"X", {"code": "not-offered", "kind": kind})
            return
        form = request.formats[kind]
        cuts = kind == "bindings" and not request.own
        rows = Rows(form, limits.answer_rows, limits.answer_bytes) if cuts else None
        sink = _Sink(pipe, _head(kind, form), rows, first)
        write(results, form, cast("IO[bytes]", sink), request.query)
        sink.finish()
    except UnwritableError as error:
        _send(pipe, b"X", {"code": "unwritable", "message": str(error)})
    except SyntaxError as error:
        # to find the fault may take as long as to evaluate a query
        fault = bad_query(request.query, *said_of(error))
        _send(pipe, b"X", {"code": "syntax", **fault.fields()})
    except _EnoughError:
        pass  # the answer was sent, as far as it goes
    except (RuntimeError, ValueError) as error:
        _send(pipe, b"X", {"code": "refused", "message": str(error)})
    except BrokenPipeError:
        raise
    except OSError as error:
        _send(pipe, b"X", {"code": "failed", "message": str(error)})


@lru_cache
def _head(kind: str, form: str) -> bytes:
    return json.dumps({"kind": kind, "format": form}).encode("ascii") + b"\n"


class _EnoughError(Exception):
    """Ends the evaluation of a query of which no more rows are wanted."""


class _Sink:
    """Sends what the serialiser writes, in pieces; an answer that is smaller than one goes in one frame."""

    def __init__(self, pipe: Channel, head: bytes, rows: Rows | None, first: bytes) -> None:
        self.pipe = pipe
        self.before = (first,) if first else ()
        self.head = head
        self.rows = rows
        self.buffer = bytearray()
        self.sent = 0
        self.started = False

    def write(self, data: bytes) -> int:
        self.buffer += data
        while len(self.buffer) >= CHUNK:
            piece = bytes(self.buffer[:CHUNK])
            del self.buffer[:CHUNK]
            self._cut(self.rows.look(piece) if self.rows else None, piece)
            self._send(piece)
        return len(data)

    def flush(self) -> None:
        """Keep collecting: the serialiser flushes when it ends."""

    def finish(self) -> None:
        """Send the rest, and say that the answer is complete."""
        piece = bytes(self.buffer)
        if self.rows and (self.started or not self.rows.fits(piece)):
            self._cut(self.rows.look(piece) or self.rows.finish(), piece)
        if not self.started:
            self.pipe.send(*self.before, b"A" + self.head + piece)
            return
        if piece:
            self._send(piece)
        self.pipe.send(b"E")

    def _cut(self, cut: Cut | None, piece: bytes) -> None:
        """End the answer if it is to be cut, with what of *piece* belongs to it."""
        if cut is None:
            return
        self._send(piece[: max(0, cut.length - self.sent)])
        self.pipe.send(b"E" + json.dumps(asdict(cut)).encode("ascii"))
        raise _EnoughError

    def _send(self, data: bytes) -> None:
        if self.started:
            self.pipe.send(b"D" + data)
        else:
            self.pipe.send(*self.before, b"S" + self.head + data)
        self.started = True
        self.sent += len(data)


def _send(pipe: Channel, tag: bytes, message: dict[str, Any]) -> None:
    pipe.send(tag + json.dumps(message).encode("ascii"))


def die_with_parent() -> None:
    """End this process when the one that asked for it is gone, or (Linux) the one that it was forked from."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    parent = multiprocessing.parent_process()
    if parent is None or not parent.is_alive():  # it was gone before it could be said
        raise SystemExit(1)
    threading.Thread(target=_follow, args=(parent.sentinel,), daemon=True).start()


def _follow(sentinel: int) -> None:
    """Wait for the end of a process, in the one way that needs no further descriptor."""
    if sys.platform == "win32":
        return
    while os.read(sentinel, 1):
        pass
    os.kill(os.getpid(), signal.SIGKILL)


def step_back() -> None:
    """Let other processes go first from now on."""
    if sys.platform != "win32":
        os.nice(NICE)


def hush() -> None:
    """Let nothing that a dying library prints get into the log, which is one line of JSON a request."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 2)
    os.close(nowhere)


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
