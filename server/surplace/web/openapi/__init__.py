"""`/openapi.json`: the whole API in OpenAPI 3.1, made from the routes, the catalogue and the release."""

from __future__ import annotations

import json

from flask import Blueprint, current_app
from werkzeug.wrappers import Response

from surplace.web.openapi.document import document
from surplace.web.service import service

blueprint = Blueprint("openapi", __name__)


@blueprint.get("/openapi.json")
def show() -> Response:
    """Describe this API in OpenAPI 3.1."""
    text = json.dumps(document(current_app, service()), indent=1, sort_keys=True, ensure_ascii=False)
    # browsers show this type and every tool reads it; the document itself says which version it is of
    return Response(text + "\n", content_type="application/json")
