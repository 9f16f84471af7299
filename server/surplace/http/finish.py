"""What is done with a response before it goes out: headers, compression, keeping, the part that is wanted."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Final
from urllib.parse import quote

from surplace.http import compression
from surplace.http.cache import Cache
from surplace.http.call import Call
from surplace.http.conditional import has, is_refused, names, not_modified, part_of
from surplace.http.headers import (
    FOR_SCRIPTS,
    FRAMED,
    IGNORED,
    NO_STORE,
    NOT_FOR_ROBOTS,
    NOT_FOR_SCRIPTS,
    POLICY,
    SCRIPTS,
    SECURITY,
    VARY,
)
from surplace.http.message import Headers, HttpRequest, HttpResponse, lines_of
from surplace.http.problems import Problem
from surplace.http.route import Route
from surplace.http.service import Service
from surplace.http.threads import PageThreads

EMBED: Final = "embed"
"""The parameter that asks for a page to be framed: only the answer, which links nowhere but to its source."""
SHOWN: Final = 200
"""Characters of the names of ignored parameters that a header repeats."""
STORE_NOTHING: Final = ("Cache-Control", NO_STORE)


class Finish:
    """Finishes responses of one release, and keeps those that may be sent again."""

    def __init__(self, service: Service, cache: Cache, threads: PageThreads) -> None:
        self.service, self.cache, self.threads = service, cache, threads
        self._fresh: Headers = [("Cache-Control", f"public, max-age={service.limits.max_age}")]
        named = [("Surplace-Release", service.release_name)] if service.release else []
        self._private = lines_of([*SECURITY, VARY])
        self._public = lines_of([*SECURITY, VARY, *FOR_SCRIPTS])
        self._scripted = {name: self._public.replace(POLICY, policy) for name, policy in SCRIPTS.items()}
        self._release = lines_of(named)

    def kept(self, call: Call, tag: str) -> HttpResponse | None:
        """Return the answer to a call if it is kept, or known to the client; None if it is to be made."""
        if not tag:
            return None
        coded = f"{tag}-{compression.CODING}" if compression.is_taken(call.request) else ""
        if "if-match" not in call.request.headers:
            for etag in (tag, coded):
                if names(call.request, etag):
                    headers = [*self._caching(call.route), *_located(call)]
                    known = HttpResponse(status=304, headers=headers, etag=etag)
                    return self._last(call, self._common(call, known))
        found = self.cache.get(tag, coded)
        if found is None:
            return None
        response = found.response()
        if found.etag == tag and coded and compression.is_worth_it(call.request, response):
            return None  # only what is not compressed is kept, and this client wants it compressed
        return self._last(call, response)

    async def fresh(self, call: Call, response: HttpResponse, tag: str) -> HttpResponse:
        """Finish a response that was just made; raises Problem for a range or a version that is not there."""
        request, good = call.request, response.status == 200
        if not response.complete or not good:
            tag = response.etag = ""
        response.etag = response.etag or tag
        response.headers += _located(call) if good else []
        if good and compression.is_worth_it(request, response):
            work = partial(compression.pack, response)
            packed = await self.threads.run(work) if response.size > compression.IN_LOOP else work()
            compression.send_packed(response, packed)
        self._common(call, response)
        if response.header("Cache-Control") is None:
            reusable = self._may_be_reused(call, response, tag)
            response.headers += self._caching(call.route) if reusable else [STORE_NOTHING]
        if response.etag and request.is_reading:
            response.headers.append(("Accept-Ranges", "bytes"))
        if tag and request.method == "GET" and response.etag.startswith(tag):
            self.cache.put(response)
        return self._last(call, response)

    def _common(self, call: Call, response: HttpResponse) -> HttpResponse:
        scripts = call.route.scripts if call.choice.page and EMBED not in call.values else ""
        self.common(call.request, response, call.route, scripts=scripts)
        if EMBED in call.values and call.choice.page and response.status in (200, 304):
            response.block = response.block.replace(POLICY, FRAMED)
        return response

    def common(
        self,
        request: HttpRequest,
        response: HttpResponse,
        route: Route | None = None,
        *,
        scripts: str = "",
    ) -> HttpResponse:
        """Add the headers that every response has, and those of its route; *scripts* as a route has them."""
        if route is not None:
            response.headers += [*route.headers, *(NOT_FOR_ROBOTS if route.robots == "closed" else ())]
        if scripts:
            response.block += self._scripted[scripts]
        else:
            response.block += self._private if request.path.rstrip("/") in NOT_FOR_SCRIPTS else self._public
        if response.header("Surplace-Release") is None:
            response.block += self._release
        return response

    def _caching(self, route: Route) -> Headers:
        return [("Cache-Control", route.caching)] if route.caching else self._fresh

    def _may_be_reused(self, call: Call, response: HttpResponse, tag: str) -> bool:
        """Tell whether a client may use a response again: no failure, nor what differs each time."""
        if not call.request.is_reading or response.status >= 400 or not response.complete:
            return False
        return bool(self.service.release) and bool(tag or call.route.caching or response.status != 200)

    def _last(self, call: Call, response: HttpResponse) -> HttpResponse:
        """Add what depends on the request alone: names that it ignores, that the client has it, a part."""
        if call.ignored:
            response.headers.append((IGNORED, _listed(call.ignored)))
        if response.status != 200:
            return response
        if is_refused(call.request, response.etag):
            response.close()
            raise Problem(
                "precondition",
                "The answer has none of the tags that If-Match names: ask again without it.",
            )
        if not response.etag:
            return response
        return not_modified(response) if has(call.request, response.etag) else part_of(call.request, response)


def _listed(names: Iterable[str]) -> str:
    """Write names for a header, up to `SHOWN` characters of them: each is encoded, and so are its commas."""
    shown, left = [], SHOWN
    for name in names:
        if left > 0:
            shown.append(quote(name[:left], safe="", errors="replace"))
        left -= len(name)
    return ", ".join(shown)


def _located(call: Call) -> Headers:
    """Return the address of what is sent, which it has whether or not the client has it already."""
    location = call.route.location(call) if call.route.location is not None else ""
    return [("Content-Location", location)] if location else []
