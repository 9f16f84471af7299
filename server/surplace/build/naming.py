"""What things are called: the names that ontology and data define, by kind."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad

from surplace.build.ontology import read_ontology
from surplace.build.report import Origins
from surplace.build.sources import read_sources
from surplace.namespaces import (
    CLAIM,
    ENTITIES,
    OWL,
    PREFIXES,
    RDF,
    RDFS,
    REJECTED,
    SCHEMES,
    SKOS,
    SUR,
    compact,
    natural_key,
)

_TERMS = {
    "class": {OWL + "Class"},
    "property": {OWL + "ObjectProperty", OWL + "DatatypeProperty"},
}
_DEED = {"isTakenBy": "by", "performsAction": "does", "isTakenTowards": "towards", "isObservedOn": "seen"}
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True)
class Name:
    """A name as data write it, and what it stands for."""

    name: str
    """With a prefix, such as `action:screening`, or as a path in angle brackets."""
    iri: str
    label: str
    kind: str
    """The labels of its classes, without those that follow from them; of a property, what it is said of and
    what its values are."""
    definition: str
    """That of a term; of conduct, who does what towards whom and on which day; other things have none."""


class Naming:
    """The names of ontology and data, by the kinds that a person may ask for."""

    def __init__(self, quads: Iterable[Quad]) -> None:
        self._texts: dict[tuple[str, str], str] = {}
        self._types: dict[str, set[str]] = defaultdict(set)
        self._above: dict[str, set[str]] = defaultdict(set)
        self._ends: dict[tuple[str, str], str] = {}
        self._deeds: dict[tuple[str, str], set[str]] = defaultdict(set)
        for quad in quads:
            if not isinstance(quad.subject, NamedNode):
                continue
            subject, predicate = quad.subject.value, quad.predicate.value
            graph = quad.graph_name.value if isinstance(quad.graph_name, NamedNode) else ""
            if predicate.removeprefix(SUR) in _DEED and not graph.startswith((CLAIM, REJECTED)):
                value = quad.object
                if isinstance(value, NamedNode | Literal):
                    self._deeds[subject, predicate].add(compact(value.value))
            if isinstance(quad.object, Literal) and not graph.startswith((CLAIM, REJECTED)):
                self._texts.setdefault((subject, predicate), quad.object.value)
            elif isinstance(quad.object, NamedNode) and predicate == RDF + "type":
                self._types[subject].add(quad.object.value)
            elif isinstance(quad.object, NamedNode) and predicate == RDFS + "subClassOf":
                self._above[subject].add(quad.object.value)
            elif isinstance(quad.object, NamedNode) and predicate in (RDFS + "domain", RDFS + "range"):
                self._ends[subject, predicate] = quad.object.value
        classes = {kind for kinds in self._types.values() for kind in kinds if kind.startswith(SUR)}
        self._classes = {_kebab(kind): kind for kind in classes | self._higher(classes)}
        self._prefixes = {
            prefix: PREFIXES[prefix]
            for prefix in (*ENTITIES, *SCHEMES)
            if any(iri.startswith(PREFIXES[prefix]) for iri in self._types)
        }

    def kinds(self) -> list[str]:
        """Return what may be asked for: classes that have instances, and prefixes that are in use."""
        return sorted({*self._classes, *self._prefixes, *_TERMS})

    def of(self, kind: str) -> list[Name]:
        """Return the names of a kind, sorted; [] for one that is not among `kinds`.

        The kind is a class with all below it, such as `measure`, or else a prefix, such as `body`;
        `class` and `property` are the terms of the ontology itself.
        """
        if kind in _TERMS:
            chosen = [
                iri for iri, types in self._types.items() if iri.startswith(SUR) and types & _TERMS[kind]
            ]
            return sorted((self._term(iri) for iri in chosen), key=lambda item: natural_key(item.iri))
        wanted = self._classes.get(kind)
        found = [
            self._name(iri, types)
            for iri, types in self._types.items()
            if (wanted in types | self._higher(types) if wanted else self._has_prefix(iri, kind))
        ]
        return sorted(found, key=lambda item: natural_key(item.iri))

    def _term(self, iri: str) -> Name:
        domain = self._ends.get((iri, RDFS + "domain"))
        value = self._ends.get((iri, RDFS + "range"))
        shown = " → ".join(compact(end) if end else "…" for end in (domain, value)) if domain or value else ""
        definition = self._texts.get((iri, SKOS + "definition"), "")
        return Name(compact(iri), iri, self._texts.get((iri, SKOS + "prefLabel"), ""), shown, definition)

    def _has_prefix(self, iri: str, prefix: str) -> bool:
        namespace = self._prefixes.get(prefix)
        return namespace is not None and iri.startswith(namespace)

    def _name(self, iri: str, types: set[str]) -> Name:
        lowest = types - self._higher(types)
        short = compact(iri)
        kind = ", ".join(sorted(self._texts.get((low, SKOS + "prefLabel"), compact(low)) for low in lowest))
        deed = self._deed(iri)
        return Name(
            short if ":" in short.partition("/")[0] else f"<{short}>",
            iri,
            self._texts.get((iri, SKOS + "prefLabel"), ""),
            kind,
            self._texts.get((iri, SKOS + "definition"), "") or (f"{kind} {deed}" if deed else ""),
        )

    def _deed(self, iri: str) -> str:
        """Return who does what, towards whom and when, for conduct; "" for all else."""
        told = [
            f"{word} {', '.join(sorted(values))}"
            for name, word in _DEED.items()
            if (values := self._deeds.get((iri, SUR + name)))
        ]
        return "; ".join(told)

    def _higher(self, classes: Iterable[str]) -> set[str]:
        """Return the classes of the ontology above some of *classes*."""
        found: set[str] = set()
        waiting = list(classes)
        while waiting:
            above = {name for name in self._above[waiting.pop()] if name.startswith(SUR)} - found
            found |= above
            waiting += above
        return found


def read_naming(ontology: Path, directories: Iterable[Path]) -> Naming:
    """Read the names of the ontology and of the data below *directories*."""
    origins = Origins()
    return Naming([*read_ontology(ontology, origins).terms, *read_sources(directories).quads])


def _kebab(iri: str) -> str:
    """Return the name of a class in small letters: `un-body` for `sur:UnBody`."""
    return _HUMP.sub("-", iri.removeprefix(SUR)).lower()
