"""All routes of the service, by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from surplace.routes import (
    basics,
    description,
    examples,
    explain,
    names,
    openapi,
    questions,
    robots,
    sparql,
    suppositions,
)
from surplace.routes.route import Route

ROUTES: Final[Mapping[str, Route]] = {
    route.name: route
    for module in (
        basics,
        sparql,
        questions,
        examples,
        explain,
        suppositions,
        openapi,
        names,
        description,
        robots,
    )
    for route in module.ROUTES
}
