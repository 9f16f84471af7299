"""The sentence above an answer, as a worker writes it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import cast

from pyoxigraph import QuerySolutions, Store

from surplace.catalogue import Instance, Query
from surplace.catalogue.asked import ask
from surplace.engine.limits import Limits
from surplace.engine.summary import Lookup, sum_up
from surplace.engine.table import table_of
from surplace.rdf.terms import text_of


class OfStore(Lookup):
    """Labels, tables and pick-lists of a store."""

    def __init__(self, store: Store) -> None:
        super().__init__(lambda text: table_of(cast("QuerySolutions", store.query(text))))
        self.remembered = self.select

    def choices(self, class_iri: str) -> list[Instance]:
        """Return the instances of a class."""
        found = self.select(f"SELECT DISTINCT ?iri {{ ?iri a <{class_iri}> }}")
        return [Instance(text_of(row["iri"]), "") for row in found.rows]


def sentence(store: Store, query: Query, values: Mapping[str, str], limits: Limits) -> str:
    """Return the sentence above the answer to a question asked of a store."""
    known = OfStore(store)
    asked = ask(query, values, known.choices)
    assert asked.summing is not None, f"{query.name} has no `answer` in its header: write its template"
    _, summary = sum_up(partial(store.query, asked.text), asked.summing, known, limits)
    assert not summary.fault, summary.fault
    return summary.sentence
