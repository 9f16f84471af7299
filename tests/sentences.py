"""What a sentence needs of the knowledge, from a store."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from pyoxigraph import NamedNode, QuerySolutions, Store

from surplace.answering.sentence import sentence_of
from surplace.catalogue import Instance, Query
from surplace.catalogue.asked import ask
from surplace.engine.knowledge import Knowledge, Table
from surplace.namespaces import SKOS
from surplace.rdf.terms import text_of


class Known:
    """Labels, tables and pick-lists of a store."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def labels(self, iris: Iterable[str]) -> dict[str, str]:
        """Return the labels of those that have one."""
        values = " ".join(str(NamedNode(iri)) for iri in iris)
        found = self.remembered(f"SELECT * {{ VALUES ?iri {{ {values} }} ?iri <{SKOS}prefLabel> ?label }}")
        return {text_of(row["iri"]): text_of(row["label"]) for row in found.rows}

    def remembered(self, query: str) -> Table:
        """Answer a SELECT query."""
        answer = cast(QuerySolutions, self.store.query(query))
        names = tuple(variable.value for variable in answer.variables)
        rows = [{name: row[name] for name in names if row[name] is not None} for row in answer]
        return Table(names, rows)

    def choices(self, class_iri: str) -> list[Instance]:
        """Return the instances of a class."""
        found = self.remembered(f"SELECT DISTINCT ?iri {{ ?iri a <{class_iri}> }}")
        return [Instance(text_of(row["iri"]), "") for row in found.rows]


def sentence(store: Store, query: Query, values: Mapping[str, str], *, cut: bool = False) -> str:
    """Return the sentence above the answer to a question asked of a store."""
    known = Known(store)
    asked = ask(query, values, known.choices)
    table = known.remembered(asked.text) if query.kind == "bindings" else Table((), ())
    return sentence_of(asked, Table(table.columns, table.rows, cut), cast(Knowledge, known))
