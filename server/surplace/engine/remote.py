"""The engine that passes queries on to a SPARQL 1.1 endpoint elsewhere."""

from __future__ import annotations

import csv
import http.client
import io
import re
import time
from collections.abc import Mapping
from typing import IO, Any, Final, cast
from urllib import request as http_request
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit

from surplace.engine.answer import Answer
from surplace.engine.formats import FORMATS, Format
from surplace.engine.limits import Limits
from surplace.engine.protocol import (
    DeadlineError,
    EngineError,
    RefusedError,
    Request,
    UnavailableError,
)
from surplace.engine.syntax import check, kind_of, must_fit
from surplace.engine.tabular import guard
from surplace.errors import SurplaceError

CHUNK: Final = 65536
PLAIN: Final = "csv"
"""The format that is asked for where one is wanted that only Surplace has."""
CUT: Final = "Surplace-Cut"
"""The header by which an endpoint that is a Surplace tells that it cut an answer."""
_MARK: Final = re.compile(r"rows=([0-9]+)")
SHOWN: Final = 300
"""Characters of an endpoint's own error message that are passed on."""


class RemoteEngine:
    """Answers from an endpoint at an http or https URL. Redirects to other schemes are not followed."""

    def __init__(self, url: str, limits: Limits) -> None:
        if urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).hostname:
            raise SurplaceError(f'"{url}" is not the address of an endpoint: give an http or https URL.')
        self.url, self.limits = url, limits
        self.release: Mapping[str, Any] | None = None
        self._opener = http_request.OpenerDirector()
        for handler in (
            http_request.ProxyHandler(),
            http_request.HTTPHandler(),
            http_request.HTTPSHandler(),
            http_request.HTTPDefaultErrorHandler(),
            http_request.HTTPRedirectHandler(),
            http_request.HTTPErrorProcessor(),
        ):
            self._opener.add_handler(handler)

    def ask(self, request: Request) -> Answer:
        """Answer a query; raises EngineError."""
        check(request.query, self.limits)
        must_fit(request.query, request.formats)
        kind = kind_of(request.query)
        if kind is None:
            raise RefusedError("This is no query: write SELECT, ASK, CONSTRUCT or DESCRIBE.")
        wanted = FORMATS[request.formats[kind]]
        form = wanted if wanted.negotiated else FORMATS[PLAIN]
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
        answer = self._read(call, Answer(kind, form, self.limits.answer_bytes))
        return answer if form is wanted else _for_spreadsheet(answer, wanted)

    def _read(self, call: http_request.Request, answer: Answer) -> Answer:
        """Read the whole answer of the endpoint."""
        until = time.monotonic() + self.limits.deadline
        try:
            with self._open(call, answer.format) as response:
                if mark := _MARK.fullmatch(response.headers.get(CUT, "")):
                    answer.cut = int(mark[1])
                while chunk := response.read(CHUNK):
                    answer.write(chunk)
                    if time.monotonic() > until:
                        raise self._deadline()
                if response.length:  # read in pieces, a body that ends early is no error of its own
                    raise http.client.IncompleteRead(b"", response.length)
        except TimeoutError:
            answer.close()
            raise self._deadline() from None
        except (http.client.HTTPException, OSError):
            answer.close()
            raise UnavailableError("The endpoint broke off its answer: ask again, or ask for less.") from None
        except EngineError:
            answer.close()
            raise
        return answer

    def _open(self, call: http_request.Request, form: Format) -> http.client.HTTPResponse:
        try:
            response: http.client.HTTPResponse = self._opener.open(call, timeout=self.limits.deadline)
        except HTTPError as error:
            with error:
                raise _refusal(error) from None
        except TimeoutError:
            raise self._deadline() from None
        except (URLError, http.client.HTTPException, OSError) as error:
            if isinstance(getattr(error, "reason", None), TimeoutError):
                raise self._deadline() from None
            raise UnavailableError(
                f"The endpoint {self.url} cannot be reached: check the address and try again."
            ) from None
        got = response.headers.get_content_type()
        if got not in (form.media_type, *form.aliases):
            response.close()
            raise UnavailableError(
                f"The endpoint answers with {got}, not {form.media_type}: check its address."
            )
        return response

    def _deadline(self) -> DeadlineError:
        return DeadlineError(
            f"The endpoint took longer than {self.limits.deadline:g} seconds: ask it for less."
        )

    def close(self) -> None:
        """Nothing stays open between queries."""


def _for_spreadsheet(plain: Answer, form: Format) -> Answer:
    """Write an answer in CSV anew, without formulas."""
    answer = Answer(plain.kind, form, plain.most)
    answer.cut = plain.cut
    try:
        rows = csv.reader(io.StringIO(plain.read().decode("utf-8", "replace"), newline=""))
        guard(rows, cast("IO[bytes]", answer))
    except BaseException:
        answer.close()
        raise
    return answer


def _refusal(error: HTTPError) -> RefusedError | UnavailableError:
    """Turn an HTTP error of the endpoint into one of ours."""
    if 400 <= error.code < 500:
        text = " ".join(error.read(4 * SHOWN).decode("utf-8", "replace").split())[:SHOWN]
        return RefusedError(
            f"The endpoint refused the query with status {error.code}: {text or 'it gives no reason'}"
        )
    return UnavailableError(f"The endpoint failed with status {error.code}: try again later.")
