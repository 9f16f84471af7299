"""Pages that are graphs as well: a suffix or `?format=` decides which, else the Accept header."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from surplace.description import Description
from surplace.rdf.formats import FORMATS, GRAPHS
from surplace.web.negotiation import Wanted, wanted
from surplace.web.service import only_known


def graph_wanted(suffix: str | None) -> Wanted:
    """Return what is wanted, a page or a graph in a format. Raises Problem for what there is not."""
    only_known(request.args, ["format"])
    return wanted(request, request.args.get("format") or suffix, ["graph"], page=True)


def split(name: str) -> tuple[str, str | None]:
    """Split the suffix of a format off the last part of a path."""
    stem, dot, suffix = name.rpartition(".")
    return (stem, suffix) if dot and suffix in {form.name for form in GRAPHS} else (name, None)


def send_graph(about: Description, form: Wanted) -> Response:
    """Send a description in a format for graphs; what it says is its validator."""
    response = Response(about.write(FORMATS[form.formats["graph"]].media_type))
    response.headers["Content-Type"] = form.types["graph"]
    response.add_etag()
    return response.make_conditional(request.environ)
