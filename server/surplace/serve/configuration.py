"""What is served and where, and the socket that it is served on."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from surplace.engine.limits import Limits
from surplace.engine.release import Release
from surplace.errors import SurplaceError
from surplace.texts import Copy

BACKLOG: Final = 4096
"""Connections that the system keeps until they are taken."""
FIRST_INHERITED: Final = 3
"""The descriptor of the first socket that systemd hands over."""


@dataclass(frozen=True)
class Configuration:
    """A release or the URL of an endpoint, the folder of the questions, and the address to listen on."""

    host: str
    port: int
    target: Release | str
    queries: Path
    limits: Limits
    texts: tuple[Copy, ...] = ()
    """Texts of sources that pages may show beside passages."""

    @property
    def url(self) -> str:
        """The address of the first page."""
        host = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104
        return f"http://{f'[{host}]' if ':' in host else host}:{self.port}/"


def listen(configuration: Configuration) -> tuple[Configuration, socket.socket]:
    """Return a socket that listens, and the configuration with the port that it has.

    It is the one that systemd hands over, if it does. Raises SurplaceError if the address cannot be used.
    """
    listener = _inherited() or _bound(configuration.host, configuration.port)
    listener.setblocking(False)
    host, port = listener.getsockname()[:2] if listener.family != socket.AF_UNIX else ("localhost", 0)
    given = "localhost" if configuration.host.lower() == "localhost" else host
    return replace(configuration, host=given, port=port), listener


def _inherited() -> socket.socket | None:
    """Return the socket that this process was started with, as systemd's socket activation has it."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or not os.environ.get("LISTEN_FDS", "").isdigit():
        return None
    if int(os.environ["LISTEN_FDS"]) != 1:
        raise SurplaceError("Surplace takes one socket from systemd: name one ListenStream in the unit.")
    return socket.socket(fileno=FIRST_INHERITED)


def _bound(host: str, port: int) -> socket.socket:
    """Listen on a name or address, of IPv6 also as it stands in a URL."""
    name = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM)[0]
        listener = socket.socket(family, kind, protocol)
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "it is no name of a host"
        raise SurplaceError(
            f"{host or 'No name'}, port {port}, cannot be used ({reason}): "
            "choose others with --host and --port."
        ) from None
    return listener
