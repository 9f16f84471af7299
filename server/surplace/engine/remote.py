"""The engine that passes queries on to a SPARQL 1.1 endpoint elsewhere."""

from __future__ import annotations

import asyncio
import http.client
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any, Final
from urllib import request as http_request
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit

from surplace.answering.sentence import Summing
from surplace.engine.answer import Answer
from surplace.engine.limits import Limits
from surplace.engine.protocol import Figures, Observer, Request, in_seconds, observed
from surplace.engine.query_errors import (
    BusyError,
    DeadlineError,
    EndpointError,
    EngineError,
    RefusedError,
    TooLargeError,
    stopping,
)
from surplace.engine.summary import Lookup
from surplace.engine.syntax import check, must_fit
from surplace.engine.table import Table, read_table
from surplace.engine.timed import opener
from surplace.engine.translating import acceptable, translated
from surplace.errors import SurplaceError
from surplace.rdf.formats import FORMATS, Format, formats_of
from surplace.words.sentence import cut

CHUNK: Final = 65536
PROBE_TIME: Final = 5.0
"""Seconds within which an endpoint that can be asked answers the least of queries."""
PROBED_FOR: Final = 2.0
"""Seconds for which it is not asked again whether it answers."""
CUT: Final = "Surplace-Cut"
"""The header by which an endpoint that is a Surplace tells that it cut an answer."""
_MARK: Final = re.compile(r"rows=([0-9]+)")
SHOWN: Final = 500
"""Characters of an endpoint's own error message that are passed on."""
PROBLEM: Final = "application/problem+json"
LONGEST_ERROR: Final = 64 * 1024
"""Bytes of an endpoint's error that are read."""
_PAGES: Final = ("text/html", "application/xhtml+xml")
_ADVICE: Final = dict.fromkeys((404, 405), "check that its address is that of a SPARQL endpoint")
"""What to do about a status for which an endpoint gives no reason."""


class RemoteEngine:
    """Answers from an endpoint at an http or https URL. Redirects are not followed: they lose the query."""

    def __init__(self, url: str, limits: Limits) -> None:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise SurplaceError(f'"{url}" is not the address of an endpoint: give an http or https URL.')
        self.url, self.limits = url, limits
        self.release: Mapping[str, Any] | None = None
        self.folder = None
        self.observe: Observer | None = None
        self.shares = None
        self._works: set[asyncio.Future[Answer]] = set()
        self._closed = False
        self._most = limits.worker_count + limits.queue
        self._threads = ThreadPoolExecutor(self._most, "surplace-endpoint")
        self._opener = opener()
        self._lookup = Lookup(self._select)
        self._probe: asyncio.Future[str] | None = None
        self._probed = 0.0

    async def ask(self, request: Request) -> Answer:
        """Answer a query; raises EngineError."""
        return await observed(self._ask(request), self.observe)

    async def _ask(self, request: Request) -> Answer:
        """Answer a query, in a thread that waits for the endpoint; raises EngineError."""
        if self._closed:
            raise stopping()
        if len(self._works) >= self._most:
            raise BusyError("Too many queries wait for the endpoint: try again in 5 seconds.", 5)
        work = asyncio.get_running_loop().run_in_executor(
            self._threads, copy_context().run, self._ask_here, request
        )
        self._works.add(work)
        work.add_done_callback(self._works.discard)
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            work.add_done_callback(_drop)  # a thread cannot be stopped, but for its deadline
            raise

    async def suppose(self, function: Callable[..., Any], *arguments: Any) -> Any:  # noqa: ARG002
        """Refuse: nothing is known of the rules that an endpoint has."""
        raise SurplaceError("Suppositions need a release on this machine, which an endpoint is not.")

    async def health(self) -> Mapping[str, Any]:
        """Tell whether the endpoint answers; it is asked at most once in `PROBED_FOR` seconds."""
        now = time.monotonic()
        if self._probe is None or (self._probe.done() and now > self._probed + PROBED_FOR):
            self._probe, self._probed = asyncio.ensure_future(self._trouble()), now
        trouble = await asyncio.shield(self._probe)
        status = "no endpoint" if trouble else "ok"
        return {"status": status, "release": "", "workers": None, "trouble": trouble}

    async def _trouble(self) -> str:
        """Ask the endpoint the least that can be asked; return why it does not answer, or nothing."""
        try:
            answer = await self._ask(Request("ASK {}", {"boolean": "json"}, timeout=PROBE_TIME))
        except BusyError:
            return ""  # it has others to answer
        except EngineError as error:
            return str(error)
        answer.close()
        return ""

    def figures(self) -> Figures:
        """Return how many queries are being passed on."""
        return Figures(running=len(self._works))

    async def close(self, *, at_once: bool = False) -> None:
        """Begin no more queries, and wait for those that run, unless *at_once*."""
        self._closed = True
        if self._works and not at_once:
            await asyncio.wait(self._works, timeout=self.limits.deadline + 1)
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _ask_here(self, request: Request) -> Answer:
        """Answer a query in this thread; raises EngineError."""
        check(request, self.limits)
        must_fit(request)
        kind = request.inspection.kind
        if kind is None:
            raise RefusedError("This is no query: write SELECT, ASK, CONSTRUCT or DESCRIBE.")
        wanted = FORMATS[request.formats[kind]]
        best, *others = acceptable(wanted, kind)
        accepted = ", ".join([best.media_type, *(f"{form.media_type};q=0.5" for form in others)])
        fields = [
            ("query", request.query),
            *(("default-graph-uri", iri) for iri in request.default_graphs),
            *(("named-graph-uri", iri) for iri in request.named_graphs),
        ]
        call = http_request.Request(
            self.url,
            data=urlencode(fields).encode("ascii"),
            headers={"Accept": accepted, "User-Agent": "surplace"},
            method="POST",
        )
        call.timeout = request.seconds(self.limits.deadline)
        plain = self._read(call, Answer(kind, best, request.room(self.limits.answer_bytes)), others)
        answer = translated(plain, wanted)
        if request.summing is not None:
            self._sum_up(answer, request, request.summing)
        return answer

    def _sum_up(self, answer: Answer, request: Request, summing: Summing) -> None:
        """Put the sentence to an answer, for which the endpoint is asked for its rows once more."""
        try:
            table = self._select(request.query) if answer.kind == "bindings" else Table((), ())
            answer.summary = cut(len(table.rows)) if table.cut else summing.sentence(table.rows, self._lookup)
        except SurplaceError as error:
            answer.unsummed = str(error)

    def _select(self, query: str) -> Table:
        """Return the rows of a query, in the thread that asks for them; raises EngineError."""
        answer = self._ask_here(Request(query, {"bindings": "json"}, own=True))
        if answer.size > self.limits.page_bytes:
            answer.close()
            raise TooLargeError("The answer is too large to be summed up: ask for less.")
        return read_table(answer.read(), cut=answer.cut is not None)

    def _read(self, call: http_request.Request, answer: Answer, others: Sequence[Format]) -> Answer:
        """Read the whole answer of the endpoint, in the format of *answer* or one of the *others*."""
        try:
            with self._open(call) as response:
                answer.format = _format_of(response, answer.format, others)
                if mark := _MARK.fullmatch(response.headers.get(CUT, "")):
                    answer.cut = int(mark[1])
                while chunk := response.read(CHUNK):
                    answer.write(chunk)
                if response.length:  # read in pieces, a body that ends early is no error of its own
                    raise http.client.IncompleteRead(b"", response.length)
        except TimeoutError:
            answer.close()
            raise _late(call) from None
        except (http.client.HTTPException, OSError):
            answer.close()
            raise EndpointError("The endpoint broke off its answer: ask again, or ask for less.") from None
        except EngineError:
            answer.close()
            raise
        return answer

    def _open(self, call: http_request.Request) -> http.client.HTTPResponse:
        try:
            response: http.client.HTTPResponse = self._opener.open(call, timeout=call.timeout)
        except HTTPError as error:
            with error:
                raise _refusal(error) from None
        except TimeoutError:
            raise _late(call) from None
        except (URLError, http.client.HTTPException, OSError) as error:
            if isinstance(getattr(error, "reason", None), TimeoutError):
                raise _late(call) from None
            raise EndpointError(
                f"The endpoint {self.url} cannot be reached: check the address and try again."
            ) from None
        return response


def _format_of(response: http.client.HTTPResponse, best: Format, others: Sequence[Format]) -> Format:
    """Return the format of an answer; raises EndpointError for one of which nothing can be made."""
    got = response.headers.get_content_type()
    for form in (best, *others):
        if got in (form.media_type, *form.aliases):
            return form
    known = next((form for form in formats_of(best.kinds[0]) if got == form.media_type), None)
    remedy = f"ask for {known.name}" if known else "check its address"
    raise EndpointError(f"The endpoint answers with {got}, not {best.media_type}: {remedy}.")


def _late(call: http_request.Request) -> DeadlineError:
    return DeadlineError(f"The endpoint took longer than {in_seconds(call.timeout or 0)}: ask it for less.")


def _drop(work: asyncio.Future[Answer]) -> None:
    """Close an answer for which nobody waits."""
    if not work.cancelled() and work.exception() is None:
        work.result().close()


def _refusal(error: HTTPError) -> RefusedError | EndpointError:
    """Turn an HTTP error of the endpoint into one of ours."""
    reason = _reason(error)
    if 400 <= error.code < 500:
        reason = reason or _ADVICE.get(error.code, "it gives no reason")
        return RefusedError(f"The endpoint refused the query with status {error.code}: {reason}")
    return EndpointError(f"The endpoint failed with status {error.code}: {reason or 'try again later.'}")


def _reason(error: HTTPError) -> str:
    """Return what an endpoint says of its error: its text, or the detail of a problem (RFC 9457); else ""."""
    kind, text = error.headers.get_content_type(), error.read(LONGEST_ERROR).decode("utf-8", "replace")
    if kind in _PAGES:
        return ""
    if kind == PROBLEM:
        try:
            problem = json.loads(text)
            text = str(problem.get("detail") or problem.get("title") or "")
        except (ValueError, AttributeError, RecursionError):
            return ""
    return " ".join(text.split())[:SHOWN]
