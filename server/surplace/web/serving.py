"""Runs the application under granian: one web process, and the engine's processes below it."""

from __future__ import annotations

import multiprocessing
import os
import socket
import sys
import threading
import time
from dataclasses import dataclass
from functools import partial
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Final

from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.server import MPServer

from surplace.catalogue import load_catalogue
from surplace.engine.embedded import EmbeddedEngine
from surplace.engine.limits import Limits
from surplace.engine.pool import Pool
from surplace.engine.protocol import Engine
from surplace.engine.release import Release, find_release
from surplace.engine.remote import RemoteEngine
from surplace.errors import SurplaceError
from surplace.web.access import Access
from surplace.web.app import create_app
from surplace.web.front import Front
from surplace.web.metrics import Measured, Metrics
from surplace.web.releases import Current, Served, Watcher, verified

BACKLOG: Final = 4096
"""Connections that the system keeps until they are taken."""
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


def open_engine(target: Release | str, limits: Limits, former: Pool | None = None) -> Engine:
    """Open the engine for a release or for the URL of an endpoint."""
    if isinstance(target, str):
        return RemoteEngine(target, limits)
    return EmbeddedEngine(target, limits, former)


def serve(configuration: Configuration) -> None:
    """Serve until a signal ends it. Raises SurplaceError if the address cannot be used."""
    configuration = _with_port(configuration)
    limits = configuration.limits
    # a forked process would share locks and threads with this one
    multiprocessing.set_start_method("spawn", force=True)
    server = MPServer(
        "surplace",
        address=configuration.host,
        port=configuration.port,
        interface=Interfaces.ASGINL,
        workers=1,
        http=HTTPModes.http1,
        websockets=False,
        backlog=BACKLOG,
        backpressure=limits.connections,
        http1_settings=HTTP1Settings(
            header_read_timeout=int(limits.header_time * 1000), max_buffer_size=limits.head_bytes
        ),
        log_enabled=False,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_TIME,
    )
    server.serve(target_loader=partial(_application, configuration), wrap_loader=False)


def _application(configuration: Configuration) -> Front:
    """Make the application, in the process that runs it, and say where it is."""
    limits, metrics = configuration.limits, Metrics()
    _allow_connections()
    try:
        catalogue = load_catalogue(configuration.queries)

        def opened(target: Release | str, former: Pool | None = None) -> Served:
            engine = Measured(open_engine(target, limits, former), metrics)
            return Served(create_app(engine, catalogue, limits), engine)

        target = _newest(configuration.target)
        current = Current(opened(target))
    except SurplaceError as error:
        print(f"surplace: {error}", file=sys.stderr, flush=True)
        raise SystemExit(error.exit_code) from None
    front = Front(current, limits, Access(queries=bool(limits.log_queries)), metrics)
    # before the children of this process are ended at its exit: the pool would take them for lost
    Finalize(None, front.close, exitpriority=1)
    if isinstance(target, Release) and limits.release_check:
        watcher = Watcher(target, lambda found: opened(found, current.served.pool), current.replace)
        watcher.start(limits.release_check)
    threading.Thread(target=_announce, args=(configuration,), daemon=True).start()
    return front


def _newest(target: Release | str) -> Release | str:
    """Find the release as it is now, which this process may be late for; raises SurplaceError if damaged."""
    if isinstance(target, str):
        return target
    release = find_release(target.given)
    if verified(release) is False:
        raise SurplaceError(
            f"The release {release.name} is damaged, it does not read back as it was written: "
            "build it again, or name another with --release."
        )
    return release


def _allow_connections() -> None:
    """Let this process have as many connections as the system allows it at all."""
    if sys.platform != "win32":
        import resource

        _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


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
