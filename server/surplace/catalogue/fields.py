"""Headers of query and rule files: the leading `#+` lines as YAML, and checks of its fields.

Every message is one sentence that names the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import yaml

from surplace.errors import SurplaceError

_LOADER: Final = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
"""Every scalar stays text: a parameter may be called `on` or `no`. In C it takes a tenth of the time."""


def split(text: str) -> tuple[str, str]:
    """Split a file into the YAML of its header and the SPARQL text (which keeps its line numbers)."""
    lines = text.split("\n")
    length = next((n for n, line in enumerate(lines) if not line.startswith("#+")), len(lines))
    header = "\n".join(line[2:].removeprefix(" ").rstrip("\r") for line in lines[:length])
    return header, text


def read_fields(header: str, allowed: tuple[str, ...], name: str) -> dict[Any, Any]:
    """Read the YAML of a header, whose keys must be among *allowed*. Raises SurplaceError."""
    try:
        fields = yaml.load(header, Loader=_LOADER) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it cannot be read"
        raise SurplaceError(
            f"{name}{line}: the header is not YAML ({problem}): correct the #+ lines; quote colons."
        ) from None
    fields = mapping(fields, name, "the header")
    known(fields, allowed, name, "the header")
    return fields


def mapping(value: Any, name: str, where: str) -> dict[Any, Any]:
    """Return *value* as a mapping; nothing is an empty one."""
    if value is None or value == "":
        return {}
    if not isinstance(value, dict):
        raise SurplaceError(f"{name}: {where} must be a list of keys with values: write key: value.")
    return value


def known(fields: Mapping[Any, Any], allowed: tuple[str, ...], name: str, where: str) -> None:
    """Refuse a key that is not allowed."""
    for key in fields:
        if key not in allowed:
            raise SurplaceError(f'{name}: {where} has an unknown key "{key}": use {", ".join(allowed)}.')


def text(fields: Mapping[Any, Any], key: str, name: str, *, required: bool = True, where: str = "") -> str:
    """Return the text of a field."""
    value = fields.get(key, "" if not required else None)
    if not isinstance(value, str) or (required and not value.strip()):
        place = f"the {key} of {where}" if where else f"the {key} in the header"
        raise SurplaceError(f"{name}: {place} is missing or not text: write #+ {key}: and a sentence.")
    return value.strip()


def choice(value: Any, allowed: tuple[str, ...], name: str, where: str) -> str:
    """Return *value* if it is allowed."""
    if value not in allowed:
        raise SurplaceError(f'{name}: the {where} is "{value}": use one of {", ".join(allowed)}.')
    return str(value)
