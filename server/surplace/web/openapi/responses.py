"""Responses: what comes when all goes well, and a problem document for each status of a failure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from surplace.web.errors import JSON, KINDS
from surplace.web.openapi.schemas import TEXT, Json, ref

HEADERS: Final[Mapping[str, Json]] = {
    "Accept-Query": {
        "description": "The types of body that are read with the method QUERY.",
        "schema": TEXT,
    },
    "Accept-Post": {"description": "The types of body that are read.", "schema": TEXT},
    "Accept-Ranges": {"description": "That parts can be asked for, in bytes.", "schema": {"const": "bytes"}},
    "Allow": {"description": "The methods that work.", "schema": TEXT},
    "Cache-Control": {"description": "How long it may be kept.", "schema": TEXT},
    "Content-Location": {
        "description": "The address of what was sent, where it stays.",
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "Content-Range": {"description": "Which part it is, and the size of the file.", "schema": TEXT},
    "ETag": {"description": "Changes when the answer does; of files, the SHA-256.", "schema": TEXT},
    "Content-Disposition": {"description": "A name for the file.", "schema": TEXT},
    "Link": {
        "description": "Where to go on (RFC 8288). Where an answer is cut: help. Of a question: describedby, "
        "canonical (the address of the answer with all values), and first, prev, next, last of the parts of "
        "its rows. Of a name: cite-as, describedby, alternate, license, collection, next and prev, and "
        "successor-version where it is gone.",
        "schema": TEXT,
    },
    "Location": {
        "description": "Where to go.",
        "required": True,
        "schema": {"type": "string", "format": "uri-reference"},
    },
    "Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer", "minimum": 1}},
    "Surplace-Cut": {
        "description": "There if the answer has more rows than are sent: how many are.",
        "schema": {"type": "string", "pattern": "^rows=[0-9]+$"},
    },
    "Surplace-Query": {"description": "The name of the question.", "schema": TEXT},
    "Surplace-Query-Version": {
        "description": "The beginning of the SHA-256 of the file of the question.",
        "schema": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
    },
    "Surplace-Release": {
        "description": "The release that answers; not there where an endpoint does.",
        "schema": {"type": "string", "maxLength": 16},
    },
    "Surplace-Unknown-Graphs": {
        "description": "There if graphs that a parameter names are not in the release: how many, all empty.",
        "schema": {"type": "integer", "minimum": 1},
    },
}

RELEASE: Final = ("Surplace-Release",)
ANSWER: Final = (*RELEASE, "Surplace-Cut", "Link")
PROTOCOL: Final = (*ANSWER, "Accept-Query", "Surplace-Unknown-Graphs")
_OF_PROBLEMS: Final[Mapping[int, tuple[str, ...]]] = {
    405: ("Allow",),
    410: ("Link",),
    415: ("Accept-Post",),
    416: ("Content-Range",),
    429: ("Retry-After",),
    503: ("Retry-After",),
}

ALWAYS: Final = ("bad-request", "method", "timeout", "too-large", "overuse", "internal", "busy")
"""Problems that any request may meet: the service is full, or the request cannot be read."""
ASKING: Final = (*ALWAYS, "unavailable", "too-complex", "deadline")
"""Problems of what asks the engine."""

_HEADS: Final[Mapping[int, Json]] = {
    414: {"description": "The address is longer than 65,534 bytes: send the query by POST."},
    431: {"description": "The address and the headers together are longer than is read."},
}
"""What the server of HTTP says before there is a request to answer: with no body, and with no release."""
_DOUBLED: Final[Json] = {
    "description": "The path has two slashes in a row: it is found with one.",
    "headers": {"Location": {"$ref": "#/components/headers/Location"}},
    "content": {"text/html": {"schema": TEXT}},
}


def success(description: str, content: Mapping[str, Json], headers: Iterable[str] = RELEASE) -> Json:
    """Return the response that is hoped for; *content* maps media types to schemas."""
    return {
        "description": description,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in sorted(headers)},
        "content": {media_type: {"schema": schema} for media_type, schema in content.items()},
    }


FILE: Final = (*RELEASE, "Accept-Ranges", "Content-Disposition")
KEPT: Final = ("Cache-Control", "ETag")
"""The headers by which an answer to GET may be kept, and compared with what is."""
_FILES: Final[Json] = {"application/gzip": TEXT, "text/turtle": TEXT}
UNCHANGED: Final[Json] = {"description": "The client has it already: there is no body."}


def part(*headers: str) -> Json:
    """Return the response to a request for a part of a file."""
    return success("The part that is asked for.", _FILES, (*FILE, *KEPT, "Content-Range", *headers))


def failures(codes: Iterable[str], *, path: bool) -> Json:
    """Return the responses for problems of these kinds; with *path*, for an address with a variable part."""
    statuses = {KINDS[code].status for code in codes} | {*_HEADS} | ({308} if path else set())
    return {str(status): {"$ref": f"#/components/responses/{status}"} for status in sorted(statuses)}


def responses() -> Json:
    """Return the responses that all operations share, by status."""
    found = {str(status): _problem(status) for status in {kind.status for kind in KINDS.values()}}
    return {**found, "308": _DOUBLED, **{str(status): response for status, response in _HEADS.items()}}


def _problem(status: int) -> Json:
    """Return the response of a status: its kinds of problem, each with what it means."""
    kinds = {code: kind for code, kind in KINDS.items() if kind.status == status}
    own = {
        "type": {"enum": [f"/problems#{code}" for code in kinds]},
        "title": {"enum": [kind.title for kind in kinds.values()]},
        "status": {"const": status},
    }
    content = {
        JSON: {"allOf": [ref("Problem"), {"properties": own}]},
        "text/html": TEXT,
        "text/plain": TEXT,
    }
    lines = [f"- `{code}`: {kind.title}. {kind.meaning}" for code, kind in kinds.items()]
    return success("\n".join(lines), content, (*RELEASE, *_OF_PROBLEMS.get(status, ())))
