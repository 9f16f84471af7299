"""The sentence that sums up what protects a described person, where and when, and what does not."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from surplace.suppose.clauses import Clause
from surplace.suppose.protection import Protection, ProtectiveNorm
from surplace.suppose.reach import (
    EXCEPTION,
    EXCLUDED,
    IN_PART,
    MAY,
    NOT_BOUND,
    PROTECTS,
    RESERVED,
    UNKNOWN,
)
from surplace.words.days import in_words
from surplace.words.order import legal_key
from surplace.words.sentence import joined, the

_MOST = 3
_READ = ", as its treaty body reads it"
_WHY = {
    "not-adopted": "not adopted yet",
    "not-party": "to which it was not party",
    "signed-only": "which it had only signed",
    "not-yet-in-force": "not in force for it yet",
    "denounced": "which it had left",
    "excluded": "which it reserved",
}


def summary(protection: Protection, clauses: Sequence[Clause]) -> str:
    """Say in a few sentences what protects in the state of stay, what may, what does not and why.

    Only the norms that the state of stay owes and that are foremost count. What the facts given support comes
    first; what hangs on facts that are not given comes after it, with the condition.
    """
    if not protection.stay:
        led = _provisions(sorted((norm for norm in protection.norms if norm.journey), key=_is_far))
        asked = "Name the country of stay to see what protects there"
        return f"{asked}: {_listed(led)} may bear on the person." if led else f"{asked}."
    foremost = [norm for norm in protection.norms if norm.foremost and norm.state == protection.stay]
    own = [norm for norm in foremost if norm.journey]
    whole = [norm for norm in own if norm.result in (PROTECTS, IN_PART)]
    perhaps = [norm for norm in own if norm.result == MAY and not norm.hangs]
    hanging = [norm for norm in foremost if norm.result == MAY and norm.hangs]
    parts, told = _first(protection, whole, perhaps, hanging)
    besides = [n for n in foremost if not n.journey and not n.hangs and n.result in (PROTECTS, IN_PART, MAY)]
    if besides:
        also = "also " if whole else ""
        parts.append(f"The circumstances {also}bring into play {_listed(_provisions(besides))}")
    # what a provision does by one of its norms is not said again of another
    if may := [name for name in _provisions(perhaps) if name not in told]:
        parts.append(f"Perhaps under {_listed(may)}")
    if withheld := _provisions(norm for norm in own if norm.result in (EXCEPTION, EXCLUDED)):
        through = ", ".join(dict.fromkeys(clause.label for clause in clauses))
        parts.append(f"Not under {_listed(withheld)}, withheld under {through}")
    if no := [norm for norm in own if norm.back and norm.whose and norm.is_past_reach]:
        parts.append(f"Not under {_listed(_provisions(no))}: on what is given the person is no {no[0].whose}")
    parts += _hanging(hanging, {*told, *may})
    near = [norm for norm in own if not _is_far(norm)]
    parts += _against(near)
    if unknown := _provisions(norm for norm in near if norm.result == UNKNOWN):
        parts.append(f"Whether {_listed(unknown)} bound it is not known")
    return ". ".join(parts) + "."


def _first(
    protection: Protection,
    whole: Sequence[ProtectiveNorm],
    perhaps: Sequence[ProtectiveNorm],
    hanging: Sequence[ProtectiveNorm],
) -> tuple[list[str], list[str]]:
    """Say whether the state may send the person back, and what else protects; return what is named too."""
    state, day = the(protection.stay), in_words(protection.day)
    back, told = _provisions(norm for norm in whole if norm.back), _provisions(whole)
    parts = [f"On {day} {state} may not send the person back, under {_listed(back)}"] if back else []
    if other := [name for name in _provisions(norm for norm in whole if not norm.back) if name not in back]:
        where = "" if back else f" in {state} on {day}"
        parts.append(f"{'Also protected' if back else 'Protected'}{where} under {_listed(other)}")
    if parts:
        return parts, told
    if returned := _provisions(norm for norm in perhaps if norm.back):
        open_ = f"Whether {state} may send the person back on {day} is open"
        return [f"{open_}: perhaps not, under {_listed(returned)}"], returned
    if any(norm.back for norm in hanging):
        return [f"What is given does not settle whether {state} may send the person back on {day}"], []
    return [f"No norm is shown to protect in {state} on {day}"], []


def _is_far(norm: ProtectiveNorm) -> bool:
    """Tell whether a norm hangs on more than one fact that is not given."""
    return norm.hangs and not norm.near


def _hanging(norms: Sequence[ProtectiveNorm], told: Collection[str]) -> list[str]:
    """Say what may protect if a fact is given, by that fact."""
    by_lack: dict[str, list[ProtectiveNorm]] = {}
    for norm in norms:
        by_lack.setdefault(norm.lacks, []).append(norm)
    said = []
    for lacks, group in by_lack.items():
        if names := [name for name in _provisions(group) if name not in told]:
            said.append(f"May protect, if {lacks}: {_listed(names)}")
    return said


def _against(own: Sequence[ProtectiveNorm]) -> list[str]:
    """Say by what the person is not protected, for the state is not bound, by the reason."""
    by_reason: dict[str, list[ProtectiveNorm]] = {}
    for norm in own:
        if norm.result in (NOT_BOUND, RESERVED):
            kinds = [standing.kind for standing in norm.standings]
            by_reason.setdefault(next((_WHY[kind] for kind in kinds if kind in _WHY), ""), []).append(norm)
    return [
        f"Not under {_listed(_provisions(norms))}{f', {why}' if why else ''}"
        for why, norms in by_reason.items()
    ]


def _provisions(norms: Iterable[ProtectiveNorm]) -> list[str]:
    """Name the provisions, once each; say in which a body reads the norm, and which a reservation limits."""
    return list(
        dict.fromkeys(
            norm.provision
            + (_READ if norm.readings else "")
            + (", as a reservation leaves it" if norm.result == IN_PART else "")
            for norm in norms
        )
    )


def _listed(names: Sequence[str]) -> str:
    """Join names; of a long list the first ones, and how many more there are."""
    groups: dict[str, list[str]] = {}
    for name in names:
        read = name.endswith(_READ) and ", Article " in name
        groups.setdefault(name.partition(", Article ")[0] if read else name, []).append(name)
    shown = [_together(group) for group in list(groups.values())[:_MOST]]
    if more := sum(len(group) for group in list(groups.values())[_MOST:]):
        shown.append(f"{more} more")
    return f"{'; '.join(shown[:-1])} and {shown[-1]}" if len(shown) > 1 else "".join(shown)


def _together(names: Sequence[str]) -> str:
    """Name in one what the body of a treaty reads into several of its articles."""
    if len(names) == 1:
        return names[0]
    treaty = names[0].partition(", Article ")[0]
    articles = [name.partition(", Article ")[2].removesuffix(_READ) for name in sorted(names, key=legal_key)]
    return f"{treaty}, Articles {joined(articles)}{_READ.removesuffix('it')}them"
