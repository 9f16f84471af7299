"""RDF as bytes that depend on the statements alone: prefixes in order, no time, no name of a file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from pyoxigraph import Quad, RdfFormat, Triple, serialize

_PREFIX_LINES = re.compile(rb"(?:@prefix [^\n]*\n)*")
_SHORT = (RdfFormat.TURTLE, RdfFormat.TRIG)


def write(
    statements: Iterable[Triple] | Iterable[Quad], form: RdfFormat, prefixes: Mapping[str, str]
) -> bytes:
    """Write *statements* in their order; Turtle and TriG shorten names with *prefixes*."""
    if form not in _SHORT:
        return serialize(statements, format=form) or b""
    body = serialize(statements, format=form, prefixes=dict(prefixes)) or b""
    # the library writes the prefixes in an order that differs from one run to the next
    found = _PREFIX_LINES.match(body)
    lines = "".join(f"@prefix {name}: <{prefixes[name]}> .\n" for name in sorted(prefixes))
    return lines.encode("ascii") + body[found.end() if found else 0 :]
