"""Pages that are graphs as well: a suffix or `?format=` decides which, else the Accept header."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from surplace.description import Description
from surplace.engine.formats import GRAPHS, Format
from surplace.web.errors import Problem
from surplace.web.negotiation import HTML, not_acceptable, prefers
from surplace.web.service import only_known


def graph_wanted(suffix: str | None) -> Format | None:
    """Return the format in which a graph is wanted; None for a page. Raises Problem for what there is not."""
    only_known(request.args, ["format"])
    names = {form.name: form for form in GRAPHS}
    name = request.args.get("format") or suffix
    if name is not None:
        if name != "html" and name not in names:
            allowed = ["html", *names]
            raise Problem(
                "format", f'"{name}" is not a format here: use one of {", ".join(allowed)}.', allowed=allowed
            )
        return names.get(name)
    types = {form.media_type: form for form in GRAPHS}
    best = prefers(request, [HTML, *types])
    if best is None:
        raise not_acceptable(GRAPHS, page=True)
    return types.get(best)


def split(name: str) -> tuple[str, str | None]:
    """Split the suffix of a format off the last part of a path."""
    stem, dot, suffix = name.rpartition(".")
    return (stem, suffix) if dot and suffix in {form.name for form in GRAPHS} else (name, None)


def send_graph(about: Description, form: Format) -> Response:
    """Send a description in a format for graphs; what it says is its validator."""
    response = Response(about.write(form.media_type))
    response.headers["Content-Type"] = form.content_type
    response.add_etag()
    return response.make_conditional(request.environ)
