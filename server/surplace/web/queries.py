"""The questions of the catalogue: a list of them, and the answer to each, in every format or as a page."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from flask import Blueprint, make_response, render_template, request
from werkzeug.wrappers import Response

from surplace.catalogue import Query
from surplace.engine.protocol import Request
from surplace.engine.remote import CUT
from surplace.errors import SurplaceError
from surplace.rdf.formats import FORMATS
from surplace.sparql.syntax import kind_of
from surplace.web.asking import FORMAT, Asking, asking, name_answer
from surplace.web.errors import Problem
from surplace.web.negotiation import Wanted, wanted
from surplace.web.paging import Part, count, others
from surplace.web.question import show_question
from surplace.web.service import release_name, send, service

CSV: Final = FORMATS["csv"]
WITH_HEADER: Final = f"{CSV.content_type}; header=present"
"""What RFC 4180 calls CSV whose first line has the names of the columns."""

blueprint = Blueprint("queries", __name__)


@blueprint.get("/queries/")
def listing() -> str:
    """List the questions by category."""
    return render_template("queries.html", categories=service().catalogue.by_category())


@blueprint.get("/queries/<name>")
def show(name: str) -> Response:
    """Answer a question, as a page or in the format of the suffix, of `?format=` or of Accept."""
    query, suffix = _find(name)
    kind = kind_of(query.text) or "bindings"
    chosen = wanted(request, suffix or request.args.get(FORMAT), [kind], page=suffix is None)
    if chosen.page:
        outcome, about = show_question(query, kind)
        return name_answer(make_response(outcome), query, about, None)
    about = asking(query, request.args, service())
    return name_answer(_answer(about, chosen), query, about, chosen.formats[kind])


def _find(name: str) -> tuple[Query, str | None]:
    """Split a suffix off and find the query."""
    stem, dot, suffix = name.rpartition(".")
    if not dot or (suffix not in FORMATS and name in service().catalogue):
        stem, suffix = name, ""
    return question(stem), suffix or None


def question(name: str) -> Query:
    """Return the question of that name; raises Problem."""
    try:
        query = service().catalogue[name]
    except SurplaceError as error:
        raise Problem("not-found", str(error)) from None
    if query.is_check:
        raise Problem("not-found", f"{name} is a check, not a question: the build runs it.")
    return query


def _answer(about: Asking, chosen: Wanted) -> Response:
    """Send the answer itself, with links to the parts around it."""
    asked, part = about.asked, about.part
    if asked.query.form != "SELECT":
        return send(Request(asked.stating(release_name()), chosen.formats), chosen, asked.query.name)

    def rest(rows: int) -> str:
        """Return the address of what comes after so many rows of this part."""
        return Part(None if part.limit is None else part.limit - rows, part.offset + rows).address

    total = count(about.all_rows, service().knowledge) if part.limit is not None else 0
    response = send(Request(about.rows(part), chosen.formats), _with_header(chosen), asked.query.name, rest)
    for relation, other in others(part, total).items() if not part.is_all else ():
        if relation != "next" or CUT not in response.headers:
            response.headers.add("Link", f'<{other.address}>; rel="{relation}"')
    return response


def _with_header(chosen: Wanted) -> Wanted:
    """Call CSV what it is: a table with a first line of names."""
    media_type = chosen.types["bindings"]
    return replace(chosen, types={"bindings": WITH_HEADER if media_type == CSV.content_type else media_type})
