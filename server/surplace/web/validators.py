"""Entity tags and Cache-Control: an answer is known by release, query, parameters and format alone."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Final

import flask
from flask import request
from werkzeug.wrappers import Response

import surplace
from surplace.engine.limits import Limits
from surplace.web.cache import READING

NOTED_KEEP: Final = "surplace.keep"
"""Where a request's environment says that its answer may be kept and sent again."""
FOR_ERRORS: Final = "no-store"


@cache
def program() -> str:
    """Return a hash of the program's own files: another program may write another answer."""
    found = hashlib.blake2b(digest_size=16)
    root = Path(surplace.__file__).parent
    for path in sorted(path for path in root.rglob("*") if path.suffix in (".py", ".html", ".css")):
        found.update(f"{path.relative_to(root).as_posix()}\0".encode())
        found.update(path.read_bytes())
    return found.hexdigest()


def tag_of(release: str, limits: Limits, *parts: str) -> str:
    """Return a strong entity tag of what an answer depends on; limits may cut it."""
    found = hashlib.blake2b(digest_size=16)
    for part in (program(), release, f"{limits.answer_rows} {limits.answer_bytes}", *parts):
        found.update(f"{len(part)}:{part}".encode("utf-8", "surrogatepass"))
    return found.hexdigest()


def has(tag: str) -> bool:
    """Tell whether the client has the answer with this tag already."""
    return request.method in READING and request.if_none_match.contains_weak(tag)


def not_modified(tag: str) -> Response:
    """Say that the client has the answer."""
    response = flask.Response(status=304)
    response.set_etag(tag)
    return response


def freshness(limits: Limits) -> str:
    """Return for how long an answer may be used without asking again."""
    return f"public, max-age={limits.max_age}"


def validate(release: str, limits: Limits, response: Response) -> Response:
    """Give a response its validator and its freshness, unless it has them."""
    if "Cache-Control" in response.headers:
        return response
    if request.method not in READING or response.status_code >= 400 or not release:
        response.headers["Cache-Control"] = FOR_ERRORS
        return response
    response.headers["Cache-Control"] = freshness(limits)
    if response.status_code == 200:
        if response.get_etag()[0] is None:
            response.set_etag(tag_of(release, limits, request.url, response.content_type or ""))
        request.environ[NOTED_KEEP] = True
        response.make_conditional(request.environ)
    return response
