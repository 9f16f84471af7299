"""The headers that every response has."""

from __future__ import annotations

from typing import Final

from surplace.routes.message import Headers

POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
SECURITY: Final[Headers] = [
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
]
IGNORED: Final = "Surplace-Ignored"
"""The header that names parameters which the address does not know."""
FOR_SCRIPTS: Final[Headers] = [
    ("Access-Control-Allow-Origin", "*"),
    (
        "Access-Control-Expose-Headers",
        "Accept-Query, Accept-Ranges, Content-Disposition, Content-Length, Content-Location, Content-Range, "
        f"ETag, Link, Retry-After, Surplace-Cut, Surplace-Differs, {IGNORED}, Surplace-Query, "
        "Surplace-Query-Version, Surplace-Release, Surplace-Unknown-Graphs",
    ),
]
"""What lets pages of other sites read answers; never with credentials, of which there are none."""
PREFLIGHT: Final[Headers] = [
    ("Access-Control-Allow-Methods", "GET, HEAD, POST, QUERY, OPTIONS"),
    (
        "Access-Control-Allow-Headers",
        "Accept, Authorization, Content-Type, If-Match, If-None-Match, If-Range, Queryid, Range, "
        "X-Requested-With",
    ),
    ("Access-Control-Max-Age", "86400"),
]
NOT_FOR_SCRIPTS: Final = frozenset(("/person",))
"""What takes circumstances of people is for the pages of this site alone."""
VARY: Final = ("Vary", "Accept, Accept-Encoding")
NO_STORE: Final = "no-store"
