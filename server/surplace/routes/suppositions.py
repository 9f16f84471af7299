"""`/person` and `/what-if`: the rules run again on what is supposed, in a process of its own.

What is said of a person comes by POST, so that no address and no log holds it, and is not kept.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Final

from surplace.catalogue import meant, several
from surplace.engine.knowledge import Knowledge
from surplace.engine.query_errors import EngineError
from surplace.errors import SurplaceError
from surplace.explain.statements import to_iri
from surplace.http.bodies import html_page, own_json
from surplace.http.call import Call
from surplace.http.headers import NO_STORE
from surplace.http.message import HttpResponse
from surplace.http.negotiation import Offer
from surplace.http.problems import Problem, reading
from surplace.http.route import Api, Json, Parameter, Route
from surplace.http.waiting import Awaited
from surplace.namespaces import ID, SUR, sparql_prologue
from surplace.rdf.terms import text_of
from surplace.routes.described import BODIES, as_sent, read_person, refuse_address, territories
from surplace.suppose.description import PersonDescription
from surplace.suppose.process import suppose
from surplace.suppose.supposition import HORIZON, TAKES, Supposition, refuse_others
from surplace.web.assessed import foremost_asked, further, legend, without_ground
from surplace.web.person import HELPING, UNBOUND, harm_groups, marks, near_grounds, themes, told
from surplace.web.picking import in_lists
from surplace.web.what_if import differing
from surplace.words.days import read_day

NOTICE: Final = (
    "This is research on what sources say, not legal advice. Nothing about the person is stored or logged."
)
KINDS: Final = {
    "withdraw": "withdraws a reservation",
    "accede": "accedes to a treaty",
    "denounce": "denounces a treaty",
}
_CLASSES: Final = {"state": SUR + "State", "treaty": SUR + "Treaty"}
_IRI: Final[Json] = {"type": "string", "format": "iri-reference"}
_TEXT: Final[Json] = {"type": "string"}
_DAY: Final[Json] = {"type": "string", "format": "date"}


def assess(call: Call) -> Awaited:
    """Return which grounds may apply to the person described, and which norms protect it, as JSON."""
    return _supposed(call, "assess", read_person(call), lambda found: own_json({"notice": NOTICE, **found}))


def person(call: Call) -> HttpResponse | Awaited:
    """Show the form, and which grounds may apply to the person described, and which norms, if one is."""
    try:
        if call.request.method != "POST":
            refuse_address(call)
            return _person_page(call, PersonDescription())
        given = read_person(call)
    except Problem as problem:
        return _refused_person(call, problem)
    show = partial(_person_page, call, given)
    return _supposed(call, "assess", given, show, partial(_refused_person, call))


def _refused_person(call: Call, problem: Problem) -> HttpResponse:
    given = as_sent(call) if call.request.method == "POST" else PersonDescription()
    return _person_page(call, given, problem=problem)


def _person_page(
    call: Call, given: PersonDescription, found: Any = None, problem: Problem | None = None
) -> HttpResponse:
    knowledge = call.service.knowledge
    wrong = problem.extra.get("parameter", "") if problem else ""
    context: dict[str, Any] = {
        "given": given,
        "found": found,
        "notice": NOTICE,
        "marks": marks(),
        "wrong": wrong,
    }
    if found is not None:
        context |= {
            "told": told(found),
            "legend": legend(found),
            "asked": foremost_asked(found),
            "further": further(found),
            "without_ground": without_ground(found),
            "helping": HELPING,
            "unbound": UNBOUND,
            "near": near_grounds(found),
            "harms": harm_groups(found),
            "foremost": [norm for norm in found["protection"] if norm["foremost"]],
            "others": [norm for norm in found["protection"] if not norm["foremost"]],
        }
    return _page(
        "person.html",
        problem,
        themes=themes(knowledge, given, wrong),
        territories=territories(knowledge),
        states=in_lists(knowledge.choices(SUR + "State"), knowledge),
        end=_end(knowledge),
        **context,
    )


def _end(knowledge: Knowledge) -> str:
    """Return the day that is meant where none is given; nothing if there is no record of consents."""
    found = knowledge.remembered(sparql_prologue() + HORIZON).rows
    return text_of(found[0]["end"]) if found and "end" in found[0] else ""


def what_if(call: Call) -> Awaited:
    """Return what would differ, as JSON."""
    return _supposed(call, "what-if", [_supposition(call)], own_json)


def what_if_page(call: Call) -> HttpResponse | Awaited:
    """Show the form, and what would differ, if something is supposed."""
    if not call.first("kind"):
        return _what_if_page(call)
    try:
        supposed = _supposition(call)
    except Problem as problem:
        return _what_if_page(call, problem=problem)
    show = partial(_what_if_page, call)
    return _supposed(call, "what-if", [supposed], show, lambda problem: show(problem=problem))


def _what_if_page(call: Call, found: Any = None, problem: Problem | None = None) -> HttpResponse:
    knowledge = call.service.knowledge
    return _page(
        "what-if.html",
        problem,
        kinds=KINDS,
        takes=TAKES,
        reservations=in_lists(knowledge.choices(SUR + "Reservation"), knowledge),
        states=in_lists(knowledge.choices(SUR + "State"), knowledge),
        treaties=in_lists(knowledge.choices(SUR + "Treaty"), knowledge),
        args={name: _chosen(name, values[0], knowledge) for name, values in call.values.items()},
        found=differing(found, knowledge.horizons()) if found else None,
    )


def _supposed(
    call: Call,
    task: str,
    argument: Any,
    show: Callable[[Any], HttpResponse],
    refuse: Callable[[Problem], HttpResponse] | None = None,
) -> Awaited:
    """Have a supposition computed; what cannot be supposed is a Problem."""

    async def begin() -> Any:
        try:
            return await suppose(call.service.engine, task, argument)
        except EngineError:
            raise
        except SurplaceError as error:
            named = {"parameter": error.parameter} if error.parameter else {}
            raise Problem("parameter", str(error), None, **named) from None

    return Awaited(begin, show, refuse)


def _supposition(call: Call) -> Supposition:
    """Read what is supposed from the parameters; raises Problem."""
    given, knowledge = {name: values[0] for name, values in call.values.items()}, call.service.knowledge
    kind = given.get("kind", "")
    if not kind:
        message = f"Say what is supposed: kind is one of {', '.join(KINDS)}."
        raise Problem("parameter", message, parameter="kind", allowed=list(KINDS))
    try:
        refuse_others(kind, [name for name, value in given.items() if value])
    except SurplaceError as error:
        raise Problem("parameter", str(error), None, parameter=error.parameter) from None
    with reading("on"):
        day = read_day(given.get("on", ""))
    with reading("effect"):
        effect = read_day(given["effect"]) if given.get("effect") else None
    for name in TAKES[kind]:
        if name != "effect" and not given.get(name):
            raise Problem("parameter", f"No {name} is given: say of which {name} you ask.", parameter=name)
    if kind == "withdraw":
        with reading("reservation"):
            return Supposition(kind, day, reservation=to_iri(given.get("reservation", "")).value)
    state, treaty = (_iri(name, given.get(name, ""), knowledge) for name in ("state", "treaty"))
    return Supposition(kind, day, state=state, treaty=treaty, effect=effect)


def _iri(name: str, text: str, knowledge: Knowledge) -> str:
    """Return the IRI of the state or treaty that is meant, or that *text* is; raises Problem."""
    space = {"state": "state", "treaty": "instrument"}[name]
    found = meant(knowledge.choices(_CLASSES[name]), text)
    if len(found) > 1:
        message = several(found, text, name)
        raise Problem("parameter", message, parameter=name, allowed=[item.key for item in found])
    if found:
        return found[0].iri
    with reading(name):
        return to_iri(text if ":" in text or "/" in text else f"{ID}{space}/{text}").value


def _chosen(name: str, text: str, knowledge: Knowledge) -> str:
    """Return the IRI, as pick-lists have it, of what a parameter names in any way; else what was typed."""
    if name in _CLASSES:
        found = meant(knowledge.choices(_CLASSES[name]), text)
        return found[0].iri if len(found) == 1 else text
    if name == "reservation":
        with suppress(SurplaceError):
            return to_iri(text).value
    return text


def _page(template: str, problem: Problem | None, **context: Any) -> HttpResponse:
    return html_page(template, problem, problem=problem.detail if problem else "", **context)


_OFFER: Final = Offer(page=True, json=True)
ROUTES: Final = (
    Route(
        "person",
        "/person",
        "Show the form in which a person is described",
        page=person,
        tag="suppositions",
        offer=Offer(page=True),
        problems=("not-acceptable",),
        kept=False,
        caching=NO_STORE,
        robots="closed",
    ),
    Route(
        "person-assessed",
        "/person",
        "Tell which grounds and norms protect the person described in the body, a form or JSON",
        assess,
        person,
        tag="suppositions",
        methods=("POST",),
        offer=_OFFER,
        problems=("parameter", "not-acceptable", "media-type"),
        kept=False,
        caching=NO_STORE,
        robots="closed",
        title="A described person",
        waiting="The rules run again with what you say of the person, which takes one to three seconds.",
        api=Api(json="Assessment", bodies=BODIES),
    ),
    Route(
        "what-if",
        "/what-if",
        "Tell what would differ if a state withdrew a reservation, acceded or denounced",
        what_if,
        what_if_page,
        tag="suppositions",
        offer=_OFFER,
        parameters=(
            Parameter(
                "kind", "What is supposed.", {"type": "string", "enum": [*KINDS, ""]}, example="accede"
            ),
            Parameter("on", "The day on which it happens.", _DAY, example="2012-01-01"),
            Parameter("reservation", "The reservation that is withdrawn.", _IRI),
            Parameter("state", "The state that acts: its key, name or IRI.", _TEXT, example="PRK"),
            Parameter("treaty", "The treaty: its key, name or IRI.", _TEXT, example="cat"),
            Parameter(
                "effect",
                "The day on which a denunciation takes effect, where no clause of the treaty fixes it.",
                _DAY,
            ),
        ),
        problems=("parameter", "not-acceptable"),
        robots="closed",
        near_misses=True,
        title="What if",
        waiting="The rules run again with what is supposed, which takes about three seconds.",
        api=Api(json="Differences"),
    ),
)
