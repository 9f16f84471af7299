"""Things that texts name and examples of questions ask for: each is recorded or concluded.

A question that is misspelt so answers that there is none, and its example leads to a page without an answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from pyoxigraph import NamedNode, Store

from surplace.build.closure import select
from surplace.build.names import NOT_DESCRIBED, unknown
from surplace.build.report import Violation
from surplace.build.texts import QueryText
from surplace.catalogue import Query
from surplace.catalogue.called import Instance, instances, listing, near
from surplace.catalogue.header import QueryParameter
from surplace.catalogue.values import Choices, ParameterError, to_term
from surplace.namespaces import CLAIM, ID, SOURCE, compact
from surplace.rdf.terms import text_of
from surplace.sparql.lexer import Token
from surplace.sparql.naming import names_in

_THINGS: Final = (ID, SOURCE, CLAIM)
_EXAMPLE: Final = re.compile(r"^#\+\s*example\s*:", re.MULTILINE)


@dataclass(frozen=True)
class NamedThing:
    """A thing that the text of a file names: its IRI, as it is written there, and in which line first."""

    iri: str
    written: str
    file: str
    line: int


def named_things(texts: Iterable[QueryText]) -> list[NamedThing]:
    """Return the things that texts name, each once a text."""
    found = []
    for text in texts:
        first: dict[str, Token] = {}
        for name in names_in(text.found):
            first.setdefault(name.iri, name.token)
        found += [
            NamedThing(iri, token.text, text.name, text.line(token.start))
            for iri, token in first.items()
            if iri.startswith(_THINGS) and not iri.endswith("/")
        ]
    return found


def thing_faults(things: Iterable[NamedThing], store: Store) -> Iterator[Violation]:
    """Yield a violation for each of the things that *store* does not describe."""
    for thing in things:
        if not _is_there(store, thing.iri):
            sentence = unknown(thing.iri, thing.written, _described(store), NOT_DESCRIBED)
            yield Violation(
                "violation", "texts", "", thing.file, f"{thing.file}, line {thing.line}: {sentence}"
            )


def example_faults(questions: Iterable[tuple[str, Query]], store: Store) -> Iterator[Violation]:
    """Yield a violation for each value of an example that the question, here with its file, would refuse."""

    @cache
    def choices(kind: str) -> list[Instance]:
        rows = select(store, listing(kind))
        names = [variable.value for variable in rows.variables]
        return instances(
            {name: text_of(row[name]) for name in names if row[name] is not None} for row in rows
        )

    for file, question in questions:
        for name, value in question.example.items():
            fault = _of_value(question.params[name], value, choices, store)
            if fault:
                whole = question.path.read_text(encoding="utf-8-sig")
                place = _EXAMPLE.search(whole)
                line = f", line {whole.count(chr(10), 0, place.start()) + 1}" if place else ""
                yield Violation("violation", "things", "", file, f"{file}{line}: the example gives {fault}")


def _of_value(parameter: QueryParameter, value: str, choices: Choices, store: Store) -> str:
    """Return what is wrong with a value of an example, as a question would refuse it; "" if nothing."""
    try:
        term = to_term(parameter, value, choices)
    except ParameterError as error:
        if parameter.class_iri is None:
            return f'"{parameter.name}" what it does not take: {error}'
        alike = near(choices(parameter.class_iri), value)
        remedy = f"did you mean {alike[0].key}?" if alike else "name one by its key or label."
        kind = compact(parameter.class_iri)
        return f'"{parameter.name}" the value "{value}", which is no {kind} here: {remedy}'
    if isinstance(term, NamedNode) and not _is_there(store, term.value):
        nearest = unknown(term.value, compact(term.value), _described(store), NOT_DESCRIBED)
        return f'"{parameter.name}" a thing that is not here: {nearest}'
    return ""


def _is_there(store: Store, iri: str) -> bool:
    """Tell whether anything is said of a thing, or in a graph of that name."""
    node = NamedNode(iri)
    return any(True for _ in store.quads_for_pattern(node, None, None)) or store.contains_named_graph(node)


def _described(store: Store) -> set[str]:
    """Return all things of which anything is said; asked for a fault alone."""
    rows = select(store, "SELECT DISTINCT ?item { ?item ?property ?value FILTER(isIRI(?item)) }")
    return {text_of(row["item"]) for row in rows if text_of(row["item"]).startswith(_THINGS)}
