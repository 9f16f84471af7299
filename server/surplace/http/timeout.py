"""The parameter by which a client waits for less than the service allows."""

from __future__ import annotations

from typing import Final

from surplace.http.call import Call
from surplace.http.route import Parameter

TIMEOUT: Final = Parameter(
    "timeout",
    "Seconds after which the query is to be stopped, where that is sooner than the limit of the service.",
    {"type": "number", "exclusiveMinimum": 0},
    strict=False,
)


def timeout_of(call: Call) -> float | None:
    """Return the seconds that the client wants to wait at most, if they are fewer than the deadline."""
    given = call.first(TIMEOUT.name)
    return float(given) if given and float(given) < call.service.limits.deadline else None
