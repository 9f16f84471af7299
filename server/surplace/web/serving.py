"""Runs the application under granian: one web process with threads, and the engine's processes below it."""

from __future__ import annotations

import multiprocessing
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any, Final

from granian.constants import Interfaces
from granian.server import MPServer

from surplace.catalogue import load_catalogue
from surplace.engine.embedded import EmbeddedEngine
from surplace.engine.limits import Limits
from surplace.engine.protocol import Engine
from surplace.engine.release import Release
from surplace.engine.remote import RemoteEngine
from surplace.errors import SurplaceError
from surplace.web.app import create_app

STOP_TIME: Final = 3
"""Seconds that requests have to end when the service is stopped."""


@dataclass(frozen=True)
class Configuration:
    """What is served and where: a release or the URL of an endpoint, and the folder of the questions."""

    host: str
    port: int
    target: Release | str
    queries: Path
    limits: Limits

    @property
    def url(self) -> str:
        """The address of the first page."""
        host = self.local_host
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"

    @property
    def local_host(self) -> str:
        """The host by which this machine itself reaches the service."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104


def open_engine(target: Release | str, limits: Limits) -> Engine:
    """Open the engine for a release or for the URL of an endpoint."""
    return RemoteEngine(target, limits) if isinstance(target, str) else EmbeddedEngine(target, limits)


def serve(configuration: Configuration) -> None:
    """Serve until a signal ends it. Raises SurplaceError if the address cannot be used."""
    configuration = _with_port(configuration)
    # a forked process would share locks and threads with this one
    multiprocessing.set_start_method("spawn", force=True)
    server = MPServer(
        "surplace",
        address=configuration.host,
        port=configuration.port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=configuration.limits.web_threads,
        log_enabled=False,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_TIME,
    )
    server.serve(target_loader=partial(_application, configuration), wrap_loader=False)


def _application(configuration: Configuration) -> Callable[..., Any]:
    """Make the application, in the process that runs it, and say where it is."""
    try:
        engine = open_engine(configuration.target, configuration.limits)
        catalogue = load_catalogue(configuration.queries)
    except SurplaceError as error:
        print(f"surplace: {error}", file=sys.stderr, flush=True)
        raise SystemExit(error.exit_code) from None
    # before the children of this process are ended at its exit: the pool would take them for lost
    Finalize(None, engine.close, exitpriority=1)
    app = create_app(engine, catalogue, configuration.limits)
    threading.Thread(target=_announce, args=(configuration,), daemon=True).start()
    return app


def _announce(configuration: Configuration) -> None:
    """Say where the service is, once it takes connections."""
    while True:
        try:
            socket.create_connection((configuration.local_host, configuration.port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            print(f"Surplace answers at {configuration.url} (stop it with Ctrl-C).", flush=True)
            return


def _with_port(configuration: Configuration) -> Configuration:
    """Check that the address is free, and choose a port where 0 was given."""
    host, port = configuration.host, configuration.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_STREAM) as trial:
            if os.name == "posix":
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind((host, port))
            chosen = trial.getsockname()[1]
    except OSError as error:
        raise SurplaceError(
            f"{host}, port {port}, cannot be used ({error.strerror}): choose others with --host and --port."
        ) from None
    return Configuration(host, chosen, configuration.target, configuration.queries, configuration.limits)
