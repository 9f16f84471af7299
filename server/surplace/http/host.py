"""The host that a client names, with its port: whether it is one, and the one form that it has here."""

from __future__ import annotations

import re
from functools import lru_cache
from ipaddress import IPv6Address
from typing import Final

_HOST: Final = re.compile(
    r"(?:(?P<name>(?:[a-z0-9_~-]{1,63}\.)*[a-z0-9_~-]{1,63}\.?)|\[(?P<address>[0-9a-f:.]{2,45})\])"
    r"(?::(?P<port>[0-9]{0,5}))?"
)
_NAME_LENGTH: Final = 254
"""Characters of a name of DNS with a full stop at its end."""
_PORTS: Final = 2**16


@lru_cache(maxsize=256)
def host_of(text: str) -> str:
    """Return a host in lower case, with its port where one is named; nothing if it can be none.

    It stands in every link and in the key of what is kept: so a port has no zeros before it, and an address
    of IPv6 is as short as it can be.
    """
    found = _HOST.fullmatch(text.lower()) if text.isascii() else None
    if found is None or len(found["name"] or "") > _NAME_LENGTH:
        return ""
    host, port = found["name"], found["port"]
    if host is None:
        try:
            host = f"[{IPv6Address(found['address'])}]"
        except ValueError:
            return ""
    if not port:
        return host
    return f"{host}:{int(port)}" if int(port) < _PORTS else ""
