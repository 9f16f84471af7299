"""The questions in RDF: all of them where programs look for examples, and each at its IRI."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from surplace.catalogue.records import record, records
from surplace.http.bodies import send_triples
from surplace.http.call import Call
from surplace.http.message import HttpResponse, at
from surplace.http.negotiation import Offer
from surplace.http.problems import Problem
from surplace.http.route import Api, Parameter, Parameters, Route
from surplace.http.service import Service
from surplace.routes.questions import names, question

ADDRESS: Final = "/.well-known/sparql-examples"
"""Where collections of SPARQL examples are looked for."""


def show(call: Call) -> HttpResponse:
    """Describe all questions in RDF."""
    return send_triples(call, records(call.service.catalogue.questions()), "sparql-examples")


def description(call: Call) -> HttpResponse:
    """Describe a question in RDF, or lead from its IRI to that."""
    query = question(call.service, call.variables["name"])
    if call.suffix:
        return send_triples(call, record(query), query.name)
    return _lead(at(f"/query/{query.name}.{call.choice.format('graph')}"))


def page(call: Call) -> HttpResponse:
    """Lead from the IRI of a question to its page."""
    return _lead(at(f"/queries/{question(call.service, call.variables['name']).name}"))


def parameter(call: Call) -> HttpResponse:
    """Lead from the IRI of a parameter to its field on the page of the question, or to RDF."""
    query = question(call.service, call.variables["name"])
    known = call.variables["parameter"].removeprefix("parameter/")
    if known not in query.params:
        listed = ", ".join(query.params) or "none"
        raise Problem("not-found", f'{query.name} has no parameter "{known[:80]}": it takes {listed}.')
    if call.choice.page:
        return _lead(at(f"/queries/{query.name}#field-{known}"))
    return _lead(at(f"/query/{query.name}.{call.choice.format('graph')}"))


def _lead(address: str) -> HttpResponse:
    return HttpResponse(status=303, headers=[("Location", address)])


def _parameter(service: Service, variables: Mapping[str, str]) -> Parameters:
    (name,) = names(service, variables)
    example = next((query for query in service.catalogue.questions() if query.params), None)
    return (
        replace(name, example=example and example.name),
        Parameter("parameter", "A parameter of it.", example=example and next(iter(example.params))),
    )


_AS_FILE: Final = ("Content-Disposition",)
_OFFER: Final = Offer(("graph",), page=True)
_PROBLEMS: Final = ("format", "not-acceptable", "not-found")
ROUTES: Final = (
    Route(
        "examples",
        ADDRESS,
        "Describe all questions in RDF",
        show,
        offer=Offer(("graph",)),
        suffixes=True,
        problems=("format", "not-acceptable"),
        api=Api(headers=_AS_FILE),
    ),
    Route(
        "query",
        "/query/<name>",
        "Describe a question in RDF; without a suffix, lead from its IRI to that, or to its page",
        description,
        page,
        tag="names",
        offer=_OFFER,
        suffixes=True,
        problems=_PROBLEMS,
        api=Api(headers=_AS_FILE, statuses=(303,), variables=names),
    ),
    Route(
        "query-parameter",
        "/query/<name>/<path:parameter>",
        "Lead from the IRI of a parameter to its field on the page of the question, or to RDF",
        parameter,
        parameter,
        tag="names",
        offer=_OFFER,
        problems=_PROBLEMS,
        api=Api(statuses=(303,), variables=_parameter),
    ),
)
