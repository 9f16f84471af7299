"""`/matrix`: states by provisions of a treaty on a day, as a page and as CSV."""

from __future__ import annotations

from typing import Final

from surplace.catalogue import Instance, meant, near, several
from surplace.http.bodies import html_page
from surplace.http.call import Call
from surplace.http.message import HttpResponse, at
from surplace.http.negotiation import Offer
from surplace.http.problems import Problem
from surplace.http.route import Api, Parameter, Route
from surplace.namespaces import BASE, SUR
from surplace.routes.days import DAY, day_of
from surplace.web.kinds import treaty
from surplace.web.kinds.standing import Standings, standings_of
from surplace.web.matrix import as_csv, matrix_of
from surplace.web.picking import in_lists
from surplace.words.days import in_words
from surplace.words.standings import LEGEND

_SPACE: Final = f"{BASE}id/instrument/"
_CSV: Final = "text/csv"
_TREATIES: Final = f"{SUR}Treaty"
_NONE: Final = "The release has no treaty."


def page(call: Call) -> HttpResponse:
    """Show how each state stands to each provision, exceptions first."""
    if not call.service.knowledge.choices(_TREATIES):
        return html_page("matrix.html", heading="No treaty", sentence=_NONE)
    chosen, known = _chosen(call)
    found = _found(call, chosen)
    return html_page(
        "matrix.html",
        matrix=matrix_of(found),
        standings=found,
        heading=chosen.label,
        sentence=treaty.sentence(found, chosen.label),
        day=in_words(found.day),
        chosen=_key(chosen),
        treaties=[(_key(item), item.label) for item in in_lists(known, call.service.knowledge)],
        legend=LEGEND,
    )


def table(call: Call) -> HttpResponse:
    """Send every cell as CSV."""
    chosen, _ = _chosen(call)
    found = _found(call, chosen)
    name = f"{_key(chosen).replace('/', '-')}-{found.day}.csv"
    return HttpResponse(
        as_csv(found),
        f"{_CSV}; charset=utf-8",
        headers=[("Content-Disposition", f'inline; filename="{name}"')],
    )


def _found(call: Call, chosen: Instance) -> Standings:
    return standings_of(chosen.iri, call.service.knowledge, day_of(call))


def _chosen(call: Call) -> tuple[Instance, list[Instance]]:
    """Return the treaty that is meant, the first unless one is given, and all; raises Problem."""
    known = call.service.knowledge.choices(_TREATIES)
    given = call.first("treaty")
    if not known:
        raise Problem("not-found", _NONE)
    if not given:
        return known[0], known
    found = meant(known, given)
    if len(found) > 1:
        raise _TREATY.problem(several(found, given, "treaty"))
    if not found:
        alike = near(known, given)[:1]
        hint = f"did you mean {_key(alike[0])}?" if alike else f"{at('/treaties')} lists all."
        raise _TREATY.problem(f'"{given[:80]}" is no treaty here: {hint}')
    return found[0], known


def _key(item: Instance) -> str:
    return item.iri.removeprefix(_SPACE)


_TREATY: Final = Parameter(
    "treaty",
    "The treaty, by its key or a name; the first unless given.",
    example="1951-convention",
    class_iri=_TREATIES,
)
ROUTES: Final = (
    Route(
        "matrix",
        "/matrix",
        "Show how states stand to each provision of a treaty on a day",
        page=page,
        tag="names",
        offer=Offer(page=True),
        parameters=(_TREATY, DAY),
        problems=("parameter", "not-found"),
        near_misses=True,
        robots="listed",
        api=Api(),
    ),
    Route(
        "matrix-table",
        "/matrix.csv",
        "List how states stand to each provision of a treaty on a day, as CSV",
        table,
        tag="names",
        parameters=(_TREATY, DAY),
        problems=("parameter", "not-found"),
        near_misses=True,
        api=Api(content=(_CSV,)),
    ),
)
