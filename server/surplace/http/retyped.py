"""The form on the page of a problem: what was typed stays, at every address whose parameters are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from surplace.engine.query_errors import EngineError
from surplace.http.problems import Problem
from surplace.http.route import Parameter, Route
from surplace.http.service import Service

_ABOUT_VALUES: Final = ("parameter", "format", "not-found")
"""The kinds of problems that other values may end."""
_OFFERED: Final = 300
"""Values that a field offers."""
_LINE: Final = 120
"""Characters of a value that is typed into one line."""


@dataclass(frozen=True)
class Retyped:
    """A field: what it is called, the values that were given, what is offered as pairs of value and text."""

    name: str
    label: str
    values: tuple[str, ...]
    offered: tuple[tuple[str, str], ...]
    wrong: bool

    @property
    def long(self) -> bool:
        """Whether a value needs more than a line."""
        return any("\n" in value or len(value) > _LINE for value in self.values)


def retyped(
    problem: Problem,
    found: tuple[Route, Mapping[str, Any]] | None,
    given: Sequence[tuple[str, str]],
    service: Service,
) -> list[Retyped]:
    """Return the fields of the page that is asked for; none where no other value would end the problem.

    *found* is its route with the variable parts of the address. What stands at an address with such parts may
    not read all that others of that form do: its page has the fields that were used.
    """
    if problem.code not in _ABOUT_VALUES or found is None or found[0].page is None:
        return []
    route, variables = found
    one = "<" not in route.address
    if not one and problem.code == "not-found":  # no value makes anything of an address that leads nowhere
        return []
    fields = []
    for parameter in route.declared(service, variables):
        names = {parameter.name, *([problem.extra["parameter"]] if problem.meant == parameter.name else [])}
        values = tuple(value for name, value in given if name in names)
        number = parameter.schema.get("type") in ("integer", "number")  # an empty one is none
        if parameter.name in route.format_names or not (values or (one and not number)):
            continue
        wrong = parameter.name == problem.extra.get("parameter")
        allowed = problem.extra.get("allowed", ()) if wrong and not problem.meant else ()
        offered = tuple((str(value), "") for value in allowed) or _choices(parameter, service)
        fields.append(
            Retyped(parameter.name, parameter.description.rstrip("."), values or ("",), offered, wrong)
        )
    return fields if one or any(value for field in fields for value in field.values) else []


def _choices(parameter: Parameter, service: Service) -> tuple[tuple[str, str], ...]:
    if not parameter.class_iri:
        return tuple((str(value), "") for value in parameter.schema.get("enum", ()) if value)
    try:
        known = service.knowledge.choices(parameter.class_iri)[:_OFFERED]
    except EngineError:
        return ()
    return tuple((item.key, item.label) for item in known)
