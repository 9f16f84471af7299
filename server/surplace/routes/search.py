"""`/search`: find a thing by its name, an article, a symbol, a code or words."""

from __future__ import annotations

from typing import Final

from surplace.http.bodies import html_page, own_json
from surplace.http.call import Call
from surplace.http.message import HttpResponse
from surplace.http.negotiation import Offer
from surplace.http.route import Api, Parameter, Route
from surplace.web.search.hits import by_kind, paragraph_of, shown
from surplace.web.search.index import FEW, LONGEST, MOST, index_of


def search(call: Call) -> HttpResponse:
    """Return what is found as JSON, the closest first."""
    hits = shown(index_of(call.service.knowledge).find(call.first("q")), _kind(call))
    results = [
        {
            "iri": hit.iri,
            "label": hit.label,
            "kind": hit.kind,
            "note": hit.note,
            "disputed": list(hit.disputed),
        }
        for hit in hits[:MOST]
    ]
    return own_json({"query": call.first("q"), "total": len(hits), "results": results})


def page(call: Call) -> HttpResponse:
    """Show what is found, with its kind and what disputes it."""
    sought, kind = call.first("q").strip(), _kind(call)
    index = index_of(call.service.knowledge)
    every = index.find(sought)
    hits = shown(every, kind)
    near = index.near(sought) if len(every) <= FEW and not kind else []
    return html_page(
        "search.html",
        sought=sought,
        kind=kind,
        kinds=list(by_kind(every)),
        hits=hits[:MOST],
        total=len(hits),
        personal=[] if kind else index.circumstances(sought),
        paragraph=paragraph_of(hits, sought),
        unknown=[] if every else index.unknown(sought),
        spelled="" if every else index.spelled(sought),
        near=[hit for hit in near if hit not in every],
    )


def _kind(call: Call) -> str:
    """Return the kind of thing that is wanted, or nothing; raises Problem for what is none."""
    kind, known = call.first(_KIND.name), index_of(call.service.knowledge).entries.kinds
    kind = next((name for name in known if name.lower() == kind.lower()), kind)
    if kind and kind not in known:
        detail = f'"{kind[:80]}" is no kind of thing here: give one of {", ".join(known)}.'
        raise _KIND.problem(detail, allowed=known)
    return kind


_KIND: Final = Parameter("kind", "The kind of thing, as results name it.", {"type": "string"})
ROUTES: Final = (
    Route(
        "search",
        "/search",
        "Find things by name, article, symbol, ISO code or words",
        search,
        page,
        tag="names",
        offer=Offer(page=True, json=True),
        parameters=(
            Parameter(
                "q",
                f"What to look for; the first {LONGEST} characters count.",
                {"type": "string", "maxLength": 2000},
                example="art 33",
            ),
            _KIND,
        ),
        problems=("parameter", "format", "not-acceptable"),
        robots="closed",
        api=Api(json="Found"),
    ),
)
