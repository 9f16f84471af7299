"""The questions of the catalogue in OpenAPI: two addresses each, its parameters, its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

from surplace.catalogue import Choice, Parameter, Query
from surplace.engine.limits import Limits
from surplace.rdf.formats import formats_of
from surplace.sparql.syntax import kind_of
from surplace.web.asking import FORMAT, LABELS
from surplace.web.openapi.parameters import parameter
from surplace.web.openapi.responses import ANSWER, ASKING, KEPT, UNCHANGED, failures, success
from surplace.web.openapi.schemas import Json, answers, downloads, ref, rows_of
from surplace.web.paging import LIMIT, OFFSET

LISTED: Final = 20
"""Instances of a class that are listed as values; where there are more, the class is only named."""

_TYPES: Final[dict[str, Json]] = {
    "iri": {"type": "string", "format": "iri"},
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
}
_PROBLEMS: Final = (*ASKING, "refused", "parameter", "format", "not-acceptable")

Choices = Callable[[str], Sequence[Choice]]


def paths(query: Query, choices: Choices, limits: Limits) -> Json:
    """Return the addresses of a question: its own, and the one that ends in the name of a format."""
    kind = kind_of(query.text) or "bindings"
    rows = ref(query.name) if query.columns else None
    forms = [form.name for form in formats_of(kind, named=True)]
    parameters = [*(_parameter(item, choices) for item in query.params.values()), *_of_rows(query, limits)]
    common = {"tags": [tag(query)], "summary": query.summary, "description": query.description}
    by_name = {
        "name": FORMAT,
        "in": "query",
        "description": "The format by name, where Accept does not say it.",
        "schema": {"type": "string", "enum": ["html", *forms]},
    }
    suffix = {
        "name": "suffix",
        "in": "path",
        "required": True,
        "description": "The format by name.",
        "schema": {"type": "string", "enum": forms},
    }
    headers = (*ANSWER, "Content-Disposition", "Content-Location", "Surplace-Query", "Surplace-Query-Version")
    return {
        f"/queries/{query.name}": {
            "get": {
                **common,
                "operationId": query.name,
                "parameters": [*parameters, by_name],
                "responses": {
                    "200": success("The answer.", answers([kind], rows, page=True), (*headers, *KEPT)),
                    "304": UNCHANGED,
                    **failures(_PROBLEMS, path=False),
                },
            }
        },
        f"/queries/{query.name}.{{suffix}}": {
            "get": {
                **common,
                "operationId": f"{query.name}-as",
                "parameters": [suffix, *parameters],
                "responses": {
                    "200": success("The answer.", downloads(kind, rows), (*headers, *KEPT)),
                    "304": UNCHANGED,
                    **failures((*_PROBLEMS, "not-found"), path=True),
                },
            }
        },
    }


def _of_rows(query: Query, limits: Limits) -> list[Json]:
    """Describe what is asked of rows besides the parameters of the question."""
    if query.form != "SELECT":
        return []
    return [
        parameter(
            LABELS,
            "Whether the columns of labels are wanted.",
            {"type": "boolean", "default": True},
        ),
        parameter(
            LIMIT,
            "Rows that are wanted at most.",
            {"type": "integer", "minimum": 1, "maximum": limits.answer_rows},
        ),
        parameter(
            OFFSET,
            "Rows before the first one wanted.",
            {"type": "integer", "minimum": 0, "maximum": limits.offset, "default": 0},
        ),
    ]


def tag(query: Query) -> str:
    """Return the tag of a question."""
    return query.category or "other"


def schema(query: Query) -> Json:
    """Return the schema of the answer of a SELECT query in JSON, under its name."""
    return {query.name: rows_of(query.columns, query.labels)} if query.columns else {}


def _parameter(item: Parameter, choices: Choices) -> Json:
    """Describe a parameter: a list, because each may be given several times."""
    found: Json = {
        "name": item.name,
        "in": "query",
        "description": item.description,
        "style": "form",
        "explode": True,
        "schema": {"type": "array", "items": _item(item, choices), "minItems": 1},
    }
    defaults = [term.value for term in item.defaults if term is not None]
    if defaults:
        found["schema"]["default"] = defaults
        found["example"] = defaults
    return found


def _item(parameter: Parameter, choices: Choices) -> Json:
    """Return the schema of one value; with a class, the keys of its instances do as well as IRIs."""
    if parameter.class_iri is None:
        return _any(parameter, _TYPES[parameter.type])
    listed = choices(parameter.class_iri)
    keys = sorted({choice.key for choice in listed})
    few = 0 < len(keys) == len(listed) <= LISTED
    values = {"anyOf": [{"enum": keys}, {"format": "iri"}]} if few else {"format": "iri-reference"}
    return _any(parameter, {"type": "string", **values, "x-iri-class": parameter.class_iri})


def _any(parameter: Parameter, schema: Json) -> Json:
    """Allow the empty text where it means any value."""
    return {"anyOf": [schema, {"const": "", "description": "Any."}]} if parameter.optional else schema
