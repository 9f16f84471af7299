"""What a route takes and gives at one of its addresses, from its declaration."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from surplace.catalogue import Query
from surplace.http.call import FORM
from surplace.http.negotiation import Offer
from surplace.http.route import Api, Json, Parameter, Parameters, Route
from surplace.http.service import Service
from surplace.openapi.questions import typed
from surplace.openapi.responses import failures, succeeding
from surplace.openapi.schemas import TEXT, contents, record
from surplace.rdf.formats import FORMATS

ROWS: Final = FORMATS["rows"].name
FORMAT: Final = "The format by name. Its other names and media types will do, in any case."
_ANY: Final = re.compile(r"<any\(([^)]*)\):(\w+)>")
_VARIABLE: Final = re.compile(r"<(?:\w+(?:\([^)]*\))?:)?(\w+)>")


@dataclass(frozen=True)
class Place:
    """An address of a route as OpenAPI writes it; *fixed* are the parts that have one value there."""

    route: Route
    api: Api
    path: str
    fixed: Mapping[str, str]
    suffix: bool
    only: str = ""
    """The name of the format that comes at this address, if it is one."""

    @property
    def variables(self) -> list[str]:
        """The names of the parts that vary."""
        return re.findall(r"{(\w+)}", self.path)


def places(route: Route, service: Service) -> Iterator[Place]:
    """Yield the addresses of a route, with and without a suffix; none if it is kept out of the API.

    Plain rows have one of their own, for programs that are made from the document and know of no suffixes.
    """
    if route.api is None:
        return
    for fixed in _fixed(route, route.api, service):
        path = _VARIABLE.sub(r"{\1}", route.address)
        for name, value in fixed.items():
            path = path.replace(f"{{{name}}}", value)
        yield Place(route, route.api, path, fixed, suffix=False)
        if route.suffixes:
            yield Place(route, route.api, f"{path}.{{suffix}}", fixed, suffix=True)
        if route.offer_of is not None and "bindings" in route.offered(service, fixed).kinds:
            yield Place(route, route.api, f"{path}.{ROWS}", fixed, suffix=True, only=ROWS)


def _fixed(route: Route, api: Api, service: Service) -> Iterator[Mapping[str, str]]:
    """Yield the values of a part that lists them in the address, or on which it depends what is offered."""
    listed = _ANY.search(route.address)
    if listed:
        yield from ({listed[2]: value} for value in listed[1].split(", "))
    elif route.offer_of is not None:
        (variable,) = api.described(service, {})
        yield from ({variable.name: value} for value in variable.schema["enum"])
    else:
        yield {}


def operation(place: Place, method: str, service: Service) -> Json:
    """Describe a method at an address."""
    route, api = place.route, place.api
    query = service.catalogue[place.fixed["name"]] if route.offer_of else None
    offer, declared = route.offered(service, place.fixed), route.declared(service, place.fixed)
    if query is not None:
        declared = typed(query, declared, service.knowledge.choices)
    names = _formats(route, offer)
    taken = (*(item for item in declared if item.name not in api.required), *(() if place.suffix else names))
    statuses = tuple(sorted({200, *api.statuses})) if place.suffix else api.statuses
    is_tagged = method == "GET" and 200 in statuses and (route.kept or "range" in route.problems)
    codes = {*route.problems, *(("precondition", "range") if is_tagged else ())}
    headers = (*api.headers, *(name for name, _ in route.headers))
    rows = query.name if query and query.columns else ""
    content = contents(offer, api, by_name=place.suffix, rows=rows, only=place.only)
    found: Json = {
        "tags": [tag_of(query) if query else route.tag],
        "summary": query.summary if query else route.summary,
        "operationId": _identifier(place, method, query),
        "parameters": [*_variables(place, service, offer), *(_written(item, "query") for item in taken)],
        "responses": {
            **failures(codes, varies=bool(place.variables)),
            **succeeding(f"{route.summary}.", content, headers, statuses, is_tagged=is_tagged),
        },
    }
    if query is not None:
        found["description"] = query.description
    bodies = {**({FORM: _form((*declared, *names), api)} if route.form else {}), **api.bodies}
    if bodies and method == "POST":
        content = {media_type: {"schema": schema} for media_type, schema in bodies.items()}
        found["requestBody"] = {"required": True, "content": content}
    return found


def tag_of(query: Query) -> str:
    """Return the tag of a question: its group."""
    return query.group or "other"


def _identifier(place: Place, method: str, query: Query | None) -> str:
    """Return a name for an operation that is one in programs too."""
    if query is not None:
        return query.name + (f"-{place.only}" if place.only else "-as" if place.suffix else "")
    return re.sub(r"\W+", "-", f"{method.lower()}{place.path}").strip("-")


def _formats(route: Route, offer: Offer) -> Parameters:
    """Return the parameters that name the format, if there is a choice."""
    schema: Json = {"anyOf": [{"enum": offer.names}, TEXT]}
    return tuple(Parameter(name, FORMAT, schema) for name in route.format_names) if offer.names else ()


def _form(fields: Parameters, api: Api) -> Json:
    return record(
        {item.name: {**item.schema, "description": item.description} for item in fields}, api.required
    )


def _variables(place: Place, service: Service, offer: Offer) -> Iterator[Json]:
    known = {item.name: item for item in place.api.described(service, place.fixed)}
    known["suffix"] = Parameter("suffix", "The format by name.", {**TEXT, "enum": offer.names})
    for name in place.variables:
        yield {**_written(known[name], "path"), "required": True}


def _written(item: Parameter, where: str) -> Json:
    found: Json = {"name": item.name, "in": where, "description": item.description, "schema": item.schema}
    if item.schema.get("type") == "array":
        found |= {"style": "form", "explode": True}
    return found if item.example is None else {**found, "example": item.example}
