"""The questions of the catalogue: a list of them, and the answer to each, in every format or as a page."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote, unquote, urlencode

from surplace.answering.sentence import Summing
from surplace.catalogue import ParameterError, Query
from surplace.catalogue.asked import BoundQuestion
from surplace.catalogue.called import LONGEST
from surplace.catalogue.catalogue import nearest
from surplace.catalogue.records import record
from surplace.catalogue.values import Choices
from surplace.engine.protocol import Request
from surplace.engine.query_errors import EngineError
from surplace.engine.remote import CUT
from surplace.errors import SurplaceError
from surplace.http.answers import SUMMARY, send, summary
from surplace.http.asking import (
    Asking,
    Posed,
    RowRange,
    address_of,
    count_of,
    normalise,
    others,
    parameters_of,
    read_asking,
    refuse_what_is_meant,
)
from surplace.http.bodies import html_page, send_triples
from surplace.http.call import Call
from surplace.http.message import Headers, HttpResponse, at
from surplace.http.negotiation import ChosenFormat, Offer
from surplace.http.problems import Problem
from surplace.http.route import Api, Parameter, Parameters, Route
from surplace.http.service import Service
from surplace.http.timeout import TIMEOUT, timeout_of
from surplace.rdf.formats import ANSWER, FORMATS, KINDS
from surplace.web.question import show_question
from surplace.web.spreadsheet import send_spreadsheet
from surplace.words.english import joined

CSV: Final = FORMATS["csv"]
ROWS: Final = FORMATS["rows"]
WITH_HEADER: Final = f"{CSV.content_type}; header=present"
"""What RFC 4180 calls CSV whose first line has the names of the columns."""


def listing(call: Call) -> HttpResponse:
    """List the questions by what one may want to know."""
    return html_page("queries.html", groups=call.service.catalogue.by_group())


async def answer(call: Call) -> HttpResponse:
    """Answer a question, or say in RDF what it asks, as suffix, `?format=` or Accept want it."""
    query = _posed(call.service, call.variables["name"]).query
    if query.kind not in (call.choice.formats or {}):
        response = send_triples(call, record(query), query.name)
        response.headers += named(query, None)
        return response
    asking = read_asking(query, call, await _choices(query, call))
    form = call.choice.format(query.kind)
    response = await (_told(call, asking) if form == ANSWER.name else _send(call, asking))
    response.headers += named(query, asking)
    return response


async def _choices(query: Query, call: Call) -> Choices:
    """Return what gives the instances of the classes of values that are given, or may be by other names."""
    classes = {
        item.class_iri
        for name, item in query.params.items()
        if item.class_iri and (name in call.values or call.ignored)
    }
    knowledge = call.service.knowledge
    return {iri: await knowledge.choices_in_loop(iri) for iri in sorted(classes)}.__getitem__


async def _normalise(call: Call) -> None:
    """Write what is asked in one form; a page shows what was typed, and what is wrong stays as it is."""
    query = _posed(call.service, call.variables["name"]).query
    if call.choice.page and not call.ignored:
        return
    choices = await _choices(query, call)
    if call.ignored and call.problem is None:
        refuse_what_is_meant(query, call, choices)
    if not call.choice.page:
        with suppress(ParameterError):
            normalise(query, call, choices)


def page(call: Call) -> HttpResponse:
    """Show the page of a question, with what the request asks or with what is wrong with that."""
    query = _posed(call.service, call.variables["name"]).query
    response, asking = show_question(call, query)
    response.headers += named(query, asking)
    return response


def spreadsheet(call: Call) -> HttpResponse:
    """Answer a question as a spreadsheet."""
    query = _posed(call.service, call.variables["name"]).query
    response, asking = send_spreadsheet(call, query)
    response.headers += named(query, asking)
    return response


def question(service: Service, name: str) -> Query:
    """Return the question of that name; raises Problem."""
    try:
        query = service.catalogue[name]
    except SurplaceError:
        near = nearest(name, service.catalogue.questions())
        hint = f"did you mean {joined(near, word='or')}?" if near else f"{at('/queries/')} lists all."
        raise Problem(
            "not-found",
            f'There is no question "{name[:LONGEST]}": {hint}',
            nearest=[at(f"/queries/{found}") for found in near],
        ) from None
    if query.is_check:
        raise Problem("not-found", f"{name} is a check, not a question: the build runs it.")
    return query


async def _send(call: Call, asking: Asking) -> HttpResponse:
    """Send the answer itself, with links to the parts around it."""
    query, part, service = asking.asked.query, asking.part, call.service
    if query.form != "SELECT":
        text = asking.asked.stating(service.release_name)
        return await send(
            call, _request(call, asking.asked, text, asking.asked.summing), asking.asked.file_name
        )

    def rest(rows: int) -> str:
        """Return the address of what comes after so many rows of this part."""
        left = None if part.limit is None else part.limit - rows
        return address_of(call, RowRange(left, part.offset + rows))

    total = 0
    if part.limit is not None:
        total = count_of(await service.knowledge.select_in_loop(query.counted(asking.all_rows)))
    call.choice = _with_header(call.choice)
    text = asking.rows(part)
    summing = asking.asked.summing if text == asking.asked.text else None
    response = await send(call, _request(call, asking.asked, text, summing), asking.asked.file_name, rest)
    if part.is_all and summing != asking.asked.summing:
        await _sum_up(response, asking, service)
    for relation, other in others(part, total).items() if not part.is_all else ():
        if relation != "next" or response.header(CUT) is None:
            response.headers.append(("Link", f'<{address_of(call, other)}>; rel="{relation}"'))
    return response


async def _told(call: Call, asking: Asking) -> HttpResponse:
    """Send the answer as plain JSON, after the sentence that sums it up."""
    chosen, kind = call.choice, asking.asked.query.kind
    call.choice = replace(chosen, formats={kind: ROWS.name}, types={kind: ROWS.media_type})
    response = await _send(call, asking)
    call.choice = chosen
    if kind == "bindings" and not asking.part.is_all:
        await _sum_up(response, asking, call.service)
    told: dict[str, Any] = {
        "question": asking.asked.query.name,
        "summary": unquote((response.header(SUMMARY) or "").partition("''")[2]),
        "release": call.service.release_name,
        "cut": response.cut is not None,
    }
    begun = json.dumps(told, ensure_ascii=False)[:-1].encode()
    name = b"rows" if kind == "bindings" else b"answer"
    response.body = b'%b,"%b":%b}\n' % (begun, name, response.read().strip())
    response.content_type = ANSWER.content_type
    return response


async def _sum_up(response: HttpResponse, asking: Asking, service: Service) -> None:
    """Put the sentence that sums up the whole answer into a header; without it the response is not kept."""
    request = Request(
        asking.asked.text, {"bindings": "csv"}, summing=asking.asked.summing, seen=asking.asked.seen
    )
    try:
        answer = await service.engine.ask(request)
    except EngineError:
        response.complete = False
        return
    answer.close()
    response.complete = response.complete and not answer.unsummed
    response.headers += summary(answer.summary)


def _request(call: Call, asked: BoundQuestion, text: str, summing: Summing | None) -> Request:
    call.query = text
    formats = call.choice.formats or {}
    return Request(text, formats, timeout=timeout_of(call), summing=summing, seen=asked.seen)


def _with_header(choice: ChosenFormat) -> ChosenFormat:
    """Call CSV what it is: a table with a first line of names."""
    if choice.type_of("bindings") != CSV.content_type:
        return choice
    return replace(choice, types={"bindings": WITH_HEADER})


def named(query: Query, asking: Asking | None) -> Headers:
    """Return the headers that name the question, its version, its values, and where RDF describes it.

    *asking* is None where the values could not be read.
    """
    headers = [
        ("Surplace-Query", query.name),
        ("Surplace-Query-Version", query.version),
        ("Link", f'<{at(f"/query/{query.name}")}>; rel="describedby"'),
    ]
    if asking is not None:
        headers.append(("Link", f'<{at("/" + asking.asked.path)}>; rel="canonical"'))
    return headers


def _location(call: Call) -> str:
    """Return where the answer is in the format that is sent; a page has no address of its own."""
    if call.choice.page:
        return ""
    fields = [(name, value) for name in call.values if name != "format" for value in call.values[name]]
    path = at(f"/queries/{call.variables['name']}.{call.choice.name}")
    return path + (f"?{urlencode(fields, quote_via=quote)}" if fields else "")


def names(service: Service, _: Mapping[str, str]) -> Parameters:
    """Return the variable part of an address that is the name of a question."""
    listed = [query.name for query in service.catalogue.questions()]
    return (Parameter("name", "A question.", {"type": "string", "enum": listed}),)


def _posed(service: Service, name: str) -> Posed:
    """Return the question of that name with what it declares; raises Problem."""
    found = service.posed.get(name)
    if found is None:
        query = question(service, name)
        kinds = tuple(dict.fromkeys((query.kind, "graph")))
        offer = Offer(kinds, page=True, either=True, question=True)
        found = service.posed[name] = Posed(query, parameters_of(query, service.limits), offer)
    return found


def _parameters(service: Service, variables: Mapping[str, str]) -> Parameters:
    return _posed(service, variables["name"]).parameters


def _offer(service: Service, variables: Mapping[str, str]) -> Offer:
    return _posed(service, variables["name"]).offer


def _varies(call: Call) -> bool:
    return _posed(call.service, call.variables["name"]).query.varies


_NAMED: Final = (
    *(CUT, "Link", "Content-Disposition", "Content-Location"),
    *("Surplace-Query", "Surplace-Query-Version", SUMMARY),
)
ROUTES: Final = (
    Route(
        "questions",
        "/queries/",
        "List the questions by category",
        page=listing,
        offer=Offer(page=True),
        robots="listed",
    ),
    Route(
        "question",
        "/queries/<name>",
        "Answer a question",
        answer,
        page,
        spreadsheet,
        tag="questions",
        offer=Offer(KINDS, page=True, question=True),
        offer_of=_offer,
        suffixes=True,
        parameters=_parameters,
        problems=("refused", "parameter", "format", "not-acceptable", "not-found", "release-gone"),
        varies=_varies,
        normalises=_normalise,
        without_effect=(TIMEOUT.name,),
        location=_location,
        near_misses=True,
        scripts="run",
        shows_problems=True,
        api=Api(headers=_NAMED, variables=names),
    ),
)
