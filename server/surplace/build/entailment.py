"""Reads the axioms of the ontology, and what follows from them for classes and properties.

owlrl closes the ontology (OWL 2 RL), which takes a while. What the closed ontology says of classes and
properties becomes rules of the form *body → head*, which the closure stage turns into SPARQL. Asserted axioms
come first, so that a triple is put down to what somebody wrote in a module rather than to what follows from
several such lines.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import owlrl
from pyoxigraph import Literal, NamedNode, Quad
from rdflib import OWL, RDF, RDFS, BNode, Graph, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from surplace.build.axioms import TYPE, Axiom, AxiomRule, Axioms
from surplace.errors import SurplaceError
from surplace.namespaces import OWL as OWL_NAMESPACE
from surplace.namespaces import RDF as RDF_NAMESPACE
from surplace.namespaces import RDFS as RDFS_NAMESPACE
from surplace.namespaces import SKOS, SUR, XSD, compact
from surplace.rdf.as_rdflib import to_rdflib
from surplace.words.english import a

_LANGUAGE = (OWL_NAMESPACE, RDF_NAMESPACE, RDFS_NAMESPACE)
_UNIVERSAL = {
    OWL.Thing,
    OWL.Nothing,
    RDFS.Resource,
    RDFS.Literal,
    RDFS.Class,
    OWL.topObjectProperty,
    OWL.topDataProperty,
    OWL.bottomObjectProperty,
    OWL.bottomDataProperty,
}
_NOT_FOLLOWED = (
    *(OWL[name] for name in ("hasValue", "someValuesFrom", "allValuesFrom", "complementOf", "oneOf")),
    *(OWL[name] for name in ("maxCardinality", "maxQualifiedCardinality", "hasKey", "hasSelf", "sameAs")),
    *(OWL[name] for name in ("FunctionalProperty", "InverseFunctionalProperty", "intersectionOf")),
    *(OWL[name] for name in ("IrreflexiveProperty", "AsymmetricProperty", "propertyDisjointWith")),
    OWL.AllDisjointProperties,
)


def read_axioms(terms: Iterable[Quad]) -> Axioms:
    """Read the axioms among the terms of an ontology; raises SurplaceError for one that is not followed."""
    terms = list(terms)
    stated = to_rdflib(quad for quad in terms if _is_axiom(quad))
    _refuse_what_is_not_followed(stated)
    reader = _Reader(terms)
    found = {axiom.graph: axiom for axiom in reader.read(_closed(stated), stated, asserted=False)}
    found |= {axiom.graph: axiom for axiom in reader.read(stated, stated, asserted=True)}
    ordered = sorted(found.values(), key=lambda axiom: (not axiom.asserted, axiom.graph))
    return Axioms(ordered, sorted(set(_disjoint(stated))))


class _Reader:
    """Puts axioms into words, with the labels of their terms."""

    def __init__(self, terms: Iterable[Quad]) -> None:
        self._labels = {
            quad.subject.value: quad.object.value
            for quad in terms
            if isinstance(quad.subject, NamedNode)
            and isinstance(quad.object, Literal)
            and quad.predicate.value == SKOS + "prefLabel"
        }

    def read(self, graph: Graph, stated: Graph, *, asserted: bool) -> Iterator[Axiom]:
        """Yield the axioms of *graph*; those with lists and inverses only from what is *stated*."""
        for sub, sup in _pairs(graph, RDFS.subClassOf):
            rule = AxiomRule((("?x0", TYPE, sub),), ("?x0", TYPE, sup))
            words = f"Every {self._label(sub)} is {a(self._label(sup))}"
            yield Axiom(f"{_name(sub)} SubClassOf {_name(sup)}", words, (sub, sup), (rule,), asserted)
        for sub, sup in _pairs(graph, RDFS.subPropertyOf):
            rule = AxiomRule((("?x0", sub, "?x1"),), ("?x0", sup, "?x1"))
            words = f"If x {self._label(sub)} y, then x {self._label(sup)} y"
            yield Axiom(f"{_name(sub)} SubPropertyOf {_name(sup)}", words, (sub, sup), (rule,), asserted)
        for prop, kind in _pairs(graph, RDFS.domain):
            rule = AxiomRule((("?x0", prop, "?x1"),), ("?x0", TYPE, kind))
            words = f"If x {self._label(prop)} y, then x is {a(self._label(kind))}"
            yield Axiom(f"{_name(prop)} Domain {_name(kind)}", words, (prop, kind), (rule,), asserted)
        for prop, kind in _pairs(graph, RDFS.range):
            if kind.startswith(XSD) or kind in {str(RDF.langString), str(RDFS.Literal)}:
                continue
            rule = AxiomRule((("?x0", prop, "?x1"),), ("?x1", TYPE, kind))
            words = f"If x {self._label(prop)} y, then y is {a(self._label(kind))}"
            yield Axiom(f"{_name(prop)} Range {_name(kind)}", words, (prop, kind), (rule,), asserted)
        if asserted:
            yield from self._read_stated(stated)

    def _read_stated(self, stated: Graph) -> Iterator[Axiom]:
        """Yield the axioms that the closure of an ontology does not add to."""
        for one, other in _pairs(stated, OWL.equivalentClass):
            rules = tuple(
                AxiomRule((("?x0", TYPE, a),), ("?x0", TYPE, b)) for a, b in ((one, other), (other, one))
            )
            words = f"{self._label(one)} means the same as {self._label(other)}"
            yield Axiom(f"{_name(one)} EquivalentTo {_name(other)}", words, (one, other), rules, True)
        for one, other in _pairs(stated, OWL.equivalentProperty):
            rules = tuple(
                AxiomRule((("?x0", a, "?x1"),), ("?x0", b, "?x1")) for a, b in ((one, other), (other, one))
            )
            words = f"“x {self._label(one)} y” means the same as “x {self._label(other)} y”"
            yield Axiom(f"{_name(one)} EquivalentTo {_name(other)}", words, (one, other), rules, True)
        for one, other in _pairs(stated, OWL.inverseOf, same=True):
            rules = tuple(
                AxiomRule((("?x0", a, "?x1"),), ("?x1", b, "?x0")) for a, b in ((one, other), (other, one))
            )
            words = f"x {self._label(one)} y if y {self._label(other)} x"
            yield Axiom(f"{_name(one)} InverseOf {_name(other)}", words, (one, other), rules, True)
        for prop in _of_type(stated, OWL.TransitiveProperty):
            rule = AxiomRule((("?x0", prop, "?x1"), ("?x1", prop, "?x2")), ("?x0", prop, "?x2"))
            label = self._label(prop)
            words = f"If x {label} y and y {label} z, then x {label} z"
            yield Axiom(f"Transitive {_name(prop)}", words, (prop,), (rule,), True)
        for prop in _of_type(stated, OWL.SymmetricProperty):
            rule = AxiomRule((("?x0", prop, "?x1"),), ("?x1", prop, "?x0"))
            words = f"If x {self._label(prop)} y, then y {self._label(prop)} x"
            yield Axiom(f"Symmetric {_name(prop)}", words, (prop,), (rule,), True)
        for subject, _, members in stated.triples((None, OWL.propertyChainAxiom, None)):
            yield self._chain(str(subject), [str(item) for item in Collection(stated, members)])

    def _chain(self, prop: str, links: list[str]) -> Axiom:
        """Return the axiom that a chain of properties implies *prop*."""
        body = tuple((f"?x{i}", link, f"?x{i + 1}") for i, link in enumerate(links))
        rule = AxiomRule(body, ("?x0", prop, f"?x{len(links)}"))
        names = [f"x{i}" for i in range(len(links) + 1)] if len(links) > 2 else ["x", "y", "z"]
        steps = [f"{names[i]} {self._label(link)} {names[i + 1]}" for i, link in enumerate(links)]
        words = f"If {' and '.join(steps)}, then {names[0]} {self._label(prop)} {names[len(links)]}"
        text = f"{' o '.join(_name(link) for link in links)} SubPropertyOf {_name(prop)}"
        return Axiom(text, words, tuple(dict.fromkeys([*links, prop])), (rule,), True)

    def _label(self, iri: str) -> str:
        """Return the label of a term, or its name."""
        return self._labels.get(iri, compact(iri))


def _is_axiom(quad: Quad) -> bool:
    """Tell whether a triple says something about classes and properties, as against describing a term."""
    if quad.predicate.value == TYPE:
        return isinstance(quad.object, NamedNode) and quad.object.value.startswith(_LANGUAGE)
    described = {str(RDFS.label), str(RDFS.comment), str(RDFS.isDefinedBy), str(RDFS.seeAlso)}
    if isinstance(quad.object, Literal) or quad.predicate.value in described:
        return False
    return quad.predicate.value.startswith(_LANGUAGE)


def _closed(stated: Graph) -> Graph:
    """Return the OWL 2 RL closure of the statements about classes and properties."""
    closed = Graph()
    for triple in stated:
        closed.add(triple)
    owlrl.DeductiveClosure(
        owlrl.OWLRL_Semantics, rdfs_closure=False, axiomatic_triples=False, datatype_axioms=False
    ).expand(closed)
    return closed


def _refuse_what_is_not_followed(stated: Graph) -> None:
    """Raise SurplaceError for a construct that the closure would silently ignore."""
    for construct in _NOT_FOLLOWED:
        for subject, predicate, value in stated:
            if construct in (predicate, value):
                raise SurplaceError(
                    f"The ontology uses owl:{construct.removeprefix(str(OWL))} (at {compact(str(subject))}), "
                    "which the closure does not follow: say it with another axiom, or as a shape."
                )


def _pairs(graph: Graph, predicate: URIRef, *, same: bool = False) -> list[tuple[str, str]]:
    """Return the pairs of named terms that *predicate* joins, sorted; with *same* also a term and itself."""
    return sorted(
        (str(s), str(o))
        for s, o in graph.subject_objects(predicate)
        if isinstance(s, URIRef) and isinstance(o, URIRef) and (same or s != o) and not {s, o} & _UNIVERSAL
    )


def _of_type(graph: Graph, kind: Node) -> list[str]:
    """Return the named members of a class, sorted."""
    return sorted(str(s) for s in graph.subjects(RDF.type, kind) if isinstance(s, URIRef))


def _disjoint(stated: Graph) -> Iterator[tuple[str, str]]:
    """Yield the pairs of classes that the ontology declares disjoint, each pair sorted."""
    for one, other in _pairs(stated, OWL.disjointWith):
        yield min(one, other), max(one, other)
    for group in stated.subjects(RDF.type, OWL.AllDisjointClasses):
        for members in stated.objects(group, OWL.members):
            names = sorted(str(item) for item in Collection(stated, members) if not isinstance(item, BNode))
            yield from ((one, other) for one in names for other in names if one < other)


def _name(iri: str) -> str:
    """Return the name of a term of ours without its prefix."""
    return iri.removeprefix(SUR) if iri.startswith(SUR) else compact(iri)
