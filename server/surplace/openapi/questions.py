"""The parameters of a question with the types of their values, which only its file and the release know."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

from surplace.catalogue import Instance, Query, QueryParameter
from surplace.http.route import Json, Parameters

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
Choices = Callable[[str], Sequence[Instance]]


def typed(query: Query, parameters: Parameters, choices: Choices) -> Parameters:
    """Give a question's own parameters their types: each is a list, for it may be given several times.

    *choices* gives the instances of a class; raises EngineError if they cannot be had.
    """
    found = []
    for parameter in parameters:
        asked = query.params.get(parameter.name)
        if asked is not None:
            defaults = [term.value for term in asked.defaults if term is not None]
            schema: Json = {"type": "array", "items": _item(asked, choices), "minItems": 1}
            schema |= {"default": defaults} if defaults else {}
            parameter = replace(parameter, schema=schema, example=defaults or None)
        found.append(parameter)
    return tuple(found)


def _item(asked: QueryParameter, choices: Choices) -> Json:
    """Return the schema of one value; with a class, the keys of its instances do as well as IRIs."""
    schema = _TYPES[asked.type]
    if asked.class_iri is not None:
        listed = choices(asked.class_iri)
        keys = sorted({choice.key for choice in listed})
        few = 0 < len(keys) == len(listed) <= LISTED
        values: Json = {"anyOf": [{"enum": keys}, {"format": "iri"}]} if few else {"format": "iri-reference"}
        schema = {"type": "string", **values, "x-iri-class": asked.class_iri}
    return {"anyOf": [schema, {"const": "", "description": "Any."}]} if asked.optional else schema
