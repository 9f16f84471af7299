"""`/.well-known/void`: the description of the dataset in VoID and DCAT, as a page or a graph."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, make_response, redirect, render_template, url_for
from pyoxigraph import NamedNode
from werkzeug.wrappers import Response

from surplace.description import DATASET, describe
from surplace.description.dataset import agent_of, licence_of, text_of
from surplace.description.parts import PARTS, title_of
from surplace.rdf.formats import GRAPHS
from surplace.web.cells import Cell, cell
from surplace.web.errors import Problem
from surplace.web.graphs import graph_wanted, send_graph
from surplace.web.service import service
from surplace.web.signposting import signposts

blueprint = Blueprint("void", __name__)


@blueprint.get("/dataset")
def identified() -> Response:
    """Lead from the name of the dataset to its description."""
    return redirect(url_for("void.show"), 303)


@blueprint.get("/.well-known/void")
@blueprint.get("/.well-known/void.<suffix>")
def show(suffix: str | None = None) -> Response:
    """Describe the dataset in VoID and DCAT: licence, figures, links, files, endpoint."""
    form = graph_wanted(suffix)
    manifest = release_manifest()
    if not form.page:
        return send_graph(describe(manifest), form)
    page = render_template(
        "void.html",
        dataset=DATASET,
        manifest=manifest,
        licence=licence_of(manifest),
        publisher=agent_of(manifest, "publisher"),
        text=lambda name: text_of(manifest, name),
        tables=_tables(manifest.get("figures")),
        formats=GRAPHS,
    )
    response = make_response(page)
    response.headers["Link"] = signposts(manifest, home=False)
    return response


def release_manifest() -> Mapping[str, Any]:
    """Return the manifest of the release that is served; raises Problem where an endpoint is."""
    manifest = service().engine.release
    if manifest is None:
        raise Problem(
            "not-found",
            "This service answers from another endpoint, and keeps no release: ask at /sparql instead.",
        )
    return manifest


def _tables(figures: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Lay the figures out for the page."""
    if figures is None:
        return None
    whole, parts = figures["whole"], figures["parts"]
    names = [*whole["classes"], *whole["properties"], *figures["examples"]]
    labels = service().knowledge.labels(names)

    def named(iri: str) -> Cell:
        return cell(NamedNode(iri), labels)

    return {
        "parts": [(PARTS[name].title, part) for name, part in parts.items()],
        "whole": whole,
        "classes": sorted(
            ((named(iri), number) for iri, number in whole["classes"].items()), key=lambda row: -row[1]
        ),
        "properties": sorted(
            ((named(iri), counted) for iri, counted in whole["properties"].items()),
            key=lambda row: -row[1]["triples"],
        ),
        "links": [
            (Cell(title_of(link["target"])), named(link["property"]), link["triples"])
            for link in sorted(figures["links"], key=lambda link: -link["triples"])
        ],
        "examples": [named(iri) for iri in figures["examples"]],
        "vocabularies": figures["vocabularies"],
    }
