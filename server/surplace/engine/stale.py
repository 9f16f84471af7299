"""Questions that a release was not built with as they are asked: it may lack what they ask for."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from surplace.catalogue import Query
from surplace.engine.knowledge import Knowledge
from surplace.namespaces import CATALOGUE, QUERY, sparql_prologue
from surplace.rdf.terms import text_of

_BUILT_WITH: Final = f"""{sparql_prologue()}
SELECT ?query ?version WHERE {{ GRAPH <{CATALOGUE}> {{ ?query schema:version ?version }} }}
"""
_NAMED: Final = 3
"""Questions that are named; of more it is said how many there are."""


def stale(questions: Collection[Query], knowledge: Knowledge) -> str:
    """Say which of *questions* the release has none of, or another version; nothing if it has them all.

    An endpoint, and a release without any question, cannot tell. Raises EngineError.
    """
    if knowledge.engine.release is None:
        return ""
    rows = knowledge.remembered(_BUILT_WITH).rows
    built = {text_of(row["query"]).removeprefix(QUERY): text_of(row["version"]) for row in rows}
    other = sorted(query.name for query in questions if built.get(query.name) != query.version)
    if not built or not other:
        return ""
    more = f" and {len(other) - _NAMED} more" if len(other) > _NAMED else ""
    return (
        f"The release was not built with {', '.join(other[:_NAMED])}{more} as asked here, and may lack what "
        "is asked for: run surplace build."
    )
