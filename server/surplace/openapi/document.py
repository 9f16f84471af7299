"""Puts the document together: all routes at all their addresses, and what they share."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import metadata
from typing import Final

from surplace.catalogue.groups import heading
from surplace.http.message import at
from surplace.http.route import Json, Route
from surplace.http.service import Service
from surplace.openapi.operations import operation, places, tag_of
from surplace.openapi.responses import headers, responses
from surplace.openapi.schemas import rows_of, schemas

VERSION: Final = "3.1.1"
METHODS: Final = ("GET", "POST")
"""Methods that are described: HEAD goes with GET, and OpenAPI 3.1 has no place for QUERY."""
ABOUT: Final = """\
Canned questions, a SPARQL endpoint, and a page or a graph for every name.

- HEAD works wherever GET does. So does QUERY, for which OpenAPI 3.1 has no place, where POST takes a
  query: at /sparql, with the same bodies and answers.
- The format is that of the suffix of the address, else of `format`, else of Accept.
- A parameter that an address does not know is ignored, and named in the header Surplace-Ignored. A question
  and the matrix refuse a name that is nearly that of one of their own parameters, and a day under another
  name than that of theirs, for the answer would be that of another day.
- Several values of a parameter of a question are asked for together: give it several times. Where it is no
  column, the rows do not tell of which value they are, and no sentence sums them up.
- A finished answer has an ETag: If-None-Match, If-Match, If-Range and Range work with it.
- A failure is a problem document (RFC 9457), as JSON, plain text or a page, whichever Accept prefers.
- An answer that was cut says so in its header Surplace-Cut and in its body.
"""
_TAGS: Final = {
    "names": "Names: what the graph says of a thing, at the path of its IRI",
    "releases": "Releases: what the graph holds, files of all of it, and what changed",
    "reasons": "Reasons: why something is concluded, and who says it",
    "service": "The service itself",
    "sparql": "SPARQL 1.1 Protocol",
    "suppositions": "Suppositions: what would follow, computed anew",
}


def document(routes: Iterable[Route], service: Service) -> Json:
    """Describe the API; raises EngineError if the pick-lists cannot be had."""
    paths: Json = {}
    for route in routes:
        for place in places(route, service):
            for method in route.methods:
                if method in METHODS:
                    described = operation(place, method, service)
                    paths.setdefault(place.path, {})[method.lower()] = described
    asked = service.catalogue.questions()
    tags = {tag_of(query): f"Questions: {heading(query.group)}" for query in asked} | _TAGS
    rows: Json = {}
    for query in asked:
        rows |= rows_of(query.name, query.columns, query.labels, query.told) if query.columns else {}
    about = metadata("surplace")
    licence = about["License-Expression"]
    return {
        "openapi": VERSION,
        "info": {
            "title": "Surplace",
            "version": about["Version"],
            "summary": about["Summary"],
            "description": ABOUT,
            "license": {"name": licence, "identifier": licence},
        },
        "servers": [{"url": at("") or "/"}],
        "tags": [{"name": name, "description": tags[name]} for name in sorted(tags)],
        "paths": paths,
        "components": {"headers": headers(), "responses": responses(), "schemas": schemas() | rows},
    }
