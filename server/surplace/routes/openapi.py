"""`/openapi.json`: the whole API in OpenAPI 3.1, made from what the routes declare."""

from __future__ import annotations

import json
from typing import Final

from surplace.http.call import Call
from surplace.http.message import HttpResponse
from surplace.http.negotiation import JSON
from surplace.http.route import Api, Route
from surplace.openapi.document import document


def show(call: Call) -> HttpResponse:
    """Describe this API in OpenAPI 3.1."""
    made = document(call.service.routes.values(), call.service)
    text = json.dumps(made, indent=1, sort_keys=True, ensure_ascii=False)
    # browsers show this type and every tool reads it; the document itself says which version it is of
    return HttpResponse((text + "\n").encode(), JSON)


ROUTES: Final = (
    Route("openapi", "/openapi.json", "Describe this API in OpenAPI 3.1", show, api=Api(json="OpenApi")),
)
