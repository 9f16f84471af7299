"""Who is let in: the client of a request, and how much each client and all together may have in hand."""

from __future__ import annotations

import ipaddress
import math
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from surplace.engine.clients import Buckets
from surplace.engine.limits import Limits
from surplace.http.problems import Problem

FORGIVEN: Final = frozenset(("not-found", "overuse", "busy", "unavailable", "endpoint"))
"""Problems that do not count as errors of the client: links go stale, and the rest is not its fault."""

_V6_NETWORK: Final = 64
"""Bits of an IPv6 address that stand for one client, who has all addresses below them."""


def client_of(address: str, headers: Mapping[str, str], proxies: int) -> str:
    """Return the address of the client: the peer's *address*, or what the last of *proxies* proxies says."""
    if proxies > 0:
        hops = [hop.strip() for hop in headers.get("x-forwarded-for", "").split(",") if hop.strip()]
        if hops:
            return network(hops[-min(proxies, len(hops))]) or address
    return address


@lru_cache(maxsize=1024)
def network(address: str) -> str:
    """Return an address in its usual form, of IPv6 the network; nothing if it is none."""
    try:
        found = ipaddress.ip_address(address[:60])
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
        self.requests = 0
        self._by_client: dict[str, int] = {}

    def enter(self, client: str) -> None:
        """Count a request of *client*; raises Problem if it has too many, or made too many errors.

        `leave` must follow. Both are called for every request, so they are no context manager.
        """
        limits = self.limits
        wait = math.ceil(self.errors.wait(client, 1))
        if wait:
            raise overuse(f"More than {limits.client_errors} of your requests in a minute failed", wait)
        held = self._by_client.get(client, 0)
        if held >= limits.client_requests:
            raise overuse(
                f"{limits.client_requests} of your requests are being answered, and no more are at once", 1
            )
        if self.requests >= limits.requests:
            raise busy("too many requests are being answered")
        self._by_client[client] = held + 1
        self.requests += 1

    def leave(self, client: str) -> None:
        """Count a request no more."""
        self.requests -= 1
        held = self._by_client.pop(client)
        if held > 1:
            self._by_client[client] = held - 1

    def note(self, client: str, problem: str) -> None:
        """Note how a request ended: an error fills the client's bucket."""
        if problem and problem not in FORGIVEN:
            self.errors.add(client, 1)


def overuse(reason: str, seconds: int) -> Problem:
    """Return the problem of a client that has more than its share, and may come again later."""
    return Problem(
        "overuse",
        f"{reason}: try again in {seconds} second{'s' if seconds > 1 else ''}.",
        {"Retry-After": str(seconds)},
        retry_after=seconds,
    )


def busy(reason: str) -> Problem:
    """Return the problem of a service that has too much in hand."""
    return Problem(
        "busy",
        f"The service is busy ({reason}): try again in 2 seconds.",
        {"Retry-After": "2"},
        retry_after=2,
    )
