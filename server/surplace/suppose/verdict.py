"""Whether a described person may be sent back, and on which facts that hangs."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from surplace.suppose.lacking import MORE
from surplace.suppose.protection import Protection, ProtectiveNorm
from surplace.suppose.provision_names import listed, provisions
from surplace.suppose.reach import PERHAPS
from surplace.words.days import in_words
from surplace.words.english import joined, the

LONGEST: Final = 300
"""Characters of the sentence; what has no room comes after it."""
_PERSON: Final = "the person "


@dataclass(frozen=True)
class Condition:
    """Facts that are not given, as what follows “if”, and the provisions that would bar return with them.

    Where it is *sure* each of the facts is enough; else it may be.
    """

    lacks: str
    names: str
    sure: bool


def verdict(
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
        said = f"On {day} {state} may not send the person back, under {listed(barring)}."
        said += f" Perhaps return is also barred under {listed(open_)}." if open_ else ""
    elif open_:
        said = (
            f"Whether {state} may send the person back on {day} is open: "
            f"perhaps return is barred under {listed(open_)}."
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
    while fits > 1 and len(f"{said} {lead} {_either(first[:fits])}") > LONGEST:
        fits -= 1
    if len(f"{said} {lead} {_either(first[:fits])}") > LONGEST:
        fits = len(first)
    further = "Nor may it if" if sure else also
    left = [each for each in hanging if each not in first]
    return [
        said,
        f"{lead} {_either(first[:fits])}",
        *([f"{further} {_either(first[fits:])}"] if first[fits:] else []),
        *([f"{also} {_either(left)}"] if left else []),
    ]


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


def conditions(norms: Sequence[ProtectiveNorm], told: Collection[str]) -> list[Condition]:
    """Return the facts on which it hangs whether return is barred, with the provisions that would bar it.

    A norm counts if something given speaks of it. What is sure to bar return comes first, and what takes more
    than the facts that are named last. Where something is *told* to bar it, be it perhaps, all is said alike.
    """
    by_lack: dict[tuple[str, bool], list[str]] = {}
    for norm in norms:
        (name,) = provisions([norm])
        if norm.back and norm.result in PERHAPS and norm.hangs and not norm.is_unraised and name not in told:
            by_lack.setdefault((norm.lacks, norm.sure and not told), []).append(name)
    found = [
        Condition(lacks, listed(list(dict.fromkeys(names))), sure) for (lacks, sure), names in by_lack.items()
    ]
    return sorted(found, key=lambda each: (not each.sure, each.lacks.endswith(MORE)))
