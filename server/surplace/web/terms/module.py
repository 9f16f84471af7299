"""A module as a page shows it: its classes and properties, each with what its axioms say in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Triple

from surplace.description.figures import of_default
from surplace.engine.knowledge import Knowledge
from surplace.namespaces import DCTERMS, OWL, RDFS, SCHEMA, SHAPES, SKOS, SUR, compact, sparql_prologue
from surplace.rdf.terms import Term, text_of
from surplace.web.cells import Cell, cell
from surplace.web.facts import DEFINITION, LABEL, TYPE
from surplace.web.lists import members_of
from surplace.web.terms.definitions import Properties, by_subject, names
from surplace.words.properties import example_in_words

DOMAIN: Final = RDFS + "domain"
RANGES: Final = (RDFS + "range", SCHEMA + "rangeIncludes")
PARENTS: Final = (RDFS + "subClassOf", RDFS + "subPropertyOf")
_SHOWN: Final = (
    ("a kind of", PARENTS),
    ("said of", (DOMAIN,)),
    ("leads to", RANGES),
    ("inverse of", (OWL + "inverseOf",)),
    ("disjoint with", (OWL + "disjointWith", OWL + "propertyDisjointWith")),
    ("source", (DCTERMS + "source",)),
)
"""Which axioms and annotations are shown as lines of links, and how they are called."""
_CHARACTERS: Final = {
    OWL + "TransitiveProperty": "transitive",
    OWL + "SymmetricProperty": "symmetric",
    OWL + "AsymmetricProperty": "asymmetric",
    OWL + "IrreflexiveProperty": "irreflexive",
    OWL + "FunctionalProperty": "functional",
}
_MARKS: Final = {"holdsOneValue": "one value at most", "isDerived": "derived, never stated"}


@dataclass(frozen=True)
class Documented:
    """A term of a module. *lines* are titles with links: superclasses, domain, range, chains, sources."""

    iri: str
    name: str
    label: str
    definition: str
    notes: tuple[str, ...]
    examples: tuple[str, ...]
    characters: tuple[str, ...]
    lines: tuple[tuple[str, tuple[Cell, ...]], ...]


@dataclass(frozen=True)
class Module:
    """The terms of a module, those of most use first: its classes, and its properties of each kind."""

    classes: tuple[Documented, ...]
    properties: tuple[Documented, ...]
    terms: Mapping[str, Properties]


def document(iri: str, triples: Iterable[Triple], knowledge: Knowledge) -> Module:
    """Document the module that *triples* define; asks for what other modules and shapes add to its terms."""
    triples = list(triples)
    terms = by_subject(triples)
    chains = members_of((triple.subject, triple.predicate, triple.object) for triple in triples)
    others = _others(iri, knowledge)
    shown = {value for values in terms.values() for listed in values.values() for value in names(listed)}
    shown |= {name for members in chains.values() for name in names(members)}
    shown |= {name for lines in others.values() for listed in lines.values() for name in listed}
    labels = knowledge.labels(shown)

    def documented(kinds: tuple[str, ...], counts: Mapping[str, int]) -> tuple[Documented, ...]:
        found = [
            _documented(term, values, chains, others.get(term, {}), labels)
            for term, values in terms.items()
            if set(kinds) & set(names(values[TYPE]))
        ]
        return tuple(sorted(found, key=lambda each: (-counts.get(each.iri, 0), each.label.casefold())))

    instances, uses = of_default(knowledge.engine.release)
    properties = ("ObjectProperty", "DatatypeProperty", "AnnotationProperty")
    return Module(
        documented((OWL + "Class",), instances),
        documented(tuple(OWL + name for name in properties), uses),
        terms,
    )


def _documented(
    term: str,
    values: Properties,
    chains: Mapping[Term, tuple[Term, ...]],
    others: Mapping[str, list[str]],
    labels: Mapping[str, str],
) -> Documented:
    lines = [(title, _links(_values(values, known), labels)) for title, known in _SHOWN]
    lines[1:1] = [
        ("implied by", _links(chains.get(head, ()), labels))
        for head in values.get(OWL + "propertyChainAxiom", ())
    ]
    lines += [(title, _links(map(NamedNode, found), labels)) for title, found in others.items()]
    marks = [word for mark, word in _MARKS.items() if _values(values, (SUR + mark,))]
    kinds = names(values[TYPE])
    return Documented(
        iri=term,
        name=compact(term),
        label=_first(values, LABEL),
        definition=_first(values, DEFINITION),
        notes=tuple(text_of(value) for value in values.get(SKOS + "scopeNote", ())),
        examples=tuple(example_in_words(text_of(value)) for value in values.get(SKOS + "example", ())),
        characters=(*(word for kind, word in _CHARACTERS.items() if kind in kinds), *marks),
        lines=tuple((title, found) for title, found in lines if found),
    )


def _others(iri: str, knowledge: Knowledge) -> dict[str, dict[str, list[str]]]:
    """Ask for what points at the terms of a module: narrower terms, properties of a class, shapes."""
    member = f"?term rdfs:isDefinedBy {NamedNode(iri)}"
    rows = knowledge.select(
        f"{sparql_prologue()}SELECT DISTINCT ?term ?how ?other WHERE {{ "
        f'{{ {member} . ?other rdfs:subClassOf|rdfs:subPropertyOf ?term BIND("its kinds" AS ?how) }} '
        f'UNION {{ {member} . ?other rdfs:domain ?term BIND("properties" AS ?how) }} '
        f"UNION {{ {member} . GRAPH <{SHAPES}> {{ ?other sh:targetClass ?term }} "
        f'BIND("shape" AS ?how) }} FILTER(isIRI(?other)) }} ORDER BY ?term ?how ?other'
    ).rows
    found: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in rows:
        found[text_of(row["term"])][text_of(row["how"])].append(text_of(row["other"]))
    return found


def _values(values: Properties, known: tuple[str, ...]) -> list[Term]:
    return [value for name in known for value in values.get(name, ())]


def _links(terms: Iterable[Term], labels: Mapping[str, str]) -> tuple[Cell, ...]:
    return tuple(cell(term, labels) for term in terms)


def _first(values: Properties, name: str) -> str:
    return next((text_of(value) for value in values.get(name, ())), "")
