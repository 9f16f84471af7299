"""The headers that responses have: what each that says something of its answer means, and those of all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from surplace.http.message import Headers
from surplace.http.route import Json

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
_TEXT: Final[Json] = {"type": "string"}
_COUNTED: Final[Json] = {"type": "integer", "minimum": 1}
_ADDRESS: Final[Json] = {"type": "string", "format": "uri-reference"}
DESCRIBED: Final[Mapping[str, tuple[str, Json]]] = {
    "Accept-Post": ("The types of body that are read.", _TEXT),
    "Accept-Query": ("The types of body that are read with the method QUERY.", _TEXT),
    "Accept-Ranges": ("That parts can be asked for, in bytes.", {"const": "bytes"}),
    "Allow": ("The methods that work.", _TEXT),
    "Cache-Control": ("How long it may be kept.", _TEXT),
    "Content-Disposition": ("A name for the file.", _TEXT),
    "Content-Encoding": ("There if it is compressed, as Accept-Encoding asks.", {"const": "gzip"}),
    "Content-Location": ("The address of what was sent, where it stays.", _ADDRESS),
    "Content-Range": ("Which part it is, and the size of the whole.", _TEXT),
    "ETag": ("Changes when the answer does; of files, the SHA-256.", _TEXT),
    "Link": (
        "Where to go on (RFC 8288). Where an answer is cut: help. Of a question: describedby, canonical (the "
        "address of the answer with all values), and first, prev, next, last of the parts of its rows. Of a "
        "name: cite-as, describedby, alternate, license, collection, next and prev, and successor-version "
        "where it is gone.",
        _TEXT,
    ),
    "Location": ("Where to go.", _ADDRESS),
    "Retry-After": ("Seconds to wait.", _COUNTED),
    "Surplace-Cut": (
        "There if the answer has more rows than are sent: how many are.",
        {"type": "string", "pattern": "^rows=[0-9]+$"},
    ),
    "Surplace-Differs": ("In what the answer may differ from SPARQL 1.1, as far as the query shows.", _TEXT),
    IGNORED: ("There if parameters were sent that the address does not know: their names.", _TEXT),
    "Surplace-Query": ("The name of the question.", _TEXT),
    "Surplace-Query-Version": (
        "The beginning of the SHA-256 of the file of the question.",
        {"type": "string", "pattern": "^[0-9a-f]{16}$"},
    ),
    "Surplace-Release": ("The release that answers; not there where an endpoint does.", _TEXT),
    "Surplace-Summary": (
        "The sentence that sums the whole answer up, as RFC 8187 has it: UTF-8'' and percent-encoded.",
        _TEXT,
    ),
    "Surplace-Missing-Names": (
        "Classes, properties and concepts that the query names and the graph does not have, where the answer "
        "is empty, or the query counts or asks for what is absent; `nearest` is the nearest that it has.",
        _TEXT,
    ),
    "Surplace-Unbound-Variables": (
        "Variables that the query selects or calculates with and to which nothing in it gives a value.",
        _TEXT,
    ),
    "Surplace-Unknown-Graphs": (
        "There if graphs that a parameter names are not in the release: how many, all empty.",
        _COUNTED,
    ),
    "Vary": ("The headers of the request on which the answer depends.", _TEXT),
}
"""What a header says of its answer, and the JSON Schema of its value: for OpenAPI, and for scripts."""
FOR_SCRIPTS: Final[Headers] = [
    ("Access-Control-Allow-Origin", "*"),
    ("Access-Control-Expose-Headers", ", ".join(DESCRIBED)),
]
"""What lets pages of other sites read answers; never with credentials, of which there are none."""
_TOKENS: Final = re.compile(r"[\w!#$%&'*+.^`|~-]+(?:\s*,\s*[\w!#$%&'*+.^`|~-]+)*", re.ASCII)
_NAMES_LENGTH: Final = 1000
_SENT: Final = (
    "Accept, Authorization, Content-Type, If-Match, If-None-Match, If-Range, Range, X-Requested-With"
)


def preflight(methods: str, wanted: str) -> Headers:
    """Let pages of other sites use the methods that work, and send the headers *wanted*: none gives more."""
    known = wanted.strip() if len(wanted) <= _NAMES_LENGTH and _TOKENS.fullmatch(wanted.strip()) else _SENT
    return [
        ("Access-Control-Allow-Methods", methods),
        ("Access-Control-Allow-Headers", known),
        ("Access-Control-Max-Age", "86400"),
    ]


NOT_FOR_SCRIPTS: Final = frozenset(("/person",))
"""What takes circumstances of people is for the pages of this site alone."""
NOT_FOR_ROBOTS: Final[Headers] = [("X-Robots-Tag", "noindex, nofollow")]
"""Keeps robots that came all the same from what is made anew for each address: there is no end of those."""
VARY: Final = ("Vary", "Accept, Accept-Encoding")
NO_STORE: Final = "no-store"
