"""`/robots.txt` and the sitemap: which pages robots may read, and all that there are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote
from xml.sax.saxutils import escape

from surplace.engine.release import Release
from surplace.http.call import Call
from surplace.http.message import HttpResponse, at
from surplace.http.problems import Problem
from surplace.http.route import Api, Parameter, Route

MOST: Final = 50_000
"""Addresses that the standard allows in one part of a sitemap."""
ENDLESS: Final = "/*?"
"""Addresses with parameters: there is no end of them."""
XML: Final = "application/xml"
_NAMESPACE: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'


def robots(call: Call) -> HttpResponse:
    """Tell robots what to read and what to leave."""
    routes = call.service.routes.values()
    closed = dict.fromkeys(_begun(route.address) for route in routes if route.robots == "closed")
    # a path stands for all that begin with it: of several the longest counts, and for some robots the first
    kept = [path for path in _fixed(call) if path.startswith(tuple(closed))]
    lines = [
        "User-agent: *",
        *(f"Allow: {at(path)}" for path in kept),
        *(f"Disallow: {at(path)}" for path in (*closed, ENDLESS)),
        f"Allow: {at('/')}",
        "",
    ]
    lines += [f"Sitemap: {_absolute(call, '/sitemap.xml')}", ""]
    return HttpResponse("\n".join(lines).encode(), "text/plain; charset=utf-8")


def _begun(address: str) -> str:
    """Return an address up to its first variable part."""
    return address.partition("<")[0]


def index(call: Call) -> HttpResponse:
    """List the parts of the sitemap."""
    parts = 1 + -(-_count(call.service.engine.folder) // MOST)
    paths = (f"/sitemap-{number}.xml" for number in range(1, parts + 1))
    return _listed(call, "sitemapindex", "sitemap", paths)


def part(call: Call) -> HttpResponse:
    """List the pages of one part: first those that every release has, then a page for each name."""
    number, folder = int(call.variables["number"]), call.service.engine.folder
    if number == 1:
        paths: Iterable[str] = _fixed(call)
    elif folder is not None and number > 1 and (number - 2) * MOST < _count(folder):
        paths = _names(folder, (number - 2) * MOST)
    else:
        raise Problem(
            "not-found", f"The sitemap has no such part: {at('/sitemap.xml')} lists those that it has."
        )
    return _listed(call, "urlset", "url", paths)


def _fixed(call: Call) -> list[str]:
    """Return the paths of the pages that do not come from the data."""
    listed = [route for route in call.service.routes.values() if route.robots == "listed"]
    ours = call.service.engine.folder is not None
    fixed = [
        route.address for route in listed if "<" not in route.address and (ours or route.tag != "releases")
    ]
    return [*fixed, *(f"/queries/{query.name}" for query in call.service.catalogue.questions())]


def _names(release: Release, first: int) -> Iterator[str]:
    """Yield the paths of the names with a page, from the one with that number on."""
    pages = release.manifest.get("pages")
    if pages:
        path: Path = release.path / pages["name"]
        with path.open(encoding="utf-8") as lines:
            for line in islice(lines, first, first + MOST):
                yield "/" + quote(line.rstrip("\n"), safe="/:@!$&'()*+,;=-._~")


def _count(release: Release | None) -> int:
    """Return how many names have a page."""
    pages: Any = release and release.manifest.get("pages")
    return int(pages["count"]) if pages else 0


def _absolute(call: Call, path: str) -> str:
    """Return the address of a path on this host: a sitemap has no others."""
    return call.request.origin.root.rstrip("/") + path


def _listed(call: Call, whole: str, item: str, paths: Iterable[str]) -> HttpResponse:
    """Write addresses as a sitemap."""
    items = "".join(f"<{item}><loc>{escape(_absolute(call, path))}</loc></{item}>\n" for path in paths)
    text = f'{_HEAD}<{whole} xmlns="{_NAMESPACE}">\n{items}</{whole}>\n'
    return HttpResponse(text.encode(), XML)


_NUMBER: Final = Parameter(
    "number", "The number of a part, from 1.", {"type": "integer", "minimum": 1}, example=1
)
ROUTES: Final = (
    Route(
        "robots",
        "/robots.txt",
        "Tell robots what to read and what to leave",
        robots,
        api=Api(content=("text/plain",)),
    ),
    Route("sitemap", "/sitemap.xml", "List the parts of the sitemap", index, api=Api(content=(XML,))),
    Route(
        "sitemap-part",
        "/sitemap-<int:number>.xml",
        "List the pages of one part of the sitemap",
        part,
        problems=("not-found",),
        api=Api(content=(XML,), variables=(_NUMBER,)),
    ),
)
