"""The answer to a question as a spreadsheet, with what it is an answer to."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from surplace.answering.sentence import said
from surplace.catalogue import Query
from surplace.engine.query_errors import TooLargeError
from surplace.engine.remote import CUT
from surplace.engine.table import Row, Table
from surplace.export.citation import to_text
from surplace.export.edition import edition_of
from surplace.export.workbook import names_in, workbook
from surplace.http.asking import Asking, RowRange, count_of, read_asking
from surplace.http.call import Call
from surplace.http.message import HttpResponse
from surplace.http.problems import Problem
from surplace.namespaces import BASE
from surplace.rdf.formats import WORKBOOK
from surplace.rdf.terms import text_of
from surplace.web.answer_rows import ENDS, HOW_LONG, heading, in_order, is_usual, kind_of, together
from surplace.web.citing import answer_cited
from surplace.words.columns import title
from surplace.words.days import in_words
from surplace.words.english import joined
from surplace.words.standings import Horizons, ending

_YES_OR_NO: Final = ("answer",)
_TRIPLE: Final = ("subject", "property", "object")


@dataclass(frozen=True)
class _RowsFound:
    """The rows that are sent, the table that they are of, and how many rows the answer has.

    The table is that of all rows where it could be had, which is *whole*.
    """

    columns: tuple[str, ...]
    rows: list[Row]
    table: Table
    total: int
    whole: bool = True
    aside: tuple[str, ...] = ()
    """Columns that programs read, and people do not."""


def send_spreadsheet(call: Call, query: Query) -> tuple[HttpResponse, Asking]:
    """Answer *query* with a file of XLSX; raises Problem and EngineError."""
    service = call.service
    asking = read_asking(query, call, service.knowledge.choices)
    call.query = asking.asked.text
    found = _with_ends(_found(call, asking), service.knowledge.horizons())
    edition = edition_of(service.engine.release)
    labels = service.knowledge.labels(_things(found)) if asking.labels else {}
    about = _about(call, asking, found)
    called = partial(heading, heads=query.heads)
    body = workbook(found.columns, found.rows, labels, about, edition.day, found.aside, called)
    headers = [("Content-Disposition", f'attachment; filename="{asking.asked.file_name}.{WORKBOOK.suffix}"')]
    if found.table.cut:
        headers.append((CUT, f"rows={len(found.rows)}"))
    return HttpResponse(
        body, call.choice.type_of(query.kind), headers=headers, complete=not found.table.cut
    ), asking


def _found(call: Call, asking: Asking) -> _RowsFound:
    """Ask for the rows, in the order of law; a graph has a row for each of its triples."""
    knowledge, query, part = call.service.knowledge, asking.asked.query, asking.part
    if query.kind == "boolean":
        verdict = Literal(knowledge.ask(asking.asked.text))
        return _all(_YES_OR_NO, [{_YES_OR_NO[0]: verdict}])
    if query.kind == "graph":
        data = knowledge.graph(asking.asked.text, "nt")
        return _all(
            _TRIPLE,
            [
                dict(zip(_TRIPLE, (quad.subject, quad.predicate, quad.object), strict=True))
                for quad in parse(data, RdfFormat.N_TRIPLES)
            ],
        )
    columns = tuple(name for name in asking.asked.columns if asking.labels or name not in query.labels)
    try:
        whole = knowledge.answer(asking.asked)
    except TooLargeError as error:
        whole = Table(columns, (), cut=True, summary=error.summary)
    if whole.cut and not part.is_all:
        some = knowledge.shown(asking.rows(part))
        total = count_of(knowledge.select(query.counted(asking.all_rows)))
        return _RowsFound(columns, in_order(asking.asked.apart, some.rows), some, total, whole=False)
    if whole.cut and not whole.rows:
        raise Problem(
            "too-large",
            "The answer is too large for a spreadsheet: ask for a part of its rows with limit and "
            "offset, or take it as CSV.",
        )
    stop = None if part.limit is None else part.offset + part.limit
    # which rows a part has is a matter of the query, as in every format; in which order, of the sheet
    rows = in_order(asking.asked.apart, whole.rows[part.offset : stop])
    if part.is_all:  # a page folds the rule; a sheet has it below
        rows = together(query, rows)
        rows.sort(key=lambda row: is_usual(query, row))
    return _RowsFound(columns, rows, whole, len(whole.rows))


def _all(columns: tuple[str, ...], rows: list[Row]) -> _RowsFound:
    return _RowsFound(columns, rows, Table(columns, rows), len(rows))


def _with_ends(found: _RowsFound, known: Horizons) -> _RowsFound:
    """Say in words until when something held, for the bare day would read as the end of a duty.

    *known* are the last days of what is known; the day itself is set aside.
    """
    ends = [name for name in found.columns if name in ENDS]
    if not ends or HOW_LONG in found.columns:
        return found
    (end,) = ends
    columns = (*(HOW_LONG if name == end else name for name in found.columns), end)
    rows = [
        {**row, HOW_LONG: Literal(ending(text_of(row[end]), known, kind_of(row)))} if end in row else row
        for row in found.rows
    ]
    return replace(found, columns=columns, rows=rows, aside=(end,))


def _things(found: _RowsFound) -> set[str]:
    """Return our names in the rows: they are shown by their labels."""
    return {
        term.value
        for row in found.rows
        for term in row.values()
        if isinstance(term, NamedNode) and term.value.startswith(BASE)
    }


def _about(call: Call, asking: Asking, found: _RowsFound) -> Iterator[tuple[str, str]]:
    """Yield what the rows are an answer to: titles and texts."""
    asked, knowledge = asking.asked, call.service.knowledge
    edition = edition_of(call.service.engine.release)
    yield "Question", asked.query.summary
    if found.whole and found.table.summary:
        yield "Answer", found.table.summary
    things = {term.value for terms in asked.terms.values() for term in terms if isinstance(term, NamedNode)}
    labels = knowledge.labels(things)
    for name, terms in asked.terms.items():
        values = ["any" if term is None else said(term, labels) for term in terms]
        yield asked.query.params[name].description or title(name), joined(values, word="or")
    yield "Rows", _rows_in_words(asking.part, found)
    usual = sum(is_usual(asked.query, row) for row in found.rows) if asking.part.is_all else 0
    if 0 < usual < len(found.rows):
        yield (
            "Order",
            f"what stands out first, then the rule, from row {len(found.rows) - usual + 2} of the sheet on",
        )
    yield "Complete", _complete(asking.part, found)
    yield "Release", edition.release or "not known"
    yield "Day of the release", in_words(edition.day.isoformat()) if edition.day else "not known"
    yield "Licence", edition.licence or "not known"
    yield "Address", BASE + asked.path_at(edition.release)
    if names_in(found.columns, found.rows) or found.aside:
        ends = "".join(
            f", and the first day of which the row says nothing more ({name})" for name in found.aside
        )
        yield "Sheet Addresses", f"the IRI of each thing, row by row in the order of this file{ends}"
    yield "Version of the question", asked.query.version
    cited = answer_cited(asked, found.table.summary or "", call.service)
    yield "Cite as", to_text(cited)


def _rows_in_words(part: RowRange, found: _RowsFound) -> str:
    number = len(found.rows)
    if part.is_all and number < found.total:
        return (
            f"{number}; as CSV and JSON {found.total}, where a row with several caveats comes again for each"
        )
    if part.is_all or not number:
        return str(number)
    return f"{number}: row {part.offset + 1} to row {part.offset + number} of {found.total}"


def _complete(part: RowRange, found: _RowsFound) -> str:
    if found.table.cut:
        return "no: the answer is cut, for it has more rows than the service sends at once"
    if part.is_all or len(found.rows) == found.total:
        return "yes"
    return "no: a part of the rows was asked for"
