"""Entity tags: what an answer is known by, and what a client that has it already is told (RFC 9110)."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from surplace.routes.message import Body, HttpRequest, HttpResponse, Part
from surplace.routes.problems import Problem
from surplace.routes.service import program

if TYPE_CHECKING:
    from surplace.routes.call import Call

_RANGE: Final = re.compile(r"bytes\s*=\s*([0-9]*)\s*-\s*([0-9]*)\s*", re.IGNORECASE)
_TAG: Final = re.compile(r'(W/)?"([^"]*)"')
_OF_A_WHOLE: Final = frozenset(("content-length", "content-type", "content-encoding", "content-disposition"))


def tag_of(call: Call) -> str:
    """Return the strong entity tag of the answer to a call; nothing if the answer is no function of the call.

    It is known before anything is asked: release, program, limits, route, parameters, format and host decide.
    """
    route, service, request = call.route, call.service, call.request
    if not route.kept or not request.is_reading or not service.release:
        return ""
    if route.varies is not None and route.varies(call):
        return ""
    limits = service.limits
    ignored = (*route.format_names, *route.without_effect)
    parts = [
        program(),
        service.release,
        f"{limits.answer_rows} {limits.answer_bytes}",
        request.origin.root,
        request.path,
        call.choice.key,
        *(
            f"{name}={value}"
            for name in sorted(call.values)
            if name not in ignored
            for value in call.values[name]
        ),
    ]
    text = "".join([f"{len(part)}:{part}" for part in parts])
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def has(request: HttpRequest, etag: str) -> bool:
    """Tell whether If-None-Match names a tag, weakly compared as the standard wants it; `*` names any."""
    given = request.headers.get("if-none-match")
    if given is None or not etag or not request.is_reading:
        return False
    return given.strip() == "*" or any(tag == etag for _, tag in _TAG.findall(given))


def not_modified(response: HttpResponse) -> HttpResponse:
    """Say that the client has a response already."""
    response.close()
    headers = [item for item in response.headers if item[0].lower() not in _OF_A_WHOLE]
    return HttpResponse(status=304, headers=headers, etag=response.etag)


def is_refused(request: HttpRequest, etag: str) -> bool:
    """Tell whether If-Match asks for another version than the one with this tag."""
    given = request.headers.get("if-match")
    if given is None or given.strip() == "*" or not etag:
        return False
    return not any(tag == etag and not weak for weak, tag in _TAG.findall(given))


def part_of(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the one range of a response that is asked for, or all of it.

    HTTP wants a range in another unit, or several, to be ignored where that is easier. Raises Problem for a
    range that lies outside.
    """
    given, condition = request.headers.get("range"), request.headers.get("if-range")
    if (
        given is None
        or request.method != "GET"
        or (condition is not None and condition != f'"{response.etag}"')
    ):
        return response
    match, size = _RANGE.fullmatch(given.strip()), response.size
    if match is None and not given.lower().startswith("bytes"):
        return response  # in a unit that is not known here
    if "," in given:
        return response  # several, which may be answered with the whole
    if match is None or not (match[1] or match[2]) or len(given) > 60:
        raise _out_of_range(response)
    start = int(match[1]) if match[1] else max(0, size - int(match[2]))
    stop = min(size, int(match[2]) + 1) if match[1] and match[2] else size
    if start >= stop:
        raise _out_of_range(response)
    response.headers.append(("Content-Range", f"bytes {start}-{stop - 1}/{size}"))
    part: Body = Part(response.body, start, stop)
    response.body, response.status = part, 206
    return response


def _out_of_range(response: HttpResponse) -> Problem:
    """Return the problem of a range that cannot be sent, and let go of the response."""
    response.close()
    return Problem(
        "range",
        f"The answer has {response.size} bytes, and the range is not among them: ask for one that is.",
        {"Content-Range": f"bytes */{response.size}", "Accept-Ranges": "bytes"},
    )
