"""Reads what a form or JSON says of a person; what is not understood is refused by name."""

from __future__ import annotations

import difflib
import json
from collections.abc import Sequence
from typing import Any, Final

from surplace.namespaces import SUR
from surplace.routes.call import FORM, Call, body_text, read_fields
from surplace.routes.negotiation import JSON
from surplace.routes.problems import Problem
from surplace.suppose.person import Description, described

ANSWERS: Final = ("yes", "no", "unknown")
"""What may be said of a circumstance."""
STATES: Final = {
    "origin": "The state that the person comes from, as PRK.",
    "stay": "The state of stay, as CHN.",
}
LISTS: Final = ("yes", "no")


def read_description(call: Call) -> Description:
    """Read the description of a person from the body; raises Problem for what is not understood."""
    if call.request.media_type == JSON:
        yes, no, states = _from_json(call)
    elif call.request.media_type == FORM:
        yes, no, states = _from_form(call)
    else:
        raise Problem(
            "media-type",
            f"A description is not read from that type of body: send {FORM} or {JSON}.",
            {"Accept-Post": f"{FORM}, {JSON}"},
            allowed=[FORM, JSON],
        )
    knowledge = call.service.knowledge
    known = [choice.key for name in ("RiskFactor", "Motive") for choice in knowledge.choices(SUR + name)]
    for key in (*yes, *no):
        _must_be(key, known, "a circumstance")
    both = sorted(set(yes) & set(no))
    if both:
        raise _wrong(both[0], f'"{both[0]}" is given as yes and as no: give one of them.')
    countries = [choice.key for choice in knowledge.choices(SUR + "State")]
    for name, key in states.items():
        if key:
            _must_be(key, countries, "a state", name)
    return described(yes, no, states.get("origin", ""), states.get("stay", ""))


def _from_form(call: Call) -> tuple[list[str], list[str], dict[str, str]]:
    fields = read_fields(body_text(call.request, FORM), call.service.limits.parameters, FORM)
    given: dict[str, str] = {}
    for name, value in fields:
        if name in given:
            raise _wrong(name, f'"{name[:80]}" is given more than once: give it once.')
        given[name] = value
    states = {name: given.pop(name) for name in STATES if name in given}
    for name, value in given.items():
        if value not in ANSWERS:
            raise _wrong(name, f'"{name[:80]}" is "{value[:80]}": give yes, no or unknown.', list(ANSWERS))
    return (
        [name for name in given if given[name] == "yes"],
        [name for name in given if given[name] == "no"],
        states,
    )


def _from_json(call: Call) -> tuple[list[str], list[str], dict[str, str]]:
    try:
        body = json.loads(call.request.body)
    except (ValueError, RecursionError):  # brackets within brackets, thousands of them
        body = None
    if not isinstance(body, dict):
        raise Problem("bad-request", "Send an object with yes and no (lists), origin and stay (states).")
    for name, value in body.items():
        if name in LISTS:
            if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
                raise _wrong(name, f'"{name}" is no list of circumstances: give texts in brackets.')
            if len(set(value)) < len(value):
                raise _wrong(name, f'"{name}" has a circumstance twice: give each once.')
        elif name not in STATES:
            _must_be(name, [*LISTS, *STATES], "a member")
        elif not isinstance(value, str):
            raise _wrong(name, f'"{name}" is no text: give the key of a state, as in "CHN".')
    states = {name: body[name] for name in STATES if name in body}
    return body.get("yes", []), body.get("no", []), states


def _must_be(key: str, known: Sequence[str], what: str, name: str = "") -> None:
    """Refuse a key that is not known, with the nearest that is."""
    if key in known:
        return
    near = difflib.get_close_matches(key[:80], known, n=1)
    hint = f"did you mean {near[0]}?" if near else f"use one of {', '.join(sorted(known)[:12])}."
    raise _wrong(name or key, f'"{key[:80]}" is not {what}: {hint}', sorted(known))


def _wrong(name: str, detail: str, allowed: Sequence[str] = ()) -> Problem:
    clean = detail.encode("utf-8", "replace").decode("utf-8")
    more: dict[str, Any] = {"allowed": list(allowed)} if allowed else {}
    return Problem("parameter", clean, parameter=name[:80].encode("utf-8", "replace").decode("utf-8"), **more)
