"""The citation file keeps the Citation File Format, and says what the rest of the project says."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from pyoxigraph import Literal, RdfFormat, parse

ROOT = Path(__file__).resolve().parents[1]
TEXT = {"type": "string", "minLength": 1}
DATE = {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["authors", "cff-version", "message", "title"],
    "properties": {
        "abstract": TEXT,
        "authors": {
            "type": "array",
            "minItems": 1,
            "items": {"type": "object", "properties": {"name": TEXT}, "required": ["name"]},
        },
        "cff-version": {"const": "1.2.0"},
        "date-released": DATE,
        "identifiers": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "required": ["type", "value"],
                "properties": {
                    "type": {"enum": ["doi", "url", "swh", "other"]},
                    "value": {"type": "string", "pattern": "^https://"},
                    "description": TEXT,
                },
            },
        },
        "keywords": {"type": "array", "items": TEXT, "uniqueItems": True},
        "license": {"type": "array", "items": {"enum": ["Apache-2.0", "CC0-1.0"]}},
        "message": TEXT,
        "title": TEXT,
        "type": {"enum": ["software", "dataset"]},
        "url": {"type": "string", "pattern": "^https://"},
        "version": TEXT,
    },
}
"""What the format says of the members that are used here; of others it has many more."""


@pytest.fixture(scope="module")
def citation() -> Any:
    # as texts, for the format wants days and versions to be texts
    return yaml.load((ROOT / "CITATION.cff").read_text(encoding="utf-8"), yaml.BaseLoader)


@pytest.fixture(scope="module")
def stated() -> dict[str, str]:
    """Provide what the data say of themselves, by the last part of each property."""
    quads = parse(path=ROOT / "data/dataset.ttl", format=RdfFormat.TURTLE)
    return {
        re.split("[#/]", quad.predicate.value)[-1]: quad.object.value
        for quad in quads
        if isinstance(quad.object, Literal)
    }


def test_it_is_valid(citation: Any) -> None:
    Draft202012Validator(SCHEMA).validate(citation)


def test_it_agrees_with_the_data_and_the_package(citation: Any, stated: dict[str, str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert citation["version"] == stated["versionInfo"] == project["version"]
    assert citation["date-released"] == stated["issued"] <= stated["modified"]
    assert citation["authors"] == [{"name": stated["prefLabel"]}]
    assert " AND ".join(citation["license"]) == project["license"]
