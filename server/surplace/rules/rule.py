"""A rule: a CONSTRUCT query with a header, in a file of its own below ontology/rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Store

from surplace.catalogue.fields import header_of, read_fields, text
from surplace.errors import SurplaceError, not_utf8
from surplace.folders import QUERY, files_below
from surplace.namespaces import DCTERMS, PREFIXES, PROVENANCE, RDF, RULE, SKOS, SUR, XSD
from surplace.rdf.terms import RDF_TYPE
from surplace.rules.parsing import read_shape
from surplace.rules.patterns import Shape

SUFFIX = ".rq"
_FOLDER = "ontology/rules"
_KEYS = ("summary", "description", "source", "stratum")


@dataclass(frozen=True)
class Rule:
    """One rule. *sources* are IRIs of what it rests on in law; *stratum* orders it among the others."""

    name: str
    summary: str
    description: str
    sources: tuple[str, ...]
    stratum: int
    text: str
    shape: Shape

    @property
    def iri(self) -> str:
        """Return the IRI of the rule, which is that of the graph of what it concludes."""
        return RULE + self.name

    @property
    def file(self) -> str:
        """Return the name of its file in messages."""
        return f"{_FOLDER}/{self.name}{SUFFIX}"

    def quads(self) -> Iterator[Quad]:
        """Yield what graph/provenance says of the rule."""
        statements: list[tuple[str, NamedNode | Literal]] = [
            (RDF + "type", NamedNode(SUR + "Rule")),
            (SKOS + "prefLabel", Literal(self.summary, language="en")),
            (SUR + "hasQueryText", Literal(self.text)),
            (SUR + "hasStratum", Literal(str(self.stratum), datatype=NamedNode(XSD + "integer"))),
            *((DCTERMS + "source", NamedNode(source)) for source in self.sources),
        ]
        if self.description:
            statements.append((SKOS + "note", Literal(self.description, language="en")))
        for predicate, value in statements:
            yield Quad(NamedNode(self.iri), NamedNode(predicate), value, NamedNode(PROVENANCE))


def read_rules(directory: Path, shape_of: Callable[[str, str], Shape] = read_shape) -> list[Rule]:
    """Read every rule of a folder, in the order of their strata and names; no folder is no rules.

    *shape_of* does what `read_shape` does, and may know some shapes already. Raises SurplaceError naming the
    first file that breaks a requirement, and what to do.
    """
    rules = [_read(path, name, shape_of) for path, name in rule_files(directory)]
    return sorted(rules, key=lambda rule: (rule.stratum, rule.name))


def rule_files(directory: Path) -> list[tuple[Path, str]]:
    """Return the files of a folder of rules, with their names in messages; no folder is no files."""
    return files_below(directory, _FOLDER, QUERY) if directory.is_dir() else []


def rules_of(store: Store, shapes: Mapping[str, Shape]) -> list[Rule]:
    """Read the rules that a store describes in graph/provenance, in the order of their strata and names.

    *shapes* has the shape of each by its name.
    """
    graph = NamedNode(PROVENANCE)

    def value(iri: NamedNode, predicate: str) -> str:
        found = next(store.quads_for_pattern(iri, NamedNode(predicate), None, graph), None)
        return found.object.value if found and isinstance(found.object, Literal) else ""

    rules = []
    for quad in store.quads_for_pattern(None, RDF_TYPE, NamedNode(SUR + "Rule"), graph):
        iri = quad.subject
        if isinstance(iri, NamedNode):
            query, name = value(iri, SUR + "hasQueryText"), iri.value.removeprefix(RULE)
            rules.append(
                Rule(
                    name=name,
                    summary=value(iri, SKOS + "prefLabel"),
                    description=value(iri, SKOS + "note"),
                    sources=tuple(
                        sorted(
                            item.object.value
                            for item in store.quads_for_pattern(
                                iri, NamedNode(DCTERMS + "source"), None, graph
                            )
                            if isinstance(item.object, NamedNode)
                        )
                    ),
                    stratum=int(value(iri, SUR + "hasStratum")),
                    text=query,
                    shape=shapes[name],
                )
            )
    return sorted(rules, key=lambda rule: (rule.stratum, rule.name))


def _read(path: Path, name: str, shape_of: Callable[[str, str], Shape]) -> Rule:
    """Read one rule; *name* is that of the file in messages."""
    try:
        whole = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise not_utf8(name, error) from None
    fields = read_fields(header_of(whole, name), _KEYS, name)
    shape = shape_of(whole, name)
    for triple in shape.template:
        if any(term.startswith("_:") for term in triple):
            raise SurplaceError(f"{name} constructs a blank node: give what it concludes an IRI from keys.")
    stratum = text(fields, "stratum", name)
    if not re.fullmatch("[1-9][0-9]*", stratum):
        raise SurplaceError(f'{name}: the stratum is "{stratum}": write a whole number, 1 for the first.')
    return Rule(
        name=path.stem,
        summary=text(fields, "summary", name),
        description=text(fields, "description", name, required=False),
        sources=tuple(_source(item, name) for item in text(fields, "source", name).split()),
        stratum=int(stratum),
        text="".join(line for line in whole.splitlines(keepends=True) if not line.startswith("#+")),
        shape=shape,
    )


def _source(value: str, name: str) -> str:
    """Return a source as an IRI."""
    prefix, _, local = value.partition(":")
    if prefix in PREFIXES and local:
        return PREFIXES[prefix] + local
    if value.startswith(("https://", "http://")):
        return value
    raise SurplaceError(f'{name}: the source "{value}" is no IRI: write instrument:… or a full IRI.')
