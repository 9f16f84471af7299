"""Responses: what comes when all goes well, and a problem document for each status of a failure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from surplace.http.headers import DESCRIBED, IGNORED
from surplace.http.negotiation import HTML
from surplace.http.problems import KINDS, TYPE
from surplace.http.route import Json
from surplace.openapi.schemas import TEXT, ref

_OF_PROBLEMS: Final[Mapping[int, tuple[str, ...]]] = {
    405: ("Allow",),
    410: ("Link",),
    415: ("Accept-Post",),
    416: ("Content-Range", "Accept-Ranges"),
    429: ("Retry-After",),
    503: ("Retry-After",),
}
_PART: Final[Json] = {"*/*": {}, "application/octet-stream": {}}
"""Some generators of clients know no wildcard: to them, a part of any type is bytes."""
ANY: Final = (
    *("bad-request", "method", "not-acceptable", "timeout", "too-large", "address-too-long", "overuse"),
    *("head-too-large", "internal", "endpoint", "busy", "unavailable", "too-complex", "deadline"),
)
"""Kinds of problems that any request may meet."""


def headers() -> Json:
    """Return the headers that are referred to, by name."""
    return {
        name: {
            "description": description,
            "schema": schema,
            **({"required": True} if name == "Location" else {}),
        }
        for name, (description, schema) in DESCRIBED.items()
    }


def succeeding(
    about: str, content: Json, names: tuple[str, ...], statuses: Iterable[int], *, is_tagged: bool
) -> Json:
    """Return the responses that are no failures, with these headers; a tagged one has parts, or is known."""
    names = (*names, "Cache-Control", "Content-Encoding", IGNORED, *(("Accept-Ranges", "ETag") * is_tagged))
    found: Json = {}
    for status in statuses:
        if status == 303:
            found["303"] = _response(about, {}, ("Cache-Control", IGNORED, "Location"))
        else:
            types = content if status < 400 else {**content, TYPE: ref("Problem")}
            found[str(status)] = _response(about, types, names)
    return found | (_shared((206, 304)) if is_tagged else {})


def failures(codes: Iterable[str], *, varies: bool) -> Json:
    """Return the responses for problems of these kinds, at an address which may have a variable part."""
    return _shared({KINDS[code].status for code in (*codes, *ANY)} | ({308, 404} if varies else set()))


def responses() -> Json:
    """Return the responses that all operations share, by status."""
    known = ("Cache-Control", "ETag", IGNORED)
    of_some = (
        "Content-Disposition",
        "Content-Location",
        "Link",
        "Surplace-Query",
        "Surplace-Query-Version",
        "Surplace-Summary",
    )
    part = (*known, *of_some, "Accept-Ranges", "Content-Range")
    return {
        "206": _response("The part that is asked for, of any of the types.", _PART, part),
        "304": _response("The client has it already.", {}, known),
        "308": _response(
            "The path has two slashes in a row: it is found with one.", {}, ("Cache-Control", "Location")
        ),
        **{str(kind.status): _problem(kind.status) for kind in KINDS.values()},
    }


def _shared(statuses: Iterable[int]) -> Json:
    return {str(status): {"$ref": f"#/components/responses/{status}"} for status in sorted(statuses)}


def _response(about: str, content: Json, names: Iterable[str]) -> Json:
    """Return a response; *content* maps media types to schemas."""
    sent = sorted({"Surplace-Release", "Vary", *names})
    found: Json = {
        "description": about,
        "headers": {name: {"$ref": f"#/components/headers/{name}"} for name in sent},
    }
    return {**found, "content": {name: {"schema": content[name]} for name in content}} if content else found


def _problem(status: int) -> Json:
    """Return the response of a status: its kinds of problem, each with what it means."""
    kinds = {code: kind for code, kind in KINDS.items() if kind.status == status}
    content = {TYPE: ref(f"Problem{status}"), HTML: TEXT, "text/plain": TEXT}
    lines = [f"- `{code}`: {kind.title}. {kind.meaning}" for code, kind in kinds.items()]
    return _response("\n".join(lines), content, ("Cache-Control", *_OF_PROBLEMS.get(status, ())))
