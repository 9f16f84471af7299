"""The main process: it owns the socket, runs the web process, and starts another when that ends."""

from __future__ import annotations

import multiprocessing
import os
import signal
import socket
import sys
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import Any, Final

from surplace.catalogue import Catalogue, load_catalogue
from surplace.serve.configuration import Configuration, listen
from surplace.serve.web import STOP_TIME, main

RESTART: Final = 1.0
"""Seconds until a web process is started again that ended before it was ready, twice in a row."""
READY, SERVES = "ready", "serves"
"""What the web process tells: that it answers, and from which release from now on."""


def serve(configuration: Configuration) -> None:
    """Serve until a signal ends it. Raises SurplaceError if that cannot begin."""
    catalogue = load_catalogue(configuration.queries)  # once: a process that takes over need not read it
    configuration, listener = listen(configuration)
    Supervisor(configuration, catalogue, listener).run()


class Supervisor:
    """Keeps one web process. It is forked, so it is there at once, and dies with this one."""

    def __init__(self, configuration: Configuration, catalogue: Catalogue, listener: socket.socket) -> None:
        self.configuration, self.catalogue, self.listener = configuration, catalogue, listener
        self._target = configuration.target
        self._announced = self._stopping = False
        self._context: Any = multiprocessing.get_context("spawn" if sys.platform == "win32" else "fork")
        self._bell, self._ring = socket.socketpair()

    def run(self) -> None:
        """Run until a signal comes; raises SystemExit if the web process cannot begin."""
        self._ring.setblocking(False)
        signal.set_wakeup_fd(self._ring.fileno())
        for number in (signal.SIGTERM, signal.SIGINT, *([signal.SIGHUP] if os.name == "posix" else [])):
            signal.signal(number, self._note)
        early = 0
        while not self._stopping:
            process, pipe = self._start()
            try:
                ready = self._watch(process, pipe)
                if self._stopping:
                    self._stop(process)
            finally:
                process.kill()  # unless it has ended: a second signal waits for nothing
            early = 0 if ready else early + 1
            if not (self._announced or self._stopping):
                raise SystemExit(process.exitcode or 1)  # it has said why
            if early > 1 and not self._stopping:
                wait([self._bell], RESTART)
            pipe.close()

    def _note(self, *_: object) -> None:
        """Stop; a second signal stops at once."""
        if self._stopping:
            raise SystemExit(1)
        self._stopping = True

    def _start(self) -> tuple[BaseProcess, Connection]:
        ours, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(
            target=main,
            args=(
                self.configuration,
                self.catalogue,
                self._target,
                self.listener,
                theirs,
                not self._announced,
            ),
            daemon=False,
        )
        process.start()
        theirs.close()
        return process, ours

    def _watch(self, process: BaseProcess, pipe: Connection) -> bool:
        """Listen to the web process until it ends or a signal comes; tell whether it was ready."""
        ready, watched = False, list[Any]((process.sentinel, pipe, self._bell))
        while not self._stopping and process.is_alive():
            found = wait(watched)
            if pipe in found:
                try:
                    what, release = pipe.recv()
                except EOFError:
                    watched.remove(pipe)
                    continue
                self._target = release
                ready = ready or what == READY
                if what == READY and not self._announced:
                    self._announced = True
                    print(f"Surplace answers at {self.configuration.url} (stop it with Ctrl-C).", flush=True)
        return ready

    def _stop(self, process: BaseProcess) -> None:
        """Let no more connections in, and give the requests in hand their time."""
        self.listener.close()
        process.terminate()
        process.join(self.configuration.limits.deadline + STOP_TIME)
        if process.is_alive():
            process.kill()
            process.join()
