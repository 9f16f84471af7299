"""Whom a provision binds on a day, whom not, and of whom that is not known."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import Final

from surplace.web.kinds.standing import Stand, Standings
from surplace.words.days import in_words
from surplace.words.english import count, joined, the, verb


@dataclass(frozen=True)
class Bound:
    """How parties and others stand to a provision on a day: whom it binds, and whom not and why."""

    out: tuple[Stand, ...] = ()
    """Parties to whom it does not apply as it stands."""
    in_part: tuple[Stand, ...] = ()
    """Other parties, to whom a part of it does not."""
    bound: tuple[Stand, ...] = ()
    outside: tuple[Stand, ...] = ()
    """States that are party to no treaty through which it binds."""
    unknown: tuple[Stand, ...] = ()
    """States of which it is not known whether it binds them."""


def bound_by(found: Standings | None, iri: str, within: Collection[str] = ()) -> Bound:
    """Return how states stand to a provision, whose parts are *within*."""
    part = next((part for part in found.parts if part.iri == iri), None) if found else None
    if found is None or part is None:
        return Bound()
    out: list[Stand] = []
    in_part: list[Stand] = []
    bound: list[Stand] = []
    outside: list[Stand] = []
    unknown: list[Stand] = []
    for stand in found.states:
        if not found.covers(stand, part):
            continue
        apart = found.apart(stand, part)
        if apart is not None:
            out.append(apart)
        elif stand.usual == "unknown":
            unknown.append(stand)
        else:
            (bound if stand.binds else outside).append(stand)
            in_part += (
                replace(apart, part=piece.short)
                for piece in found.parts
                if piece.iri in within and (apart := found.apart(stand, piece)) is not None
            )
    reached = {stand.state for stand in (*out, *bound)}
    open_ = tuple(stand for stand in unknown if stand.state not in reached)
    reached |= {stand.state for stand in open_}
    elsewhere = tuple(stand for stand in outside if stand.state not in reached)
    return Bound(tuple(out), tuple(in_part), tuple(bound), elsewhere, open_)


_NAMED: Final = 5
"""States that a sentence names."""
_AS: Final = {
    "modified": " as a reservation modifies it",
    "conditioned": " under a condition",
    "derogated": ", from which it derogated",
}
"""How a provision bound a state that it bound not as it stands."""


def bound_in_words(found: Standings | None, how: Bound) -> str:
    """Say how many states a provision bound on the day, which not, or not as it stands, and what is open."""
    if found is None or not (how.out or how.bound or how.outside or how.unknown):
        return ""
    on = f"On {in_words(found.day)}"
    open_ = list({stand.state for stand in how.unknown})
    which = verb(open_, "it", "them")
    whether = f"of {count(open_, 'recorded state')} it is not known whether it bound {which}"
    if not (how.out or how.bound or how.outside):
        return f"{on} {whether}{': ' if found.ended else ''}{found.ended}."
    besides = f"; {whether}" if open_ else ""
    if not (how.out or how.bound):
        return f"{on} it bound no recorded state{besides}."
    states = list({stand.state for stand in how.bound} - {stand.state for stand in how.out})
    apart = _apart(", not, or not as it stands,", how.out)
    parts = f"; of its parts, {told}" if (told := _in_part(how.in_part)) else ""
    return f"{on} it bound {count(states, 'recorded state')}{apart}{parts}{besides}."


def _in_part(stands: Iterable[Stand]) -> str:
    """Say of parts of a provision whom they did not bind, or not as they stand."""
    by: dict[str, dict[str, dict[str, None]]] = defaultdict(lambda: defaultdict(dict))
    for stand in stands:
        by[the(stand.name.text)][stand.mark.text][stand.part] = None
    told = []
    for name, marks in list(by.items())[:_NAMED]:
        for mark, those in marks.items():
            parts = joined(those, 3)
            if mark == "unknown":
                told.append(f"whether {parts} bound {name} is not known")
            else:
                told.append(
                    f"{parts} {'did not bind' if mark == 'excluded' else 'bound'} {name}{_AS.get(mark, '')}"
                )
    more = len(by) - _NAMED
    return "; ".join([*told, *([f"and so of {count(more, 'more state')}"] if more > 0 else [])])


def _apart(words: str, stands: Iterable[Stand]) -> str:
    """Name the states that stand apart after *words*, each with how; nothing for none."""
    how: dict[str, dict[str, None]] = defaultdict(dict)
    for stand in stands:
        how[the(stand.name.text)][f"{stand.part}: {stand.mark.text}".removeprefix(": ")] = None
    names = [f"{name} ({joined(those, 3)})" for name, those in how.items()]
    return f"{words} {joined(names, _NAMED)}" if names else ""
