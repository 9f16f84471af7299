"""The header of a query file: the leading `#+` lines, read as YAML and checked strictly."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import Literal, NamedNode

from surplace.catalogue.fields import choice, known, mapping, read_fields, text
from surplace.catalogue.groups import GROUPS
from surplace.errors import SurplaceError
from surplace.namespaces import PREFIXES

PARAMETER_TYPES: Final = ("iri", "string", "integer", "decimal", "boolean", "date")
COLUMN_TYPES: Final = (*PARAMETER_TYPES, "duration", "term")
"""Types of columns: `date` covers years and months, `duration` is a day-time duration, `term` anything."""
SEVERITIES: Final = ("violation", "warning")
RESERVED: Final = ("embed", "format", "labels", "limit", "offset", "release")
"""What every question is asked with besides its own parameters, which therefore have other names."""

_KEYS = (
    "summary",
    "description",
    "outcome",
    "example",
    "shows",
    "answer",
    "usual",
    "by",
    "beneath",
    "words",
    "heads",
    "sought",
    "related",
    "group",
    "tags",
    "params",
    "columns",
    "message",
    "severity",
)
_PARAMETER_KEYS = ("type", "class", "among", "description")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class QueryParameter:
    """What a query may be asked with; *defaults* are the terms of its VALUES block (None is UNDEF).

    *among* is a SPARQL pattern that binds the values that lead to rows, for pick-lists; empty for any.
    """

    name: str
    type: str
    description: str
    class_iri: str | None = None
    among: str = ""
    defaults: tuple[NamedNode | Literal | None, ...] = ()

    @property
    def optional(self) -> bool:
        """Whether the default is UNDEF, so that no value means any value."""
        return self.defaults == (None,)


@dataclass(frozen=True)
class Header:
    """The header of a query file, checked.

    *outcome* says what the rows are; with the values of *example*, the answer *shows* this. *answer* is the
    template of the sentence that sums an answer up (`surplace.words.sentence`); *usual* names the values of a
    column, by the last part of an IRI, that make a row the rule and not an exception, and how such rows are
    put in words where the value does not say it; *by* names the columns
    by which a page puts rows under headings; *beneath* names the sides of a row, and the columns that a page
    puts beneath each, in small; *words* says what words with which a text of the answer begins mean;
    *heads* calls columns otherwise than by their names;
    *sought* are other words by which people look for the question; *related* are the names of questions that
    it is easily taken for. *group* is the name of its group of questions, empty for none.
    """

    summary: str
    description: str
    outcome: str
    example: Mapping[str, str]
    shows: str
    answer: str
    usual: Mapping[str, Mapping[str, str]]
    by: tuple[str, ...]
    beneath: Mapping[str, tuple[str, ...]]
    words: Mapping[str, str]
    heads: Mapping[str, str]
    sought: tuple[str, ...]
    related: tuple[str, ...]
    group: str
    tags: tuple[str, ...]
    params: tuple[QueryParameter, ...]
    columns: Mapping[str, str] | None
    message: str | None
    severity: str


def read(header: str, name: str) -> Header:
    """Read the YAML of a header; *name* is the file's name in messages. Raises SurplaceError."""
    fields = read_fields(header, _KEYS, name)
    params = mapping(fields.get("params"), name, "params")
    return Header(
        summary=text(fields, "summary", name),
        description=text(fields, "description", name, required=False),
        outcome=text(fields, "outcome", name, required=False),
        example=_example(fields.get("example"), params, name),
        shows=text(fields, "shows", name, required=False),
        answer=text(fields, "answer", name, required=False),
        usual=_usual(fields.get("usual"), name),
        by=_texts(fields.get("by") or [], name, "by", "[clause, way]"),
        beneath=_lists(fields.get("beneath"), name, "beneath", "column"),
        words=_by_name(fields.get("words"), name, "words"),
        heads=_by_name(fields.get("heads"), name, "heads"),
        sought=_texts(fields.get("sought") or [], name, "sought", "[sue, lawsuit]"),
        related=_texts(fields.get("related") or [], name, "related", "[who-claims-what]"),
        group=choice(fields["group"], tuple(GROUPS), name, "group") if "group" in fields else "",
        tags=_texts(fields.get("tags") or [], name, "tags", "[consent, dates]"),
        params=tuple(_parameter(key, value, name) for key, value in params.items()),
        columns=_columns(fields["columns"], name) if "columns" in fields else None,
        message=text(fields, "message", name) if "message" in fields else None,
        severity=choice(fields.get("severity", "violation"), SEVERITIES, name, "severity"),
    )


def _example(value: Any, params: Mapping[Any, Any], name: str) -> dict[str, str]:
    example = mapping(value, name, "example")
    known(example, tuple(params), name, "the example")
    return {key: text(example, key, name, where="the example") for key in example}


def _usual(value: Any, name: str) -> dict[str, dict[str, str]]:
    """Read values by column, each with words for its rows, or a list of values that speak for themselves."""
    columns = mapping(value, name, "usual")
    worded = {key: values for key, values in columns.items() if isinstance(values, dict)}
    alone = _lists({key: columns[key] for key in columns if key not in worded}, name, "usual", "value")
    found = {
        str(key): _by_name(worded[key], name, "usual") if key in worded else dict.fromkeys(alone[key], "")
        for key in columns
    }
    if found and all(values.get("", "said") == "" for values in found.values()):
        raise SurplaceError(
            f"{name}: usual has no words for rows without a value: "
            f'write usual: {{{min(found)}: {{"": words}}}}.'
        )
    return found


def _lists(value: Any, name: str, field: str, item: str) -> dict[str, tuple[str, ...]]:
    """Read lists of texts by column; *item* is what one of them is, for the message."""
    lists = mapping(value, name, field)
    for key, values in lists.items():
        if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
            raise SurplaceError(
                f'{name}: {field} has no list for "{key}": write {field}: {{{key}: [{item}]}}.'
            )
    return {str(key): tuple(values) for key, values in lists.items()}


def _by_name(value: Any, name: str, field: str) -> dict[str, str]:
    """Read texts by what they are about."""
    texts = mapping(value, name, field)
    return {key: text(texts, key, name, where=field) for key in texts}


def _parameter(key: Any, value: Any, name: str) -> QueryParameter:
    where = f'the parameter "{key}"'
    if not isinstance(key, str) or not _NAME.fullmatch(key):
        raise SurplaceError(f"{name}: {where} is not a variable's name: use letters, digits and underscores.")
    if key in RESERVED:
        raise SurplaceError(f"{name}: {where} has a name that every question gives a meaning: rename it.")
    fields = mapping(value, name, where)
    known(fields, _PARAMETER_KEYS, name, where)
    kind = choice(fields.get("type"), PARAMETER_TYPES, name, f"type of {where}")
    if "class" in fields and kind != "iri":
        raise SurplaceError(
            f"{name}: {where} has a class but is no IRI: give it the type iri or drop the class."
        )
    return QueryParameter(
        name=key,
        type=kind,
        description=text(fields, "description", name, where=where),
        class_iri=_class_iri(fields["class"], name, where) if "class" in fields else None,
        among=text(fields, "among", name, required=False, where=where),
    )


def _class_iri(value: Any, name: str, where: str) -> str:
    text = value if isinstance(value, str) else ""
    prefix, _, local = text.partition(":")
    if prefix in PREFIXES and local:
        return PREFIXES[prefix] + local
    if text.startswith(("https://", "http://")):
        return text
    raise SurplaceError(f'{name}: the class of {where} is "{value}": write it as sur:State or as a full IRI.')


def _columns(value: Any, name: str) -> dict[str, str]:
    columns = mapping(value, name, "columns")
    return {
        str(key): choice(kind, COLUMN_TYPES, name, f'type of the column "{key}"')
        for key, kind in columns.items()
    }


def _texts(value: Any, name: str, key: str, example: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(text_, str) and text_ for text_ in value):
        raise SurplaceError(f"{name}: {key} must be a list of words: write {key}: {example}.")
    return tuple(value)
