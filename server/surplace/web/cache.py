"""Finished answers, kept to be sent again: of one release, at one address, for one Accept header and host."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from surplace.engine.limits import Limits

READING: Final = ("GET", "HEAD")
OVERHEAD: Final = 2048
"""Bytes that an entry takes besides its body, about."""
_CHANGING: Final = frozenset((b"accept", b"host", b"x-forwarded-proto"))
"""Headers on which an answer may depend; a request with others is answered alike without them."""
_PARTIAL: Final = frozenset((b"range", b"if-match", b"if-range", b"if-unmodified-since"))
"""Headers that ask for something else than the whole answer: the application sees to those."""

Key: TypeAlias = tuple[Any, ...]
Headers: TypeAlias = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Kept:
    """An answer with status 200, as it goes out; *etag* validates it, *notes* are for the log."""

    headers: Headers
    body: bytes
    etag: bytes
    notes: Mapping[str, Any]


class Cache:
    """Keeps what was asked for last. It is used in the event loop alone, so nothing is locked."""

    def __init__(self, limits: Limits) -> None:
        self.most, self.largest = limits.cache_bytes, limits.cache_answer_bytes
        self.bytes = self.hits = self.misses = 0
        self._kept: OrderedDict[Key, Kept] = OrderedDict()

    def __len__(self) -> int:
        """Return how many answers are kept."""
        return len(self._kept)

    def key(self, release: str, scope: Mapping[str, Any]) -> Key | None:
        """Return what an answer of *release* to this request is kept under; None if none is."""
        if scope["method"] not in READING or not self.most or not release:
            return None
        changing = []
        for name, value in scope["headers"]:
            if name in _PARTIAL:
                return None
            if name in _CHANGING:
                changing.append((name, value))
        changing.sort()
        # the address as it was sent: what is decoded has lost the difference between a/b and a%2Fb
        return release, scope.get("raw_path") or scope["path"], scope["query_string"], *changing

    def get(self, key: Key | None) -> Kept | None:
        """Return the answer that is kept under *key*."""
        if key is None:
            return None
        kept = self._kept.get(key)
        if kept is None:
            self.misses += 1
            return None
        self.hits += 1
        self._kept.move_to_end(key)
        return kept

    def put(self, key: Key, kept: Kept) -> None:
        """Keep an answer, and let go of those that were not asked for longest."""
        if key in self._kept or len(kept.body) > self.largest:
            return
        self._kept[key] = kept
        self.bytes += _size(kept)
        while self.bytes > self.most:
            _, old = self._kept.popitem(last=False)
            self.bytes -= _size(old)


def _size(kept: Kept) -> int:
    return len(kept.body) + OVERHEAD


def matches(header: bytes, etag: bytes) -> bool:
    """Tell whether If-None-Match names *etag*, weakly compared as RFC 9110 wants it."""
    return any(part.strip().removeprefix(b"W/") in (etag, b"*") for part in header.split(b","))
