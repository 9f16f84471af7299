"""A page or a graph for every name that Surplace mints, at the path of its IRI."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from flask import Blueprint, render_template, request
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response

from surplace.engine.formats import GRAPHS
from surplace.engine.protocol import Request
from surplace.namespaces import BASE
from surplace.web.describe import describe, exists
from surplace.web.errors import Problem
from surplace.web.negotiation import HTML, Wanted, not_acceptable, prefers
from surplace.web.service import only_known, send, service

SPACES: Final = ("id", "source", "claim", "graph", "axiom", "rule", "vocab", "ontology", "shape")
"""The first segments of the paths that are names."""

blueprint = Blueprint("resources", __name__)


@blueprint.get(f"/<any({', '.join(SPACES)}):space>")
@blueprint.get(f"/<any({', '.join(SPACES)}):space>/<path:rest>")
def show(space: str, rest: str = "") -> Response | str:
    """Describe a name of Surplace: a page, or a graph by suffix, `?format=` or Accept."""
    only_known(request.args, ["format"])
    name, form = _split(f"{space}/{rest}" if rest else space)
    found = next((iri for iri in _candidates(name) if exists(iri, service().knowledge)), None)
    if found is None:
        raise Problem("not-found", f"Surplace has no name {BASE}{name}: look it up with a query at /sparql.")
    form = request.args.get("format") or form
    if form is None:
        types = {item.media_type: item.name for item in GRAPHS}
        best = prefers(request, [HTML, *types])
        if best is None:
            raise not_acceptable(GRAPHS, page=True)
        form = types.get(best, "html")
    if form == "html":
        path = "/" + name.rstrip("/")
        about = describe(found, service().knowledge, service().limits.statements)
        return render_template("resource.html", about=about, formats=GRAPHS, path=path)
    names = {item.name: item for item in GRAPHS}
    if form not in names:
        allowed = ["html", *names]
        raise Problem(
            "format", f'"{form}" is not a format here: use one of {", ".join(allowed)}.', allowed=allowed
        )
    query = Request(f"DESCRIBE {NamedNode(found)}", {"graph": form})
    return send(query, Wanted(page=False, formats={"graph": form}, types={"graph": names[form].content_type}))


def _split(path: str) -> tuple[str, str | None]:
    """Split the suffix of a format off a path."""
    stem, dot, suffix = path.rpartition(".")
    return (stem, suffix) if dot and suffix in {item.name for item in GRAPHS} else (path, None)


def _candidates(name: str) -> Iterable[str]:
    """Yield the IRIs that a path may stand for: as it is, and with or without a slash at its end."""
    for path in (name, name.rstrip("/"), name + "/"):
        try:
            yield NamedNode(BASE + path).value
        except ValueError:
            return
