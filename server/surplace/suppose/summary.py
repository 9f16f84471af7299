"""The sentence that sums up whether a described person may be sent back, and what else protects."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from surplace.suppose.clauses import ENDS, Clause
from surplace.suppose.protection import Protection, ProtectiveNorm
from surplace.suppose.provision_names import MOST, limits, listed, parted, provisions
from surplace.suppose.reach import (
    EXCEPTION,
    EXCLUDED,
    HOLDING,
    IN_PART,
    NOT_BOUND,
    PERHAPS,
    PROTECTS,
    RESERVED,
    UNKNOWN,
)
from surplace.suppose.territory import NOT_THERE, Territory
from surplace.suppose.verdict import LONGEST, conditions, verdict
from surplace.words.days import in_words
from surplace.words.english import capitalized, joined, the
from surplace.words.treaties import cite, treaty

_LAID_DOWN: Final = re.compile(r".*\(([^()]+, Article .+)\)$")
_WHY: Final = {
    "not-adopted": "{it} had not been adopted yet",
    "not-party": "{state} was not party to {it}",
    "signed-only": "{state} had only signed {it}",
    "not-yet-in-force": "{it} was not in force for {state} yet",
    "denounced": "{state} had left {it}",
    NOT_THERE: "{it} did not apply in {there}",
    "excluded": "{state} made a reservation",
}


@dataclass(frozen=True)
class Headline:
    """Whether the person may be sent back and on what that hangs, and *besides* the rest: whole sentences."""

    sentence: str
    besides: tuple[str, ...] = ()


def summary(protection: Protection, clauses: Sequence[Clause]) -> Headline:
    """Say whether the state of stay may send the person back and on what that hangs, then what else protects.

    Only the norms that the state of stay owes and that are foremost count, those on return first. What the
    facts given support comes before what hangs on facts that are not given, with the condition; what hangs on
    who the person is, where nothing given speaks of it, is left to the list of norms.
    """
    if not protection.stay:
        led = provisions(sorted((norm for norm in protection.norms if norm.journey), key=_is_far))
        asked = "Name the country of stay to see what protects there"
        return Headline(f"{asked}: {listed(led)} may bear on the person." if led else f"{asked}.")
    if protection.territory and not protection.territory.is_of_the_state(protection.day):
        return _of_another(protection.territory, protection.stay, protection.day)
    foremost = [norm for norm in protection.norms if norm.foremost and norm.state == protection.stay]
    own = [norm for norm in foremost if norm.journey]
    whole = [norm for norm in own if norm.result in (PROTECTS, IN_PART)]
    perhaps = [norm for norm in own if norm.result in PERHAPS and not norm.hangs]
    barring = provisions(norm for norm in whole if norm.back)
    # what a provision does by one of its norms is not said again of another
    open_ = [name for name in provisions(norm for norm in perhaps if norm.back) if name not in barring]
    told = [*barring, *open_]
    hanging = conditions(foremost, told)
    near = [norm for norm in own if not _is_far(norm) and not norm.is_unraised]
    unbound = [norm for norm in near if norm.back and norm.custom]
    first = verdict(protection, barring, open_, hanging, custom=bool(unbound))
    first += _withheld([norm for norm in own if norm.result in (EXCEPTION, EXCLUDED)], clauses, own)
    if no := [norm for norm in own if norm.back and norm.whose and norm.is_past_reach]:
        first.append(f"Not under {listed(provisions(no))}: on what is given the person is no {no[0].whose}.")
    held = {norm.provision for norm in foremost if norm.result in HOLDING}
    rest = _against([norm for norm in near if norm.back], protection, held, "Not under")
    if unknown := parted([norm for norm in near if norm.result == UNKNOWN], held):
        rest.append(f"Whether {listed(unknown)} bound {the(protection.stay)} is not known.")
    custom = [] if barring else _beside(unbound)
    if not told and not hanging:
        # nothing bars return, nor may it: why not belongs to the answer
        first, rest = [*first, *rest], []
    others = [norm for norm in foremost if not norm.back and not norm.hangs]
    against = _against(others, protection, held, "On other matters than return, not under")
    rest = [*_on_other_matters(foremost, whole, perhaps, told), *rest, *against, *custom]
    if protection.territory:
        rest.append(
            f"This is said of {protection.territory.label}, where treaties bind {the(protection.stay)} by "
            "declarations of their own."
        )
    elif protection.apart:
        rest.append(
            f"This is said of {the(protection.stay)} without {joined(protection.apart)}, "
            "where treaties apply by declarations of their own."
        )
    return _fitted(first, rest)


def _of_another(there: Territory, stay: str, day: str) -> Headline:
    """Say of a day on which the state of stay did not answer for the territory who did, and charge nobody."""
    if not (other := the(there.another(day))):
        return Headline(
            f"Who answered for {there.label} on {in_words(day)} is not recorded, so that whether return from "
            "there was barred is not known."
        )
    sentence = (
        f"On {in_words(day)} {other} answered for {there.label}, and not {the(stay)}: whether return from "
        "there was barred is not looked at."
    )
    told = []
    if applied := [the(name) for name in there.applied(day)]:
        told.append(f"By declarations of {other}, {joined(applied)} applied in {there.label} then.")
    if left := there.left_out(day):
        told.append(f"Left out, in whole or in part: {cite(left, len(left))}.")
    if perhaps := [treaty(name) for name in there.perhaps_applied(day)]:
        also, it = (" too" if applied else ""), ("they" if perhaps[1:] else "it")
        told.append(
            f"{capitalized(other)} extended {joined(perhaps)} to {there.label}{also}: "
            f"whether {it} applied there by then is not known."
        )
    return Headline(sentence, tuple(told))


def _fitted(first: Sequence[str], rest: Sequence[str]) -> Headline:
    """Put as many of the *first* sentences together as there is room for, the others before the *rest*."""
    fits = 1
    while fits < len(first) and len(" ".join(first[: fits + 1])) <= LONGEST:
        fits += 1
    return Headline(" ".join(first[:fits]), (*first[fits:], *rest))


def _withheld(
    norms: Sequence[ProtectiveNorm], clauses: Sequence[Clause], own: Sequence[ProtectiveNorm]
) -> list[str]:
    """Say what clauses withhold, and of a status that they end that who fears anew is judged anew.

    Of a provision of which another norm among *own* still holds it is a part that they withhold.
    """
    left = {norm.provision for norm in own if norm.result in HOLDING}
    ending = {clause.label for clause in clauses if clause.effect == ENDS}
    said = []
    for ended in (False, True):
        part = [norm for norm in norms if (set(norm.withheld) <= ending) == ended]
        labels = [label for norm in part for label in norm.withheld]
        # an exception is named by its provision
        through = listed(list(dict.fromkeys(_LAID_DOWN.sub(r"\1", label) for label in labels)))
        if part and ended:
            said.append(
                f"Not under {listed(provisions(part))} for whoever was a refugee, as a status ends under "
                f"{through}; who fears persecution anew is judged anew."
            )
        elif part:
            said.append(f"Not under {listed(parted(part, left))}, withheld under {through}.")
    return said


def _on_other_matters(
    foremost: Sequence[ProtectiveNorm],
    whole: Sequence[ProtectiveNorm],
    perhaps: Sequence[ProtectiveNorm],
    told: Collection[str],
) -> list[str]:
    """Say what else protects, or may: norms on how the person left, came or stays, then on other things."""
    parts = []
    if other := [name for name in provisions(norm for norm in whole if not norm.back) if name not in told]:
        parts.append(f"On other matters than return, protected under {listed(other)}.")
    if may := [
        name for name in provisions(norm for norm in perhaps if not norm.back) if name not in (*told, *other)
    ]:
        parts.append(f"On other matters than return, perhaps under {listed(may)}.")
    besides = [n for n in foremost if not n.journey and not n.hangs and n.result in HOLDING]
    if besides:
        named = list(dict.fromkeys(norm.label + limits(norm) for norm in besides))
        parts.append(f"The circumstances also bring into play: {joined(named, MOST, comma=';')}.")
    return parts


def _is_far(norm: ProtectiveNorm) -> bool:
    """Tell whether a norm hangs on more than one fact that is not given."""
    return norm.hangs and not norm.near


def _against(
    norms: Sequence[ProtectiveNorm], protection: Protection, held: Collection[str], lead: str
) -> list[str]:
    """Say by what the person is not protected, for the state of stay is not bound, by the reason."""
    by_reason: dict[str, list[ProtectiveNorm]] = {}
    for norm in norms:
        if norm.result in (NOT_BOUND, RESERVED):
            kinds = [standing.kind for standing in norm.standings]
            by_reason.setdefault(next((_WHY[kind] for kind in kinds if kind in _WHY), ""), []).append(norm)
    said = []
    for why, group in by_reason.items():
        it = "the treaty" if len({norm.treaty for norm in group}) == 1 else "the treaties"
        there = protection.territory.label if protection.territory else ""
        reason = why.format(state=the(protection.stay), it=it, there=there)
        said.append(f"{lead} {listed(parted(group, held))}{f': {reason}' if why else ''}.")
    return said


def _beside(norms: Sequence[ProtectiveNorm]) -> list[str]:
    """Say who holds that norms are custom which do not bind by their treaties."""
    held = [norm for norm in norms if norm.is_held_custom]
    return list(
        dict.fromkeys(f"{norm.provision}: {norm.custom[:1].lower()}{norm.custom[1:]}" for norm in held)
    )
