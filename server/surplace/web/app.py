"""The Flask application: a factory that puts an engine, a catalogue and the pages together."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from surplace.catalogue import Catalogue
from surplace.engine.knowledge import Knowledge
from surplace.engine.limits import Limits
from surplace.engine.protocol import Engine
from surplace.namespaces import compact
from surplace.web import (
    errors,
    examples,
    explain,
    home,
    openapi,
    queries,
    resources,
    robots,
    sparql,
    supposing,
    versions,
    void,
)
from surplace.web.cells import local_path
from surplace.web.headers import FOR_SCRIPTS, NOT_FOR_SCRIPTS, PREFLIGHT, SECURITY
from surplace.web.service import EXTENSION, Service, body_limit
from surplace.web.validators import validate


def create_app(engine: Engine, catalogue: Catalogue, limits: Limits | None = None) -> Flask:
    """Make the application. The caller closes *engine* when the application is no longer needed."""
    limits = limits or Limits()
    app = Flask(__name__)
    app.url_map.strict_slashes = False
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = body_limit(limits)
    if limits.proxies:  # which address the client has is found in front of this; a proxy ends https
        app.wsgi_app = ProxyFix(app.wsgi_app, 0, limits.proxies, 0)  # type: ignore[method-assign]
    app.extensions[EXTENSION] = Service(engine, catalogue, limits, Knowledge(engine, limits.page_bytes))
    pages = (home, sparql, queries, examples, explain, supposing, openapi, resources, void, versions, robots)
    for module in pages:
        app.register_blueprint(module.blueprint)
    errors.register(app)
    app.jinja_env.filters.update(compact=compact, local_path=local_path)
    app.context_processor(lambda: _context(engine))
    # the last one is called first
    app.after_request(_secure)
    app.after_request(lambda response: validate(_release(engine), limits, response))
    app.after_request(partial(_name_release, engine))
    return app


def _release(engine: Engine) -> str:
    return str((engine.release or {}).get("release", ""))


def _context(engine: Engine) -> dict[str, Any]:
    return {"release": _release(engine)}


def _secure(response: Response) -> Response:
    """Add the headers that every response has."""
    for name, value in SECURITY.items():
        response.headers.setdefault(name, value)
    response.vary.add("Accept")
    if request.path.rstrip("/") not in NOT_FOR_SCRIPTS:
        response.headers.update(FOR_SCRIPTS)
        if request.method == "OPTIONS":
            response.headers.update(PREFLIGHT)
    return response


def _name_release(engine: Engine, response: Response) -> Response:
    """Say which release the response is from, unless it is a file of another one and says so."""
    if engine.release is not None:
        response.headers.setdefault("Surplace-Release", _release(engine)[:16])
    return response
