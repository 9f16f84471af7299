"""Puts the document together: every route of the application, and what is answered before it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.metadata import metadata
from typing import Final

from flask import Flask
from werkzeug.routing import Rule

from surplace.web.front import HEALTH, METRICS
from surplace.web.openapi import questions
from surplace.web.openapi.operations import JSON, OPERATIONS, Operation
from surplace.web.openapi.parameters import variable
from surplace.web.openapi.responses import HEADERS, KEPT, UNCHANGED, failures, responses, success
from surplace.web.openapi.schemas import TEXT, Json, ref, schemas
from surplace.web.service import Service

VERSION: Final = "3.1.1"
ABOUT: Final = """\
Canned questions, a SPARQL endpoint, and a page or a graph for every name.

- HEAD works wherever GET does. So does QUERY, for which OpenAPI 3.1 has no place, where POST takes a
  query: at /sparql, with the same bodies and answers.
- Several values of a parameter of a question are asked for together: give it several times.
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
_ANY: Final = re.compile(r"<any\(([^)]*)\):\w+>")
_VARIABLE: Final = re.compile(r"<(?:\w+:)?(\w+)>")


def document(app: Flask, service: Service) -> Json:
    """Describe the API of *app*; raises EngineError if the pick-lists cannot be had."""
    asked = service.catalogue.questions()
    names = [query.name for query in asked]
    release = str((service.engine.release or {}).get("release", ""))[:16]
    paths: Json = {HEALTH: {"get": _health()}, METRICS: {"get": _metrics()}}
    for query in asked:
        paths |= questions.paths(query, service.knowledge.choices, service.limits)
    for address, method, about, operation in _operations(app):
        described = _described(about, address, method, operation, names, release)
        paths.setdefault(address, {})[method.lower()] = described
    tags = {questions.tag(query): "Questions of the catalogue" for query in asked} | _TAGS
    return {
        "openapi": VERSION,
        "info": _info(),
        "servers": [{"url": "/"}],
        "tags": [{"name": name, "description": tags[name]} for name in sorted(tags)],
        "paths": paths,
        "components": {
            "headers": dict(HEADERS),
            "responses": responses(),
            "schemas": schemas()
            | {name: found for query in asked for name, found in questions.schema(query).items()},
        },
    }


def _operations(app: Flask) -> Iterator[tuple[str, str, str, Operation]]:
    """Yield address, method, and what is said of it: by its view, and in the table of operations."""
    for rule in app.url_map.iter_rules():
        about = app.view_functions[rule.endpoint].__doc__ or ""
        for method in rule.methods or ():
            if (rule.endpoint, method) in OPERATIONS:
                for address in _addresses(rule):
                    yield address, method, about, OPERATIONS[rule.endpoint, method]


def _addresses(rule: Rule) -> Iterator[str]:
    """Yield the paths of a route as OpenAPI writes them, one for each segment that it lists."""
    found = _ANY.search(rule.rule)
    for segment in found[1].split(", ") if found else [""]:
        yield _VARIABLE.sub(r"{\1}", _ANY.sub(segment, rule.rule))


def _info() -> Json:
    about = metadata("surplace")
    licence = about["License-Expression"]
    return {
        "title": "Surplace",
        "version": about["Version"],
        "summary": about["Summary"],
        "description": ABOUT,
        "license": {"name": licence, "identifier": licence},
    }


def _described(
    about: str, address: str, method: str, operation: Operation, names: list[str], release: str
) -> Json:
    """Describe a method at an address; *about* is what its view says of itself, *names* are the questions."""
    summary = about.strip().split("\n")[0].rstrip(".")
    variables = re.findall(r"{(\w+)}", address)
    found: Json = {
        "tags": [operation.tag],
        "summary": summary,
        "operationId": _identifier(method, address),
        "parameters": [
            *(variable(name, address, names, release) for name in variables),
            # an address that ends in a format takes no other
            *(item for item in operation.parameters if item["name"] != "format" or "suffix" not in variables),
        ],
        "responses": {
            str(operation.status): success(
                summary + ".", operation.content, (*operation.headers, *(KEPT if method == "GET" else ()))
            ),
            **({"304": UNCHANGED} if method == "GET" else {}),
            **{str(status): response for status, response in operation.also.items()},
            **failures(operation.problems, path=bool(variables)),
        },
    }
    if operation.bodies is not None:
        content = {media_type: {"schema": schema} for media_type, schema in operation.bodies.items()}
        found["requestBody"] = {"required": True, "content": content}
    return found


def _identifier(method: str, address: str) -> str:
    """Return a name for an operation that is one in programs too."""
    return re.sub(r"\W+", "-", f"{method.lower()}{address}").strip("-")


def _health() -> Json:
    """Describe what the front answers itself, without the application."""
    return {
        "tags": ["service"],
        "summary": "Tell whether the service can be asked",
        "operationId": _identifier("GET", HEALTH),
        "responses": {
            "200": success("It can.", {JSON: ref("Health")}, ()),
            "503": success("No process is ready for queries.", {JSON: ref("Health")}, ()),
            **failures((), path=False),
        },
    }


def _metrics() -> Json:
    return {
        "tags": ["service"],
        "summary": "Show figures for Prometheus",
        "operationId": _identifier("GET", METRICS),
        "responses": {
            "200": success("The figures.", {"text/plain": TEXT}, ()),
            **failures((), path=False),
        },
    }
