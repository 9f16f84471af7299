"""Which thing a path names: whether it is there or was dropped, and what is known of it at first sight."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from pyoxigraph import NamedNode

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.namespaces import ALIGNMENTS, RETIRED, sparql_prologue
from surplace.rdf.terms import text_of
from surplace.web.facts import LABEL, Facts, facts, pattern
from surplace.web.retired import dropped


@dataclass(frozen=True)
class Named:
    """A name with the facts about it, and the number of statements in the graph of that name."""

    iri: str
    facts: Facts
    content: int
    known: bool
    """Whether the knowledge says anything of it."""


def look_up(iris: Sequence[str], knowledge: Knowledge) -> Named | None:
    """Return the first of *iris* that is the subject of a statement or the name of a graph, if one is.

    The IRI of the present version of an ontology stands for the ontology.
    Raises Problem `gone` for one that was dropped, as graph/retired has it, and EngineError.
    """
    rows: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in knowledge.select(_query(iris)).rows:
        rows[text_of(row["name"]), text_of(row["part"])].append(row)
    for iri in iris:
        if retired := rows[iri, "retired"]:
            raise dropped(iri, retired, knowledge)
    for iri in iris:
        content = sum(int(text_of(row["n"])) for row in rows[iri, "content"])
        if content or rows[iri, "subject"]:
            return Named(
                iri, _called(iri, facts(rows[iri, "facts"]), knowledge), content, bool(rows[iri, "known"])
            )
    versions = (text_of(row["ontology"]) for iri in iris for row in rows[iri, "version"])
    ontology = next(versions, None)
    return None if ontology is None else look_up([ontology], knowledge)


def dereferenceable(iris: Collection[str], knowledge: Knowledge) -> set[str]:
    """Return those of *iris* that answer, be it that they were dropped; raises EngineError."""
    values = " ".join(str(NamedNode(iri)) for iri in sorted(iris))
    query = (
        f"SELECT DISTINCT ?name WHERE {{ VALUES ?name {{ {values} }} "
        "FILTER(EXISTS { ?name ?is ?v } || EXISTS { GRAPH ?in { ?name ?is ?v } }) }"
    )
    return {text_of(row["name"]) for row in knowledge.select(query).rows} if iris else set()


def _called(iri: str, found: Facts, knowledge: Knowledge) -> Facts:
    """Add the label to facts that have none, which a thing has of which all is rejected."""
    label = None if LABEL in found else knowledge.named([iri]).get(iri)
    return found if label is None else {**found, LABEL: (label,)}


def _query(iris: Sequence[str]) -> str:
    """Ask all of it at once."""
    name = f"VALUES ?name {{ {' '.join(str(NamedNode(iri)) for iri in iris)} }}"
    parts = {
        "retired": f"{name} GRAPH <{RETIRED}> {{ ?name owl:versionInfo ?version ; skos:historyNote ?reason "
        "OPTIONAL { ?name dcterms:isReplacedBy ?successor } }",
        "subject": f"{name} FILTER(EXISTS {{ ?name ?is ?v }} || EXISTS {{ GRAPH ?in {{ ?name ?is ?v }} }})",
        "known": f"{name} FILTER(EXISTS {{ ?name ?is ?v }})",
        "version": f"{name} {{ ?ontology owl:versionIRI ?name }} UNION {{ GRAPH <{ALIGNMENTS}> "
        "{ ?ontology owl:versionIRI ?name } }",
        "content": f"{{ SELECT ?name (COUNT(*) AS ?n) WHERE {{ {name} GRAPH ?name {{ ?s ?is ?v }} }} "
        "GROUP BY ?name }",
        "facts": f"{{ SELECT DISTINCT ?name ?p ?o WHERE {{ {name} {pattern('?name')} }} }}",
    }
    asked = " UNION ".join(f'{{ {part} BIND("{title}" AS ?part) }}' for title, part in parts.items())
    return f"{sparql_prologue()}SELECT * WHERE {{ {asked} }} ORDER BY ?name ?part ?p ?o ?successor"
