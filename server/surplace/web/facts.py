"""The few facts about a name that pages, links and schema.org need, whatever page of statements is shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

from pyoxigraph import NamedNode

from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Row
from surplace.namespaces import DCTERMS, GRAPH, KNOWLEDGE, OWL, RDF, RDFS, REJECTED, SKOS, SUR
from surplace.rdf.terms import Term, text_of

Facts: TypeAlias = Mapping[str, tuple[Term, ...]]
"""The values of each property that a name has, by the IRI of the property."""

TYPE: Final = RDF + "type"
LABEL: Final = SKOS + "prefLabel"
DEFINITION: Final = SKOS + "definition"
PASSAGE_OF: Final = SUR + "isPassageOf"
IN_SCHEME: Final = SKOS + "inScheme"
DEFINED_BY: Final = RDFS + "isDefinedBy"
PART_OF: Final = SUR + "isPartOf"

_ASKED: Final = (
    TYPE,
    LABEL,
    DEFINITION,
    IN_SCHEME,
    DEFINED_BY,
    *(SKOS + name for name in ("altLabel", "exactMatch", "note", "example", "scopeNote")),
    *(DCTERMS + name for name in ("title", "description", "license", "source")),
    OWL + "versionInfo",
    *(
        SUR + name
        for name in (
            "isPassageOf",
            "hasParagraphNumber",
            "hasSentenceNumber",
            "hasNoteNumber",
            "hasLocator",
            "beginsWith",
            "endsWith",
            "isPartOf",
            "hasIsoCode",
            "hasSymbol",
            "hasNumber",
            "isAdoptedOn",
            "isPublishedOn",
            "isClaimedBy",
            "isClaimedOn",
            "isReportedBy",
            "hasQueryText",
        )
    ),
)


def facts_of(iri: str, knowledge: Knowledge) -> Facts:
    """Ask for the facts about a name."""
    rows = knowledge.select(
        f"SELECT DISTINCT ?p ?o WHERE {{ {pattern(str(NamedNode(iri)))} }} ORDER BY ?p ?o"
    ).rows
    return facts(rows)


def pattern(subject: str) -> str:
    """Write the pattern for facts ?p ?o of a name, in what is held and in the graphs of the editors."""
    values = " ".join(f"<{name}>" for name in _ASKED)
    return (
        f"VALUES ?p {{ {values} }} {{ {subject} ?p ?o }} UNION {{ GRAPH ?g {{ {subject} ?p ?o }} "
        f'FILTER(STRSTARTS(STR(?g), "{GRAPH}") && !STRSTARTS(STR(?g), "{REJECTED}") '
        f"&& ?g != <{KNOWLEDGE}>) }}"
    )


def facts(rows: Iterable[Row]) -> Facts:
    """Gather facts from rows of ?p and ?o."""
    found: dict[str, tuple[Term, ...]] = {}
    for row in rows:
        name = text_of(row["p"])
        found[name] = (*found.get(name, ()), row["o"])
    return found


def text(facts: Facts, name: str) -> str:
    """Return the first value of a property as text, or nothing."""
    return text_of(facts[name][0]) if name in facts else ""


def iris(facts: Facts, name: str) -> tuple[str, ...]:
    """Return the values of a property that are IRIs."""
    return tuple(term.value for term in facts.get(name, ()) if isinstance(term, NamedNode))


def classes(facts: Facts) -> tuple[str, ...]:
    """Return the classes of a name."""
    return iris(facts, TYPE)
