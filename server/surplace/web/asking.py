"""What a request asks of a question: values, labels or none, all rows or a part.."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, urlencode

from flask import request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from surplace.catalogue import ParameterError, Query
from surplace.catalogue.asked import Asked, ask
from surplace.sparql.rewriting import pageable, paged, without
from surplace.web.paging import LIMIT, OFFSET, Part, part_of
from surplace.web.service import Service

FORMAT: Final = "format"
LABELS: Final = "labels"
_SWITCH: Final = {"true": True, "false": False}


@dataclass(frozen=True)
class Asking:
    """A question with its values, and which of its columns and rows are wanted."""

    asked: Asked
    labels: bool
    part: Part

    @property
    def all_rows(self) -> str:
        """The query for all rows, without columns of labels if they are not wanted."""
        query = self.asked.query
        return self.asked.text if self.labels else without(self.asked.text, query.labels)

    def rows(self, part: Part) -> str:
        """Return the query for a part of the rows."""
        return paged(self.all_rows, part.limit, part.offset)


def common(query: Query) -> tuple[str, ...]:
    """Return the names of what a question is asked with besides its own parameters."""
    return (FORMAT, LABELS, LIMIT, OFFSET) if query.form == "SELECT" else (FORMAT,)


def values_of(query: Query, fields: MultiDict[str, str]) -> dict[str, list[str]]:
    """Return what is given for the parameters of the question itself."""
    return {name: fields.getlist(name) for name in fields if name not in common(query)}


def asking(query: Query, fields: MultiDict[str, str], current: Service) -> Asking:
    """Read what the parameters *fields* of a request ask; raises ParameterError."""
    allowed = (*query.params, *common(query))
    for name in fields:
        if name not in allowed:
            listed = ", ".join(allowed)
            message = f'{query.name} has no parameter "{name}": it takes {listed}.'
            raise ParameterError(name, message, allowed)
    for name in (FORMAT, LABELS):
        if len(fields.getlist(name)) > 1:
            raise ParameterError(name, f'"{name}" is given more than once: give it once.')
    labels = fields.get(LABELS, "true")
    if labels not in _SWITCH:
        raise ParameterError(LABELS, f'"{LABELS}" is "{labels}": give true or false.', tuple(_SWITCH))
    part = part_of(fields, current.limits)
    if not part.is_all and not pageable(query.text):
        name = LIMIT if part.limit is not None else OFFSET
        raise ParameterError(
            name, f"The rows of {query.name} have no order of their own: ask for all of them."
        )
    asked = ask(query, values_of(query, fields), current.knowledge.choices)
    return Asking(asked, _SWITCH[labels], part)


def name_answer(response: Response, query: Query, about: Asking | None, form: str | None) -> Response:
    """Let a response name the question, its version, its values, and where RDF describes it.

    *about* is None where the values could not be read; *form* is the name of a format, None for a page.
    """
    response.headers["Surplace-Query"] = query.name
    response.headers["Surplace-Query-Version"] = query.version
    identified = url_for("examples.identified", name=query.name)
    response.headers.add("Link", f'<{identified}>; rel="describedby"')
    if about is not None:
        response.headers.add("Link", f'</{about.asked.path}>; rel="canonical"')
    if form is not None:
        fields = [item for item in request.args.items(multi=True) if item[0] != FORMAT]
        path = url_for("queries.show", name=f"{query.name}.{form}")
        response.headers["Content-Location"] = path + (
            f"?{urlencode(fields, quote_via=quote)}" if fields else ""
        )
    return response
