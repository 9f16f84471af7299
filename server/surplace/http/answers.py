"""Sends what the engine answers to a query."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from surplace.engine.protocol import Request
from surplace.engine.remote import CUT
from surplace.http.call import Call
from surplace.http.message import Headers, HttpResponse
from surplace.sparql.truncation import ABOUT

SUMMARY: Final = "Surplace-Summary"
"""The header with the sentence that sums an answer up."""
_SAFE: Final = "!#$&+-.^_`|~"


async def send(
    call: Call, query: Request, filename: str = "", rest: Callable[[int], str] | None = None
) -> HttpResponse:
    """Ask the engine and send what it answers; *rest* gives the address of what comes after so many rows."""
    answer = await call.service.engine.ask(query)
    if answer.cut is not None and rest is not None:
        answer.lead_to(rest(answer.cut))
    headers: Headers = []
    if filename:
        headers.append(("Content-Disposition", f'inline; filename="{filename}.{answer.format.suffix}"'))
    if answer.cut is not None:
        link = f'<{ABOUT}>; rel="help"; title="The answer has more rows"'
        headers += [(CUT, f"rows={answer.cut}"), ("Link", link)]
        if rest is not None:
            headers.append(("Link", f'<{rest(answer.cut)}>; rel="next"'))
    headers += summary(answer.summary)
    return HttpResponse(
        answer,
        call.choice.type_of(answer.kind),
        headers=headers,
        complete=answer.cut is None and not answer.unsummed,
        cut=answer.cut,
    )


def summary(sentence: str) -> Headers:
    """Return the header with the sentence that sums an answer up, in ASCII as RFC 8187 has it."""
    return [(SUMMARY, f"UTF-8''{quote(sentence, safe=_SAFE)}")] if sentence else []
