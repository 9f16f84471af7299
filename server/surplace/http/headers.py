"""The headers that every response has."""

from __future__ import annotations

import re
from typing import Final

from surplace.http.message import Headers

POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
FRAMED: Final = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
"""The policy of a page that is made to stand in pages of others."""
SECURITY: Final[Headers] = [
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
]
SCRIPTS: Final = {"run": f"{POLICY}; script-src 'self'"}
SCRIPTS["ask"] = f"{SCRIPTS['run']}; connect-src 'self'"
"""The policies of pages that run scripts of this host, and of those whose scripts may ask this host too."""
IGNORED: Final = "Surplace-Ignored"
"""The header that names parameters which the address does not know."""
FOR_SCRIPTS: Final[Headers] = [
    ("Access-Control-Allow-Origin", "*"),
    (
        "Access-Control-Expose-Headers",
        "Accept-Query, Accept-Ranges, Content-Disposition, Content-Length, Content-Location, Content-Range, "
        f"ETag, Link, Retry-After, Surplace-Cut, Surplace-Differs, {IGNORED}, Surplace-Missing-Names, "
        "Surplace-Query, Surplace-Query-Version, Surplace-Release, Surplace-Summary, "
        "Surplace-Unknown-Graphs",
    ),
]
"""What lets pages of other sites read answers; never with credentials, of which there are none."""
_TOKENS: Final = re.compile(r"[\w!#$%&'*+.^`|~-]+(?:\s*,\s*[\w!#$%&'*+.^`|~-]+)*", re.ASCII)
_NAMES_LENGTH: Final = 1000
_SENT: Final = (
    "Accept, Authorization, Content-Type, If-Match, If-None-Match, If-Range, Range, X-Requested-With"
)


def preflight(wanted: str) -> Headers:
    """Let pages of other sites use every method, and send the headers they want to: none gives them more."""
    known = wanted.strip() if len(wanted) <= _NAMES_LENGTH and _TOKENS.fullmatch(wanted.strip()) else _SENT
    return [
        ("Access-Control-Allow-Methods", "GET, HEAD, POST, QUERY, OPTIONS"),
        ("Access-Control-Allow-Headers", known),
        ("Access-Control-Max-Age", "86400"),
    ]


NOT_FOR_SCRIPTS: Final = frozenset(("/person",))
"""What takes circumstances of people is for the pages of this site alone."""
NOT_FOR_ROBOTS: Final[Headers] = [("X-Robots-Tag", "noindex, nofollow")]
"""Keeps robots that came all the same from what is made anew for each address: there is no end of those."""
VARY: Final = ("Vary", "Accept, Accept-Encoding")
NO_STORE: Final = "no-store"
