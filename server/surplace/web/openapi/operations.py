"""What each view takes, gives and may fail with, where it is no question of the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from surplace.rdf.formats import DATASETS, GRAPHS, KINDS
from surplace.web.openapi.parameters import (
    EXAMPLES,
    EXPLAINED,
    FORMATTED,
    GRAPH_FORMATS,
    NAMED,
    PERSON,
    QUERY,
    SUPPOSED,
    in_query,
    sparql,
)
from surplace.web.openapi.responses import ALWAYS, ASKING, FILE, PROTOCOL, RELEASE, part
from surplace.web.openapi.schemas import PAGE, TEXT, TEXTS, Json, answers, record, ref
from surplace.web.protocol import QUERY as QUERY_TYPE
from surplace.web.service import FORM

JSON: Final = "application/json"


@dataclass(frozen=True)
class Operation:
    """*content* and *bodies* map media types to schemas; *problems* are kinds; *status* is of success."""

    tag: str
    content: Mapping[str, Json]
    problems: tuple[str, ...] = ALWAYS
    parameters: tuple[Json, ...] = ()
    bodies: Mapping[str, Json] | None = None
    status: int = 200
    headers: tuple[str, ...] = RELEASE
    also: Mapping[int, Json] = field(default_factory=dict)
    """Other responses that are no failures."""


_CHECKED: Final = (*ASKING, "parameter", "not-acceptable")
_FORMATTED: Final = (*_CHECKED, "format")
_PROTOCOL: Final = (*_FORMATTED, "syntax", "refused", "update")

_LEADING: Final = (*ALWAYS, "parameter", "not-acceptable", "not-found")
_LED: Final = (*RELEASE, "Location")
_GRAPH: Final = answers(["graph"], page=False)
_FILE: Final = (*RELEASE, "Content-Disposition")

_LISTED: Final = {"additionalProperties": False, "type": "object"}
_AS_JSON: Final[Json] = {**_LISTED, "properties": {**PERSON, "yes": TEXTS, "no": TEXTS}}
_AS_FORM: Final[Json] = {
    "type": "object",
    "properties": PERSON,
    "additionalProperties": {
        "enum": ["yes", "no", "unknown"],
        "description": "Circumstances and motives, by the last part of their IRIs.",
    },
}

_FILES: Final = {"application/gzip": TEXT, "text/turtle": TEXT}
_DESCRIPTION: Final = Operation(
    "releases",
    answers(["graph"], page=True),
    (*_FORMATTED, "not-found"),
    FORMATTED,
    headers=(*RELEASE, "Link"),
)
_DUMP: Final = Operation(
    "releases", _FILES, (*ALWAYS, "not-found", "range"), headers=FILE, also={206: part()}
)
_MAP: Final = Operation("service", {"application/xml": TEXT}, (*ALWAYS, "not-found"))

OPERATIONS: Final[Mapping[tuple[str, str], Operation]] = {
    ("home.home", "GET"): Operation("service", PAGE, headers=(*RELEASE, "Link")),
    ("problems.problems", "GET"): Operation("service", PAGE),
    ("robots.robots", "GET"): Operation("service", {"text/plain": TEXT}),
    ("robots.index", "GET"): _MAP,
    ("robots.part", "GET"): _MAP,
    ("void.identified", "GET"): Operation(
        "names", PAGE, (*ALWAYS, "not-found"), status=303, headers=(*RELEASE, "Location")
    ),
    ("void.show", "GET"): _DESCRIPTION,
    ("versions.listing", "GET"): _DESCRIPTION,
    ("versions.show", "GET"): _DESCRIPTION,
    ("versions.dump", "GET"): _DUMP,
    ("versions.changed", "GET"): replace(_DUMP, content={"application/gzip": TEXT, JSON: ref("Changes")}),
    ("versions.dumps", "GET"): Operation("releases", PAGE, (*ALWAYS, "not-found")),
    ("versions.current_dump", "GET"): replace(
        _DUMP, headers=(*FILE, "Content-Location"), also={206: part("Content-Location")}
    ),
    ("openapi.show", "GET"): Operation("service", {JSON: {"type": "object"}}, ASKING),
    ("queries.listing", "GET"): Operation("service", PAGE),
    ("examples.show", "GET"): Operation(
        "service", _GRAPH, (*ALWAYS, "parameter", "format", "not-acceptable"), EXAMPLES, headers=_FILE
    ),
    ("examples.identified", "GET"): Operation("names", PAGE, _LEADING, status=303, headers=_LED),
    ("examples.description", "GET"): Operation(
        "names", _GRAPH, (*ALWAYS, "parameter", "not-found"), headers=_FILE
    ),
    ("examples.parameter", "GET"): Operation("names", PAGE, _LEADING, status=303, headers=_LED),
    ("resources.show", "GET"): Operation(
        "names",
        {**answers(["graph"], page=True), **{form.media_type: TEXT for form in DATASETS}},
        (*_FORMATTED, "not-found", "gone"),
        NAMED,
        headers=(*RELEASE, "Link", "Content-Location"),
    ),
    ("sparql.get", "GET"): Operation(
        "sparql",
        answers(KINDS, page=True),
        _PROTOCOL,
        in_query({"query": QUERY, **sparql("html")}),
        headers=PROTOCOL,
    ),
    ("sparql.post", "POST"): Operation(
        "sparql",
        answers(KINDS, page=False),
        (*_PROTOCOL, "media-type"),
        in_query(sparql()),
        {FORM: {**record({"query": QUERY, **sparql()}, ["query"]), **_LISTED}, QUERY_TYPE: QUERY},
        headers=PROTOCOL,
    ),
    ("sparql.graphs", "GET"): Operation(
        "sparql", answers(["graph"], page=False), (*_FORMATTED, "not-found"), GRAPH_FORMATS
    ),
    ("explain.show", "GET"): Operation(
        "reasons",
        {**PAGE, **{form.media_type: answers(["graph"], page=False)[form.media_type] for form in GRAPHS}}
        | {JSON: ref("Explanation")},
        (*_FORMATTED, "not-found"),
        EXPLAINED,
    ),
    ("supposing.person", "GET"): Operation("suppositions", PAGE, _CHECKED),
    ("supposing.person", "POST"): Operation(
        "suppositions",
        {**PAGE, JSON: ref("Assessment")},
        (*_CHECKED, "media-type"),
        bodies={JSON: _AS_JSON, FORM: _AS_FORM},
    ),
    ("supposing.what_if", "GET"): Operation(
        "suppositions",
        {**PAGE, JSON: {"type": "array", "items": ref("Difference")}},
        _CHECKED,
        SUPPOSED,
    ),
}
"""By endpoint and method. A test fails where a route is missing here."""
