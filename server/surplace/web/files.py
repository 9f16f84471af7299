"""Files of a release over HTTP: in pieces, from where a client left off, never held in memory."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from flask import request
from werkzeug.exceptions import RequestedRangeNotSatisfiable
from werkzeug.http import parse_range_header
from werkzeug.wrappers import Response
from werkzeug.wsgi import wrap_file

from surplace.web.errors import Problem

PIECE: Final = 64 * 1024
"""Bytes that are read at once."""
GZIP: Final = "application/gzip"
FOREVER: Final = "public, max-age=31536000, immutable"
"""For what is under the name of a release: it never changes."""
ASK_AGAIN: Final = "public, no-cache"
"""For what is under a name that the next release takes over."""


def content_type(record: Mapping[str, Any]) -> str:
    """Return the media type of the file of a record: of the gzip file itself, not of what is in it."""
    media_type = str(record["media_type"])
    return GZIP if record["gzip"] else f"{media_type}; charset=utf-8"


def send_file(path: Path, record: Mapping[str, Any], filename: str, caching: str) -> Response:
    """Send a file whose *record* has its size and SHA-256, or the one range of it that is asked for.

    The checksum is the validator. Raises Problem if the file is gone, or the range lies outside of it.
    """
    try:
        file = path.open("rb")
    except OSError:
        raise _gone(filename) from None
    if path.stat().st_size != record["bytes"]:
        file.close()
        raise _gone(filename)
    response = Response(wrap_file(request.environ, file, PIECE), direct_passthrough=True)
    response.content_length = record["bytes"]
    response.headers["Content-Type"] = content_type(record)
    response.headers["Content-Disposition"] = f'attachment; filename="{filename}"'
    response.headers["Cache-Control"] = caching
    response.set_etag(record["sha256"])
    environ = {**request.environ, "HTTP_RANGE": _range(record["bytes"])}
    if environ["HTTP_RANGE"] is None:
        del environ["HTTP_RANGE"]
    try:
        response.make_conditional(environ, accept_ranges=True, complete_length=record["bytes"])
    except RequestedRangeNotSatisfiable:
        response.close()
        raise Problem(
            "range",
            f"The file has {record['bytes']} bytes, and the range is not among them: ask for one that is.",
            {"Content-Range": f"bytes */{record['bytes']}", "Accept-Ranges": "bytes"},
        ) from None
    return response


def _range(size: int) -> str | None:
    """Return the range to send; None for the whole file.

    HTTP wants a range in another unit, or of a request that is no GET, to be ignored. Several ranges are
    answered with the whole file, which is allowed.
    """
    given = request.headers.get("Range")
    if given is None or request.method != "GET":
        return None
    if given.partition("=")[0].strip().lower() != "bytes":
        return None
    if request.headers.get("If-Range", "").startswith("W/"):  # only the same bytes will do
        return None
    parsed = parse_range_header(given)
    if parsed is None or len(parsed.ranges) != 1:
        return given if parsed is None else None
    start, _ = parsed.ranges[0]
    # the last bytes of a file that has fewer are all of it
    return f"bytes=0-{size - 1}" if start < -size else given


def _gone(filename: str) -> Problem:
    return Problem(
        "not-found", f"The file {filename} is not here any more: look at /dumps/ for those that are."
    )
