"""What pages, forms and the command line ask an engine themselves: rows of terms, pick-lists, labels."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import Final, TypeAlias

from cachetools import LRUCache
from pyoxigraph import NamedNode, QueryResultsFormat, parse_query_results

from surplace.answering.sentence import HORIZONS, Summing, horizons_of
from surplace.catalogue import Instance
from surplace.catalogue.asked import BoundQuestion
from surplace.catalogue.called import instances, listing
from surplace.engine.answer import Answer
from surplace.engine.blocking import Blocking
from surplace.engine.protocol import Request
from surplace.engine.query_errors import TooLargeError
from surplace.engine.release import Release
from surplace.engine.summary import of_labels
from surplace.engine.table import Table, read_table
from surplace.errors import SurplaceError
from surplace.namespaces import PREFIXES, SUR
from surplace.rdf.terms import Term, text_of
from surplace.words.standings import Horizons

Graphs: TypeAlias = tuple[str, ...]

MOST_LABELS: Final = 10_000
"""Labels that are remembered, and names without one."""

MOST_LISTS: Final = 1000
"""Pick-lists that are remembered, and tables of the first page."""

_PREFIXES = f"PREFIX skos: <{PREFIXES['skos']}>\n"
_REJECTED: Final = (
    f"{_PREFIXES}SELECT ?item ?label WHERE {{ ?disagreement <{SUR}rejects> ?rejected . "
    "GRAPH ?rejected { ?item skos:prefLabel ?label } }"
)
"""Asks for the labels of things of which all is rejected, the label with it."""


class Knowledge:
    """Asks an engine on behalf of Surplace itself, and remembers pick-lists while the release stays.

    The methods are for threads, but for those that end in `_in_loop`.
    """

    def __init__(self, engine: Blocking, most: int = 64 * 1024 * 1024) -> None:
        """Ask *engine*; answers of more than *most* bytes are refused with TooLargeError."""
        self.engine, self.most = engine, most
        self._lock = threading.Lock()
        self._choices: LRUCache[str, list[Instance]] = LRUCache(MOST_LISTS)
        self._labels: LRUCache[str, Term | None] = LRUCache(MOST_LABELS)
        self._tables: LRUCache[str, Table] = LRUCache(MOST_LISTS)

    @property
    def folder(self) -> Release | None:
        """The release on this machine; None for an endpoint."""
        return self.engine.folder

    def select(self, query: str) -> Table:
        """Answer a SELECT query with all its rows; raises EngineError."""
        return self._all(self.engine.ask(_for_rows(query)))

    def shown(self, query: str, default: Graphs = (), named: Graphs = ()) -> Table:
        """Answer a SELECT query of a client with the rows that it may have; raises EngineError."""
        return self._table(self.engine.ask(Request(query, {"bindings": "json"}, default, named)))

    async def select_in_loop(self, query: str) -> Table:
        """Do what `select` does, in the loop of the engine."""
        return self._all(await self.engine.engine.ask(_for_rows(query)))

    def _all(self, answer: Answer) -> Table:
        """Read the rows of an answer, which have to be all: an endpoint may have cut them."""
        if answer.cut is not None:
            answer.close()
            raise TooLargeError(
                f"The endpoint sends {answer.cut} rows of an answer of which all are needed: let it send all."
            )
        return self._table(answer)

    def _table(self, answer: Answer) -> Table:
        """Read the rows of an answer."""
        cut, summary = answer.cut is not None, answer.summary
        return read_table(self.read(answer), cut=cut, summary=summary)

    def answer(self, asked: BoundQuestion) -> Table:
        """Return the rows of a question that a client may have, with the sentence that sums them up.

        Raises EngineError, and SurplaceError for a sentence that cannot be written.
        """
        return self._table(self.whole(Request(asked.text, {"bindings": "json"}, summing=asked.summing)))

    def whole(self, request: Request) -> Answer:
        """Answer a request; raises EngineError, and SurplaceError for a sentence that cannot be written."""
        answer = self.engine.ask(request)
        if answer.unsummed:
            answer.close()
            raise SurplaceError(answer.unsummed)
        return answer

    def remembered(self, query: str) -> Table:
        """Answer one of the few SELECT queries that pages need; an embedded release answers once."""
        known = self._known_table(query)
        return self._keep_table(query, self.select(query)) if known is None else known

    def remembered_answer(self, asked: BoundQuestion) -> Table:
        """Answer a question that pages need with all its rows and its sentence, as `remembered` does it."""
        known = self._known_table(asked.path)
        if known is not None:
            return known
        return self._keep_table(asked.path, self._all(self.whole(_for_rows(asked.text, asked.summing))))

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
        data = self.read(self.engine.ask(Request(query, {"boolean": "json"}, default, named)))
        return bool(parse_query_results(data, format=QueryResultsFormat.JSON))

    def graph(self, query: str, form: str = "ttl", default: Graphs = (), named: Graphs = ()) -> bytes:
        """Answer a CONSTRUCT or DESCRIBE query of a client in a format for graphs; raises EngineError."""
        return self.read(self.engine.ask(Request(query, {"graph": form}, default, named)))

    def choices(self, class_iri: str) -> list[Instance]:
        """Return the instances of a class with their labels, sorted by label: a pick-list."""
        known = self._known_choices(class_iri)
        return self._keep_choices(class_iri, self.select(listing(class_iri))) if known is None else known

    async def choices_in_loop(self, class_iri: str) -> list[Instance]:
        """Do what `choices` does, in the loop of the engine."""
        known = self._known_choices(class_iri)
        if known is not None:
            return known
        return self._keep_choices(class_iri, await self.select_in_loop(listing(class_iri)))

    def _known_choices(self, class_iri: str) -> list[Instance] | None:
        with self._lock:
            return self._choices.get(class_iri)

    def _keep_choices(self, class_iri: str, table: Table) -> list[Instance]:
        found = instances({name: text_of(term) for name, term in row.items()} for row in table.rows)
        with self._lock:
            self._choices[class_iri] = found
        return found

    def horizons(self) -> Horizons:
        """Return the last days of what the release knows; raises EngineError."""
        return horizons_of(self.remembered(HORIZONS).rows)

    def labels(self, iris: Iterable[str]) -> dict[str, str]:
        """Return the text of the labels of those IRIs that have one."""
        return {iri: text for iri, label in self.named(iris).items() if (text := text_of(label))}

    def named(self, iris: Iterable[str]) -> dict[str, Term]:
        """Return the labels of those IRIs that have one, as they are in the graph.

        A thing of which all is rejected is called by what the rejected statements call it.
        """
        wanted = set(iris)
        with self._lock:
            known = {iri: self._labels[iri] for iri in wanted if iri in self._labels}
        missing = sorted(wanted - known.keys())
        found = {iri: label for iri, label in known.items() if label is not None}
        for query in of_labels(missing):
            found |= {
                row["item"].value: row["label"]
                for row in self.select(query).rows
                if isinstance(row["item"], NamedNode)
            }
        if not found.keys() >= set(missing):
            found = {**self._rejected(missing), **found}
        named = missing if self.engine.release else [iri for iri in missing if iri in found]
        with self._lock:  # what has no label in a release never has one
            self._labels.update({iri: found.get(iri) for iri in named})
        return found

    def _rejected(self, iris: Iterable[str]) -> dict[str, Term]:
        """Return the rejected labels of those IRIs that have one; an endpoint is not asked each time."""
        if self.engine.release is None:
            return {}
        known = {text_of(row["item"]): row["label"] for row in self.remembered(_REJECTED).rows}
        return {iri: known[iri] for iri in iris if iri in known}

    def read(self, answer: Answer) -> bytes:
        """Return the bytes of an answer; raises TooLargeError."""
        if answer.size > self.most:
            answer.close()
            message = "The answer is too large for a page: download it, or add a LIMIT."
            raise TooLargeError(message, answer.summary)
        return answer.read()


def _for_rows(query: str, summing: Summing | None = None) -> Request:
    return Request(query, {"bindings": "json"}, summing=summing, own=True)
