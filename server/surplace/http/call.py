"""A request as a route understands it: the values of its parameters, and the format that was chosen."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from werkzeug.http import parse_options_header

from surplace.http.message import HttpRequest
from surplace.http.negotiation import ChosenFormat, negotiate
from surplace.http.problems import Problem
from surplace.http.route import Fields, Parameters, Route, Values

if TYPE_CHECKING:
    from surplace.http.service import Service

FORM: Final = "application/x-www-form-urlencoded"
_ESCAPED: Final = re.compile("[\ud800-\udfff]")
"""What stands for bytes that are not UTF-8."""


@dataclass(slots=True)
class Call:
    """A request to a route; *variables* are those of its address, *ignored* the names it does not know."""

    request: HttpRequest
    route: Route
    service: Service
    variables: Mapping[str, str]
    suffix: str
    values: Values
    ignored: list[str]
    choice: ChosenFormat
    weight: int = 0
    """About how many bytes it takes to remember this call."""
    problem: Problem | None = None
    """What is wrong with the parameters, where the page itself shows it."""
    query: str = ""
    """The text of the query that is asked, for the log."""
    normalised: bool = False
    """Whether its values have the form that the route gives them."""

    def first(self, name: str, default: str = "") -> str:
        """Return the first value of a parameter."""
        values = self.values.get(name)
        return values[0] if values else default

    def number(self, name: str, default: int) -> int:
        """Return the value of a parameter that is a whole number."""
        return int(self.first(name) or default)

    def deciding(self) -> list[tuple[str, str]]:
        """Return the parameters that decide what is answered, sorted by name: no ignored one, no format."""
        others = (*self.route.format_names, *self.route.without_effect)
        return [
            (name, value) for name in sorted(self.values) if name not in others for value in self.values[name]
        ]


def read_call(
    request: HttpRequest, route: Route, service: Service, variables: Mapping[str, str], suffix: str
) -> Call:
    """Read a request; raises Problem."""
    most = service.limits.parameters
    fields = _fields(request.query, most)
    if route.form and request.media_type == FORM:
        fields = [*fields, *_fields(body_text(request, FORM), most)]
    given = [(name, value) for name, value in fields if name in route.format_names]
    offer = route.offered(service, variables)
    if route.narrowed is not None:
        offer = route.narrowed(offer, fields)
    choice = negotiate(offer, suffix, given, request.accept)
    parameters = route.declared(service, variables)
    call = Call(request, route, service, variables, suffix, *sort_out(fields, route, parameters), choice)
    # the query string, its values, and what they are remembered under
    call.weight = 1000 + 4 * (len(request.query) + len(request.accept) + len(request.path))
    try:
        if route.near_misses and call.ignored:
            _refuse_near_misses(fields, call.ignored, parameters)
        check(call, parameters)
    except Problem as problem:
        if not (route.shows_problems and choice.page):
            raise
        call.problem = problem
    return call


def body_text(request: HttpRequest, place: str) -> str:
    """Read the body of a request as UTF-8; raises Problem, also where another charset is declared."""
    charset = parse_options_header(request.headers.get("content-type"))[1].get("charset") or "utf-8"
    if charset.lower() not in ("utf-8", "utf8"):
        raise Problem(
            "bad-request",
            f'Content-Type declares the charset "{charset[:40]}", and only UTF-8 is read: send that.',
        )
    try:
        return request.body.decode("utf-8-sig")
    except UnicodeError:
        raise Problem("bad-request", f"What came as {place} is not UTF-8: encode it so.") from None


def read_fields(text: str, most: int, place: str = "the query string") -> Fields:
    """Read names and values of an address or form, in their order; raises Problem."""
    fields = _fields(text, most)
    if not all(_is_utf8(name) and _is_utf8(value) for name, value in fields):
        raise Problem("bad-request", f"What came as {place} is not UTF-8: encode it so.")
    return fields


def fields_of(call: Call) -> Fields:
    """Return the names and values in the address of a call, in their order, ignored ones too."""
    return _fields(call.request.query, call.service.limits.parameters)


def _fields(text: str, most: int) -> Fields:
    """Read names and values; what is not UTF-8 is there too, in the way of `surrogateescape`."""
    if not text:
        return ()
    number = text.count("&") + 1
    if number > most:
        raise Problem("bad-request", f"The request has {number} parameters: send at most {most}.")
    return [_field(part) for part in text.split("&") if part]


def _field(part: str) -> tuple[str, str]:
    name, _, value = part.partition("=")
    return _decoded(name), _decoded(value)


def _decoded(text: str) -> str:
    if "%" in text or "+" in text:
        return unquote(text.replace("+", " "), errors="surrogateescape")
    return text


def _is_utf8(text: str) -> bool:
    return text.isascii() or not _ESCAPED.search(text)


def sort_out(fields: Fields, route: Route, parameters: Parameters) -> tuple[Values, list[str]]:
    """Put fields to the parameters that they belong to; the rest is ignored, and returned by name.

    Raises Problem for a value that is not UTF-8: one that is ignored may be in any encoding.
    """
    known = {parameter.name for parameter in parameters}.union(route.format_names)
    values: Values = {}
    ignored: dict[str, None] = {}
    for name, value in fields:
        if name in known:
            if not _is_utf8(value):
                raise Problem("bad-request", f"What came as {name} is not UTF-8: encode it so.")
            values.setdefault(name, []).append(value)
        else:
            ignored[name] = None
    return values, list(ignored)


def check(call: Call, parameters: Parameters) -> None:
    """Refuse a value that does not fit."""
    for parameter in parameters:
        if parameter.name in call.values:
            try:
                parameter.check(call.values[parameter.name])
            except Problem:
                if parameter.strict:
                    raise
                del call.values[parameter.name]
                call.ignored.append(parameter.name)


def _refuse_near_misses(fields: Fields, unknown: Sequence[str], parameters: Parameters) -> None:
    """Refuse what is meant for a parameter by its name or value, lest its answer be taken for another."""
    own = [parameter.name for parameter in parameters]
    given = {name for name, _ in fields}
    missing = [item for item in parameters if item.means is not None and item.name not in given]
    for name, value in fields:
        if name not in unknown:
            continue
        near = difflib.get_close_matches(name[:40].lower(), own, n=1, cutoff=0.75)
        near += [item.name for item in missing if item.means is not None and item.means(value)]
        if near:
            raise unknown_parameter(name, near[0], parameters)


def unknown_parameter(name: str, near: str, parameters: Parameters) -> Problem:
    """Return the problem of a name that is not known, and is meant for one of the *parameters*."""
    own = [parameter.name for parameter in parameters]
    problem = Problem(
        "parameter",
        f'"{name[:40]}" is no parameter here: did you mean {near}? It takes {", ".join(own)}.',
        parameter=name[:40],
        allowed=own,
    )
    problem.meant = near
    return problem
