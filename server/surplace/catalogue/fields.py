"""Headers of query and rule files: the leading `#+` lines as YAML, and checks of its fields.

Every message is one sentence that names the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from surplace.errors import SurplaceError


class _TwiceError(Exception):
    """A key is given twice, of which YAML allows one; *line* counts from 1."""

    def __init__(self, key: str, line: int) -> None:
        super().__init__(key)
        self.key, self.line = key, line


class _Loader(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """Every scalar stays text: a parameter may be called `on` or `no`. In C it takes a tenth of the time."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Return a mapping; of two values for one key the first would be lost."""
        seen = set[str]()
        for key, _ in node.value:
            if key.value in seen and isinstance(key.value, str):
                raise _TwiceError(key.value, key.start_mark.line + 1)
            seen.add(str(key.value))
        return dict(super().construct_mapping(node, deep=deep))


def header_of(text: str, name: str) -> str:
    """Return the YAML of the header of a file. Raises SurplaceError for a line of it after its end."""
    lines = text.split("\n")
    length = next((n for n, line in enumerate(lines) if not line.startswith("#+")), len(lines))
    for number, line in enumerate(lines[length:], length + 1):
        if line.startswith("#+"):
            raise SurplaceError(
                f"{name}, line {number}: this line of the header comes after its end in line {length + 1}: "
                "begin each line of the header with #+, and put it first."
            )
    return "\n".join(line[2:].removeprefix(" ").rstrip("\r") for line in lines[:length])


def read_fields(header: str, allowed: tuple[str, ...], name: str) -> dict[Any, Any]:
    """Read the YAML of a header, whose keys must be among *allowed*. Raises SurplaceError."""
    try:
        fields = yaml.load(header, Loader=_Loader) or {}
    except _TwiceError as error:
        raise SurplaceError(
            f'{name}, line {error.line}: "{error.key}" is given twice in the header: keep one of the two.'
        ) from None
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
            remedy = f"use {', '.join(allowed)}" if allowed else "it takes none"
            raise SurplaceError(f'{name}: {where} has an unknown key "{key}": {remedy}.')


def text(fields: Mapping[Any, Any], key: str, name: str, *, required: bool = True, where: str = "") -> str:
    """Return the text of a field."""
    value = fields.get(key, "" if not required else None)
    if not isinstance(value, str) or (required and not value.strip()):
        place = f"the {key} of {where}" if where else f"the {key} in the header"
        raise SurplaceError(f"{name}: {place} is missing or not text: write #+ {key}: and what it is.")
    return value.strip()


def choice(value: Any, allowed: tuple[str, ...], name: str, where: str) -> str:
    """Return *value* if it is allowed."""
    if value not in allowed:
        raise SurplaceError(f'{name}: the {where} is "{value}": use one of {", ".join(allowed)}.')
    return str(value)
