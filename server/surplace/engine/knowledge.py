"""What pages, forms and the command line ask an engine themselves: rows of terms, pick-lists, labels."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from cachetools import LRUCache
from pyoxigraph import (
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QueryTriples,
    parse_query_results,
)

from surplace.catalogue import Instance
from surplace.engine.answer import Answer
from surplace.engine.blocking import Blocking
from surplace.engine.protocol import EngineError, Request, TooLargeError, UnwritableAnswerError
from surplace.engine.release import Release
from surplace.namespaces import PREFIXES
from surplace.rdf.terms import Term, text_of
from surplace.words.order import legal_key

Row: TypeAlias = Mapping[str, Term]
"""A row: the bound variables only."""

Graphs: TypeAlias = tuple[str, ...]

LONGEST: Final = 60_000
"""Characters of a query that asks for many things at once; for more things there are more queries."""

MOST_LABELS: Final = 10_000
"""Labels that are remembered."""

MOST_LISTS: Final = 1000
"""Pick-lists that are remembered, and tables of the first page."""

NESTED: Final = 16
"""How deep triples inside triples are shown."""

_PREFIXES = f"PREFIX skos: <{PREFIXES['skos']}>\n"


@dataclass(frozen=True)
class Table:
    """The answer to a SELECT query."""

    columns: tuple[str, ...]
    rows: Sequence[Row]
    cut: bool = False
    """Whether there are more rows than the service sends."""


class Knowledge:
    """Asks an engine on behalf of Surplace itself, and remembers pick-lists while the release stays.

    The methods are for threads, but for those that end in `_in_loop`.
    """

    def __init__(self, engine: Blocking, most: int = 64 * 1024 * 1024, longest: int = LONGEST) -> None:
        """Ask *engine*; answers of more than *most* bytes are refused with TooLargeError.

        *longest* is how many characters a query that asks for many things at once may have.
        """
        self.engine, self.most, self.longest = engine, most, longest
        self._lock = threading.Lock()
        self._choices: LRUCache[str, list[Instance]] = LRUCache(MOST_LISTS)
        self._labels: LRUCache[str, Term] = LRUCache(MOST_LABELS)
        self._tables: LRUCache[str, Table] = LRUCache(MOST_LISTS)

    @property
    def folder(self) -> Release | None:
        """The release on this machine; None for an endpoint."""
        return self.engine.folder

    def select(self, query: str, default: Graphs = (), named: Graphs = ()) -> Table:
        """Answer a SELECT query with all its rows; raises EngineError."""
        return self._table(self.engine.ask(_for_rows(query, default, named)))

    async def select_in_loop(self, query: str, default: Graphs = (), named: Graphs = ()) -> Table:
        """Do what `select` does, in the loop of the engine."""
        return self._table(await self.engine.engine.ask(_for_rows(query, default, named)))

    def _table(self, answer: Answer) -> Table:
        """Read the rows of an answer."""
        cut = answer.cut is not None
        data = self._read(answer)
        _check_depth(data)
        solutions = parse_query_results(data, format=QueryResultsFormat.JSON)
        if isinstance(solutions, QueryBoolean | QueryTriples):
            raise EngineError("A SELECT query was expected here: write SELECT.")
        columns = tuple(variable.value for variable in solutions.variables)
        rows = [
            {name: term for name, term in zip(columns, solution, strict=True) if term is not None}
            for solution in solutions
        ]
        return Table(columns, rows, cut)

    def remembered(self, query: str) -> Table:
        """Answer one of the few SELECT queries that pages need; an embedded release answers once."""
        known = self._known_table(query)
        return self._keep_table(query, self.select(query)) if known is None else known

    async def remembered_in_loop(self, query: str) -> Table:
        """Do what `remembered` does, in the loop of the engine."""
        known = self._known_table(query)
        return self._keep_table(query, await self.select_in_loop(query)) if known is None else known

    def _known_table(self, query: str) -> Table | None:
        with self._lock:
            return self._tables.get(query)

    def _keep_table(self, query: str, table: Table) -> Table:
        if self.engine.release is not None:
            with self._lock:
                self._tables[query] = table
        return table

    def ask(self, query: str, default: Graphs = (), named: Graphs = ()) -> bool:
        """Answer an ASK query; raises EngineError."""
        data = self._bytes(Request(query, {"boolean": "json"}, default, named))
        return bool(parse_query_results(data, format=QueryResultsFormat.JSON))

    def graph(self, query: str, form: str = "ttl", default: Graphs = (), named: Graphs = ()) -> bytes:
        """Answer a CONSTRUCT or DESCRIBE query in a format for graphs; raises EngineError."""
        return self._bytes(Request(query, {"graph": form}, default, named))

    def choices(self, class_iri: str) -> list[Instance]:
        """Return the instances of a class with their labels, sorted by label: a pick-list."""
        known = self._known_choices(class_iri)
        return self._keep_choices(class_iri, self.select(_of_class(class_iri))) if known is None else known

    async def choices_in_loop(self, class_iri: str) -> list[Instance]:
        """Do what `choices` does, in the loop of the engine."""
        known = self._known_choices(class_iri)
        if known is not None:
            return known
        return self._keep_choices(class_iri, await self.select_in_loop(_of_class(class_iri)))

    def _known_choices(self, class_iri: str) -> list[Instance] | None:
        with self._lock:
            return self._choices.get(class_iri)

    def _keep_choices(self, class_iri: str, table: Table) -> list[Instance]:
        found = [
            Instance(row["item"].value, text_of(row["label"]) if "label" in row else "")
            for row in table.rows
            if isinstance(row["item"], NamedNode)
        ]
        found.sort(key=lambda choice: legal_key(choice.label or choice.key))
        with self._lock:
            self._choices[class_iri] = found
        return found

    def labels(self, iris: Iterable[str]) -> dict[str, str]:
        """Return the text of the labels of those IRIs that have one."""
        return {iri: text for iri, label in self.named(iris).items() if (text := text_of(label))}

    def named(self, iris: Iterable[str]) -> dict[str, Term]:
        """Return the labels of those IRIs that have one, as they are in the graph."""
        wanted = set(iris)
        with self._lock:
            found = {iri: self._labels[iri] for iri in wanted if iri in self._labels}
        missing = sorted(wanted - found.keys())
        for some in _in_pieces(missing, self.longest - len(_of_labels(()))):
            table = self.select(_of_labels(some))
            found |= {
                row["item"].value: row["label"] for row in table.rows if isinstance(row["item"], NamedNode)
            }
        with self._lock:
            self._labels.update({iri: found[iri] for iri in missing if iri in found})
        return found

    def _bytes(self, request: Request) -> bytes:
        return self._read(self.engine.ask(request))

    def _read(self, answer: Answer) -> bytes:
        if answer.size > self.most:
            answer.close()
            raise TooLargeError("The answer is too large for a page: download it, or add a LIMIT.")
        return answer.read()


def _in_pieces(iris: Iterable[str], most: int) -> Iterator[list[str]]:
    """Yield IRIs, as many at once as a query has characters for."""
    piece: list[str] = []
    left = most
    for iri in iris:
        left -= len(iri) + 3
        if left < 0 and piece:
            yield piece
            piece, left = [], most - len(iri) - 3
        piece.append(iri)
    if piece:
        yield piece


def _for_rows(query: str, default: Graphs, named: Graphs) -> Request:
    return Request(query, {"bindings": "json"}, default, named)


def _of_class(class_iri: str) -> str:
    """Write the query for a pick-list."""
    return (
        f"{_PREFIXES}SELECT ?item (SAMPLE(?name) AS ?label) "
        f"WHERE {{ ?item a {NamedNode(class_iri)} OPTIONAL {{ ?item skos:prefLabel ?name }} }} "
        "GROUP BY ?item"
    )


def _of_labels(iris: Iterable[str]) -> str:
    """Write the query for labels."""
    values = " ".join(str(NamedNode(iri)) for iri in iris)
    return (
        f"{_PREFIXES}SELECT ?item ?label WHERE {{ VALUES ?item {{ {values} }} ?item skos:prefLabel ?label }}"
    )


def _check_depth(data: bytes) -> None:
    """Refuse rows with triples nested so deep that reading them would end this process.

    Only they can be nested at all; Python's own reader of JSON stops in time, the library's does not.
    """
    if b'"triple"' not in data:
        return
    try:
        rows = json.loads(data)["results"]["bindings"]
    except RecursionError:
        rows = None
    level = [term for row in rows or () for term in row.values()]
    depth = 0
    while level:
        depth += 1
        level = [part for term in level if term["type"] == "triple" for part in term["value"].values()]
    if rows is None or depth > NESTED:
        raise UnwritableAnswerError(
            f"The answer has triples inside triples, more than {NESTED} deep: download it, or ask for less."
        )
