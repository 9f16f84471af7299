"""`/robots.txt` and the sitemap: which pages robots may read, and all that there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from xml.sax.saxutils import escape

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from surplace.engine.release import Release
from surplace.web.errors import Problem
from surplace.web.service import service

MOST: Final = 50_000
"""Addresses that the standard allows in one part of a sitemap."""
CLOSED: Final = ("/sparql", "/explain", "/person", "/what-if", "/metrics", "/*?")
"""What robots are kept out of: it takes computing, or, with parameters, has no end."""
XML: Final = "application/xml"
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'

blueprint = Blueprint("robots", __name__)


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Tell robots what to read and what to leave."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED), "Allow: /", ""]
    lines += [f"Sitemap: {_absolute(url_for('robots.index'))}", ""]
    return Response("\n".join(lines), content_type="text/plain; charset=utf-8")


@blueprint.get("/sitemap.xml")
def index() -> Response:
    """List the parts of the sitemap."""
    parts = 1 + -(-_count() // MOST)
    addresses = (_absolute(url_for("robots.part", number=number)) for number in range(1, parts + 1))
    return Response(_listed("sitemapindex", "sitemap", addresses), content_type=XML)


@blueprint.get("/sitemap-<int:number>.xml")
def part(number: int) -> Response:
    """List the pages of one part: first those that every release has, then a page for each name."""
    if number == 1:
        paths: Iterable[str] = _fixed()
    elif (number - 2) * MOST < _count() and number > 1:
        paths = _names((number - 2) * MOST)
    else:
        raise Problem("not-found", "The sitemap has no such part: /sitemap.xml lists those that it has.")
    addresses = (_absolute(path) for path in paths)
    return Response(_listed("urlset", "url", addresses), content_type=XML)


def _fixed() -> list[str]:
    """Return the paths of the pages that do not come from the data."""
    questions = [url_for("queries.show", name=query.name) for query in service().catalogue.questions()]
    return [
        *(url_for(name) for name in ("home.home", "queries.listing", "problems.problems")),
        *(
            [url_for(name) for name in ("void.show", "versions.listing", "versions.dumps")]
            if _release()
            else []
        ),
        *questions,
    ]


def _names(first: int) -> Iterator[str]:
    """Yield the paths of the names with a page, from the one with that number on."""
    release = _release()
    pages = release and release.manifest.get("pages")
    if release is not None and pages:
        path: Path = release.path / pages["name"]
        with path.open(encoding="utf-8") as lines:
            for line in islice(lines, first, first + MOST):
                yield "/" + quote(line.rstrip("\n"), safe="/:@!$&'()*+,;=-._~")


def _count() -> int:
    """Return how many names have a page."""
    release = _release()
    pages: Any = release and release.manifest.get("pages")
    return int(pages["count"]) if pages else 0


def _release() -> Release | None:
    """Return the release that is served, if this is none of another endpoint."""
    release = getattr(service().engine, "folder", None)
    return release if isinstance(release, Release) else None


def _absolute(path: str) -> str:
    """Return the address of a path on this host: a sitemap has no others."""
    return request.host_url.rstrip("/") + path


def _listed(whole: str, item: str, addresses: Iterable[str]) -> str:
    """Write addresses as a sitemap."""
    items = "".join(f"<{item}><loc>{escape(address)}</loc></{item}>\n" for address in addresses)
    return f'{_HEAD}<{whole} xmlns="{_NAMESPACE}">\n{items}</{whole}>\n'
