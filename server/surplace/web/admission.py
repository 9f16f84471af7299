"""Who is let in: the client of a request, and how much each client and all together may have in hand."""

from __future__ import annotations

import ipaddress
import math
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from surplace.engine.clients import Buckets
from surplace.engine.limits import Limits
from surplace.web.errors import Problem

FORGIVEN: Final = frozenset(("not-found", "overuse", "busy", "unavailable"))
"""Problems that do not count as errors of the client: links go stale, and the rest is not its fault."""

_V6_NETWORK: Final = 64
"""Bits of an IPv6 address that stand for one client, who has all addresses below them."""


def client_of(scope: Mapping[str, Any], proxies: int) -> str:
    """Return the address of the client: the peer, or what the last of *proxies* proxies says it is."""
    peer = scope["client"][0] if scope.get("client") else ""
    if proxies > 0:
        lines = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
        hops = [hop.strip() for hop in ",".join(lines).split(",") if hop.strip()]
        if hops:
            return _network(hops[-min(proxies, len(hops))]) or _network(peer)
    return _network(peer)


def _network(address: str) -> str:
    """Return an address in its usual form, of IPv6 the network; nothing if it is none."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(found, ipaddress.IPv4Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network((int(found), _V6_NETWORK), strict=False).network_address)


class Admission:
    """Counts what is in hand. Everything here runs in the event loop, so nothing is locked."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.errors = Buckets(limits.client_errors, limits.client_errors)
        self.by_client: Counter[str] = Counter()
        self.requests = 0
        self.bodies = 0

    @contextmanager
    def client(self, client: str) -> Iterator[None]:
        """Count a request of *client*; raises Problem if it has too many, or made too many errors."""
        wait = math.ceil(self.errors.wait(client, 1))
        if wait:
            raise _overuse(f"More than {self.limits.client_errors} of your requests in a minute failed", wait)
        if self.by_client[client] >= self.limits.client_requests:
            most = self.limits.client_requests
            raise _overuse(f"{most} of your requests are being answered, and no more are at once", 1)
        self.by_client[client] += 1
        try:
            yield
        finally:
            self.by_client[client] -= 1
            if not self.by_client[client]:
                del self.by_client[client]

    @contextmanager
    def request(self) -> Iterator[None]:
        """Count a request that was read; raises Problem if too many are in hand."""
        if self.requests >= self.limits.requests:
            raise _busy("too many requests are being answered")
        self.requests += 1
        try:
            yield
        finally:
            self.requests -= 1

    @contextmanager
    def body(self) -> Iterator[Body]:
        """Count the body of a request while it is held."""
        body = Body(self)
        try:
            yield body
        finally:
            self.bodies -= body.size
            body.size = 0

    def note(self, client: str, problem: str) -> None:
        """Note how a request ended: an error fills the client's bucket."""
        if problem and problem not in FORGIVEN:
            self.errors.add(client, 1)


class Body:
    """The size of one body, counted among all."""

    def __init__(self, admission: Admission) -> None:
        self.admission = admission
        self.size = 0

    def add(self, size: int) -> None:
        """Count *size* bytes more; raises Problem if all bodies together are too large."""
        if self.admission.bodies + size > self.admission.limits.body_bytes:
            raise _busy("too much is being sent to it at once")
        self.admission.bodies += size
        self.size += size


def _overuse(reason: str, seconds: int) -> Problem:
    return Problem(
        "overuse",
        f"{reason}: try again in {seconds} second{'s' if seconds > 1 else ''}.",
        {"Retry-After": str(seconds)},
        retry_after=seconds,
    )


def _busy(reason: str) -> Problem:
    return Problem(
        "busy",
        f"The service is busy ({reason}): try again in 2 seconds.",
        {"Retry-After": "2"},
        retry_after=2,
    )
