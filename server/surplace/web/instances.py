"""From a class to its instances: a query that leads to rows, where the release has any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from surplace.description.figures import of_default
from surplace.engine.protocol import Engine
from surplace.http.message import at
from surplace.namespaces import PREFIXES, prefixed

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
    """How many instances a class has, and the address that lists them."""

    count: int
    href: str


def instances(engine: Engine, iri: str) -> Instances | None:
    """Return the instances of a class; None if there are none, or if the release does not say."""
    count = of_default(engine.release)[0].get(iri)
    if count is None:
        return None
    short = prefixed(iri)
    needed = sorted({"skos", *([short[0]] if short else [])})
    lines = "\n".join(f"PREFIX {prefix}: <{PREFIXES[prefix]}>" for prefix in needed)
    query = _QUERY.format(prefixes=lines, name=":".join(short) if short else f"<{iri}>")
    return Instances(count, f"{at('/sparql')}?{urlencode({'query': query})}#answer")
