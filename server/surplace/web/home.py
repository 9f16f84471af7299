"""The first page: what this is, and three questions with their answers from the release."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from surplace.catalogue import Query
from surplace.catalogue.asked import ask
from surplace.description import DATASET
from surplace.engine.table import Table
from surplace.errors import SurplaceError
from surplace.http.bodies import html_page
from surplace.http.call import Call
from surplace.http.message import HttpResponse
from surplace.http.service import Service
from surplace.web import schema_org
from surplace.web.cells import Page, page
from surplace.web.facts import facts_of
from surplace.web.kinds.band import Band, band_of
from surplace.web.signposting import signposts

ROWS: Final = 8
"""Rows of each answer that the first page shows."""

_BECAME: Final = "what-became-of-a-recommendation"
QUESTIONS: Final = (
    (
        "which-un-body-asked-which-state-for-what",
        "Which UN body asked China for what?",
        "In which document and paragraph, on which day, and which sentence of the source says so.",
        ("body", "recommendation", "document", "askedOn", "passage"),
        (_BECAME, "What became of each request"),
    ),
    (
        "who-claims-what",
        "Who claims what?",
        "What somebody says is kept apart from what the graph vouches for, with speaker, day and passage.",
        ("by", "subject", "predicate", "object", "claimedOn", "passage"),
        None,
    ),
    (
        "where-sources-disagree",
        "Where do the sources disagree?",
        "Both statements are kept; the one of the better source prevails, and the reason is given.",
        ("disagreement", "predicate", "object", "passage", "preferredSource", "reason"),
        None,
    ),
)
"""The name of each query, the question, what the answer holds, the columns to show, and what to ask next."""


FIGURE: Final = "how-does-a-state-stand-to-each-treaty"
"""The question whose answer is drawn."""


@dataclass(frozen=True)
class Shown:
    """A question with the beginning of its answer, or the sentence that says why there is none."""

    query: Query
    question: str
    note: str
    table: Page | None
    trouble: str = ""
    sentence: str = ""
    further: tuple[str, str] | None = None
    """The name of the question to ask next, and its words."""


def show_home(call: Call) -> HttpResponse:
    """Show what this is, and three answers; incomplete if one of them cannot be had."""
    current = call.service
    shown = [
        replace(_shown(current, name, question, note, columns), further=further)
        for name, question, note, columns, further in QUESTIONS
        if name in current.catalogue
    ]
    figure, trouble = _figure(current)
    groups = current.catalogue.by_group()
    response = html_page("home.html", shown=shown, data=data_of(current), figure=figure, groups=groups)
    response.complete = not trouble and not any(item.trouble for item in shown)
    if current.engine.release is not None:
        response.headers.append(("Link", signposts(current.engine.release, home=True)))
    return response


def _figure(current: Service) -> tuple[tuple[str, str, Band] | None, bool]:
    """Return IRI, name and treaty band of the state that the question on treaties is first asked of.

    Nothing where there is none; the second value tells whether it could not be had.
    """
    try:
        query = current.catalogue[FIGURE]
        state = next((term.value for item in query.params.values() for term in item.defaults if term), "")
        label = current.knowledge.labels([state]).get(state, "")
        return ((state, label, band_of(state, current.knowledge)) if label else None), False
    except SurplaceError:
        return None, FIGURE in current.catalogue


def data_of(current: Service) -> dict[str, Any] | None:
    """Describe the whole graph for search engines; nothing where it cannot be asked."""
    try:
        return schema_org.dataset(facts_of(DATASET, current.knowledge), current.engine.release)
    except SurplaceError:
        return None


def _shown(current: Service, name: str, question: str, note: str, columns: tuple[str, ...]) -> Shown:
    query = current.catalogue[name]
    try:
        table = current.knowledge.remembered_answer(ask(query, {}))
        # the rows that say most come first, those of one kind in the order of the query
        rows = sorted(table.rows, key=lambda row: -len(row.keys() & set(columns)))
        shown = page(Table(table.columns, rows[:ROWS]), current.knowledge, current.limits, columns)
        return Shown(query, question, note, replace(shown, total=len(rows)), sentence=table.summary)
    except SurplaceError as error:
        return Shown(query, question, note, None, str(error))
