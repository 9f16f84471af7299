"""What a route declares: its address, what it takes and gives, what may go wrong, who answers.

All else follows from it: how a request is read, which format is sent, what is kept, OpenAPI, what robots are
told, the tables of the READMEs.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Literal, TypeAlias

from surplace.http.message import Headers, HttpResponse
from surplace.http.negotiation import Offer
from surplace.http.problems import Problem
from surplace.http.waiting import Awaited

if TYPE_CHECKING:
    from surplace.http.call import Call
    from surplace.http.service import Service

Json: TypeAlias = dict[str, Any]
Fields: TypeAlias = Sequence[tuple[str, str]]
Values: TypeAlias = dict[str, list[str]]
View: TypeAlias = Callable[["Call"], HttpResponse | Awaited]
"""Answers in a thread, or says what is to be waited for first."""
Handler: TypeAlias = View | Callable[["Call"], Awaitable[HttpResponse]]

NOTHING: Final = Offer()
"""What a route offers whose answer has one format only."""
_DIGITS: Final = re.compile("[0-9]{1,18}")
"""Python refuses to read numbers of thousands of digits, and engines count in 64 bits."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of the address or of a form; *schema* is its JSON Schema, which values are read by.

    One that is *many* may be given several times. One that is not *strict* is ignored, not refused, where its
    value does not fit.
    """

    name: str
    description: str
    schema: Json = field(default_factory=lambda: {"type": "string"})
    many: bool = False
    strict: bool = True
    example: Any = None
    means: Callable[[str], bool] | None = None
    """Tells of a value that came under a name that is not known whether it was meant for this one."""
    class_iri: str = ""
    """The class of the things of which it names one; the page of a problem offers them."""

    def check(self, values: Sequence[str]) -> None:
        """Refuse values that do not fit; raises Problem."""
        if len(values) > 1 and not self.many:
            raise self.problem(f'"{self.name}" is given more than once: give it once.')
        known = self.schema.get("enum")
        for value in values:
            if known and value not in known:
                allowed = [each for each in known if each]  # the empty one is as if none were given
                message = f'"{self.name}" is "{value[:80]}": give {_listed(allowed)}.'
                raise self.problem(message, allowed=allowed)
            if self.schema.get("type") == "integer":
                least, most = self.schema["minimum"], self.schema["maximum"]
                if not _DIGITS.fullmatch(value) or not least <= int(value) <= most:
                    raise self.problem(
                        f'"{self.name}" is "{value[:80]}": give a whole number from {least} to {most}.'
                    )
            elif self.schema.get("type") == "number" and not _is_above(
                value, self.schema["exclusiveMinimum"]
            ):
                raise self.problem(
                    f'"{self.name}" is "{value[:80]}": give a number above {self.schema["exclusiveMinimum"]}.'
                )

    def problem(self, detail: str, **extra: Any) -> Problem:
        """Return the problem of a value that does not fit."""
        return Problem("parameter", detail, parameter=self.name, **extra)


Parameters: TypeAlias = tuple[Parameter, ...]
Declared: TypeAlias = Parameters | Callable[["Service", Mapping[str, str]], Parameters]
"""Parameters, or what returns them where they depend on the service and the variable parts of the address."""


@dataclass(frozen=True)
class Api:
    """What OpenAPI says of a route besides what the service itself goes by.

    *json* is the name of the schema of JSON of its own; *content* are media types that are no format on
    offer; *bodies* map types of body to schemas, and *required* are fields that only a body has; *headers*
    are those of success; *statuses* are those that are no problem, where the address has no suffix;
    *variables* are the variable parts of the address.
    """

    json: str = ""
    content: tuple[str, ...] = ()
    bodies: Mapping[str, Json] = field(default_factory=dict)
    required: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    statuses: tuple[int, ...] = (200,)
    variables: Declared = ()

    def described(self, service: Service, variables: Mapping[str, str]) -> Parameters:
        """Return the variable parts; *variables* are those that have one value."""
        return self.variables(service, variables) if callable(self.variables) else self.variables


@dataclass(frozen=True)
class Route:
    """An address and what is there.

    *address* is a rule of Werkzeug; with *suffixes*, the name of a format may follow it, as in `.csv`.
    *handler* answers with data, *page* with a page; a page is made in a thread with Flask's context, and data
    too unless *handler* is a coroutine function, which must be quick, for it answers in the event loop.
    *problems* are the kinds that an answer may be, besides those that any may be.
    """

    name: str
    address: str
    summary: str
    handler: Handler | None = None
    page: View | None = None
    workbook: Callable[[Call], HttpResponse] | None = None
    """Answers with a spreadsheet, as a page is made."""
    tag: str = "service"
    methods: tuple[str, ...] = ("GET",)
    offer: Offer = NOTHING
    offer_of: Callable[[Service, Mapping[str, str]], Offer] | None = None
    """Returns what is offered where that depends on the variable parts of the address."""
    narrowed: Callable[[Offer, Fields], Offer] | None = None
    """Returns what of the offer fits the parameters that are given."""
    suffixes: bool = False
    parameters: Declared = ()
    form: bool = False
    """Whether parameters may also come as a form in the body."""
    format_names: tuple[str, ...] = ("format",)
    problems: tuple[str, ...] = ()
    kept: bool = True
    """Whether an answer is a function of release, address, parameters and format, and so has a tag."""
    varies: Callable[[Call], bool] | None = None
    """Tells whether the answer to a call is none all the same, for it differs each time."""
    normalises: Callable[[Call], Awaitable[None]] | None = None
    """Puts values that are written in several ways into one form each, of which the tag is made then."""
    without_effect: tuple[str, ...] = ()
    """Parameters that a complete answer does not depend on."""
    location: Callable[[Call], str] | None = None
    """Returns the address of the one format that is sent, for Content-Location; nothing if there is none."""
    caching: str = ""
    """The header Cache-Control where it is another than that of the service."""
    headers: Headers = field(default_factory=list)
    """Headers of every response, failures included."""
    robots: Literal["listed", "open", "closed"] = "open"
    """Whether robots find it in the sitemap, may read it, or are kept out."""
    near_misses: bool = False
    """Whether a parameter is refused whose name is nearly one of these, or whose value is meant for one that
    is not given; other unknown ones are ignored."""
    scripts: Literal["", "run", "ask"] = ""
    """Whether its page runs scripts of this host, and whether these may ask this host."""
    endpoint: bool = False
    """Whether programs are given it as an endpoint, which works with a slash at its end, too; other addresses
    lead to the one with it or without."""
    shows_problems: bool = False
    """Whether the page itself shows what is wrong with its parameters."""
    waiting: str = ""
    """What its page says while it is made, where that takes seconds."""
    title: str = ""
    """What its page is called while it is waited for, and after: a browser reads the title once."""
    api: Api | None = Api()
    """What OpenAPI says besides; None keeps the route out of it."""

    def __post_init__(self) -> None:
        """Refuse a page that is not on offer, and the offer of one that nothing makes; raises ValueError."""
        if self.offer_of is None and self.offer.page != (self.page is not None):
            raise ValueError(
                f"The route {self.name} has page= without Offer(page=True), or the reverse: give both."
            )

    @cached_property
    def answers_in_loop(self) -> bool:
        """Whether the handler of data is a coroutine function."""
        return inspect.iscoroutinefunction(self.handler)

    def declared(self, service: Service, variables: Mapping[str, str]) -> Parameters:
        """Return the parameters, which may depend on the variable parts of the address."""
        return self.parameters(service, variables) if callable(self.parameters) else self.parameters

    def offered(self, service: Service, variables: Mapping[str, str]) -> Offer:
        """Return what is offered at the address with these variable parts."""
        return self.offer_of(service, variables) if self.offer_of else self.offer


def _is_above(value: str, least: float) -> bool:
    try:
        return float(value) > least
    except ValueError:
        return False


def _listed(values: Sequence[str]) -> str:
    """Join values for a sentence."""
    return f"{', '.join(values[:-1])} or {values[-1]}" if len(values) > 1 else "".join(values)
