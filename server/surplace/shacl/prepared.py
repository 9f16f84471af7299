"""An rdflib graph that parses a query once, however often it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rdflib import Graph
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query
from rdflib.query import Processor, Result


class PreparedGraph(Graph):
    """For pySHACL, which asks the query of a SPARQL constraint anew for each focus node."""

    def __init__(self) -> None:
        super().__init__()
        self._prepared: dict[tuple[str, tuple[tuple[str, str], ...]], Query] = {}

    def query(
        self,
        query_object: str | Query,
        processor: str | Processor = "sparql",
        result: str | type[Result] = "sparql",
        initNs: Mapping[str, Any] | None = None,  # noqa: N803 - rdflib's name
        initBindings: Mapping[str, Any] | None = None,  # noqa: N803 - rdflib's name
        use_store_provided: bool = True,
        **kwargs: Any,
    ) -> Result:
        """Answer a query as every graph does."""
        if isinstance(query_object, str):
            names = dict(initNs or self.namespaces())
            key = query_object, tuple(sorted((prefix, str(iri)) for prefix, iri in names.items()))
            if key not in self._prepared:
                self._prepared[key] = prepareQuery(query_object, initNs=names)
            query_object = self._prepared[key]
        return super().query(
            query_object, processor, result, initNs, initBindings, use_store_provided, **kwargs
        )
