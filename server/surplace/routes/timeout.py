"""The parameter by which a client waits for less than the service allows."""

from __future__ import annotations

from typing import Final

from surplace.routes.call import Call
from surplace.routes.route import Parameter

TIMEOUT: Final = Parameter(
    "timeout",
    "Seconds after which the query is to be stopped, where that is sooner than the limit of the service.",
    {"type": "number", "exclusiveMinimum": 0},
    strict=False,
)


def timeout_of(call: Call) -> float | None:
    """Return the seconds that the client wants to wait at most; what is no such number is ignored."""
    given = call.values.get(TIMEOUT.name, ())
    try:
        seconds = float(given[0]) if given else 0.0
    except ValueError:
        call.ignored.append(TIMEOUT.name)
        return None
    return seconds if 0 < seconds < call.service.limits.deadline else None
