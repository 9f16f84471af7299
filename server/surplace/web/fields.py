"""The form of a question: a field a parameter, with what may be picked, by its label."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Final

from pyoxigraph import NamedNode

from surplace.catalogue import Instance, Query, QueryParameter, meant
from surplace.catalogue.called import keys_of
from surplace.engine.knowledge import Knowledge
from surplace.engine.query_errors import EngineError
from surplace.namespaces import SUR, sparql_prologue
from surplace.web.picking import by_conduct, in_lists
from surplace.words.days import in_words
from surplace.words.order import legal_key

_ANY: Final = re.compile(r" \(any\w* unless given\)$")
"""How the description of a parameter ends that may have any value, which a pick-list offers itself."""
LISTED: Final = 300
"""Choices that a pick-list shows; where there are more, the field is typed into, and offers so many."""
_SAID_OF: Final = f"""{sparql_prologue()}SELECT ?item (COUNT(?p) AS ?n) WHERE {{
    {{ SELECT ?g WHERE {{ {{ ?g sur:isPassageOf ?source }} UNION {{ ?g a sur:Claim }} }} }}
    GRAPH ?g {{ ?item ?p ?o }}
}} GROUP BY ?item ORDER BY DESC(?n) ?item LIMIT {LISTED}"""
"""The things of which passages and claims say most, so that a question about them has an answer."""


@dataclass(frozen=True)
class Field:
    """A field of a form: the parameter, its values as text, and what may be picked."""

    parameter: QueryParameter
    values: tuple[str, ...]
    options: tuple[tuple[str, str], ...] = ()
    """Pairs of value and text; empty where any text may be typed."""
    offered: tuple[tuple[str, str], ...] = ()
    """The same, where other text may be typed too."""
    headings: Mapping[str, str] = field(default_factory=dict)
    """The headings under which options stand, by value."""

    @property
    def label(self) -> str:
        """What the field is called: the description, without what the first choice says."""
        description = self.parameter.description
        return _ANY.sub("", description) if self.options and self.parameter.optional else description

    @property
    def groups(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The options under their headings, in their order; the heading is empty where there is none."""
        parts = groupby(self.options, lambda option: self.headings.get(option[0], ""))
        return [(heading, list(options)) for heading, options in parts]

    @property
    def input_type(self) -> str:
        """The type of the HTML input."""
        return "number" if self.parameter.type == "integer" else "text"


def field_of(
    knowledge: Knowledge, query: Query, parameter: QueryParameter, given: Sequence[str] | None
) -> Field:
    """Prepare the field of a parameter; what is picked comes from the release, and leads to rows.

    *given* are the values that are asked with, None for the default ones. Raises EngineError.
    """
    fitting = _fitting(knowledge, query, parameter) if parameter.type == "iri" else frozenset()
    if parameter.class_iri:
        choices = knowledge.choices(parameter.class_iri)
    else:
        choices = _instances(fitting, knowledge)
    keys = keys_of(choices) if parameter.class_iri else {item.iri: item.iri for item in choices}
    if given is None:
        values = ["" if term is None else keys.get(term.value, term.value) for term in parameter.defaults]
    else:
        values = [_key(choices, keys, value) for value in given]
    if parameter.type == "date":
        return Field(parameter, tuple(in_words(value) for value in values))
    if parameter.type == "boolean":
        return Field(parameter, tuple(values), (("true", "yes"), ("false", "no")))
    if parameter.type != "iri":
        return Field(parameter, tuple(values))
    choices = [item for item in choices if not fitting or item.iri in fitting or keys[item.iri] in values]
    known = parameter.class_iri is not None or set(values) <= {"", *(item.iri for item in choices)}
    if 0 < len(choices) <= LISTED and known:
        if parameter.class_iri == SUR + "Finding":
            parted = by_conduct(choices, knowledge)
            pairs = tuple((keys[item.iri], parted.get(item.iri, ("", item.label))[1]) for item in choices)
            headings = {keys[iri]: thing for iri, (thing, _) in parted.items()}
            return Field(parameter, tuple(values), pairs, headings=headings)
        listed = in_lists(choices, knowledge)
        return Field(parameter, tuple(values), tuple((keys[item.iri], item.label) for item in listed))
    if not parameter.class_iri and not choices:
        choices = _said_of(knowledge)
        keys = {item.iri: item.iri for item in choices}
    offered = tuple((keys[item.iri], item.label or item.key) for item in choices[:LISTED])
    return Field(parameter, tuple(values), offered=offered)


def _key(choices: Sequence[Instance], keys: Mapping[str, str], value: str) -> str:
    """Return what stands in a form for a value that is given by any of its names; others as they are."""
    found = meant(choices, value)
    return keys[found[0].iri] if len(found) == 1 else value


def offering(query: Query, parameter: QueryParameter) -> str:
    """Write the query for the values of a parameter that lead to rows, or nothing where that cannot be told.

    It can where the header says among what they are, or any value is the default: the text as it stands then
    finds them all.
    """
    if parameter.among:
        return f"{query.layout.prologue}\nSELECT DISTINCT ?{parameter.name} WHERE {{ {parameter.among} }}"
    return query.layout.values(query.text, parameter.name) if parameter.optional else ""


def _fitting(knowledge: Knowledge, query: Query, parameter: QueryParameter) -> frozenset[str]:
    """Return the values of a parameter that lead to rows; none where that cannot be told."""
    text = offering(query, parameter)
    try:
        rows = knowledge.remembered(text).rows if text else ()
    except EngineError:
        return frozenset()
    return frozenset(term.value for row in rows if isinstance(term := row.get(parameter.name), NamedNode))


def _said_of(knowledge: Knowledge) -> list[Instance]:
    rows = knowledge.remembered(_SAID_OF).rows
    return _instances((row["item"].value for row in rows if isinstance(row["item"], NamedNode)), knowledge)


def _instances(iris: Iterable[str], knowledge: Knowledge) -> list[Instance]:
    """Return those things that have a label, in the order of law."""
    found = [Instance(iri, label) for iri, label in knowledge.labels(iris).items()]
    return sorted(found, key=lambda item: (legal_key(item.label), item.iri))
