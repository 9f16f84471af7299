"""The dataset as a resource: its name, and its description in VoID and DCAT."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from pyoxigraph import NamedNode

from surplace.description import DATASET, describe
from surplace.description.parts import PARTS, title_of
from surplace.description.stated import agent_of, licence_of, text_of
from surplace.http.bodies import description, html_page
from surplace.http.call import Call
from surplace.http.message import HttpResponse, at
from surplace.http.negotiation import Offer
from surplace.http.problems import Problem
from surplace.http.route import Api, Route
from surplace.rdf.formats import GRAPHS
from surplace.web.cells import Cell, cell
from surplace.web.home import data_of
from surplace.web.signposting import signposts


def dataset(call: Call) -> HttpResponse:  # noqa: ARG001 (all handlers are called alike)
    """Lead from the name of the dataset to its description."""
    return HttpResponse(status=303, headers=[("Location", at("/.well-known/void"))])


def void(call: Call) -> HttpResponse:
    """Describe the dataset in VoID and DCAT."""
    return description(call, describe(_manifest(call)))


def void_page(call: Call) -> HttpResponse:
    """Show the description of the dataset."""
    manifest = _manifest(call)
    response = html_page(
        "void.html",
        dataset=DATASET,
        data=data_of(call.service),
        manifest=manifest,
        licence=licence_of(manifest),
        publisher=agent_of(manifest, "publisher"),
        text=lambda name: text_of(manifest, name),
        tables=_tables(call, manifest.get("figures")),
        formats=GRAPHS,
    )
    response.headers.append(("Link", signposts(manifest, home=False)))
    return response


def _manifest(call: Call) -> Mapping[str, Any]:
    """Return the manifest of the release that is served; raises Problem where an endpoint is."""
    manifest = call.service.engine.release
    if manifest is None:
        raise Problem(
            "not-found",
            f"This service answers from another endpoint, and keeps no release: ask at {at('/sparql')}.",
        )
    return manifest


def _tables(call: Call, figures: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    """Lay the figures out for the page."""
    if figures is None:
        return None
    whole, parts = figures["whole"], figures["parts"]
    names = [*whole["classes"], *whole["properties"], *figures["examples"]]
    labels = call.service.knowledge.labels(names)

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


ROUTES: Final = (
    Route(
        "dataset",
        "/dataset",
        "Lead from the name of the dataset to its description",
        dataset,
        tag="names",
        problems=("not-found",),
        api=Api(statuses=(303,)),
    ),
    Route(
        "void",
        "/.well-known/void",
        "Describe the dataset in VoID and DCAT: licence, figures, links, files, endpoint",
        void,
        void_page,
        tag="releases",
        offer=Offer(("graph",), page=True),
        suffixes=True,
        problems=("format", "not-acceptable", "not-found"),
        robots="listed",
        api=Api(headers=("Link",)),
    ),
)
