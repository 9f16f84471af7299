"""The engine that passes queries on to a SPARQL 1.1 endpoint elsewhere."""

from __future__ import annotations

import asyncio
import csv
import http.client
import json
import re
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import IO, Any, Final, cast
from urllib import request as http_request
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit

from surplace.answering.sentence import Summing
from surplace.engine.answer import Answer
from surplace.engine.limits import Limits
from surplace.engine.protocol import (
    BusyError,
    DeadlineError,
    EndpointError,
    EngineError,
    Figures,
    Observer,
    RefusedError,
    Request,
    TooLargeError,
    UnwritableAnswerError,
    in_seconds,
    observed,
    stopping,
)
from surplace.engine.summary import Lookup
from surplace.engine.syntax import check, must_fit
from surplace.engine.table import Table, read_table
from surplace.engine.timed import opener
from surplace.errors import SurplaceError
from surplace.rdf.formats import FORMATS, Format
from surplace.sparql.csv import guard
from surplace.sparql.rows import write_rows_of_json
from surplace.words.sentence import cut

CHUNK: Final = 65536
PROBE_TIME: Final = 5.0
"""Seconds within which an endpoint that can be asked answers the least of queries."""
PROBED_FOR: Final = 2.0
"""Seconds for which it is not asked again whether it answers."""
ASKED_AS: Final = {"spreadsheet": "csv", "rows": "json", "trig": "ttl", "nq": "nt"}
"""The format that is asked for where one is wanted that few endpoints have; the latter two are it already."""
CUT: Final = "Surplace-Cut"
"""The header by which an endpoint that is a Surplace tells that it cut an answer."""
_MARK: Final = re.compile(r"rows=([0-9]+)")
LONGEST_JSON: Final = 16 * 1024 * 1024
"""Bytes of JSON that is written anew, for which all of it is held at once."""
SHOWN: Final = 500
"""Characters of an endpoint's own error message that are passed on."""
PROBLEM: Final = "application/problem+json"
LONGEST_ERROR: Final = 64 * 1024
"""Bytes of an endpoint's error that are read."""
_PAGES: Final = ("text/html", "application/xhtml+xml")
_ADVICE: Final = dict.fromkeys((404, 405), "check that its address is that of a SPARQL endpoint")
"""What to do about a status for which an endpoint gives no reason."""
LONGEST_ROW: Final = 4 * 1024 * 1024
"""Bytes of a row of CSV that is written anew, about; a cell may have 131,072 characters."""


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
        form = FORMATS[ASKED_AS.get(wanted.name, wanted.name)]
        fields = [
            ("query", request.query),
            *(("default-graph-uri", iri) for iri in request.default_graphs),
            *(("named-graph-uri", iri) for iri in request.named_graphs),
        ]
        call = http_request.Request(
            self.url,
            data=urlencode(fields).encode("ascii"),
            headers={"Accept": form.media_type, "User-Agent": "surplace"},
            method="POST",
        )
        call.timeout = request.seconds(self.limits.deadline)
        answer = self._read(call, Answer(kind, form, request.room(self.limits.answer_bytes)))
        if wanted.name in _ANEW:
            answer = _written_anew(answer, wanted)
        answer.format = wanted
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

    def _read(self, call: http_request.Request, answer: Answer) -> Answer:
        """Read the whole answer of the endpoint."""
        try:
            with self._open(call, answer.format) as response:
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

    def _open(self, call: http_request.Request, form: Format) -> http.client.HTTPResponse:
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
        got = response.headers.get_content_type()
        if got not in (form.media_type, *form.aliases):
            response.close()
            raise EndpointError(f"The endpoint answers with {got}, not {form.media_type}: check its address.")
        return response


def _late(call: http_request.Request) -> DeadlineError:
    return DeadlineError(f"The endpoint took longer than {in_seconds(call.timeout or 0)}: ask it for less.")


def _drop(work: asyncio.Future[Answer]) -> None:
    """Close an answer for which nobody waits."""
    if not work.cancelled() and work.exception() is None:
        work.result().close()


def _for_spreadsheet(plain: Answer, sink: IO[bytes]) -> None:
    """Write an answer in CSV without formulas."""
    guard(_rows(plain), sink)


def _as_rows(plain: Answer, sink: IO[bytes]) -> None:
    """Write an answer in JSON as plain rows."""
    if plain.size > LONGEST_JSON:
        raise ValueError(f"it has more than {LONGEST_JSON} bytes")
    write_rows_of_json(json.loads(b"".join(plain)), sink)


_ANEW: Final = {"spreadsheet": _for_spreadsheet, "rows": _as_rows}


def _written_anew(plain: Answer, form: Format) -> Answer:
    """Write an answer in a format that endpoints do not have; raises UnwritableAnswerError."""
    answer = Answer(plain.kind, form, plain.most)
    answer.cut = plain.cut
    try:
        _ANEW[form.name](plain, cast("IO[bytes]", answer))
    except (csv.Error, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        answer.close()
        raise UnwritableAnswerError(
            f"The answer cannot be written as {form.title} ({error}): "
            f"ask for {ASKED_AS[form.name]}, or for less."
        ) from None
    except BaseException:
        answer.close()
        raise
    finally:
        plain.close()
    return answer


def _rows(pieces: Iterable[bytes]) -> Iterator[list[str]]:
    """Read CSV without holding more than a row; raises csv.Error if a row or a cell is too long."""
    held = 0

    def lines() -> Iterator[str]:
        nonlocal held
        rest = b""
        for piece in pieces:
            if held + len(rest) > LONGEST_ROW:
                raise csv.Error(f"a row has more than {LONGEST_ROW} bytes")
            *whole, rest = (rest + piece).split(b"\n")
            for line in whole:
                held += len(line) + 1
                yield (line + b"\n").decode("utf-8", "replace")
        if rest:
            yield rest.decode("utf-8", "replace")

    for row in csv.reader(lines()):
        held = 0
        yield row


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
