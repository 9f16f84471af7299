"""Finished answers, kept under their tags to be sent again: what is kept weighs what it weighs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cachetools import LRUCache

from surplace.engine.limits import Limits
from surplace.routes.message import Headers, HttpResponse

OVERHEAD: Final = 1024
"""Bytes that an entry takes besides its body and its headers, about."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer with status 200 as it goes out, with all headers that do not depend on the request."""

    headers: Headers
    body: bytes
    content_type: str
    etag: str

    def response(self) -> HttpResponse:
        """Return the answer, to be sent."""
        return HttpResponse(self.body, self.content_type, headers=list(self.headers), etag=self.etag)


class Cache:
    """Keeps what was asked for last, by tag: at most `cache_bytes` of bodies, headers and keys together.

    The tag is a hash of all that an answer depends on, so a key has the same few bytes whatever a client
    chooses. It is used in the event loop alone.
    """

    def __init__(self, limits: Limits) -> None:
        self.largest = limits.cache_answer_bytes
        self.hits = self.misses = 0
        self._kept: LRUCache[str, Kept] = LRUCache(limits.cache_bytes, _size)

    def __len__(self) -> int:
        """Return how many answers are kept."""
        return len(self._kept)

    @property
    def bytes(self) -> int:
        """What all of them weigh."""
        return int(self._kept.currsize)

    def get(self, tag: str) -> Kept | None:
        """Return the answer with that tag."""
        found = self._kept.get(tag)
        if found is None:
            self.misses += 1
        else:
            self.hits += 1
        return found

    def put(self, response: HttpResponse) -> None:
        """Keep a response that has a tag, if it is small enough, and let go of those asked for longest ago."""
        if response.size > min(self.largest, self._kept.maxsize // 8):
            return
        kept = Kept(list(response.headers), response.read(), response.content_type, response.etag)
        if _size(kept) <= self._kept.maxsize:
            self._kept[response.etag] = kept


def _size(kept: Kept) -> int:
    """Return the bytes that an entry holds, its key included."""
    headers = sum(len(name) + len(value) + 150 for name, value in kept.headers)
    return len(kept.body) + headers + 2 * len(kept.etag) + OVERHEAD
