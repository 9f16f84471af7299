"""The page of a question: its form, the answer below it, and the ways to get that elsewhere."""

from __future__ import annotations

import shlex
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from pyoxigraph import Literal, NamedNode

from surplace.catalogue import Query
from surplace.catalogue.asked import BoundQuestion
from surplace.catalogue.called import key_of
from surplace.catalogue.query import without_header
from surplace.catalogue.values import Term
from surplace.engine.knowledge import Knowledge
from surplace.engine.protocol import Request
from surplace.engine.query_errors import EngineError, TooLargeError
from surplace.engine.table import Row, Table
from surplace.errors import SurplaceError
from surplace.http.answers import summary
from surplace.http.asking import Asking, RowRange, address_of, count_of, others, read_asking, values_of
from surplace.http.bodies import html_page
from surplace.http.call import Call, fields_of
from surplace.http.finish import EMBED
from surplace.http.former import RELEASE
from surplace.http.message import HttpResponse, at
from surplace.http.problems import Problem, problem_of
from surplace.namespaces import BASE, CATALOGUE, SCHEMA
from surplace.rdf.formats import OF_QUESTIONS, Format, formats_of
from surplace.rdf.terms import text_of
from surplace.web.answer_rows import in_order, together
from surplace.web.answers import lay_out
from surplace.web.cells import most_rows
from surplace.web.citing import answer_cited, box
from surplace.web.facets import LONG, Facet, facets_of
from surplace.web.fields import field_of
from surplace.web.kinds.rejecting import Disagreement, disagreements
from surplace.web.meanings import meanings_of, words_in
from surplace.words.order import legal_key

TABLE: Final = "csv"
DISAGREEMENT: Final = "disagreement"
"""The first column of an answer whose rows are shown by disagreement."""


def show_question(call: Call, query: Query) -> tuple[HttpResponse, Asking | None]:
    """Show the page of a question with what the request asks, or with what is wrong with that."""
    asking: Asking | None = None
    problem: Problem | None = None
    outcome: dict[str, Any] = {}
    text, complete = query.text, True
    try:
        if call.problem is not None:
            raise call.problem
        asking = read_asking(query, call, call.service.knowledge.choices)
        text = asking.all_rows
        outcome, complete = _outcome(call, asking)
        outcome |= _of_release(call, asking)
        outcome["related"] = list(_related(call, asking.asked))
        outcome["cited"] = box(answer_cited(asking.asked, outcome.get("sentence", ""), call.service))
    except (SurplaceError, Problem) as error:
        problem = problem_of(error)
        outcome = {"problem": problem}
    values = values_of(query, call)
    if problem is not None and problem.meant in query.params and problem.meant not in values:
        given = [value for name, value in fields_of(call) if name == problem.extra["parameter"]]
        meant = [value.encode("utf-8", "replace").decode() for value in given]
        values = {**values, problem.meant: meant}
    taken = values | {RELEASE: call.values[RELEASE]} if RELEASE in call.values else values
    formats = formats_of(query.kind, named=True)
    mine = [form for form in OF_QUESTIONS if query.kind in form.kinds]
    table = [form for form in formats if form.name == TABLE]
    first = [*mine, *table] if table else [*mine, formats[0]]
    context = {
        "query": query,
        "heading": query.summary,
        "text": without_header(text),
        "fields": [
            field_of(call.service.knowledge, query, item, values.get(item.name))
            for item in query.params.values()
        ],
        "downloads": [(form, _address(query, form, taken)) for form in first],
        "further": [(form, _address(query, form, taken)) for form in formats if form not in first],
        "curl": _curl(call, query, first[-1], taken),
        **outcome,
    }
    response = html_page("embed.html" if EMBED in call.values else "query.html", problem, **context)
    response.headers += summary(outcome.get("sentence", ""))
    response.complete = complete and problem is None
    return response, asking


def _of_release(call: Call, asking: Asking) -> dict[str, Any]:
    """Return what the page says of the release that answers: where its answer stays, if it was named.

    *reworded* where that release holds the question in another version than the one that is asked.
    """
    asked, service = asking.asked, call.service
    path = _in_short(asked, service.knowledge).path_at(service.release_name)
    found: dict[str, Any] = {
        "permanent": at(f"/{path}"),
        "frame": f"{call.request.origin.root}{path}{'&' if '?' in path else '?'}{EMBED}=1",
    }
    if RELEASE not in call.values:
        return found
    held = service.knowledge.remembered(
        f"SELECT ?version {{ GRAPH <{CATALOGUE}> {{ <{asked.query.iri}> <{SCHEMA}version> ?version }} }}"
    )
    versions = {text_of(row["version"]) for row in held.rows}
    return {
        **found,
        "fixed": True,
        "former": not service.is_current,
        "current": at("/" + asked.path),
        "reworded": bool(versions) and asked.query.version not in versions,
    }


def _related(call: Call, asked: BoundQuestion) -> Iterator[tuple[str, str, int]]:
    """Yield the questions that this one is easily taken for, asked with the same values: name, address, rows.

    Those are left out that cannot be counted.
    """
    service = call.service
    for name in asked.query.related:
        query = service.catalogue[name]
        taken = {
            key: tuple(terms)
            for key, terms in asked.terms.items()
            if key in query.params and query.params[key].class_iri == asked.query.params[key].class_iri
        }
        terms = {key: taken.get(key, parameter.defaults) for key, parameter in query.params.items()}
        other = BoundQuestion(query, terms, query.bind_terms(taken))
        with suppress(EngineError):
            rows = service.knowledge.remembered_answer(other)
            yield query.summary, at("/" + _in_short(other, service.knowledge).path), len(rows.rows)


def _in_short(asked: BoundQuestion, knowledge: Knowledge) -> BoundQuestion:
    """Ask with keys such as CHN for IRIs, for an address that holds others looks broken in a letter."""

    def short(name: str, term: Term) -> Term:
        kind = asked.query.params[name].class_iri
        if kind is None or not isinstance(term, NamedNode):
            return term
        return Literal(key_of(term.value, knowledge.choices(kind)))

    terms = {name: tuple(short(name, term) for term in given) for name, given in asked.terms.items()}
    return replace(asked, terms=terms)


def _outcome(call: Call, asking: Asking) -> tuple[dict[str, Any], bool]:
    """Ask, and return what the page shows of the answer, and whether that is whole; raises EngineError."""
    service, query = call.service, asking.asked.query
    if query.kind == "graph":
        text = asking.asked.stating(service.release_name)
        graph = service.knowledge.whole(Request(text, {"graph": "ttl"}, summing=asking.asked.summing))
        return {"sentence": graph.summary, "graph": service.knowledge.read(graph).decode("utf-8")}, True
    if query.kind == "boolean":
        return {"verdict": service.knowledge.ask(asking.asked.text)}, True
    whole, table, part, total = _rows(call, asking)
    shown = lay_out(asking.asked.apart, table, service.knowledge, total, part.offset)
    pages = {relation: address_of(call, other) for relation, other in others(part, total).items()}
    told = [] if whole.cut else together(query, whole.rows)
    facets = _facets(asking, told, service.knowledge)
    paged = query.pageable and (part.offset or "next" in pages)
    return {
        "page": shown,
        "disagreements": _disagreements(table, service.knowledge),
        "meanings": meanings_of(table.rows, service.knowledge),
        "words": words_in(table.rows, query.words),
        "sentence": whole.summary,
        "facets": facets,
        "told": len(told),
        "pages": pages if paged else {},
    }, not table.cut


def _disagreements(table: Table, knowledge: Knowledge) -> list[Disagreement]:
    """Return the disagreements that a table lists, each once, in the order in which a sentence names them."""
    if not table.columns or table.columns[0] != DISAGREEMENT:
        return []
    listed = dict.fromkeys(text_of(row[DISAGREEMENT]) for row in table.rows if DISAGREEMENT in row)
    known = disagreements(knowledge)
    return sorted((known[iri] for iri in listed if iri in known), key=lambda one: legal_key(one.name.text))


def _facets(asking: Asking, rows: Sequence[Row], knowledge: Knowledge) -> tuple[Facet, ...]:
    """Count the values of a long answer, by their labels."""
    if len(rows) < LONG:
        return ()
    things = {
        term.value
        for row in rows
        for term in row.values()
        if isinstance(term, NamedNode) and term.value.startswith(BASE)
    }
    return facets_of(asking.asked, rows, knowledge.labels(things))


def _rows(call: Call, asking: Asking) -> tuple[Table, Table, RowRange, int]:
    """Return all rows as far as they can be had, those that a page shows, which these are, and how many.

    Where all can be had they are in the order of law; else only those of the page are asked for, and counted.
    Each of the two tables tells whether it is cut: what counts an answer needs all rows, a page its own.
    """
    knowledge, limits, query = call.service.knowledge, call.service.limits, asking.asked.query
    most = most_rows(limits, len(asking.asked.columns))
    size, offset = min(asking.part.limit or most, most, limits.answer_rows), asking.part.offset
    try:
        whole = knowledge.answer(asking.asked)
    except TooLargeError as error:
        whole = Table(asking.asked.columns, (), cut=True, summary=error.summary)
    if not whole.cut:
        rows = in_order(asking.asked.apart, whole.rows)
        page = replace(whole, rows=rows[offset : offset + size])
        return replace(whole, rows=rows), page, RowRange(size, offset), len(rows)
    if not query.pageable:
        return whole, replace(whole, rows=whole.rows[:size]), RowRange(size), len(whole.rows)
    found = knowledge.shown(asking.asked.query.paged(asking.asked.text, size, offset))
    total = count_of(knowledge.select(query.counted(asking.asked.text)))
    part = RowRange(len(found.rows) if found.cut and found.rows else size, offset)
    return whole, found, part, total


def _address(query: Query, form: Format, values: dict[str, list[str]]) -> str:
    path = at(f"/queries/{query.name}.{form.name}")
    return f"{path}?{urlencode(values, doseq=True)}" if values else path


def _curl(call: Call, query: Query, form: Format, values: dict[str, list[str]]) -> str:
    """Write the command that gets the same answer."""
    url = f"{call.request.origin.root}queries/{query.name}.{form.name}"
    fields = [f"--data-urlencode {shlex.quote(f'{key}={value}')}" for key in values for value in values[key]]
    return " ".join(["curl", "-G" if fields else "", shlex.quote(url), *fields]).replace("  ", " ")
