"""Compression of responses: gzip, for what is text and long enough to be worth it."""

from __future__ import annotations

import zlib
from typing import Final

from surplace.http.accept import ACCEPT_LENGTH, read_accept
from surplace.http.message import HttpRequest, HttpResponse

CODING: Final = "gzip"
LEAST: Final = 1400
"""Bytes that go through a network in one packet anyway."""
MOST: Final = 8 * 1024 * 1024
"""Bytes beyond which a response goes as it is: it would have to be held twice."""
IN_LOOP: Final = 32 * 1024
"""Bytes that are compressed in the event loop; more would hold others up for milliseconds."""
_TEXT: Final = ("text/", "application/json", "application/xml", "application/n-", "application/trig")
_OF_PACKED: Final = f'-{CODING}"'
"""The end of the tag of a compressed response."""
_HAD: Final = ("if-range", "if-match")
"""The headers in which a client names the response that it has a part of."""


def is_taken(request: HttpRequest) -> bool:
    """Tell whether the client takes a compressed response; a part of one only if it has the rest of that."""
    given = request.headers.get("accept-encoding", "").lower()
    if CODING not in given or len(given) > ACCEPT_LENGTH:
        return False
    if "range" in request.headers and not any(_OF_PACKED in request.headers.get(name, "") for name in _HAD):
        return False
    liked = read_accept(given)
    quality = liked.get(CODING, liked.get(f"x-{CODING}", 0.0))  # which is the same (RFC 9110, 8.4.1.3)
    return quality > 0 and quality >= liked.get("identity", 0.0)


def is_worth_it(request: HttpRequest, response: HttpResponse) -> bool:
    """Tell whether the client takes a compressed response, and this one is worth it."""
    if response.rest is not None or not LEAST <= response.size <= MOST or not is_taken(request):
        return False
    kind = response.content_type
    if not (kind.startswith(_TEXT) or "+json" in kind or "+xml" in kind):
        return False
    return response.header("Content-Encoding") is None


def pack(response: HttpResponse) -> bytes:
    """Return the body compressed; the same bytes are always compressed to the same."""
    packer = zlib.compressobj(level=5, wbits=31)
    return b"".join([*(packer.compress(piece) for piece in response.pieces()), packer.flush()])


def send_packed(response: HttpResponse, packed: bytes) -> None:
    """Let a response have its compressed body, and another tag with it."""
    response.close()
    response.body = packed
    response.headers.append(("Content-Encoding", CODING))
    if response.etag:
        response.etag += f"-{CODING}"
