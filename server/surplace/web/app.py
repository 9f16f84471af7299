"""The Flask application: a factory that puts an engine, a catalogue and the pages together."""

from __future__ import annotations

from functools import partial
from typing import Any, Final

from flask import Flask, request
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from surplace.catalogue import Catalogue
from surplace.engine.knowledge import Knowledge
from surplace.engine.limits import Limits
from surplace.engine.protocol import Engine
from surplace.namespaces import compact
from surplace.web import errors, explain, home, queries, resources, sparql, supposing
from surplace.web.cells import local_path
from surplace.web.service import EXTENSION, Service, body_limit

POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
FOR_SCRIPTS: Final = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Content-Length, Link, Retry-After, Surplace-Cut, Surplace-Release",
}
"""What lets pages of other sites read answers; never with credentials, of which there are none."""
PREFLIGHT: Final = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Allow-Headers": "Accept, Content-Type",
    "Access-Control-Max-Age": "86400",
}
NOT_FOR_SCRIPTS: Final = frozenset(("/person",))
"""What takes circumstances of people is for the pages of this site alone."""


def create_app(engine: Engine, catalogue: Catalogue, limits: Limits | None = None) -> Flask:
    """Make the application. The caller closes *engine* when the application is no longer needed."""
    limits = limits or Limits()
    app = Flask(__name__)
    app.url_map.strict_slashes = False
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.config["MAX_CONTENT_LENGTH"] = app.config["MAX_FORM_MEMORY_SIZE"] = body_limit(limits)
    if limits.proxies:
        number = limits.proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, number, number, number)  # type: ignore[method-assign]
    app.extensions[EXTENSION] = Service(engine, catalogue, limits, Knowledge(engine, limits.page_bytes))
    for module in (home, sparql, queries, explain, supposing, resources):
        app.register_blueprint(module.blueprint)
    errors.register(app)
    app.jinja_env.filters.update(compact=compact, local_path=local_path)
    app.context_processor(lambda: _context(engine))
    app.after_request(_secure)
    app.after_request(partial(_name_release, engine))
    return app


def _context(engine: Engine) -> dict[str, Any]:
    return {"release": (engine.release or {}).get("release", "")}


def _secure(response: Response) -> Response:
    """Add the headers that every response has."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.vary.add("Accept")
    if request.path not in NOT_FOR_SCRIPTS:
        response.headers.update(FOR_SCRIPTS)
        if request.method == "OPTIONS":
            response.headers.update(PREFLIGHT)
    return response


def _name_release(engine: Engine, response: Response) -> Response:
    """Say which release the response is from."""
    if engine.release is not None:
        response.headers["Surplace-Release"] = str(engine.release.get("release", ""))[:16]
    return response
