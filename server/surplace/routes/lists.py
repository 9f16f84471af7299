"""Lists to browse by: states, treaties, sources; and what this is."""

from __future__ import annotations

from typing import Final

from surplace.catalogue import meant, near, several
from surplace.engine.knowledge import Knowledge
from surplace.http.bodies import html_page
from surplace.http.call import Call
from surplace.http.message import HttpResponse, at
from surplace.http.negotiation import Offer
from surplace.http.route import Api, Parameter, Route
from surplace.namespaces import SUR
from surplace.routes.days import DAY, day_of
from surplace.web import browsing
from surplace.web.comparing import states_side_by_side
from surplace.words.days import in_words
from surplace.words.english import joined
from surplace.words.standings import LEGEND

COMPARED: Final = 6
"""States that can be looked at side by side."""


def states(call: Call) -> HttpResponse:
    """List the states, or show some of them side by side."""
    knowledge = call.service.knowledge
    chosen = [*dict.fromkeys(_key(text, knowledge) for text in call.values.get("state", []) if text)]
    listed = browsing.states(knowledge)
    if len(chosen) > COMPARED:
        raise _STATE.problem(f"{len(chosen)} states are too many: compare up to {COMPARED}.")
    known = {item.key: item for item in listed}
    bands = states_side_by_side([known[key] for key in chosen], knowledge, day_of(call))
    return html_page(
        "states.html",
        heading=" beside ".join(bands.names) if bands else "States",
        sentence=bands.sentence if bands else "",
        # a form sends what is ticked in the order of the page: those chosen come first, as asked for
        states=[*(known[key] for key in chosen), *(item for item in listed if item.key not in chosen)],
        treaties=len(knowledge.choices(f"{SUR}Treaty")),
        bands=bands,
        chosen=chosen,
        most=COMPARED,
        day=in_words(day_of(call)),
    )


def _key(text: str, knowledge: Knowledge) -> str:
    """Return the code of the state that is meant; raises Problem unless it is one."""
    known = knowledge.choices(f"{SUR}State")
    found = meant(known, text)
    if len(found) > 1:
        raise _STATE.problem(several(found, text, "state"))
    if not found:
        alike = joined((f"{item.label} ({item.key})" for item in near(known, text)[:3]), word="or")
        hint = f"did you mean {alike}?" if alike else f"choose from {at('/states')}."
        raise _STATE.problem(f'"{text[:80]}" is no state here: {hint}')
    return found[0].key


def treaties(call: Call) -> HttpResponse:
    """List the treaties and other legal instruments."""
    return html_page("treaties.html", instruments=browsing.instruments(call.service.knowledge))


def sources(call: Call) -> HttpResponse:
    """List the sources by kind, or those that are looked for."""
    sought = call.first("find").strip()
    return html_page(
        "sources.html", sources=browsing.sources(call.service.knowledge, sought), looked_for=sought
    )


def about(call: Call) -> HttpResponse:  # noqa: ARG001 (all handlers are called alike)
    """Say what this is, how far it can be relied on, and what its marks mean."""
    return html_page("about.html", legend=LEGEND)


_OFFER: Final = Offer(page=True)
_STATE: Final = Parameter(
    "state",
    "A state to show beside others, by its code or name.",
    many=True,
    example=["CHN", "JPN"],
    class_iri=f"{SUR}State",
)
ROUTES: Final = (
    Route(
        "states",
        "/states",
        "List the states, or show some side by side",
        page=states,
        tag="names",
        offer=_OFFER,
        parameters=(
            _STATE,
            DAY,
        ),
        problems=("parameter",),
        near_misses=True,
        robots="listed",
        api=Api(),
    ),
    Route(
        "treaties",
        "/treaties",
        "List the treaties",
        page=treaties,
        tag="names",
        offer=_OFFER,
        robots="listed",
    ),
    Route(
        "sources",
        "/sources",
        "List the sources, or those that are looked for",
        page=sources,
        tag="names",
        offer=_OFFER,
        parameters=(
            Parameter(
                "find",
                "Words of a name, a symbol, a title, or of who adopted, wrote or published it.",
                {"type": "string", "maxLength": 200},
                example="CAT/C/CHN",
            ),
        ),
        robots="listed",
        api=Api(),
    ),
    Route("about", "/about", "Say what this is", page=about, offer=_OFFER, robots="listed"),
)
