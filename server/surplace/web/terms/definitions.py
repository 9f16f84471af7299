"""What a module or a vocabulary defines, as triples: what its file holds, for pages and for RDF."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias, cast

from pyoxigraph import BlankNode, NamedNode, Triple

from surplace.engine.knowledge import Knowledge
from surplace.namespaces import ALIGNMENTS, BASE, ONTOLOGY, OWL, SKOS, SUR, sparql_prologue
from surplace.rdf.terms import Term
from surplace.web.facts import Facts, classes

WHOLE: Final = BASE + "ontology"
"""The ontology that imports the modules."""

ALONE: Final = {SUR + "alignments": ALIGNMENTS}
"""The ontologies that no other imports, and the graphs that hold all of each and nothing else."""

Properties: TypeAlias = Mapping[str, list[Term]]
"""The values of each property of a term, by the IRI of the property."""

_CELLS: Final = "?q ?b FILTER(isBlank(?b)) ?b rdf:rest* ?s FILTER(isBlank(?s)) ?s ?p ?o"


def definitions(iri: str, facts: Facts, knowledge: Knowledge) -> list[Triple]:
    """Return what a module or a concept scheme says of its terms, lists included; nothing for other names.

    One that stands alone is all of its graph. The ontology as a whole has its modules say that; what it says
    itself is which classes are disjoint.
    """
    known = set(classes(facts))
    if iri in ALONE:
        pattern = "?s ?p ?o"
    elif iri == WHOLE:
        pattern = _members("a owl:AllDisjointClasses")
    elif SKOS + "ConceptScheme" in known:
        pattern = _members(f"skos:inScheme {NamedNode(iri)}")
    elif OWL + "Ontology" in known:
        pattern = _members(f"rdfs:isDefinedBy {NamedNode(iri)}")
    else:
        return []
    rows = knowledge.select(
        f"{sparql_prologue()}SELECT DISTINCT ?s ?p ?o WHERE {{ GRAPH <{home(iri)}> {{ {pattern} }} }} "
        "ORDER BY ?s ?p ?o"
    ).rows
    return [
        Triple(cast("NamedNode | BlankNode", row["s"]), cast("NamedNode", row["p"]), row["o"]) for row in rows
    ]


def home(iri: str) -> str:
    """Return the graph that holds what a module or a concept scheme defines."""
    return ALONE.get(iri, ONTOLOGY)


def _members(member: str) -> str:
    """Write the pattern of what is said of each member, and of the lists that it leads to."""
    return f"{{ ?s {member} ; ?p ?o }} UNION {{ ?t {member} ; {_CELLS} }}"


def by_subject(triples: Iterable[Triple]) -> dict[str, Properties]:
    """Gather triples by the names that they are about, in their order."""
    found: dict[str, dict[str, list[Term]]] = {}
    for triple in triples:
        if isinstance(triple.subject, NamedNode):
            values = found.setdefault(triple.subject.value, defaultdict(list))
            values[triple.predicate.value].append(triple.object)
    return dict(found)


def names(values: Iterable[Term]) -> tuple[str, ...]:
    """Return the IRIs among values."""
    return tuple(term.value for term in values if isinstance(term, NamedNode))
