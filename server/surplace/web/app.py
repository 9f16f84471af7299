"""The Flask application: a factory that puts an engine, a catalogue and the pages together."""

from __future__ import annotations

from typing import Any, Final

from flask import Flask
from werkzeug.wrappers import Response

from surplace.catalogue import Catalogue
from surplace.engine.knowledge import Knowledge
from surplace.engine.limits import Limits
from surplace.engine.protocol import Engine
from surplace.namespaces import compact
from surplace.web import errors, explain, home, queries, resources, sparql, supposing
from surplace.web.cells import local_path
from surplace.web.service import EXTENSION, Service

POLICY: Final = (
    "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}
FORM_OVERHEAD: Final = 12
"""Bytes that one character of a query may take in the body of a form: four bytes, each as %XX."""


def create_app(engine: Engine, catalogue: Catalogue, limits: Limits | None = None) -> Flask:
    """Make the application. The caller closes *engine* when the application is no longer needed."""
    limits = limits or Limits()
    app = Flask(__name__)
    app.url_map.strict_slashes = False
    app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True}
    app.config["MAX_CONTENT_LENGTH"] = limits.query_length * FORM_OVERHEAD
    app.config["MAX_FORM_MEMORY_SIZE"] = limits.query_length * FORM_OVERHEAD
    app.extensions[EXTENSION] = Service(engine, catalogue, limits, Knowledge(engine, limits.page_bytes))
    for module in (home, sparql, queries, explain, supposing, resources):
        app.register_blueprint(module.blueprint)
    errors.register(app)
    app.jinja_env.filters.update(compact=compact, local_path=local_path)
    app.context_processor(lambda: _context(engine))
    app.after_request(_secure)
    return app


def _context(engine: Engine) -> dict[str, Any]:
    return {"release": (engine.release or {}).get("release", "")}


def _secure(response: Response) -> Response:
    """Add the headers that every response has."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    response.vary.add("Accept")
    return response
