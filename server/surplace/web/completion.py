"""What completes a query: prefixes, and the classes and properties that lead to rows in this release."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final

from pyoxigraph import NamedNode

from surplace.description import DATASET
from surplace.description.figures import of_default
from surplace.description.parts import DEFAULT
from surplace.engine.knowledge import Knowledge
from surplace.engine.table import Table
from surplace.namespaces import DESCRIPTION, PREFIXES, SKOS, VOID, prefixed
from surplace.rdf.terms import text_of

PARTS: Final = f"""PREFIX void: <{VOID}>
SELECT ?class ?property ?triples ?value WHERE {{
    GRAPH <{DESCRIPTION}> {{
        <{DATASET}#{DEFAULT}> void:classPartition ?part .
        ?part void:class ?class ; void:propertyPartition ?by .
        ?by void:property ?property ; void:triples ?triples .
        OPTIONAL {{ ?by void:classPartition/void:class ?value }}
    }}
}}
ORDER BY ?class ?property ?value"""
"""Asks how many triples things of each class have with each property, and with things of which classes."""


def completions(knowledge: Knowledge) -> dict[str, Any]:
    """Return for editors, with names as queries write them:

    `prefixes` by name; `classes` and `properties`, each with `label`, `definition` and `count` (instances, or
    triples); `of`: for each class, the properties that its instances have, with the number of triples;
    `values`: for each class and property, the classes of what it leads to. What has no rows is left out.
    """
    table = knowledge.remembered(PARTS)
    of: dict[str, dict[str, int]] = defaultdict(dict)
    values: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for row in table.rows:
        kind, name = _written(text_of(row["class"])), _written(text_of(row["property"]))
        of[kind][name] = int(text_of(row["triples"]))
        if "value" in row:
            values[kind].setdefault(name, []).append(_written(text_of(row["value"])))
    classes, properties = of_default(knowledge.engine.release)
    labels = knowledge.labels({*classes, *properties})
    definitions = _definitions(knowledge.remembered(_ABOUT))

    def listed(counts: Mapping[str, int]) -> dict[str, dict[str, Any]]:
        return {
            _written(iri): {
                "label": labels.get(iri, ""),
                "definition": definitions.get(iri, ""),
                "count": counts[iri],
            }
            for iri in sorted(counts)
        }

    return {
        "prefixes": PREFIXES,
        "classes": listed(classes),
        "properties": listed(properties),
        "of": of,
        "values": values,
    }


_ABOUT: Final = f"SELECT ?item ?about WHERE {{ ?item a ?kind ; <{SKOS}definition> ?about }}"


def _definitions(table: Table) -> dict[str, str]:
    return {
        row["item"].value: text_of(row["about"]) for row in table.rows if isinstance(row["item"], NamedNode)
    }


def _written(iri: str) -> str:
    """Return how a query writes an IRI: with a prefix where that can be."""
    found = prefixed(iri)
    return ":".join(found) if found else f"<{iri}>"
