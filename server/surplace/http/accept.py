"""The header Accept: what it says of media types, and which is liked best (RFC 9110, section 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

ACCEPT_LENGTH: Final = 2000
"""Characters of an Accept header: browsers send a few hundred, and reading it takes time."""
_RANGE: Final = re.compile(r"\s*([^\s;,]+)\s*((?:;[^,]*)?)(?:,|$)")
_QUALITY: Final = re.compile(r";\s*q\s*=\s*([^\s;]*)", re.IGNORECASE)
_QUOTED: Final = re.compile(r'"(?:[^"\\]|\\.)*+"')
_NUMBER: Final = re.compile(r"1(?:\.0*)?|0?\.[0-9]+|0(?:\.[0-9]*)?")


def read_accept(header: str) -> Mapping[str, float]:
    """Read an Accept header: ranges of media types and their qualities from 0 to 1.

    Other parameters do not count; a range whose quality is no number is left out. No header takes anything,
    and so does a lone `*`, as some clients send it.
    """
    if not header.strip(" \t,"):  # a list may have elements that are empty
        return {"*/*": 1.0}
    if '"' in header:
        header = _QUOTED.sub('""', header)  # whatever stands in quotes says nothing here
    ranges: dict[str, float] = {}
    for name, parameters in _RANGE.findall(header):
        name = "*/*" if name == "*" else name.lower()
        given = _QUALITY.search(parameters)
        if given and not _NUMBER.fullmatch(given[1]):
            continue
        ranges[name] = max(float(given[1]) if given else 1.0, ranges.get(name, 0.0))
    return ranges


def preferred(offers: Sequence[str], ranges: Mapping[str, float]) -> str | None:
    """Return the media type of *offers* that is liked best; the first one wins a tie.

    Of several ranges that a type is in, the narrowest has its quality (RFC 9110, section 12.5.1); of types
    with the same quality, the one that is named more narrowly is taken.
    """
    best = max(offers, key=lambda offer: _liking(offer, ranges), default=None)
    return best if best is not None and _liking(best, ranges)[0] > 0 else None


def _liking(offer: str, ranges: Mapping[str, float]) -> tuple[float, int]:
    """Return the quality of a media type, and how narrowly it is named: 2 itself, 1 its kind, 0 anything."""
    for narrowness, name in ((2, offer), (1, offer.partition("/")[0] + "/*"), (0, "*/*")):
        if name in ranges:
            return ranges[name], narrowness
    return 0.0, 0
