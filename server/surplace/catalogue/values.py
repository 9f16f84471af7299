"""From what a person typed to an RDF term."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, TypeAlias

from pyoxigraph import Literal, NamedNode

from surplace.catalogue.called import Instance, in_full, meant, near, several
from surplace.catalogue.header import QueryParameter
from surplace.errors import SurplaceError
from surplace.namespaces import XSD
from surplace.words.days import FORM, read_day
from surplace.words.english import joined

Term: TypeAlias = NamedNode | Literal | None
"""A value of a parameter; None is UNDEF: any value."""


SHOWN: Final = 12
"""How many allowed values an error lists before it says how many more there are."""

SHORT: Final = 40
"""Characters that a label has at most to be listed beside the key."""

_PATTERNS = {
    "integer": (re.compile(r"[+-]?[0-9]+"), "a whole number such as 12"),
    "decimal": (re.compile(r"[+-]?([0-9]+(\.[0-9]+)?|\.[0-9]+)"), "a number such as 0.5"),
    "boolean": (re.compile(r"true|false"), "true or false"),
}
_UNPAIRED = re.compile(r"[\ud800-\udfff]")


Choices: TypeAlias = Callable[[str], Sequence[Instance]]
"""Gives the instances of a class (by its IRI) in the release that is asked."""


class ParameterError(SurplaceError):
    """A parameter that does not exist, or a value that it cannot take; *allowed* says what would do."""

    def __init__(self, parameter: str, message: str, allowed: Sequence[str] = ()) -> None:
        super().__init__(message, parameter)
        self.allowed = tuple(allowed)


def to_term(parameter: QueryParameter, text: str, choices: Choices | None) -> Term:
    """Turn *text* into a term of the parameter's type; the empty text is UNDEF where the default is UNDEF.

    Raises ParameterError, with the allowed values where they can be counted.
    """
    name = parameter.name
    if _UNPAIRED.search(text):
        raise ParameterError(name, f'The value of "{name}" is not Unicode text: send it as UTF-8.')
    if text == "" and parameter.optional:
        return None
    if parameter.type == "iri":
        return _to_iri(parameter, text, choices)
    if parameter.type == "string":
        return Literal(text)
    if parameter.type == "date":
        try:
            return Literal(read_day(text).isoformat(), datatype=NamedNode(XSD + "date"))
        except SurplaceError as error:
            raise ParameterError(name, str(error), [f"a day such as {FORM}"]) from None
    pattern, example = _PATTERNS[parameter.type]
    if not pattern.fullmatch(text):
        raise ParameterError(name, f'"{text}" is not a value for "{name}": give {example}.', [example])
    return Literal(text, datatype=NamedNode(XSD + parameter.type))


def _to_iri(parameter: QueryParameter, text: str, choices: Choices | None) -> NamedNode:
    """Read an IRI, a prefixed name, or the key or a name of an instance of the parameter's class."""
    name = parameter.name
    if parameter.class_iri is None or choices is None:
        iri = _absolute(text)
        if iri is None:
            message = f'"{text}" is not a value for "{name}": give a full IRI.'
            raise ParameterError(name, message, ["a full IRI"])
        return iri
    known = choices(parameter.class_iri)
    matches = meant(known, text)
    if len(matches) == 1:
        return NamedNode(matches[0].iri)
    if matches:
        candidates = [choice.iri for choice in matches]
        raise ParameterError(name, several(matches, text, name), candidates)
    keys = sorted({choice.key for choice in known})
    alike = [_called(item) for item in near(known, text)]
    hint = f"did you mean {joined(alike, word='or')}? Allowed are" if alike else "allowed are"
    listed = joined(dict.fromkeys(map(_called, known)), SHOWN)
    allowed = listed if keys else "no values, because the release has no instance of this class"
    raise ParameterError(name, f'"{text}" is not a value for "{name}": {hint} {allowed}.', keys)


def _called(item: Instance) -> str:
    """Name a value by its label, where that is short, and by its key: `China (CHN)`."""
    return f"{item.label} ({item.key})" if item.label and len(item.label) <= SHORT else item.key


def _absolute(text: str) -> NamedNode | None:
    """Return *text* as an IRI if it is one, in full or with one of the project's prefixes."""
    try:
        return NamedNode(in_full(text)) if ":" in text else None
    except ValueError:
        return None
