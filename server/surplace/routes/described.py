"""Reads the description of a person from the body of a request, and refuses what it does not understand.

What is left out in silence would change which grounds may apply.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Any, Final, NoReturn

from surplace.catalogue import Instance, meant, several
from surplace.engine.knowledge import Knowledge
from surplace.errors import SurplaceError
from surplace.http.call import FORM, Call, body_text, read_fields
from surplace.http.negotiation import JSON
from surplace.http.problems import Problem
from surplace.http.route import Json
from surplace.namespaces import SKOS, SUR, last_segment
from surplace.rdf.terms import text_of
from surplace.suppose.description import CLASSES, PersonDescription, clash, described, nearest

VALUES: Final = ("yes", "no", "unknown")
STATES: Final = ("origin", "stay")
DAY: Final = "day"
NATIONALITY: Final = "nationality"
OTHERS: Final = (DAY, NATIONALITY, *STATES)
"""The fields that are no circumstances."""
_TEXT: Final[Json] = {"type": "string"}
_TEXTS: Final[Json] = {"type": "array", "items": _TEXT, "uniqueItems": True}
_STATES: Final[Json] = {
    "origin": {**_TEXT, "description": "The state that the person comes from, as PRK."},
    "stay": {
        **_TEXT,
        "description": "The state in which the person is, as CHN, or a territory of it, as CHN/hong-kong.",
    },
}
_DAY: Final[Json] = {
    DAY: {**_TEXT, "description": "The day of the stay, as 2010-09-13; if absent, the last of the record."}
}
_NATIONALITIES: Final[Json] = {"description": "The states whose nationality the person has, as PRK."}
_CIRCUMSTANCE: Final[Json] = {
    "enum": list(VALUES),
    "description": "Circumstances and motives, by the last part of their IRIs.",
}
_FIELDS: Final[Json] = {**_STATES, **_DAY, NATIONALITY: {"anyOf": [_TEXT, _TEXTS], **_NATIONALITIES}}
_MEMBERS: Final[Json] = {
    **_STATES,
    **_DAY,
    NATIONALITY: {**_TEXTS, **_NATIONALITIES},
    "yes": _TEXTS,
    "no": _TEXTS,
}
BODIES: Final[Mapping[str, Json]] = {
    FORM: {"type": "object", "properties": _FIELDS, "additionalProperties": _CIRCUMSTANCE},
    JSON: {"type": "object", "properties": _MEMBERS, "additionalProperties": False},
}
"""The schemas of the bodies that are read, by type."""

_SHOWN: Final = 60
_ALIKE: Final = 0.85
"""How like that of a field a name in an address is, from 0 to 1, if it was meant for it."""


@dataclass(frozen=True)
class PlaceOfStay:
    """A place of stay other than a state: its key, as CHN/hong-kong, and what it is called on a form."""

    key: str
    label: str


def read_person(call: Call) -> PersonDescription:
    """Read the body of a request, a form or JSON; raises Problem that names the field, of the address too."""
    refuse_address(call)
    knowledge = call.service.knowledge
    if call.request.media_type == JSON:
        given = _from_json(body_text(call.request, JSON))
    elif call.request.media_type == FORM:
        fields: dict[str, list[str]] = {}
        text = body_text(call.request, FORM)
        for name, value in read_fields(text, call.service.limits.parameters, FORM):
            fields.setdefault(name, []).append(value)
        given = _from_form(fields, knowledge)
    else:
        raise Problem(
            "media-type",
            f"A description is not read from that type of body: send {FORM} or {JSON}.",
            {"Accept-Post": f"{FORM}, {JSON}"},
            allowed=[FORM, JSON],
        )
    _check_circumstances(given, _keys(knowledge))
    known = knowledge.choices(SUR + "State")
    given = replace(
        given,
        origin=_state("origin", given.origin, known),
        stay=_state("stay", given.stay, known),
        nationality=tuple(dict.fromkeys(_state(NATIONALITY, text, known) for text in given.nationality)),
    )
    places = {place.key for place in territories(knowledge)}
    if given.territory and given.place not in places:
        message = f"{_quoted(given.place)} is no territory with treaties of its own"
        _refuse("stay", f"{message}: {nearest(given.place, (*places, given.stay))}.", places)
    if wrong := clash(given, *_broader(knowledge)):
        _refuse(*wrong)
    return given


def _state(name: str, text: str, known: Sequence[Instance]) -> str:
    """Return the code of the state that a field means, if any; raises Problem unless it is one."""
    found = meant(known, text)
    if text and len(found) != 1:
        none = f"{_quoted(text)} is not a recorded state: give three letters such as CHN."
        told = several(found, _sendable(text), name) if found else none
        _refuse(name, told, [item.key for item in found or known])
    return found[0].key if found else ""


def territories(knowledge: Knowledge) -> list[PlaceOfStay]:
    """Return the territories with declarations of their own in which a person may be."""
    pattern = (
        f"?declaration <{SUR}concernsTerritory> ?territory . ?territory <{SUR}isLocatedIn> ?state ; "
        f"<{SKOS}prefLabel> ?label . ?state a <{SUR}State> ; <{SKOS}prefLabel> ?within"
    )
    found = knowledge.remembered(
        f"SELECT DISTINCT ?territory ?label ?state ?within WHERE {{ {pattern} }} ORDER BY ?within ?label"
    ).rows
    told = [{name: text_of(term) for name, term in row.items()} for row in found]
    return [
        PlaceOfStay(
            f"{row['state'].rpartition('/')[2]}/{row['territory'].rpartition('/')[2]}",
            f"{row['within']}: {row['label']}",
        )
        for row in told
    ]


def as_sent(call: Call) -> PersonDescription:
    """Return what a form says as far as it can be shown again, be it right or wrong."""
    if call.request.media_type != FORM:
        return PersonDescription()
    try:
        sent = read_fields(body_text(call.request, FORM), call.service.limits.parameters, FORM)
    except Problem:
        return PersonDescription()
    yes, no = (tuple(name for name, value in sent if value == answer) for answer in ("yes", "no"))
    origin, stay, day = (next((value for n, value in sent if n == name), "") for name in (*STATES, DAY))
    nationality = tuple(value for name, value in sent if name == NATIONALITY)
    return PersonDescription(yes, no, origin, stay, nationality, day)


def refuse_address(call: Call) -> None:
    """Raise Problem if the address itself describes a person: it is not read, and logs keep it."""
    fields = (*_keys(call.service.knowledge), *OTHERS)
    for name in call.ignored:
        # one that is written a little otherwise was meant so, and is logged as well
        if get_close_matches(name[:100].lower().replace("_", "-"), fields, n=1, cutoff=_ALIKE):
            message = "stands in the address, which others may keep: describe the person in the form."
            _refuse(name, f"{_quoted(name)} {message}")


def _from_form(fields: Mapping[str, Sequence[str]], knowledge: Knowledge) -> PersonDescription:
    """Read a form: a field for each circumstance, with one of VALUES, the states, and the day."""
    known = _keys(knowledge)
    answers: dict[str, list[str]] = {value: [] for value in VALUES}
    for name, values in fields.items():
        if name not in (*known, *OTHERS):
            message = (
                f"{_quoted(name)} is neither a circumstance nor {', '.join(OTHERS[:-1])} or {OTHERS[-1]}"
            )
            _refuse(name, f"{message}: {nearest(name, (*known, *OTHERS))}.", (*known, *OTHERS))
        if name == NATIONALITY:
            continue
        if len(values) > 1:
            _refuse(name, f"{_quoted(name)} is given {len(values)} times: give it once.")
        if name in OTHERS:
            continue
        if values[0] not in VALUES:
            _refuse(name, f"{_quoted(name)} is {_quoted(values[0])}: use yes, no or unknown.", VALUES)
        answers[values[0]].append(name)
    origin, stay, day = ("".join(fields.get(name, ())) for name in (*STATES, DAY))
    return _described(answers["yes"], answers["no"], origin, stay, fields.get(NATIONALITY, ()), day)


def _from_json(body: str) -> PersonDescription:
    """Read an object with `yes` and `no`, lists of circumstances, states, and the day."""
    try:
        members = json.loads(body, object_pairs_hook=_Members)
    except (ValueError, RecursionError):  # brackets within brackets, thousands of them
        members = None
    if not isinstance(members, _Members):
        raise Problem("bad-request", "Send an object with yes and no (lists), origin and stay (states).")
    allowed = ("yes", "no", *OTHERS)
    found: dict[str, Any] = {}
    for name, value in members:
        if name not in allowed:
            message = f"{_quoted(name)} is not a member of a description"
            _refuse(name, f"{message}: {nearest(name, allowed)}.", allowed)
        if name in found:
            _refuse(name, f"{_quoted(name)} is given twice: give it once.")
        if name in STATES and not isinstance(value, str):
            _refuse(name, f"{_quoted(name)} is not a text: give a state as in CHN, or leave it out.")
        if name == DAY and not isinstance(value, str):
            _refuse(name, f"{_quoted(name)} is not a text: give a day as in 2010-09-13, or leave it out.")
        if name == NATIONALITY and not _is_texts(value):
            _refuse(name, f"{_quoted(name)} is not read: send it as a list of states, each a text.")
        if name in ("yes", "no") and not _is_texts(value):
            _refuse(name, f"{_quoted(name)} is not read: send it as a list of circumstances, each a text.")
        found[name] = value
    return _described(
        found.get("yes", ()),
        found.get("no", ()),
        found.get("origin", ""),
        found.get("stay", ""),
        found.get(NATIONALITY, ()),
        found.get(DAY, ""),
    )


class _Members(list[tuple[str, Any]]):
    """The members of a JSON object, doubled ones as well."""


def _is_texts(value: object) -> bool:
    return type(value) is list and all(isinstance(item, str) for item in value)


def _check_circumstances(given: PersonDescription, known: Sequence[str]) -> None:
    """Refuse circumstances that nobody knows, that stand twice in a list, or in both lists."""
    for name, keys in (("yes", given.yes), ("no", given.no)):
        for key in keys:
            if key not in known:
                _refuse(name, f"{_quoted(key)} is not a circumstance: {nearest(key, known)}.", known)
            if keys.count(key) > 1:
                _refuse(name, f'"{key}" stands twice in "{name}": give it once.')
    for key in given.yes:
        if key in given.no:
            _refuse("no", f"“{key}” is answered with yes and with no: choose one, or leave it out.")


def _described(*answers: Any) -> PersonDescription:
    """Make a description; raises Problem for a day that is none, and for half a place."""
    try:
        return described(*answers)
    except SurplaceError as error:
        _refuse(error.parameter or DAY, _encodable(str(error)))


def _keys(knowledge: Knowledge) -> list[str]:
    """Return the keys of all circumstances, sorted."""
    return sorted({choice.key for name in CLASSES for choice in knowledge.choices(SUR + name)})


def _broader(knowledge: Knowledge) -> tuple[dict[str, str], dict[str, str]]:
    """Return, by the key of a circumstance, that of what it is a kind of, and its label."""
    classes = " ".join(f"<{SUR}{name}>" for name in CLASSES)
    pattern = (
        f"VALUES ?class {{ {classes} }} ?item a ?class ; <{SKOS}prefLabel> ?label "
        f"OPTIONAL {{ ?item <{SKOS}broader> ?above }}"
    )
    rows = knowledge.remembered(f"SELECT ?item ?label ?above WHERE {{ {pattern} }}").rows
    keys = [last_segment(text_of(row["item"])) for row in rows]
    broader = {
        key: last_segment(text_of(row["above"]))
        for key, row in zip(keys, rows, strict=True)
        if "above" in row
    }
    return broader, {key: text_of(row["label"]) for key, row in zip(keys, rows, strict=True)}


def _refuse(parameter: str, message: str, allowed: Iterable[str] = ()) -> NoReturn:
    """Raise the problem with a field."""
    extra: dict[str, Any] = {"allowed": sorted(allowed)} if allowed else {}
    raise Problem("parameter", message, None, parameter=_sendable(parameter), **extra)


def _quoted(text: str) -> str:
    return f'"{_sendable(text)}"'


def _sendable(text: str) -> str:
    """Return what a client sent as it can be sent back: half a character cannot, and a long text is cut."""
    whole = _encodable(text)
    return whole if len(whole) <= _SHOWN else whole[:_SHOWN] + "…"


def _encodable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()
