"""Entity tags: what an answer is known by, and what a client that has it already is told (RFC 9110)."""

from __future__ import annotations

import hashlib
import re
import zlib
from typing import TYPE_CHECKING, Final

from surplace.http.message import Body, HttpRequest, HttpResponse, Range
from surplace.http.problems import Problem
from surplace.http.service import Service, program

if TYPE_CHECKING:
    from surplace.http.call import Call

_RANGE: Final = re.compile(r"bytes\s*=\s*([0-9]*)\s*-\s*([0-9]*)\s*", re.IGNORECASE)
_TAG: Final = re.compile(r'(W/)?"([^"]*)"')
_OF_A_WHOLE: Final = frozenset(("content-length", "content-type", "content-encoding", "content-disposition"))


class Tags:
    """Strong entity tags of answers, known before anything is asked.

    Program, zlib, release, texts, questions, settings, host, address, parameters and format decide; other
    headers do not.
    """

    def __init__(self, service: Service) -> None:
        self.known = bool(service.release)
        self._begun = hashlib.blake2b(digest_size=16)
        questions = " ".join(f"{query.category}/{query.name} {query.version}" for query in service.catalogue)
        settings = f"{service.limits} {zlib.ZLIB_RUNTIME_VERSION}"
        for part in (program(), service.release, service.texts.digest, questions, settings):
            self._begun.update(_counted(part).encode())

    def of(self, call: Call) -> str:
        """Return the tag of the answer to a call; nothing if the answer is no function of the call."""
        route, request = call.route, call.request
        if not (route.kept and self.known and request.is_reading) or call.problem is not None:
            return ""  # names that are refused are no part of a tag, so it would be that of the answer
        if route.varies is not None and route.varies(call):
            return ""
        path = request.path
        if call.suffix:  # which names a format in several ways
            path = path.removesuffix(call.suffix) + call.choice.name
        parts = [_counted(request.origin.root), _counted(path), _counted(call.choice.key)]
        parts += [_counted(f"{name}={value}") for name, value in call.deciding()]
        found = self._begun.copy()
        found.update("".join(parts).encode("utf-8", "surrogatepass"))
        return found.hexdigest()


def _counted(part: str) -> str:
    """Put the length of a part before it, so that no two lists of parts look alike."""
    return f"{len(part)}:{part}"


def names(request: HttpRequest, etag: str) -> bool:
    """Tell whether If-None-Match names a tag, weakly compared as the standard wants it."""
    given = request.headers.get("if-none-match", "")
    return bool(given and etag) and request.is_reading and any(tag == etag for _, tag in _TAG.findall(given))


def has(request: HttpRequest, etag: str) -> bool:
    """Tell whether the client has the answer with this tag, or, with `*`, any that there is."""
    anything = request.headers.get("if-none-match", "").strip() == "*" and request.is_reading
    return (anything and bool(etag)) or names(request, etag)


def not_modified(response: HttpResponse) -> HttpResponse:
    """Say that the client has a response already."""
    response.close()
    headers = [item for item in response.headers if item[0].lower() not in _OF_A_WHOLE]
    return HttpResponse(status=304, headers=headers, block=response.block, etag=response.etag)


def is_refused(request: HttpRequest, etag: str) -> bool:
    """Tell whether If-Match asks for another version than the one with this tag, or with none."""
    given = request.headers.get("if-match")
    if given is None or given.strip() == "*" or not request.is_reading:
        return False
    return not etag or not any(tag == etag and not weak for weak, tag in _TAG.findall(given))


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
    if given.partition("=")[0].strip().lower() != "bytes":
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
    part: Body = Range(response.body, start, stop)
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
