"""The sentence that sums up whether a described person may be sent back, and what else protects."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from surplace.suppose.clauses import ENDS, Clause
from surplace.suppose.lacking import MORE
from surplace.suppose.protection import Protection, ProtectiveNorm
from surplace.suppose.reach import (
    EXCEPTION,
    EXCLUDED,
    HOLDING,
    IN_PART,
    MAY_IN_PART,
    NOT_BOUND,
    PERHAPS,
    PROTECTS,
    RESERVED,
    UNKNOWN,
)
from surplace.suppose.territory import NOT_THERE, Territory
from surplace.words.days import in_words
from surplace.words.english import as_read_by, capitalized, joined, number_in_words, the
from surplace.words.order import legal_key
from surplace.words.treaties import cite, treaty

_MOST: Final = 2
"""Provisions, or treaties as a body reads them, that are named of a list."""
_LONGEST: Final = 300
"""Characters of the sentence; what has no room comes after it."""
_PERSON: Final = "the person "
_REMNANT: Final = ", as a reservation leaves it"
_READ: Final = re.compile(r"(.+), Article ([^,]+), as (.+ reads?) it")
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


@dataclass(frozen=True)
class Condition:
    """Facts that are not given, as what follows “if”, and the provisions that would bar return with them.

    Where it is *sure* each of the facts is enough; else it may be.
    """

    lacks: str
    names: str
    sure: bool


def summary(protection: Protection, clauses: Sequence[Clause]) -> Headline:
    """Say whether the state of stay may send the person back and on what that hangs, then what else protects.

    Only the norms that the state of stay owes and that are foremost count, those on return first. What the
    facts given support comes before what hangs on facts that are not given, with the condition; what hangs on
    who the person is, where nothing given speaks of it, is left to the list of norms.
    """
    if not protection.stay:
        led = _provisions(sorted((norm for norm in protection.norms if norm.journey), key=_is_far))
        asked = "Name the country of stay to see what protects there"
        return Headline(f"{asked}: {_listed(led)} may bear on the person." if led else f"{asked}.")
    if protection.territory and not protection.territory.is_of_the_state(protection.day):
        return _of_another(protection.territory, protection.stay, protection.day)
    foremost = [norm for norm in protection.norms if norm.foremost and norm.state == protection.stay]
    own = [norm for norm in foremost if norm.journey]
    whole = [norm for norm in own if norm.result in (PROTECTS, IN_PART)]
    perhaps = [norm for norm in own if norm.result in PERHAPS and not norm.hangs]
    barring = _provisions(norm for norm in whole if norm.back)
    # what a provision does by one of its norms is not said again of another
    open_ = [name for name in _provisions(norm for norm in perhaps if norm.back) if name not in barring]
    told = [*barring, *open_]
    hanging = _conditions(foremost, told)
    near = [norm for norm in own if not _is_far(norm) and not norm.is_unraised]
    unbound = [norm for norm in near if norm.back and norm.custom]
    first = _verdict(protection, barring, open_, hanging, custom=bool(unbound))
    first += _withheld([norm for norm in own if norm.result in (EXCEPTION, EXCLUDED)], clauses, own)
    if no := [norm for norm in own if norm.back and norm.whose and norm.is_past_reach]:
        first.append(
            f"Not under {_listed(_provisions(no))}: on what is given the person is no {no[0].whose}."
        )
    held = {norm.provision for norm in foremost if norm.result in HOLDING}
    rest = _against([norm for norm in near if norm.back], protection, held, "Not under")
    if unknown := _parted([norm for norm in near if norm.result == UNKNOWN], held):
        rest.append(f"Whether {_listed(unknown)} bound {the(protection.stay)} is not known.")
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
    while fits < len(first) and len(" ".join(first[: fits + 1])) <= _LONGEST:
        fits += 1
    return Headline(" ".join(first[:fits]), (*first[fits:], *rest))


def _verdict(
    protection: Protection,
    barring: Sequence[str],
    open_: Sequence[str],
    hanging: Sequence[Condition],
    *,
    custom: bool,
) -> list[str]:
    """Say whether the state may send the person back, then on which facts that hangs, as room permits.

    *custom* tells that a norm would bar it, were the state bound by the treaty.
    """
    state, day = the(protection.stay), in_words(protection.day)
    also = "Return may also be barred if"
    if barring:
        said = f"On {day} {state} may not send the person back, under {_listed(barring)}."
        said += f" Perhaps return is also barred under {_listed(open_)}." if open_ else ""
    elif open_:
        said = (
            f"Whether {state} may send the person back on {day} is open: "
            f"perhaps return is barred under {_listed(open_)}."
        )
    elif hanging:
        said = f"Whether {state} may send the person back on {day} is open."
    elif protection.at_home:
        said = (
            f"The person is in {state}, the country of origin: nobody is sent back from there, "
            "and sending on to another state is not looked at."
        )
    else:
        said = f"No norm is shown to bar return from {state} on {day}."
        if custom:
            said = f"No treaty is shown to bar return from {state} on {day}; custom is not decided here."
    if not hanging:
        return [said]
    sure = [each for each in hanging if each.sure]
    unsure = also if barring or open_ else "Return may be barred if"
    lead, first = ("It may not if", sure) if sure else (unsure, hanging)
    fits = len(first)
    while fits > 1 and len(f"{said} {lead} {_either(first[:fits])}") > _LONGEST:
        fits -= 1
    if len(f"{said} {lead} {_either(first[:fits])}") > _LONGEST:
        fits = len(first)
    left = [*first[fits:], *(each for each in hanging if each not in first)]
    return [said, f"{lead} {_either(first[:fits])}", *([f"{also} {_either(left)}"] if left else [])]


def _either(hanging: Sequence[Condition]) -> str:
    """List facts with what they lead to; that more facts may do instead is said once, at the end."""
    facts = [each.lacks.removesuffix(MORE).removesuffix(", or ") or "more is known" for each in hanging]
    alike = len(facts) > 1 and all(fact.startswith(_PERSON) for fact in facts)
    named = [
        f"{fact.removeprefix(_PERSON) if alike else fact} ({each.names})"
        for fact, each in zip(facts, hanging, strict=True)
    ]
    if any(each.lacks.endswith(MORE) for each in hanging):
        named.append("on more facts")
    listed = joined(named, word="or", comma=";" if len(facts) > 1 else ",")
    return f"{_PERSON.strip()}: {listed}." if alike else f"{listed}."


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
        through = _listed(list(dict.fromkeys(_LAID_DOWN.sub(r"\1", label) for label in labels)))
        if part and ended:
            said.append(
                f"Not under {_listed(_provisions(part))} for whoever was a refugee, as a status ends under "
                f"{through}; who fears persecution anew is judged anew."
            )
        elif part:
            said.append(f"Not under {_listed(_parted(part, left))}, withheld under {through}.")
    return said


def _parted(norms: Iterable[ProtectiveNorm], held: Collection[str]) -> list[str]:
    """Name the provisions of norms; of one that is *held*, since another of its norms holds, it is a part."""
    return list(
        dict.fromkeys(
            f"a part of {name}" if norm.provision in held else name
            for norm in norms
            for name in _provisions([norm])
        )
    )


def _conditions(norms: Sequence[ProtectiveNorm], told: Collection[str]) -> list[Condition]:
    """Return the facts on which it hangs whether return is barred, with the provisions that would bar it.

    A norm counts if something given speaks of it. What is sure to bar return comes first, and what takes more
    than the facts that are named last. Where something is *told* to bar it, be it perhaps, all is said alike.
    """
    by_lack: dict[tuple[str, bool], list[str]] = {}
    for norm in norms:
        (name,) = _provisions([norm])
        if norm.back and norm.result in PERHAPS and norm.hangs and not norm.is_unraised and name not in told:
            by_lack.setdefault((norm.lacks, norm.sure and not told), []).append(name)
    found = [
        Condition(lacks, _listed(list(dict.fromkeys(names))), sure)
        for (lacks, sure), names in by_lack.items()
    ]
    return sorted(found, key=lambda each: (not each.sure, each.lacks.endswith(MORE)))


def _on_other_matters(
    foremost: Sequence[ProtectiveNorm],
    whole: Sequence[ProtectiveNorm],
    perhaps: Sequence[ProtectiveNorm],
    told: Collection[str],
) -> list[str]:
    """Say what else protects, or may: norms on how the person left, came or stays, then on other things."""
    parts = []
    if other := [name for name in _provisions(norm for norm in whole if not norm.back) if name not in told]:
        parts.append(f"On other matters than return, protected under {_listed(other)}.")
    if may := [
        name for name in _provisions(norm for norm in perhaps if not norm.back) if name not in (*told, *other)
    ]:
        parts.append(f"On other matters than return, perhaps under {_listed(may)}.")
    besides = [n for n in foremost if not n.journey and not n.hangs and n.result in HOLDING]
    if besides:
        named = list(dict.fromkeys(norm.label + _limits(norm) for norm in besides))
        parts.append(f"The circumstances also bring into play: {joined(named, _MOST, comma=';')}.")
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
        said.append(f"{lead} {_listed(_parted(group, held))}{f': {reason}' if why else ''}.")
    return said


def _beside(norms: Sequence[ProtectiveNorm]) -> list[str]:
    """Say who holds that norms are custom which do not bind by their treaties."""
    held = [norm for norm in norms if norm.is_held_custom]
    return list(
        dict.fromkeys(f"{norm.provision}: {norm.custom[:1].lower()}{norm.custom[1:]}" for norm in held)
    )


def _provisions(norms: Iterable[ProtectiveNorm]) -> list[str]:
    """Name the provisions, once each; say in which a body reads the norm, and what limits it."""
    return list(dict.fromkeys(norm.provision + as_read_by(norm.readers) + _limits(norm) for norm in norms))


def _limits(norm: ProtectiveNorm) -> str:
    """Say that a reservation limits what a norm protects, and by what more an exception would withhold it."""
    remnant = _REMNANT if norm.result in (IN_PART, MAY_IN_PART) else ""
    return f"{remnant} (unless {norm.unless})" if norm.unless else remnant


def _listed(names: Sequence[str]) -> str:
    """Join names; of a long list the first ones, and how many more there are."""
    groups: dict[tuple[str, ...], list[str]] = {}
    for name in names:
        read = _READ.fullmatch(name)
        groups.setdefault((read[1], read[3]) if read else (name,), []).append(name)
    shown = [_together(group) for group in list(groups.values())[:_MOST]]
    if more := sum(len(group) for group in list(groups.values())[_MOST:]):
        shown.append(f"{number_in_words(more)} more")
    return f"{'; '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else "".join(shown)


def _together(names: Sequence[str]) -> str:
    """Name in one what a body reads into several articles of a treaty."""
    parts = [read for name in sorted(names, key=legal_key) if (read := _READ.fullmatch(name))]
    if len(parts) < 2:
        return names[0]
    return f"{parts[0][1]}, Articles {joined([read[2] for read in parts])}, as {parts[0][3]} them"
