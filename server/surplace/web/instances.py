"""From a class to its instances: a list on its page, and a query, where the release has any."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from surplace.description.figures import of_default
from surplace.engine.blocking import Blocking
from surplace.engine.knowledge import Knowledge
from surplace.engine.protocol import Engine
from surplace.http.message import at
from surplace.namespaces import BASE, PREFIXES, SUR, prefixed
from surplace.sparql.lexer import tokens
from surplace.sparql.naming import names_in
from surplace.web.cells import Cell, local_path
from surplace.web.kinds.asking import rows_of, shown, text
from surplace.web.kinds.laying import Item, items_of
from surplace.web.kinds.rejecting import disagreements

LISTED: Final = 500
"""Instances that the page of a class may list; of more, a query asks for them."""
_INSTANCES: Final = """
    ?item a ?this . FILTER(isIRI(?item)) OPTIONAL { ?item skos:prefLabel ?itemLabel }
    OPTIONAL { ?item sur:hasVerdict ?mark . ?mark skos:prefLabel ?markLabel }
"""
_NARROWER: Final = """
    ?narrower rdfs:subClassOf ?this . FILTER(?narrower != ?this) ?item a ?narrower
    OPTIONAL { ?narrower skos:prefLabel ?narrowerLabel }
    FILTER NOT EXISTS { ?narrower rdfs:subClassOf ?between . ?between rdfs:subClassOf ?this
                        FILTER(?between NOT IN (?this, ?narrower)) }
"""
_QUERY: Final = """{prefixes}
# Instances: {name}
SELECT ?item ?itemLabel
WHERE {{
    ?item a {name} .
    OPTIONAL {{ ?item skos:prefLabel ?itemLabel }}
}}
ORDER BY LCASE(STR(?itemLabel)) ?item
"""


@dataclass(frozen=True)
class Instances:
    """How many instances a class has, the address that lists them, and that of the query for them."""

    count: int
    href: str
    query: str

    @property
    def said(self) -> str:
        """The number in words: `41 instances`."""
        return f"{self.count:,} {'instance' if self.count == 1 else 'instances'}"

    @property
    def listed(self) -> bool:
        """Whether the page of the class lists them."""
        return self.href != self.query


def instances(engine: Engine | Blocking, iri: str) -> Instances | None:
    """Return the instances of a class; None if there are none, or if the release does not say."""
    count = of_default(engine.release)[0].get(iri)
    if count is None:
        return None
    short = prefixed(iri)
    needed = sorted({"skos", *([short[0]] if short else [])})
    lines = "\n".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>" for prefix in needed)
    query = _QUERY.format(prefixes=lines, name=":".join(short) if short else f"<{iri}>")
    asked = f"{at('/sparql')}?{urlencode({'query': query})}#answer"
    page = local_path(iri) if iri.startswith(BASE) and count <= LISTED else None
    return Instances(count, f"{page}#instances" if page else asked, asked)


def named_in(query: str, beside: Iterable[str], knowledge: Knowledge) -> dict[str, str]:
    """Return the labels of the classes with instances that a query names, and of those of *beside*.

    Raises EngineError.
    """
    names = [*(name.iri for name in names_in(tokens(query))), *beside]
    classes = [
        iri for iri in dict.fromkeys(names) if iri.startswith(SUR) and instances(knowledge.engine, iri)
    ]
    labels = knowledge.labels(classes)
    return {iri: labels[iri] for iri in classes if iri in labels}


def instances_of(iri: str, knowledge: Knowledge) -> tuple[Item, ...]:
    """Return the instances of a class by name, with their verdicts, and whether sources disagree on them.

    Raises EngineError.
    """
    rows = rows_of(knowledge, _INSTANCES, "itemLabel", "item", "mark", "markLabel", this=iri)
    things = {local_path(thing) for one in disagreements(knowledge).values() for thing in one.things}
    return tuple(
        replace(item, note="disputed") if item.name.href in things else item
        for item in items_of(rows, "item", "mark")
    )


def narrower_of(iri: str, knowledge: Knowledge) -> tuple[list[tuple[Cell, int]], int]:
    """Return how many things each class right below a class has, most first, and how many are of none.

    A thing may be of several. Raises EngineError.
    """
    rows = rows_of(knowledge, _NARROWER, "narrowerLabel", "narrower", "item", this=iri)
    counts = Counter(text(row, "narrower") for row in rows)
    found = instances(knowledge.engine, iri)
    names = {text(row, "narrower"): shown(row, "narrower") for row in rows}
    parts = [(name, number) for key, number in counts.most_common() if (name := names[key]) is not None]
    return parts, (found.count if found else 0) - len({text(row, "item") for row in rows})
