"""What a request asks of a question: values, labels or none, all rows or a part of them (RFC 8288)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from pyoxigraph import Literal

from surplace.catalogue import ParameterError, Query
from surplace.catalogue.asked import BoundQuestion, ask
from surplace.catalogue.called import key_of, meant
from surplace.catalogue.values import Choices
from surplace.engine.limits import Limits
from surplace.engine.table import Table
from surplace.http.call import Call, fields_of, unknown_parameter
from surplace.http.finish import EMBED
from surplace.http.former import WANTED
from surplace.http.message import at
from surplace.http.negotiation import Offer
from surplace.http.route import Parameter, Parameters
from surplace.http.timeout import TIMEOUT
from surplace.words.days import meant_as_day

LABELS: Final = "labels"
LIMIT: Final = "limit"
OFFSET: Final = "offset"
_VALUE: Final[Mapping[str, str]] = {"type": "string"}


@dataclass(frozen=True)
class RowRange:
    """The rows after *offset*, at most *limit* of them, or all."""

    limit: int | None = None
    offset: int = 0

    @property
    def is_all(self) -> bool:
        """Whether this is the whole answer."""
        return self == RowRange()


@dataclass(frozen=True)
class Asking:
    """A question with its values, and which of its columns and rows are wanted."""

    asked: BoundQuestion
    labels: bool
    part: RowRange

    @property
    def all_rows(self) -> str:
        """The query for all rows, without columns of labels if they are not wanted."""
        query = self.asked.query
        return self.asked.text if self.labels else query.without(self.asked.text, query.labels)

    def rows(self, part: RowRange) -> str:
        """Return the query for a part of the rows."""
        return self.asked.query.paged(self.all_rows, part.limit, part.offset)


def parameters_of(query: Query, limits: Limits) -> Parameters:
    """Return the parameters of a question: its own, and those that every question of its form has."""
    own = tuple(
        Parameter(
            name,
            parameter.description,
            dict(_VALUE),
            many=True,
            means=meant_as_day if parameter.type == "date" else None,
        )
        for name, parameter in query.params.items()
    )
    return (*own, *common(query, limits))


@dataclass(frozen=True, eq=False)
class Posed:
    """A question as every request to it finds it: what does not depend on the request."""

    query: Query
    parameters: Parameters
    offer: Offer


_EMBED: Final = Parameter(
    EMBED, "Given with any value, the page is the answer alone, to be framed by pages of others."
)


def common(query: Query, limits: Limits) -> Parameters:
    """Return what a question is asked with besides its own parameters."""
    if query.form != "SELECT":
        return (WANTED, _EMBED, TIMEOUT)
    return (
        WANTED,
        _EMBED,
        Parameter(
            LABELS,
            "Whether the columns of labels are wanted.",
            {"type": "string", "default": "true", "enum": ["true", "false"]},
        ),
        Parameter(
            LIMIT,
            "Rows that are wanted at most.",
            {"type": "integer", "minimum": 1, "maximum": limits.answer_rows},
        ),
        Parameter(
            OFFSET,
            "Rows before the first one wanted.",
            {"type": "integer", "minimum": 0, "maximum": limits.offset, "default": 0},
        ),
        TIMEOUT,
    )


def values_of(query: Query, call: Call) -> dict[str, list[str]]:
    """Return what is given for the parameters of the question itself."""
    return {name: call.values[name] for name in query.params if name in call.values}


def refuse_what_is_meant(query: Query, call: Call, choices: Choices) -> None:
    """Refuse a value under a name that is not known, as `country=JPN`, if it is one of a parameter's own.

    The answer without it would be taken for that with it. Raises Problem; a page shows it instead.
    """
    for name, value in fields_of(call):
        if name not in call.ignored or value.isdigit():  # which ends many a name, and counts or tracks
            continue
        for own, parameter in query.params.items():
            known = choices(parameter.class_iri) if parameter.class_iri and own not in call.values else ()
            if meant(known, value):
                problem = unknown_parameter(name, own, call.route.declared(call.service, call.variables))
                if not call.choice.page:
                    raise problem
                call.problem = problem
                return


def normalise(query: Query, call: Call, choices: Choices) -> None:
    """Write what a call asks in one form: keys for IRIs, days as in ISO 8601, and no defaults.

    Raises ParameterError.
    """
    values = call.values
    for name, terms in query.terms(values_of(query, call), choices).items():
        kind = query.params[name].class_iri
        known = choices(kind) if kind else ()
        values[name] = [key_of(term.value, known) for term in terms if term is not None]
    for name, default in ((LABELS, "true"), (LIMIT, ""), (OFFSET, "0")):
        if name in values:
            one = values[name][0].lstrip("0") or "0" if name != LABELS else values[name][0]
            values[name] = [one] if one != default else []
    for name in [name for name, given in values.items() if not given]:
        del values[name]


def read_asking(query: Query, call: Call, choices: Choices) -> Asking:
    """Read what a call asks; raises ParameterError."""
    limit = int(call.first(LIMIT)) if LIMIT in call.values else None
    part = RowRange(limit, call.number(OFFSET, 0))
    if not part.is_all and not query.pageable:
        name = LIMIT if limit is not None else OFFSET
        raise ParameterError(
            name, f"The rows of {query.name} have no order of their own: ask for all of them."
        )
    asked = ask(query, values_of(query, call), choices)
    return Asking(asked, call.first(LABELS, "true") == "true", part)


def address_of(call: Call, part: RowRange) -> str:
    """Return where the request of a call finds another part instead."""
    fields = [
        (name, value)
        for name, values in call.values.items()
        if name not in (LIMIT, OFFSET)
        for value in values
    ]
    fields += [(LIMIT, str(part.limit))] if part.limit is not None else []
    fields += [(OFFSET, str(part.offset))] if part.offset else []
    return at(quote(call.request.path)) + (f"?{urlencode(fields)}" if fields else "")


def count_of(table: Table) -> int:
    """Return the one number that a table has."""
    (row,) = table.rows
    (number,) = row.values()
    return int(number.value) if isinstance(number, Literal) else 0


def others(part: RowRange, total: int) -> dict[str, RowRange]:
    """Return the parts that a part leads to, by relation type; all are as long as it is."""
    if part.limit is None:
        return {"first": RowRange()}
    start = part.offset % part.limit
    last = start + (total - 1 - start) // part.limit * part.limit if start < total else 0
    offsets = {"first": 0, "last": last}
    if part.offset:
        offsets["prev"] = min(last, max(0, part.offset - part.limit))
    if part.offset + part.limit < total:
        offsets["next"] = part.offset + part.limit
    return {relation: RowRange(part.limit, offset) for relation, offset in sorted(offsets.items())}
