"""What the norms that hang on facts lack: the facts that alone would do, or without which nothing would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from surplace.suppose.grounds import Element, Ground
from surplace.suppose.missing import MissingFact
from surplace.suppose.protection import Protection, ProtectiveNorm, order
from surplace.words.english import joined

_NAMED = 3
"""Facts of which any would do that are named; of more it is said how many there are."""
MORE = "more facts are given"
DENIED: Final = "which is shown and denied at once"
"""What is said of an element that is open since it is denied against what is given, or recorded of others."""


def lacking(protection: Protection, grounds: Sequence[Ground], asked: Sequence[MissingFact]) -> Protection:
    """Return the norms with what those lack that hang on facts, in the order in which an answer has them."""
    unknown = {ground.iri: [e for e in ground.elements if e.result == "unknown"] for ground in grounds}
    single = {iri: elements[0].says for iri, elements in unknown.items() if len(elements) == 1}
    doubted = {iri: _doubt(elements) for iri, elements in unknown.items()}
    told = [
        replace(norm, **_told(norm, single, doubted, asked)) if norm.hangs else norm
        for norm in protection.norms
    ]
    return replace(protection, norms=tuple(sorted(told, key=order)))


def _doubt(elements: Sequence[Element]) -> str:
    """Say which of the open elements of a ground are denied against evidence, and whether more is open."""
    said = joined([element.says for element in elements if element.is_denied and element.says])
    more = any(not element.is_denied for element in elements)
    return f"the person {said}, {DENIED}{' and more is known' if more else ''}" if said else ""


def _told(
    norm: ProtectiveNorm,
    single: Mapping[str, str],
    doubted: Mapping[str, str],
    asked: Sequence[MissingFact],
) -> dict[str, Any]:
    """Say what a norm lacks, and whether it is near; *single* are the grounds with one element open, and what
    that says of a person; *doubted* says what of a ground is denied against evidence.

    Where more are open, a fact that meets all of them is one way of many. A norm is *unraised* if it hangs on
    who the person is, as on being a child, and nothing given speaks of that.
    """
    enough = [fact for fact in asked if norm.iri in fact.opens]
    needed = [fact for fact in asked if norm.iri in fact.need]
    unraised = any(fact.is_unraised for fact in needed) or (
        bool(enough) and all(fact.is_unraised for fact in enough)
    )
    sure = bool(enough) and all(norm.iri in fact.secures for fact in enough)
    told = {"near": bool(enough), "sure": sure, "is_unraised": unraised}
    if not norm.grounds:
        return {**told, "lacks": norm.conditions[0] if norm.conditions else MORE}
    doubts = [doubted[iri] for iri in norm.grounds if doubted.get(iri)]
    if doubts and not enough:
        # what is least: nothing but what is denied
        least = min(doubts, key=lambda text: (not text.endswith(DENIED), text))
        return {**told, "near": least.endswith(DENIED), "lacks": least}
    if len(enough) > _NAMED:
        said = {single[iri] for iri in norm.grounds if iri in single}
        one = f"the person {min(said)}" if len(said) == 1 and said != {""} else ""
        return {**told, "lacks": one or f"one of {len(enough)} facts asked for here is given"}
    words = joined([fact.words for fact in enough or needed], word="or" if enough else "and")
    others = f", or {MORE}" if enough and not single.keys() & set(norm.grounds) else ""
    return {**told, "lacks": f"the person {words}{others}" if words else MORE}
