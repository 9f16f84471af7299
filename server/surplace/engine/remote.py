"""The engine that passes queries on to a SPARQL 1.1 endpoint elsewhere."""

from __future__ import annotations

import http.client
import time
from collections.abc import Mapping
from typing import Any, Final
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
from surplace.errors import SurplaceError

CHUNK: Final = 65536
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
        check(request.query, self.limits.query_length)
        must_fit(request.query, request.formats)
        kind = kind_of(request.query)
        if kind is None:
            raise RefusedError("This is no query: write SELECT, ASK, CONSTRUCT or DESCRIBE.")
        form = FORMATS[request.formats[kind]]
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
        return self._read(call, Answer(kind, form, self.limits.answer_bytes))

    def _read(self, call: http_request.Request, answer: Answer) -> Answer:
        """Read the whole answer of the endpoint."""
        until = time.monotonic() + self.limits.deadline
        try:
            with self._open(call, answer.format) as response:
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


def _refusal(error: HTTPError) -> RefusedError | UnavailableError:
    """Turn an HTTP error of the endpoint into one of ours."""
    if 400 <= error.code < 500:
        text = " ".join(error.read(4 * SHOWN).decode("utf-8", "replace").split())[:SHOWN]
        return RefusedError(
            f"The endpoint refused the query with status {error.code}: {text or 'it gives no reason'}"
        )
    return UnavailableError(f"The endpoint failed with status {error.code}: try again later.")
