"""The parameters of what is no question of the catalogue; a test compares them with what is accepted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from surplace.explain.tree import DEPTH, WIDTH
from surplace.rdf.formats import FORMATS, GRAPHS, formats_of
from surplace.web.explain import MOST_DEPTH, MOST_WIDTH
from surplace.web.openapi.schemas import TEXT, Json
from surplace.web.protocol import FORMAT_NAMES
from surplace.web.sparql import EXAMPLE
from surplace.web.supposing import KINDS
from surplace.web.writing import FORMS

IRI: Final[Json] = {"type": "string", "format": "iri-reference"}
DAY: Final[Json] = {"type": "string", "format": "date"}
_GRAPHS: Final[Json] = {"type": "array", "items": {"type": "string", "format": "iri"}}
_GRAPH_NAMES: Final = [form.name for form in GRAPHS]


def parameter(name: str, description: str, schema: Json = TEXT, **more: Any) -> Json:
    """Describe a parameter of the query string."""
    return {"name": name, "in": "query", "description": description, "schema": schema, **more}


def _named(*names: str) -> Json:
    return {"type": "string", "enum": list(names)}


def _upto(most: int, default: int) -> Json:
    return {"type": "integer", "minimum": 1, "maximum": most, "default": default}


def sparql(*pages: str) -> Mapping[str, Json]:
    """Return the properties of a request to the endpoint besides the query; *pages* are formats of pages."""
    names = _named(*pages, *FORMATS)
    about = "The format by name. Where several such parameters are sent, they must be of one mind."
    formats = {**names, "description": about, "examples": ["json"]}
    return {
        "default-graph-uri": {
            **_GRAPHS,
            "description": "Graphs that are the default graph together; FROM does not count then.",
        },
        "named-graph-uri": {
            **_GRAPHS,
            "description": "The graphs that GRAPH finds; FROM NAMED does not count then.",
        },
        **dict.fromkeys(FORMAT_NAMES, formats),
    }


def in_query(properties: Mapping[str, Json]) -> tuple[Json, ...]:
    """Return the properties of a form as parameters of the query string."""
    return tuple(
        parameter(name, schema["description"], {key: schema[key] for key in schema if key != "description"})
        for name, schema in properties.items()
    )


QUERY: Final[Json] = {**TEXT, "description": "A query in SPARQL 1.1.", "examples": [EXAMPLE]}

GRAPH_FORMATS: Final = (
    parameter(
        "format",
        "The format by name, where Accept does not say it.",
        _named(*(form.name for form in formats_of("graph"))),
    ),
)
FORMATTED: Final = (
    parameter("format", "The format by name, where Accept does not say it.", _named("html", *_GRAPH_NAMES)),
)
_NAME_FORMS: Final = ("html", *(form.name for form in FORMS))
NAMED: Final = (
    parameter("format", "The format by name, where Accept does not say it.", _named(*_NAME_FORMS)),
    parameter(
        "page",
        "Which page of the statements, where there are many; the links rel=next and rel=prev lead on.",
        {"type": "integer", "minimum": 1, "maximum": 999_999, "default": 1},
    ),
)

EXAMPLES: Final = (
    parameter("format", "The format by name, where Accept does not say it.", _named(*_GRAPH_NAMES)),
)

EXPLAINED: Final = (
    parameter("iri", "What to explain, if not a statement.", IRI, example="state:CHN"),
    parameter("s", "The subject of a statement.", IRI),
    parameter("p", "Its predicate.", IRI),
    parameter("o", "Its object: an IRI, or a literal as Turtle writes it."),
    parameter("depth", "How many steps down.", _upto(MOST_DEPTH, DEPTH)),
    parameter("width", "How many premises side by side.", _upto(MOST_WIDTH, WIDTH)),
    parameter(
        "format", "The format by name, where Accept does not say it.", _named("html", "json", *_GRAPH_NAMES)
    ),
)

SUPPOSED: Final = (
    parameter("kind", "What is supposed.", _named(*KINDS), example="accede"),
    parameter("on", "The day on which it happens.", DAY, example="2012-01-01"),
    parameter("reservation", "The reservation that is withdrawn.", IRI),
    parameter("state", "The state that accedes or denounces: its key or IRI.", IRI, example="PRK"),
    parameter("treaty", "The treaty: its key or IRI.", IRI, example="cat"),
    parameter("effect", "The day on which a denunciation takes effect.", DAY),
)

NAMES: Final[Mapping[str, str]] = {
    "axiom": "monitors-domain-agent",
    "claim": "not-refugees-diplomat",
    "graph": "provenance",
    "id": "state/CHN",
    "ontology": "State",
    "rule": "party",
    "shape": "NormKind",
    "source": "untc/V-2",
    "vocab": "action/refoulement",
}
"""A name below each first segment of the paths that are names."""


OTHERS: Final[Mapping[str, Json]] = {
    "release": {
        "description": "A release, by the first 16 digits of its hash, as in the header Surplace-Release.",
        "schema": {**TEXT, "pattern": "^[0-9a-f]{16}"},
    },
    "file": {"description": "The name of a file.", "schema": TEXT},
    "number": {
        "description": "The number of a part, from 1.",
        "schema": {"type": "integer", "minimum": 1},
        "example": 1,
    },
    "suffix": {"description": "The format by name.", "schema": _named(*_GRAPH_NAMES), "example": "ttl"},
}
"""Variable parts of paths by name, where they are no names of the graph."""


def variable(name: str, address: str, questions: Iterable[str], release: str) -> Json:
    """Describe the variable part of a path: the name of a question or file, or the rest of a name.

    *release* is the name of the one that is served. Of what it changed there may be no record, so no example.
    """
    found: Json = {"name": name, "in": "path", "required": True}
    if release and "changes" not in address and name in ("release", "file"):
        return {**found, **OTHERS[name], "example": {"release": release, "file": "surplace.nq.gz"}[name]}
    if name in OTHERS:
        return {**found, **OTHERS[name]}
    if name == "name":
        return {**found, "description": "A question.", "schema": _named(*questions)}
    if name == "suffix":
        return {**found, "description": "The format by name.", "schema": _named(*_NAME_FORMS)}
    if name == "parameter":
        return {**found, "description": "A parameter of it.", "schema": TEXT}
    about = "May contain slashes, sent as they are, and end in the name of a format, as in state/CHN.ttl."
    return {**found, "description": about, "schema": TEXT, "example": NAMES[address.split("/")[1]]}


PERSON: Final[Json] = {
    "origin": {**TEXT, "description": "The state that the person comes from, as PRK."},
    "stay": {**TEXT, "description": "The state in which the person is, as CHN."},
}
