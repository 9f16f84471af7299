"""`/openapi.json`: the whole API in OpenAPI 3.1, made from what the routes declare."""

from __future__ import annotations

import json
from typing import Final

from surplace.openapi.document import document
from surplace.routes.call import Call
from surplace.routes.message import HttpResponse
from surplace.routes.negotiation import JSON
from surplace.routes.route import Api, Route


def show(call: Call) -> HttpResponse:
    """Describe this API in OpenAPI 3.1."""
    from surplace.routes.table import ROUTES  # which lists this route too

    text = json.dumps(document(ROUTES.values(), call.service), indent=1, sort_keys=True, ensure_ascii=False)
    # browsers show this type and every tool reads it; the document itself says which version it is of
    return HttpResponse((text + "\n").encode(), JSON)


ROUTES: Final = (
    Route("openapi", "/openapi.json", "Describe this API in OpenAPI 3.1", show, api=Api(json="OpenApi")),
)
