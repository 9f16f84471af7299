"""All routes of the service, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from surplace.http.route import Route
from surplace.routes import (
    basics,
    cite,
    claims,
    dataset,
    editor,
    examples,
    explain,
    lists,
    matrix,
    names,
    openapi,
    questions,
    releases,
    robots,
    search,
    sparql,
    suppositions,
)

ROUTES: Final[Mapping[str, Route]] = {
    route.name: route
    for module in (
        basics,
        sparql,
        editor,
        questions,
        examples,
        explain,
        suppositions,
        openapi,
        search,
        lists,
        claims,
        matrix,
        names,
        cite,
        dataset,
        releases,
        robots,
    )
    for route in module.ROUTES
}
