"""The axioms of the ontology as rules over triples, each with the words that say it.

`entailment` reads them from the ontology; a release carries them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any

from surplace.namespaces import AXIOM, RDF

Pattern = tuple[str, str, str]
"""Subject, predicate, object; a variable is written `?x`, anything else is an IRI."""
TYPE = RDF + "type"


@dataclass(frozen=True)
class AxiomRule:
    """What holds where the body holds. The variables are ?x0, ?x1, …"""

    body: tuple[Pattern, ...]
    head: Pattern


@dataclass(frozen=True)
class Axiom:
    """One axiom, in Manchester syntax and in words, and the rules that follow it."""

    text: str
    label: str
    terms: tuple[str, ...]
    rules: tuple[AxiomRule, ...]
    asserted: bool

    @cached_property
    def graph(self) -> str:
        """Return the IRI of the graph that holds what this axiom adds."""
        spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", self.text.replace(" o ", " then "))
        return AXIOM + re.sub(r"[^a-z0-9]+", "-", spaced.lower()).strip("-")


@dataclass(frozen=True)
class Axioms:
    """The axioms of an ontology, in the order in which triples are put down to them."""

    all: list[Axiom]
    disjoint: list[tuple[str, str]]
    """Pairs of classes that have no common member."""


def to_json(axioms: Axioms) -> dict[str, Any]:
    """Return axioms as JSON; `of_json` reads it back."""
    return asdict(axioms)


def of_json(data: Mapping[str, Any]) -> Axioms:
    """Read what `to_json` wrote; raises KeyError, TypeError or ValueError for anything else."""
    return Axioms(
        [
            Axiom(
                axiom["text"],
                axiom["label"],
                tuple(axiom["terms"]),
                tuple(
                    AxiomRule(tuple(_pattern(item) for item in rule["body"]), _pattern(rule["head"]))
                    for rule in axiom["rules"]
                ),
                axiom["asserted"],
            )
            for axiom in data["all"]
        ],
        [(one, other) for one, other in data["disjoint"]],
    )


def _pattern(terms: list[str]) -> Pattern:
    subject, predicate, value = terms
    return subject, predicate, value
