"""Which format a client gets: a suffix or `?format=` decides, else the Accept header."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from flask import Request
from werkzeug.datastructures import MIMEAccept
from werkzeug.http import parse_accept_header

from surplace.rdf.formats import KINDS, Format, Kind, content_type, formats_of, named_for
from surplace.web.errors import Problem

HTML: Final = "text/html"
ACCEPT_LENGTH: Final = 2000
"""Characters of an Accept header: browsers send a few hundred, and reading it takes time."""
_PARAMETERS = re.compile(r";(?!\s*q\s*=)[^;,]*", re.IGNORECASE)


@dataclass(frozen=True)
class Wanted:
    """What a client takes: a page, or for each kind of answer a format and the media type to call it by."""

    page: bool
    formats: Mapping[Kind, str]
    types: Mapping[Kind, str]


def accepted(given: str) -> Mapping[str, float]:
    """Read an Accept header: ranges of media types, without a charset and the like, and their qualities.

    No header takes anything.
    """
    if len(given) > ACCEPT_LENGTH:
        raise Problem("bad-request", f"Accept has more than {ACCEPT_LENGTH} characters: name fewer types.")
    return _parsed(_PARAMETERS.sub("", given))


@lru_cache(maxsize=256)
def _parsed(header: str) -> Mapping[str, float]:
    if not header.strip():
        return {"*/*": 1.0}
    ranges: dict[str, float] = {}
    for name, quality in parse_accept_header(header, MIMEAccept):
        ranges[name.lower()] = max(quality, ranges.get(name.lower(), 0.0))
    return ranges


def prefers(request: Request, offers: Sequence[str]) -> str | None:
    """Return the media type of *offers* that the client likes best; the first one wins a tie.

    Of several ranges that a type is in, the narrowest has its quality (RFC 9110, section 12.5.1); of types
    with the same quality, the one that is named more narrowly is taken.
    """
    return _best(request.headers.get("Accept", ""), offers)


def _best(accept: str, offers: Sequence[str]) -> str | None:
    ranges = accepted(accept)
    best = max(offers, key=lambda offer: _liking(offer, ranges), default=None)
    return best if best is not None and _liking(best, ranges)[0] > 0 else None


def _liking(offer: str, ranges: Mapping[str, float]) -> tuple[float, int]:
    """Return the quality of a media type, and how narrowly it is named: 2 itself, 1 its kind, 0 anything."""
    for narrowness, name in ((2, offer), (1, offer.partition("/")[0] + "/*"), (0, "*/*")):
        if name in ranges:
            return ranges[name], narrowness
    return 0.0, 0


def wanted(request: Request, name: str | None, kinds: Sequence[Kind] = KINDS, *, page: bool) -> Wanted:
    """Decide what to send. *name* is a format asked for by name, *page* whether there is an HTML page.

    Raises Problem: `format` for an unknown name, `not-acceptable` if nothing fits the Accept header.
    """
    return wanted_of(request.headers.get("Accept", ""), name, tuple(kinds), page=page)


@lru_cache(maxsize=1024)
def wanted_of(accept: str, name: str | None, kinds: tuple[Kind, ...] = KINDS, *, page: bool) -> Wanted:
    """Decide as `wanted` does, from the text of an Accept header."""
    if name is not None:
        return _by_name(name, kinds, page=page)
    by_kind = {kind: _media_types(kind) for kind in kinds}
    types = [media for names in by_kind.values() for media in names]
    best = _best(accept, [*types, HTML] if page else types)
    if best == HTML:
        return Wanted(page=True, formats={}, types={})
    formats: dict[Kind, str] = {}
    media_types: dict[Kind, str] = {}
    for kind, names in by_kind.items():
        chosen = _best(accept, list(names))
        if chosen is not None:
            formats[kind] = names[chosen].name
            media_types[kind] = content_type(chosen)
    if not formats:
        raise not_acceptable([form for kind in kinds for form in formats_of(kind)], page=page)
    return Wanted(page=False, formats=formats, types=media_types)


def not_acceptable(offered: Sequence[Format], *, page: bool) -> Problem:
    """Return the problem that lists what is offered instead."""
    types = list(dict.fromkeys([form.media_type for form in offered] + ([HTML] if page else [])))
    return Problem(
        "not-acceptable",
        f"None of the media types in Accept is offered: ask for one of {', '.join(types)}.",
        offered=types,
    )


def _media_types(kind: Kind) -> dict[str, Format]:
    """Map media types to formats, those of other names after all of the first ones."""
    forms = formats_of(kind)
    first = {form.media_type: form for form in forms}
    return {**first, **{media: form for form in forms for media in form.aliases}}


def _by_name(name: str, kinds: Sequence[Kind], *, page: bool) -> Wanted:
    if page and name == "html":
        return Wanted(page=True, formats={}, types={})
    chosen = {kind: form for kind in kinds if (form := named_for(name, kind)) is not None}
    if not chosen:
        allowed = list(dict.fromkeys(item.name for kind in kinds for item in formats_of(kind, named=True)))
        raise Problem(
            "format", f'"{name}" is not a format here: use one of {", ".join(allowed)}.', allowed=allowed
        )
    return Wanted(
        page=False,
        formats={kind: form.name for kind, form in chosen.items()},
        types={kind: form.content_type for kind, form in chosen.items()},
    )
