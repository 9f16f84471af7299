"""Reads a request of the SPARQL 1.1 Protocol: the query, its dataset, and the format that is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

from flask import request
from pyoxigraph import NamedNode
from werkzeug.datastructures import MultiDict

from surplace.rdf.formats import named
from surplace.web.errors import Problem
from surplace.web.service import FORM, only_known

QUERY: Final = "application/sparql-query"
UPDATE: Final = "application/sparql-update"
BODIES: Final = ", ".join((QUERY, FORM))
"""The types of body that are read, as headers list them."""
FORMAT_NAMES: Final = ("format", "output", "results")
"""Parameters that name the format: clients in use send any of them, or all."""
DEFAULT_GRAPHS, NAMED_GRAPHS = "default-graph-uri", "named-graph-uri"
PARAMETERS: Final = ("query", DEFAULT_GRAPHS, NAMED_GRAPHS, *FORMAT_NAMES)

Fields = MultiDict[str, str]


@dataclass(frozen=True)
class Asked:
    """What a request asks for; *format* is the name of one, None where Accept decides."""

    queries: Sequence[str]
    """The query. None, or more than one, is wrong, but how to say so depends on the format."""
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str | None

    @property
    def graphs(self) -> tuple[str, ...]:
        """All graphs of the dataset; without any, it is that of the release."""
        return (*self.default_graphs, *self.named_graphs)


def from_address() -> Asked:
    """Read a request without a body; raises Problem."""
    if "update" in request.args:
        raise _update()
    _decoded(unquote_to_bytes(request.query_string), "the query string", "utf-8")
    only_known(request.args, PARAMETERS)
    return _asked(request.args, request.args.getlist("query"))


def from_body() -> Asked:
    """Read a request whose body is a form, or a bare query with the rest in the address; raises Problem."""
    if request.mimetype == UPDATE or "update" in request.args:
        raise _update()
    if request.headers.get("Content-Encoding", "identity").strip().lower() not in ("", "identity"):
        raise Problem(
            "media-type",
            f'A body in the encoding "{request.headers["Content-Encoding"]}" is not read: send it as it is.',
            {"Accept-Encoding": "identity", "Accept-Post": BODIES},
        )
    charset = request.mimetype_params.get("charset", "utf-8")
    if request.mimetype == FORM:
        _decoded(unquote_to_bytes(request.get_data(cache=True)), FORM, charset)
        if "update" in request.form:
            raise _update()
        fields = MultiDict([*request.args.items(multi=True), *request.form.items(multi=True)])
        only_known(fields, PARAMETERS)
        return _asked(fields, fields.getlist("query"))
    if request.mimetype == QUERY:
        only_known(request.args, [name for name in PARAMETERS if name != "query"])
        return _asked(request.args, [_decoded(request.get_data(), QUERY, charset)])
    raise Problem(
        "media-type",
        f'A query is not read from "{request.mimetype or "a body without a type"}": send {FORM} or {QUERY}.',
        {"Accept-Post": BODIES},
        allowed=[FORM, QUERY],
    )


def _asked(fields: Fields, queries: list[str]) -> Asked:
    return Asked(queries, _graphs(fields, DEFAULT_GRAPHS), _graphs(fields, NAMED_GRAPHS), format_name(fields))


def format_name(fields: Fields) -> str | None:
    """Read the name of the format, which may be given several times, but not differently; raises Problem.

    SPARQLWrapper sends `format` by its name and by its media type, and each of the other names as well.
    """
    found: dict[str, str] = {}
    for name in FORMAT_NAMES:
        values = fields.getlist(name)
        if len({_format_of(value) for value in values}) > 1:
            raise Problem("parameter", f'"{name}" names several formats: name one.', parameter=name)
        if any(values):
            found[name] = values[0]
    for name, value in found.items():
        if value.lower() != next(iter(found.values())).lower():
            raise Problem(
                "parameter",
                f'"{name}" and "{next(iter(found))}" name different formats: give one of them.',
                parameter=name,
            )
    return next(iter(found.values()), None)


def _format_of(value: str) -> str:
    """Return the name of a format that is given by name or media type; anything else as it is."""
    form = named(value)
    return form.name if form is not None else value.lower()


def _graphs(fields: Fields, name: str) -> tuple[str, ...]:
    """Read the IRIs of graphs, which must be absolute."""
    for value in fields.getlist(name):
        try:
            NamedNode(value)
        except ValueError:
            raise Problem(
                "parameter",
                f'"{value}" is not the IRI of a graph: give a full IRI as {name}.',
                parameter=name,
            ) from None
    return tuple(fields.getlist(name))


def _decoded(data: bytes, place: str, charset: str) -> str:
    """Read bytes as UTF-8, the only encoding of SPARQL."""
    try:
        if charset.lower() not in ("utf-8", "utf8"):
            raise UnicodeError
        return data.decode("utf-8")
    except UnicodeError:
        raise Problem("bad-request", f"What came as {place} is not UTF-8: encode it so.") from None


def _update() -> Problem:
    return Problem("update", "This service is read-only: send a query, not an update.")
