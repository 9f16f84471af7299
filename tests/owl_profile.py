"""Whether an ontology stays in OWL 2 RL (W3C, OWL 2 Web Ontology Language Profiles, section 4).

The profile limits which class expressions may stand where: more is allowed of what implies (the *sub* side of
an axiom) than of what is implied (the *super* side), and least where both meet (the *equivalent* side).
An ontology in the profile is also in OWL 2 DL, so what that forbids of composed properties is checked too.
"""

from __future__ import annotations

from collections.abc import Iterator

from rdflib import OWL, RDF, RDFS, XSD, BNode, Graph, Literal, URIRef
from rdflib.collection import Collection
from rdflib.term import Node

from owl_composition import circular, misplaced
from surplace.namespaces import SUR, compact

_DATATYPES = {
    *(XSD[name] for name in ("decimal", "integer", "nonNegativeInteger", "nonPositiveInteger")),
    *(XSD[name] for name in ("positiveInteger", "negativeInteger", "long", "int", "short", "byte")),
    *(XSD[name] for name in ("unsignedLong", "unsignedInt", "unsignedShort", "unsignedByte")),
    *(XSD[name] for name in ("string", "normalizedString", "token", "language", "Name", "NCName")),
    *(XSD[name] for name in ("NMTOKEN", "boolean", "hexBinary", "base64Binary", "anyURI")),
    *(XSD[name] for name in ("dateTime", "dateTimeStamp")),
    RDF.PlainLiteral,
    RDF.XMLLiteral,
    RDFS.Literal,
}
"""The datatypes of section 4.2. xsd:date and xsd:gYear are not among them, nor in the OWL 2 datatype map."""

_ABSENT = {
    *(OWL[name] for name in ("disjointUnionOf", "ReflexiveProperty", "hasSelf")),
    *(OWL[name] for name in ("minCardinality", "minQualifiedCardinality", "cardinality")),
    *(OWL[name] for name in ("qualifiedCardinality", "datatypeComplementOf", "onDatatype")),
}
_PROPERTIES = (OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
_KINDS = (OWL.Class, RDFS.Datatype, *_PROPERTIES)
_MAXIMA = (OWL.maxCardinality, OWL.maxQualifiedCardinality)
_EXPRESSIONS = {
    "sub": {OWL.intersectionOf, OWL.unionOf, OWL.oneOf, OWL.someValuesFrom, OWL.hasValue},
    "super": {OWL.intersectionOf, OWL.complementOf, OWL.allValuesFrom, OWL.hasValue, *_MAXIMA},
    "equivalent": {OWL.intersectionOf, OWL.hasValue},
}
_PARTS = set().union(*_EXPRESSIONS.values())


def profile_violations(graph: Graph) -> list[str]:
    """Return a sentence for each thing in *graph* that OWL 2 RL does not allow, sorted."""
    found: set[str] = set()
    for check in (_absent, _class_axioms, _ranges, _undeclared, _several_kinds, misplaced, circular):
        found.update(check(graph))
    return sorted(found)


def _name(node: Node) -> str:
    """Name a term as people write it."""
    return "An unnamed class" if isinstance(node, BNode) else compact(str(node))


def _owner(graph: Graph, node: Node) -> Node:
    """Return the named term whose axiom an unnamed node belongs to, or the node itself."""
    seen: set[Node] = set()
    while isinstance(node, BNode) and node not in seen:
        seen.add(node)
        node = next(iter(sorted(graph.subjects(None, node), key=str)), node)
    return node


def _absent(graph: Graph) -> Iterator[str]:
    """Yield what the profile has no place for at all."""
    for subject, predicate, value in graph:
        for construct in _ABSENT & {predicate, value}:
            yield (
                f"{_name(_owner(graph, subject))} uses {_name(construct)}, which OWL 2 RL does not have: "
                "say it as a shape."
            )


def _class_axioms(graph: Graph) -> Iterator[str]:
    """Yield class expressions that stand on a side where the profile does not allow them."""
    sides = {
        RDFS.subClassOf: ("sub", "super"),
        OWL.equivalentClass: ("equivalent", "equivalent"),
        OWL.disjointWith: ("sub", "sub"),
        RDFS.domain: (None, "super"),
    }
    for predicate, (left, right) in sides.items():
        for subject, value in graph.subject_objects(predicate):
            if (subject, RDF.type, RDFS.Datatype) in graph:
                continue
            term = subject if isinstance(subject, URIRef) else value
            if left:
                yield from _expression(graph, subject, left, term)
            yield from _expression(graph, value, right, term)
    for group in graph.subjects(RDF.type, OWL.AllDisjointClasses):
        for members in graph.objects(group, OWL.members):
            for member in Collection(graph, members):
                yield from _expression(graph, member, "sub", member)
    for subject, value in graph.subject_objects(RDF.type):
        if isinstance(value, BNode):
            yield from _expression(graph, value, "super", subject)


def _expression(graph: Graph, node: Node, side: str, term: Node) -> Iterator[str]:
    """Yield what is wrong with a class expression on one side of an axiom about *term*."""
    if node == OWL.Thing:
        yield f"{_name(term)} has owl:Thing on the {side} side of an axiom, where OWL 2 RL does not allow it."
    if not isinstance(node, BNode):
        return
    for part, value in graph.predicate_objects(node):
        if part not in _PARTS:
            continue
        if part not in _EXPRESSIONS[side]:
            yield (
                f"{_name(term)} has {_name(part)} on the {side} side of an axiom, "
                "where OWL 2 RL does not allow it."
            )
        elif part in {OWL.intersectionOf, OWL.unionOf}:
            for member in Collection(graph, value):
                yield from _expression(graph, member, side, term)
        elif part == OWL.complementOf:
            yield from _expression(graph, value, "sub", term)
        elif part in {OWL.someValuesFrom, OWL.allValuesFrom}:
            if value != OWL.Thing or part == OWL.allValuesFrom:
                yield from _filler(graph, value, side, term)
        elif part in _MAXIMA:
            if not isinstance(value, Literal) or value.toPython() not in {0, 1}:
                yield f"{_name(term)} has {_name(part)} {value}, where OWL 2 RL allows only 0 and 1."
            for kind in graph.objects(node, OWL.onClass):
                if kind != OWL.Thing:
                    yield from _expression(graph, kind, "sub", term)


def _filler(graph: Graph, value: Node, side: str, term: Node) -> Iterator[str]:
    """Yield what is wrong with a class or data range to which the values of a property belong."""
    if isinstance(value, URIRef) and _is_datatype(graph, value):
        yield from _data_range(graph, value, term)
    else:
        yield from _expression(graph, value, side, term)


def _is_datatype(graph: Graph, node: Node) -> bool:
    """Tell whether a name is that of a datatype."""
    return str(node).startswith(str(XSD)) or node in _DATATYPES or (node, RDF.type, RDFS.Datatype) in graph


def _ranges(graph: Graph) -> Iterator[str]:
    """Yield ranges that the profile does not allow."""
    for prop, value in graph.subject_objects(RDFS.range):
        if (prop, RDF.type, OWL.DatatypeProperty) in graph:
            yield from _data_range(graph, value, prop)
        else:
            yield from _expression(graph, value, "super", prop)


def _data_range(graph: Graph, value: Node, term: Node) -> Iterator[str]:
    """Yield what is wrong with a data range: a datatype of the list, or an intersection of such."""
    if isinstance(value, BNode):
        parts = list(graph.objects(value, OWL.intersectionOf))
        for members in parts:
            for member in Collection(graph, members):
                yield from _data_range(graph, member, term)
        if not parts:
            yield f"{_name(term)} has a data range that OWL 2 RL does not allow: name a datatype."
    elif value not in _DATATYPES and (value, OWL.equivalentClass, None) not in graph:
        yield (
            f"{_name(term)} has the range {_name(value)}, a datatype that OWL 2 RL does not have: "
            "use rdfs:Literal and say it as a shape."
        )


def _undeclared(graph: Graph) -> Iterator[str]:
    """Yield terms of ours that are used as class or property without being declared."""
    lists = [Collection(graph, head) for head in graph.objects(None, OWL.propertyChainAxiom)]
    properties = {*graph.predicates(), *(link for chain in lists for link in chain)}
    for predicate in (RDFS.subPropertyOf, OWL.inverseOf, OWL.equivalentProperty, OWL.propertyDisjointWith):
        properties.update(node for pair in graph.subject_objects(predicate) for node in pair)
    properties.update(
        graph.subjects(RDFS.domain), graph.subjects(RDFS.range), graph.objects(None, OWL.onProperty)
    )
    classes = {
        *graph.objects(None, RDF.type),
        *graph.objects(None, RDFS.domain),
        *graph.objects(None, RDFS.range),
    }
    for predicate in (RDFS.subClassOf, OWL.equivalentClass, OWL.disjointWith):
        classes.update(node for pair in graph.subject_objects(predicate) for node in pair)
    for predicate in (OWL.members, OWL.intersectionOf, OWL.unionOf):
        classes.update(node for head in graph.objects(None, predicate) for node in Collection(graph, head))
    for predicate in (OWL.someValuesFrom, OWL.allValuesFrom, OWL.onClass, OWL.complementOf):
        classes.update(graph.objects(None, predicate))
    for kind, nodes, declarations in (
        ("property", properties, _PROPERTIES),
        ("class", classes, (OWL.Class, RDFS.Datatype)),
    ):
        for node in nodes:
            ours = isinstance(node, URIRef) and node.startswith(SUR)
            if ours and not any((node, RDF.type, declared) in graph for declared in declarations):
                yield (
                    f"{_name(node)} is used as a {kind} and not declared as one: "
                    "declare it, or correct its name."
                )


def _several_kinds(graph: Graph) -> Iterator[str]:
    """Yield terms that are declared as two kinds of thing which OWL 2 DL keeps apart."""
    for node in {node for kind in _KINDS for node in graph.subjects(RDF.type, kind)}:
        kinds = [kind for kind in _KINDS if (node, RDF.type, kind) in graph]
        apart = [kind for kind in kinds if kind in _PROPERTIES], [k for k in kinds if k not in _PROPERTIES]
        for pair in apart:
            if len(pair) > 1:
                kinds_named = f"{_name(pair[0])} and {_name(pair[1])}"
                yield f"{_name(node)} is both {kinds_named}: declare it as one of them."
