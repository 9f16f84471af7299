"""Sums an answer up where it is made, from the same evaluation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from itertools import islice
from typing import IO, Final, cast

from pyoxigraph import NamedNode, QueryResultsFormat, QuerySolutions, QueryTriples, parse_query_results

from surplace.answering.sentence import HORIZONS, Known, Summing, horizons_of
from surplace.engine.limits import Limits
from surplace.engine.table import Row, Table, table_of
from surplace.errors import SurplaceError
from surplace.namespaces import BASE, PREFIXES, QUERY
from surplace.rdf.terms import text_of
from surplace.sparql.evaluation import Results
from surplace.words.sentence import cut
from surplace.words.standings import Horizons

LONGEST: Final = 60_000
"""Characters of a query that asks for many things at once; for more things there are more queries."""
_ORIGIN: Final = (f"<{BASE}queries/", f"<{QUERY}")
"""How the names of an answer and its query begin, of which a graph says where it comes from."""
_PREFIXES = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("dcterms", "owl", "skos"))


@dataclass(frozen=True)
class Summary:
    """The sentence that sums an answer up, or why there is none."""

    sentence: str = ""
    fault: str = ""


class Lookup:
    """What sentences need to know, asked for by *select*."""

    def __init__(self, select: Callable[[str], Table]) -> None:
        self.select = select

    def labels(self, iris: Iterable[str]) -> dict[str, str]:
        """Return the texts of the labels of those IRIs that have one; raises EngineError."""
        found: dict[str, str] = {}
        for query in of_labels(sorted(iris)):
            found |= {text_of(row["item"]): text_of(row["label"]) for row in self.select(query).rows}
        return found

    def horizons(self) -> Horizons:
        """Return the last days of what is known; raises EngineError."""
        return horizons_of(self.select(HORIZONS).rows)


def of_labels(iris: Iterable[str]) -> Iterator[str]:
    """Yield the queries for the labels of *iris*, as `?item` and `?label`, of at most `LONGEST` characters.

    A module of the ontology is called by its title.
    """
    start, end = (
        f"{_PREFIXES}SELECT ?item ?label WHERE {{ VALUES ?item {{ ",
        " } { ?item skos:prefLabel ?label } UNION { ?item a owl:Ontology ; dcterms:title ?label } }",
    )
    piece: list[str] = []
    left = most = LONGEST - len(start) - len(end)
    for iri in iris:
        left -= len(iri) + 3
        if left < 0 and piece:
            yield f"{start}{' '.join(piece)}{end}"
            piece, left = [], most - len(iri) - 3
        piece.append(str(NamedNode(iri)))
    if piece:
        yield f"{start}{' '.join(piece)}{end}"


def sum_up(
    evaluate: Callable[[], Results], summing: Summing, known: Known, limits: Limits, *, own: bool = False
) -> tuple[Results, Summary]:
    """Evaluate a query, and return what it found, to be written, with what sums it up.

    Of rows that are too many for a client, unless they are Surplace's *own*, or take more than
    `limits.page_bytes` as JSON, it is said that they are.
    """
    results = evaluate()
    if isinstance(results, QueryTriples):
        # a template knows of a graph whether it has anything in it besides where it comes from
        found = (triple for triple in results if not str(triple.subject).startswith(_ORIGIN))
        return evaluate(), _say(summing, [{} for _ in islice(found, 1)], known)
    if not isinstance(results, QuerySolutions):
        return results, _say(summing, (), known)
    held = _Held(limits.page_bytes)
    try:
        results.serialize(cast("IO[bytes]", held), format=QueryResultsFormat.JSON)
    except _FullError:
        return evaluate(), Summary(cut(_rows_in(held.bytes.getvalue())))
    table = table_of(_read(held.bytes.getvalue()))
    too_many = not own and len(table.rows) > limits.answer_rows
    summary = Summary(cut(limits.answer_rows)) if too_many else _say(summing, table.rows, known)
    return _read(held.bytes.getvalue()), summary


def _say(summing: Summing, rows: Sequence[Row], known: Known) -> Summary:
    try:
        return Summary(summing.sentence(rows, known))
    except SurplaceError as error:
        return Summary(fault=str(error))


class _FullError(Exception):
    """Ends the writing of rows of which there are more than are looked at."""


class _Held:
    """Holds what is written, up to *most* bytes."""

    def __init__(self, most: int) -> None:
        self.bytes, self.most = BytesIO(), most

    def write(self, data: bytes) -> int:
        if self.bytes.tell() + len(data) > self.most:
            raise _FullError
        return self.bytes.write(data)

    def flush(self) -> None:
        """Everything is held already."""


def _read(data: bytes) -> QuerySolutions:
    return cast("QuerySolutions", parse_query_results(data, format=QueryResultsFormat.JSON))


def _rows_in(data: bytes) -> int:
    """Count the rows at the beginning of JSON that was broken off."""
    rows = 0
    try:
        for _ in _read(data):
            rows += 1
    except SyntaxError:
        pass
    return rows
