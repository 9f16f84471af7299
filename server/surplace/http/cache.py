"""Finished answers, kept under their tags to be sent again: what is kept weighs what it weighs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cachetools import LRUCache

from surplace.engine.limits import Limits
from surplace.http.message import HttpResponse, lines_of

OVERHEAD: Final = 1024
"""Bytes that an entry takes besides its body and its headers, about."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer with status 200 as it goes out, with all headers that do not depend on the request."""

    block: str
    body: bytes
    content_type: str
    etag: str
    query: str

    def response(self) -> HttpResponse:
        """Return the answer, to be sent."""
        return HttpResponse(self.body, self.content_type, block=self.block, etag=self.etag, query=self.query)


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

    def get(self, tag: str, sooner: str = "") -> Kept | None:
        """Return the answer with that tag, or the one with the tag *sooner* if it is there."""
        found = self._kept.get(sooner) if sooner else None
        found = found or self._kept.get(tag)
        if found is None:
            self.misses += 1
        else:
            self.hits += 1
        return found

    def put(self, response: HttpResponse) -> None:
        """Keep a response that has a tag, if it is small enough; what was not asked for longest goes."""
        if response.size > min(self.largest, self._kept.maxsize // 8):
            return
        block = response.block + lines_of(response.headers)
        kept = Kept(block, response.read(), response.content_type, response.etag, response.query)
        if _size(kept) <= self._kept.maxsize:
            self._kept[response.etag] = kept


def _size(kept: Kept) -> int:
    """Return the bytes that an entry holds, its key included."""
    # a text may take four bytes a character
    return len(kept.body) + len(kept.block) + 4 * len(kept.query) + 2 * len(kept.etag) + OVERHEAD
